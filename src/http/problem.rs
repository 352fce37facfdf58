use crate::auth::{NoRandomness, Refusal};
use crate::protocol::{ErrorCode, FieldFault, Problem};
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How long a client that was told to wait should, in seconds.
const RETRY_AFTER_S: u128 = 5;

/// A request that is not served: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug)]
pub struct Refused {
    status: StatusCode,
    code: ErrorCode,
    detail: String,
    // Boxed: most refusals have neither, and each handler's result carries one.
    more: Option<Box<More>>,
}

#[derive(Clone, Debug, Default)]
struct More {
    fields: Vec<FieldFault>,
    current: Option<serde_json::Value>,
    /// How long the client should wait before it asks again.
    retry_after: Option<Duration>,
}

impl Refused {
    pub fn new(status: StatusCode, code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), more: None }
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

    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::NotSignedIn, "Sign in first.")
    }

    /// A program's key that opens nothing (any more).
    pub fn key_invalid() -> Self {
        let detail = "This key is unknown, revoked or expired; make a new one.";
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::NotSignedIn, detail)
    }

    /// Somebody who signed in, but has to give a second factor first, or to get one.
    pub fn second_factor_needed() -> Self {
        let detail = "Give the code of your second factor first; where you have none, your role needs one: add it.";
        Self::new(StatusCode::FORBIDDEN, ErrorCode::SecondFactorNeeded, detail)
    }

    /// A record that is not there, or not for who asks.
    pub fn no_record() -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "No such record is here.")
    }

    pub fn not_an_operator() -> Self {
        let detail = "This is for who looks after the server: name the address in server.metrics_for.";
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, detail)
    }

    pub fn forbidden() -> Self {
        let detail = "Your role does not let you do that; ask an administrator of the institution.";
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, detail)
    }

    /// A program that would give somebody power over others, or change somebody who has it.
    pub fn needs_person() -> Self {
        let detail =
            "A key can't make administrators or committees, nor change who is one: an administrator does that.";
        Self::new(StatusCode::FORBIDDEN, ErrorCode::NeedsPerson, detail)
    }

    /// Fields that can't be used.
    pub fn fields(fields: Vec<FieldFault>) -> Self {
        let detail = "Some fields can't be used; correct them and send it again.";
        let mut refused = Self::new(StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::FieldsInvalid, detail);
        refused.more = Some(Box::new(More { fields, ..More::default() }));
        refused
    }

    /// Somebody changed the record since it was read; `current` is what it is now.
    pub fn stale(current: impl serde::Serialize) -> Self {
        let detail = "Somebody changed this since you read it; look at what it is now, and decide.";
        Self::new(StatusCode::PRECONDITION_FAILED, ErrorCode::Stale, detail).with_current(current)
    }

    /// The same, with what belongs to its code.
    pub fn with_current(mut self, current: impl serde::Serialize) -> Self {
        self.more.get_or_insert_default().current = serde_json::to_value(current).ok();
        self
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
        if let Some((field, code)) = refusal.field {
            return Self::fields(vec![FieldFault { field: field.into(), code: code.into(), detail: refusal.detail }]);
        }
        let mut refused = Self::new(status_of(refusal.code), refusal.code, refusal.detail);
        if refusal.retry_after.is_some() {
            refused.more = Some(Box::new(More { retry_after: refusal.retry_after, ..More::default() }));
        }
        refused
    }
}

impl From<StoreError> for Refused {
    /// What a handler did not look at itself: a reference to what is not there, or a record that is there already.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::no_record(),
            StoreError::Conflict => {
                Self::new(StatusCode::CONFLICT, ErrorCode::Taken, "Such a record is there already.")
            }
            StoreError::Full => {
                Self::new(StatusCode::CONFLICT, ErrorCode::InUse, "The group has no place left; raise its capacity.")
            }
            StoreError::LastAdministrator => {
                let detail = "Make somebody else an administrator first: the institution would have none.";
                Self::new(StatusCode::CONFLICT, ErrorCode::InUse, detail)
            }
            other => Refusal::from(other).into(),
        }
    }
}

impl From<NoRandomness> for Refused {
    fn from(error: NoRandomness) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let More { fields, current, retry_after } = self.more.map(|more| *more).unwrap_or_default();
        let problem = Problem {
            kind: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or_default().into(),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail,
            fields,
            current,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            // Rounded up: who waits as long as they are told is served.
            let seconds = retry_after.map_or(RETRY_AFTER_S, |wait| wait.as_millis().div_ceil(1_000).max(1));
            if let Ok(seconds) = HeaderValue::from_str(&seconds.to_string()) {
                headers.insert(header::RETRY_AFTER, seconds);
            }
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
        ErrorCode::NotSignedIn
        | ErrorCode::SecondFactorNeeded
        | ErrorCode::SessionInvalid
        | ErrorCode::SignInFailed
        | ErrorCode::TicketInvalid => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::NeedsPerson | ErrorCode::Removed => StatusCode::FORBIDDEN,
        ErrorCode::AccountUnknown
        | ErrorCode::InvitationInvalid
        | ErrorCode::LinkExpired
        | ErrorCode::LinkUsed
        | ErrorCode::LessonUnknown
        | ErrorCode::NotFound
        | ErrorCode::ParticipantUnknown
        | ErrorCode::PeerUnknown
        | ErrorCode::PublicationUnknown => StatusCode::NOT_FOUND,
        ErrorCode::FloorFull
        | ErrorCode::InUse
        | ErrorCode::LessonBegun
        | ErrorCode::LessonCancelled
        | ErrorCode::LessonEnded
        | ErrorCode::LessonNotStarted
        | ErrorCode::NotSealed
        | ErrorCode::SourceUnknown
        | ErrorCode::Taken
        | ErrorCode::TimetableConflict
        | ErrorCode::UnderWay => StatusCode::CONFLICT,
        ErrorCode::RecordDeleted => StatusCode::GONE,
        ErrorCode::FieldsInvalid | ErrorCode::KeyReused | ErrorCode::OfferRejected => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::FileTooLarge | ErrorCode::QuotaExceeded => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::Stale => StatusCode::PRECONDITION_FAILED,
        ErrorCode::VersionNeeded => StatusCode::PRECONDITION_REQUIRED,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::FontMissing => StatusCode::NOT_ACCEPTABLE,
        ErrorCode::ProviderFailed => StatusCode::BAD_GATEWAY,
        ErrorCode::TooMany | ErrorCode::StoreUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
