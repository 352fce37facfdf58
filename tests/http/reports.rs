//! What really happened in a lesson: who may know it, who is named, and what was sealed.

use crate::support::members::{ADMINISTRATOR, COMMITTEE, Member, TRAINEE, TRAINER};
use crate::support::{Lesson, Schools, Server};
use crate::{Answer, ask};
use qism::attendance::ledger::verify;
use qism::ids::{EventSeq, ParticipantId};
use qism::protocol::{ErrorCode, LeaveReason, LoggedEvent, ParticipantKind, Phase, Role, RoomEvent, SessionCard};
use qism::store::Reach;
use qism::time::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;

const JSON: (&str, &str) = ("content-type", "application/json");
const MINUTE_US: i64 = 60_000_000;

/// The first school's lesson: a trainer, a trainee who was there, one who was not, and a guest.
pub struct Class {
    pub server: Server,
    pub schools: Schools,
    pub trainer: Member,
    pub trainee: Member,
    pub absent: Member,
    pub administrator: Member,
    /// When the lesson was to begin.
    pub starts_at: i64,
}

pub async fn class() -> Class {
    let (server, schools) = Server::start().await;
    let of = schools.first.institution;
    let trainee = server.member(of, TRAINEE).await;
    let absent = server.member(of, TRAINEE).await;
    let trainer = server.member(of, TRAINER).await;
    server.enrol(trainee).await;
    server.enrol(absent).await;
    server.entrust(trainer).await;
    let administrator = server.member(of, ADMINISTRATOR).await;
    let record = server.store.lesson(schools.first.id).await.expect("a store").expect("a lesson");
    let starts_at = record.card.starts_at.micros();
    Class { server, schools, trainer, trainee, absent, administrator, starts_at }
}

impl Class {
    pub fn lesson(&self) -> &Lesson {
        &self.schools.first
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/institutions/{}/lessons/{}/{rest}", self.lesson().institution, self.lesson().id)
    }

    pub async fn ask(&self, who: Member, method: &str, rest: &str, body: &str) -> Answer {
        let cookie = self.server.cookie(who).await;
        ask(&self.server.router, method, &self.path(rest), &[JSON, ("cookie", &cookie)], body).await
    }

    pub async fn report(&self, who: Member) -> Value {
        let answer = self.ask(who, "GET", "report", "").await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        answer.json()
    }

    async fn participant(&self, who: Member) -> ParticipantId {
        let cookie = self.server.cookie(who).await;
        let path = format!("/api/lessons/{}/join", self.lesson().id);
        let answer = ask(&self.server.router, "POST", &path, &[JSON, ("cookie", &cookie)], "").await;
        answer.json::<SessionCard>().participant
    }

    /// Appends to the log what happened so many minutes after the planned start.
    async fn happens(&self, from: u64, events: Vec<(i64, RoomEvent)>, phase: Phase) {
        let log: Vec<LoggedEvent> = (from..)
            .zip(events)
            .map(|(seq, (minute, event))| {
                let at = Timestamp(self.starts_at + minute * MINUTE_US);
                LoggedEvent { seq: EventSeq(seq), at, event }
            })
            .collect();
        let of = self.server.store.of(self.lesson().institution);
        of.append_events(self.lesson().id, &log, phase).await.expect("a log");
    }

    /// The lesson is given: from two minutes after its planned start for forty minutes, with the trainee there for thirty,
    /// five of which the page was hidden.
    pub async fn given(&self) {
        let (trainer, trainee) = (self.participant(self.trainer).await, self.participant(self.trainee).await);
        let guest = self.server.visitor(self.lesson(), Role::Trainee, "=cmd|' /C calc'!A0").await.participant;
        let joined = |participant, name: &str, role| RoomEvent::Joined {
            participant,
            name: name.into(),
            role,
            kind: ParticipantKind::Person,
        };
        let at = |minute: i64| Timestamp(self.starts_at + minute * MINUTE_US);
        let left = |participant, minute| RoomEvent::Left { participant, reason: LeaveReason::Left, since: at(minute) };
        let events = vec![
            (1, joined(trainer, "Salma", Role::Trainer)),
            (2, RoomEvent::LessonStarted {}),
            (5, joined(trainee, "Salma", Role::Trainee)),
            (6, joined(guest, "=cmd|' /C calc'!A0", Role::Trainee)),
            (7, RoomEvent::Said { participant: trainee, text: "un mot entre nous".into() }),
            (10, RoomEvent::PageHidden { participant: trainee, since: at(10) }),
            (15, RoomEvent::PageShown { participant: trainee }),
            (35, left(trainee, 35)),
            (42, RoomEvent::LessonEnded {}),
            (42, left(trainer, 42)),
            (42, left(guest, 42)),
        ];
        self.happens(1, events, Phase::Ended { since: at(42) }).await;
        self.server.rooms.settle_ended().await.expect("settled");
    }

    /// Somebody of an institution that reaches the first school's.
    pub async fn above(&self, reach: Reach, roles: qism::store::Roles) -> Member {
        let above = self.server.institution(self.lesson().region, reach).await;
        self.server.member(above, roles).await
    }

    pub async fn looks(&self) -> usize {
        let entries = self.server.store.of(self.lesson().institution).audit_before(None, 200).await.expect("a log");
        entries.iter().filter(|entry| entry.action == "attendance.look").count()
    }
}

pub fn person(report: &Value, who: Member) -> &Value {
    let people = report["people"].as_array().expect("people");
    people.iter().find(|one| one["person"] == who.person.to_string()).expect("they are listed")
}

#[tokio::test]
async fn a_report_says_to_the_second_who_was_there() {
    let class = class().await;
    class.given().await;
    let report = class.report(class.administrator).await;
    assert_eq!(
        (&report["named"], &report["expected"], &report["away_counts"]),
        (&json!(true), &json!(2), &json!(true))
    );
    assert_eq!(report["given_us"], 40 * MINUTE_US);
    assert_eq!(report["late_us"], 2 * MINUTE_US);
    assert_eq!(report["lesson"]["started_at"], class.starts_at + 2 * MINUTE_US);
    assert_eq!(report["lesson"]["ended_at"], class.starts_at + 42 * MINUTE_US);
    assert_eq!(report["people"].as_array().expect("people").len(), 4);
    let trainee = person(&report, class.trainee);
    assert_eq!(trainee["present_us"], 25 * MINUTE_US);
    assert_eq!(trainee["away_us"], 5 * MINUTE_US);
    assert_eq!(trainee["counted_us"], 30 * MINUTE_US);
    assert_eq!((&trainee["rate_percent"], &report["rate_percent"]), (&json!(50.0), &json!(25.0)));
    assert_eq!(
        (&trainee["name"], &trainee["role"], &trainee["devices"]),
        (&json!("Salma Ouchen"), &json!("trainee"), &json!(1))
    );
    let kinds: Vec<&str> =
        trainee["spells"].as_array().expect("spells").iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds, ["present", "away", "present"]);
    let absent = person(&report, class.absent);
    assert_eq!((&absent["expected"], &absent["spells"], &absent["first_at"]), (&json!(true), &json!([]), &json!(null)));
    assert_eq!(report["people"][0]["role"], "trainer");
    let guest = report["people"].as_array().expect("people").iter().find(|one| one["person"].is_null());
    assert_eq!(guest.expect("the guest")["present_us"], 36 * MINUTE_US);
    assert_eq!(report["seal"]["events"], 11);
    assert_eq!(report["seal"]["corrections"], 0);
}

#[tokio::test]
async fn a_lesson_on_air_has_a_report_so_far_and_no_seal() {
    let class = class().await;
    let trainee = class.participant(class.trainee).await;
    let joined = RoomEvent::Joined {
        participant: trainee,
        name: "Salma".into(),
        role: Role::Trainee,
        kind: ParticipantKind::Person,
    };
    let live = Phase::Live { since: Timestamp(class.starts_at) };
    class.happens(1, vec![(0, RoomEvent::LessonStarted {}), (0, joined)], live).await;
    class.server.clock.advance(Duration::from_secs(600));
    let report = class.report(class.administrator).await;
    assert_eq!(
        (&report["seal"], &report["lesson"]["phase"], &report["lesson"]["ended_at"]),
        (&json!(null), &json!("live"), &json!(null))
    );
    let present = person(&report, class.trainee)["present_us"].as_i64().expect("a time");
    assert!((10 * MINUTE_US..11 * MINUTE_US).contains(&present), "{present}");
    for rest in ["ledger", "ledger/check"] {
        let answer = class.ask(class.administrator, "GET", rest, "").await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (409, ErrorCode::NotSealed), "{rest}");
    }
}

#[tokio::test]
async fn names_are_for_those_who_may_see_them() {
    let class = class().await;
    class.given().await;
    let committee = class.server.member(class.lesson().institution, COMMITTEE).await;
    for who in [class.administrator, committee, class.trainer] {
        let before = class.looks().await;
        let report = class.report(who).await;
        assert_eq!(report["named"], true);
        assert_eq!(person(&report, class.trainee)["name"], "Salma Ouchen");
        assert_eq!(class.looks().await, before + 1, "each look is noted");
    }
    let above = [class.above(Reach::Region, ADMINISTRATOR).await, class.above(Reach::Ministry, COMMITTEE).await];
    for who in above {
        let before = class.looks().await;
        let answer = class.ask(who, "GET", "report", "").await;
        let report: Value = answer.json();
        assert_eq!((&report["named"], &report["lesson"]["trainer"]["name"]), (&json!(false), &json!(null)));
        for one in report["people"].as_array().expect("people") {
            assert_eq!((&one["name"], &one["person"]), (&json!(null), &json!(null)));
        }
        for hidden in ["Salma", "cmd", &class.trainee.person.to_string(), &class.trainer.person.to_string()] {
            assert!(!answer.text().contains(hidden), "{hidden}");
        }
        let csv = class.ask(who, "GET", "attendance.csv?language=fr", "").await;
        assert!(!csv.text().contains("Salma") && csv.text().contains("stagiaire"), "{}", csv.text());
        assert_eq!(class.looks().await, before + 1, "an export is noted, a report without names is not");
        class.sees_names(who).await;
        assert_eq!(person(&class.report(who).await, class.trainee)["name"], "Salma Ouchen");
    }
}

impl Class {
    /// An administrator of the ministry has them see names; one of their own institution may not.
    pub async fn sees_names(&self, who: Member) {
        let path = format!("/api/institutions/{}/people/{}", who.institution, who.person);
        let own = self.server.member(who.institution, ADMINISTRATOR).await;
        let ministry = self.server.institution(self.lesson().region, Reach::Ministry).await;
        let ministry = self.server.member(ministry, ADMINISTRATOR).await;
        let wish = async |by: Member| {
            let cookie = self.server.cookie(by).await;
            let headers = [JSON, ("cookie", cookie.as_str()), ("if-match", "\"1\"")];
            ask(&self.server.router, "PATCH", &path, &headers, r#"{"sees_names":true}"#).await
        };
        if self.server.state.store.standing_of(who.institution).await.expect("a store").expect("it").1
            != Reach::Ministry
        {
            assert_eq!(wish(own).await.status.as_u16(), 403);
        }
        let answer = wish(ministry).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        assert_eq!(answer.json::<Value>()["sees_names"], true);
    }
}

#[tokio::test]
async fn another_trainers_lesson_and_another_institutions_are_not_there() {
    let class = class().await;
    class.given().await;
    let colleague = class.server.member(class.lesson().institution, TRAINER).await;
    let stranger = class.server.member(class.schools.second.institution, ADMINISTRATOR).await;
    for rest in ["report", "ledger", "ledger/check", "attendance.csv", "attendance.xlsx", "attendance.pdf"] {
        for who in [colleague, stranger] {
            assert_eq!(class.ask(who, "GET", rest, "").await.status.as_u16(), 404, "{rest}");
        }
        assert_eq!(class.ask(class.trainee, "GET", rest, "").await.status.as_u16(), 403, "{rest}");
        // By way of their own institution, either.
        let cookie = class.server.cookie(stranger).await;
        let path = format!("/api/institutions/{}/lessons/{}/{rest}", stranger.institution, class.lesson().id);
        let answer = ask(&class.server.router, "GET", &path, &[("cookie", &cookie)], "").await;
        assert_eq!(answer.status.as_u16(), 404, "{rest}");
    }
}

#[tokio::test]
async fn a_lesson_is_sealed_once_and_anybody_can_ask_for_its_seal() {
    let class = class().await;
    class.given().await;
    let ledger = class.ask(class.administrator, "GET", "ledger", "").await;
    assert_eq!(ledger.header("content-type"), "application/x-ndjson");
    let verified = verify(&ledger.body, &[]).expect("it verifies");
    for said in ["un mot entre nous", "Salma", "cmd"] {
        assert!(!ledger.text().contains(said), "{said}");
    }
    class.server.rooms.settle_ended().await.expect("nothing to settle");
    let hash = verified.seals[0].hash.to_string();
    let report = class.report(class.administrator).await;
    assert_eq!(report["seal"]["hash"], hash);
    assert_eq!(report["seal"]["key"], verified.seals[0].key.to_string());

    let class = Class { server: class.server.crash_and_restart().await, ..class };
    class.server.rooms.settle_ended().await.expect("nothing to settle");
    assert_eq!(class.ask(class.administrator, "GET", "ledger", "").await.body, ledger.body);
    let check: Value = class.ask(class.administrator, "GET", "ledger/check", "").await.json();
    assert_eq!((&check["intact"], &check["hash"], &check["seals"]), (&json!(true), &json!(hash), &json!(1)));

    let known = ask(&class.server.router, "GET", &format!("/api/ledgers/{}", hash.to_uppercase()), &[], "").await;
    let known: Value = known.json();
    assert_eq!((&known["institution"]["name"], &known["newest"]), (&json!("Institut 1"), &json!(true)));
    for other in ["0".repeat(64), hash[1..].to_owned(), "x".into()] {
        let answer = ask(&class.server.router, "GET", &format!("/api/ledgers/{other}"), &[], "").await;
        assert_eq!(answer.status.as_u16(), 404, "{other}");
    }
}

#[tokio::test]
async fn a_ledger_that_somebody_changed_in_the_database_is_found() {
    let class = class().await;
    class.given().await;
    let of = class.server.store.of(class.lesson().institution);
    let whole = of.ledger(class.lesson().id).await.expect("a store").expect("a ledger");
    let forged = whole.replacen("\"drops\":0", "\"drops\":1", 1);
    assert_ne!(whole, forged);
    class.server.execute("UPDATE ledger SET text = $1 WHERE number = 1", &[&forged]).await;
    let check: Value = class.ask(class.administrator, "GET", "ledger/check", "").await.json();
    assert_eq!((&check["intact"], &check["hash"]), (&json!(false), &json!(null)));
    assert!(check["fault"].as_str().expect("why").contains("results"), "{check}");
    let correction = json!({ "person": class.trainee.person.to_string(), "present_us": 0, "reason": "x" }).to_string();
    let answer = class.ask(class.administrator, "POST", "attendance/corrections", &correction).await;
    assert!(answer.status.is_server_error(), "nothing is sealed on top of it: {}", answer.text());
    assert_eq!(of.ledger(class.lesson().id).await.expect("a store").expect("a ledger"), forged);
}

#[tokio::test]
async fn a_correction_is_added_below_with_its_author_and_counts() {
    let class = class().await;
    class.given().await;
    let before = class.report(class.administrator).await;
    let asked = json!({
        "person": class.absent.person.to_string(), "present_us": 20 * MINUTE_US, "reason": "Présent avec le téléphone d’un voisin",
    });
    let answer = class.ask(class.administrator, "POST", "attendance/corrections", &asked.to_string()).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    let report: Value = answer.json();
    let absent = person(&report, class.absent);
    assert_eq!((&absent["present_us"], &absent["counted_us"]), (&json!(0), &json!(20 * MINUTE_US)));
    assert_eq!(absent["corrected"]["present_us"], 20 * MINUTE_US);
    // Of two who were expected for an hour, one was there for thirty minutes, and one is said to have been for twenty.
    let rate = |of: &Value| of["rate_percent"].as_f64().map(|rate| (rate * 10.0).round() / 10.0);
    assert_eq!((rate(absent), rate(&report)), (Some(33.3), Some(41.7)));
    assert_eq!(
        (&absent["corrected"]["author"], &absent["corrected"]["reason"]),
        (&json!("Salma Ouchen"), &asked["reason"])
    );
    assert_eq!(report["seal"]["corrections"], 1);
    assert_ne!(report["seal"]["hash"], before["seal"]["hash"]);
    let ledger = class.ask(class.administrator, "GET", "ledger", "").await;
    let verified = verify(&ledger.body, &[]).expect("it verifies");
    assert_eq!(verified.corrections[0].author, class.administrator.person);
    assert_eq!(verified.seals[0].key, verified.seals[1].key, "one key seals for the institution");
    let old: Value = ask(
        &class.server.router,
        "GET",
        &format!("/api/ledgers/{}", before["seal"]["hash"].as_str().expect("a hash")),
        &[],
        "",
    )
    .await
    .json();
    assert_eq!(old["newest"], false, "what is on paper is known, and that there is something newer");
    let of = class.server.store.of(class.lesson().institution);
    let entries = of.audit_before(None, 200).await.expect("a log");
    let noted = entries.iter().find(|entry| entry.action == "attendance.correct").expect("noted");
    assert_eq!(noted.detail["person"], class.absent.person.to_string());
    let own = class.server.cookie(class.absent).await;
    let own: Value = ask(&class.server.router, "GET", "/api/me/attendance", &[("cookie", &own)], "").await.json();
    assert_eq!(own["lessons"][0]["present_s"], 20 * 60, "{own}");
    // From above, that something was put right is seen; not who did it and why.
    let ministry = class.above(Reach::Ministry, COMMITTEE).await;
    let text = class.ask(ministry, "GET", "report", "").await.text();
    assert!(text.contains("\"corrected\":{\"present_us\"") && !text.contains("voisin"), "{text}");
}

#[tokio::test]
async fn a_correction_that_cannot_be_is_told_field_by_field() {
    let class = class().await;
    let good = json!({ "person": class.trainee.person.to_string(), "present_us": 0, "reason": "x" }).to_string();
    let early = class.ask(class.administrator, "POST", "attendance/corrections", &good).await;
    assert_eq!((early.status.as_u16(), early.problem()), (409, ErrorCode::NotSealed));
    class.given().await;
    let colleague = class.server.member(class.lesson().institution, TRAINEE).await;
    let bad = json!({ "person": colleague.person.to_string(), "present_us": 99 * 60 * MINUTE_US, "reason": " " });
    let answer = class.ask(class.administrator, "POST", "attendance/corrections", &bad.to_string()).await;
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
    let problem: Value = answer.json();
    let faults: Vec<(&str, &str)> = problem["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .filter_map(|fault| Some((fault["field"].as_str()?, fault["code"].as_str()?)))
        .collect();
    assert_eq!(faults, [("person", "unknown_person"), ("present_us", "out_of_range"), ("reason", "empty")]);
    let above = class.above(Reach::Ministry, ADMINISTRATOR).await;
    for who in [above, class.trainer] {
        let answer = class.ask(who, "POST", "attendance/corrections", &good).await;
        assert_eq!(answer.status.as_u16(), 403, "{}", answer.text());
    }
    // Sent again with the same key, it is done once.
    let cookie = class.server.cookie(class.administrator).await;
    let headers = [JSON, ("cookie", cookie.as_str()), ("idempotency-key", "once")];
    for _ in 0..2 {
        let answer = ask(&class.server.router, "POST", &class.path("attendance/corrections"), &headers, &good).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    }
    assert_eq!(class.report(class.administrator).await["seal"]["corrections"], 1);
}

#[tokio::test]
async fn exports_are_files_in_the_language_that_is_asked_for() {
    let class = class().await;
    class.given().await;
    let csv = class.ask(class.administrator, "GET", "attendance.csv?language=ar", "").await;
    assert!(csv.text().starts_with("\u{FEFF}الرقم;الاسم;"), "{}", csv.text());
    assert!(csv.text().contains("'=cmd"), "no formula: {}", csv.text());
    assert!(csv.header("content-disposition").starts_with("attachment; filename=\"attendance-"));
    let english = class.ask(class.administrator, "GET", "attendance.csv?language=en", "").await;
    assert!(english.text().contains(",0:30:00,"), "{}", english.text());
    let xlsx = class.ask(class.administrator, "GET", "attendance.xlsx?language=ar", "").await;
    assert!(xlsx.body.starts_with(b"PK"), "{}", xlsx.status);
    let pdf = class.ask(class.administrator, "GET", "attendance.pdf?language=ar", "").await;
    match pdf.status.as_u16() {
        200 => assert!(pdf.body.starts_with(b"%PDF-")),
        // A build without the web client says so.
        406 => assert_eq!(pdf.problem(), ErrorCode::FontMissing),
        other => panic!("{other}: {}", pdf.text()),
    }
    let wrong = class.ask(class.administrator, "GET", "attendance.csv?language=de", "").await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(class.looks().await >= 4);
}
