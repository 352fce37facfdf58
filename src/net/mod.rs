//! The media plane's side to the outside world: sockets, threads, the clock, randomness.
//!
//! Owns one thread per shard with one UDP port and the same TCP port. Refuses to look into packets: a shard does.

mod addresses;
mod directory;
mod media_plane;
mod ports;
mod relay;
mod shard_thread;
mod tcp;
mod udp;

pub use media_plane::{Accepted, IceRestarted, MediaPlane, MediaPlaneOptions, OfferRejected, StartError};
