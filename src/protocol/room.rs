use super::rest::LessonCard;
use crate::ids::{EventSeq, ParticipantId, PublicationId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What somebody is in a lesson; decides what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Leads the lesson.
    Trainer,
    /// Follows it.
    Trainee,
    /// Observes it for a monitoring committee: sees and hears, changes nothing.
    Committee,
}

/// Whether a participant is a person or a machine that only carries media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ParticipantKind {
    /// A person, counted as present.
    Person,
    /// An encoder or player that came by WHIP or WHEP; never counted as present.
    Device,
}

/// Whether a participant is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "state", deny_unknown_fields)]
pub enum Presence {
    /// Connected since.
    Present { since: Timestamp },
    /// The connection was lost; after 10 s without return this becomes `gone`.
    Lost { since: Timestamp },
    /// Left, removed, or lost for more than 10 s.
    Gone { since: Timestamp },
}

/// Where a participant's media comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Microphone,
    Camera,
    Screen,
    /// The sound of the shared screen.
    ScreenAudio,
}

impl Source {
    /// Whether this source gives sound (and else, pictures).
    #[must_use]
    pub fn is_audio(self) -> bool {
        matches!(self, Self::Microphone | Self::ScreenAudio)
    }
}

/// Where a lesson stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "state", deny_unknown_fields)]
pub enum Phase {
    /// Not started; people may already be in the room.
    #[default]
    Planned,
    /// On air since.
    Live { since: Timestamp },
    /// Over since.
    Ended { since: Timestamp },
}

/// Somebody who is or was in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Participant {
    pub id: ParticipantId,
    /// As the class sees it.
    pub name: String,
    pub role: Role,
    pub kind: ParticipantKind,
    pub presence: Presence,
    /// Since when their page is hidden (another window before it, a screen that is off); absent while they see it.
    pub hidden_since: Option<Timestamp>,
}

/// A raised hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Hand {
    pub participant: ParticipantId,
    pub since: Timestamp,
}

/// Somebody who has the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct FloorHolder {
    pub participant: ParticipantId,
    pub since: Timestamp,
}

/// What a participant sends from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub id: PublicationId,
    pub participant: ParticipantId,
    pub source: Source,
}

/// One message of the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ChatMessage {
    /// The event that brought it, which is also its identity.
    pub seq: EventSeq,
    pub at: Timestamp,
    pub participant: ParticipantId,
    pub text: String,
}

/// Why somebody is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// Left on purpose.
    Left,
    /// Lost the connection and did not come back within 10 s.
    Lost,
    /// Was removed by a trainer.
    Removed,
    /// The lesson ended.
    LessonEnded,
    /// The server stopped or was restarted, and they did not come back within 10 s of its start.
    ServerRestarted,
}

/// What happened in a room. The log of these is what attendance, replay and committees read; applying them in
/// order to an empty room gives its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RoomEvent {
    LessonStarted {},
    LessonEnded {},
    /// Somebody came, or came back after having gone.
    Joined {
        participant: ParticipantId,
        name: String,
        role: Role,
        kind: ParticipantKind,
    },
    /// The connection of somebody present was lost; `since` is its last sign of life.
    ConnectionLost {
        participant: ParticipantId,
        since: Timestamp,
    },
    /// Somebody whose connection was lost is back.
    Returned {
        participant: ParticipantId,
    },
    /// Somebody is gone; `since` is when they were last there. Takes back hand, floor and publications. A device
    /// that left is forgotten.
    Left {
        participant: ParticipantId,
        reason: LeaveReason,
        since: Timestamp,
    },
    /// Somebody present does not see their page any more: another window is before it, or the screen is off. Ends with
    /// `page_shown`, and with whatever else ends or begins their presence.
    PageHidden {
        participant: ParticipantId,
        since: Timestamp,
    },
    /// Somebody sees their page again.
    PageShown {
        participant: ParticipantId,
    },
    Said {
        participant: ParticipantId,
        text: String,
    },
    HandRaised {
        participant: ParticipantId,
    },
    /// `by` is who lowered it.
    HandLowered {
        participant: ParticipantId,
        by: ParticipantId,
    },
    /// Lowers the hand too.
    FloorGiven {
        participant: ParticipantId,
        by: ParticipantId,
    },
    /// Ends the holder's publications too.
    FloorTaken {
        participant: ParticipantId,
        by: ParticipantId,
    },
    PublicationStarted {
        publication: PublicationId,
        participant: ParticipantId,
        source: Source,
    },
    /// `by` is who ended it: its own participant, or the trainer who muted them.
    PublicationEnded {
        publication: PublicationId,
        by: ParticipantId,
    },
    /// The server was started again on this log: every connection and publication of before is gone. Who was
    /// present is lost since `since`, the last moment at which the server is known to have run; devices are gone.
    ServerRestarted {
        since: Timestamp,
    },
}

impl RoomEvent {
    /// Its `type` on the wire.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::LessonStarted {} => "lesson_started",
            Self::LessonEnded {} => "lesson_ended",
            Self::Joined { .. } => "joined",
            Self::ConnectionLost { .. } => "connection_lost",
            Self::Returned { .. } => "returned",
            Self::Left { .. } => "left",
            Self::PageHidden { .. } => "page_hidden",
            Self::PageShown { .. } => "page_shown",
            Self::Said { .. } => "said",
            Self::HandRaised { .. } => "hand_raised",
            Self::HandLowered { .. } => "hand_lowered",
            Self::FloorGiven { .. } => "floor_given",
            Self::FloorTaken { .. } => "floor_taken",
            Self::PublicationStarted { .. } => "publication_started",
            Self::PublicationEnded { .. } => "publication_ended",
            Self::ServerRestarted { .. } => "server_restarted",
        }
    }
}

/// One entry of a room's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedEvent {
    pub seq: EventSeq,
    /// Never before the entry's before it.
    pub at: Timestamp,
    pub event: RoomEvent,
}

/// A room's whole state as a client needs it, after the event `seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct RoomSnapshot {
    pub seq: EventSeq,
    pub lesson: LessonCard,
    pub phase: Phase,
    /// Everybody who is there or whose connection was lost, and who of the gone wrote in `chat`.
    pub participants: Vec<Participant>,
    pub publications: Vec<Publication>,
    /// In the order in which they were raised.
    pub hands: Vec<Hand>,
    pub floor: Vec<FloorHolder>,
    /// The newest [`super::SNAPSHOT_CHAT_MAX`] messages, oldest first.
    pub chat: Vec<ChatMessage>,
}
