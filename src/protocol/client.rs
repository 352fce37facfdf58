use super::figures::ReceptionSummary;
use super::room::Source;
use crate::ids::{EventSeq, ParticipantId, PublicationId};
use serde::{Deserialize, Serialize};

/// What a client sends. The first message is `hello`; everything else is refused before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// Who is there. Answered by `welcome`, or by `error` and the end of the connection.
    Hello {
        /// [`super::PROTOCOL_VERSION`] as the client was built.
        protocol: u16,
        /// A join ticket: single use, at most 60 s old.
        ticket: String,
        /// Where the client's copy of the room stands, if it has one from an earlier connection.
        resume: Option<Resume>,
    },
    /// Asks the room to do something. Answered by `ok` or `error` with the same `id`, after what follows from it is
    /// durable; its effects arrive as `event`s.
    Command {
        /// The client's own number for this request.
        #[cfg_attr(test, ts(type = "number"))]
        id: u32,
        command: Command,
    },
    /// A session description; the server answers with `answer`. Sent once after `welcome`, and again for an ICE
    /// restart or for more slots.
    Offer {
        #[cfg_attr(test, ts(type = "number"))]
        id: u32,
        sdp: String,
        /// What each sending m-line of the description carries.
        sources: Vec<OfferedSource>,
    },
    /// Overrides what the server would show in the named video slots. A slot that is not named is filled by the
    /// server: the screen first, then trainers' cameras, then the cameras of those who have the floor.
    Watch { slots: Vec<WatchedSlot> },
    /// How much this client wants to receive.
    Receive { quality: Quality },
    /// What this client saw of its own reception since it last said so, every [`super::SUMMARY_INTERVAL_MS`], where
    /// the person who uses it agrees. Not answered.
    Quality { summary: ReceptionSummary },
    /// A sign of life, every [`super::HEARTBEAT_INTERVAL_MS`]; answered by `pong` with the same `at`.
    Ping {
        /// The client's own clock, in milliseconds; not interpreted.
        at: f64,
    },
    /// The participant leaves for good; the server answers `bye` and closes.
    Leave {},
}

impl ClientMessage {
    /// Its `type` on the wire; a command's own.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::Command { command, .. } => command.kind(),
            Self::Offer { .. } => "offer",
            Self::Watch { .. } => "watch",
            Self::Receive { .. } => "receive",
            Self::Quality { .. } => "quality",
            Self::Ping { .. } => "ping",
            Self::Leave {} => "leave",
        }
    }
}

/// From where a client that lost its connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The last event the client has applied.
    pub after: EventSeq,
}

/// What a participant can ask of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Trainer: the lesson goes on air.
    StartLesson {},
    /// Trainer: the lesson ends for all.
    EndLesson {},
    /// Says that one's page is hidden (`visibilitychange`): who is there without seeing it is away. Hiding a hidden page
    /// changes nothing; a connection begins with the page shown.
    HidePage {},
    /// Says that one's page is shown again.
    ShowPage {},
    /// Writes in the chat; 1 to [`super::CHAT_TEXT_CHARS_MAX`] characters after trimming.
    Say { text: String },
    /// Trainee: asks for the floor. Raising a raised hand changes nothing.
    RaiseHand {},
    /// Lowers one's own hand or, for a trainer, another's.
    LowerHand { participant: ParticipantId },
    /// Trainer: lowers every hand.
    LowerAllHands {},
    /// Trainer: gives a trainee the floor (the right to speak and to show the camera); lowers the hand.
    GiveFloor { participant: ParticipantId },
    /// Trainer takes the floor back, or its holder gives it up.
    TakeFloor { participant: ParticipantId },
    /// Starts sending from a source that the client's offer named. Trainers may use all sources; a trainee who has
    /// the floor, the microphone and the camera.
    Publish { source: Source },
    /// Stops sending from a source; for the microphone, this is 'muted'.
    Unpublish { source: Source },
    /// Trainer: mutes one participant's microphone. Who has the floor may unmute again.
    Mute { participant: ParticipantId },
    /// Trainer: mutes every trainee.
    MuteAll {},
    /// Trainer: removes a participant, who cannot come back without a new invitation.
    Remove { participant: ParticipantId },
}

impl Command {
    /// Its `type` on the wire.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::StartLesson {} => "start_lesson",
            Self::EndLesson {} => "end_lesson",
            Self::HidePage {} => "hide_page",
            Self::ShowPage {} => "show_page",
            Self::Say { .. } => "say",
            Self::RaiseHand {} => "raise_hand",
            Self::LowerHand { .. } => "lower_hand",
            Self::LowerAllHands {} => "lower_all_hands",
            Self::GiveFloor { .. } => "give_floor",
            Self::TakeFloor { .. } => "take_floor",
            Self::Publish { .. } => "publish",
            Self::Unpublish { .. } => "unpublish",
            Self::Mute { .. } => "mute",
            Self::MuteAll {} => "mute_all",
            Self::Remove { .. } => "remove",
        }
    }
}

/// One sending m-line of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OfferedSource {
    /// The m-line's `a=mid`.
    pub mid: String,
    pub source: Source,
}

/// What a client wants to see in one video slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct WatchedSlot {
    /// The slot's `a=mid`.
    pub mid: String,
    /// The publication to show; `None` leaves the choice to the server.
    pub publication: Option<PublicationId>,
    /// The height in pixels at which the picture is drawn: no encoding larger than needed is sent.
    pub max_height: Option<u16>,
}

/// How much a participant wants to receive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// The best that the network carries.
    #[default]
    Automatic,
    /// Voice and the screen, without cameras, in the smallest encoding.
    Economy,
    /// Voice only.
    VoiceOnly,
}
