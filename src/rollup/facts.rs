use crate::ids::{CourseId, GroupId, LessonId, PersonId};

/// All that sums need of one lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub lesson: LessonId,
    /// The day of its planned start in the institution's time zone, in days since 1970-01-01.
    pub day: i32,
    pub course: CourseId,
    pub group: GroupId,
    /// Who gave it, or was to.
    pub trainer: PersonId,
    /// It was called off: it counts as such, and for nothing else.
    pub is_cancelled: bool,
    /// From its planned start to its planned end, in microseconds.
    pub planned_us: u64,
    /// What became of it; `None` where it did not take place (yet).
    pub given: Option<Given>,
}

/// What became of a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// How long it was on air, in microseconds.
    pub us: u64,
    /// How much later than planned it began; 0 where it did not.
    pub late_us: u64,
    /// How many trainees were expected, and how many of them came.
    pub expected: u32,
    pub came: u32,
    /// Their presence within the planned time, together, as the institution's rule counts it; corrections included.
    pub present_us: u64,
    /// What was sent to all participants and by them, in bytes.
    pub bytes: u64,
    pub speech: Reception,
    pub picture: Reception,
}

/// A lesson's minutes of one kind that have a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    pub minutes: u32,
    /// Sum of their scores, in tenths of a point.
    pub tenths: u64,
}
