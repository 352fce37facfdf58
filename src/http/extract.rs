//! What a request brings, parsed; what it lacks is a problem that says so.

use super::problem::Refused;
use super::{BODY_BYTES_MAX, Shared};
use crate::protocol::ErrorCode;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// A JSON body. A page of another origin can't send this content type without asking first.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refused> {
        require_content_type(request.headers(), "application/json")?;
        let body = read(request, state).await?;
        let parsed = serde_json::from_slice(&body);
        let parsed = parsed.map_err(|error| {
            Refused::new(StatusCode::BAD_REQUEST, ErrorCode::BadMessage, format!("The body can't be used: {error}."))
        })?;
        Ok(Self(parsed))
    }
}

/// A text body of one content type.
pub async fn text_body(request: Request, state: &Shared, content_type: &str) -> Result<String, Refused> {
    require_content_type(request.headers(), content_type)?;
    let body = read(request, state).await?;
    String::from_utf8(body.to_vec()).map_err(|_| Refused::bad_request("The body is not UTF-8."))
}

async fn read(request: Request, state: &Shared) -> Result<Bytes, Refused> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!("A body has at most {BODY_BYTES_MAX} bytes.");
            Refused::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BadRequest, detail)
        }
        _ => Refused::bad_request("The body broke off."),
    })
}

fn require_content_type(headers: &HeaderMap, wanted: &str) -> Result<(), Refused> {
    let found = header(headers, &header::CONTENT_TYPE).unwrap_or_default();
    let essence = found.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    let detail = format!("Send the body as Content-Type: {wanted}.");
    Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, detail))
}

/// Two ids from the path; what is no id names nothing.
pub struct Ids<A, B>(pub A, pub B);

impl<A: FromStr, B: FromStr> FromRequestParts<Shared> for Ids<A, B> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refused> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((first, second)) = path.map_err(|_| Refused::not_found())?;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(Refused::not_found()),
        }
    }
}

/// Three ids from the path.
pub struct ThreeIds<A, B, C>(pub A, pub B, pub C);

impl<A: FromStr, B: FromStr, C: FromStr> FromRequestParts<Shared> for ThreeIds<A, B, C> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refused> {
        let path = Path::<(String, String, String)>::from_request_parts(parts, state).await;
        let Path((first, second, third)) = path.map_err(|_| Refused::not_found())?;
        match (first.parse(), second.parse(), third.parse()) {
            (Ok(first), Ok(second), Ok(third)) => Ok(Self(first, second, third)),
            _ => Err(Refused::not_found()),
        }
    }
}

/// One id from the path.
pub struct Id<A>(pub A);

impl<A: FromStr> FromRequestParts<Shared> for Id<A> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refused> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| Refused::not_found())?;
        id.parse().map(Self).map_err(|_| Refused::not_found())
    }
}

/// A header as text; absent where it is not ASCII.
pub fn header<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
