//! The timetable over HTTP: what is planned, changed, called off, and refused.

use crate::support::members::{self, Member};
use crate::support::{Schools, Server};
use crate::{Answer, ask};
use qism::ids::{GroupId, InstitutionId, PersonId};
use qism::protocol::ErrorCode;
use qism::store::{Course, Group};
use serde_json::{Value, json};
use uuid::Uuid;

/// An institution with a group, a trainer, and an administrator who asks.
struct Desk {
    server: Server,
    institution: InstitutionId,
    cookie: String,
    group: GroupId,
    trainer: PersonId,
    colleague: PersonId,
    elsewhere: Member,
}

impl Desk {
    async fn new() -> Self {
        let (server, Schools { first, second, .. }) = Server::start().await;
        let administrator = server.member(first.institution, members::ADMINISTRATOR).await;
        let trainer = server.member(first.institution, members::TRAINER).await.person;
        let colleague = server.member(first.institution, members::TRAINER).await.person;
        let elsewhere = server.member(second.institution, members::TRAINER).await;
        let of = server.store.of(first.institution);
        let id = Uuid::from_u128(0x70);
        let course = Course { id: qism::ids::CourseId(id), title: "Soudage".into(), language: "fr".into() };
        let group = Group { id: GroupId(id), course: course.id, name: "G1".into() };
        of.create_course(&course).await.expect("a course");
        of.create_group(&group).await.expect("a group");
        let cookie = server.cookie(administrator).await;
        Self { server, institution: first.institution, cookie, group: group.id, trainer, colleague, elsewhere }
    }

    async fn ask(&self, method: &str, path: &str, version: Option<i64>, body: Value) -> Answer {
        let path = format!("/api/institutions/{}{path}", self.institution);
        let if_match = version.map(|version| format!("\"{version}\"")).unwrap_or_default();
        let mut headers = vec![("cookie", self.cookie.as_str()), ("content-type", "application/json")];
        if version.is_some() {
            headers.push(("if-match", &if_match));
        }
        ask(&self.server.router, method, &path, &headers, &body.to_string()).await
    }

    fn wanted(&self, starts: &str) -> Value {
        json!({ "group": self.group.to_string(), "trainer": self.trainer.to_string(), "title": "Arc",
                "starts": starts, "minutes": 120 })
    }

    async fn plan(&self, body: Value) -> Value {
        let answer = self.ask("POST", "/lessons", None, body).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        answer.json()
    }

    async fn listed(&self, from: &str, to: &str) -> Vec<Value> {
        let answer = self.ask("GET", &format!("/lessons?from={from}&to={to}"), None, json!({})).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        answer.json::<Value>()["items"].as_array().expect("a list").clone()
    }
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

fn id_of(planned: &Value) -> String {
    planned["lesson"]["id"].as_str().expect("an id").to_owned()
}

/// The faults of a refusal with 422, as field and code.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!((answer.status.as_u16(), answer.problem()), (422, ErrorCode::FieldsInvalid), "{}", answer.text());
    let problem: Value = answer.json();
    let text = |fault: &Value, part: &str| fault[part].as_str().expect("text").to_owned();
    let faults = problem["fields"].as_array().expect("fields").iter();
    faults.map(|fault| (text(fault, "field"), text(fault, "code"))).collect()
}

#[tokio::test]
async fn a_series_is_planned_but_for_its_holidays() {
    let desk = Desk::new().await;
    let holiday = json!({ "name": "عيد", "first_day": "2027-03-08", "last_day": "2027-03-09", "stops_lessons": true });
    let made = desk.ask("POST", "/periods", None, holiday).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let repeat = json!({ "rule": "FREQ=WEEKLY;UNTIL=20270322", "exceptions": ["2027-03-15T08:30"] });
    let planned = desk.plan(with(desk.wanted("2027-03-01T08:30"), "repeat", repeat)).await;
    assert_eq!((planned["lessons"].clone(), planned["skipped"].clone()), (json!(2), json!(["2027-03-08T08:30"])));
    let starts: Vec<Value> =
        desk.listed("2027-02-20", "2027-04-01").await.iter().map(|lesson| lesson["starts"].clone()).collect();
    assert_eq!(starts, ["2027-03-01T08:30", "2027-03-22T08:30"]);
    let one = desk.ask("GET", &format!("/lessons/{}", id_of(&planned)), None, json!({})).await;
    assert_eq!(one.header("etag"), "\"1\"");
    assert_eq!(one.json::<Value>()["series_card"]["rule"], "FREQ=WEEKLY;UNTIL=20270322");
    let on_it = desk.ask("POST", "/lessons", None, desk.wanted("2027-03-09T10:00")).await;
    assert_eq!(faults(&on_it), [("starts".into(), "on_closed_day".into())]);
}

#[tokio::test]
async fn a_slot_that_is_taken_is_refused_with_what_is_free() {
    let desk = Desk::new().await;
    let first = desk.plan(desk.wanted("2027-03-01T08:30")).await;
    let refused = desk.ask("POST", "/lessons", None, desk.wanted("2027-03-01T10:00")).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, ErrorCode::TimetableConflict));
    let current = refused.json::<Value>()["current"].clone();
    let conflict = &current["conflicts"][0];
    assert_eq!(conflict["lesson"], first["lesson"]["id"]);
    assert_eq!(
        (conflict["who"].clone(), conflict["group"]["name"].clone()),
        (json!(["trainer", "group"]), json!("G1"))
    );
    assert_eq!(current["free"].as_array().map(Vec::len), Some(4));
    let checked = desk.ask("POST", "/lessons/check", None, desk.wanted("2027-03-01T10:30")).await;
    assert_eq!((checked.status.as_u16(), checked.json::<Value>()["conflicts"].clone()), (200, json!([])));
    assert_eq!(desk.listed("2027-03-01", "2027-03-01").await.len(), 1, "a check plans nothing");
}

#[tokio::test]
async fn what_can_not_be_is_said_by_field() {
    let desk = Desk::new().await;
    let fine = || desk.wanted("2027-03-01T08:30");
    let rule = |rule: &str| json!({ "rule": rule });
    let elsewhere = desk.elsewhere.person.to_string();
    let cases = [
        (with(fine(), "minutes", json!(0)), "minutes", "out_of_range"),
        (with(fine(), "minutes", json!(721)), "minutes", "out_of_range"),
        (with(fine(), "starts", json!("2027-02-30T08:30")), "starts", "not_a_wall_time"),
        (with(fine(), "starts", json!("2027-03-01T08:30:00Z")), "starts", "not_a_wall_time"),
        (with(fine(), "starts", json!("9027-03-01T08:30")), "starts", "year_out_of_range"),
        (with(fine(), "time_zone", json!("Africa/Rabat")), "time_zone", "zone_unknown"),
        (with(fine(), "repeat", rule("FREQ=WEEKLY")), "repeat.rule", "rule_without_end"),
        (with(fine(), "repeat", rule("FREQ=DAILY;COUNT=5000")), "repeat.rule", "rule_too_many_dates"),
        (with(fine(), "trainer", json!(elsewhere)), "trainer", "unknown"),
        (with(fine(), "group", json!(Uuid::from_u128(1).to_string())), "group", "unknown"),
        (with(fine(), "venue", json!("not an id")), "venue", "unknown"),
        (with(fine(), "trainer", json!("")), "trainer", "missing"),
        (with(fine(), "title", json!("x".repeat(10_000))), "title", "too_long"),
    ];
    for (body, field, code) in cases {
        let answer = desk.ask("POST", "/lessons", None, body.clone()).await;
        assert_eq!(faults(&answer), [(field.to_owned(), code.to_owned())], "{body}");
    }
    let days = desk.ask("GET", "/lessons?from=2027-03-01&to=2027-04-12", None, json!({})).await;
    assert_eq!(faults(&days), [("to".into(), "out_of_range".into())]);
    let days = json!({ "name": "x", "first_day": "2027-03-02", "last_day": "2027-03-01", "stops_lessons": true });
    let answer = desk.ask("POST", "/periods", None, days).await;
    assert_eq!(faults(&answer), [("last_day".into(), "before_first_day".into())]);
}

#[tokio::test]
async fn of_two_edits_of_one_version_the_second_is_told() {
    let desk = Desk::new().await;
    let planned =
        desk.plan(with(desk.wanted("2027-03-01T08:30"), "repeat", json!({ "rule": "FREQ=WEEKLY;COUNT=3" }))).await;
    let path = format!("/lessons/{}", id_of(&planned));
    let edit = json!({ "scope": "all", "starts": "2027-03-02T09:00", "minutes": 90 });
    let changed = desk.ask("PATCH", &path, Some(1), edit.clone()).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""), "{}", changed.text());
    let starts: Vec<Value> =
        desk.listed("2027-03-01", "2027-03-31").await.iter().map(|lesson| lesson["starts"].clone()).collect();
    assert_eq!(starts, ["2027-03-02T09:00", "2027-03-09T09:00", "2027-03-16T09:00"]);
    let stale = desk.ask("PATCH", &path, Some(1), edit.clone()).await;
    assert_eq!((stale.status.as_u16(), stale.problem()), (412, ErrorCode::Stale));
    assert_eq!(stale.json::<Value>()["current"]["lesson"]["starts"], "2027-03-02T09:00");
    let unsaid = desk.ask("PATCH", &path, None, edit).await;
    assert_eq!(unsaid.problem(), ErrorCode::VersionNeeded);
}

#[tokio::test]
async fn a_lesson_is_given_by_somebody_else_called_off_and_put_back() {
    let desk = Desk::new().await;
    let planned = desk.plan(desk.wanted("2027-03-01T08:30")).await;
    let path = format!("/lessons/{}", id_of(&planned));
    let stand_in = json!({ "trainer": desk.colleague.to_string() });
    let replaced = desk.ask("POST", &format!("{path}/substitute"), Some(1), stand_in).await;
    assert_eq!(replaced.status.as_u16(), 200, "{}", replaced.text());
    let lesson = replaced.json::<Value>()["lesson"].clone();
    assert_eq!(lesson["trainer"]["id"], json!(desk.colleague.to_string()));
    assert_eq!(lesson["planned_trainer"]["id"], json!(desk.trainer.to_string()));
    let off = json!({ "scope": "this", "reason": "Panne de courant" });
    let off = desk.ask("POST", &format!("{path}/cancel"), Some(2), off).await;
    assert_eq!(off.json::<Value>()["lesson"]["cancel_reason"], "Panne de courant", "{}", off.text());
    // The slot is free for another.
    desk.plan(desk.wanted("2027-03-01T08:30")).await;
    let back = desk.ask("POST", &format!("{path}/restore"), Some(3), json!({})).await;
    assert_eq!(back.problem(), ErrorCode::TimetableConflict);
    let foreign = format!("/api/institutions/{}{path}", desk.elsewhere.institution);
    let cookie = desk.server.cookie(desk.elsewhere).await;
    let answer = ask(&desk.server.router, "GET", &foreign, &[("cookie", &cookie)], "").await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (404, ErrorCode::NotFound));
}

#[tokio::test]
async fn who_plans_is_told_with_what_and_a_long_week_comes_in_pages() {
    let desk = Desk::new().await;
    let choices: Value = desk.ask("GET", "/lessons/choices", None, json!({})).await.json();
    let has = |list: &Value, id: String| list.as_array().expect("a list").iter().any(|one| one["id"] == json!(id));
    assert!(has(&choices["trainers"], desk.trainer.to_string()) && has(&choices["groups"], desk.group.to_string()));
    assert!(!has(&choices["trainers"], desk.elsewhere.person.to_string()), "another institution's");
    for hour in 8..12 {
        desk.plan(with(desk.wanted(&format!("2027-03-01T{hour:02}:00")), "minutes", json!(60))).await;
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/lessons?from=2027-03-01&to=2027-03-07&limit=3{after}");
        let page: Value = desk.ask("GET", &path, None, json!({})).await.json();
        let items = page["items"].as_array().expect("a page");
        seen.extend(items.iter().map(|lesson| lesson["starts"].as_str().expect("a start").to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let expected: Vec<String> = (8..12).map(|hour| format!("2027-03-01T{hour:02}:00")).collect();
    assert_eq!(seen, expected);
}
