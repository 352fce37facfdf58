//! The media plane's side to the outside world: sockets, threads, the clock, randomness.

mod media_plane;

pub use media_plane::{Accepted, MediaPlane, MediaPlaneOptions, OfferRejected, StartError};
