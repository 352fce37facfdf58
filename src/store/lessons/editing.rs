//! Changes of lessons that are there: this one, this and those that follow, or all of a series that are still to come.

use super::busy::{Circumstances, Clashes, Slot, look};
use super::connection::Timetable;
use super::rows::{Named, TimetableLesson};
use super::series::{LessonSeries, listed, moved};
use crate::ids::{LessonId, PersonId, SeriesId, UnitId, VenueId};
use crate::protocol::Phase;
use crate::schedule::{Holiday, SeriesFault, Span};
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::periods::ClosedDays;
use crate::store::records::{Change, StoreError};
use crate::store::rollup::recount;
use crate::time::Timestamp;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use std::time::Duration;

/// How far a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditScope {
    /// The one lesson; it stays of its series, and keeps what it has of its own.
    This,
    /// It and those after it, which become a series of their own.
    Following,
    /// All of its series that have not begun.
    All,
}

/// What is to be changed; what is absent stays.
#[derive(Clone, Debug)]
pub struct LessonEdit {
    pub scope: EditScope,
    /// The version of the lesson that its editor saw.
    pub version: i64,
    pub title: Option<String>,
    pub trainer: Option<PersonId>,
    pub venue: Option<Option<VenueId>>,
    pub unit: Option<Option<UnitId>>,
    /// When the lesson starts by the wall clock of its zone; others of the series move as far.
    pub starts: Option<DateTime>,
    pub minutes: Option<u32>,
    /// The id of the series that the change cuts off, where it does.
    pub new_series: SeriesId,
    pub closed: Vec<ClosedDays>,
}

/// Somebody stands in for a lesson's trainer.
#[derive(Clone, Debug)]
pub struct Substitution {
    pub version: i64,
    pub trainer: PersonId,
    pub closed: Vec<ClosedDays>,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    Done,
    /// Nothing was written: this is in the way.
    Clashes(Clashes),
    /// Nothing was written: the lesson began, or is over.
    Begun,
    /// Nothing was written: no lesson is given on that day; these days are called so.
    OnClosedDay(String),
    /// Nothing was written: the series can't be so.
    Series(SeriesFault),
}

/// What a change writes.
struct Writes {
    lessons: Vec<TimetableLesson>,
    series: Option<SeriesWrites>,
}

/// The series after a change: what is left of it, and what was cut off.
struct SeriesWrites {
    kept: Option<LessonSeries>,
    cut_off: Option<LessonSeries>,
}

impl InstitutionStore {
    /// Changes lessons that have not begun.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where the lesson has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn edit_lessons(&self, lesson: LessonId, edit: &LessonEdit, by: &Change) -> Result<Edited, StoreError> {
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            let target = seen(&mut *tx, &of, lesson, edit.version).await?;
            if target.phase != Phase::Planned {
                return Ok(Edited::Begun);
            }
            let before = within(&mut *tx, &of, &target, edit.scope, by.at).await?;
            let series = match target.series.filter(|_| edit.scope != EditScope::This) {
                Some(series) => tx.series(&of, series).await?,
                None => None,
            };
            let writes = match plan(&target, &before, series.as_ref(), edit, by.at) {
                Ok(writes) => writes,
                Err(refused) => return Ok(*refused),
            };
            if edit.takes_slots() && let Some(clashes) = fits(&mut *tx, &of, &writes.lessons, edit, by.at).await? {
                return Ok(Edited::Clashes(clashes));
            }
            write(&mut *tx, &of, &before, &writes, by.at).await?;
            let changed: Vec<LessonId> = writes.lessons.iter().map(|lesson| lesson.id).collect();
            recount(&mut *tx, &of, &changed, by.at).await?;
            Edited::Done
        })
    }

    /// Lets somebody stand in for a lesson's trainer, who no longer comes in as such; the planned trainer back again,
    /// and nobody stands in.
    ///
    /// # Errors
    /// As [`InstitutionStore::edit_lessons`].
    pub async fn substitute_trainer(
        &self,
        lesson: LessonId,
        wanted: &Substitution,
        by: &Change,
    ) -> Result<Edited, StoreError> {
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            let mut target = seen(&mut *tx, &of, lesson, wanted.version).await?;
            if target.phase != Phase::Planned {
                return Ok(Edited::Begun);
            }
            let replaced = std::mem::replace(&mut target.trainer, nameless(wanted.trainer));
            let planned = target.planned_trainer.take().unwrap_or_else(|| replaced.clone());
            target.planned_trainer = (planned.id != wanted.trainer).then_some(planned);
            let slots: Vec<Slot> = slots(std::slice::from_ref(&target)).collect();
            let holidays = holidays(&wanted.closed);
            let circumstances = Circumstances { holidays: &holidays, now: by.at, seats: None };
            if let Some(clashes) = look(&mut *tx, &of, &slots, &circumstances).await? {
                return Ok(Edited::Clashes(clashes));
            }
            tx.write_lesson(&of, &target, by.at).await?;
            if replaced.id != wanted.trainer {
                tx.turn_away(&of, lesson, replaced.id, by.at).await?;
            }
            recount(&mut *tx, &of, &[lesson], by.at).await?;
            Edited::Done
        })
    }

    /// The lessons that a change of one would be about: itself, and those of its series that have not begun.
    pub async fn lessons_within(
        &self,
        lesson: LessonId,
        scope: EditScope,
        now: Timestamp,
    ) -> Result<Vec<TimetableLesson>, StoreError> {
        let of = self.institution.to_string();
        in_transaction!(self, tx => {
            match tx.lesson(&of, lesson).await? {
                Some(target) => within(&mut *tx, &of, &target, scope, now).await?,
                None => Vec::new(),
            }
        })
    }
}

impl LessonEdit {
    fn takes_slots(&self) -> bool {
        self.starts.is_some() || self.minutes.is_some() || self.trainer.is_some() || self.venue.is_some()
    }

    fn length(&self, of: &TimetableLesson) -> Duration {
        self.minutes.map_or_else(|| of.span.length(), |minutes| Duration::from_secs(u64::from(minutes) * 60))
    }
}

/// The lesson, as its editor saw it.
pub(super) async fn seen(
    tx: &mut impl Timetable,
    of: &str,
    lesson: LessonId,
    version: i64,
) -> Result<TimetableLesson, StoreError> {
    let lesson = tx.lesson(of, lesson).await?.ok_or(StoreError::Missing)?;
    if lesson.version == version { Ok(lesson) } else { Err(StoreError::Stale) }
}

/// The lessons that a change is about, by their starts.
pub(super) async fn within(
    tx: &mut impl Timetable,
    of: &str,
    target: &TimetableLesson,
    scope: EditScope,
    now: Timestamp,
) -> Result<Vec<TimetableLesson>, StoreError> {
    let Some(series) = target.series.filter(|_| scope != EditScope::This) else { return Ok(vec![target.clone()]) };
    let mut lessons = tx.lessons_of(of, series).await?;
    lessons.retain(|lesson| {
        let to_come = lesson.phase == Phase::Planned && lesson.span.starts_at > now;
        let follows = scope == EditScope::All || lesson.series_start >= target.series_start;
        lesson.id == target.id || (to_come && follows)
    });
    Ok(lessons)
}

/// What a change makes of lessons; pure, so that what is written follows from what was read alone.
fn plan(
    target: &TimetableLesson,
    before: &[TimetableLesson],
    series: Option<&LessonSeries>,
    edit: &LessonEdit,
    now: Timestamp,
) -> Result<Writes, Box<Edited>> {
    let by = match (edit.starts, target.series_start, series) {
        (Some(starts), Some(original), Some(_)) => starts.duration_since(original),
        _ => SignedDuration::ZERO,
    };
    let mut lessons = Vec::with_capacity(before.len());
    for lesson in before {
        let mut changed = lesson.clone();
        describe(&mut changed, edit);
        if lesson.id == target.id {
            place_target(&mut changed, edit)?;
        } else if !lesson.is_moved() {
            place_along(&mut changed, edit, by, now);
        }
        if series.is_some() {
            changed.series_start = changed.series_start.and_then(|start| start.checked_add(by).ok());
        }
        lessons.push(changed);
    }
    let series = series.map(|series| plan_series(target, before, series, edit, by)).transpose();
    let series = series.map_err(|fault| Box::new(Edited::Series(fault)))?;
    if let Some(cut_off) = series.as_ref().and_then(|series| series.cut_off.as_ref()) {
        for lesson in &mut lessons {
            lesson.series = Some(cut_off.id);
        }
    }
    Ok(Writes { lessons, series })
}

/// What is not about time.
fn describe(lesson: &mut TimetableLesson, edit: &LessonEdit) {
    if let Some(title) = &edit.title {
        lesson.title.clone_from(title);
    }
    if let Some(trainer) = edit.trainer {
        match &mut lesson.planned_trainer {
            // Who stands in for one lesson still does where the others get another trainer.
            Some(planned) if edit.scope != EditScope::This => *planned = nameless(trainer),
            planned => {
                *planned = None;
                lesson.trainer = nameless(trainer);
            }
        }
    }
    if let Some(venue) = edit.venue {
        lesson.venue = venue.map(nameless);
    }
    if let Some(unit) = edit.unit {
        lesson.unit = unit.map(nameless);
    }
}

/// The lesson that was named gets the time that was named.
fn place_target(lesson: &mut TimetableLesson, edit: &LessonEdit) -> Result<(), Box<Edited>> {
    let length = edit.length(lesson);
    let starts_at = edit.starts.map_or(lesson.span.starts_at, |starts| lesson.zone.instant(starts));
    lesson.span = Span::lasting(starts_at, length);
    match edit.starts.and_then(|starts| closed_on(&edit.closed, starts)) {
        Some(closed) if lesson.cancelled_at.is_none() => Err(Box::new(Edited::OnClosedDay(closed.name.clone()))),
        _ => Ok(()),
    }
}

/// A lesson that is where its series has it stays there; where that is now a day without lessons, it is cancelled.
fn place_along(lesson: &mut TimetableLesson, edit: &LessonEdit, by: SignedDuration, now: Timestamp) {
    let length = edit.length(lesson);
    let wall = lesson.series_start.and_then(|start| start.checked_add(by).ok());
    let Some(wall) = wall.filter(|_| !by.is_zero()) else {
        lesson.span = Span::lasting(lesson.span.starts_at, length);
        return;
    };
    lesson.span = Span::lasting(lesson.zone.instant(wall), length);
    if let Some(closed) = closed_on(&edit.closed, wall).filter(|_| lesson.cancelled_at.is_none()) {
        lesson.cancelled_at = Some(now);
        lesson.cancel_reason = Some(closed.name.clone());
    }
}

fn plan_series(
    target: &TimetableLesson,
    before: &[TimetableLesson],
    series: &LessonSeries,
    edit: &LessonEdit,
    by: SignedDuration,
) -> Result<SeriesWrites, SeriesFault> {
    let described = LessonSeries {
        title: edit.title.clone().unwrap_or_else(|| series.title.clone()),
        trainer: edit.trainer.unwrap_or(series.trainer),
        venue: edit.venue.unwrap_or(series.venue),
        unit: edit.unit.unwrap_or(series.unit),
        ..series.clone()
    };
    let length =
        edit.minutes.map_or(series.dates.draft().length, |minutes| Duration::from_secs(u64::from(minutes) * 60));
    let same_times = by.is_zero() && length == series.dates.draft().length;
    if edit.scope == EditScope::All && same_times {
        return Ok(SeriesWrites { kept: Some(described), cut_off: None });
    }
    let cut = match edit.scope {
        EditScope::All => before.iter().filter_map(|lesson| lesson.series_start).min(),
        _ => target.series_start,
    };
    match cut.map_or(Err(SeriesFault::NoSuchLesson), |cut| series.dates.split(cut)) {
        Ok(split) => {
            let after = moved(&split.after, by, length)?;
            Ok(match split.before {
                None => SeriesWrites { kept: Some(LessonSeries { dates: after, ..described }), cut_off: None },
                Some(before) => SeriesWrites {
                    kept: Some(LessonSeries { dates: before, ..series.clone() }),
                    cut_off: Some(LessonSeries { id: edit.new_series, dates: after, ..described }),
                },
            })
        }
        // The series no longer knows the lesson: its lessons are still what they are.
        Err(SeriesFault::NoSuchLesson) => {
            let dates: BTreeSet<DateTime> = before.iter().filter_map(|lesson| lesson.series_start).collect();
            let after = moved(&listed(&dates, series.dates.draft().clone())?, by, length)?;
            let cut_off = LessonSeries { id: edit.new_series, dates: after, ..described };
            Ok(SeriesWrites { kept: None, cut_off: Some(cut_off) })
        }
        Err(fault) => Err(fault),
    }
}

async fn fits(
    tx: &mut impl Timetable,
    of: &str,
    lessons: &[TimetableLesson],
    edit: &LessonEdit,
    now: Timestamp,
) -> Result<Option<Clashes>, StoreError> {
    let slots: Vec<Slot> = slots(lessons).collect();
    let holidays = holidays(&edit.closed);
    let seats = lessons.first().and_then(|lesson| Some((lesson.group.id, edit.venue.flatten()?)));
    look(tx, of, &slots, &Circumstances { holidays: &holidays, now, seats }).await
}

async fn write(
    tx: &mut impl Timetable,
    of: &str,
    before: &[TimetableLesson],
    writes: &Writes,
    at: Timestamp,
) -> Result<(), StoreError> {
    if let Some(series) = &writes.series {
        if let Some(kept) = &series.kept {
            tx.write_series(of, kept).await?;
        }
        if let Some(cut_off) = &series.cut_off {
            tx.insert_series(of, cut_off, at).await?;
        }
    }
    for (before, lesson) in before.iter().zip(&writes.lessons) {
        tx.write_lesson(of, lesson, at).await?;
        if before.trainer.id != lesson.trainer.id {
            tx.turn_away(of, lesson.id, before.trainer.id, at).await?;
        }
    }
    Ok(())
}

/// The slots that lessons take; those that are cancelled take none.
pub(super) fn slots(lessons: &[TimetableLesson]) -> impl Iterator<Item = Slot> {
    lessons.iter().filter(|lesson| lesson.cancelled_at.is_none()).map(|lesson| Slot {
        lesson: lesson.id,
        title: lesson.title.clone(),
        span: lesson.span,
        trainer: lesson.trainer.id,
        group: lesson.group.id,
        venue: lesson.venue.as_ref().map(|venue| venue.id),
    })
}

pub(super) fn holidays(closed: &[ClosedDays]) -> Vec<Holiday> {
    closed.iter().map(|closed| closed.days).collect()
}

pub(super) fn closed_on(closed: &[ClosedDays], wall: DateTime) -> Option<&ClosedDays> {
    closed.iter().find(|closed| closed.days.contains(wall.date()))
}

/// What a record is written by: its id.
fn nameless<I>(id: I) -> Named<I> {
    Named { id, name: String::new() }
}
