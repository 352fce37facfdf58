//! Lessons that are changed, and trainers that stand in.

use super::cards::LessonWithSeries;
use super::days::wall;
use super::refusals::unless_done;
use super::wanted::{id, known_trainer, known_unit, known_venue, minutes, title};
use super::{there, with_series};
use crate::auth::new_id;
use crate::http::acting::Acting;
use crate::http::extract::{Ids, JsonBody};
use crate::http::problem::Refused;
use crate::http::record::{Fields, IfMatch, Versioned, present};
use crate::ids::{InstitutionId, LessonId, SeriesId};
use crate::protocol::Problem;
use crate::store::{ClosedDays, EditScope, Edited, LessonEdit, StoreError, Substitution, TimetableLesson};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use utoipa::ToSchema;

/// How far a change goes: `this` lesson, this and the `following`, or `all` of its series that have not begun.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeScope {
    This,
    Following,
    All,
}

impl From<ChangeScope> for EditScope {
    fn from(scope: ChangeScope) -> Self {
        match scope {
            ChangeScope::This => Self::This,
            ChangeScope::Following => Self::Following,
            ChangeScope::All => Self::All,
        }
    }
}

/// What is to be changed of lessons; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonChange {
    scope: ChangeScope,
    title: Option<String>,
    trainer: Option<String>,
    /// Null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    venue: Option<Option<String>>,
    /// Null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    unit: Option<Option<String>>,
    /// When the lesson starts by the wall clock of its zone, as 2026-11-30T08:30; others of the series move as far.
    starts: Option<String>,
    /// 1 to 720.
    minutes: Option<u32>,
}

/// Who stands in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubstitute {
    /// The planned trainer: nobody stands in any more.
    trainer: String,
}

/// Changes a lesson, it and those that follow in its series, or all of the series that have not begun; `If-Match` names
/// the lesson's version. Lessons that were moved alone keep their own times. Where not all of them find their slots
/// free, nothing is changed: 409 `timetable_conflict`.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/lessons/{lesson}", tag = "timetable",
    params(("institution" = String, Path), ("lesson" = String, Path), ("If-Match" = String, Header)),
    request_body = LessonChange,
    responses((status = 200, body = LessonWithSeries), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn change(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<LessonChange>,
) -> Result<Versioned<LessonWithSeries>, Refused> {
    let before = there(&acting, lesson).await?;
    let edit = asked.read(&acting, &before, version).await?;
    let detail = serde_json::json!({
        "scope": format!("{:?}", edit.scope).to_lowercase(),
        "starts": asked.starts,
        "minutes": edit.minutes,
        "trainer": edit.trainer.map(|trainer| trainer.to_string()),
        "venue": edit.venue.flatten().map(|venue| venue.to_string()),
    });
    let changed = acting.store.edit_lessons(lesson, &edit, &acting.change("lesson.change", lesson, detail)).await;
    answer(&acting, lesson, changed).await
}

/// Lets somebody stand in for a lesson's trainer, whose way into it is closed; `If-Match` names the version.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/lessons/{lesson}/substitute", tag = "timetable",
    params(("institution" = String, Path), ("lesson" = String, Path), ("If-Match" = String, Header)),
    request_body = NewSubstitute,
    responses((status = 200, body = LessonWithSeries), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn substitute(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<NewSubstitute>,
) -> Result<Versioned<LessonWithSeries>, Refused> {
    let before = there(&acting, lesson).await?;
    let mut fields = Fields::default();
    let trainer = id(&mut fields, "trainer", Some(&asked.trainer));
    let trainer = known_trainer(&mut fields, &acting, trainer).await?;
    fields.done()?;
    let trainer = trainer.ok_or_else(Refused::no_record)?;
    let day = before.wall().date();
    let closed = acting.store.closed_days(day.saturating_sub(15.days()), day.saturating_add(15.days())).await?;
    let detail = serde_json::json!({ "trainer": trainer.to_string() });
    let by = acting.change("lesson.substitute", lesson, detail);
    let changed = acting.store.substitute_trainer(lesson, &Substitution { version, trainer, closed }, &by).await;
    answer(&acting, lesson, changed).await
}

/// The lesson as it is after a change, or why there was none.
pub async fn answer(
    acting: &Acting,
    lesson: LessonId,
    changed: Result<Edited, StoreError>,
) -> Result<Versioned<LessonWithSeries>, Refused> {
    match changed {
        Err(StoreError::Stale) => Err(Refused::stale(with_series(acting, lesson).await?.record)),
        Err(other) => Err(other.into()),
        Ok(edited) => {
            unless_done(edited)?;
            with_series(acting, lesson).await
        }
    }
}

impl LessonChange {
    async fn read(&self, acting: &Acting, before: &TimetableLesson, version: i64) -> Result<LessonEdit, Refused> {
        let mut fields = Fields::default();
        let title = self.title.as_deref().and_then(|text| title(&mut fields, text));
        let trainer = id(&mut fields, "trainer", self.trainer.as_deref());
        let trainer = known_trainer(&mut fields, acting, trainer).await?;
        let venue = match &self.venue {
            Some(Some(venue)) => {
                let venue = id(&mut fields, "venue", Some(venue));
                Some(known_venue(&mut fields, acting, venue).await?)
            }
            absent => absent.as_ref().map(|_| None),
        };
        let unit = match &self.unit {
            Some(Some(unit)) => {
                let unit = id(&mut fields, "unit", Some(unit));
                Some(known_unit(&mut fields, acting, unit, Some(before.course.id)).await?)
            }
            absent => absent.as_ref().map(|_| None),
        };
        let starts = self.starts.as_deref().and_then(|text| wall(&mut fields, "starts", text));
        if let Some(wanted) = self.minutes {
            minutes(&mut fields, wanted);
        }
        fields.done()?;
        let scope = EditScope::from(self.scope);
        let closed = self.closed(acting, before, scope, starts).await?;
        let new_series = SeriesId(new_id(acting.at)?);
        Ok(LessonEdit {
            scope,
            version,
            title,
            trainer,
            venue,
            unit,
            starts,
            minutes: self.minutes,
            new_series,
            closed,
        })
    }

    /// The days without lessons around all that may move.
    async fn closed(
        &self,
        acting: &Acting,
        before: &TimetableLesson,
        scope: EditScope,
        starts: Option<DateTime>,
    ) -> Result<Vec<ClosedDays>, Refused> {
        let wall = before.wall();
        let to = starts.unwrap_or(wall);
        let (mut first, mut last): (Date, Date) = (wall.min(to).date(), wall.max(to).date());
        if let Some(series) = before.series.filter(|_| scope != EditScope::This)
            && let Some((series, _)) = acting.store.lesson_series(series).await?
        {
            let moved = to.duration_since(wall).as_hours().abs() / 24 + 1;
            let originals = series.dates.originals();
            let by = moved.days();
            first = originals.first().map_or(first, |wall| wall.date().saturating_sub(by).min(first));
            last = originals.last().map_or(last, |wall| wall.date().saturating_add(by).max(last));
        }
        Ok(acting.store.closed_days(first.saturating_sub(15.days()), last.saturating_add(15.days())).await?)
    }
}
