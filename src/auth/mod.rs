//! Who may come in: invitations, browser sessions, join tickets, device tokens.
//!
//! Owns secrets (made from the system's randomness, kept as hashes) and the checks of SECURITY: tickets are single
//! use, at most 60 s old, and bound to a place in a lesson; rights are read again from the store each time.

use crate::ids::{InstitutionId, LessonId, ParticipantId};
use crate::protocol::{ErrorCode, InvitationCard, ParticipantKind, Role, SessionCard, Ticket};
use crate::store::{InvitationPurpose, Store};
use crate::time::Clock;
use std::sync::Arc;

/// The doorkeeper; cheap to clone.
#[derive(Clone)]
pub struct Auth {}

/// Somebody who may enter a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    pub institution: InstitutionId,
    pub lesson: LessonId,
    pub participant: ParticipantId,
    pub role: Role,
    pub kind: ParticipantKind,
    pub name: String,
}

/// Why somebody may not; `code` and text as a client sees them.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    pub code: ErrorCode,
    pub detail: String,
}

impl Auth {
    #[must_use]
    pub fn new(_store: Store, _clock: Arc<dyn Clock>) -> Self {
        Self {}
    }

    /// What an invitation is for. `session` is the browser's session secret, if it sent one: then the name of an
    /// earlier visit is known.
    pub async fn open_invitation(&self, _invitation: &str, _session: Option<&str>) -> Result<InvitationCard, Refusal> {
        Err(Refusal { code: ErrorCode::InvitationInvalid, detail: "not yet".into() })
    }

    /// Accepts an invitation: gives this browser a session, where it has none that holds, and a place in the lesson,
    /// the same one each time. The second value is the new session's secret for the cookie.
    pub async fn start_session(
        &self,
        _invitation: &str,
        _name: Option<&str>,
        _session: Option<&str>,
    ) -> Result<(SessionCard, Option<String>), Refusal> {
        Err(Refusal { code: ErrorCode::InvitationInvalid, detail: "not yet".into() })
    }

    /// The place that this session holds.
    pub async fn session_card(
        &self,
        _session: &str,
        _lesson: LessonId,
        _participant: ParticipantId,
    ) -> Result<SessionCard, Refusal> {
        Err(Refusal { code: ErrorCode::SessionInvalid, detail: "not yet".into() })
    }

    /// A ticket for the place that this session holds.
    pub async fn issue_ticket(
        &self,
        _session: &str,
        _lesson: LessonId,
        _participant: ParticipantId,
    ) -> Result<Ticket, Refusal> {
        Err(Refusal { code: ErrorCode::SessionInvalid, detail: "not yet".into() })
    }

    /// Takes a ticket, once, and reads the place's rights again.
    pub async fn redeem_ticket(&self, _ticket: &str) -> Result<Admission, Refusal> {
        Err(Refusal { code: ErrorCode::TicketInvalid, detail: "not yet".into() })
    }

    /// Admits an encoder or player with a bearer token for this lesson: each call is a new device.
    pub async fn admit_device(
        &self,
        _token: &str,
        _lesson: LessonId,
        _purpose: InvitationPurpose,
    ) -> Result<Admission, Refusal> {
        Err(Refusal { code: ErrorCode::InvitationInvalid, detail: "not yet".into() })
    }

    /// Bars a participant whom a trainer removed: neither their session nor their tickets let them in again.
    pub async fn bar(&self, _admission: &Admission) -> Result<(), Refusal> {
        Ok(())
    }
}
