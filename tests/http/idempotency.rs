//! Requests that are sent again.

use crate::support::members::{ADMINISTRATOR, Member};
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
    let wish = json!({ "name": "Emplois du temps", "scopes": ["timetable:read"] });
    let made = program.post("api-keys", "key-1", &wish).await;
    assert_eq!(made.status.as_u16(), 201);
    assert_eq!(program.post("api-keys", "key-1", &wish).await.problem(), ErrorCode::UnderWay);
    let wal = program.server.database().with_extension("db-wal");
    let database = [program.server.database(), wal].map(|file| std::fs::read(file).expect("the database")).concat();
    let secret = made.json::<Value>()["secret"].as_str().expect("a secret").as_bytes().to_vec();
    assert!(!database.windows(secret.len()).any(|part| part == secret));
}
