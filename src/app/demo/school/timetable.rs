//! The demo school's timetable: the same each week, from three weeks ago to three weeks ahead.

use super::past::{Left, Past};
use super::{INSTITUTION, KENITRA, MARRAKECH, ZONE, courses, id, row};
use crate::auth::Secret;
use crate::ids::{InstitutionId, LessonId};
use crate::schedule::Zone;
use crate::schedule::week::{day, week_of};
use crate::store::Rows;
use crate::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday, date};
use serde_json::{Map, Value, json};

/// How many weeks are filled, before this one and after it.
const WEEKS_BACK: i64 = 3;
const WEEKS_AHEAD: i64 = 3;

const LESSON_MINUTES: i64 = 90;

/// What is kept free around the lesson that is on air: from a little before now until it ends.
const KEPT_BEFORE_US: i64 = 20 * 60 * 1_000_000;
const KEPT_AFTER_US: i64 = 100 * 60 * 1_000_000;

/// The weeks that are filled, and the moment in them.
pub struct Weeks {
    pub zone: Zone,
    pub now: Timestamp,
    pub today: Date,
    /// The first Monday.
    first: Date,
}

impl Weeks {
    pub fn around(now: Timestamp) -> Self {
        let zone = Zone::parse(ZONE).unwrap_or_else(|_| Zone::utc());
        let today = day(&zone, now);
        let [monday, ..] = week_of(&zone, today, Weekday::Monday).days;
        Self { first: monday.saturating_sub((7 * WEEKS_BACK).days()), zone, now, today }
    }

    /// This week's Monday.
    pub fn monday(&self) -> Date {
        self.first.saturating_add((7 * WEEKS_BACK).days())
    }

    fn days(&self) -> impl Iterator<Item = Date> {
        self.first.series(1.day()).take(usize::try_from(7 * (WEEKS_BACK + 1 + WEEKS_AHEAD)).unwrap_or_default())
    }

    /// When the school year of the series began: a Monday in September.
    pub fn school_year(&self) -> Date {
        let year = if self.today.month() >= 9 { self.today.year() } else { self.today.year().saturating_sub(1) };
        let [monday, ..] = week_of(&self.zone, date(year, 9, 10), Weekday::Monday).days;
        monday
    }
}

/// A lesson of each week.
struct Slot {
    /// Its number: part of its lessons' ids.
    number: u32,
    weekday: Weekday,
    /// Hour and minute at which it starts.
    at: (i8, i8),
    institution: InstitutionId,
    group: u32,
    trainer: u32,
    /// Who was to give it.
    planned: Option<u32>,
    titles: &'static [&'static str],
    cancelled: Option<&'static str>,
}

const CIRCUITS: &[&str] = &["البطارية", "دارة الشحن", "دارة الإقلاع", "الإنارة والإشارة"];
const DRAWING: &[&str] = &["الإسقاط", "المقاطع", "التبعيد"];
const FRENCH: &[&str] = &["Lire une fiche technique", "Rédiger un rapport de stage", "L’entretien avec le client"];
const SAFETY: &[&str] = &["معدات الوقاية", "الإسعافات الأولى"];
const COLD: &[&str] = &["Le cycle frigorifique", "Les fluides", "La mise en service"];
const POWER: &[&str] = &["Le triphasé", "Le moteur asynchrone"];
const HOTEL: &[&str] = &["استقبال النزيل", "الحجز"];

const MORNING: (i8, i8) = (9, 0);
const LATE_MORNING: (i8, i8) = (10, 45);
const AFTERNOON: (i8, i8) = (14, 0);
const LATE_AFTERNOON: (i8, i8) = (15, 45);

const fn slot(
    number: u32,
    weekday: Weekday,
    at: (i8, i8),
    group: u32,
    trainer: u32,
    titles: &'static [&'static str],
) -> Slot {
    Slot { number, weekday, at, institution: INSTITUTION, group, trainer, planned: None, titles, cancelled: None }
}

fn slots() -> Vec<Slot> {
    use Weekday::{Friday, Monday, Saturday, Thursday, Tuesday, Wednesday};
    let elsewhere = |slot: Slot, institution| Slot { institution, ..slot };
    vec![
        slot(1, Monday, MORNING, 30, 10, CIRCUITS),
        slot(2, Monday, LATE_MORNING, 34, 13, DRAWING),
        slot(3, Monday, AFTERNOON, 31, 11, FRENCH),
        slot(4, Tuesday, MORNING, 34, 13, DRAWING),
        slot(5, Tuesday, LATE_MORNING, 30, 10, CIRCUITS),
        slot(6, Tuesday, AFTERNOON, 31, 11, FRENCH),
        slot(7, Wednesday, MORNING, 30, 10, CIRCUITS),
        slot(8, Wednesday, LATE_MORNING, 34, 13, DRAWING),
        Slot { planned: Some(11), ..slot(9, Wednesday, AFTERNOON, 31, 14, FRENCH) },
        Slot {
            cancelled: Some("تُعوَّض يوم السبت"), ..slot(10, Wednesday, LATE_AFTERNOON, 35, 15, SAFETY)
        },
        slot(11, Thursday, MORNING, 30, 10, CIRCUITS),
        slot(12, Thursday, LATE_MORNING, 34, 13, DRAWING),
        Slot { planned: Some(11), ..slot(13, Thursday, AFTERNOON, 31, 14, FRENCH) },
        Slot { cancelled: Some("صيانة الورشة"), ..slot(14, Thursday, LATE_AFTERNOON, 35, 15, SAFETY) },
        slot(15, Friday, MORNING, 30, 10, CIRCUITS),
        slot(16, Friday, LATE_MORNING, 31, 11, FRENCH),
        slot(17, Saturday, MORNING, 35, 15, SAFETY),
        slot(18, Saturday, LATE_MORNING, 34, 13, DRAWING),
        elsewhere(slot(30, Monday, MORNING, 32, 12, COLD), KENITRA),
        elsewhere(slot(31, Tuesday, AFTERNOON, 33, 23, POWER), KENITRA),
        elsewhere(slot(32, Wednesday, MORNING, 32, 12, COLD), KENITRA),
        elsewhere(slot(33, Thursday, LATE_MORNING, 33, 23, POWER), KENITRA),
        elsewhere(slot(34, Friday, MORNING, 32, 12, COLD), KENITRA),
        elsewhere(slot(40, Monday, LATE_MORNING, 36, 19, HOTEL), MARRAKECH),
        elsewhere(slot(41, Thursday, MORNING, 36, 19, HOTEL), MARRAKECH),
    ]
}

/// A lesson of one week.
struct Planned {
    number: u32,
    starts: DateTime,
    from: Timestamp,
    to: Timestamp,
    title: &'static str,
}

impl Planned {
    fn of(slot: &Slot, day: Date, weeks: &Weeks) -> Self {
        let (hour, minute) = slot.at;
        let starts = day.at(hour, minute, 0, 0);
        let days = u32::try_from(day.since(date(2024, 1, 1)).map_or(0, |span| span.get_days())).unwrap_or_default();
        let turn = usize::try_from(days / 7).unwrap_or_default() % slot.titles.len().max(1);
        let ends = starts.saturating_add(LESSON_MINUTES.minutes());
        Self {
            // Apart from all other numbers, and its own on each day.
            number: 1_000_000 + days * 64 + slot.number,
            starts,
            from: weeks.zone.instant(starts),
            to: weeks.zone.instant(ends),
            title: slot.titles.get(turn).copied().unwrap_or_default(),
        }
    }
}

/// The records, and the lesson of the demo's institution that was over last.
pub fn tables(weeks: &Weeks, secrets: &Secret) -> (Vec<Rows>, Option<LessonId>) {
    let slots = slots();
    let (mut lessons, mut left) = (Vec::new(), Left::default());
    let mut newest: Option<(Timestamp, LessonId)> = None;
    for day in weeks.days() {
        for slot in slots.iter().filter(|slot| slot.weekday == day.weekday()) {
            let planned = Planned::of(slot, day, weeks);
            let now = weeks.now.micros();
            let collides = planned.from.micros() < now.saturating_add(KEPT_AFTER_US)
                && planned.to.micros() > now.saturating_sub(KEPT_BEFORE_US);
            if collides {
                continue;
            }
            let is_over = planned.to < weeks.now;
            lessons.push(lesson_row(slot, &planned, weeks));
            if is_over && slot.cancelled.is_none() {
                if slot.institution == INSTITUTION {
                    newest = newest.max(Some((planned.to, LessonId(id(planned.number)))));
                }
                let Slot { institution, trainer, .. } = *slot;
                let Planned { number, from, to, .. } = planned;
                Past { number, institution, trainer, from, to, is_recent: day >= weeks.monday() }
                    .write(&mut left, secrets);
            }
        }
    }
    let tables = vec![
        ("lesson_series", slots.iter().filter(|slot| slot.is_serial()).map(|slot| series_row(slot, weeks)).collect()),
        ("lesson", lessons),
        ("invitation", left.invitations),
        ("place", left.places),
        ("room_event", left.events),
        ("quality_minute", left.minutes),
    ];
    (tables, newest.map(|(_, lesson)| lesson))
}

impl Slot {
    /// Whether a rule makes it: what is substituted or cancelled each week is planned one by one.
    fn is_serial(&self) -> bool {
        self.planned.is_none() && self.cancelled.is_none()
    }
}

fn series_id(slot: &Slot, weeks: &Weeks) -> String {
    let year = u32::try_from(weeks.school_year().year()).unwrap_or_default();
    id(year * 100 + slot.number).to_string()
}

fn series_row(slot: &Slot, weeks: &Weeks) -> Map<String, Value> {
    let first = weeks.school_year();
    let into_week = i64::from(slot.weekday.since(Weekday::Monday));
    let (hour, minute) = slot.at;
    let starts = first.saturating_add(into_week.days()).at(hour, minute, 0, 0);
    row(json!({
        "id": series_id(slot, weeks), "institution": slot.institution.to_string(),
        "course_group": id(slot.group).to_string(), "trainer": id(slot.trainer).to_string(),
        "title": slot.titles.first().copied().unwrap_or_default(), "starts_local": wall(starts),
        "minutes": LESSON_MINUTES, "time_zone": ZONE, "created_at": weeks.now.micros(),
        "rule": format!("FREQ=WEEKLY;UNTIL={}0630T235959", first.year().saturating_add(1)),
    }))
}

fn lesson_row(slot: &Slot, planned: &Planned, weeks: &Weeks) -> Map<String, Value> {
    let mut columns = row(json!({
        "id": id(planned.number).to_string(), "institution": slot.institution.to_string(),
        "course_group": id(slot.group).to_string(), "trainer": id(slot.trainer).to_string(),
        "title": planned.title, "starts_at": planned.from.micros(), "ends_at": planned.to.micros(),
        "phase": "planned", "last_seq": 0, "time_zone": ZONE,
    }));
    let mut also = |column: &str, value: Value| columns.insert(column.into(), value);
    if let Some(unit) = courses::unit(slot.group, planned.title) {
        also("unit", unit.to_string().into());
    }
    if slot.is_serial() {
        also("series", series_id(slot, weeks).into());
        also("series_start", wall(planned.starts).into());
    }
    if let Some(trainer) = slot.planned {
        also("planned_trainer", id(trainer).to_string().into());
    }
    if let Some(reason) = slot.cancelled {
        also("cancelled_at", planned.from.micros().saturating_sub(86_400_000_000).into());
        also("cancel_reason", reason.into());
    }
    columns
}

/// A time on the wall, as the store has it.
fn wall(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}
