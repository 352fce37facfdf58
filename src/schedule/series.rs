//! A series of lessons: a first start, a rule, and what departs from it.
//!
//! It is checked once, when it is made; after that [`Series::expand`] cannot fail. A lesson of a series is known by its
//! *original* wall time, which stays what it is when the zone's data or the holidays change.

use super::{Rule, RuleFault, Span, Zone};
use crate::schedule::rule::{End, OCCURRENCES_MAX, YEARS_MAX};
use crate::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;
use std::num::NonZeroU16;
use std::time::Duration;

/// The longest lesson of a series; a longer one is refused.
pub const LENGTH_MAX: Duration = Duration::from_hours(24);

/// The most exceptions that a series may carry; with more it is refused.
pub const EXCEPTIONS_MAX: usize = OCCURRENCES_MAX;

/// The years in which lessons may be: what is outside is a slip of the pen.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9_000;

/// What a series is made of, before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesDraft {
    /// The wall time from which the rule counts, and whose time of day its dates have.
    pub start: DateTime,
    /// How much time passes from a lesson's start to its end, whatever clocks do meanwhile.
    pub length: Duration,
    /// Where the wall times are.
    pub zone: Zone,
    /// Which dates there are.
    pub rule: Rule,
    /// Original wall times at which there is no lesson after all (`EXDATE`); they win over `extras`.
    pub exceptions: BTreeSet<DateTime>,
    /// Wall times at which there is one besides (`RDATE`).
    pub extras: BTreeSet<DateTime>,
}

/// A series that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    draft: SeriesDraft,
    /// What the rule gives, in order.
    ruled: Vec<DateTime>,
}

/// Days without lessons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holiday {
    /// The first of them.
    pub from: Date,
    /// The last of them. Where it is before `from`, there are none.
    pub until: Date,
}

/// One lesson of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The wall time by which the series knows it.
    pub original: DateTime,
}

/// A series that was cut in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// What was before the cut; nothing where the cut is at the first lesson.
    pub before: Option<Series>,
    /// The lesson at the cut and all that follow.
    pub after: Series,
}

/// Why a series is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesFault {
    /// The rule is refused, or gives nothing from this start.
    #[error(transparent)]
    Rule(#[from] RuleFault),
    /// It ends when or before it starts.
    #[error("the lesson ends before it starts: set a later end")]
    EndsBeforeItStarts,
    /// It lasts longer than [`LENGTH_MAX`].
    #[error("the lesson is longer than 24 hours: set an earlier end")]
    LessonTooLong,
    /// A time with a fraction of a second.
    #[error("times are whole seconds: leave the fraction out")]
    FractionOfASecond,
    /// A date in no year of a timetable.
    #[error("a date is not in a year from 1970 to 9000: correct the year")]
    YearOutOfRange,
    /// More than [`EXCEPTIONS_MAX`] exceptions.
    #[error("the series has more than {EXCEPTIONS_MAX} exceptions: end it and begin another")]
    TooManyExceptions,
    /// There is no such lesson in the series.
    #[error("the series has no lesson at this time: choose one of its lessons")]
    NoSuchLesson,
}

impl SeriesFault {
    /// The stable word for this fault.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Rule(fault) => fault.word(),
            Self::EndsBeforeItStarts => "lesson_ends_before_it_starts",
            Self::LessonTooLong => "lesson_too_long",
            Self::FractionOfASecond => "time_with_fraction",
            Self::YearOutOfRange => "year_out_of_range",
            Self::TooManyExceptions => "series_too_many_exceptions",
            Self::NoSuchLesson => "series_no_such_lesson",
        }
    }
}

impl Holiday {
    /// Whether a day is one of them.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

impl Occurrence {
    /// Its time.
    #[must_use]
    pub fn span(self) -> Span {
        Span { starts_at: self.starts_at, ends_at: self.ends_at }
    }
}

impl Series {
    /// A series, checked.
    ///
    /// # Errors
    ///
    /// When its rule gives no date from its start, or too many; when a lesson has no length or too much of it; when a
    /// time is out of range.
    pub fn new(draft: SeriesDraft) -> Result<Self, SeriesFault> {
        if draft.length.is_zero() {
            return Err(SeriesFault::EndsBeforeItStarts);
        }
        if draft.length > LENGTH_MAX {
            return Err(SeriesFault::LessonTooLong);
        }
        if draft.exceptions.len() > EXCEPTIONS_MAX {
            return Err(SeriesFault::TooManyExceptions);
        }
        if draft.extras.len() > OCCURRENCES_MAX {
            return Err(RuleFault::TooMany.into());
        }
        for wall in [draft.start].iter().chain(&draft.exceptions).chain(&draft.extras) {
            if wall.subsec_nanosecond() != 0 {
                return Err(SeriesFault::FractionOfASecond);
            }
            if !YEARS.contains(&wall.year()) {
                return Err(SeriesFault::YearOutOfRange);
            }
        }
        let ruled = draft.rule.dates(draft.start, &draft.zone)?;
        let series = Self { draft, ruled };
        series.check_extent()?;
        Ok(series)
    }

    fn check_extent(&self) -> Result<(), SeriesFault> {
        let all: BTreeSet<DateTime> = self.ruled.iter().chain(&self.draft.extras).copied().collect();
        if all.len() > OCCURRENCES_MAX {
            return Err(RuleFault::TooMany.into());
        }
        let (Some(first), Some(last)) = (all.first(), all.last()) else { return Err(RuleFault::NeverOccurs.into()) };
        if last.date() > first.date().saturating_add(YEARS_MAX.years()) {
            return Err(RuleFault::TooFar.into());
        }
        Ok(())
    }

    /// What it is made of.
    #[must_use]
    pub fn draft(&self) -> &SeriesDraft {
        &self.draft
    }

    /// What it is made of, to be changed and checked anew.
    #[must_use]
    pub fn into_draft(self) -> SeriesDraft {
        self.draft
    }

    /// Its lessons in order of time, without those that begin on a holiday, whether the rule or an extra date names
    /// them. A lesson that falls away is not made up for: the rule's `COUNT` counts dates, not lessons that were held.
    #[must_use]
    pub fn expand(&self, holidays: &[Holiday]) -> Vec<Occurrence> {
        let mut lessons: Vec<Occurrence> = self
            .originals()
            .into_iter()
            .filter(|original| !holidays.iter().any(|holiday| holiday.contains(original.date())))
            .map(|original| {
                let starts_at = self.draft.zone.instant(original);
                Occurrence { starts_at, ends_at: starts_at.plus(self.draft.length), original }
            })
            .collect();
        // Where clocks skip an hour, an extra date's wall time may come before another's and its instant not.
        lessons.sort_unstable();
        lessons
    }

    /// The wall times of its lessons, holidays not considered.
    #[must_use]
    pub fn originals(&self) -> BTreeSet<DateTime> {
        let all = self.ruled.iter().chain(&self.draft.extras);
        all.filter(|wall| !self.draft.exceptions.contains(wall)).copied().collect()
    }

    /// The same without one lesson: it was cancelled, or is now a lesson of its own.
    ///
    /// # Errors
    ///
    /// When there is no lesson at that wall time, or too many exceptions.
    pub fn without(&self, original: DateTime) -> Result<Self, SeriesFault> {
        if !self.originals().contains(&original) {
            return Err(SeriesFault::NoSuchLesson);
        }
        let mut draft = self.draft.clone();
        draft.exceptions.insert(original);
        Self::new(draft)
    }

    /// Cuts it at a lesson, for a change of "this and following". Both parts together have exactly its lessons, each
    /// under its original wall time.
    ///
    /// # Errors
    ///
    /// When there is no lesson at that wall time.
    pub fn split(&self, at: DateTime) -> Result<Split, SeriesFault> {
        let originals = self.originals();
        if !originals.contains(&at) {
            return Err(SeriesFault::NoSuchLesson);
        }
        let cut = self.ruled.partition_point(|wall| *wall < at);
        let (ruled_before, ruled_after) = self.ruled.split_at_checked(cut).unwrap_or((&self.ruled, &[]));
        let before_is_empty = originals.first() == Some(&at);
        let before = if before_is_empty { None } else { Some(self.part(ruled_before, |wall| wall < at)?) };
        Ok(Split { before, after: self.part(ruled_after, |wall| wall >= at)? })
    }

    /// The part that has these dates of the rule, and the exceptions and extra dates that `belongs` lets in.
    fn part(&self, ruled: &[DateTime], belongs: impl Fn(DateTime) -> bool) -> Result<Self, SeriesFault> {
        let own = |walls: &BTreeSet<DateTime>| walls.iter().copied().filter(|wall| belongs(*wall)).collect();
        let mut draft = SeriesDraft {
            exceptions: own(&self.draft.exceptions),
            extras: own(&self.draft.extras),
            ..self.draft.clone()
        };
        if let (Some(first), Some(last)) = (ruled.first(), ruled.last()) {
            // A date of the rule keeps its phase: week, month and year of the intervals, and what the start stands for.
            draft.start = *first;
            draft.rule = self.draft.rule.ending(self.end_at(*last, ruled.len()));
        } else {
            draft.start = draft.extras.pop_first().ok_or(SeriesFault::NoSuchLesson)?;
            draft.rule = Rule::once();
        }
        Self::new(draft)
    }

    /// The rule's end, of the kind that it has, where it is to have so many dates up to `last`.
    fn end_at(&self, last: DateTime, count: usize) -> End {
        match self.draft.rule.end() {
            End::Count(_) => End::Count(u16::try_from(count).ok().and_then(NonZeroU16::new).unwrap_or(NonZeroU16::MAX)),
            end if self.ruled.last() == Some(&last) => end,
            End::UntilDate(_) => End::UntilDate(last.date()),
            End::UntilWall(_) => End::UntilWall(last),
            End::UntilInstant(_) => End::UntilInstant(self.draft.zone.instant(last)),
        }
    }
}

#[cfg(test)]
mod tests;
