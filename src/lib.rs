//! Qism: a virtual classroom and distance-learning server for vocational training.
//!
//! The modules below stand in layer order; a module imports only from its own line's right and from lower
//! layers, and `tests/layers.rs` holds that. L0 to L2 build without the feature `server`: no tokio, axum or sqlx.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests may read the clock"))]

// L0: words. No I/O, no clock, no randomness.
pub mod ids;
pub mod protocol;
pub mod rtp;
pub mod text;
pub mod time;
pub mod units;

// L1: logic. Sans-I/O; siblings do not import each other.
pub mod attendance;
pub mod classroom;
#[cfg(feature = "import")]
pub mod import;
pub mod media;
pub mod peer;
pub mod quality;
pub mod retention;
pub mod rollup;
pub mod schedule;

// L2: composition. Peers and media of many rooms on one thread.
pub mod shard;

// L3: adapters to the outside world.
#[cfg(feature = "batch")]
pub mod net;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod web;

// L4: services.
#[cfg(feature = "server")]
pub mod auth;
#[cfg(feature = "server")]
pub mod board;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod insight;
#[cfg(feature = "server")]
pub mod notify;
#[cfg(feature = "server")]
pub mod rooms;
#[cfg(feature = "server")]
pub mod signalling;

// L5: the program.
#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod config;
