use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn dates(text: &str, start: DateTime) -> Result<Vec<String>, RuleFault> {
    let dates = Rule::parse(text)?.dates(start, &paris())?;
    Ok(dates.into_iter().map(|wall| wall.date().to_string()).collect())
}

fn paris() -> crate::schedule::Zone {
    crate::schedule::Zone::parse("Europe/Paris").expect("a zone")
}

/// A Tuesday.
fn start() -> DateTime {
    date(2026, 9, 1).at(8, 0, 0, 0)
}

fn word(text: &str) -> &'static str {
    dates(text, start()).expect_err("it is refused").word()
}

#[test]
fn every_two_weeks_counts_from_the_week_of_the_start() {
    let found = dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=4", start()).expect("dates");
    assert_eq!(found, ["2026-09-01", "2026-09-06", "2026-09-15", "2026-09-20"]);
    // With weeks from Sunday on, the first Sunday is of the next week.
    let found = dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=4;WKST=SU", start()).expect("dates");
    assert_eq!(found, ["2026-09-01", "2026-09-13", "2026-09-15", "2026-09-27"]);
}

#[test]
fn a_start_that_the_rule_does_not_name_is_no_date_of_it() {
    let found = dates("FREQ=WEEKLY;BYDAY=MO;COUNT=2", start()).expect("dates");
    assert_eq!(found, ["2026-09-07", "2026-09-14"]);
}

#[test]
fn a_month_without_the_day_is_passed_over() {
    let found = dates("FREQ=MONTHLY;COUNT=3", date(2027, 1, 31).at(8, 0, 0, 0)).expect("dates");
    assert_eq!(found, ["2027-01-31", "2027-03-31", "2027-05-31"]);
    let found = dates("FREQ=YEARLY;COUNT=2", date(2028, 2, 29).at(8, 0, 0, 0)).expect("dates");
    assert_eq!(found, ["2028-02-29", "2032-02-29"]);
}

#[test]
fn weekdays_are_numbered_in_months_and_years() {
    let found = dates("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=4", start()).expect("dates");
    assert_eq!(found, ["2026-09-07", "2026-09-25", "2026-10-05", "2026-10-30"]);
    let found = dates("FREQ=YEARLY;BYDAY=20MO,-1SU;COUNT=3", start()).expect("dates");
    assert_eq!(found, ["2026-12-27", "2027-05-17", "2027-12-26"]);
    let found = dates("FREQ=YEARLY;BYMONTH=11;BYDAY=2TU;COUNT=2", start()).expect("dates");
    assert_eq!(found, ["2026-11-10", "2027-11-09"]);
}

#[test]
fn a_day_fits_numbered_or_unnumbered_weekdays() {
    let found = dates("FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=6", start()).expect("dates");
    assert_eq!(found, ["2026-09-07", "2026-09-08", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05"]);
}

#[test]
fn positions_choose_among_the_days_of_a_period_from_its_beginning() {
    // The last working day of the month.
    let found = dates("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", start()).expect("dates");
    assert_eq!(found, ["2026-09-30", "2026-10-30", "2026-11-30"]);
    // The first of the first week was before the start.
    let found = dates("FREQ=WEEKLY;BYDAY=MO,TH;BYSETPOS=1;COUNT=2", start()).expect("dates");
    assert_eq!(found, ["2026-09-07", "2026-09-14"]);
}

#[test]
fn days_of_the_month_count_from_the_end_too() {
    let found = dates("FREQ=MONTHLY;BYMONTHDAY=15,-1;BYMONTH=2,9;COUNT=4", start()).expect("dates");
    assert_eq!(found, ["2026-09-15", "2026-09-30", "2027-02-15", "2027-02-28"]);
    let found = dates("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", start()).expect("dates");
    assert_eq!(found, ["2026-11-13", "2027-08-13"]);
}

#[test]
fn an_end_holds_its_own_moment() {
    let on = |until: &str| dates(&format!("FREQ=DAILY;UNTIL={until}"), start()).map(|found| found.len());
    assert_eq!(on("20260903"), Ok(3));
    assert_eq!(on("20260903T080000"), Ok(3));
    assert_eq!(on("20260903T075959"), Ok(2));
    // Paris is two hours ahead in September.
    assert_eq!(on("20260903T060000Z"), Ok(3));
    assert_eq!(on("20260903T055959Z"), Ok(2));
}

#[test]
fn what_has_no_end_or_too_many_dates_is_refused() {
    assert_eq!(word("FREQ=WEEKLY"), "rule_without_end");
    assert_eq!(word("FREQ=WEEKLY;COUNT=3;UNTIL=20270101"), "rule_with_two_ends");
    assert_eq!(word("FREQ=DAILY;COUNT=501"), "rule_too_many_dates");
    assert_eq!(word("FREQ=DAILY;COUNT=99999999999999999999"), "rule_too_many_dates");
    assert_eq!(word("FREQ=DAILY;UNTIL=20280201"), "rule_too_many_dates");
    assert_eq!(word("FREQ=MONTHLY;UNTIL=20310902"), "rule_too_long");
    assert_eq!(word("FREQ=YEARLY;COUNT=7"), "rule_too_long");
    assert_eq!(dates("FREQ=DAILY;COUNT=500", start()).map(|found| found.len()), Ok(500));
    assert_eq!(dates("FREQ=YEARLY;UNTIL=20310901", start()).map(|found| found.len()), Ok(6));
}

#[test]
fn a_rule_that_no_date_fits_is_refused_at_once() {
    assert_eq!(word("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3"), "rule_never_occurs");
    assert_eq!(word("FREQ=DAILY;UNTIL=20260831"), "rule_never_occurs");
    assert_eq!(word("FREQ=MONTHLY;INTERVAL=65535;BYMONTHDAY=31;COUNT=1"), "rule_never_occurs");
    assert_eq!(word("FREQ=YEARLY;INTERVAL=65535;COUNT=2"), "rule_too_long");
}

#[test]
fn nonsense_is_refused_and_said_back() {
    let long = format!("FREQ=DAILY;COUNT=1;BYMONTHDAY={}", "1,".repeat(300));
    let cases = [
        (long.as_str(), "rule_text_too_long"),
        ("", "rule_malformed"),
        ("COUNT=3", "rule_without_frequency"),
        ("FREQ=HOURLY;COUNT=3", "rule_within_a_day"),
        ("FREQ=FORTNIGHTLY;COUNT=3", "rule_malformed"),
        ("FREQ=DAILY;COUNT=3;", "rule_malformed"),
        ("FREQ=DAILY;COUNT=0", "rule_malformed"),
        ("FREQ=DAILY;COUNT=-3", "rule_malformed"),
        ("FREQ=DAILY;COUNT=+3", "rule_malformed"),
        ("FREQ=DAILY;COUNT=3;INTERVAL=0", "rule_malformed"),
        ("FREQ=DAILY;COUNT=3;COUNT=3", "rule_part_repeated"),
        ("FREQ=DAILY;UNTIL=20260231", "rule_malformed"),
        ("FREQ=DAILY;UNTIL=2026-03-01", "rule_malformed"),
        ("FREQ=DAILY;UNTIL=20260301T250000Z", "rule_malformed"),
        ("FREQ=DAILY;UNTIL=٢٠٢٦٠٣٠١", "rule_malformed"),
        ("FREQ=WEEKLY;BYDAY=LU;COUNT=3", "rule_malformed"),
        ("FREQ=WEEKLY;BYDAY=é;COUNT=3", "rule_malformed"),
        ("FREQ=WEEKLY;BYDAY=1MO;COUNT=3", "rule_contradiction"),
        ("FREQ=MONTHLY;BYDAY=6MO;COUNT=3", "rule_contradiction"),
        ("FREQ=YEARLY;BYDAY=54MO;COUNT=3", "rule_malformed"),
        ("FREQ=WEEKLY;BYMONTHDAY=1;COUNT=3", "rule_contradiction"),
        ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3", "rule_malformed"),
        ("FREQ=MONTHLY;BYMONTH=-1;COUNT=3", "rule_malformed"),
        ("FREQ=MONTHLY;BYSETPOS=1;COUNT=3", "rule_contradiction"),
        ("FREQ=YEARLY;BYWEEKNO=20;COUNT=3", "rule_part_unsupported"),
    ];
    for (text, wanted) in cases {
        assert_eq!(word(text), wanted, "{text}");
    }
    let fault = Rule::parse(&format!("FREQ=DAILY;COUNT=1;{}", "ز".repeat(200))).expect_err("it is refused");
    assert!(fault.to_string().chars().count() < 150, "{fault}");
}

#[test]
fn a_rule_is_written_in_one_way() {
    let rule = Rule::parse(" rrule:byday=su,mo,2fr,mo;wkst=mo;count=007;interval=1;freq=monthly ").expect("a rule");
    assert_eq!(rule.to_string(), "FREQ=MONTHLY;COUNT=7;BYDAY=MO,2FR,SU");
    for text in [
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630;BYDAY=MO,TH;WKST=SU",
        "FREQ=YEARLY;UNTIL=20270630T170000;BYMONTH=2,9;BYMONTHDAY=-1,15;BYSETPOS=-1",
        "FREQ=DAILY;UNTIL=20270630T170000Z",
    ] {
        assert_eq!(Rule::parse(text).expect("a rule").to_string(), text);
    }
}

#[test]
fn the_end_of_the_calendar_is_no_accident() {
    let last = date(9999, 12, 31).at(23, 0, 0, 0);
    for text in ["FREQ=DAILY;COUNT=2", "FREQ=WEEKLY;UNTIL=99991231", "FREQ=YEARLY;INTERVAL=65535;COUNT=2"] {
        assert_eq!(dates(text, last), Err(RuleFault::TooFar), "{text}");
    }
    let first = DateTime::MIN;
    for text in ["FREQ=DAILY;COUNT=2", "FREQ=WEEKLY;COUNT=2", "FREQ=MONTHLY;COUNT=2", "FREQ=YEARLY;COUNT=2"] {
        assert_eq!(dates(text, first).map(|found| found.len()), Ok(2), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,600}") {
        if let Ok(rule) = Rule::parse(&text) {
            prop_assert_eq!(Rule::parse(&rule.to_string()), Ok(rule));
        }
    }

    #[test]
    fn what_looks_like_a_rule_is_read_back_and_bounded(
        text in "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY);(COUNT=[1-9]{1,3}|UNTIL=20(2[6-9]|3[0-3])0[1-9]1[0-9](T1[0-9]0000Z?)?)\
                 (;INTERVAL=[1-9][0-9]{0,3})?(;BYMONTH=[1-9](,1[0-2])?)?(;BYMONTHDAY=-?[1-9](,[12][0-9])?)?\
                 (;BYDAY=(-?[1-5])?(MO|TU|FR)(,(SA|SU))?)?(;BYSETPOS=-?[1-9])?(;WKST=(SU|SA))?",
    ) {
        if let Ok(rule) = Rule::parse(&text) {
            prop_assert_eq!(Rule::parse(&rule.to_string()), Ok(rule.clone()));
            if let Ok(dates) = rule.dates(start(), &paris()) {
                prop_assert!(!dates.is_empty() && dates.len() <= OCCURRENCES_MAX);
                prop_assert!(dates.is_sorted_by(|a, b| a < b));
                prop_assert!(dates.first() >= Some(&start()));
            }
        }
    }
}
