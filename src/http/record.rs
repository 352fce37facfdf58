//! What the calls about records have in common: versions, pages, and fields that are looked at one by one.

use super::Shared;
use super::extract::header;
use super::problem::Refused;
use crate::auth::PasswordFault;
use crate::protocol::{ErrorCode, FieldFault};
use crate::text::{MailFault, SignInNameFault, TextFault, UnknownLanguage};
use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How many records a page has, unless the request says.
const PAGE_DEFAULT: u32 = 50;

/// How many records a page has at most.
pub const PAGE_MAX: u32 = 200;

/// The longest cursor, in bytes: two sort keys of people's text.
const CURSOR_BYTES_MAX: usize = 2_048;

/// A record with its version, which the answer's `ETag` says.
pub struct Versioned<T> {
    pub version: i64,
    pub record: T,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.record).into_response();
        if let Ok(etag) = HeaderValue::from_str(&format!("\"{}\"", self.version)) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        response
    }
}

/// A record that was made: its address in `Location`, its version in `ETag`.
pub struct Created<T> {
    pub location: String,
    pub version: i64,
    pub record: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = Versioned { version: self.version, record: self.record }.into_response();
        *response.status_mut() = StatusCode::CREATED;
        if let Ok(location) = HeaderValue::from_str(&self.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

/// The version that a change is made to, from `If-Match`.
pub struct IfMatch(pub i64);

impl FromRequestParts<Shared> for IfMatch {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Refused> {
        let Some(text) = header(&parts.headers, &header::IF_MATCH) else {
            let detail = "Say in If-Match which version you change: the ETag of the record as you read it.";
            return Err(Refused::new(StatusCode::PRECONDITION_REQUIRED, ErrorCode::VersionNeeded, detail));
        };
        let version = text.trim().trim_start_matches("W/").trim_matches('"').parse();
        version.map(Self).map_err(|_| Refused::bad_request("If-Match is not an ETag that this server gave."))
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// The cursor `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// Only records that have these words, however they are written.
    pub search: Option<String>,
}

impl PageQuery {
    /// How many records to read: one more than are shown tells whether there is a next page.
    ///
    /// # Errors
    /// Where the limit is out of range.
    pub fn limit(&self) -> Result<u32, Refused> {
        match self.limit {
            None => Ok(PAGE_DEFAULT),
            Some(limit @ 1..=PAGE_MAX) => Ok(limit),
            Some(_) => Err(Refused::fields(vec![FieldFault {
                field: "limit".into(),
                code: "out_of_range".into(),
                detail: format!("A page has 1 to {PAGE_MAX} records."),
            }])),
        }
    }

    /// Where the page before ended: the sort keys of its last record.
    ///
    /// # Errors
    /// Where it is no cursor that this server gave.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Refused> {
        let Some(cursor) = &self.after else { return Ok(None) };
        let keys = (cursor.len() <= CURSOR_BYTES_MAX)
            .then(|| URL_SAFE_NO_PAD.decode(cursor).ok())
            .flatten()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        keys.map(Some).ok_or_else(|| Refused::bad_request("`after` is not a cursor that this server gave."))
    }
}

/// Part of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of records of which one more than `limit` were asked for; `keys` gives a record's sort keys.
    pub fn of<R, K: Serialize>(mut records: Vec<R>, limit: u32, keys: impl Fn(&R) -> K, card: impl Fn(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = records.len() > limit;
        records.truncate(limit);
        let last = records.last().filter(|_| more).map(keys);
        let next = last.and_then(|keys| serde_json::to_vec(&keys).ok()).map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        Self { items: records.into_iter().map(card).collect(), next }
    }
}

/// The query of a request; unknown and unreadable parameters are refused.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refused> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| Self(query))
            .map_err(|error| Refused::bad_request(format!("The query can't be used: {}.", error.body_text())))
    }
}

/// Collects what is wrong with a request's fields, so that all of it is said at once.
#[derive(Default)]
pub struct Fields {
    faults: Vec<FieldFault>,
}

impl Fields {
    /// Notes a fault.
    pub fn fault(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        self.faults.push(FieldFault { field: field.into(), code: code.into(), detail: detail.into() });
    }

    /// Takes a field's value, or notes why there is none.
    pub fn take<T, E: Faulty>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.fault(field, error.word(), error.to_string())).ok()
    }

    /// Whether nothing was wrong so far.
    pub fn are_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// # Errors
    /// With every fault that was noted.
    pub fn done(self) -> Result<(), Refused> {
        if self.faults.is_empty() { Ok(()) } else { Err(Refused::fields(self.faults)) }
    }
}

/// A typed reason why a value can't be used.
pub trait Faulty: std::fmt::Display {
    /// Its stable word.
    fn word(&self) -> &'static str;
}

impl Faulty for TextFault {
    fn word(&self) -> &'static str {
        Self::word(*self)
    }
}

impl Faulty for PasswordFault {
    fn word(&self) -> &'static str {
        Self::word(*self)
    }
}

impl Faulty for UnknownLanguage {
    fn word(&self) -> &'static str {
        "unknown_language"
    }
}

impl Faulty for MailFault {
    fn word(&self) -> &'static str {
        Self::word(*self)
    }
}

impl Faulty for SignInNameFault {
    fn word(&self) -> &'static str {
        Self::word(*self)
    }
}
