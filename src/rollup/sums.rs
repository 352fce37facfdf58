use super::facts::{Facts, Given, Reception, Tool};
use crate::ids::{CourseId, GroupId, PersonId};
use crate::units::percent;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What lessons are added up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// In days since 1970-01-01.
    pub day: i32,
    pub course: CourseId,
    pub group: GroupId,
    pub trainer: PersonId,
}

/// A start that is no later than this is in time, in microseconds: nobody begins on the second.
pub const LATE_AFTER_US: u64 = 60_000_000;

/// What many lessons come to. All are counts and whole microseconds: adding and taking off leave no trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Lessons that were not called off.
    pub planned: u64,
    pub cancelled: u64,
    pub given: u64,
    /// Of those given, how many began later than [`LATE_AFTER_US`] after their planned start.
    pub late: u64,
    pub planned_us: u64,
    pub given_us: u64,
    pub late_us: u64,
    /// Trainees expected in the lessons that were given, and how many came, each as often as there were lessons.
    pub expected: u64,
    pub came: u64,
    /// The time for which they were expected, and for which they were there.
    pub expected_us: u64,
    pub present_us: u64,
    pub bytes: u64,
    pub speech_minutes: u64,
    pub speech_tenths: u64,
    pub picture_minutes: u64,
    pub picture_tenths: u64,
    pub tools: ToolCounts,
}

/// In how many of the lessons that were given each tool was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToolCounts {
    pub camera: u64,
    pub screen: u64,
    pub chat: u64,
    pub hands: u64,
    pub floor: u64,
}

/// What a report compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    Institution,
    Day,
    Course,
    Group,
    Trainer,
}

/// One of what is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Institution,
    Day(i32),
    Course(CourseId),
    Group(GroupId),
    Trainer(PersonId),
}

/// The sums of an institution's lessons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rollup {
    sums: BTreeMap<Key, Sums>,
}

impl Rollup {
    /// Adds up all of these, each lesson once.
    #[must_use]
    pub fn of<'a>(lessons: impl IntoIterator<Item = &'a Facts>) -> Self {
        let mut rollup = Self::default();
        lessons.into_iter().for_each(|facts| rollup.replace(None, Some(facts)));
        rollup
    }

    /// Takes off what a lesson was when it was added, and adds what it is now; either may be nothing.
    pub fn replace(&mut self, before: Option<&Facts>, after: Option<&Facts>) {
        if let Some(before) = before {
            let key = Key::of(before);
            let left = self.sums.get_mut(&key).map(|sums| {
                sums.combine(&Sums::of(before), u64::saturating_sub);
                *sums
            });
            // What nothing is left of is as if it had never been.
            if left == Some(Sums::default()) {
                self.sums.remove(&key);
            }
        }
        if let Some(after) = after {
            self.sums.entry(Key::of(after)).or_default().add(&Sums::of(after));
        }
    }

    /// Every day's sums of each course, group and trainer.
    pub fn rows(&self) -> impl Iterator<Item = (&Key, &Sums)> {
        self.sums.iter()
    }

    /// What the lessons of some days come to, by subject.
    #[must_use]
    pub fn by(&self, by: By, days: RangeInclusive<i32>) -> BTreeMap<Subject, Sums> {
        let mut subjects: BTreeMap<Subject, Sums> = BTreeMap::new();
        for (key, sums) in self.sums.iter().filter(|(key, _)| days.contains(&key.day)) {
            let subject = match by {
                By::Institution => Subject::Institution,
                By::Day => Subject::Day(key.day),
                By::Course => Subject::Course(key.course),
                By::Group => Subject::Group(key.group),
                By::Trainer => Subject::Trainer(key.trainer),
            };
            subjects.entry(subject).or_default().add(sums);
        }
        subjects
    }
}

impl Key {
    fn of(facts: &Facts) -> Self {
        Self { day: facts.day, course: facts.course, group: facts.group, trainer: facts.trainer }
    }
}

impl Sums {
    /// What one lesson adds.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        if facts.is_cancelled {
            return Self { cancelled: 1, ..Self::default() };
        }
        let planned = Self { planned: 1, planned_us: facts.planned_us, ..Self::default() };
        let Some(given) = facts.given else { return planned };
        let Given { us, late_us, expected, came, present_us, bytes, speech, picture, tools } = given;
        let expected_us = u64::from(expected).saturating_mul(facts.planned_us);
        let Reception { minutes: speech_minutes, tenths: speech_tenths } = speech;
        let Reception { minutes: picture_minutes, tenths: picture_tenths } = picture;
        Self {
            given: 1,
            late: u64::from(late_us > LATE_AFTER_US),
            given_us: us,
            late_us,
            expected: expected.into(),
            came: came.min(expected).into(),
            expected_us,
            present_us: present_us.min(expected_us),
            bytes,
            speech_minutes: speech_minutes.into(),
            speech_tenths,
            picture_minutes: picture_minutes.into(),
            picture_tenths,
            tools: ToolCounts {
                camera: tools.has(Tool::Camera).into(),
                screen: tools.has(Tool::Screen).into(),
                chat: tools.has(Tool::Chat).into(),
                hands: tools.has(Tool::Hands).into(),
                floor: tools.has(Tool::Floor).into(),
            },
            ..planned
        }
    }

    /// How its numbers are called, in the order of [`Sums::values`].
    pub const NAMES: [&'static str; 21] = [
        "planned",
        "cancelled",
        "given",
        "late",
        "planned_us",
        "given_us",
        "late_us",
        "expected",
        "came",
        "expected_us",
        "present_us",
        "bytes",
        "speech_minutes",
        "speech_tenths",
        "picture_minutes",
        "picture_tenths",
        "with_camera",
        "with_screen",
        "with_chat",
        "with_hands",
        "with_floor",
    ];

    /// All its numbers.
    #[must_use]
    pub fn values(&self) -> [u64; 21] {
        let ToolCounts { camera, screen, chat, hands, floor } = self.tools;
        [
            self.planned,
            self.cancelled,
            self.given,
            self.late,
            self.planned_us,
            self.given_us,
            self.late_us,
            self.expected,
            self.came,
            self.expected_us,
            self.present_us,
            self.bytes,
            self.speech_minutes,
            self.speech_tenths,
            self.picture_minutes,
            self.picture_tenths,
            camera,
            screen,
            chat,
            hands,
            floor,
        ]
    }

    /// The sums with these numbers.
    #[must_use]
    pub fn from_values(values: [u64; 21]) -> Self {
        let [
            planned,
            cancelled,
            given,
            late,
            planned_us,
            given_us,
            late_us,
            expected,
            came,
            expected_us,
            present_us,
            bytes,
            speech_minutes,
            speech_tenths,
            picture_minutes,
            picture_tenths,
            camera,
            screen,
            chat,
            hands,
            floor,
        ] = values;
        let tools = ToolCounts { camera, screen, chat, hands, floor };
        Self {
            planned,
            cancelled,
            given,
            late,
            planned_us,
            given_us,
            late_us,
            expected,
            came,
            expected_us,
            present_us,
            bytes,
            speech_minutes,
            speech_tenths,
            picture_minutes,
            picture_tenths,
            tools,
        }
    }

    /// Adds what other lessons come to.
    pub fn add(&mut self, other: &Self) {
        self.combine(other, u64::saturating_add);
    }

    /// The share of the expected time for which trainees were there, in percent; `None` where none was expected.
    #[must_use]
    pub fn attendance_percent(&self) -> Option<f64> {
        percent(self.present_us, self.expected_us)
    }

    /// How many of the lessons that were given began in time, in percent; `None` where none was given.
    #[must_use]
    pub fn punctual_percent(&self) -> Option<f64> {
        percent(self.given.saturating_sub(self.late), self.given)
    }

    /// The share of the planned hours that were given, in percent and no more than all; `None` where none was planned.
    #[must_use]
    pub fn given_percent(&self) -> Option<f64> {
        percent(self.given_us.min(self.planned_us), self.planned_us)
    }

    /// The mean of all minutes' scores for speech, 0 to 100.
    #[must_use]
    pub fn speech(&self) -> Option<f64> {
        mean(self.speech_tenths, self.speech_minutes)
    }

    /// The same for pictures.
    #[must_use]
    pub fn picture(&self) -> Option<f64> {
        mean(self.picture_tenths, self.picture_minutes)
    }

    fn combine(&mut self, other: &Self, with: fn(u64, u64) -> u64) {
        let mut values = self.values();
        values.iter_mut().zip(other.values()).for_each(|(ours, theirs)| *ours = with(*ours, theirs));
        *self = Self::from_values(values);
    }
}

fn mean(tenths: u64, minutes: u64) -> Option<f64> {
    (minutes > 0).then(|| tenths as f64 / minutes as f64 / 10.0)
}
