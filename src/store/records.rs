use crate::ids::{InstitutionId, InvitationId, LessonId, ParticipantId, SessionId};
use crate::protocol::{LessonCard, ParticipantKind, Phase, Role};
use crate::time::Timestamp;

/// SHA-256 of a secret; secrets themselves are never stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

/// A lesson with all that its room needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonRecord {
    pub institution: InstitutionId,
    pub card: LessonCard,
    pub phase: Phase,
}

/// What an invitation lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvitationPurpose {
    /// Join in a browser.
    Join,
    /// Publish by WHIP.
    Whip,
    /// Play by WHEP.
    Whep,
}

/// A way into one lesson, for as long as it is neither expired nor revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub institution: InstitutionId,
    pub lesson: LessonId,
    pub role: Role,
    pub purpose: InvitationPurpose,
    /// The name of the person it was made for; guests give their own.
    pub name: Option<String>,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// A browser's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// Somebody's place in one lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub participant: ParticipantId,
    pub institution: InstitutionId,
    pub lesson: LessonId,
    /// Absent for devices, which bring a token each time.
    pub session: Option<SessionId>,
    pub invitation: InvitationId,
    pub role: Role,
    pub kind: ParticipantKind,
    pub name: String,
    /// Since when they may not come back.
    pub barred_at: Option<Timestamp>,
}

pub use crate::classroom::LoggedEvent;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be reached or opened; the text says what to do.
    #[error("{0}")]
    Unavailable(String),
    /// Somebody else changed the same thing first; nothing was written.
    #[error("the record was changed by another writer meanwhile")]
    Conflict,
    /// A row that this version can't read: the database is damaged or newer.
    #[error("the database holds a record that this version can't read: {0}")]
    Unreadable(String),
}
