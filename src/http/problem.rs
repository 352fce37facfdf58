use crate::auth::Refusal;
use crate::protocol::{ErrorCode, Problem};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// How long a client that was told to wait should, in seconds.
const RETRY_AFTER_S: &str = "5";

/// A request that is not served: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug)]
pub struct Refused {
    status: StatusCode,
    code: ErrorCode,
    detail: String,
}

impl Refused {
    pub fn new(status: StatusCode, code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, detail)
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::BadRequest, "There is nothing here.")
    }

    pub fn no_session() -> Self {
        let detail = "This browser has no session; open the invitation again.";
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::SessionInvalid, detail)
    }

    /// The same, with another status.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub fn code(&self) -> ErrorCode {
        self.code
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::new(status_of(refusal.code), refusal.code, refusal.detail)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or_default().into(),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        response
    }
}

/// The answer to a known path and a method it does not have; the router adds `Allow`.
pub async fn method_not_allowed() -> Refused {
    let detail = "This address does not take this method; the Allow header says which it takes.";
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, detail)
}

/// The status that goes with a code.
fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadMessage
        | ErrorCode::BadRequest
        | ErrorCode::NameInvalid
        | ErrorCode::TextLength
        | ErrorCode::UnsupportedProtocol => StatusCode::BAD_REQUEST,
        ErrorCode::SessionInvalid | ErrorCode::TicketInvalid => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::Removed => StatusCode::FORBIDDEN,
        ErrorCode::InvitationInvalid
        | ErrorCode::LessonUnknown
        | ErrorCode::ParticipantUnknown
        | ErrorCode::PeerUnknown
        | ErrorCode::PublicationUnknown => StatusCode::NOT_FOUND,
        ErrorCode::FloorFull | ErrorCode::LessonEnded | ErrorCode::LessonNotStarted | ErrorCode::SourceUnknown => {
            StatusCode::CONFLICT
        }
        ErrorCode::OfferRejected => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::TooMany | ErrorCode::StoreUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
