//! How long an institution keeps what: who says it, within which bounds, and what is left of a lesson after that.

use crate::ask;
use crate::reports::{Class, class};
use crate::support::members::{ADMINISTRATOR, COMMITTEE, Member, TRAINEE};
use qism::attendance::ledger::verify;
use qism::protocol::ErrorCode;
use qism::store::Reach;
use qism::time::{Clock, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;

impl Class {
    async fn retention(&self, who: Member, method: &str, rest: &str, body: Value) -> crate::Answer {
        let cookie = self.server.cookie(who).await;
        let path = format!("/api/institutions/{}/retention{rest}", self.lesson().institution);
        let headers = [("content-type", "application/json"), ("cookie", cookie.as_str()), ("if-match", "\"1\"")];
        ask(&self.server.router, method, &path, &headers, &body.to_string()).await
    }
}

fn days(kinds: &Value, kind: &str) -> (Value, Value) {
    let kinds = kinds.as_array().expect("kinds");
    let found = kinds.iter().find(|one| one["kind"] == kind).expect("the kind");
    (found["days"].clone(), found["minors_days"].clone())
}

#[tokio::test]
async fn everybody_may_know_periods_and_the_institutions_own_administrator_says_them() {
    let class = class().await;
    let answer = class.retention(class.trainee, "GET", "", json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"1\""));
    let card: Value = answer.json();
    assert_eq!(card["minors"], true);
    assert_eq!(days(&card["kinds"], "room"), (json!(365), json!(90)));
    assert_eq!(days(&card["kinds"], "audit"), (json!(1_825), json!(null)));

    let shorter = json!({ "minors": false, "kinds": [{ "kind": "room", "days": 60, "minors_days": 30 }] });
    for who in [class.trainee, class.trainer, class.above(Reach::Ministry, ADMINISTRATOR).await] {
        for (method, rest) in [("PATCH", ""), ("POST", "/preview")] {
            assert_eq!(class.retention(who, method, rest, shorter.clone()).await.status.as_u16(), 403);
        }
    }
    let answer = class.retention(class.administrator, "PATCH", "", shorter.clone()).await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"2\""), "{}", answer.text());
    let card: Value = answer.json();
    assert_eq!((&card["minors"], days(&card["kinds"], "room")), (&json!(false), (json!(60), json!(30))));
    assert_eq!(days(&card["kinds"], "attendance"), (json!(1_825), json!(730)), "what is not named stays");
    assert_eq!(class.retention(class.administrator, "PATCH", "", shorter).await.problem(), ErrorCode::Stale);
    let of = class.server.store.of(class.lesson().institution);
    let entry = of.audit_before(None, 1).await.expect("the log").remove(0);
    assert_eq!((entry.action.as_str(), &entry.detail["minors"]), ("institution.retention", &json!(false)));
    assert_eq!(entry.detail["days"]["room"], json!([60, 30]));
}

#[tokio::test]
async fn a_period_beyond_its_bounds_says_why_at_its_field() {
    let class = class().await;
    for (kind, days, minors_days, code) in [
        ("room", 29, json!(29), "out_of_range"),
        ("room", 3_651, json!(30), "out_of_range"),
        ("attendance", 400, json!(179), "out_of_range"),
        ("quality", 60, json!(61), "longer_for_minors"),
        ("room", 1_826, json!(90), "longer_than_attendance"),
        ("mail", 30, json!(29), "not_of_minors"),
    ] {
        let wish = json!({ "kinds": [{ "kind": kind, "days": days, "minors_days": minors_days }] });
        for (method, rest) in [("PATCH", ""), ("POST", "/preview")] {
            let answer = class.retention(class.administrator, method, rest, wish.clone()).await;
            assert_eq!(answer.problem(), ErrorCode::FieldsInvalid, "{wish}");
            let faults: Value = answer.json();
            assert_eq!((&faults["fields"][0]["field"], &faults["fields"][0]["code"]), (&json!(kind), &json!(code)));
        }
    }
    let unknown = json!({ "kinds": [{ "kind": "everything", "days": 30 }] });
    let answer = class.retention(class.administrator, "PATCH", "", unknown).await;
    assert_eq!(answer.json::<Value>()["fields"][0]["field"], "kinds.0.kind");
}

#[tokio::test]
async fn what_is_left_of_a_lesson_says_that_its_record_was_deleted() {
    let class = class().await;
    class.given().await;
    let (of, lesson) = (class.server.store.of(class.lesson().institution), class.lesson().id);
    let ledger = of.ledger(lesson).await.expect("a store").expect("sealed");
    let hash = verify(ledger.as_bytes(), &[]).expect("it verifies").seals[0].hash.to_string();
    // Later than the log is kept of minors, and earlier than the attendance.
    let later = class.server.clock.now().plus(Duration::from_secs(91 * 86_400));
    of.apply_retention(later, Duration::ZERO).await.expect("a run");
    let report = class.report(class.administrator).await;
    assert_eq!(report["deleted_at"], Value::Null);
    assert_eq!(report["people"].as_array().expect("people").len(), 4, "the ledger is there still");

    let deleted = Timestamp(class.starts_at).plus(Duration::from_secs(731 * 86_400));
    of.apply_retention(deleted, Duration::ZERO).await.expect("a run");
    let looks = class.looks().await;
    let report = class.report(class.administrator).await;
    assert_eq!((&report["deleted_at"], &report["people"]), (&json!(deleted.micros()), &json!([])));
    assert_eq!(class.looks().await, looks, "there is nobody to look at");
    for (method, rest, body) in [
        ("GET", "attendance.csv", ""),
        ("GET", "attendance.xlsx", ""),
        ("GET", "attendance.pdf", ""),
        ("GET", "ledger", ""),
        ("GET", "ledger/check", ""),
        ("POST", "attendance/corrections", r#"{"person":"x","present_us":0,"reason":"x"}"#),
    ] {
        let answer = class.ask(class.administrator, method, rest, body).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (410, ErrorCode::RecordDeleted), "{rest}");
    }
    let known: Value = ask(&class.server.router, "GET", &format!("/api/ledgers/{hash}"), &[], "").await.json();
    assert_eq!((&known["deleted_at"], &known["newest"]), (&json!(deleted.micros()), &json!(true)));
}

#[tokio::test]
async fn who_sees_names_from_above_is_for_the_ministry_to_say() {
    let class = class().await;
    let region = class.server.institution(class.lesson().region, Reach::Region).await;
    let who = class.server.member(region, COMMITTEE).await;
    let own = class.server.member(region, ADMINISTRATOR).await;
    let ministry = class.above(Reach::Ministry, ADMINISTRATOR).await;
    let path = format!("/api/institutions/{region}/people/{}", who.person);
    let wish = async |by: Member, body: &str| {
        let cookie = class.server.cookie(by).await;
        let headers = [("content-type", "application/json"), ("cookie", cookie.as_str()), ("if-match", "\"1\"")];
        ask(&class.server.router, "PATCH", &path, &headers, body).await.status.as_u16()
    };
    assert_eq!(wish(own, r#"{"sees_names":true}"#).await, 403);
    // Saying what is so already changes nothing, so a form may send it.
    assert_eq!(wish(own, r#"{"sees_names":false,"name":"Rachid"}"#).await, 200);
    let trainee = class.server.member(region, TRAINEE).await;
    assert_ne!(wish(trainee, r#"{"sees_names":true}"#).await, 200);
    let cookie = class.server.cookie(ministry).await;
    let headers = [("content-type", "application/json"), ("cookie", cookie.as_str()), ("if-match", "\"2\"")];
    let answer = ask(&class.server.router, "PATCH", &path, &headers, r#"{"sees_names":true}"#).await;
    assert_eq!(answer.json::<Value>()["sees_names"], true, "{}", answer.text());
}
