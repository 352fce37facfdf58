use super::*;
use crate::schedule::{Holiday, Zone};
use crate::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::{DateTime, Time, Weekday, date, time};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;
use uuid::Uuid;

const MINUTE: i64 = 60_000_000;

fn trainer(number: u128) -> Resource {
    Resource::Trainer(PersonId(Uuid::from_u128(number)))
}

fn venue(number: u128) -> Resource {
    Resource::Venue(VenueId(Uuid::from_u128(number)))
}

fn lesson(number: u128) -> LessonId {
    LessonId(Uuid::from_u128(number))
}

fn span(from: i64, to: i64) -> Span {
    Span { starts_at: Timestamp(from), ends_at: Timestamp(to) }
}

fn busy(who: Resource, from: i64, to: i64, number: u128) -> Busy {
    Busy { who, span: span(from, to), lesson: lesson(number) }
}

#[test]
fn lessons_that_touch_are_no_conflict_and_lessons_that_overlap_are() {
    let taken = [busy(trainer(1), 10, 20, 1), busy(trainer(1), 30, 40, 2)];
    let want = |from, to| Wanted { who: trainer(1), span: span(from, to), lesson: None };
    assert_eq!(find(&taken, &[want(20, 30), want(0, 10), want(40, 50)]), []);
    let found = find(&taken, &[want(20, 31), want(19, 30), want(0, 100)]);
    let found: Vec<(usize, LessonId)> = found.iter().map(|conflict| (conflict.wanted, conflict.with.lesson)).collect();
    assert_eq!(found, [(0, lesson(2)), (1, lesson(1)), (2, lesson(1)), (2, lesson(2))]);
}

#[test]
fn whoever_is_another_is_not_in_the_way_though_the_ids_be_equal() {
    let taken = [busy(trainer(1), 10, 20, 1)];
    let group = Resource::Group(GroupId(Uuid::from_u128(1)));
    for who in [trainer(2), venue(1), group] {
        assert_eq!(find(&taken, &[Wanted { who, span: span(0, 100), lesson: None }]), []);
    }
}

#[test]
fn a_lesson_that_is_moved_is_not_in_its_own_way() {
    let taken = [busy(trainer(1), 10, 20, 1)];
    let moved = |own| Wanted { who: trainer(1), span: span(15, 25), lesson: Some(lesson(own)) };
    assert_eq!(find(&taken, &[moved(1)]), []);
    assert_eq!(find(&taken, &[moved(2)]).len(), 1);
}

#[test]
fn conflicts_are_told_up_to_a_bound() {
    let taken: Vec<Busy> = (0..300).map(|number| busy(venue(1), 0, 10, number)).collect();
    let wanted = [Wanted { who: venue(1), span: span(5, 6), lesson: None }; 3];
    let found = find(&taken, &wanted);
    assert_eq!(found.len(), CONFLICTS_MAX);
    assert!(found.iter().all(|conflict| conflict.wanted == 0));
}

#[test]
fn a_full_venue_is_not_too_small() {
    assert_eq!(check_capacity(24, 24), Ok(()));
    let fault = check_capacity(25, 24).expect_err("it is too small");
    assert_eq!((fault, fault.word()), (VenueTooSmall { size: 25, capacity: 24 }, "venue_too_small"));
}

fn by_brute_force(busy: &[Busy], wanted: &[Wanted]) -> Vec<Conflict> {
    let mut all = Vec::new();
    for (place, wanted) in wanted.iter().enumerate() {
        let mut with: Vec<Busy> = busy
            .iter()
            .filter(|busy| busy.who == wanted.who && Some(busy.lesson) != wanted.lesson)
            .filter(|busy| {
                // Some instant is in both.
                (busy.span.starts_at.0.max(wanted.span.starts_at.0)..busy.span.ends_at.0.min(wanted.span.ends_at.0))
                    .next()
                    .is_some()
            })
            .copied()
            .collect();
        with.sort_unstable();
        all.extend(with.into_iter().map(|with| Conflict { wanted: place, with }));
    }
    all
}

fn spans(longest: i64) -> impl Strategy<Value = Span> {
    (0_i64..100, -2..longest).prop_map(|(from, length)| span(from, from + length))
}

fn anyone() -> impl Strategy<Value = Resource> {
    prop_oneof![(0_u128..3).prop_map(trainer), (0_u128..2).prop_map(venue)]
}

proptest! {
    #[test]
    fn conflicts_are_those_of_a_look_at_every_pair(
        taken in vec((anyone(), prop_oneof![4 => spans(8), 1 => spans(90)], 0_u128..20), 0..60),
        wanted in vec((anyone(), spans(20), prop::option::of(0_u128..20)), 0..20),
    ) {
        let taken: Vec<Busy> =
            taken.into_iter().map(|(who, span, number)| Busy { who, span, lesson: lesson(number) }).collect();
        let wanted: Vec<Wanted> =
            wanted.into_iter().map(|(who, span, own)| Wanted { who, span, lesson: own.map(lesson) }).collect();
        let mut all = by_brute_force(&taken, &wanted);
        let counts = |place: usize, busy: &Busy| busy.lesson.0.as_u128() % 3 != place as u128 % 3;
        let mut firsts: Vec<Conflict> =
            all.iter().filter(|conflict| counts(conflict.wanted, &conflict.with)).copied().collect();
        firsts.dedup_by_key(|conflict| conflict.wanted);
        prop_assert_eq!(first_of_each(&taken, &wanted, counts), firsts);
        all.truncate(CONFLICTS_MAX);
        prop_assert_eq!(find(&taken, &wanted), all);
    }
}

fn casablanca() -> Zone {
    Zone::parse("Africa/Casablanca").expect("a zone")
}

fn working_days() -> OpeningHours {
    let weekdays = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    let windows =
        weekdays.into_iter().flat_map(|weekday| {
            [(time(8, 0, 0, 0), time(12, 0, 0, 0)), (time(14, 0, 0, 0), time(18, 0, 0, 0))]
                .map(|(opens, closes)| Window { weekday, opens, closes })
        });
    OpeningHours { zone: casablanca(), windows: windows.collect() }
}

fn wall(of: &[Span]) -> Vec<String> {
    of.iter().map(|span| casablanca().wall(span.starts_at).strftime("%a %d %H:%M").to_string()).collect()
}

/// A search for 90 minutes of trainer 1 and venue 1 at a wall time in Casablanca.
fn search<'a>(busy: &'a [Busy], at: DateTime, hours: &'a OpeningHours) -> FreeSearch<'a> {
    let starts_at = casablanca().instant(at);
    FreeSearch {
        busy,
        who: const { &[Resource::Trainer(PersonId(Uuid::from_u128(1))), Resource::Venue(VenueId(Uuid::from_u128(1)))] },
        lesson: None,
        wanted: Span::lasting(starts_at, Duration::from_mins(90)),
        hours,
        holidays: &[],
        now: Timestamp(0),
        at_most: 3,
    }
}

fn taken(who: Resource, from: DateTime, minutes: i64) -> Busy {
    let from = casablanca().instant(from).0;
    busy(who, from, from + minutes * MINUTE, 7)
}

/// A Monday.
fn monday(hour: i8, minute: i8) -> DateTime {
    date(2026, 11, 23).at(hour, minute, 0, 0)
}

#[test]
fn the_nearest_free_times_lie_around_what_is_taken() {
    let hours = working_days();
    let busy =
        [taken(trainer(1), monday(9, 30), 60), taken(venue(1), monday(10, 30), 30), taken(venue(2), monday(8, 0), 600)];
    let found = nearest_free(&search(&busy, monday(9, 30), &hours));
    assert_eq!(wall(&found), ["Mon 23 08:00", "Mon 23 14:00", "Mon 23 14:15"]);
}

#[test]
fn nothing_is_found_on_holidays_at_weekends_or_in_the_past() {
    let hours = working_days();
    let friday = date(2026, 11, 27).at(16, 30, 0, 0);
    let busy = [taken(trainer(1), friday, 30)];
    let mut search = search(&busy, friday, &hours);
    search.now = casablanca().instant(friday);
    search.at_most = 1;
    // Who is free begins now.
    assert_eq!(wall(&nearest_free(&FreeSearch { busy: &[], ..search })), ["Fri 27 16:30"]);
    assert_eq!(wall(&nearest_free(&search)), ["Mon 30 08:00"]);
    let holidays = [Holiday { from: date(2026, 11, 29), until: date(2026, 12, 1) }];
    search.holidays = &holidays;
    assert_eq!(wall(&nearest_free(&search)), ["Wed 02 08:00"]);
}

#[test]
fn a_lesson_that_is_moved_may_stay_where_it_is() {
    let hours = working_days();
    let busy = [taken(trainer(1), monday(9, 30), 90)];
    let mut search = search(&busy, monday(9, 30), &hours);
    search.at_most = 1;
    assert_ne!(wall(&nearest_free(&search)), ["Mon 23 09:30"]);
    search.lesson = Some(lesson(7));
    assert_eq!(wall(&nearest_free(&search)), ["Mon 23 09:30"]);
}

#[test]
fn where_there_is_no_room_in_two_weeks_nothing_is_found() {
    let hours = working_days();
    let from = monday(8, 0).saturating_sub(20.days());
    let busy = [taken(trainer(1), from, 40 * 24 * 60)];
    assert_eq!(nearest_free(&search(&busy, monday(8, 0), &hours)), []);
    let never = OpeningHours { zone: casablanca(), windows: Vec::new() };
    assert_eq!(nearest_free(&search(&[], monday(8, 0), &never)), []);
    let mut longer_than_any_window = search(&[], monday(8, 0), &hours);
    longer_than_any_window.wanted.ends_at = longer_than_any_window.wanted.starts_at.plus(Duration::from_hours(5));
    assert_eq!(nearest_free(&longer_than_any_window), []);
}

#[test]
fn a_window_may_end_at_midnight() {
    let evening = Window { weekday: Weekday::Monday, opens: time(22, 30, 0, 0), closes: Time::midnight() };
    let hours = OpeningHours { zone: casablanca(), windows: vec![evening] };
    let found = nearest_free(&search(&[], monday(12, 0), &hours));
    assert_eq!(wall(&found), ["Mon 23 22:30", "Mon 16 22:30", "Mon 30 22:30"]);
}

/// Looks at every minute of four weeks and more.
fn free_by_brute_force(search: &FreeSearch<'_>) -> Vec<Span> {
    let zone = &search.hours.zone;
    let length = search.wanted.ends_at.0 - search.wanted.starts_at.0;
    let mut found = Vec::new();
    for minute in -14 * 24 * 60..=14 * 24 * 60_i64 {
        let start = Timestamp(search.wanted.starts_at.0 + minute * MINUTE);
        let span = span(start.0, start.0 + length);
        let (from, to) = (zone.wall(start), zone.wall(Timestamp(span.ends_at.0 - 1)));
        let fits = |window: &&Window| {
            let opening = zone.instant(from.date().to_datetime(window.opens)).0;
            let last_day = match window.closes == Time::midnight() {
                true => from.date().saturating_add(1.day()),
                false => from.date(),
            };
            let closing = zone.instant(last_day.to_datetime(window.closes));
            window.weekday == from.weekday()
                && from.date() == to.date()
                && from.time() >= window.opens
                // Where the clocks skip the opening, it is later by the wall.
                && start.0 >= opening
                && span.ends_at <= closing
                && (start.0 - opening) % (15 * MINUTE) == 0
        };
        let open = search.hours.windows.iter().any(|window| fits(&window));
        let holiday = search.holidays.iter().any(|holiday| holiday.from <= from.date() && from.date() <= holiday.until);
        let clash = search.busy.iter().any(|busy| {
            search.who.contains(&busy.who)
                && Some(busy.lesson) != search.lesson
                && busy.span.starts_at < span.ends_at
                && span.starts_at < busy.span.ends_at
        });
        if open && !holiday && !clash && start >= search.now {
            found.push(span);
        }
    }
    found.sort_by_key(|span| ((span.starts_at.0 - search.wanted.starts_at.0).abs(), span.starts_at));
    found.truncate(search.at_most);
    found
}

/// The morning on which Morocco's clocks go forward over a quarter to three.
#[test]
fn an_opening_that_the_clocks_skip_is_an_hour_later() {
    let window = Window { weekday: Weekday::Sunday, opens: time(2, 45, 0, 0), closes: time(6, 0, 0, 0) };
    let hours = OpeningHours { zone: casablanca(), windows: vec![window] };
    let at = date(2026, 3, 22).at(0, 0, 0, 0);
    let mut search = search(&[], at, &hours);
    let starts = casablanca().instant(at).0;
    search.wanted = span(starts, starts + 106 * MINUTE);
    search.now = Timestamp(starts);
    search.at_most = 1;
    assert_eq!(wall(&nearest_free(&search)), ["Sun 22 03:45"]);
    assert_eq!(nearest_free(&search), free_by_brute_force(&search));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn free_times_are_those_of_a_look_at_every_minute(
        // Around the start of Ramadan, when the clocks go back, too.
        day in 0_i64..60, minute in 0_i64..1_440, length in 1_i64..240, now in -20_000_i64..5_000,
        taken in vec((0_u128..3, -15 * 1_440_i64..15 * 1_440, 1_i64..2_000, 0_u128..5), 0..30),
        windows in vec((0_i8..7, 0_i8..22, 1_i8..10, prop::sample::select(vec![0_i8, 10, 45])), 0..10),
        holidays in vec((-14_i64..14, 0_i64..3), 0..3),
        own in prop::option::of(0_u128..5),
        at_most in 1_usize..FREE_MAX,
    ) {
        let at = date(2026, 1, 20).at(0, 0, 0, 0).saturating_add(day.days().minutes(minute));
        let starts = casablanca().instant(at).0;
        let busy: Vec<Busy> = taken.into_iter().map(|(who, from, minutes, number)| {
            busy(trainer(who), starts + from * MINUTE, starts + (from + minutes) * MINUTE, number)
        }).collect();
        let windows = windows.into_iter().map(|(weekday, opens, hours, minute)| Window {
            weekday: Weekday::from_monday_zero_offset(weekday).expect("a weekday"),
            opens: time(opens, minute, 0, 0),
            closes: if opens + hours >= 24 { Time::midnight() } else { time(opens + hours, 0, 0, 0) },
        }).collect();
        let holidays: Vec<Holiday> = holidays.into_iter().map(|(from, days)| {
            let from = at.date().saturating_add(from.days());
            Holiday { from, until: from.saturating_add(days.days()) }
        }).collect();
        let hours = OpeningHours { zone: casablanca(), windows };
        let mut search = search(&busy, at, &hours);
        search.wanted = span(starts, starts + length * MINUTE);
        search.holidays = &holidays;
        search.lesson = own.map(lesson);
        search.now = Timestamp(starts + now * MINUTE);
        search.at_most = at_most;
        prop_assert_eq!(nearest_free(&search), free_by_brute_force(&search));
    }
}
