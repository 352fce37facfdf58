//! A person's own day: what they see, how they come in, guest links, their calendar.

use crate::support::members::{ADMINISTRATOR, COMMITTEE, Member, TRAINEE, TRAINER};
use crate::support::{Lesson, Schools, Server};
use crate::{Answer, ask};
use qism::protocol::{ErrorCode, InvitationCard, Role, SessionCard, Ticket};
use qism::store::Reach;
use serde_json::Value;
use std::time::Duration;

const JSON: (&str, &str) = ("content-type", "application/json");

/// Somebody who signed in.
struct Browser<'a> {
    server: &'a Server,
    cookie: String,
}

impl<'a> Browser<'a> {
    async fn of(server: &'a Server, member: Member) -> Self {
        Self { server, cookie: server.cookie(member).await }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        ask(&self.server.router, method, path, &[JSON, ("cookie", &self.cookie)], body).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, "").await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text());
        answer.json()
    }

    async fn join(&self, lesson: &Lesson) -> Answer {
        self.ask("POST", &format!("/api/lessons/{}/join", lesson.id), "").await
    }

    async fn ticket(&self, card: &SessionCard) -> Answer {
        let path = format!("/api/lessons/{}/participants/{}/tickets", card.lesson.id, card.participant);
        self.ask("POST", &path, "").await
    }
}

fn refused(answer: &Answer) -> (u16, ErrorCode) {
    (answer.status.as_u16(), answer.problem())
}

/// A trainee and the trainer of the first school's lesson.
async fn class(server: &Server, schools: &Schools) -> (Member, Member) {
    let trainee = server.member(schools.first.institution, TRAINEE).await;
    server.enrol(trainee).await;
    let trainer = server.member(schools.first.institution, TRAINER).await;
    server.entrust(trainer).await;
    (trainee, trainer)
}

#[tokio::test]
async fn today_shows_the_lesson_to_go_to_and_to_nobody_elses_class() {
    let (server, schools) = Server::start().await;
    let (trainee, trainer) = class(&server, &schools).await;
    let (trainee, trainer) = (Browser::of(&server, trainee).await, Browser::of(&server, trainer).await);
    let lesson = schools.first.id.to_string();
    let today = trainee.get("/api/me/today").await;
    assert_eq!((&today["next"]["id"], &today["next"]["part"]), (&lesson.clone().into(), &"trainee".into()));
    assert_eq!(today["lessons"][0]["id"], lesson.as_str());
    assert_eq!(today["time_zone"], "Africa/Casablanca");
    assert_eq!(today["data"]["bytes"], 0);
    assert_eq!(today["attendance"]["planned_minutes"], 0);
    assert_eq!(today["institution"], Value::Null);
    let his = trainer.get("/api/me/today").await;
    assert_eq!((&his["next"]["part"], &his["attendance"]), (&"trainer".into(), &Value::Null));
    let yesterday = trainee.get("/api/me/today?day=2026-01-05").await;
    assert_eq!((&yesterday["lessons"], &yesterday["next"]["id"]), (&serde_json::json!([]), &lesson.clone().into()));

    let administrator = server.member(schools.first.institution, ADMINISTRATOR).await;
    let administrator = Browser::of(&server, administrator).await.get("/api/me/today").await;
    assert_eq!(administrator["next"], Value::Null);
    assert_eq!(
        (&administrator["institution"]["total"], &administrator["institution"]["lessons"][0]["part"]),
        (&1.into(), &"onlooker".into())
    );

    let stranger = server.member(schools.second.institution, TRAINEE).await;
    let stranger = Browser::of(&server, stranger).await.get("/api/me/today").await;
    assert_eq!((&stranger["next"], &stranger["lessons"]), (&Value::Null, &serde_json::json!([])));
}

#[tokio::test]
async fn days_that_are_none_are_refused_by_field() {
    let (server, schools) = Server::start().await;
    let (trainee, _) = class(&server, &schools).await;
    let trainee = Browser::of(&server, trainee).await;
    let day = today_of(&trainee).await;
    let timetable = trainee.get(&format!("/api/me/timetable?from={day}&to={day}")).await;
    assert_eq!(timetable["lessons"].as_array().expect("a list").len(), 1);
    for (path, field) in [
        ("/api/me/today?day=tomorrow", "day"),
        ("/api/me/today?day=2026-02-30", "day"),
        ("/api/me/timetable?from=2026-11-02&to=2026-11-01", "to"),
        ("/api/me/timetable?from=2026-11-01&to=2026-12-13", "to"),
        ("/api/me/timetable?from=99999-11-01&to=2026-12-13", "from"),
        ("/api/me/attendance?month=2026-13", "month"),
    ] {
        let answer = trainee.ask("GET", path, "").await;
        assert_eq!(refused(&answer), (422, ErrorCode::FieldsInvalid), "{path}");
        assert_eq!(answer.json::<Value>()["fields"][0]["field"], field, "{path}");
    }
    for path in ["/api/me/timetable", "/api/me/today?dya=2026-11-01"] {
        assert_eq!(refused(&trainee.ask("GET", path, "").await), (400, ErrorCode::BadRequest), "{path}");
    }
}

async fn today_of(browser: &Browser<'_>) -> String {
    browser.get("/api/me/today").await["day"].as_str().expect("a day").to_owned()
}

#[tokio::test]
async fn who_has_a_part_in_a_lesson_enters_it_from_their_account() {
    let (server, schools) = Server::start().await;
    let (trainee, trainer) = class(&server, &schools).await;
    let trainee = Browser::of(&server, trainee).await;
    let card: SessionCard = trainee.join(&schools.first).await.json();
    assert_eq!((card.role, card.name.as_str()), (Role::Trainee, "Salma Ouchen"));
    let again: SessionCard = trainee.join(&schools.first).await.json();
    assert_eq!(again.participant, card.participant, "one place in one browser");
    let ticket: Ticket = trainee.ticket(&card).await.json();
    let admission = server.auth.redeem_ticket(&ticket.ticket).await.expect("admitted");
    assert_eq!((admission.participant, admission.role), (card.participant, Role::Trainee));
    let trainer: SessionCard = Browser::of(&server, trainer).await.join(&schools.first).await.json();
    assert_eq!(trainer.role, Role::Trainer);

    let ministry = server.institution(schools.second.region, Reach::Ministry).await;
    for (institution, roles, expected) in [
        (schools.first.institution, COMMITTEE, Some(Role::Committee)),
        (schools.first.institution, ADMINISTRATOR, Some(Role::Committee)),
        (ministry, COMMITTEE, Some(Role::Committee)),
        (ministry, TRAINER, None),
        (schools.first.institution, TRAINEE, None),
        (schools.second.institution, ADMINISTRATOR, None),
    ] {
        let browser = Browser::of(&server, server.member(institution, roles).await).await;
        let answer = browser.join(&schools.first).await;
        match expected {
            Some(role) => assert_eq!(answer.json::<SessionCard>().role, role, "{}", answer.text()),
            None => assert_eq!(refused(&answer), (404, ErrorCode::LessonUnknown)),
        }
    }
    let entries = server.store.of(schools.first.institution).audit_before(None, 100).await.expect("the log");
    let noted = entries.iter().filter(|entry| entry.action == "lesson.observe");
    assert_eq!(
        noted.map(|entry| entry.subject.clone()).collect::<Vec<_>>(),
        vec![Some(schools.first.id.to_string()); 3]
    );
}

#[tokio::test]
async fn a_part_that_is_lost_opens_nothing_from_then_on() {
    let (server, schools) = Server::start().await;
    let (member, trainer) = class(&server, &schools).await;
    let trainee = Browser::of(&server, member).await;
    let trainer = Browser::of(&server, trainer).await;
    let card: SessionCard = trainee.join(&schools.first).await.json();
    let his: SessionCard = trainer.join(&schools.first).await.json();
    let waiting: Ticket = trainee.ticket(&card).await.json();
    server.execute("DELETE FROM group_member", &[]).await;
    assert_eq!(refused(&trainee.ticket(&card).await), (404, ErrorCode::LessonUnknown));
    let refusal = server.auth.redeem_ticket(&waiting.ticket).await.expect_err("refused");
    assert_eq!(refusal.code, ErrorCode::LessonUnknown);
    assert_eq!(trainer.ticket(&his).await.status.as_u16(), 200);

    server.enrol(member).await;
    assert_eq!(trainee.ticket(&card).await.status.as_u16(), 200);
    let substitute = server.member(schools.first.institution, TRAINER).await;
    server.entrust(substitute).await;
    assert_eq!(refused(&trainer.ticket(&his).await), (404, ErrorCode::LessonUnknown));

    server.execute("UPDATE lesson SET cancelled_at = 1", &[]).await;
    assert_eq!(refused(&trainee.ticket(&card).await), (409, ErrorCode::LessonCancelled));
    assert_eq!(refused(&trainee.join(&schools.first).await), (409, ErrorCode::LessonCancelled));
    server.execute("UPDATE lesson SET cancelled_at = NULL", &[]).await;
    server.execute("UPDATE person SET disabled_at = 1", &[]).await;
    assert_eq!(refused(&trainee.ticket(&card).await), (404, ErrorCode::LessonUnknown));
}

#[tokio::test]
async fn who_was_removed_does_not_come_back_with_another_browser() {
    let (server, schools) = Server::start().await;
    let (member, _) = class(&server, &schools).await;
    let card: SessionCard = Browser::of(&server, member).await.join(&schools.first).await.json();
    server.store.of(schools.first.institution).bar_place(card.participant, server.now()).await.expect("barred");
    let other = Browser::of(&server, member).await;
    assert_eq!(refused(&other.join(&schools.first).await), (403, ErrorCode::Removed));
}

#[tokio::test]
async fn a_signed_in_browser_still_takes_a_guests_link() {
    let (server, schools) = Server::start().await;
    let (member, _) = class(&server, &schools).await;
    let trainee = Browser::of(&server, member).await;
    let body = format!(r#"{{"invitation":"{}","name":"Guest"}}"#, schools.second.trainee);
    let answer = trainee.ask("POST", "/api/sessions", &body).await;
    assert_eq!(answer.header("set-cookie"), "", "the session holds");
    let guest: SessionCard = answer.json();
    let own: SessionCard = trainee.join(&schools.first).await.json();
    server.execute("UPDATE person SET disabled_at = 1", &[]).await;
    assert_eq!(trainee.ticket(&guest).await.status.as_u16(), 200, "a link is good without an account");
    assert_eq!(trainee.ticket(&own).await.status.as_u16(), 404);
}

#[tokio::test]
async fn an_improvised_lesson_is_there_at_once_and_says_what_it_meets() {
    let (server, schools) = Server::start().await;
    let (trainee, trainer) = class(&server, &schools).await;
    let trainee = Browser::of(&server, trainee).await;
    let trainer = Browser::of(&server, trainer).await;
    let groups = trainer.get("/api/me/groups").await;
    let group = groups["items"][0]["id"].as_str().expect("a group").to_owned();
    let body = |group: &str, title: &str| serde_json::json!({ "group": group, "title": title }).to_string();
    let answer = trainer.ask("POST", "/api/me/lessons", &body(&group, "مراجعة قبل الامتحان")).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    let made: Value = answer.json();
    assert_eq!(made["conflicts"][0]["lesson"], schools.first.id.to_string());
    let id = made["id"].as_str().expect("an id");
    let card: SessionCard = trainer.ask("POST", &format!("/api/lessons/{id}/join"), "").await.json();
    assert_eq!((card.role, card.lesson.title.as_str()), (Role::Trainer, "مراجعة قبل الامتحان"));
    assert_eq!(card.lesson.ends_at.since(card.lesson.starts_at), Duration::from_secs(90 * 60));
    let card: SessionCard = trainee.ask("POST", &format!("/api/lessons/{id}/join"), "").await.json();
    assert_eq!(card.role, Role::Trainee);
    let long = "ا".repeat(10_000);
    for (group, title, field) in [
        (group.as_str(), "", "title"),
        (group.as_str(), "x\u{202e}y", "title"),
        (&group, &long, "title"),
        ("x", "Une", "group"),
    ] {
        let answer = trainer.ask("POST", "/api/me/lessons", &body(group, title)).await;
        assert_eq!(refused(&answer), (422, ErrorCode::FieldsInvalid));
        assert_eq!(answer.json::<Value>()["fields"][0]["field"], field);
    }
    let answer = trainee.ask("POST", "/api/me/lessons", &body(&group, "Une")).await;
    assert_eq!(refused(&answer), (422, ErrorCode::FieldsInvalid), "not a trainee's to give");
}

#[tokio::test]
async fn a_guest_link_opens_one_lesson_until_it_is_revoked() {
    let (server, schools) = Server::start().await;
    let (_, trainer) = class(&server, &schools).await;
    let colleague = Browser::of(&server, server.member(schools.first.institution, TRAINER).await).await;
    let trainer = Browser::of(&server, trainer).await;
    let path = format!("/api/institutions/{}/lessons/{}/guest-links", schools.first.institution, schools.first.id);
    let answer = trainer.ask("POST", &path, r#"{"name":"Karim Ouali","role":"trainer"}"#).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    let made: Value = answer.json();
    let secret = made["url"].as_str().and_then(|url| url.strip_prefix("/join#")).expect("a link").to_owned();
    let open = format!(r#"{{"invitation":"{secret}"}}"#);
    let card: InvitationCard = ask(&server.router, "POST", "/api/invitations/open", &[JSON], &open).await.json();
    assert_eq!((card.role, card.name.as_deref(), card.asks_name), (Role::Trainer, Some("Karim Ouali"), false));
    let listed = trainer.get(&path).await;
    let listed = listed["items"].as_array().expect("a list");
    assert!(listed.iter().any(|link| link["id"] == made["id"] && link["used"] == 0));
    assert!(!format!("{listed:?}").contains(&secret), "told once");

    assert_eq!(refused(&colleague.ask("GET", &path, "").await), (404, ErrorCode::NotFound), "another's lesson");
    let other = format!("/api/institutions/{}/lessons/{}/guest-links", schools.first.institution, schools.second.id);
    assert_eq!(refused(&trainer.ask("POST", &other, r#"{"role":"trainee"}"#).await), (404, ErrorCode::NotFound));
    for (body, field) in [
        (r#"{"role":"committee"}"#, "role"),
        (r#"{"role":"trainee","expires_at":1}"#, "expires_at"),
        (r#"{"role":"trainee","expires_at":9000000000000000}"#, "expires_at"),
        (r#"{"role":"trainee","name":"\u202eevil"}"#, "name"),
    ] {
        let answer = trainer.ask("POST", &path, body).await;
        assert_eq!(refused(&answer), (422, ErrorCode::FieldsInvalid), "{body}");
        assert_eq!(answer.json::<Value>()["fields"][0]["field"], field);
    }
    let one = format!("{path}/{}", made["id"].as_str().expect("an id"));
    assert_eq!(refused(&colleague.ask("DELETE", &one, "").await), (404, ErrorCode::NotFound));
    assert_eq!(trainer.ask("DELETE", &one, "").await.status.as_u16(), 204);
    let answer = ask(&server.router, "POST", "/api/invitations/open", &[JSON], &open).await;
    assert_eq!(refused(&answer), (404, ErrorCode::InvitationInvalid));
}

#[tokio::test]
async fn a_calendar_feed_is_read_by_its_address_alone_and_counted_without_it() {
    let (server, schools) = Server::start().await;
    let (member, _) = class(&server, &schools).await;
    let trainee = Browser::of(&server, member).await;
    assert_eq!(trainee.get("/api/me/calendar-feed").await["since"], Value::Null);
    let make = async || {
        let answer = trainee.ask("POST", "/api/me/calendar-feed", "").await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        answer.json::<Value>()["url"].as_str().expect("an address").to_owned()
    };
    let first = make().await;
    let url = make().await;
    assert!(url.starts_with("/calendar/") && url.ends_with(".ics"), "{url}");
    assert!(trainee.get("/api/me/calendar-feed").await["since"].is_i64());
    assert_eq!(refused(&ask(&server.router, "GET", &first, &[], "").await), (404, ErrorCode::NotFound), "replaced");
    let answer = ask(&server.router, "GET", &url, &[], "").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    let text = answer.text();
    assert!(text.contains("SUMMARY:Soudure: Le cordon\r\n") && text.contains("STATUS:CONFIRMED\r\n"), "{text}");
    assert!(text.contains(&format!("UID:{}@qism\r\n", schools.first.id)), "{text}");
    let tag = answer.header("etag").to_owned();
    let same = ask(&server.router, "GET", &url, &[("if-none-match", &tag)], "").await;
    assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
    server.execute("UPDATE lesson SET cancelled_at = 1, version = version + 1", &[]).await;
    let changed = ask(&server.router, "GET", &url, &[("if-none-match", &tag)], "").await;
    assert!(changed.text().contains("STATUS:CANCELLED\r\n") && changed.text().contains("SEQUENCE:1\r\n"));
    let metrics = server.insight.render(qism::insight::Format::OpenMetrics);
    assert!(metrics.contains("/calendar/{secret}"), "counted by its pattern");
    assert!(!metrics.contains(url.trim_start_matches("/calendar/").trim_end_matches(".ics")));
    assert_eq!(trainee.ask("DELETE", "/api/me/calendar-feed", "").await.status.as_u16(), 204);
    assert_eq!(ask(&server.router, "GET", &url, &[], "").await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_limit_on_data_is_kept_until_it_is_taken_back() {
    let (server, schools) = Server::start().await;
    let (member, _) = class(&server, &schools).await;
    let trainee = Browser::of(&server, member).await;
    let limit = async || trainee.get("/api/me/today").await["data"]["limit"].clone();
    for (body, status, expected) in [
        (r#"{"data_limit":1000000000}"#, 204, serde_json::json!(1_000_000_000_u64)),
        ("{}", 400, serde_json::json!(1_000_000_000_u64)),
        (r#"{"data_limit":null}"#, 204, Value::Null),
    ] {
        let answer = trainee.ask("PUT", "/api/me/data-limit", body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert_eq!(limit().await, expected);
    }
    let answer = trainee.ask("PUT", "/api/me/data-limit", r#"{"data_limit":12}"#).await;
    assert_eq!(refused(&answer), (422, ErrorCode::FieldsInvalid));
}
