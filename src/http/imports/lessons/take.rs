//! The timetable that is still to come, as a table: a series is one line, but for those of its lessons that are not what
//! it says; they are lines of their own.

use super::there::There;
use crate::http::acting::Acting;
use crate::http::imports::groups;
use crate::http::problem::Refused;
use crate::ids::{GroupId, LessonId, PersonId, SeriesId};
use crate::import::{Date, ExternalId, LessonTitle, RULE_BYTES_MAX, Repeat, TimeOfDay, TimetableRow, write};
use crate::protocol::Phase;
use crate::schedule::{Series, SeriesDraft, Span};
use crate::store::{LessonSeries, PersonRecord, TimetableLesson};
use crate::text::{Language, Name, Title};
use crate::time::Timestamp;
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::NonZeroU16;

/// How many lessons a table is made of at most.
const LESSONS_MAX: u32 = 200_000;

/// What lines are made of.
struct Timetable {
    there: There,
    trainers: HashMap<PersonId, PersonRecord>,
    courses: HashMap<GroupId, String>,
    keys: HashMap<LessonId, String>,
}

/// The lessons that are not over as a table.
pub(in crate::http::imports) async fn take(acting: &Acting, language: Language) -> Result<Vec<u8>, Refused> {
    let there = There::of(acting, std::iter::empty()).await?;
    let people = acting.store.everybody().await?;
    let trainers = people.into_iter().map(|person| (person.id, person)).collect();
    let courses = groups::all(acting).await?.into_iter().map(|group| (group.id, group.course_title)).collect();
    let to_come = Span { starts_at: acting.at, ends_at: Timestamp(i64::MAX) };
    let (mut lessons, mut keys) = (Vec::new(), HashMap::new());
    for (lesson, key) in acting.store.given_lessons(to_come, LESSONS_MAX).await? {
        keys.extend(key.map(|key| (lesson.id, key)));
        if !lesson.improvised && !matches!(lesson.phase, Phase::Ended { .. }) {
            lessons.push(lesson);
        }
    }
    let timetable = Timetable { there, trainers, courses, keys };
    let mut rows = Vec::new();
    let mut told: HashSet<LessonId> = HashSet::new();
    for (series, own) in by_series(acting.store.series_after(acting.at).await?, &lessons) {
        if let Some((row, lessons)) = timetable.series_row(&series, &own) {
            told.extend(lessons);
            rows.push(row);
        }
    }
    rows.extend(
        lessons.iter().filter(|lesson| !told.contains(&lesson.id)).filter_map(|lesson| timetable.lesson_row(lesson)),
    );
    // What left its series has the same key: one line has it.
    let mut keys = HashSet::new();
    for row in &mut rows {
        row.key = row.key.take().filter(|key| keys.insert(key.clone()));
    }
    rows.sort_by(|one, other| {
        (one.date, one.start, one.group.as_str()).cmp(&(other.date, other.start, other.group.as_str()))
    });
    Ok(write(&rows, language))
}

/// Each series with its lessons.
fn by_series(
    series: Vec<LessonSeries>,
    lessons: &[TimetableLesson],
) -> impl Iterator<Item = (LessonSeries, Vec<&TimetableLesson>)> {
    let mut own: HashMap<SeriesId, Vec<&TimetableLesson>> = HashMap::new();
    for lesson in lessons {
        if let Some(series) = lesson.series {
            own.entry(series).or_default().push(lesson);
        }
    }
    series.into_iter().map(move |series| {
        let lessons = own.remove(&series.id).unwrap_or_default();
        (series, lessons)
    })
}

impl Timetable {
    /// A line for those lessons of a series that are as it says, and which those are; nothing where a line can't say it.
    fn series_row(
        &self,
        series: &LessonSeries,
        lessons: &[&TimetableLesson],
    ) -> Option<(TimetableRow, HashSet<LessonId>)> {
        let plain = |lesson: &&&TimetableLesson| {
            lesson.planned_trainer.is_none()
                && lesson.trainer.id == series.trainer
                && lesson.title == series.title
                && lesson.venue.as_ref().map(|venue| venue.id) == series.venue
                && lesson.unit.as_ref().map(|unit| unit.id) == series.unit
                && lesson.span.length() == series.dates.draft().length
                && !lesson.is_moved()
        };
        let dated = |lesson: &&TimetableLesson| Some((lesson.series_start?, lesson.id));
        let plain: BTreeMap<DateTime, LessonId> = lessons.iter().filter(plain).filter_map(dated).collect();
        if series.dates.draft().zone != self.there.zone {
            return None;
        }
        // From the first that is still to come on.
        let rest = series.dates.split(*plain.keys().next()?).ok()?.after.into_draft();
        let ruled = SeriesDraft { exceptions: BTreeSet::new(), extras: BTreeSet::new(), ..rest };
        let ruled = Series::new(ruled).ok()?;
        let dates = ruled.originals();
        let told: HashSet<LessonId> =
            plain.iter().filter(|(start, _)| dates.contains(start)).map(|(_, id)| *id).collect();
        let except: Option<BTreeSet<Date>> =
            dates.iter().filter(|start| !plain.contains_key(start)).map(|start| date(*start)).collect();
        let first = lessons.iter().find(|lesson| told.contains(&lesson.id))?;
        let (repeat, until) = repeat_of(&ruled)?;
        let row = self.row(first, ruled.draft().start, &series.title)?;
        let row = TimetableRow { repeat: Some(repeat), until, except: except?, ..row };
        (told.len() > 1).then_some((row, told))
    }

    fn lesson_row(&self, lesson: &TimetableLesson) -> Option<TimetableRow> {
        self.row(lesson, self.there.zone.wall(lesson.span.starts_at), &lesson.title)
    }

    fn row(&self, lesson: &TimetableLesson, starts: DateTime, title: &str) -> Option<TimetableRow> {
        let parsed = |name: &str| Title::parse(name).ok();
        let trainer = self.trainers.get(&lesson.trainer.id);
        let trainer =
            trainer.and_then(|trainer| self.there.call(trainer)).unwrap_or_else(|| lesson.trainer.name.clone());
        let minutes = lesson.span.length().as_secs().div_ceil(60);
        Some(TimetableRow {
            key: self.keys.get(&lesson.id).and_then(|key| ExternalId::parse(key).ok()),
            course: self.courses.get(&lesson.group.id).and_then(|course| parsed(course)),
            group: parsed(&lesson.group.name)?,
            trainer: Name::parse(&trainer).ok()?,
            title: LessonTitle::parse(title).ok()?,
            unit: lesson.unit.as_ref().and_then(|unit| parsed(&unit.name)),
            date: date(starts)?,
            start: TimeOfDay::new(u8::try_from(starts.hour()).ok()?, u8::try_from(starts.minute()).ok()?)?,
            minutes: NonZeroU16::new(u16::try_from(minutes).ok()?)?,
            room: lesson.venue.as_ref().and_then(|venue| parsed(&venue.name)),
            repeat: None,
            until: None,
            except: BTreeSet::new(),
        })
    }
}

fn date(wall: DateTime) -> Option<Date> {
    Date::new(u16::try_from(wall.year()).ok()?, u8::try_from(wall.month()).ok()?, u8::try_from(wall.day()).ok()?)
}

/// How a line says the rule: weekly until a day where that is all of it.
fn repeat_of(series: &Series) -> Option<(Repeat, Option<Date>)> {
    use crate::schedule::rule::{End, Frequency};
    let rule = &series.draft().rule;
    if let End::UntilDate(until) = rule.end()
        && rule.frequency() == Frequency::Weekly
        && rule.to_string() == until.strftime("FREQ=WEEKLY;UNTIL=%Y%m%d").to_string()
    {
        let until = date(until.to_datetime(jiff::civil::Time::midnight()))?;
        return Some((Repeat::Weekly, Some(until)));
    }
    let text = rule.to_string();
    (text.len() <= RULE_BYTES_MAX).then_some((Repeat::Rule(text), None))
}
