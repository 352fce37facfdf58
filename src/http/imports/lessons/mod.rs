//! The table of lessons against the timetable that is there. It adds lessons and changes none: a lesson that is there is
//! moved in the timetable, where all see what is in its way.
//!
//! A line is known again, wherever its lessons were moved since, by what it says; and a lesson that the timetable has
//! just so is not made twice, whoever made it.

mod take;
mod there;

pub(super) use take::take;

use super::{ImportReport, begun, meanwhile, without_problems};
use crate::http::acting::Acting;
use crate::http::lessons::{Wanted, lay_out, wall_text};
use crate::http::problem::Refused;
use crate::ids::LessonId;
use crate::import::{Import, InTheWay, LESSON_MINUTES_MAX, Numbered, Problem as Wrong, TimetableRow};
use crate::schedule::conflicts::VenueTooSmall;
use crate::schedule::{Resource, Span};
use crate::store::{BroughtLessons, MINUTES_MAX, SlotFault, TimetableLesson};
use crate::text::excerpt;
use std::collections::{HashMap, HashSet};
use there::{Meant, There, fingerprint};

/// How many lessons the lines of one file may come to: more than a large centre gives in a year.
const LESSONS_MAX: usize = 20_000;

/// How many lessons of the timetable are looked at beside them.
const GIVEN_MAX: u32 = 200_000;

const _: () = assert!(LESSON_MINUTES_MAX as u32 == MINUTES_MAX);

/// A line that has lessons to bring.
struct Line {
    number: u32,
    row: TimetableRow,
    brought: BroughtLessons,
    skipped: usize,
}

/// Looks at a table of lessons, and plans them unless it is only looked at.
pub(super) async fn bring(
    acting: &Acting,
    table: Import<TimetableRow>,
    preview: bool,
) -> Result<ImportReport, Refused> {
    let (mut report, rows) = begun(table);
    let there = There::of(acting, rows.iter().map(|numbered| &numbered.row)).await?;
    let lines = lines(acting, &there, &mut report, rows)?;
    let given = Given::beside(acting, &lines).await?;
    let lines = new_ones(&there, &given, &mut report, lines);
    let (numbered, brought): (Vec<(u32, TimetableRow)>, Vec<BroughtLessons>) =
        lines.into_iter().map(|line| ((line.number, line.row), line.brought)).unzip();
    let faults = acting.store.check_import(&brought).await?;
    let of_line: HashMap<LessonId, (u32, &str)> = brought
        .iter()
        .zip(&numbered)
        .flat_map(|(brought, (number, _))| brought.plan.lessons.iter().map(move |lesson| (lesson, number)))
        .map(|(lesson, number)| (lesson.id, (*number, lesson.title.as_str())))
        .collect();
    for (place, fault) in &faults {
        if let Some((number, row)) = numbered.get(*place) {
            report.take_problem(slot_problem(&there, &given, &of_line, *number, row, fault));
        }
    }
    let faulty: HashSet<usize> = faults.iter().map(|(place, _)| *place).collect();
    let mut lessons = 0;
    for (place, ((number, row), brought)) in numbered.iter().zip(&brought).enumerate() {
        if !faulty.contains(&place) {
            lessons += brought.plan.lessons.len();
            report.note(*number, "create", &name_of(row));
        }
    }
    report.lessons = Some(lessons);
    let mut report = without_problems(report, preview)?;
    if preview || brought.is_empty() {
        return Ok(report);
    }
    let detail = serde_json::json!({ "created": report.created, "lessons": lessons });
    let by = acting.change("lessons.import", acting.institution, detail);
    if !acting.store.import_lessons(&brought, &by).await.map_err(meanwhile)?.is_empty() {
        // They were free a moment ago.
        return Err(meanwhile(crate::store::StoreError::Conflict));
    }
    report.written = true;
    Ok(report)
}

fn name_of(row: &TimetableRow) -> String {
    format!("{} · {}", row.title, row.group)
}

/// The lines whose cells all mean something here, each with its lessons.
fn lines(
    acting: &Acting,
    there: &There,
    report: &mut ImportReport,
    rows: Vec<Numbered<TimetableRow>>,
) -> Result<Vec<Line>, Refused> {
    let mut lines = Vec::with_capacity(rows.len());
    let mut lessons = 0;
    for Numbered { line: number, row } in rows {
        let Meant { like, dates } = match there.meant(&row, acting.at) {
            Ok(meant) => meant,
            Err(faults) => {
                for fault in faults {
                    report.wrong(number, fault.column, fault.code, &fault.detail, &fault.value);
                }
                continue;
            }
        };
        let line = fingerprint(&like, &dates);
        let Wanted { plan, skipped, shut } = lay_out(like, dates, row.repeat.is_some(), &there.closed, acting.at)?;
        if let Some(name) = shut {
            let detail = "no lesson is given on that day: choose another";
            report.wrong(number, "date", "on_closed_day", detail, &name);
            continue;
        }
        if plan.lessons.is_empty() {
            let detail = "all days of this line are left out: leave one, or delete the line";
            report.wrong(number, "except", "no_lesson", detail, "");
            continue;
        }
        lessons += plan.lessons.len();
        if lessons > LESSONS_MAX {
            let detail = format!("split the file: its lines come to more than {LESSONS_MAX} lessons");
            report.wrong(number, "repeat", "too_many_lessons", &detail, "");
            break;
        }
        let key = row.key.as_ref().map(ToString::to_string);
        lines.push(Line { number, row, brought: BroughtLessons { plan, key, line }, skipped: skipped.len() });
    }
    Ok(lines)
}

/// The lines that are not in the timetable yet; the others are kept, or refused.
fn new_ones(there: &There, given: &Given, report: &mut ImportReport, lines: Vec<Line>) -> Vec<Line> {
    let mut new = Vec::with_capacity(lines.len());
    for line in lines {
        let BroughtLessons { plan, key, line: text } = &line.brought;
        if there.lines.contains(text) || plan.lessons.iter().all(|lesson| given.has(lesson)) {
            report.note(line.number, "keep", &name_of(&line.row));
        } else if let Some(key) = key.as_ref().filter(|key| there.keys.contains(*key)) {
            let detail = "the timetable has a lesson of this reference that is not as this line says: change it there, \
                          or give the line another reference";
            report.wrong(line.number, "key", "known_key", detail, key);
        } else {
            *report.skipped.get_or_insert_default() += line.skipped;
            new.push(line);
        }
    }
    new
}

/// Lessons of the timetable around those of a file.
struct Given {
    lessons: HashMap<LessonId, TimetableLesson>,
    by_start: HashMap<(String, i64), LessonId>,
}

/// A minute of the clock: a table says no seconds.
fn minute(at: crate::time::Timestamp) -> i64 {
    at.micros().div_euclid(60_000_000)
}

impl Given {
    async fn beside(acting: &Acting, lines: &[Line]) -> Result<Self, Refused> {
        let spans = lines.iter().flat_map(|line| line.brought.plan.lessons.iter().map(|lesson| lesson.span));
        let extent = spans.reduce(|all, span| Span {
            starts_at: all.starts_at.min(span.starts_at),
            ends_at: all.ends_at.max(span.ends_at),
        });
        let lessons = match extent {
            Some(extent) => acting.store.given_lessons(extent, GIVEN_MAX).await?,
            None => Vec::new(),
        };
        let lessons: HashMap<LessonId, TimetableLesson> =
            lessons.into_iter().map(|(lesson, _)| (lesson.id, lesson)).collect();
        let by_start = lessons
            .values()
            .map(|lesson| ((lesson.group.id.to_string(), minute(lesson.span.starts_at)), lesson.id))
            .collect();
        Ok(Self { lessons, by_start })
    }

    /// Whether the timetable has such a lesson already. What the file leaves open may be anything.
    fn has(&self, lesson: &crate::store::PlannedLesson) -> bool {
        let slot = (lesson.group.to_string(), minute(lesson.span.starts_at));
        let Some(there) = self.by_start.get(&slot).and_then(|id| self.lessons.get(id)) else { return false };
        let same_end = minute(there.span.ends_at).abs_diff(minute(lesson.span.ends_at)) <= 1;
        let same_venue = lesson.venue.is_none() || there.venue.as_ref().map(|venue| venue.id) == lesson.venue;
        let same_unit = lesson.unit.is_none() || there.unit.as_ref().map(|unit| unit.id) == lesson.unit;
        let same = there.title == lesson.title && there.trainer.id == lesson.trainer;
        same && same_end && same_venue && same_unit
    }
}

/// A slot that is not free, as a problem of a line.
fn slot_problem(
    there: &There,
    given: &Given,
    of_line: &HashMap<LessonId, (u32, &str)>,
    line: u32,
    row: &TimetableRow,
    fault: &SlotFault,
) -> Wrong {
    let (column, code, detail, value, in_the_way) = match fault {
        SlotFault::TooSmall(found) => {
            let fault = VenueTooSmall { size: found.size, capacity: found.capacity };
            ("room", fault.word(), fault.to_string(), found.venue.clone(), None)
        }
        SlotFault::Taken { who, with, span, .. } => {
            let (column, code, whose, value) = match who {
                Resource::Trainer(_) => ("trainer", "trainer_busy", "the trainer", row.trainer.to_string()),
                Resource::Group(_) => ("group", "group_busy", "the group", row.group.to_string()),
                Resource::Venue(_) => {
                    ("room", "room_busy", "the room", row.room.as_ref().map(ToString::to_string).unwrap_or_default())
                }
            };
            let (other_line, title) = match of_line.get(with) {
                Some((number, title)) => (Some(*number), (*title).to_owned()),
                None => (None, given.lessons.get(with).map(|lesson| lesson.title.clone()).unwrap_or_default()),
            };
            let [starts, ends] = [span.starts_at, span.ends_at].map(|at| wall_text(there.zone.wall(at)));
            let place = other_line.map_or_else(|| "the timetable".to_owned(), |number| format!("line {number}"));
            let detail = format!("{whose} has another lesson then, from {starts} to {ends} ({place}): change one");
            (column, code, detail, value, Some(InTheWay { title, starts, ends, line: other_line }))
        }
    };
    Wrong { line, column: Some(column), code, detail, value: excerpt(&value, super::VALUE_CHARS_MAX), in_the_way }
}
