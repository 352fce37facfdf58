//! Peers and media of many rooms on one thread: told the time, handed datagrams, drained of datagrams and events.
//!
//! A shard shares nothing. The services reach it by [`Command`]s and hear from it by [`Event`]s.

mod command;

pub use command::{
    Command, DisconnectCause, Event, Figures, PeerFigures, PublicationMeasure, ReceiveLimit, ShardCounters,
};
