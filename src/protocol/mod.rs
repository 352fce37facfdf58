//! The contract between the server and its clients: JSON messages over one WebSocket, and the bodies of the REST
//! calls that lead to it. docs/PROTOCOL.md describes their order; `web-client/src/call/protocol.gen.ts` is
//! generated from these types.
//!
//! Owns the wire types only. What they mean for a room is `classroom`'s; what carries them is `signalling`'s.

mod board;
mod client;
mod error;
mod figures;
mod rest;
mod room;
mod server;
#[cfg(test)]
mod typescript;

pub use board::{
    AlarmRule, BOARD_MESSAGE_BYTES_MAX, BOARD_SUBPROTOCOL, BoardAlarm, BoardCard, BoardCause, BoardDetail,
    BoardInstitution, BoardLesson, BoardMessage, BoardRegion, BoardRequest, BoardState,
};
pub use client::{ClientMessage, Command, OfferedSource, Quality, Resume, WatchedSlot};
pub use error::{ByeReason, ErrorCode};
pub use figures::{
    ConnectionType, LessonFigures, LinkFigures, ParticipantFigures, PublicationFigures, ReceivedLayer,
    ReceptionSummary, TransportKind,
};
pub use rest::{FieldFault, InvitationCard, LessonCard, OpenInvitation, Problem, SessionCard, StartSession, Ticket};
pub use room::{
    ChatMessage, FloorHolder, Hand, LeaveReason, LoggedEvent, Participant, ParticipantKind, Phase, Presence,
    Publication, Role, RoomEvent, RoomSnapshot, Source,
};
pub use server::{LimitedBy, ServerMessage, SlotShown};

pub use crate::text::NAME_CHARS_MAX;

/// The version of this protocol; a client names it in `hello`.
pub const PROTOCOL_VERSION: u16 = 1;

/// The WebSocket subprotocol that carries it.
pub const SUBPROTOCOL: &str = "qism.v1";

/// The largest message a client may send, in bytes. A session description of a Chromium with all slots is about
/// 12 kB; anything over this closes the connection with `message_too_big`.
pub const CLIENT_MESSAGE_BYTES_MAX: usize = 64 * 1024;

/// The longest chat message, in Unicode scalar values.
pub const CHAT_TEXT_CHARS_MAX: usize = 2_000;

/// How many chat messages a snapshot carries at most; older ones are in the store.
pub const SNAPSHOT_CHAT_MAX: usize = 200;

/// After how long without a connection somebody is gone, in milliseconds, counted from the last sign of life.
pub const RETURN_WITHIN_MS: u64 = 10_000;

/// How many sounds a client is sent at once.
pub const AUDIO_SLOTS_MAX: u8 = 3;

/// How many pictures a client is sent at once, at most: a screen, the trainer's camera and devices, and those who have
/// the floor.
pub const VIDEO_SLOTS_MAX: u8 = 8;

/// How often a client sends `ping`, in milliseconds.
pub const HEARTBEAT_INTERVAL_MS: u64 = 3_000;

/// How often a client says how its reception was, in milliseconds.
pub const SUMMARY_INTERVAL_MS: u64 = 10_000;

/// After how long without any message a connection is given up, in milliseconds. Four heartbeats, so that one
/// lost on a bad network does not end a lesson, and under the 10 s after which nobody may still count as present.
pub const HEARTBEAT_TIMEOUT_MS: u64 = 9_000;

const _: () = assert!(HEARTBEAT_TIMEOUT_MS >= 3 * HEARTBEAT_INTERVAL_MS);
const _: () = assert!(HEARTBEAT_TIMEOUT_MS < RETURN_WITHIN_MS);
