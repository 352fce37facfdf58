//! The scenarios: each says who is in the rooms and what is measured. What they share is the [`stage`].

pub mod churn;
pub mod idle;
pub mod janus;
pub mod joining;
pub mod lecture;
pub mod open_mics;
pub mod outcome;
pub mod pages;
pub mod person;
pub mod progress;
pub mod seminars;
pub mod stage;
pub mod storm;

/// Packets a second of one voice.
const VOICE_RATE: f64 = 50.0;

/// How many packets a second a picture of this rate is, in bits a second and frames a second.
fn picture_rate(bitrate_bps: u64, frames_per_second: u32) -> f64 {
    let frame = crate::client::frame::Frame {
        picture_id: 0,
        keyframe: false,
        width: 0,
        height: 0,
        bytes: usize::try_from(bitrate_bps / 8 / u64::from(frames_per_second)).unwrap_or(0),
    };
    frame.sizes().len() as f64 * f64::from(frames_per_second)
}
