//! The WebSocket from outside: a real server, real connections.

mod abuse;
mod accounts;
mod board;
mod crowd;
mod joining;
mod lesson;
mod media;
mod quality;
mod reports;
mod returning;
#[path = "../support/mod.rs"]
mod support;
