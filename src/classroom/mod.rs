//! A lesson's room as a pure state machine: who is there, who has the floor, what is sent, what was said.
//!
//! Owns every rule about who may do what, and the log of events from which attendance, replay and committees read.
//! Refuses sockets, clocks and stores: it is told the time, and whoever owns it makes the events durable.
//!
//! # What always holds
//! 1. The log's positions rise by one, and its times never go back.
//! 2. Applying a room's log to an empty room gives the same state.
//! 3. A request that is refused changes nothing.
//! 4. At most [`FLOOR_HOLDERS_MAX`] trainees have the floor, each once, and only while the lesson is on air.
//! 5. Hand and floor belong to trainees who are connected or lost for less than 10 s; who has the floor has no hand
//!    raised; hands stand in the order in which they were raised.
//! 6. Nobody sends twice from one source; a trainee sends only a microphone and a camera, and only with the floor;
//!    who observes for a committee sends nothing.
//! 7. Who was removed is gone and stays so.
//! 8. Once the lesson has ended everybody is gone, nothing is sent, and the log grows no more.
//! 9. Somebody who observes for a committee adds nothing to the log but their own coming and going, and whether they see
//!    their page.
//! 10. Nobody is lost for longer than 10 s once `handle_timeout` was told the time.
//! 11. Participants, publications and remembered messages stay within their bounds.
//! 12. Nobody's page is hidden but theirs who are present, and never a device's.
//! 13. A lesson on air from which everybody is gone ends [`ENDS_ALONE_AFTER`] its planned end, or since the last was
//!     there where that was later, once `handle_timeout` was told the time.

mod apply;
#[cfg(test)]
mod properties;
mod request;
mod rights;
mod room;
#[cfg(test)]
mod tests;
mod time;

pub use crate::protocol::LoggedEvent;
pub use request::{Entrant, Refusal, Request};
pub use rights::may;
pub use room::{Attending, LogGap, Room};
pub use time::LessonTime;

use crate::protocol::{AUDIO_SLOTS_MAX, HEARTBEAT_INTERVAL_MS, RETURN_WITHIN_MS, SNAPSHOT_CHAT_MAX};
use std::time::Duration;

/// How many may have the floor at once: everybody hears them and the trainer.
pub const FLOOR_HOLDERS_MAX: usize = 2;

const _: () = assert!(FLOOR_HOLDERS_MAX + 1 == AUDIO_SLOTS_MAX as usize);

/// How many participants a room holds at once, devices included; the next is told `too_many`. A lecture of 1,000 also
/// has those who give it, observe it and record it.
pub const CONNECTED_MAX: usize = 1_100;

/// How many different people a room remembers over its life; a newcomer beyond is told `too_many`.
pub const KNOWN_MAX: usize = 5_000;

const _: () = assert!(KNOWN_MAX >= CONNECTED_MAX);

/// How many publications a room holds at once; the next is told `too_many`. Open microphones of a hundred, and what is
/// shown to them.
pub const PUBLICATIONS_MAX: usize = 128;

/// How many chat messages a room keeps in memory; older ones stay in the log.
pub const CHAT_KEPT_MAX: usize = SNAPSHOT_CHAT_MAX;

/// After how long without a connection somebody is gone.
pub const RETURN_WITHIN: Duration = Duration::from_millis(RETURN_WITHIN_MS);

/// How far apart a connection's signs of life may be without having been interrupted: one heartbeat, and a second on the
/// way. Where a newer connection takes the place of one that was silent for longer, the time between them is no presence.
pub const SIGNS_APART_MAX: Duration = Duration::from_millis(HEARTBEAT_INTERVAL_MS + 1_000);

/// How long a lesson stays on air after its planned end with nobody in it, for a class that was thrown out together to
/// find it again.
pub const ENDS_ALONE_AFTER: Duration = Duration::from_secs(10 * 60);

const _: () = assert!(ENDS_ALONE_AFTER.as_millis() > RETURN_WITHIN.as_millis());
