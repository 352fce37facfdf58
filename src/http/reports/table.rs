//! A report as rows of cells: what every export is made of.

use super::facts::{Facts, Somebody};
use super::words::Words;
use crate::protocol::Role;
use crate::schedule::Zone;
use crate::text::words as search_words;
use crate::time::Timestamp;
use jiff::civil::DateTime;

const SECOND_US: i64 = 1_000_000;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Count(i64),
    /// By the wall clock of the lesson's zone, to the second.
    Time(DateTime),
    /// In whole seconds.
    Length(i64),
    /// A share of a hundred, shown with a sign.
    Percent(f64),
    /// A number with decimals.
    Decimal(f64),
    Nothing,
}

/// The people of a report: who is there by name in the order of names, the others in that of their numbers; the trainer
/// before all.
pub fn people(facts: &Facts) -> Vec<&Somebody> {
    let mut people: Vec<&Somebody> = facts.people.iter().collect();
    let key = |one: &&Somebody| {
        let name: Vec<String> = one.name.as_deref().map(|name| search_words(name).collect()).unwrap_or_default();
        (one.listed.role != Role::Trainer, name, one.listed.number)
    };
    people.sort_by_cached_key(key);
    people
}

/// The columns' titles.
pub fn titles(facts: &Facts, words: &Words) -> Vec<&'static str> {
    let mut titles = vec![words.number];
    if facts.named {
        titles.push(words.name);
    }
    titles.extend([
        words.role,
        words.first_at,
        words.last_at,
        words.present,
        words.planned_present,
        words.away,
        words.dropped,
        words.drops,
        words.counted,
        words.correction,
    ]);
    titles
}

/// A line for each, with a cell for each title.
pub fn rows(facts: &Facts, words: &Words) -> Vec<Vec<Cell>> {
    people(facts).into_iter().map(|one| row(one, facts, words)).collect()
}

fn row(one: &Somebody, facts: &Facts, words: &Words) -> Vec<Cell> {
    let zone = &facts.lesson.zone;
    let mut cells = vec![Cell::Count(i64::from(one.listed.number))];
    if facts.named {
        cells.push(Cell::Text(one.name.clone().unwrap_or_default()));
    }
    let role = if one.listed.role == Role::Trainer { words.trainer } else { words.trainee };
    let length = |us: i64| Cell::Length(seconds(us));
    let correction = match &one.corrected {
        None => Cell::Nothing,
        Some(correction) if facts.named => Cell::Text(correction.reason.clone()),
        Some(_) => Cell::Text("✓".into()),
    };
    cells.extend([
        Cell::Text(role.into()),
        time(zone, one.result.first_at),
        time(zone, one.result.last_at),
        length(one.result.present_us),
        length(one.result.planned_present_us),
        length(one.result.away_us),
        length(one.result.dropped_us),
        Cell::Count(i64::from(one.result.drops)),
        length(one.counted_us()),
        correction,
    ]);
    cells
}

fn time(zone: &Zone, at: Option<Timestamp>) -> Cell {
    at.map_or(Cell::Nothing, |at| Cell::Time(zone.wall(at)))
}

/// Whole seconds: what was not a whole one was not there for it.
fn seconds(us: i64) -> i64 {
    us.div_euclid(SECOND_US)
}

/// A day and a time on the wall, to the second.
pub fn wall_text(wall: DateTime) -> String {
    wall.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The time of day alone.
pub fn clock_text(wall: DateTime) -> String {
    wall.strftime("%H:%M:%S").to_string()
}

/// Hours, minutes and seconds.
pub fn length_text(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// What stands above the table: a label, and what it is.
pub fn head(facts: &Facts, words: &Words) -> Vec<(&'static str, String)> {
    let lesson = &facts.lesson;
    let wall = |at: Timestamp| lesson.zone.wall(at);
    let span = |from: DateTime, to: DateTime| {
        let to = if from.date() == to.date() { clock_text(to) } else { wall_text(to) };
        format!("{} – {to}", wall_text(from))
    };
    let given = match (facts.on_air.first(), facts.on_air.last()) {
        (Some(first), Some(last)) => {
            let length = length_text(seconds(facts.given_us()));
            format!("{} ({length})", span(wall(first.from), wall(last.to)))
        }
        _ => words.not_given.to_owned(),
    };
    let came = facts.people.iter().filter(|one| one.listed.expected && one.result.first_at.is_some()).count();
    let mut head = vec![
        (words.institution, facts.institution_name.clone()),
        (words.region, facts.region.name.clone()),
        (words.course, lesson.course.name.clone()),
        (words.group, lesson.group.name.clone()),
        (words.lesson, lesson.title.clone()),
    ];
    if facts.named {
        head.push((words.trainer, lesson.trainer.name.clone()));
    }
    head.extend([
        (words.planned, span(wall(facts.planned.from), wall(facts.planned.to))),
        (words.given, given),
        (words.time_zone, lesson.zone.name().to_owned()),
        (words.expected, facts.expected().to_string()),
        (words.came, came.to_string()),
        (words.rule, if facts.away_counts { words.away_counts } else { words.away_does_not_count }.to_owned()),
    ]);
    head
}

/// What stands below it: the seal, where there is one.
pub fn seal(facts: &Facts, words: &Words) -> Vec<(&'static str, String)> {
    let Some(seal) = facts.seal() else { return Vec::new() };
    let corrections = facts.sealed.as_ref().map_or(0, |sealed| sealed.corrections.len());
    vec![
        (words.sealed_at, wall_text(facts.lesson.zone.wall(seal.at))),
        (words.hash, seal.hash.to_string()),
        (words.key, seal.key.to_string()),
        (words.corrections, corrections.to_string()),
    ]
}
