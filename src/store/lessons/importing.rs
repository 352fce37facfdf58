//! Whole tables of lessons, written into the timetable at once or not at all.

use super::LONGEST_US;
use super::busy::{Slot, VenueTooSmall, busy, too_small};
use super::connection::Timetable;
use super::planning::LessonPlan;
use super::rows::{TimetableLesson, TimetableRow, timetable};
use super::series::{self, LessonSeries, SeriesRow};
use crate::ids::LessonId;
use crate::schedule::conflicts::first_of_each;
use crate::schedule::{Busy, Resource, Span, Wanted};
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::records::{Change, StoreError};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What one line of a table comes to.
#[derive(Clone, Debug)]
pub struct BroughtLessons {
    pub plan: LessonPlan,
    /// What the institution's own list calls it.
    pub key: Option<String>,
    /// What is the same for the same line.
    pub line: String,
}

/// Why a line's lessons don't find their slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotFault {
    /// Somebody or something is in another lesson; of each kind only the first is told.
    Taken {
        who: Resource,
        /// Of the lesson that is to be.
        wanted: Span,
        /// The other lesson: one of the timetable, or of another line.
        with: LessonId,
        span: Span,
    },
    /// The venue has fewer seats than the group has trainees.
    TooSmall(VenueTooSmall),
}

/// A line of a table that was brought before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLine {
    pub key: Option<String>,
    pub line: String,
}

impl InstitutionStore {
    /// Writes the lessons of a table into the timetable where all find their slots free; else nothing, and by the place
    /// of each line what is in its way.
    ///
    /// # Errors
    /// As [`InstitutionStore::plan_lessons`].
    pub async fn import_lessons(
        &self,
        brought: &[BroughtLessons],
        by: &Change,
    ) -> Result<Vec<(usize, SlotFault)>, StoreError> {
        const MARK_SERIES: &str =
            "UPDATE lesson SET external_key = $1, external_line = $2 WHERE institution = $3 AND series = $4";
        const MARK_LESSON: &str =
            "UPDATE lesson SET external_key = $1, external_line = $2 WHERE institution = $3 AND id = $4";
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            let faults = faults(&mut *tx, &of, brought).await?;
            if !faults.is_empty() {
                return Ok(faults);
            }
            for BroughtLessons { plan, key, line } in brought {
                if let Some(series) = &plan.series {
                    tx.insert_series(&of, series, by.at).await?;
                }
                tx.insert_lessons(&of, &plan.lessons, by.at).await?;
                let (mark, whose) = match (&plan.series, plan.lessons.first()) {
                    (Some(series), _) => (MARK_SERIES, series.id.to_string()),
                    (None, Some(lesson)) => (MARK_LESSON, lesson.id.to_string()),
                    (None, None) => continue,
                };
                sqlx::query(mark)
                    .bind(key)
                    .bind(line)
                    .bind(&of)
                    .bind(&whose)
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            faults
        })
    }

    /// What would be in the way of a table's lessons now, by the place of each line; nothing is written.
    pub async fn check_import(&self, brought: &[BroughtLessons]) -> Result<Vec<(usize, SlotFault)>, StoreError> {
        let of = self.institution.to_string();
        in_transaction!(self, tx => { faults(&mut *tx, &of, brought).await? })
    }

    /// The lines that were brought before and of which lessons are still there.
    pub async fn known_lines(&self) -> Result<Vec<KnownLine>, StoreError> {
        const SQL: &str = "SELECT DISTINCT external_key, external_line FROM lesson
                           WHERE institution = $1 AND external_line IS NOT NULL";
        let rows: Vec<(Option<String>, String)> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_all(on))
                .map_err(failed)?;
        Ok(rows.into_iter().map(|(key, line)| KnownLine { key, line }).collect())
    }

    /// Every lesson that has an instant in a span and was not called off, by their starts, with what its line's key is;
    /// at most `limit`.
    pub async fn given_lessons(
        &self,
        span: Span,
        limit: u32,
    ) -> Result<Vec<(TimetableLesson, Option<String>)>, StoreError> {
        const SQL: &str = timetable!(
            "WHERE lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at < $3 AND lesson.ends_at > $4
               AND lesson.cancelled_at IS NULL
             ORDER BY lesson.starts_at, lesson.id LIMIT $5"
        );
        const KEYS: &str = "SELECT id, external_key FROM lesson
                            WHERE institution = $1 AND external_line IS NOT NULL AND external_key IS NOT NULL";
        let of = self.institution.to_string();
        let rows: Vec<TimetableRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(&of)
            .bind(span.starts_at.micros().saturating_sub(LONGEST_US))
            .bind(span.ends_at.micros())
            .bind(span.starts_at.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        let keys: Vec<(String, String)> =
            reading!(self, on => sqlx::query_as(KEYS).bind(&of).fetch_all(on)).map_err(failed)?;
        let mut keys: BTreeMap<String, String> = keys.into_iter().collect();
        let with_key = |row: TimetableRow| {
            let lesson = TimetableLesson::try_from(row)?;
            let key = keys.remove(&lesson.id.to_string());
            Ok((lesson, key))
        };
        rows.into_iter().map(with_key).collect()
    }

    /// The series of which lessons that were not called off end after an instant.
    pub async fn series_after(&self, at: Timestamp) -> Result<Vec<LessonSeries>, StoreError> {
        const SQL: &str = series::select!(
            "WHERE institution = $1 AND id IN
                 (SELECT series FROM lesson WHERE institution = $1 AND starts_at > $2 AND ends_at > $3
                      AND series IS NOT NULL AND cancelled_at IS NULL)
             ORDER BY id"
        );
        let rows: Vec<SeriesRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(at.micros().saturating_sub(LONGEST_US))
            .bind(at.micros())
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(LessonSeries::try_from).collect()
    }
}

/// What is in the way of each line's lessons: those of the timetable, and of lines before it.
async fn faults(
    tx: &mut impl Timetable,
    of: &str,
    brought: &[BroughtLessons],
) -> Result<Vec<(usize, SlotFault)>, StoreError> {
    let (mut slots, mut lines): (Vec<Slot>, Vec<usize>) = (Vec::new(), Vec::new());
    for (line, brought) in brought.iter().enumerate() {
        let own = brought.plan.slots();
        lines.extend(std::iter::repeat_n(line, own.len()));
        slots.extend(own);
    }
    let busy = busy(tx, of, &slots).await?;
    let own: BTreeMap<LessonId, usize> = slots.iter().map(|slot| slot.lesson).zip(lines.iter().copied()).collect();
    let (mut wanted, mut of_line) = (Vec::new(), Vec::new());
    for (slot, line) in slots.iter().zip(&lines) {
        for who in slot.resources() {
            wanted.push(Wanted { who, span: slot.span, lesson: Some(slot.lesson) });
            of_line.push(*line);
        }
    }
    let counts = |place: usize, other: &Busy| match (of_line.get(place), own.get(&other.lesson)) {
        (Some(line), Some(of)) => of <= line,
        _ => true,
    };
    let mut faults = Vec::new();
    let mut told = BTreeSet::new();
    for conflict in first_of_each(&busy, &wanted, counts) {
        let (Some(line), Some(asked)) = (of_line.get(conflict.wanted), wanted.get(conflict.wanted)) else { continue };
        if told.insert((*line, asked.who)) {
            let (with, span) = (conflict.with.lesson, conflict.with.span);
            faults.push((*line, SlotFault::Taken { who: asked.who, wanted: asked.span, with, span }));
        }
    }
    let mut rooms = BTreeMap::new();
    for (line, brought) in brought.iter().enumerate() {
        let seats = brought.plan.lessons.first().and_then(|lesson| Some((lesson.group, lesson.venue?)));
        let Some(seats) = seats else { continue };
        if let std::collections::btree_map::Entry::Vacant(unknown) = rooms.entry(seats) {
            unknown.insert(too_small(tx, of, Some(seats)).await?);
        }
        faults.extend(rooms.get(&seats).cloned().flatten().map(|found| (line, SlotFault::TooSmall(found))));
    }
    faults.sort_by_key(|(line, _)| *line);
    Ok(faults)
}
