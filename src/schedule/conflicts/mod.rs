//! Who would be in two places at once, and when everybody would be free.

mod free;
mod index;
#[cfg(test)]
mod tests;

pub use free::{DISTANCE_MAX, FREE_MAX, FreeSearch, OpeningHours, STEP, WINDOWS_MAX, Window, nearest_free};

use super::Span;
use crate::ids::{GroupId, LessonId, PersonId, VenueId};
use index::Index;
use serde::{Deserialize, Serialize};

/// The most conflicts that are told at once; who has more to put right begins with these.
pub const CONFLICTS_MAX: usize = 200;

/// Who or what can be in one lesson at a time only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Resource {
    /// A trainer.
    Trainer(PersonId),
    /// A group of trainees.
    Group(GroupId),
    /// A venue with seats.
    Venue(VenueId),
}

/// A time at which somebody is in a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Busy {
    /// Who is.
    pub who: Resource,
    /// When.
    pub span: Span,
    /// In which lesson.
    pub lesson: LessonId,
}

/// A time at which somebody is to be in a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    /// Who is to be.
    pub who: Resource,
    /// When.
    pub span: Span,
    /// In which lesson, where it exists: a lesson that is moved is not in its own way.
    pub lesson: Option<LessonId>,
}

/// A wanted time at which somebody is in another lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conflict {
    /// Which of the wanted times, as an index into them.
    pub wanted: usize,
    /// What is in its way.
    pub with: Busy,
}

/// A venue that has fewer seats than the group has trainees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the venue has {capacity} seats and the group {size} trainees: choose a larger one")]
pub struct VenueTooSmall {
    /// How many are to sit in it.
    pub size: u32,
    /// How many can.
    pub capacity: u32,
}

impl VenueTooSmall {
    /// The stable word for this fault.
    #[must_use]
    pub fn word(&self) -> &'static str {
        "venue_too_small"
    }
}

/// Whether so many trainees find a seat.
///
/// # Errors
///
/// When they do not.
pub fn check_capacity(size: u32, capacity: u32) -> Result<(), VenueTooSmall> {
    if size > capacity { Err(VenueTooSmall { size, capacity }) } else { Ok(()) }
}

/// The conflicts of wanted times with busy ones: per wanted time, in their order, by when the other lesson starts; the
/// first [`CONFLICTS_MAX`] of them. To find conflicts among the wanted times too (an import), give each lesson its id
/// and put them among the busy ones as well.
///
/// It takes O((n + m) log n) for n busy and m wanted times, and O(log n) for each conflict.
///
/// [`first_of_each`] is for those who must hear about every wanted time.
#[must_use]
pub fn find(busy: &[Busy], wanted: &[Wanted]) -> Vec<Conflict> {
    let index = Index::new(busy);
    let mut conflicts = Vec::new();
    for (place, wanted) in wanted.iter().enumerate() {
        let others = |other: &Busy| wanted.lesson != Some(other.lesson);
        index.overlapping(wanted.who, wanted.span, &mut |other| {
            if others(other) {
                conflicts.push(Conflict { wanted: place, with: *other });
            }
            conflicts.len() < CONFLICTS_MAX
        });
        if conflicts.len() >= CONFLICTS_MAX {
            break;
        }
    }
    conflicts
}

/// The first conflict of each wanted time that has one, by when the other lesson starts, of those that `counts`: it is
/// told the wanted time's index and the busy one. There are at most as many as wanted times.
#[must_use]
pub fn first_of_each(busy: &[Busy], wanted: &[Wanted], counts: impl Fn(usize, &Busy) -> bool) -> Vec<Conflict> {
    let index = Index::new(busy);
    let first = |(place, wanted): (usize, &Wanted)| {
        let mut first = None;
        index.overlapping(wanted.who, wanted.span, &mut |other| {
            if wanted.lesson != Some(other.lesson) && counts(place, other) {
                first = Some(Conflict { wanted: place, with: *other });
            }
            first.is_none()
        });
        first
    };
    wanted.iter().enumerate().filter_map(first).collect()
}
