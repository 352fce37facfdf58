//! Health, metrics and the description.

use crate::ask;
use crate::support::Server;
use axum::extract::ConnectInfo;
use serde_json::Value;
use std::net::SocketAddr;

/// The routes as a program at this address sees them.
fn seen_from(server: &Server, address: &str) -> axum::Router {
    let peer: SocketAddr = address.parse().expect("an address");
    server.router.clone().layer(axum::Extension(ConnectInfo(peer)))
}

#[tokio::test]
async fn health_says_what_works() {
    let (server, _) = Server::start().await;
    let answer = ask(&server.router, "GET", "/healthz", &[], "").await;
    assert_eq!(answer.status.as_u16(), 200);
    let health: Value = answer.json();
    assert_eq!((&health["status"], &health["store"], &health["media"]), (&"ok".into(), &"ok".into(), &"ok".into()));
    let took = health["media_loop_ms"].as_f64().expect("a time");
    assert!(took > 0.0 && took < 3_000.0, "{took}");
    // A voice came in by the media port, and went out again.
    assert_eq!(server.metric(r#"qism_media_loops_total{result="ok"}"#), 1);
    server.store.close().await;
    let answer = ask(&server.router, "GET", "/healthz", &[], "").await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(server.metric(r#"qism_media_loops_total{result="ok"}"#), 1, "the loop of just now holds");
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
    let answer = ask(&seen_from(&server, "127.0.0.1:40000"), "GET", "/metrics", &[], "").await;
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    let text = answer.text();
    assert!(!text.contains("secret") && !text.contains(&id.to_string()), "{text}");
    assert_eq!(server.metric(r#"qism_http_requests_total{route="/healthz",method="GET",status="200"}"#), 1);
    assert_eq!(server.metric(r#"qism_http_requests_total{route="files",method="GET",status="404"}"#), 1);
    let place = r#"qism_http_requests_total{route="/api/lessons/{lesson}/participants/{participant}",method="GET",status="401"}"#;
    assert_eq!(server.metric(place), 1);
}

#[tokio::test]
async fn metrics_are_for_this_machine_in_the_form_that_is_asked_for() {
    let (server, _) = Server::start().await;
    let here = seen_from(&server, "[::1]:40000");
    let asked = [("accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2")];
    let answer = ask(&here, "GET", "/metrics", &asked, "").await;
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    assert!(answer.text().ends_with("# EOF\n"));
    let behind_a_proxy = ask(&here, "GET", "/metrics", &[("x-forwarded-for", "198.51.100.7")], "").await;
    let elsewhere = ask(&seen_from(&server, "198.51.100.7:40000"), "GET", "/metrics", &[], "").await;
    for answer in [behind_a_proxy, elsewhere] {
        assert_eq!(answer.status.as_u16(), 403);
        let problem: Value = answer.json();
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("server.metrics_for")), "{problem}");
    }
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
