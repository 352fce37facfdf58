use super::error::{ByeReason, ErrorCode};
use super::figures::LessonFigures;
use super::room::{Role, RoomEvent, RoomSnapshot};
use crate::ids::{EventSeq, ParticipantId, PublicationId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ServerMessage {
    /// The answer to `hello`.
    Welcome {
        /// The version of the protocol that the server speaks.
        protocol: u16,
        participant: ParticipantId,
        role: Role,
        /// The server's clock, to show times by it.
        now: Timestamp,
        /// The room; absent where the client resumes: then the events it missed follow.
        snapshot: Option<Box<RoomSnapshot>>,
        /// How many slots an offer may ask for.
        audio_slots_max: u8,
        video_slots_max: u8,
    },
    /// Something happened in the room; `seq` rises by one from event to event.
    Event {
        seq: EventSeq,
        at: Timestamp,
        event: RoomEvent,
    },
    /// The request was carried out and is durable.
    Ok {
        #[cfg_attr(test, ts(type = "number"))]
        id: u32,
    },
    /// The request was refused and nothing changed; without `id`, what is wrong with the connection.
    Error {
        #[cfg_attr(test, ts(type = "number | null"))]
        id: Option<u32>,
        code: ErrorCode,
        /// What to do about it, in English.
        message: String,
    },
    /// The answer to `offer`.
    Answer {
        #[cfg_attr(test, ts(type = "number"))]
        id: u32,
        sdp: String,
    },
    /// What this client's slots show from now on; every slot, whenever one changes.
    Slots {
        slots: Vec<SlotShown>,
    },
    /// Who is speaking now, loudest first; sent when it changes, at most 4 times a second.
    Speaking {
        participants: Vec<ParticipantId>,
    },
    /// How this client's own reception is; sent when it changes.
    Reception {
        limited_by: LimitedBy,
        /// What was lost of what the server sent, in percent, over the last seconds.
        lost_percent: f32,
        #[cfg_attr(test, ts(type = "number | null"))]
        round_trip_ms: Option<u32>,
    },
    /// The lesson's live figures, once a second; to trainers and committee only.
    Figures {
        figures: LessonFigures,
    },
    Pong {
        at: f64,
    },
    /// The last message before the server closes.
    Bye {
        reason: ByeReason,
    },
}

/// What one slot shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SlotShown {
    /// The slot's `a=mid` in the client's offer.
    pub mid: String,
    pub publication: Option<PublicationId>,
}

/// What keeps a receiver from the best encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LimitedBy {
    /// Nothing: all that is useful is sent.
    #[default]
    Nothing,
    /// The receiver's own choice of quality.
    Choice,
    /// The receiver's network: it loses packets or has too little rate.
    Network,
}
