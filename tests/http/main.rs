//! The HTTP side from outside.

mod access;
mod api_keys;
mod committee_reports;
mod courses;
mod idempotency;
mod lesson_tables;
mod own;
mod pages;
mod people;
mod places;
mod reports;
mod retention;
mod second_factor;
mod service;
mod signing_in;
mod streams;
#[path = "../support/mod.rs"]
mod support;
mod timetable;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use qism::protocol::{ErrorCode, Problem};
use tower::ServiceExt;

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Its code, where it is a problem as RFC 9457 wants it.
    pub fn problem(&self) -> ErrorCode {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16());
        assert!(!problem.detail.is_empty() && !problem.title.is_empty(), "{problem:?}");
        problem.code
    }
}

/// A request's headers.
pub type Headers<'a> = &'a [(&'a str, &'a str)];

/// Asks the router, as a client would.
pub async fn ask(router: &axum::Router, method: &str, path: &str, headers: Headers<'_>, body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("host", "class.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}
