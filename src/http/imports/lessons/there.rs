//! What the cells of a line mean at an institution.

use crate::http::acting::Acting;
use crate::http::imports::groups;
use crate::http::lessons::zone_of;
use crate::http::problem::Refused;
use crate::ids::{CourseId, LessonId, PersonId, UnitId, VenueId};
use crate::import::{Date, RULE_BYTES_MAX, Repeat, TimetableRow};
use crate::schedule::rule::TEXT_MAX;
use crate::schedule::{Rule, Series, SeriesDraft, Span, Zone};
use crate::store::{ClosedDays, GroupRecord, KnownLine, Named, PersonRecord, PlannedLesson};
use crate::text::fold;
use crate::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::{DateTime, Time};
use ring::digest::{SHA256, digest};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;
use uuid::Uuid;

/// How many venues are known by name: more than an institution has.
const VENUES_MAX: u32 = 10_000;

/// The end that is put behind a rule without one.
const UNTIL_BYTES: usize = ";UNTIL=20261130".len();

const _: () = assert!(RULE_BYTES_MAX + UNTIL_BYTES <= TEXT_MAX);

/// What is wrong with a cell.
pub(super) struct CellFault {
    pub column: &'static str,
    pub code: &'static str,
    pub detail: String,
    pub value: String,
}

/// What a line means.
pub(super) struct Meant {
    /// A lesson of it, but for its time.
    pub like: PlannedLesson,
    pub dates: Series,
}

/// The institution as the table meets it.
pub(super) struct There {
    groups: HashMap<String, Vec<GroupRecord>>,
    /// By sign-in name and number.
    trainers: HashMap<String, BTreeSet<PersonId>>,
    trainers_by_name: HashMap<String, BTreeSet<PersonId>>,
    venues: HashMap<String, BTreeSet<VenueId>>,
    units: HashMap<(CourseId, String), BTreeSet<UnitId>>,
    pub zone: Zone,
    pub closed: Vec<ClosedDays>,
    /// What lines said that were brought before.
    pub lines: HashSet<String>,
    /// What they were called.
    pub keys: HashSet<String>,
}

impl There {
    pub async fn of<'a>(acting: &Acting, rows: impl Iterator<Item = &'a TimetableRow>) -> Result<Self, Refused> {
        let store = &acting.store;
        let mut by_name: HashMap<String, Vec<GroupRecord>> = HashMap::new();
        for group in groups::all(acting).await? {
            by_name.entry(fold(&group.name)).or_default().push(group);
        }
        let mut trainers: HashMap<String, BTreeSet<PersonId>> = HashMap::new();
        let mut trainers_by_name: HashMap<String, BTreeSet<PersonId>> = HashMap::new();
        let may_teach =
            |person: &PersonRecord| person.roles.trainer && person.is_there() && person.disabled_at.is_none();
        for person in store.everybody().await?.into_iter().filter(may_teach) {
            for key in [&person.sign_in, &person.external_id].into_iter().flatten() {
                trainers.entry(key.to_lowercase()).or_default().insert(person.id);
            }
            trainers_by_name.entry(fold(&person.name)).or_default().insert(person.id);
        }
        let mut venues: HashMap<String, BTreeSet<VenueId>> = HashMap::new();
        for venue in store.venues(None, VENUES_MAX).await? {
            venues.entry(fold(&venue.name)).or_default().insert(venue.id);
        }
        let mut units: HashMap<(CourseId, String), BTreeSet<UnitId>> = HashMap::new();
        for (course, Named { id, name }) in store.all_units().await? {
            units.entry((course, fold(&name))).or_default().insert(id);
        }
        let (mut lines, mut keys) = (HashSet::new(), HashSet::new());
        for KnownLine { key, line } in store.known_lines().await? {
            lines.insert(line);
            keys.extend(key);
        }
        let zone = zone_of(acting).await?;
        let closed = match days_of(rows) {
            Some((first, last)) => store.closed_days(first, last).await?,
            None => Vec::new(),
        };
        Ok(Self { groups: by_name, trainers, trainers_by_name, venues, units, zone, closed, lines, keys })
    }

    /// The lessons of a line.
    ///
    /// # Errors
    /// With every cell that means nothing here, or several things.
    pub fn meant(&self, row: &TimetableRow, at: Timestamp) -> Result<Meant, Vec<CellFault>> {
        let mut faults = Vec::new();
        let group = self.group(&mut faults, row);
        let trainer = self.trainer(&mut faults, row.trainer.as_str());
        let venue = self.venue(&mut faults, row);
        let unit = self.unit(&mut faults, row, group);
        let dates = self.dates(&mut faults, row);
        let (Some(group), Some(trainer), Some(venue), Some(unit), Some(dates), true) =
            (group, trainer, venue, unit, dates, faults.is_empty())
        else {
            return Err(faults);
        };
        let like = PlannedLesson {
            // Each lesson gets its own.
            id: LessonId(Uuid::nil()),
            group: group.id,
            trainer,
            title: row.title.to_string(),
            venue,
            unit,
            span: Span { starts_at: at, ends_at: at },
            zone: self.zone.clone(),
            series: None,
            series_start: None,
        };
        Ok(Meant { like, dates })
    }

    fn group(&self, faults: &mut Vec<CellFault>, row: &TimetableRow) -> Option<&GroupRecord> {
        let named = self.groups.get(&fold(row.group.as_str())).map(Vec::as_slice).unwrap_or_default();
        let course = row.course.as_ref().map(|course| fold(course.as_str()));
        let fits = |group: &&GroupRecord| course.as_ref().is_none_or(|course| fold(&group.course_title) == *course);
        let fitting: Vec<&GroupRecord> = named.iter().filter(fits).collect();
        let (code, detail) = match (fitting.as_slice(), named) {
            ([group], _) => return Some(group),
            ([], []) => ("unknown_group", "no group has this name: make the group first, or correct the name"),
            ([], _) => ("unknown_group", "the course has no group of this name: correct the course or the name"),
            (_, _) if course.is_some() => {
                ("ambiguous_group", "the course has several groups of this name: give one of them another")
            }
            (_, _) => ("ambiguous_group", "several groups have this name: say in a column `course` whose is meant"),
        };
        faults.push(CellFault { column: "group", code, detail: detail.into(), value: row.group.to_string() });
        None
    }

    fn trainer(&self, faults: &mut Vec<CellFault>, name: &str) -> Option<PersonId> {
        let (code, detail) = match self.trainers_named(name) {
            Some(found) => match one_of(found) {
                Some(trainer) => return Some(trainer),
                None => ("ambiguous_trainer", "several trainers have this name: give the sign-in name or the number"),
            },
            None => ("unknown_trainer", "no trainer has this name: make the account first, or correct the name"),
        };
        faults.push(CellFault { column: "trainer", code, detail: detail.into(), value: name.to_owned() });
        None
    }

    fn trainers_named(&self, name: &str) -> Option<&BTreeSet<PersonId>> {
        self.trainers.get(&name.to_lowercase()).or_else(|| self.trainers_by_name.get(&fold(name)))
    }

    fn venue(&self, faults: &mut Vec<CellFault>, row: &TimetableRow) -> Option<Option<VenueId>> {
        let Some(name) = &row.room else { return Some(None) };
        let (code, detail) = match self.venues.get(&fold(name.as_str())) {
            Some(found) => match one_of(found) {
                Some(venue) => return Some(Some(venue)),
                None => ("ambiguous_room", "several rooms have this name: give one of them another"),
            },
            None => ("unknown_room", "no room has this name: make the room first, or correct the name"),
        };
        faults.push(CellFault { column: "room", code, detail: detail.into(), value: name.to_string() });
        None
    }

    fn unit(
        &self,
        faults: &mut Vec<CellFault>,
        row: &TimetableRow,
        group: Option<&GroupRecord>,
    ) -> Option<Option<UnitId>> {
        let Some(title) = &row.unit else { return Some(None) };
        let (code, detail) = match self.units.get(&(group?.course, fold(title.as_str()))) {
            Some(found) => match one_of(found) {
                Some(unit) => return Some(Some(unit)),
                None => ("ambiguous_unit", "several units of the programme have this title: give one of them another"),
            },
            None => ("unknown_unit", "the course's programme has no such unit: add it first, or correct the title"),
        };
        faults.push(CellFault { column: "unit", code, detail: detail.into(), value: title.to_string() });
        None
    }

    fn dates(&self, faults: &mut Vec<CellFault>, row: &TimetableRow) -> Option<Series> {
        let mut fault = |column, code, detail: String, value: String| {
            faults.push(CellFault { column, code, detail, value });
        };
        let rule = match rule_of(row) {
            Ok(rule) => rule,
            Err(refused) => {
                let text = match &row.repeat {
                    Some(Repeat::Rule(rule)) => rule.clone(),
                    _ => String::new(),
                };
                fault("repeat", refused.word(), refused.to_string(), text);
                return None;
            }
        };
        let time = time(row);
        let draft = SeriesDraft {
            start: day(row.date).to_datetime(time),
            length: Duration::from_secs(u64::from(row.minutes.get()) * 60),
            zone: self.zone.clone(),
            rule,
            exceptions: row.except.iter().map(|date| day(*date).to_datetime(time)).collect(),
            extras: BTreeSet::new(),
        };
        let exceptions = draft.exceptions.clone();
        let series = match Series::new(draft) {
            Ok(series) => series,
            Err(refused) => {
                fault("repeat", refused.word(), refused.to_string(), String::new());
                return None;
            }
        };
        let all = SeriesDraft { exceptions: BTreeSet::new(), ..series.draft().clone() };
        let all = Series::new(all).map(|all| all.originals()).unwrap_or_default();
        if let Some(stray) = exceptions.iter().find(|day| !all.contains(day)) {
            let detail = "the lesson would not be on this day: correct it, or leave it out";
            fault("except", "not_a_day_of_it", detail.into(), stray.date().to_string());
            return None;
        }
        Some(series)
    }

    /// What a trainer is called so that a line means them: the name, unless others have it too.
    pub fn call(&self, trainer: &PersonRecord) -> Option<String> {
        let names = [Some(&trainer.name), trainer.sign_in.as_ref(), trainer.external_id.as_ref()];
        names.into_iter().flatten().find(|name| self.trainers_named(name).and_then(one_of) == Some(trainer.id)).cloned()
    }
}

fn one_of<T: Copy + Ord>(found: &BTreeSet<T>) -> Option<T> {
    found.first().copied().filter(|_| found.len() == 1)
}

fn day(date: Date) -> jiff::civil::Date {
    let (year, month, day) = (i16::try_from(date.year()), i8::try_from(date.month()), i8::try_from(date.day()));
    let parts = year.ok().zip(month.ok()).zip(day.ok());
    // A date of a table exists.
    parts
        .and_then(|((year, month), day)| jiff::civil::Date::new(year, month, day).ok())
        .unwrap_or(jiff::civil::Date::ZERO)
}

fn time(row: &TimetableRow) -> Time {
    let (hour, minute) = (i8::try_from(row.start.hour()), i8::try_from(row.start.minute()));
    hour.ok().zip(minute.ok()).and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok()).unwrap_or(Time::midnight())
}

fn rule_of(row: &TimetableRow) -> Result<Rule, crate::schedule::RuleFault> {
    let until = row.until.map(|date| day(date).strftime(";UNTIL=%Y%m%d").to_string()).unwrap_or_default();
    match &row.repeat {
        None => Ok(Rule::once()),
        Some(Repeat::Weekly) => Rule::parse(&format!("FREQ=WEEKLY{until}")),
        Some(Repeat::Rule(rule)) => Rule::parse(&format!("{rule}{until}")),
    }
}

/// The first and the last day that lines can be about, without knowing their rules.
fn days_of<'a>(rows: impl Iterator<Item = &'a TimetableRow>) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let days: BTreeSet<Date> = rows.map(|row| row.date).collect();
    let (first, last) = (days.first()?, days.last()?);
    Some((day(*first), day(*last).saturating_add(i64::from(crate::schedule::rule::YEARS_MAX).years())))
}

/// What is the same for lines that mean the same: the first half of a SHA-256, in hexadecimal.
pub(super) fn fingerprint(like: &PlannedLesson, dates: &Series) -> String {
    let draft = dates.draft();
    let walls = |walls: &BTreeSet<DateTime>| walls.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said: BTreeMap<&str, serde_json::Value> = BTreeMap::from([
        ("group", like.group.to_string().into()),
        ("trainer", like.trainer.to_string().into()),
        ("title", like.title.clone().into()),
        ("venue", like.venue.map(|venue| venue.to_string()).into()),
        ("unit", like.unit.map(|unit| unit.to_string()).into()),
        ("starts", draft.start.to_string().into()),
        ("seconds", draft.length.as_secs().into()),
        ("zone", draft.zone.name().into()),
        ("rule", draft.rule.to_string().into()),
        ("except", walls(&draft.exceptions).into()),
    ]);
    let text = serde_json::to_string(&said).unwrap_or_default();
    let hash = digest(&SHA256, text.as_bytes());
    hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
