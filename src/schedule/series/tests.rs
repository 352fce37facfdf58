use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn draft(rule: &str) -> SeriesDraft {
    SeriesDraft {
        start: date(2026, 9, 1).at(8, 0, 0, 0),
        length: Duration::from_mins(90),
        zone: Zone::parse("Africa/Casablanca").expect("a zone"),
        rule: Rule::parse(rule).expect("a rule"),
        exceptions: BTreeSet::new(),
        extras: BTreeSet::new(),
    }
}

fn series(draft: SeriesDraft) -> Series {
    Series::new(draft).expect("a series")
}

fn walls(lessons: &[Occurrence]) -> Vec<String> {
    lessons.iter().map(|lesson| lesson.original.to_string()).collect()
}

fn at(year: i16, month: i8, day: i8) -> DateTime {
    date(year, month, day).at(8, 0, 0, 0)
}

#[test]
fn lessons_keep_their_wall_time_when_moroccan_clocks_change_for_ramadan() {
    let lessons = series(SeriesDraft { start: at(2026, 2, 10), ..draft("FREQ=WEEKLY;COUNT=7") }).expand(&[]);
    assert!(lessons.iter().all(|lesson| lesson.original.hour() == 8));
    let hours: Vec<i64> = lessons.iter().map(|lesson| lesson.starts_at.seconds() / 3_600 % 24).collect();
    assert_eq!(hours, [7, 8, 8, 8, 8, 8, 7]);
    assert!(lessons.iter().all(|lesson| lesson.span().length() == Duration::from_mins(90)));
}

#[test]
fn a_lesson_lasts_as_long_whatever_clocks_do_meanwhile() {
    let night = SeriesDraft {
        start: date(2026, 3, 28).at(23, 0, 0, 0),
        length: Duration::from_hours(6),
        zone: Zone::parse("Europe/Paris").expect("a zone"),
        ..draft("FREQ=DAILY;COUNT=1")
    };
    let lesson = series(night).expand(&[])[0];
    assert_eq!(lesson.span().length(), Duration::from_hours(6));
    assert_eq!(Zone::parse("Europe/Paris").expect("a zone").wall(lesson.ends_at), date(2026, 3, 29).at(6, 0, 0, 0));
}

#[test]
fn exceptions_fall_out_and_extra_dates_come_in_and_exceptions_win() {
    let lessons = series(SeriesDraft {
        exceptions: BTreeSet::from([at(2026, 9, 8), at(2026, 9, 10)]),
        extras: BTreeSet::from([at(2026, 9, 1), at(2026, 9, 4), at(2026, 9, 10)]),
        ..draft("FREQ=WEEKLY;COUNT=3")
    });
    let found = walls(&lessons.expand(&[]));
    assert_eq!(found, ["2026-09-01T08:00:00", "2026-09-04T08:00:00", "2026-09-15T08:00:00"]);
}

#[test]
fn lessons_on_holidays_fall_out_and_are_not_made_up_for() {
    let series = series(SeriesDraft { extras: BTreeSet::from([at(2026, 9, 5)]), ..draft("FREQ=DAILY;COUNT=6") });
    let holidays = [
        Holiday { from: date(2026, 9, 2), until: date(2026, 9, 3) },
        Holiday { from: date(2026, 9, 5), until: date(2026, 9, 5) },
        Holiday { from: date(2026, 9, 6), until: date(2026, 9, 4) },
    ];
    let found = walls(&series.expand(&holidays));
    assert_eq!(found, ["2026-09-01T08:00:00", "2026-09-04T08:00:00", "2026-09-06T08:00:00"]);
}

#[test]
fn what_cannot_be_is_refused_with_its_word() {
    let daily = || draft("FREQ=DAILY;COUNT=400");
    let extras = |count: i64| (1..=count).map(|day| at(2027, 12, 1).saturating_add(day.days())).collect();
    let cases = [
        (SeriesDraft { length: Duration::ZERO, ..daily() }, "lesson_ends_before_it_starts"),
        (SeriesDraft { length: Duration::from_hours(25), ..daily() }, "lesson_too_long"),
        (SeriesDraft { start: date(2026, 9, 1).at(8, 0, 0, 1), ..daily() }, "time_with_fraction"),
        (SeriesDraft { start: date(206, 9, 1).at(8, 0, 0, 0), ..daily() }, "year_out_of_range"),
        (SeriesDraft { extras: BTreeSet::from([at(9500, 1, 1)]), ..daily() }, "year_out_of_range"),
        (SeriesDraft { exceptions: extras(501), ..daily() }, "series_too_many_exceptions"),
        (SeriesDraft { extras: extras(501), ..daily() }, "rule_too_many_dates"),
        (SeriesDraft { extras: extras(101), ..daily() }, "rule_too_many_dates"),
        (SeriesDraft { extras: BTreeSet::from([at(2031, 9, 2)]), ..daily() }, "rule_too_long"),
        (draft("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1"), "rule_never_occurs"),
    ];
    for (draft, word) in cases {
        assert_eq!(Series::new(draft).expect_err(word).word(), word);
    }
    assert!(Series::new(SeriesDraft { extras: extras(100), ..daily() }).is_ok());
}

#[test]
fn a_lesson_that_is_taken_out_becomes_an_exception() {
    let whole = series(draft("FREQ=WEEKLY;COUNT=3"));
    let rest = whole.without(at(2026, 9, 8)).expect("a series");
    assert_eq!(walls(&rest.expand(&[])), ["2026-09-01T08:00:00", "2026-09-15T08:00:00"]);
    assert_eq!(rest.without(at(2026, 9, 8)), Err(SeriesFault::NoSuchLesson));
    assert_eq!(whole.without(at(2026, 9, 9)), Err(SeriesFault::NoSuchLesson));
}

#[test]
fn a_cut_adjusts_the_end_of_each_part() {
    let counted = series(draft("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;COUNT=10"));
    let parts = counted.split(at(2026, 9, 18)).expect("a cut");
    assert_eq!(parts.before.expect("a part").draft().rule.to_string(), "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU,FR");
    assert_eq!(parts.after.draft().rule.to_string(), "FREQ=WEEKLY;INTERVAL=2;COUNT=7;BYDAY=TU,FR");
    let dated = series(draft("FREQ=DAILY;UNTIL=20260930T070000Z"));
    let parts = dated.split(at(2026, 9, 18)).expect("a cut");
    assert_eq!(parts.before.expect("a part").draft().rule.to_string(), "FREQ=DAILY;UNTIL=20260917T070000Z");
    assert_eq!(parts.after.draft().rule, dated.draft().rule);
}

#[test]
fn a_cut_at_the_first_lesson_leaves_nothing_before() {
    let whole = series(SeriesDraft { exceptions: BTreeSet::from([at(2026, 9, 1)]), ..draft("FREQ=WEEKLY;COUNT=3") });
    let parts = whole.split(at(2026, 9, 8)).expect("a cut");
    assert_eq!(parts.before, None);
    assert_eq!(parts.after.expand(&[]), whole.expand(&[]));
    assert_eq!(whole.split(at(2026, 9, 1)), Err(SeriesFault::NoSuchLesson));
}

#[test]
fn a_part_may_have_extra_dates_only() {
    let whole = series(SeriesDraft {
        extras: BTreeSet::from([at(2026, 8, 20), at(2026, 8, 21), at(2027, 1, 4), at(2027, 1, 5)]),
        ..draft("FREQ=WEEKLY;COUNT=3")
    });
    for cut in [at(2026, 8, 21), at(2026, 9, 1), at(2027, 1, 4), at(2027, 1, 5)] {
        assert_parts_are_the_whole(&whole, cut);
    }
}

fn assert_parts_are_the_whole(whole: &Series, cut: DateTime) {
    let parts = whole.split(cut).expect("a cut");
    let before = parts.before.map(|before| before.expand(&[])).unwrap_or_default();
    let after = parts.after.expand(&[]);
    assert!(before.iter().all(|lesson| lesson.original < cut), "{whole:?} at {cut}");
    assert!(after.iter().all(|lesson| lesson.original >= cut), "{whole:?} at {cut}");
    let mut both = [before, after].concat();
    both.sort_unstable();
    assert_eq!(both, whole.expand(&[]), "{whole:?} at {cut}");
}

proptest! {
    #[test]
    fn both_parts_of_a_cut_have_the_lessons_of_the_whole(
        rule in "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY);(COUNT=[1-9][0-9]?|UNTIL=202[789]1111(T1[0-9]0000Z?)?)\
                 (;INTERVAL=[1-4])?(;BYMONTH=[1-9](,1[0-2])?)?(;BYMONTHDAY=-?[1-9](,[12][0-9])?)?\
                 (;BYDAY=(-?[1-5])?(MO|TU|FR)(,(SA|SU))?)?(;BYSETPOS=-?[1-3])?(;WKST=(SU|SA))?",
        day in 0_i64..400,
        excepted in prop::collection::btree_set(0_usize..50, 0..6),
        extra in prop::collection::btree_set(-50_i64..900, 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let Ok(rule) = Rule::parse(&rule) else { return Ok(()) };
        let mut draft = SeriesDraft { rule, ..draft("FREQ=DAILY;COUNT=1") };
        draft.start = draft.start.saturating_add(day.days());
        draft.extras = extra.iter().map(|days| draft.start.saturating_add(days.days().hours(days % 3))).collect();
        let Ok(plain) = Series::new(draft.clone()) else { return Ok(()) };
        let dates = plain.originals();
        draft.exceptions = excepted.iter().filter_map(|nth| dates.iter().nth(*nth).copied()).collect();
        let whole = Series::new(draft).expect("exceptions change nothing of what is checked");
        let originals: Vec<DateTime> = whole.originals().into_iter().collect();
        if !originals.is_empty() {
            assert_parts_are_the_whole(&whole, *cut.get(&originals));
        }
    }
}
