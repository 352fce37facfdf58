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
    pub tools: Tools,
}

/// What can be used in a lesson besides speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Camera,
    Screen,
    Chat,
    /// Somebody raised a hand.
    Hands,
    /// A trainee was given the floor.
    Floor,
}

/// Which tools were used in a lesson, by whomever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tools(u8);

impl Tool {
    pub const ALL: [Self; 5] = [Self::Camera, Self::Screen, Self::Chat, Self::Hands, Self::Floor];

    fn bit(self) -> u8 {
        match self {
            Self::Camera => 1,
            Self::Screen => 2,
            Self::Chat => 4,
            Self::Hands => 8,
            Self::Floor => 16,
        }
    }
}

impl Tools {
    /// These with one more.
    #[must_use]
    pub fn with(self, tool: Tool) -> Self {
        Self(self.0 | tool.bit())
    }

    #[must_use]
    pub fn has(self, tool: Tool) -> bool {
        self.0 & tool.bit() != 0
    }

    /// As one number: a bit for each.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// From such a number; bits that stand for nothing are passed over.
    #[must_use]
    pub fn from_bits(bits: u8) -> Self {
        let known = Tool::ALL.into_iter().filter(|tool| bits & tool.bit() != 0);
        known.fold(Self::default(), Self::with)
    }
}

/// A lesson's minutes of one kind that have a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    pub minutes: u32,
    /// Sum of their scores, in tenths of a point.
    pub tenths: u64,
}
