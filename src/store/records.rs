use crate::ids::{
    ApiKeyId, CourseId, GroupId, InstitutionId, InvitationId, LessonId, ParticipantId, PersonId, RegionId, SessionId,
};
use crate::protocol::{LessonCard, ParticipantKind, Phase, Role};
use crate::time::Timestamp;

/// SHA-256 of a secret; secrets themselves are never stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

/// A region of the country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    pub id: RegionId,
    pub name: String,
}

/// A training centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    pub id: InstitutionId,
    pub region: RegionId,
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
}

/// Somebody with a name of their own at an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
}

/// A course of an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub id: CourseId,
    pub title: String,
    /// BCP 47 tag of the language it is taught in.
    pub language: String,
}

/// The trainees who follow a course together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub course: CourseId,
    pub name: String,
}

/// A lesson to be planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLesson {
    pub id: LessonId,
    pub group: GroupId,
    pub trainer: PersonId,
    pub title: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

/// A lesson with all that its room needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonRecord {
    pub institution: InstitutionId,
    pub card: LessonCard,
    pub phase: Phase,
    /// It was called off; nobody comes in.
    pub is_cancelled: bool,
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

impl Invitation {
    /// Whether it lets anybody in at this time.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A browser's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

impl SessionRecord {
    /// Whether it is good at this time.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
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
    /// Whose it is, where they came by their account: then it is good for as long as they have that part in the lesson.
    pub person: Option<PersonId>,
    pub role: Role,
    pub kind: ParticipantKind,
    pub name: String,
    /// Since when they may not come back.
    pub barred_at: Option<Timestamp>,
}

pub use crate::protocol::LoggedEvent;

/// Who changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangedBy {
    Person(PersonId),
    /// Another program, with a key of the institution.
    Key(ApiKeyId),
    /// The server itself: a seed, the first start, a waiting list that moves up.
    System,
}

/// Who changes what and when, for the audit log; names nobody but by their ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub at: Timestamp,
    pub actor: ChangedBy,
    /// A stable word: the kind of record and what is done to it, as `course.create`.
    pub action: &'static str,
    /// The record's id.
    pub subject: Option<String>,
    /// What else must be known to understand it: ids, numbers and words; no names and no secrets.
    pub detail: serde_json::Value,
}

/// An entry of an institution's audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// From 1 up, without gaps.
    pub seq: i64,
    pub at: Timestamp,
    pub actor: ChangedBy,
    pub action: String,
    pub subject: Option<String>,
    pub detail: serde_json::Value,
    /// SHA-256 in hexadecimal, over the entry before and this one.
    pub hash: String,
}

/// The first entry of an audit log that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditFault {
    pub seq: i64,
    /// It is not there; else its content is not what was written.
    pub missing: bool,
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be reached or opened; the text says what to do.
    #[error("{0}")]
    Unavailable(String),
    /// Another server holds the database; the text says what to do.
    #[error("{0}")]
    Held(String),
    /// Somebody else changed the same thing first, or it is there already; nothing was written.
    #[error("the record was changed by another writer meanwhile")]
    Conflict,
    /// Somebody changed the record since its editor saw it; nothing was written.
    #[error("the record was changed since it was read")]
    Stale,
    /// A group takes nobody more, or has more members than it is to take; nothing was written.
    #[error("the group is full")]
    Full,
    /// Who changes it would leave their institution without an administrator; nothing was written.
    #[error("an institution needs an administrator")]
    LastAdministrator,
    /// What should be changed or referred to does not exist in this institution; nothing was written.
    #[error("the record, or one that it refers to, does not exist in this institution")]
    Missing,
    /// A row that this version can't read: the database is damaged or newer.
    #[error("the database holds a record that this version can't read: {0}")]
    Unreadable(String),
}
