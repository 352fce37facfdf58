//! Health, metrics and the description.

use crate::ask;
use crate::support::Server;
use serde_json::Value;

#[tokio::test]
async fn health_says_what_works() {
    let (server, _) = Server::start().await;
    let answer = ask(&server.router, "GET", "/healthz", &[], "").await;
    assert_eq!(answer.status.as_u16(), 200);
    let health: Value = answer.json();
    assert_eq!((&health["status"], &health["store"], &health["media"]), (&"ok".into(), &"ok".into(), &"ok".into()));
    server.store.close().await;
    let answer = ask(&server.router, "GET", "/healthz", &[], "").await;
    assert_eq!(answer.status.as_u16(), 503);
    let health: Value = answer.json();
    assert_eq!(
        (&health["status"], &health["store"], &health["media"]),
        (&"failing".into(), &"failing".into(), &"ok".into())
    );
}

#[tokio::test]
async fn metrics_count_answers_by_route_and_never_by_path() {
    let (server, _) = Server::start().await;
    ask(&server.router, "GET", "/healthz", &[], "").await;
    ask(&server.router, "GET", "/some/secret/path", &[], "").await;
    let id = uuid::Uuid::nil();
    ask(&server.router, "GET", &format!("/api/lessons/{id}/participants/{id}"), &[], "").await;
    let answer = ask(&server.router, "GET", "/metrics", &[], "").await;
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    let text = answer.text();
    assert!(!text.contains("secret") && !text.contains(&id.to_string()), "{text}");
    assert_eq!(server.metric(r#"qism_http_requests_total{route="/healthz",method="GET",status="200"}"#), 1);
    assert_eq!(server.metric(r#"qism_http_requests_total{route="files",method="GET",status="404"}"#), 1);
    let place = r#"qism_http_requests_total{route="/api/lessons/{lesson}/participants/{participant}",method="GET",status="401"}"#;
    assert_eq!(server.metric(place), 1);
}

#[tokio::test]
async fn the_description_names_the_calls_and_their_bodies() {
    let (server, _) = Server::start().await;
    let description: Value = ask(&server.router, "GET", "/api/openapi.json", &[], "").await.json();
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.")));
    assert!(description["paths"]["/api/sessions"]["post"].is_object());
    assert!(description["paths"]["/whip/{lesson}"]["post"].is_object());
    assert!(description["components"]["schemas"]["SessionCard"].is_object());
}
