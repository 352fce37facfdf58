use super::secret::NoRandomness;
use crate::protocol::ErrorCode;
use crate::store::StoreError;
use std::time::Duration;

/// Why somebody may not; `code` and text as a client sees them.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    pub code: ErrorCode,
    pub detail: String,
    /// The field of the request that it is about, and what is wrong with it in one stable word.
    pub field: Option<(&'static str, &'static str)>,
    /// How long to wait before asking again, where that is known.
    pub retry_after: Option<Duration>,
}

impl Refusal {
    pub(crate) fn new(code: ErrorCode, detail: &str) -> Self {
        Self { code, detail: detail.into(), field: None, retry_after: None }
    }

    /// A field of the request can't be used.
    pub(super) fn field(field: &'static str, word: &'static str, detail: impl Into<String>) -> Self {
        Self { field: Some((field, word)), ..Self::new(ErrorCode::FieldsInvalid, &detail.into()) }
    }

    /// Too many were tried; `wait` says for how long none is looked at.
    pub(super) fn wait(wait: Duration) -> Self {
        let refusal = Self::new(ErrorCode::RateLimited, "too many attempts failed; wait, then try again");
        Self { retry_after: Some(wait), ..refusal }
    }

    pub(super) fn sign_in_failed() -> Self {
        Self::new(ErrorCode::SignInFailed, "the sign-in name, the password or the code is wrong")
    }

    pub(super) fn second_factor_needed() -> Self {
        Self::new(ErrorCode::SecondFactorNeeded, "send the code of your second factor too")
    }

    pub(super) fn invitation_invalid() -> Self {
        Self::new(ErrorCode::InvitationInvalid, "this link is unknown, or no longer good; ask for a new one")
    }

    pub(super) fn session_invalid() -> Self {
        Self::new(ErrorCode::SessionInvalid, "this browser has no place in the lesson; open the invitation again")
    }

    pub(super) fn ticket_invalid() -> Self {
        Self::new(ErrorCode::TicketInvalid, "the ticket is unknown, used or too old; ask for a new one")
    }

    pub(super) fn rate_limited() -> Self {
        Self::new(ErrorCode::RateLimited, "too many wrong links were tried; wait a minute")
    }
}

impl From<StoreError> for Refusal {
    /// What the database said is for the log; who stands at the door is told to try again.
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store did not answer who may come in");
        Self::new(ErrorCode::StoreUnavailable, "the server can't read or save just now; try again in a moment")
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "no secret could be made");
        Self::new(ErrorCode::Internal, "the server can't make a secret just now; try again in a moment")
    }
}
