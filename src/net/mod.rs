//! The media plane's side to the outside world: sockets, threads, the clock, randomness.
//!
//! Owns one thread per shard with one UDP port and the same TCP port. Refuses to look into packets: a shard does.
//! [`batch`] stands alone under the feature of its name: the load test measures with it what a machine can send.

pub mod batch;

#[cfg(feature = "server")]
mod addresses;
#[cfg(feature = "server")]
mod directory;
#[cfg(feature = "server")]
mod media_loop;
#[cfg(feature = "server")]
mod media_plane;
#[cfg(feature = "server")]
mod ports;
#[cfg(feature = "server")]
mod relay;
#[cfg(feature = "server")]
mod shard_thread;
#[cfg(feature = "server")]
mod tcp;
#[cfg(feature = "server")]
mod udp;

#[cfg(feature = "server")]
pub use media_loop::{LoopFault, Reached};
#[cfg(feature = "server")]
pub use media_plane::{Accepted, IceRestarted, MediaPlane, MediaPlaneOptions, OfferRejected, StartError};
