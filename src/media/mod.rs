//! The media of one room on one shard: who sends what, who gets it, and what is asked of whom.
//!
//! Owns everything between a decrypted packet and a packet ready to be sealed: demultiplexing, reception, repair,
//! encodings, slots, the choice of what is heard and shown, RTCP in both directions. Refuses crypto, sockets and
//! clocks: it is told the time, and writes to a [`Sink`].
//!
//! A packet's path: `forward` (parse, `demux`, `reception`, `positions`, `cache`), `burst` (what leaves together) and, for
//! each receiver, `slot`.
//! What comes back from receivers: `feedback`. What is due by time: `timers`, with `reports`, `layers` and `voices`.

mod arrivals;
mod burst;
mod cache;
mod clock;
mod demux;
mod downlink;
mod feedback;
mod figures;
mod forward;
mod keyframes;
mod layers;
mod loudness;
mod meter;
mod missing;
mod outgoing;
mod packet;
mod peer;
mod positions;
mod publication;
mod reception;
mod relay;
mod reports;
mod resends;
mod room;
mod sink;
mod slot;
mod timeline;
mod timers;
mod voices;

#[cfg(test)]
mod tests;

pub use figures::{Counters, PeerFigures, PublicationFigures};
pub use relay::{EncodingSet, SourcePlace};
pub use room::{Event, ReceiveLimit, Room};
pub use sink::{OutgoingRtp, PeerKey, Sink};

/// The longest compound RTCP packet that a room writes, in bytes: with SRTCP's trailer it stays within the 1,200
/// bytes that pass every path.
pub const RTCP_BYTES_MAX: usize = 1_160;

/// How many m-lines one peer may send on. Further ones of its offer carry nothing.
pub const LINES_MAX: usize = 16;

/// How many slots one peer may have. Further ones of its offer stay empty.
pub const SLOTS_MAX: usize = 32;

/// How many encodings one m-line may have; simulcast in browsers knows three.
pub const ENCODINGS_MAX: usize = 4;

/// How many payload types of one m-line are known. Packets of further ones are dropped.
pub const PAYLOADS_MAX: usize = 24;

macro_rules! index {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        struct $name(u32);

        impl $name {
            fn new(at: usize) -> Self {
                // The slabs are bounded far below 2^32.
                Self(u32::try_from(at).unwrap_or(u32::MAX))
            }

            fn at(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

index! {
    /// A peer's place in its room.
    PeerIndex,
    /// A publication's place in its room.
    PublicationIndex,
    /// A slot's place in its room.
    SlotIndex,
}
