//! New lessons: one, or all of a series at once.

use super::busy::{Circumstances, Clashes, Slot, look};
use super::connection::Timetable;
use super::series::LessonSeries;
use crate::ids::{GroupId, LessonId, PersonId, SeriesId, UnitId, VenueId};
use crate::schedule::{Holiday, Span, Zone};
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::records::{Change, StoreError};
use crate::time::Timestamp;
use jiff::civil::DateTime;

/// A lesson that is to be written into the timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedLesson {
    pub id: LessonId,
    pub group: GroupId,
    pub trainer: PersonId,
    pub title: String,
    pub venue: Option<VenueId>,
    pub unit: Option<UnitId>,
    pub span: Span,
    /// The zone whose wall clock it is planned by.
    pub zone: Zone,
    pub series: Option<SeriesId>,
    /// Which of the series' starts it stands for.
    pub series_start: Option<DateTime>,
}

/// Lessons that are written together or not at all.
#[derive(Clone, Debug)]
pub struct LessonPlan {
    pub series: Option<LessonSeries>,
    pub lessons: Vec<PlannedLesson>,
    /// Days on which no free time is looked for.
    pub holidays: Vec<Holiday>,
}

impl PlannedLesson {
    fn slot(&self) -> Slot {
        Slot {
            lesson: self.id,
            title: self.title.clone(),
            span: self.span,
            trainer: self.trainer,
            group: self.group,
            venue: self.venue,
        }
    }
}

impl LessonPlan {
    pub(super) fn slots(&self) -> Vec<Slot> {
        self.lessons.iter().map(PlannedLesson::slot).collect()
    }

    fn circumstances(&self, now: Timestamp) -> Circumstances<'_> {
        let seats = self.lessons.first().and_then(|lesson| Some((lesson.group, lesson.venue?)));
        Circumstances { holidays: &self.holidays, now, seats }
    }
}

impl InstitutionStore {
    /// Writes lessons into the timetable where their slots are free; else nothing, and what is in their way.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where a group or trainer is not this institution's; [`StoreError::Conflict`] where an id
    /// is there already.
    pub async fn plan_lessons(&self, plan: &LessonPlan, by: &Change) -> Result<Result<(), Clashes>, StoreError> {
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            if let Some(clashes) = look(&mut *tx, &of, &plan.slots(), &plan.circumstances(by.at)).await? {
                return Ok(Err(clashes));
            }
            if let Some(series) = &plan.series {
                tx.insert_series(&of, series, by.at).await?;
            }
            tx.insert_lessons(&of, &plan.lessons, by.at).await?;
            Ok(())
        })
    }

    /// What would be in the way of lessons now; nothing is written.
    pub async fn check_lessons(&self, plan: &LessonPlan, now: Timestamp) -> Result<Option<Clashes>, StoreError> {
        let of = self.institution.to_string();
        in_transaction!(self, tx => { look(&mut *tx, &of, &plan.slots(), &plan.circumstances(now)).await? })
    }
}
