//! Lessons of the invented country around this moment, for a board to be looked at: most of them on air.

use super::Size;
use super::country::Country;
use crate::ids::{InstitutionId, LessonId};
use crate::time::Timestamp;
use serde_json::{Map, Value};
use std::time::Duration;

/// The country that a demo has.
pub const SIZE: Size = Size { institutions: 420, trainees: GROUPS * TRAINEES, lessons: 0 };

/// How many groups there are, and how many trainees each has.
const GROUPS: u32 = 2_240;
pub const TRAINEES: u32 = 25;

/// So many groups' lessons are on air: 50,000 trainees are expected.
const ON_AIR: u32 = 2_000;

/// What is to become of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It began on time, or nearly.
    OnAir,
    /// It is on air, and fewer than half came.
    Empty,
    /// It is on air, and the trainer's voice arrives badly.
    Unheard,
    /// The trainees are there, the trainer is not.
    NoTrainer,
    /// Its start has passed by some minutes.
    Late,
    /// Nobody came.
    NotStarted,
    Ended,
    EndedEarly,
    /// It is to begin within the hour.
    Planned,
}

/// A lesson around this moment.
#[derive(Clone, Debug)]
pub struct Lesson {
    pub id: LessonId,
    pub institution: InstitutionId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub course: Course,
    /// Its record.
    pub row: Map<String, Value>,
}

const MINUTE: i64 = 60;

/// The lessons around a moment: one for each group, and for some another within the hour.
pub fn lessons(now: Timestamp) -> Vec<Lesson> {
    let country = Country::new(SIZE, now, None);
    let groups = (0..GROUPS).map(|group| (group, course_of(group)));
    let later = (0..ON_AIR).filter(|group| group % 8 == 0).map(|group| (group, Course::Planned));
    // Ids of the minute: each start of a demo has lessons of its own.
    let batch = u32::try_from(now.seconds().div_euclid(MINUTE).rem_euclid(1 << 18)).unwrap_or_default() << 13;
    let numbered = (batch..).zip(groups.chain(later));
    numbered
        .map(|(number, (group, course))| {
            let (starts_at, ends_at) = times(group, course, now);
            let (id, institution, row) = country.lesson_around(number, group, starts_at, ends_at);
            Lesson { id, institution, starts_at, ends_at, course, row }
        })
        .collect()
}

fn course_of(group: u32) -> Course {
    // Spread over the country: neighbours in number are neighbours in place.
    let turn = group.wrapping_mul(1_103) % GROUPS;
    match turn {
        0..24 => Course::Empty,
        24..40 => Course::Unheard,
        40..52 => Course::NoTrainer,
        52..ON_AIR => Course::OnAir,
        ON_AIR..2_070 => Course::Late,
        2_070..2_100 => Course::NotStarted,
        2_100..2_160 => Course::Ended,
        2_160..2_190 => Course::EndedEarly,
        _ => Course::Planned,
    }
}

/// When a lesson is planned: on a whole minute, which depends on its group.
fn times(group: u32, course: Course, now: Timestamp) -> (Timestamp, Timestamp) {
    let spread = i64::from(group % 12) * 5;
    let start = match course {
        Course::OnAir => -15 - spread,
        Course::Empty | Course::Unheard | Course::NoTrainer => -20 - spread,
        Course::Late => -1 - i64::from(group % 8),
        Course::NotStarted => -12 - i64::from(group % 40),
        Course::Ended => -120 - i64::from(group % 40),
        Course::EndedEarly => -95,
        Course::Planned => 5 + i64::from(group % 50),
    };
    let minute = Timestamp(now.seconds().div_euclid(MINUTE) * MINUTE * 1_000_000);
    let starts_at = Timestamp(minute.micros() + start * MINUTE * 1_000_000);
    (starts_at, starts_at.plus(Duration::from_secs(2 * 3_600)))
}
