//! Requests that are sent again.

use crate::support::members::{ADMINISTRATOR, Member, TRAINEE};
use crate::support::{Schools, Server};
use crate::{Answer, ask};
use qism::protocol::ErrorCode;
use serde_json::{Value, json};
use std::time::Duration;

struct Program {
    server: Server,
    schools: Schools,
    administrator: Member,
    cookie: String,
}

impl Program {
    async fn new() -> Self {
        let (server, schools) = Server::start().await;
        let administrator = server.member(schools.first.institution, ADMINISTRATOR).await;
        let cookie = server.cookie(administrator).await;
        Self { server, schools, administrator, cookie }
    }

    fn path(&self, what: &str) -> String {
        format!("/api/institutions/{}/{what}", self.schools.first.institution)
    }

    async fn post(&self, what: &str, key: &str, body: &Value) -> Answer {
        let headers =
            [("content-type", "application/json"), ("cookie", self.cookie.as_str()), ("idempotency-key", key)];
        ask(&self.server.router, "POST", &self.path(what), &headers, &body.to_string()).await
    }

    /// All that is written down.
    fn disk(&self) -> Vec<u8> {
        let wal = self.server.database().with_extension("db-wal");
        [self.server.database(), wal].map(|file| std::fs::read(file).expect("the database")).concat()
    }

    async fn venues(&self) -> usize {
        let venues: Value =
            ask(&self.server.router, "GET", &self.path("venues"), &[("cookie", &self.cookie)], "").await.json();
        venues["items"].as_array().expect("a list").len()
    }
}

#[tokio::test]
async fn what_is_asked_again_is_answered_again_and_done_once() {
    let program = Program::new().await;
    let venue = json!({ "name": "Atelier 3", "capacity": 20 });
    let first = program.post("venues", "key-1", &venue).await;
    assert_eq!(first.status.as_u16(), 201, "{}", first.text());
    let again = program.post("venues", "key-1", &venue).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    for name in ["location", "etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name));
    }
    assert_eq!(program.venues().await, 1);
    let other = program.post("venues", "key-1", &json!({ "name": "Atelier 4", "capacity": 20 })).await;
    assert_eq!((other.status.as_u16(), other.problem()), (422, ErrorCode::KeyReused));
    assert_eq!(program.post("venues", "key-2", &venue).await.status.as_u16(), 201);
    assert_eq!(program.venues().await, 2);
    program.server.clock.advance(Duration::from_secs(24 * 3_600 + 1));
    let cookie = program.server.cookie(program.administrator).await;
    let next_day = Program { cookie, ..program };
    assert_eq!(next_day.post("venues", "key-1", &venue).await.status.as_u16(), 201, "a day later it is a new one");
}

#[tokio::test]
async fn of_many_at_once_one_is_served() {
    let program = Program::new().await;
    let venue = json!({ "name": "Atelier 3", "capacity": 20 });
    let answers = tokio::join!(
        program.post("venues", "key-1", &venue),
        program.post("venues", "key-1", &venue),
        program.post("venues", "key-1", &venue),
    );
    for answer in [&answers.0, &answers.1, &answers.2] {
        assert!(answer.status.as_u16() == 201 || answer.problem() == ErrorCode::UnderWay, "{}", answer.text());
    }
    assert_eq!(program.venues().await, 1);
}

#[tokio::test]
async fn what_was_refused_may_be_put_right_with_the_same_key() {
    let program = Program::new().await;
    let refused = program.post("venues", "key-1", &json!({ "name": "", "capacity": 0 })).await;
    assert_eq!(refused.problem(), ErrorCode::FieldsInvalid);
    assert_eq!(program.post("venues", "key-1", &json!({ "name": "A", "capacity": 1 })).await.status.as_u16(), 201);
    for bad in ["", &"x".repeat(201), "\u{e9}"] {
        assert_eq!(program.post("venues", bad, &json!({})).await.problem(), ErrorCode::BadRequest, "{bad}");
    }
}

#[tokio::test]
async fn an_answer_with_a_secret_is_not_kept() {
    let program = Program::new().await;
    let trainee = program.server.member(program.schools.first.institution, TRAINEE).await;
    let lesson = program.schools.first.id;
    for (what, wish, secret) in [
        ("api-keys", json!({ "name": "Emplois du temps", "scopes": ["timetable:read"] }), "secret"),
        ("webhooks", json!({ "url": "https://hooks.example.ma/", "events": ["lesson.ended"] }), "webhook's"),
        (&format!("people/{}/link", trainee.person), json!({}), "url"),
        (&format!("lessons/{lesson}/guest-links"), json!({ "role": "trainee" }), "url"),
    ] {
        let made = program.post(what, what, &wish).await;
        assert!(made.status.is_success(), "{what}: {}", made.text());
        assert_eq!(program.post(what, what, &wish).await.problem(), ErrorCode::UnderWay, "{what}");
        if secret == "webhook's" {
            // What signs is kept with the webhook itself; there is no answer with it besides.
            continue;
        }
        let secret = made.json::<Value>()[secret].as_str().expect("a secret").as_bytes().to_vec();
        assert!(!program.disk().windows(secret.len()).any(|part| part == secret), "{what}");
    }
}

#[tokio::test]
async fn the_link_to_the_account_of_who_is_accepted_is_not_kept() {
    let program = Program::new().await;
    let course = json!({ "title": "تلحيم", "language": "ar", "offered": true });
    let course: Value = program.post("courses", "course", &course).await.json();
    let course = course["id"].as_str().expect("a course").to_owned();
    let group: Value = program.post("groups", "group", &json!({ "course": course, "name": "A" })).await.json();
    let decide = async |name: &str, decision: Value| {
        let applying = json!({ "name": name, "phone": "0612345678" }).to_string();
        let path = format!("/api/catalogue/{course}/applications");
        let headers = [("content-type", "application/json")];
        assert!(ask(&program.server.router, "POST", &path, &headers, &applying).await.status.is_success());
        let path = program.path("applications?status=new");
        let listed: Value = ask(&program.server.router, "GET", &path, &[("cookie", &program.cookie)], "").await.json();
        let path = program.path(&format!("applications/{}/decision", listed["items"][0]["id"].as_str().expect("one")));
        let mut answers = Vec::new();
        for _ in 0..2 {
            let headers = [
                ("content-type", "application/json"),
                ("cookie", program.cookie.as_str()),
                ("idempotency-key", name),
                ("if-match", "\"1\""),
            ];
            answers.push(ask(&program.server.router, "POST", &path, &headers, &decision.to_string()).await);
        }
        answers
    };
    let accepted = decide("Amina", json!({ "decision": "accept", "group": group["id"] })).await;
    let link = accepted[0].json::<Value>()["account_link"].as_str().expect("a link").as_bytes().to_vec();
    assert_eq!(accepted[1].problem(), ErrorCode::UnderWay);
    assert!(!program.disk().windows(link.len()).any(|part| part == link));
    let refused = decide("Karim", json!({ "decision": "refuse", "reason": "complet" })).await;
    assert_eq!((refused[1].status.as_u16(), &refused[1].body), (200, &refused[0].body), "without a secret it is kept");
}
