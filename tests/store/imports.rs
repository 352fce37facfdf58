//! Whole tables, written at once or not at all.

use crate::courses::by;
use crate::people::{account, add};
use crate::scratch::{STARTS_AT, School, Scratch, school};
use jiff::civil::{DateTime, date};
use qism::ids::{CourseId, GroupId, LessonId, PersonId, SeriesId, VenueId};
use qism::schedule::series::SeriesDraft;
use qism::schedule::{Resource, Rule, Series, Span, Zone};
use qism::store::{
    BroughtLessons, Group, GroupFilter, GroupRecord, GroupsImport, InstitutionStore, KnownLine, LessonPlan,
    LessonSeries, NewAccount, PeopleFilter, PeopleImport, PersonRecord, PlannedLesson, Roles, SlotFault, StoreError,
    Venue,
};
use qism::time::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

const TRAINEE: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };

async fn people(of: &InstitutionStore) -> usize {
    of.people(&PeopleFilter::default(), None, 100).await.expect("people").len()
}

async fn entries(of: &InstitutionStore) -> usize {
    of.audit_before(None, 1_000).await.expect("the log").len()
}

pub async fn a_table_of_people_is_written_whole_or_not_at_all(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let amina = add(&of, NewAccount { external_id: Some("F1".into()), ..account(1, "Amina", TRAINEE) }).await;
    let group = Group { id: GroupId(Uuid::from_u128(0x51)), course: ours.course, name: "فوج 3".into() };
    of.add_group(&group, Some(1), &by("group.create")).await.expect("a group");
    let before = of.person(amina).await.expect("an answer").expect("Amina");
    let renamed = PersonRecord { name: "Amina Berrada".into(), ..before.clone() };
    let new = |number: u128, external: &str| NewAccount {
        external_id: Some(external.into()),
        sign_in: Some(format!("sign-in-{number}")),
        ..account(number, "Karim", TRAINEE)
    };
    let whole = PeopleImport {
        create: vec![new(2, "F2"), new(3, "F3")],
        change: vec![renamed.clone()],
        join: vec![(group.id, PersonId(account(2, "", TRAINEE).id.0))],
    };
    let (count, log) = (people(&of).await, entries(&of).await);
    let changed_since = PeopleImport { change: vec![PersonRecord { version: 7, ..renamed.clone() }], ..whole.clone() };
    let taken = PeopleImport { create: vec![new(2, "F2"), new(3, "F1")], ..whole.clone() };
    let too_many = PeopleImport { join: vec![whole.join[0], (group.id, amina)], ..whole.clone() };
    let nowhere = PeopleImport { join: vec![(theirs.group, amina)], ..whole.clone() };
    let by = by("people.import");
    assert!(matches!(of.import_people(&changed_since, &by).await, Err(StoreError::Stale)));
    assert!(matches!(of.import_people(&taken, &by).await, Err(StoreError::Conflict)));
    assert!(matches!(of.import_people(&too_many, &by).await, Err(StoreError::Full)));
    assert!(matches!(of.import_people(&nowhere, &by).await, Err(StoreError::Missing)));
    let foreign = theirs.of(&store).import_people(&PeopleImport { change: vec![renamed], ..<_>::default() }, &by).await;
    assert!(matches!(foreign, Err(StoreError::Stale)), "{foreign:?}");
    assert_eq!((people(&of).await, entries(&of).await), (count, log), "nothing of them was written");
    assert_eq!(of.person(amina).await.expect("an answer"), Some(before));

    of.import_people(&whole, &by).await.expect("written");
    assert_eq!((people(&of).await, entries(&of).await), (count + 2, log + 1));
    assert_eq!(of.person(amina).await.expect("an answer").expect("Amina").name, "Amina Berrada");
    assert_eq!(of.memberships().await.expect("all").len(), 1);
    assert_eq!(theirs.of(&store).memberships().await.expect("all"), []);
    // A new account gets a name that another gives up in the same table.
    let third = of.person(PersonId(account(3, "", TRAINEE).id.0)).await.expect("an answer").expect("the third");
    let freed = PersonRecord { sign_in: Some("another".into()), ..third };
    let fourth = NewAccount { sign_in: Some("sign-in-3".into()), ..new(4, "F4") };
    let swap = PeopleImport { create: vec![fourth], change: vec![freed], join: vec![] };
    of.import_people(&swap, &by).await.expect("written");
}

pub async fn a_table_of_groups_is_written_whole_or_not_at_all(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let group = |number: u128, course: CourseId| {
        (Group { id: GroupId(Uuid::from_u128(0x50 + number)), course, name: format!("فوج {number}") }, Some(20))
    };
    let there = of.group(ours.group).await.expect("an answer").expect("the group");
    let smaller = GroupRecord { capacity: Some(12), ..there.clone() };
    let whole = GroupsImport { create: vec![group(3, ours.course), group(4, ours.course)], change: vec![smaller] };
    let foreign_course = GroupsImport { create: vec![group(3, ours.course), group(4, theirs.course)], ..whole.clone() };
    let changed_since = GroupsImport { change: vec![GroupRecord { version: 9, ..there.clone() }], ..whole.clone() };
    let by = by("groups.import");
    assert!(matches!(of.import_groups(&foreign_course, &by).await, Err(StoreError::Missing)));
    assert!(matches!(of.import_groups(&changed_since, &by).await, Err(StoreError::Stale)));
    let count = async || of.groups(&GroupFilter::default(), None, 100).await.expect("groups").len();
    assert_eq!((count().await, of.group(ours.group).await.expect("an answer")), (1, Some(there)));
    of.import_groups(&whole, &by).await.expect("written");
    assert_eq!(count().await, 3);
    assert_eq!(of.group(ours.group).await.expect("an answer").expect("the group").capacity, Some(12));
    let found = GroupFilter { search: "فوج ٤".into(), ..GroupFilter::default() };
    assert_eq!(of.groups(&found, None, 10).await.expect("groups").len(), 1);
    let titles = of.course_titles().await.expect("titles");
    assert_eq!(titles, [(ours.course.to_string(), "كهرباء السيارات".to_owned())]);
}

fn zone() -> Zone {
    Zone::parse("Africa/Casablanca").expect("a zone")
}

/// A line of a table: a lesson of 90 minutes, or one each day of three.
fn line(school: &School, number: u128, wall: DateTime, days: u16) -> BroughtLessons {
    let id = |part: u128| Uuid::from_u128(0x6_000 + 0x10 * number + part);
    let draft = SeriesDraft {
        start: wall,
        length: Duration::from_mins(90),
        zone: zone(),
        rule: Rule::parse(&format!("FREQ=DAILY;COUNT={days}")).expect("a rule"),
        exceptions: BTreeSet::new(),
        extras: BTreeSet::new(),
    };
    let dates = Series::new(draft).expect("a series");
    let series = (days > 1).then(|| LessonSeries {
        id: SeriesId(id(0)),
        group: school.group,
        trainer: school.trainer,
        venue: None,
        unit: None,
        title: format!("line {number}"),
        dates: dates.clone(),
        version: 1,
    });
    let lessons = (1..).zip(dates.expand(&[])).map(|(place, occurrence)| PlannedLesson {
        id: LessonId(id(place)),
        group: school.group,
        trainer: school.trainer,
        title: format!("line {number}"),
        venue: None,
        unit: None,
        span: occurrence.span(),
        zone: zone(),
        series: series.as_ref().map(|series| series.id),
        series_start: series.as_ref().map(|_| occurrence.original),
    });
    let plan = LessonPlan { lessons: lessons.collect(), series, holidays: vec![] };
    BroughtLessons { plan, key: (number == 1).then(|| "S1".to_owned()), line: format!("fingerprint {number}") }
}

pub async fn a_table_of_lessons_is_planned_whole_or_not_at_all(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let monday = date(2027, 3, 1).at(8, 30, 0, 0);
    let (first, second) = (line(&ours, 1, monday, 3), line(&ours, 2, date(2027, 3, 1).at(14, 0, 0, 0), 1));
    let march = Span { starts_at: zone().instant(monday), ends_at: zone().instant(date(2027, 4, 1).at(0, 0, 0, 0)) };
    let given = async || of.given_lessons(march, 100).await.expect("lessons");
    let by = by("lessons.import");
    let log = entries(&of).await;

    // The third line wants the second day of the first.
    let third = line(&ours, 3, date(2027, 3, 2).at(9, 0, 0, 0), 1);
    let table = [first.clone(), second.clone(), third.clone()];
    let faults = of.import_lessons(&table, &by).await.expect("an answer");
    assert_eq!(of.check_import(&table).await.expect("an answer"), faults);
    let taken = |line: usize, who| {
        let (with, span) = (first.plan.lessons[1].id, first.plan.lessons[1].span);
        (line, SlotFault::Taken { who, wanted: third.plan.lessons[0].span, with, span })
    };
    assert_eq!(faults, [taken(2, Resource::Trainer(ours.trainer)), taken(2, Resource::Group(ours.group))]);
    assert_eq!((given().await, entries(&of).await), (vec![], log), "nothing of it was written");

    assert_eq!(of.import_lessons(&table[..2], &by).await.expect("an answer"), []);
    let planned: Vec<(String, Option<String>)> =
        given().await.into_iter().map(|(lesson, key)| (lesson.title, key)).collect();
    let (one, two) = (("line 1".to_owned(), Some("S1".to_owned())), ("line 2".to_owned(), None));
    assert_eq!(planned, [one.clone(), two, one.clone(), one]);
    assert_eq!(entries(&of).await, log + 1);
    let mut known = of.known_lines().await.expect("lines");
    known.sort_by(|one, other| one.line.cmp(&other.line));
    let key = |line: &BroughtLessons| KnownLine { key: line.key.clone(), line: line.line.clone() };
    assert_eq!(known, [key(&first), key(&second)]);
    let series = of.series_after(STARTS_AT).await.expect("series");
    assert_eq!(series.iter().map(|series| Some(series.id)).collect::<Vec<_>>(), [first.plan.lessons[0].series]);
    assert_eq!(of.series_after(Timestamp(march.ends_at.micros())).await.expect("series"), []);
    // What is in the timetable is in the way now.
    assert_eq!(
        of.check_import(std::slice::from_ref(&third)).await.expect("an answer"),
        [taken(0, Resource::Trainer(ours.trainer)), taken(0, Resource::Group(ours.group)),]
    );

    // A room that is too small for the group.
    let venue = Venue { id: VenueId(Uuid::from_u128(0x70)), name: "Cabine".into(), capacity: 1, version: 1 };
    of.create_venue(&venue, &by).await.expect("a room");
    for (number, name) in [(1, "Amina"), (2, "Karim")] {
        let person = add(&of, account(number, name, TRAINEE)).await;
        of.add_member(ours.group, person, &by).await.expect("a member");
    }
    let mut crowded = line(&ours, 4, date(2027, 3, 5).at(8, 30, 0, 0), 3);
    for lesson in &mut crowded.plan.lessons {
        lesson.venue = Some(venue.id);
    }
    let faults = of.import_lessons(&[crowded], &by).await.expect("an answer");
    assert!(matches!(faults.as_slice(), [(0, SlotFault::TooSmall(found))] if found.size == 2), "{faults:?}");

    // Another institution has none of it, and can't plan for this one's people.
    let foreign = theirs.of(&store);
    assert_eq!(foreign.known_lines().await.expect("lines"), []);
    assert_eq!(foreign.given_lessons(march, 100).await.expect("lessons"), []);
    assert_eq!(foreign.series_after(STARTS_AT).await.expect("series"), []);
    let mixed = line(&ours, 5, date(2027, 3, 12).at(8, 30, 0, 0), 3);
    assert!(matches!(foreign.import_lessons(&[mixed], &by).await, Err(StoreError::Missing)));
}
