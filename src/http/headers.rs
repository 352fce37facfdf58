//! What every answer carries, and the count of answers.

use super::Shared;
use super::routes;
use crate::insight::TRACES;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument;

/// The counted name of what is not a route: the web client's files and what is not there.
const NO_ROUTE: &str = "files";

/// Counts the answer and adds the headers that all have.
pub async fn finish(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = known_method(request.method());
    let path = request.uri().path();
    let is_stream = path.starts_with("/whip/") || path.starts_with("/whep/");
    let is_api = path.starts_with("/api/");
    let asked = Instant::now();
    let route = matched.and_then(|matched| routes::known_path(&matched)).unwrap_or(NO_ROUTE);
    let status = tracing::field::Empty;
    let span = tracing::info_span!(target: TRACES, "http", route, method, status);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    span.record("status", i64::from(status.as_u16()));
    drop(span);
    shared.app.insight.http_request(route, method, status.as_u16(), asked.elapsed());
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if is_stream {
        // Tokens, not cookies, say who asks: a page of any origin may, if it has one.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let exposed = HeaderValue::from_static("Location, ETag, Accept-Post, Accept-Patch");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }
    if is_stream || is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// What a page may do: nothing but what comes from here (no inline script, no frame around it), and camera,
/// microphone and screen for itself.
pub fn of_page(host: Option<&str>, base_url: Option<&str>) -> [(HeaderName, HeaderValue); 3] {
    let mut connect = String::from("'self'");
    // Not every browser takes 'self' for WebSockets.
    for place in [host.filter(|host| is_plain_host(host)), base_url.and_then(host_of)].into_iter().flatten() {
        connect.push_str(&format!(" ws://{place} wss://{place}"));
    }
    let policy = format!(
        "default-src 'self'; connect-src {connect}; img-src 'self' blob:; media-src 'self' blob:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'self'"));
    let permissions = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()";
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(permissions)),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ]
}

fn host_of(base_url: &str) -> Option<&str> {
    let (_, rest) = base_url.split_once("://")?;
    rest.split('/').next().filter(|host| is_plain_host(host))
}

/// A host, and nothing that would mean something else in a policy.
fn is_plain_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}

fn known_method(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| method.as_str() == *known).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_says_more_than_a_host_is_left_out_of_the_policy() {
        let policy = |host| {
            let [(_, policy), ..] = of_page(Some(host), Some("https://qism.example/"));
            policy.to_str().expect("text").to_owned()
        };
        assert!(policy("class.example:8080").contains("connect-src 'self' ws://class.example:8080 wss://"));
        assert!(policy("[::1]:8080").contains("ws://[::1]:8080"));
        for host in ["evil; script-src *", "a b", "", "x'y"] {
            let expected = "connect-src 'self' ws://qism.example wss://qism.example; img-src";
            assert!(policy(host).contains(expected), "{}", policy(host));
        }
    }
}
