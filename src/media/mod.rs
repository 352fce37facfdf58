//! The media of one room on one shard: who sends what, who gets it, and what is asked of whom.
//!
//! Owns everything between a decrypted packet and a packet ready to be sealed: demultiplexing, reception, repair,
//! encodings, slots, the choice of what is heard and shown, RTCP in both directions. Refuses crypto, sockets and
//! clocks: it is told the time, and writes to a [`Sink`].

mod room;
mod sink;

pub use room::{Counters, Event, PeerFigures, PublicationFigures, ReceiveLimit, Room};

pub use sink::{OutgoingRtp, PeerKey, Sink};

/// The longest compound RTCP packet that a room writes, in bytes: with SRTCP's trailer it stays within the 1,200
/// bytes that pass every path.
pub const RTCP_BYTES_MAX: usize = 1_160;
