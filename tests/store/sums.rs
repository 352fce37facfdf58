//! The sums behind reports: kept as lessons change, and what adding all up anew gives.

mod world;

use crate::ledgers::settle;
use crate::scratch::{ENDS_AT, STARTS_AT, Scratch, school};
use qism::ids::{EventSeq, InstitutionId, LessonId, RegionId};
use qism::protocol::{Phase, RoomEvent};
use qism::rollup::calendar::day_number;
use qism::rollup::{By, Facts, Per, Rollup, Subject, Sums};
use qism::schedule::Zone;
use qism::store::{Branch, LoggedEvent, NewLesson, Rebuilt, Region, ReportBy, ReportLine, ReportQuery, Spent, Store};
use qism::time::Timestamp;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::process::Command;
use std::time::Duration;
use uuid::Uuid;
use world::{DAY_US, HOUR_US, World, at, by, day, person};

/// Every day of these tests.
const DAYS: RangeInclusive<i32> = FIRST..=60_000;
const FIRST: i32 = 10_000;

async fn count_all(store: &Store, now: i64) {
    while store.count_due(at(now), 7).await.expect("counted") > 0 {}
}

async fn ask(store: &Store, query: &ReportQuery) -> Vec<ReportLine> {
    store.report_sums(query).await.expect("an answer")
}

fn query(branch: Branch, by: ReportBy, per: Option<Per>) -> ReportQuery {
    ReportQuery { by, per, ..ReportQuery::total(branch, DAYS) }
}

/// Lines by what they are about, and when.
type Found = BTreeMap<(String, i32), Sums>;

fn found(lines: Vec<ReportLine>) -> Found {
    let key =
        |line: &ReportLine| (line.subject.as_ref().map(|named| named.id.clone()).unwrap_or_default(), line.from_day);
    lines.into_iter().map(|line| (key(&line), line.sums)).collect()
}

fn subject(subject: Subject) -> String {
    match subject {
        Subject::Course(course) => course.to_string(),
        Subject::Group(group) => group.to_string(),
        Subject::Trainer(trainer) => trainer.to_string(),
        Subject::Institution | Subject::Day(_) => String::new(),
    }
}

/// What is kept is what the lessons of an institution come to, on every level.
async fn are_kept(store: &Store, of: InstitutionId, lessons: &[Facts]) {
    let rollup = Rollup::of(lessons);
    let branch = Branch::Institution(of);
    for (by, report) in [
        (By::Course, ReportBy::Course),
        (By::Group, ReportBy::Group),
        (By::Trainer, ReportBy::Trainer),
        (By::Institution, ReportBy::Total),
    ] {
        let wanted: Found = rollup.by(by, DAYS).into_iter().map(|(of, sums)| ((subject(of), FIRST), sums)).collect();
        assert_eq!(found(ask(store, &query(branch, report, None)).await), wanted, "{by:?}");
        assert_eq!(
            found(store.of(of).report_sums(&query(Branch::Country, report, None)).await.expect("an answer")),
            wanted
        );
    }
    for per in Per::ALL {
        let (mut all, mut courses) = (Found::new(), Found::new());
        for facts in lessons {
            let (course, from) = (facts.course.to_string(), per.begin(facts.day));
            all.entry((String::new(), from)).or_default().add(&Sums::of(facts));
            courses.entry((course, from)).or_default().add(&Sums::of(facts));
        }
        assert_eq!(found(ask(store, &query(branch, ReportBy::Total, Some(per))).await), all, "{per:?}");
        assert_eq!(found(ask(store, &query(branch, ReportBy::Course, Some(per))).await), courses, "{per:?}");
    }
    if let Some(one) = lessons.first() {
        let of_one: Vec<Facts> = lessons.iter().filter(|facts| facts.trainer == one.trainer).copied().collect();
        let asked = ReportQuery { trainer: Some(one.trainer), ..query(branch, ReportBy::Total, None) };
        let wanted = Rollup::of(&of_one).by(By::Institution, DAYS)[&Subject::Institution];
        assert_eq!(ask(store, &asked).await.first().map(|line| line.sums), Some(wanted));
    }
}

pub async fn kept_sums_are_what_adding_all_up_anew_gives(scratch: Scratch) {
    kept_sums_of(&scratch, 1).await;
    let another = if scratch.url.starts_with("sqlite") { Scratch::sqlite() } else { Scratch::postgres().await };
    kept_sums_of(&another, 0x5eed).await;
}

async fn kept_sums_of(scratch: &Scratch, chance: u64) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let mut world = World::new(&store, &school, 0x9e37_79b9 + chance).await;
    for _ in 0..18 {
        for _ in 0..10 {
            world.act().await;
        }
        count_all(&store, world.now).await;
        let lessons = world.facts();
        let mut anew = world.of.facts_anew(at(world.now)).await.expect("facts");
        anew.sort_by_key(|facts| facts.lesson);
        assert_eq!(anew, lessons, "what is worked out of a lesson is what happened in it");
        are_kept(&store, school.institution, &lessons).await;
    }
    let given = world.facts().iter().filter(|facts| facts.given.is_some()).count();
    assert!(given > 10, "only {given} lessons were given");
    let rebuilt = store.rebuild_sums(at(world.now)).await.expect("rebuilt");
    assert_eq!((rebuilt.lessons_differed, rebuilt.sums_differed), (0, 0));
    assert_eq!(rebuilt.lessons, u64::try_from(world.facts().len()).expect("few"));
    store.close().await;
}

pub async fn a_rebuild_puts_right_what_is_wrong_and_keeps_what_has_no_records(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let mut world = World::new(&store, &school, 77).await;
    while world.facts().iter().filter(|facts| facts.given.is_some()).count() < 4 {
        world.act().await;
    }
    count_all(&store, world.now).await;
    let lessons = world.facts();
    scratch.execute("UPDATE lesson_sum SET planned = planned + 1, came = 0").await;
    scratch.execute("DELETE FROM institution_sum WHERE span = 'month'").await;
    scratch.execute("UPDATE region_sum SET bytes = bytes + 5").await;
    let Rebuilt { lessons_differed, sums, sums_differed, .. } =
        store.rebuild_sums(at(world.now)).await.expect("rebuilt");
    assert_eq!(lessons_differed, 0);
    assert!(sums_differed > 5 && sums_differed <= sums, "{sums_differed} of {sums}");
    are_kept(&store, school.institution, &lessons).await;

    // As a retention rule leaves it.
    for sql in [
        "UPDATE lesson_facts SET kept = TRUE",
        "DELETE FROM ledger",
        "DELETE FROM attendance",
        "DELETE FROM quality_minute",
        "DELETE FROM room_event",
    ] {
        scratch.execute(sql).await;
    }
    let again = store.rebuild_sums(at(world.now)).await.expect("rebuilt");
    assert_eq!((again.lessons_differed, again.sums_differed), (0, 0));
    are_kept(&store, school.institution, &lessons).await;
}

pub async fn an_older_store_is_counted_little_by_little(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, foreign) = (ours.of(&store), theirs.of(&store));
    let now = ENDS_AT.0 + 40 * DAY_US;
    for number in 0..20_i64 {
        for (of, school, more) in [(&of, &ours, 0x900_u128), (&foreign, &theirs, 0xa00)] {
            let starts_at = STARTS_AT.0 + number * DAY_US;
            let lesson = NewLesson {
                id: LessonId(Uuid::from_u128(more + u128::try_from(number).expect("few"))),
                group: school.group,
                trainer: school.trainer,
                title: "دارة".into(),
                starts_at: at(starts_at),
                ends_at: at(starts_at + HOUR_US),
            };
            of.create_lesson(&lesson).await.expect("a lesson");
        }
    }
    // Given and settled before there were ledgers.
    scratch.execute("UPDATE lesson SET phase = 'ended', phase_since = ends_at, settled_at = ends_at").await;
    assert_eq!(ask(&store, &ReportQuery::total(Branch::Country, DAYS)).await, []);
    assert_eq!(store.count_due(at(now), 15).await.expect("counted"), 15);
    count_all(&store, now).await;
    for of in [&of, &foreign] {
        let lessons = of.facts_anew(at(now)).await.expect("facts");
        assert_eq!(lessons.len(), 21);
        are_kept(&store, of.institution(), &lessons).await;
    }
    let country = ask(&store, &ReportQuery::total(Branch::Country, DAYS)).await;
    let sums = country[0].sums;
    assert_eq!((sums.planned, sums.given, sums.given_us), (42, 42, sums.planned_us));
    let institutions = ask(&store, &query(Branch::Country, ReportBy::Institution, None)).await;
    assert_eq!(institutions.iter().map(|line| line.sums.given).collect::<Vec<u64>>(), [21, 21]);
    // One institution reads nothing of another.
    let own = of.report_sums(&query(Branch::Institution(theirs.institution), ReportBy::Total, None)).await;
    assert_eq!(own.expect("an answer")[0].sums.given, 21);
}

pub async fn an_institution_takes_its_sums_to_another_region(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    count_all(&store, ENDS_AT.0).await;
    let by_region = async || found(ask(&store, &query(Branch::Country, ReportBy::Region, None)).await);
    let region = |number: u128| (RegionId(Uuid::from_u128(1 << 64 | number)).to_string(), FIRST);
    let planned = |sums: &Found, number| sums.get(&region(number)).map(|sums| sums.planned);
    let before = by_region().await;
    assert_eq!((planned(&before, 1), planned(&before, 2)), (Some(1), Some(1)));
    let mut record = ours.of(&store).itself().await.expect("a store").expect("it is there");
    record.region = RegionId(Uuid::from_u128(1 << 64 | 2));
    ours.of(&store).change_itself(&record, &by(ENDS_AT)).await.expect("changed");
    let after = by_region().await;
    assert_eq!((planned(&after, 1), planned(&after, 2)), (None, Some(2)));
    let region_alone = Branch::Region(RegionId(Uuid::from_u128(1 << 64 | 2)));
    assert_eq!(ask(&store, &query(region_alone, ReportBy::Institution, None)).await.len(), 2);
    assert_eq!(ask(&store, &query(region_alone, ReportBy::Total, Some(Per::Month))).await[0].sums.planned, 2);
    let rebuilt = store.rebuild_sums(ENDS_AT).await.expect("rebuilt");
    assert_eq!((rebuilt.lessons_differed, rebuilt.sums_differed), (0, 0));

    // Its days are another's clocks from now on: what was planned in no zone of its own is counted by those.
    let mut record = theirs.of(&store).itself().await.expect("a store").expect("it is there");
    record.time_zone = "Pacific/Kiritimati".into();
    theirs.of(&store).change_itself(&record, &by(ENDS_AT)).await.expect("changed");
    count_all(&store, ENDS_AT.0).await;
    let days =
        found(ask(&store, &query(Branch::Institution(theirs.institution), ReportBy::Total, Some(Per::Day))).await);
    let zone = Zone::parse("Pacific/Kiritimati").expect("a zone");
    assert_eq!(days.into_keys().map(|(_, day)| day).collect::<Vec<i32>>(), [day_number(zone.wall(STARTS_AT).date())]);
    let rebuilt = store.rebuild_sums(ENDS_AT).await.expect("rebuilt");
    assert_eq!((rebuilt.lessons_differed, rebuilt.sums_differed), (0, 0));
    let another = Region { id: RegionId(Uuid::from_u128(77)), name: "Oriental".into() };
    store.create_region(&another).await.expect("a region");
    assert_eq!(ask(&store, &query(Branch::Region(another.id), ReportBy::Total, None)).await, []);
}

pub async fn who_is_merged_takes_lessons_along(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let mut world = World::new(&store, &school, 5).await;
    while world.facts().iter().filter(|facts| facts.trainer == world.trainers[1]).count() < 2 {
        world.act().await;
    }
    count_all(&store, world.now).await;
    let third = person(&world.of, 11, true).await;
    world.of.merge_person(world.trainers[1], third, &by(at(world.now))).await.expect("merged");
    count_all(&store, world.now).await;
    let old = world.trainers[1];
    for lesson in world.lessons.values_mut().filter(|lesson| lesson.facts.trainer == old) {
        lesson.facts.trainer = third;
    }
    are_kept(&store, school.institution, &world.facts()).await;
    world.of.erase_person(third, "متدرب محذوف", &by(at(world.now))).await.expect("erased");
    are_kept(&store, school.institution, &world.facts()).await;
}

pub async fn a_lesson_that_begins_late_counts_when_it_is_over(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    let total = ReportQuery::total(Branch::Country, DAYS);
    count_all(&store, STARTS_AT.0).await;
    assert_eq!(ask(&store, &total).await, [], "a lesson to come does not count");
    count_all(&store, ENDS_AT.0).await;
    let missed = ask(&store, &total).await[0].sums;
    assert_eq!((missed.planned, missed.given), (1, 0));
    let event = |seq, hours: i64, event| LoggedEvent { seq: EventSeq(seq), at: at(ENDS_AT.0 + hours * HOUR_US), event };
    let on_air = Phase::Live { since: ENDS_AT };
    of.append_events(school.lesson, &[event(1, 1, RoomEvent::LessonStarted {})], on_air).await.expect("a log");
    assert_eq!(ask(&store, &total).await, [], "nor does one on air");
    count_all(&store, ENDS_AT.0 + 2 * HOUR_US).await;
    assert_eq!(ask(&store, &total).await, []);
    let ended = Phase::Ended { since: at(ENDS_AT.0 + 2 * HOUR_US) };
    of.append_events(school.lesson, &[event(2, 2, RoomEvent::LessonEnded {})], ended).await.expect("a log");
    settle(&of, school.lesson, &[], at(ENDS_AT.0 + 2 * HOUR_US)).await.expect("settled");
    let given = ask(&store, &total).await[0].sums;
    let late_us = u64::try_from(ENDS_AT.plus(Duration::from_hours(1)).0 - STARTS_AT.0).expect("forwards");
    assert_eq!((given.planned, given.given, given.late, given.late_us), (1, 1, 1, late_us));
}

pub async fn a_seeded_country_has_the_sums_of_its_lessons(scratch: Scratch) {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("qism.toml");
    std::fs::write(&config, format!("[store]\nurl = \"{}\"\n", scratch.url)).expect("a file");
    let seeded = Command::new(env!("CARGO_BIN_EXE_qism"))
        .args(["seed", "--institutions", "5", "--trainees", "230", "--lessons", "700", "--config"])
        .arg(&config)
        .arg("--data-dir")
        .arg(folder.path())
        .output()
        .expect("it runs");
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    let store = scratch.open().await;
    let now = Timestamp(jiff::Timestamp::now().as_microsecond());
    count_all(&store, now.0).await;
    let institutions = ask(&store, &query(Branch::Country, ReportBy::Institution, None)).await;
    assert_eq!(institutions.len(), 5);
    let (mut country, mut regions) = (Sums::default(), BTreeMap::new());
    for line in &institutions {
        let of: InstitutionId = line.subject.as_ref().expect("one").id.parse().expect("an id");
        let lessons = store.of(of).facts_anew(now).await.expect("facts");
        are_kept(&store, of, &lessons).await;
        country.add(&line.sums);
        let region = store.of(of).name_and_region().await.expect("a store").expect("it is there").1.id;
        regions.entry((region.to_string(), FIRST)).or_insert_with(Sums::default).add(&line.sums);
    }
    assert_eq!(ask(&store, &ReportQuery::total(Branch::Country, DAYS)).await[0].sums, country);
    assert_eq!(found(ask(&store, &query(Branch::Country, ReportBy::Region, None)).await), regions);
    assert!(country.given > 200 && country.cancelled > 3 && country.given < country.planned, "{country:?}");
    assert!(country.attendance_percent().is_some_and(|percent| (40.0..99.0).contains(&percent)), "{country:?}");
    assert!(country.speech().is_some() && country.picture().is_some() && country.bytes > 1_000_000, "{country:?}");
    // A month that was given with everything that a server writes of it.
    let today = day(now);
    let month = ReportQuery { days: today - 21..=today, ..query(Branch::Country, ReportBy::Total, Some(Per::Day)) };
    assert!(ask(&store, &month).await.len() > 10);
    let rebuilt = store.rebuild_sums(now).await.expect("rebuilt");
    assert_eq!((rebuilt.lessons_differed, rebuilt.sums_differed), (0, 0));
    assert!(rebuilt.lessons > 400, "{rebuilt:?}");
}

pub async fn what_changes_at_the_same_time_is_counted_once(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let mut world = World::new(&store, &school, 12).await;
    while world.lessons.values().filter(|lesson| !lesson.came.is_empty()).count() < 6 {
        world.act().await;
    }
    count_all(&store, world.now).await;
    // Bytes and minutes come in by many ways at once while others are counted.
    let mut changing = Vec::new();
    let given: Vec<LessonId> =
        world.lessons.iter().filter(|(_, lesson)| !lesson.came.is_empty()).map(|(id, _)| *id).collect();
    for turn in 0..5_u64 {
        for id in &given {
            let lesson = world.lessons.get_mut(id).expect("known");
            let (of, participant) = (world.of.clone(), lesson.came[0].0);
            lesson.facts.given.as_mut().expect("given").bytes += 1_000 + turn;
            let spent = Spent { down: 1_000, up: turn };
            changing.push(tokio::spawn(async move { of.add_spending(&[(participant, spent)]).await }));
        }
        let (store, now) = (store.clone(), world.now);
        changing.push(tokio::spawn(async move { store.count_due(at(now), 9).await.map(|_| ()) }));
    }
    for one in changing {
        one.await.expect("no panic").expect("written");
    }
    are_kept(&store, school.institution, &world.facts()).await;
    let rebuilt = store.rebuild_sums(at(world.now)).await.expect("rebuilt");
    assert_eq!((rebuilt.lessons_differed, rebuilt.sums_differed), (0, 0));
}
