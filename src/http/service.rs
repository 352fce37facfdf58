//! Health, metrics, the description of the calls, and the WebSocket's door.

use super::extract::header as read;
use super::problem::Refused;
use super::{
    Shared, account, account_links, alarms, announcements, api_keys, applications, audit, board, catalogue, courses,
    devices, first_start, groups, health, imports, institutions, lessons, oidc, own, own_account, people, periods,
    places, regions, reports, retention, second_factor, venues, webhooks,
};
use crate::insight::Format;
use crate::protocol::ErrorCode;
use crate::signalling::{Upgrade, UpgradeRefusal};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Operation;

/// All metrics: in the OpenMetrics text format for who accepts it, else in Prometheus' plain one. Given to the addresses
/// that `server.metrics_for` names, and to this machine.
#[utoipa::path(
    get, path = "/metrics", tag = "service",
    responses((status = 200, body = String), (status = "4XX", body = crate::protocol::Problem))
)]
pub async fn metrics(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let accepted = read(&headers, &header::ACCEPT).unwrap_or_default();
    let format = if accepted.contains("application/openmetrics-text") { Format::OpenMetrics } else { Format::Plain };
    ([(header::CONTENT_TYPE, format.content_type())], shared.app.insight.render(format)).into_response()
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", tag = "service", responses((status = 200, body = Object)))]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(description())
}

/// The description of all calls.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    for part in [
        account::Described::openapi(),
        alarms::Described::openapi(),
        announcements::Described::openapi(),
        board::Described::openapi(),
        applications::Described::openapi(),
        catalogue::Described::openapi(),
        courses::Described::openapi(),
        institutions::Described::openapi(),
        lessons::Described::openapi(),
        audit::Described::openapi(),
        groups::Described::openapi(),
        health::Described::openapi(),
        imports::Described::openapi(),
        people::Described::openapi(),
        regions::Described::openapi(),
        account_links::Described::openapi(),
        api_keys::Described::openapi(),
        first_start::Described::openapi(),
        oidc::Described::openapi(),
        own_account::Described::openapi(),
        second_factor::Described::openapi(),
        periods::Described::openapi(),
        venues::Described::openapi(),
        webhooks::Described::openapi(),
        own::Described::openapi(),
        reports::Described::openapi(),
        reports::DescribedOfMany::openapi(),
        retention::Described::openapi(),
    ] {
        description.merge(part);
    }
    complete(&mut description);
    description
}

/// Adds what is the same for every call, and would otherwise stand beside each: a name that no other call has, problems
/// with a media type of their own (RFC 9457), and some words for every answer.
fn complete(description: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut description.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(operation_id(method, path));
            complete_answers(operation);
        }
    }
}

/// A call's name: its method and the words of its path. Handlers of different resources are called alike.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty() && *word != "api");
    words.fold(method.to_owned(), |id, word| id + "_" + word)
}

fn complete_answers(operation: &mut Operation) {
    const PLAIN: &str = "application/json";
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        let is_problem = status.starts_with(['4', '5']);
        if answer.description.is_empty() {
            answer.description = if is_problem { "Why not, and what to do" } else { "As asked" }.into();
        }
        // Health says in the same shape what works and what does not.
        if is_problem
            && status != "503"
            && let Some(content) = answer.content.shift_remove(PLAIN)
        {
            answer.content.insert("application/problem+json".into(), content);
        }
    }
}

/// Opens the WebSocket that docs/PROTOCOL.md describes; its first message brings a ticket.
#[utoipa::path(
    get, path = "/ws", tag = "lesson",
    responses((status = 101, description = "The WebSocket is open"), (status = "4XX", body = crate::protocol::Problem))
)]
pub async fn websocket(
    State(shared): State<Shared>,
    headers: HeaderMap,
    upgrade: Option<Upgrade>,
) -> Result<Response, Refused> {
    places::own_page(&headers, &shared)?;
    let upgraded = upgrade.ok_or(UpgradeRefusal::NoWebSocket).and_then(|upgrade| shared.signalling.upgrade(upgrade));
    upgraded.map_err(not_upgraded)
}

/// The problem that says why a WebSocket is not opened.
pub fn not_upgraded(refusal: UpgradeRefusal) -> Refused {
    match refusal {
        UpgradeRefusal::NoWebSocket | UpgradeRefusal::Subprotocol => Refused::bad_request(refusal.to_string()),
        UpgradeRefusal::Full => Refused::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::TooMany, refusal.to_string()),
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Qism",
        description = "The calls that lead into a lesson, and the standard ways to stream to and from it."
    ),
    paths(
        metrics,
        openapi,
        websocket,
        places::open_invitation,
        places::start_session,
        places::session_card,
        places::issue_ticket,
        devices::publish,
        devices::play,
        devices::change,
        devices::end,
    )
)]
struct Description;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::routes::{is_page, routes};
    use std::path::Path;

    /// `make generate` writes what this test holds; the web client's types of the calls are made from it.
    #[test]
    fn the_web_clients_description_is_the_servers() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("web-client/src/api/openapi.json");
        let fresh = serde_json::to_string_pretty(&description()).expect("JSON") + "\n";
        if std::env::var_os("QISM_GENERATE").is_some() {
            std::fs::write(&path, &fresh).expect("write the description");
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(stored == fresh, "web-client/src/api/openapi.json is stale: run `make generate`");
    }

    #[test]
    fn every_call_is_described() {
        let description = description();
        for route in routes().iter().filter(|route| !is_page(route.path)) {
            // WHEP's sessions are WHIP's, described once.
            let path = route.path.replace("/whep/{lesson}/{device}", "/whip/{lesson}/{device}");
            let item = description.paths.paths.get(&path).unwrap_or_else(|| panic!("{path} is not described"));
            for (method, _) in route.methods.iter().filter(|(method, _)| *method != "OPTIONS") {
                let described = match *method {
                    "GET" => item.get.is_some(),
                    "POST" => item.post.is_some(),
                    "PUT" => item.put.is_some(),
                    "PATCH" => item.patch.is_some(),
                    "DELETE" => item.delete.is_some(),
                    other => panic!("{other} of {path} is not looked at"),
                };
                assert!(described, "{method} {path} is not described");
            }
        }
    }
}
