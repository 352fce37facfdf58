//! Keys of other programs.

use crate::signing_in::{get, post};
use crate::support::Server;
use crate::support::members::{ADMINISTRATOR, COMMITTEE};
use crate::{Answer, ask};
use qism::protocol::ErrorCode;
use serde_json::{Value, json};
use std::time::Duration;

async fn with(server: &Server, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    ask(&server.router, method, path, &headers, &body.to_string()).await
}

#[tokio::test]
async fn a_key_is_shown_once_does_what_it_may_and_ends_when_it_is_revoked() {
    let (server, schools) = Server::start().await;
    let administrator = server.member(schools.first.institution, ADMINISTRATOR).await;
    let here = server.cookie(administrator).await;
    let keys = format!("/api/institutions/{}/api-keys", schools.first.institution);
    let wish = json!({ "name": "Emplois du temps", "scopes": ["timetable:write", "timetable:read", "timetable:read"] });
    let made = post(&server.router, &keys, &here, &wish).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let card: Value = made.json();
    assert_eq!(card["scopes"], json!(["timetable:read", "timetable:write"]));
    let secret = card["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("qism_") && secret.len() == 48);
    let listed = get(&server.router, &keys, &here).await;
    assert!(!listed.text().contains(&secret[5..]) && listed.json::<Value>()["items"][0]["last_used_at"].is_null());

    let venues = format!("/api/institutions/{}/venues", schools.first.institution);
    let venue = json!({ "name": "Atelier 3", "capacity": 20 });
    assert_eq!(with(&server, secret, "POST", &venues, &venue).await.status.as_u16(), 201);
    assert_eq!(with(&server, secret, "GET", &keys, &json!({})).await.problem(), ErrorCode::Forbidden);
    let elsewhere = format!("/api/institutions/{}/venues", schools.second.institution);
    assert_eq!(with(&server, secret, "GET", &elsewhere, &json!({})).await.problem(), ErrorCode::NotFound);
    assert!(get(&server.router, &keys, &here).await.json::<Value>()["items"][0]["last_used_at"].is_i64());
    let entries = server.store.of(schools.first.institution).audit_before(None, 1).await.expect("the log");
    assert!(
        matches!(entries[0].actor, qism::store::ChangedBy::Key(key) if key.to_string() == card["id"].as_str().unwrap_or_default())
    );

    let one = format!("{keys}/{}", card["id"].as_str().expect("an id"));
    assert_eq!(ask(&server.router, "DELETE", &one, &[("cookie", &here)], "").await.status.as_u16(), 204);
    let refused = with(&server, secret, "GET", &venues, &json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (401, ErrorCode::NotSignedIn));
}

#[tokio::test]
async fn a_key_that_writes_people_gives_nobody_power_and_touches_nobody_who_has_it() {
    let (server, schools) = Server::start().await;
    let school = schools.first.institution;
    let key = server.api_key(school, &["people:read", "people:write"]).await;
    let people = format!("/api/institutions/{school}/people");
    let roles = |word: &str| {
        let mut roles = json!({ "trainer": false, "trainee": false, "committee": false, "administrator": false });
        roles[word] = json!(true);
        roles
    };
    let if_any = async |method: &str, path: &str, body: Value| {
        let authorization = format!("Bearer {key}");
        let headers =
            [("authorization", authorization.as_str()), ("content-type", "application/json"), ("if-match", "\"1\"")];
        ask(&server.router, method, path, &headers, &body.to_string()).await
    };
    for word in ["administrator", "committee"] {
        let refused = if_any("POST", &people, json!({ "name": "Driss", "roles": roles(word) })).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, ErrorCode::NeedsPerson), "{word}");
    }
    let made = if_any("POST", &people, json!({ "name": "Salma", "roles": roles("trainee") })).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let trainee = format!("{people}/{}", made.json::<Value>()["id"].as_str().expect("an id"));
    let raised = if_any("PATCH", &trainee, json!({ "roles": roles("administrator") })).await;
    assert_eq!((raised.status.as_u16(), raised.problem()), (403, ErrorCode::NeedsPerson));
    assert_eq!(if_any("PATCH", &trainee, json!({ "roles": roles("trainer") })).await.status.as_u16(), 200);

    for powerful in [ADMINISTRATOR, COMMITTEE] {
        let member = server.member(school, powerful).await;
        let path = format!("{people}/{}", member.person);
        for (method, path, body) in [
            ("PATCH", path.clone(), json!({ "name": "Somebody else" })),
            ("PATCH", path.clone(), json!({ "mail": "mine@example.org", "roles": roles("trainee") })),
            ("POST", format!("{path}/disable"), json!({})),
        ] {
            let refused = if_any(method, &path, body).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (403, ErrorCode::NeedsPerson), "{method} {path}");
        }
        let there = server.store.of(school).person(member.person).await.expect("the store").expect("the person");
        assert_eq!((there.version, there.roles, there.disabled_at), (1, powerful, None), "nothing was changed");
    }
    let bring = async |rows: &str| {
        let authorization = format!("Bearer {key}");
        let headers = [("authorization", authorization.as_str()), ("content-type", "text/csv")];
        let path = format!("/api/institutions/{school}/imports/people");
        ask(&server.router, "POST", &path, &headers, &format!("name,sign-in,roles\n{rows}\n")).await
    };
    let refused = bring("Driss,driss,administrator").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, ErrorCode::NeedsPerson), "{}", refused.text());
    assert_eq!(bring("Driss,driss,trainer").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_key_ends_when_it_was_said_to() {
    let (server, schools) = Server::start().await;
    let administrator = server.member(schools.first.institution, ADMINISTRATOR).await;
    let here = server.cookie(administrator).await;
    let keys = format!("/api/institutions/{}/api-keys", schools.first.institution);
    let until = qism::time::Clock::now(server.clock.as_ref()).plus(Duration::from_secs(60));
    let wish = json!({ "name": "Une minute", "scopes": ["timetable:read"], "expires_at": until });
    let card: Value = post(&server.router, &keys, &here, &wish).await.json();
    let secret = card["secret"].as_str().expect("a secret");
    let venues = format!("/api/institutions/{}/venues", schools.first.institution);
    assert_eq!(with(&server, secret, "GET", &venues, &json!({})).await.status.as_u16(), 200);
    server.clock.advance(Duration::from_secs(60));
    assert_eq!(with(&server, secret, "GET", &venues, &json!({})).await.status.as_u16(), 401);
    for bad in [
        json!({ "name": "", "scopes": ["timetable:read"] }),
        json!({ "name": "x", "scopes": [] }),
        json!({ "name": "x", "scopes": ["everything"] }),
        json!({ "name": "x", "scopes": ["timetable:read"], "expires_at": 1 }),
    ] {
        assert_eq!(post(&server.router, &keys, &here, &bad).await.problem(), ErrorCode::FieldsInvalid, "{bad}");
    }
    for bad in ["qism_", "qism_nonsense", &format!("{secret}x")] {
        assert_eq!(with(&server, bad, "GET", &venues, &json!({})).await.status.as_u16(), 401, "{bad}");
    }
}
