//! What lessons come to, as answers have it.

use crate::rollup::{Sums, ToolCounts};
use serde::Serialize;
use utoipa::ToSchema;

/// What some lessons come to. Rates are in percent, with all their decimals; each is absent where nothing can be said.
#[derive(Clone, Serialize, ToSchema)]
pub struct Figures {
    /// Lessons that were not called off, and whose planned end has passed.
    planned: u64,
    /// Of these, how many were on air.
    given: u64,
    cancelled: u64,
    /// Of those given, how many began after their planned start.
    late: u64,
    /// These are in microseconds.
    planned_us: u64,
    given_us: u64,
    late_us: u64,
    /// Trainees expected in the lessons that were given, and how many of them came, each as often as there were lessons.
    expected: u64,
    came: u64,
    /// For how long they were expected, and for how long of that they were there, by the rule of each institution.
    expected_us: u64,
    present_us: u64,
    /// What was sent to participants and by them.
    bytes: u64,
    tools: ToolFigures,
    /// The mean of the minutes' scores, 0 to 100 (docs/QUALITY-SCORE.md).
    speech: Option<f64>,
    picture: Option<f64>,
    /// `present_us` of `expected_us`.
    attendance_percent: Option<f64>,
    /// Lessons that began in time, of those given.
    punctual_percent: Option<f64>,
    /// `given_us` of `planned_us`, at most 100.
    given_percent: Option<f64>,
}

/// In how many of the lessons that were given each tool was used.
#[derive(Clone, Serialize, ToSchema)]
pub struct ToolFigures {
    camera: u64,
    screen: u64,
    chat: u64,
    /// Somebody raised a hand.
    hands: u64,
    /// A trainee was given the floor.
    floor: u64,
}

impl From<&Sums> for Figures {
    fn from(sums: &Sums) -> Self {
        let ToolCounts { camera, screen, chat, hands, floor } = sums.tools;
        Self {
            planned: sums.planned,
            given: sums.given,
            cancelled: sums.cancelled,
            late: sums.late,
            planned_us: sums.planned_us,
            given_us: sums.given_us,
            late_us: sums.late_us,
            expected: sums.expected,
            came: sums.came,
            expected_us: sums.expected_us,
            present_us: sums.present_us,
            bytes: sums.bytes,
            tools: ToolFigures { camera, screen, chat, hands, floor },
            speech: sums.speech(),
            picture: sums.picture(),
            attendance_percent: sums.attendance_percent(),
            punctual_percent: sums.punctual_percent(),
            given_percent: sums.given_percent(),
        }
    }
}
