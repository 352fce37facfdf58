use crate::ids::{ParticipantId, PublicationId};
use crate::protocol::{Command, ErrorCode, ParticipantKind, Role};
use crate::time::Timestamp;

/// Somebody who was let in and comes to the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrant {
    pub participant: ParticipantId,
    pub name: String,
    pub role: Role,
    pub kind: ParticipantKind,
}

/// What can be asked of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Somebody comes, comes back, or connects a second time.
    Join(Entrant),
    /// A connection was lost; `since` is its last sign of life.
    Lose { participant: ParticipantId, since: Timestamp },
    /// Somebody leaves on purpose.
    Leave { participant: ParticipantId },
    /// A participant's media connection is gone, and with it all that they send.
    EndMedia { participant: ParticipantId },
    /// A participant asks for something; a publication that this starts gets the id `fresh`, which no other has.
    Command { by: ParticipantId, command: Command, fresh: PublicationId },
    /// The server starts on a log that it did not finish; `last_ran` is the last moment at which it is known to have run.
    Restart { last_ran: Timestamp },
}

/// Why a request was refused; the room is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    pub code: ErrorCode,
    /// What to do, in English.
    pub detail: &'static str,
}

impl Refusal {
    pub(super) const fn new(code: ErrorCode, detail: &'static str) -> Self {
        Self { code, detail }
    }

    pub(super) const FORBIDDEN: Self = Self::new(ErrorCode::Forbidden, "This role may not do that.");
    pub(super) const NO_FLOOR: Self =
        Self::new(ErrorCode::Forbidden, "Ask for the floor first: raise your hand and wait for the trainer.");
    pub(super) const SOURCE: Self =
        Self::new(ErrorCode::Forbidden, "A trainee may send the microphone and the camera only.");
    pub(super) const ENDED: Self = Self::new(ErrorCode::LessonEnded, "The lesson is over.");
    pub(super) const NOT_STARTED: Self = Self::new(ErrorCode::LessonNotStarted, "Wait until the lesson has started.");
    pub(super) const REMOVED: Self = Self::new(
        ErrorCode::Removed,
        "The trainer removed you from this lesson; ask the trainer for a new invitation.",
    );
    pub(super) const UNKNOWN: Self =
        Self::new(ErrorCode::ParticipantUnknown, "Nobody with this id is in the room (any more).");
    pub(super) const FLOOR_FULL: Self =
        Self::new(ErrorCode::FloorFull, "As many as can be heard have the floor; take it back from one first.");
    pub(super) const TEXT: Self = Self::new(ErrorCode::TextLength, "Write between 1 and 2000 characters.");
    pub(super) const ROOM_FULL: Self = Self::new(ErrorCode::TooMany, "The room is full; try again later.");
    pub(super) const TOO_MANY_PUBLICATIONS: Self =
        Self::new(ErrorCode::TooMany, "Too much is being sent in this room; end another publication first.");
    pub(super) const STALE_PUBLICATION_ID: Self =
        Self::new(ErrorCode::Internal, "The server gave out one publication id twice.");
}
