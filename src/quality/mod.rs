//! Quality of service: how much of a lesson reached whom, and what took the rest.
//!
//! A [`Minute`] holds what both ends measured of every participant: the server of its links, each second, and clients
//! of their own reception, where the person agrees. [`minute`] makes scores, parts and causes of one, [`lesson`] of a
//! lesson's minutes. docs/QUALITY-SCORE.md explains the scores; what it says holds here and nowhere else.
//!
//! Owns the figures and what they mean; refuses to know where they come from, who may see them, and people's names.

mod cause;
mod figures;
mod review;
mod score;
#[cfg(test)]
mod tests;

pub use cause::{Cause, CauseCode};
pub use figures::{ClientSums, LinkSums, Minute, Part, ParticipantMinute, Second};
pub use review::{
    LessonReview, LostMinutes, MinuteCause, MinuteReview, ParticipantReview, ParticipantSum, lesson, minute,
};
pub use score::{Measured, PictureParts, Score, SpeechParts};
