//! Rows as the databases give them, and how they become records.

use super::records::{
    Invitation, InvitationPurpose, LessonRecord, LoggedEvent, Place, SecretHash, SessionRecord, StoreError,
};
use crate::ids::EventSeq;
use crate::protocol::{LessonCard, ParticipantKind, Phase, Role};
use crate::time::Timestamp;
use sqlx::FromRow;
use std::fmt::Write;
use std::str::FromStr;

/// A lesson with everything on its card.
macro_rules! lessons {
    ($condition:literal) => {
        concat!(
            "SELECT lesson.id, lesson.institution, lesson.title, lesson.starts_at, lesson.ends_at, lesson.phase,
                    lesson.phase_since, lesson.cancelled_at IS NOT NULL AS is_cancelled, course.title AS course,
                    course.language, course_group.name AS group_name, person.name AS trainer,
                    institution.name AS institution_name,
                    COALESCE(lesson.time_zone, institution.time_zone) AS time_zone
             FROM lesson
             JOIN institution ON institution.id = lesson.institution
             JOIN person ON person.institution = lesson.institution AND person.id = lesson.trainer
             JOIN course_group
                 ON course_group.institution = lesson.institution AND course_group.id = lesson.course_group
             JOIN course ON course.institution = lesson.institution AND course.id = course_group.course ",
            $condition
        )
    };
}
pub(super) use lessons;

#[derive(FromRow)]
pub(super) struct LessonRow {
    id: String,
    institution: String,
    title: String,
    starts_at: i64,
    ends_at: i64,
    phase: String,
    phase_since: Option<i64>,
    is_cancelled: bool,
    course: String,
    language: String,
    group_name: String,
    trainer: String,
    institution_name: String,
    time_zone: String,
}

impl TryFrom<LessonRow> for LessonRecord {
    type Error = StoreError;

    fn try_from(row: LessonRow) -> Result<Self, StoreError> {
        let phase = phase(&row.id, &row.phase, row.phase_since)?;
        let card = LessonCard {
            id: id(&row.id)?,
            title: row.title,
            course: row.course,
            group: row.group_name,
            trainer: row.trainer,
            institution: row.institution_name,
            language: row.language,
            starts_at: Timestamp(row.starts_at),
            ends_at: Timestamp(row.ends_at),
            time_zone: row.time_zone,
        };
        Ok(Self { institution: id(&row.institution)?, card, phase, is_cancelled: row.is_cancelled })
    }
}

/// The phase that a lesson's two columns say.
pub(super) fn phase(lesson: &str, word: &str, since: Option<i64>) -> Result<Phase, StoreError> {
    match (word, since.map(Timestamp)) {
        ("planned", None) => Ok(Phase::Planned),
        ("live", Some(since)) => Ok(Phase::Live { since }),
        ("ended", Some(since)) => Ok(Phase::Ended { since }),
        _ => Err(StoreError::Unreadable(format!("lesson {lesson} is in no known phase"))),
    }
}

/// A phase's two columns.
pub(super) fn phase_columns(phase: Phase) -> (&'static str, Option<i64>) {
    match phase {
        Phase::Planned => ("planned", None),
        Phase::Live { since } => ("live", Some(since.micros())),
        Phase::Ended { since } => ("ended", Some(since.micros())),
    }
}

#[derive(FromRow)]
pub(super) struct InvitationRow {
    id: String,
    institution: String,
    lesson: String,
    role: String,
    purpose: String,
    name: Option<String>,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            institution: id(&row.institution)?,
            lesson: id(&row.lesson)?,
            role: role(&row.role)?,
            purpose: purpose(&row.purpose)?,
            name: row.name,
            expires_at: Timestamp(row.expires_at),
            revoked_at: row.revoked_at.map(Timestamp),
        })
    }
}

#[derive(FromRow)]
pub(super) struct SessionRow {
    id: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl TryFrom<SessionRow> for SessionRecord {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            revoked_at: row.revoked_at.map(Timestamp),
        })
    }
}

#[derive(FromRow)]
pub(super) struct PlaceRow {
    participant: String,
    institution: String,
    lesson: String,
    session: Option<String>,
    invitation: String,
    person: Option<String>,
    role: String,
    kind: String,
    name: String,
    barred_at: Option<i64>,
}

impl TryFrom<PlaceRow> for Place {
    type Error = StoreError;

    fn try_from(row: PlaceRow) -> Result<Self, StoreError> {
        Ok(Self {
            participant: id(&row.participant)?,
            institution: id(&row.institution)?,
            lesson: id(&row.lesson)?,
            session: row.session.as_deref().map(id).transpose()?,
            invitation: id(&row.invitation)?,
            person: row.person.as_deref().map(id).transpose()?,
            role: role(&row.role)?,
            kind: kind(&row.kind)?,
            name: row.name,
            barred_at: row.barred_at.map(Timestamp),
        })
    }
}

#[derive(FromRow)]
pub(super) struct EventRow {
    seq: i64,
    at: i64,
    event: String,
}

impl TryFrom<EventRow> for LoggedEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let unreadable = |error: &dyn std::fmt::Display| StoreError::Unreadable(format!("event {}: {error}", row.seq));
        let seq = u64::try_from(row.seq).map_err(|error| unreadable(&error))?;
        let event = serde_json::from_str(&row.event).map_err(|error| unreadable(&error))?;
        Ok(Self { seq: EventSeq(seq), at: Timestamp(row.at), event })
    }
}

pub(super) fn role_column(role: Role) -> &'static str {
    match role {
        Role::Trainer => "trainer",
        Role::Trainee => "trainee",
        Role::Committee => "committee",
    }
}

pub(super) fn kind_column(kind: ParticipantKind) -> &'static str {
    match kind {
        ParticipantKind::Person => "person",
        ParticipantKind::Device => "device",
    }
}

pub(super) fn purpose_column(purpose: InvitationPurpose) -> &'static str {
    match purpose {
        InvitationPurpose::Join => "join",
        InvitationPurpose::Whip => "whip",
        InvitationPurpose::Whep => "whep",
    }
}

/// SHA-256 as the databases keep it: lower-case hexadecimal.
pub(super) fn hex(hash: &SecretHash) -> String {
    hex_digest(&hash.0)
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex_digest(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What it means that a change of a row of this version touched none: `there` is its version now, if there is such a row.
pub(super) fn unchanged(there: Option<i64>) -> StoreError {
    there.map_or(StoreError::Missing, |_| StoreError::Stale)
}

/// Fails where a change touched no row.
pub(super) fn found(rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Missing) } else { Ok(()) }
}

pub(super) fn role(text: &str) -> Result<Role, StoreError> {
    word(text, &[Role::Trainer, Role::Trainee, Role::Committee], role_column)
}

fn kind(text: &str) -> Result<ParticipantKind, StoreError> {
    word(text, &[ParticipantKind::Person, ParticipantKind::Device], kind_column)
}

fn purpose(text: &str) -> Result<InvitationPurpose, StoreError> {
    word(text, &[InvitationPurpose::Join, InvitationPurpose::Whip, InvitationPurpose::Whep], purpose_column)
}

fn word<T: Copy>(text: &str, values: &[T], column: fn(T) -> &'static str) -> Result<T, StoreError> {
    let known = values.iter().copied().find(|value| column(*value) == text);
    known.ok_or_else(|| StoreError::Unreadable(format!("the word {text:?}")))
}

pub(super) fn id<T: FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable(format!("the id {text:?}")))
}
