use crate::scratch::{STARTS_AT, School, Scratch, chat, school};
use jiff::civil::{DateTime, date};
use qism::ids::{AnnouncementId, CourseId, GroupId, LessonId, PeriodId, PersonId, SeriesId, VenueId};
use qism::protocol::Phase;
use qism::schedule::series::SeriesDraft;
use qism::schedule::{Rule, Series, Span, Zone};
use qism::store::{
    Cancelling, Change, ChangedBy, EditScope, Edited, FallingOn, Group, InstitutionStore, LessonEdit, LessonFilter,
    LessonPlan, LessonSeries, Period, Person, PlannedLesson, Reach, Store, StoreError, Substitution, TimetableLesson,
    ToldOf, Venue,
};
use qism::time::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

fn zone() -> Zone {
    Zone::parse("Africa/Casablanca").expect("a zone")
}

fn by(action: &'static str) -> Change {
    Change { at: STARTS_AT, actor: ChangedBy::System, action, subject: None, detail: serde_json::json!({}) }
}

fn lesson_id(number: u64) -> LessonId {
    LessonId(Uuid::from_u128(0x1000_0000 + u128::from(number)))
}

const SERIES: SeriesId = SeriesId(Uuid::from_u128(0x2000));
const CUT_OFF: SeriesId = SeriesId(Uuid::from_u128(0x2001));

/// A lesson of 90 minutes at a wall time.
fn planned(school: &School, number: u64, wall: DateTime) -> PlannedLesson {
    PlannedLesson {
        id: lesson_id(number),
        group: school.group,
        trainer: school.trainer,
        title: "Soudage".into(),
        venue: None,
        unit: None,
        span: Span::lasting(zone().instant(wall), Duration::from_mins(90)),
        zone: zone(),
        series: None,
        series_start: None,
    }
}

fn once(lesson: PlannedLesson) -> LessonPlan {
    LessonPlan { series: None, lessons: vec![lesson], holidays: vec![] }
}

fn dates(rule: &str, start: DateTime, zone: Zone) -> Series {
    let draft = SeriesDraft {
        start,
        length: Duration::from_mins(90),
        zone,
        rule: Rule::parse(rule).expect("a rule"),
        exceptions: BTreeSet::new(),
        extras: BTreeSet::new(),
    };
    Series::new(draft).expect("a series")
}

/// A series, its lessons numbered from 1 on.
fn again(school: &School, rule: &str, start: DateTime, zone: &Zone) -> LessonPlan {
    let dates = dates(rule, start, zone.clone());
    let lessons = (1..).zip(dates.expand(&[])).map(|(number, occurrence)| PlannedLesson {
        span: occurrence.span(),
        zone: zone.clone(),
        series: Some(SERIES),
        series_start: Some(occurrence.original),
        ..planned(school, number, start)
    });
    let lessons = lessons.collect();
    let series = LessonSeries {
        id: SERIES,
        group: school.group,
        trainer: school.trainer,
        venue: None,
        unit: None,
        title: "Soudage".into(),
        dates,
        version: 1,
    };
    LessonPlan { series: Some(series), lessons, holidays: vec![] }
}

async fn weekly(of: &InstitutionStore, school: &School) {
    let plan = again(school, "FREQ=WEEKLY;COUNT=6", date(2027, 1, 4).at(8, 30, 0, 0), &zone());
    of.plan_lessons(&plan, &by("lesson.plan")).await.expect("an answer").expect("free slots");
}

fn edit(scope: EditScope, version: i64) -> LessonEdit {
    LessonEdit {
        scope,
        version,
        title: None,
        trainer: None,
        venue: None,
        unit: None,
        starts: None,
        minutes: None,
        new_series: CUT_OFF,
        closed: vec![],
    }
}

async fn the(of: &InstitutionStore, number: u64) -> TimetableLesson {
    of.timetable_lesson(lesson_id(number)).await.expect("an answer").expect("the lesson")
}

async fn walls(of: &InstitutionStore, numbers: std::ops::RangeInclusive<u64>) -> Vec<String> {
    let mut walls = Vec::new();
    for number in numbers {
        walls.push(the(of, number).await.wall().strftime("%m-%dT%H:%M").to_string());
    }
    walls
}

async fn done(of: &InstitutionStore, number: u64, edit: &LessonEdit) {
    let edited = of.edit_lessons(lesson_id(number), edit, &by("lesson.change")).await.expect("an answer");
    assert_eq!(edited, Edited::Done);
}

async fn colleague(of: &InstitutionStore, number: u128) -> PersonId {
    let person = Person { id: PersonId(Uuid::from_u128(0x3000 + number)), name: "Karim".into() };
    of.create_person(&person).await.expect("a person");
    person.id
}

pub async fn of_two_who_want_one_slot_one_gets_it(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let at = date(2027, 3, 1).at(9, 0, 0, 0);
    let mut writers = tokio::task::JoinSet::new();
    for number in 1..=8_u64 {
        let of = school.of(&store);
        let minutes = i64::try_from(number).expect("small") * 5;
        let lesson = planned(&school, number, at + jiff::SignedDuration::from_mins(minutes));
        writers.spawn(async move { of.plan_lessons(&once(lesson), &by("lesson.plan")).await.expect("an answer") });
    }
    let answers = writers.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    for clashes in answers.into_iter().filter_map(Result::err) {
        assert_eq!(clashes.lessons.len(), 1);
        assert_eq!(clashes.lessons[0].who.len(), 2, "trainer and group: {clashes:?}");
        assert_eq!(clashes.free.len(), 4, "{clashes:?}");
        let taken = clashes.lessons[0].span;
        assert!(clashes.free.iter().all(|free| !free.overlaps(taken)), "{clashes:?}");
    }
    let filter = LessonFilter {
        from: zone().instant(at),
        to: zone().instant(at).plus(Duration::from_hours(12)),
        trainer: Some(school.trainer),
        group: None,
        venue: None,
        course: None,
    };
    assert_eq!(school.of(&store).timetable(&filter, None, 10).await.expect("an answer").len(), 1);
}

pub async fn a_venue_is_in_one_lesson_at_a_time_and_holds_the_group(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    let venue = Venue { id: VenueId(Uuid::from_u128(7)), name: "Atelier 1".into(), capacity: 0, version: 1 };
    of.create_venue(&venue, &by("venue.create")).await.expect("a venue");
    let other = Group { id: GroupId(Uuid::from_u128(8)), course: school.course, name: "G2".into() };
    of.create_group(&other).await.expect("a group");
    let karim = colleague(&of, 1).await;
    let at = date(2027, 3, 1).at(9, 0, 0, 0);
    let first = PlannedLesson { venue: Some(venue.id), ..planned(&school, 1, at) };
    of.plan_lessons(&once(first.clone()), &by("lesson.plan")).await.expect("an answer").expect("nobody is in it");
    let second = PlannedLesson { id: lesson_id(2), group: other.id, trainer: karim, ..first.clone() };
    let clashes = of.plan_lessons(&once(second.clone()), &by("lesson.plan")).await.expect("an answer");
    let clashes = clashes.expect_err("the venue is taken");
    let details = clashes.lessons[0].details.as_ref().expect("the lesson in the way");
    assert_eq!((details.id, details.venue.as_ref().map(|at| at.name.as_str())), (first.id, Some("Atelier 1")));
    let elsewhere = PlannedLesson { venue: None, ..second };
    of.plan_lessons(&once(elsewhere), &by("lesson.plan")).await.expect("an answer").expect("others, elsewhere");

    scratch
        .execute(
            "INSERT INTO group_member (institution, course_group, person, since)
             SELECT institution, course_group, trainer, 0 FROM lesson WHERE title = 'Soudage' LIMIT 1",
        )
        .await;
    let later = PlannedLesson { venue: Some(venue.id), ..planned(&school, 3, date(2027, 3, 2).at(9, 0, 0, 0)) };
    let clashes = of.check_lessons(&once(later), STARTS_AT).await.expect("an answer").expect("too small");
    let small = clashes.too_small.expect("too small");
    assert_eq!((small.capacity, small.size, small.venue.as_str()), (0, 1, "Atelier 1"));
}

pub async fn a_change_goes_as_far_as_it_says(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    weekly(&of, &school).await;
    // One is moved alone.
    done(&of, 2, &LessonEdit { starts: Some(date(2027, 1, 12).at(14, 0, 0, 0)), ..edit(EditScope::This, 1) }).await;
    assert!(the(&of, 2).await.is_moved());
    // All get another title; what was moved alone stays where it is.
    done(&of, 3, &LessonEdit { title: Some("Arc".into()), ..edit(EditScope::All, 1) }).await;
    assert_eq!((the(&of, 2).await.title, the(&of, 6).await.title), ("Arc".into(), "Arc".into()));
    assert_eq!(walls(&of, 1..=3).await, ["01-04T08:30", "01-12T14:00", "01-18T08:30"]);
    // From the fourth on they are on Tuesdays at ten, for an hour.
    let tuesdays = LessonEdit {
        starts: Some(date(2027, 1, 26).at(10, 0, 0, 0)),
        minutes: Some(60),
        ..edit(EditScope::Following, 2)
    };
    done(&of, 4, &tuesdays).await;
    let expected = ["01-04T08:30", "01-12T14:00", "01-18T08:30", "01-26T10:00", "02-02T10:00", "02-09T10:00"];
    assert_eq!(walls(&of, 1..=6).await, expected);
    let fifth = the(&of, 5).await;
    assert_eq!((fifth.series, fifth.span.length(), fifth.is_moved()), (Some(CUT_OFF), Duration::from_hours(1), false));
    let (before, lessons) = of.lesson_series(SERIES).await.expect("an answer").expect("what is left");
    assert_eq!((before.dates.draft().rule.to_string().as_str(), lessons), ("FREQ=WEEKLY;COUNT=3", 3));
    let (after, lessons) = of.lesson_series(CUT_OFF).await.expect("an answer").expect("what was cut off");
    assert_eq!((after.dates.draft().rule.to_string().as_str(), lessons), ("FREQ=WEEKLY;COUNT=3", 3));
    assert_eq!(after.title, "Arc");
}

pub async fn what_has_begun_is_not_changed(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    weekly(&of, &school).await;
    let live = Phase::Live { since: STARTS_AT };
    of.append_events(lesson_id(1), &chat(1, 1), live).await.expect("its log");
    let later = LessonEdit { starts: Some(date(2027, 1, 11).at(9, 0, 0, 0)), ..edit(EditScope::All, 1) };
    done(&of, 2, &later).await;
    assert_eq!(walls(&of, 1..=3).await, ["01-04T08:30", "01-11T09:00", "01-18T09:00"]);
    let refused = of.edit_lessons(lesson_id(1), &edit(EditScope::This, 1), &by("lesson.change")).await;
    assert_eq!(refused.expect("an answer"), Edited::Begun);
    let stale = of.edit_lessons(lesson_id(2), &edit(EditScope::This, 1), &by("lesson.change")).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
}

pub async fn a_series_that_does_not_fit_moves_nothing(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    weekly(&of, &school).await;
    let other = planned(&school, 50, date(2027, 2, 1).at(10, 30, 0, 0));
    of.plan_lessons(&once(other), &by("lesson.plan")).await.expect("an answer").expect("a free slot");
    let move_all = LessonEdit { starts: Some(date(2027, 1, 4).at(10, 0, 0, 0)), ..edit(EditScope::All, 1) };
    let refused = of.edit_lessons(lesson_id(1), &move_all, &by("lesson.change")).await.expect("an answer");
    let Edited::Clashes(clashes) = refused else { panic!("{refused:?}") };
    assert_eq!(clashes.lessons.iter().map(|clash| clash.lesson).collect::<Vec<_>>(), [lesson_id(50)]);
    assert_eq!(walls(&of, 1..=2).await, ["01-04T08:30", "01-11T08:30"]);
    // Half an hour later they overlap only their own old places.
    let half = LessonEdit { starts: Some(date(2027, 1, 4).at(9, 0, 0, 0)), ..edit(EditScope::All, 1) };
    done(&of, 1, &half).await;
    assert_eq!(walls(&of, 1..=2).await, ["01-04T09:00", "01-11T09:00"]);
}

pub async fn clocks_that_change_leave_lessons_where_the_wall_has_them(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    // French clocks go forward on 28 March 2027.
    let paris = Zone::parse("Europe/Paris").expect("a zone");
    let plan = again(&school, "FREQ=WEEKLY;COUNT=8", date(2027, 3, 8).at(8, 30, 0, 0), &paris);
    of.plan_lessons(&plan, &by("lesson.plan")).await.expect("an answer").expect("free slots");
    let mut offsets = BTreeSet::new();
    for number in 1..=8 {
        let lesson = the(&of, number).await;
        assert_eq!((lesson.wall().hour(), lesson.wall().minute()), (8, 30));
        offsets.insert(Zone::utc().wall(lesson.span.starts_at).hour());
    }
    assert_eq!(offsets, BTreeSet::from([6, 7]), "the clocks changed between");
    done(&of, 1, &LessonEdit { starts: Some(date(2027, 3, 9).at(16, 0, 0, 0)), ..edit(EditScope::All, 1) }).await;
    for number in 1..=8 {
        let lesson = the(&of, number).await;
        assert_eq!((lesson.wall().hour(), lesson.is_moved()), (16, false), "{lesson:?}");
        assert_eq!(lesson.span.length(), Duration::from_mins(90));
    }
}

fn cancelling(school: &School, scope: EditScope, version: i64) -> Cancelling {
    let told = ToldOf {
        announcement: AnnouncementId(Uuid::from_u128(0x4000)),
        group: school.group,
        title: "Séance annulée".into(),
        body: "Panne".into(),
        day: date(2027, 1, 18),
        expires_at: STARTS_AT,
        mails: vec![],
    };
    Cancelling { scope, version, reason: Some("Panne".into()), told }
}

pub async fn what_is_called_off_stays_and_leaves_its_slot(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    weekly(&of, &school).await;
    let following = cancelling(&school, EditScope::Following, 1);
    let cancelled = of.cancel_lessons(lesson_id(3), &following, "", &by("lesson.cancel")).await.expect("an answer");
    assert_eq!(cancelled, Edited::Done);
    assert_eq!(the(&of, 2).await.cancelled_at, None);
    let third = the(&of, 3).await;
    assert_eq!((third.cancelled_at, third.cancel_reason.as_deref()), (Some(STARTS_AT), Some("Panne")));
    // Somebody takes the slot: it can't come back.
    let other = planned(&school, 50, date(2027, 1, 18).at(9, 0, 0, 0));
    of.plan_lessons(&once(other), &by("lesson.plan")).await.expect("an answer").expect("the slot is free");
    let back = of.restore_lesson(lesson_id(3), 2, &[], &by("lesson.restore")).await.expect("an answer");
    assert!(matches!(back, Edited::Clashes(_)), "{back:?}");
    let back = of.restore_lesson(lesson_id(4), 2, &[], &by("lesson.restore")).await.expect("an answer");
    assert_eq!((back, the(&of, 4).await.cancelled_at), (Edited::Done, None));
}

pub async fn who_is_replaced_is_turned_away(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    scratch.execute("UPDATE invitation SET person = (SELECT trainer FROM lesson), role = 'trainer'").await;
    let karim = colleague(&of, 1).await;
    let substitution = |trainer, version| Substitution { version, trainer, closed: vec![] };
    let replaced = of.substitute_trainer(school.lesson, &substitution(karim, 1), &by("lesson.substitute")).await;
    assert_eq!(replaced.expect("an answer"), Edited::Done);
    let lesson = of.timetable_lesson(school.lesson).await.expect("an answer").expect("the lesson");
    assert_eq!((lesson.trainer.id, lesson.planned_trainer.map(|planned| planned.id)), (karim, Some(school.trainer)));
    let invitation = of.invitation(school.invitation).await.expect("an answer").expect("the invitation");
    assert_eq!(invitation.revoked_at, Some(STARTS_AT));
    let back = of.substitute_trainer(school.lesson, &substitution(school.trainer, 2), &by("lesson.substitute")).await;
    assert_eq!(back.expect("an answer"), Edited::Done);
    let lesson = of.timetable_lesson(school.lesson).await.expect("an answer").expect("the lesson");
    assert_eq!((lesson.trainer.id, lesson.planned_trainer), (school.trainer, None));
}

fn period(number: u128, name: &str, stops_lessons: bool) -> Period {
    Period {
        id: PeriodId(Uuid::from_u128(0x5000 + number)),
        name: name.into(),
        first_day: date(2027, 1, 11),
        last_day: date(2027, 1, 12),
        stops_lessons,
        version: 1,
    }
}

fn span_of(period: &Period) -> Span {
    let end = period.last_day.tomorrow().expect("a day");
    Span { starts_at: zone().instant(period.first_day.at(0, 0, 0, 0)), ends_at: zone().instant(end.at(0, 0, 0, 0)) }
}

pub async fn holidays_hold_for_all_that_their_institution_reaches(scratch: Scratch) {
    let store = scratch.open().await;
    let (ministry, ours) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let holiday = period(1, "عيد الاستقلال", true);
    let made = |of: InstitutionStore, period: Period| async move {
        of.create_period(&period, span_of(&period), FallingOn::Stay, &by("period.create")).await.expect("made")
    };
    made(ministry.of(&store), holiday.clone()).await;
    assert_eq!(of.periods(date(2027, 1, 1), date(2027, 2, 1), None, 10).await.expect("an answer"), []);
    store.set_reach(ministry.institution, Reach::Ministry).await.expect("its reach");
    let ramadan = period(2, "Ramadan", false);
    made(of.clone(), ramadan.clone()).await;
    let held = of.periods(date(2027, 1, 12), date(2027, 2, 1), None, 10).await.expect("an answer");
    let held: Vec<_> = held.into_iter().map(|held| (held.period, held.institution.id)).collect();
    assert_eq!(held, [(holiday.clone(), ministry.institution), (ramadan, ours.institution)]);
    let closed = of.closed_days(date(2027, 1, 1), date(2027, 1, 11)).await.expect("an answer");
    assert_eq!(closed.len(), 1);
    assert_eq!(closed[0].name, holiday.name);
    // It is the ministry's: nobody else reads or changes it as their own.
    assert_eq!(of.period(holiday.id).await.expect("an answer"), None);
    let removed = of.remove_period(holiday.id, 1, &by("period.remove")).await;
    assert!(matches!(removed, Err(StoreError::Missing)), "{removed:?}");
}

pub async fn a_holiday_says_what_falls_on_it_and_calls_it_off(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    weekly(&of, &school).await;
    let holiday = period(1, "Fête", true);
    let span = span_of(&holiday);
    let falling = of.create_period(&holiday, span, FallingOn::Stay, &by("period.create")).await.expect("made");
    assert_eq!(falling.iter().map(|lesson| lesson.id).collect::<Vec<_>>(), [lesson_id(2)]);
    assert_eq!(the(&of, 2).await.cancelled_at, None);
    of.change_period(&holiday, span, FallingOn::Cancel, &by("period.change")).await.expect("changed");
    assert_eq!(the(&of, 2).await.cancel_reason.as_deref(), Some("Fête"));
    // A series that is moved onto a holiday leaves it out.
    let closed = of.closed_days(date(2027, 1, 1), date(2027, 12, 31)).await.expect("an answer");
    let onto = LessonEdit {
        starts: Some(date(2027, 1, 19).at(8, 30, 0, 0)),
        closed: closed.clone(),
        ..edit(EditScope::This, 1)
    };
    done(&of, 3, &onto).await;
    let refused = LessonEdit { starts: Some(date(2027, 1, 12).at(8, 30, 0, 0)), closed, ..edit(EditScope::This, 2) };
    let refused = of.edit_lessons(lesson_id(3), &refused, &by("lesson.change")).await.expect("an answer");
    assert_eq!(refused, Edited::OnClosedDay("Fête".into()));
}

pub async fn another_institutions_timetable_is_not_there(scratch: Scratch) {
    let store: Store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    weekly(&theirs.of(&store), &theirs).await;
    let of = ours.of(&store);
    let first = lesson_id(1);
    assert_eq!(of.timetable_lesson(first).await.expect("an answer"), None);
    assert_eq!(of.lesson_series(SERIES).await.expect("an answer"), None);
    assert_eq!(of.lessons_within(first, EditScope::All, STARTS_AT).await.expect("an answer"), []);
    let everything = LessonFilter {
        from: Timestamp(0),
        to: Timestamp(i64::MAX),
        trainer: Some(theirs.trainer),
        group: None,
        venue: None,
        course: Some(CourseId(theirs.course.0)),
    };
    assert_eq!(of.timetable(&everything, None, 100).await.expect("an answer"), []);
    assert_eq!(of.group_facts(theirs.group).await.expect("an answer"), None);
    assert!(!of.is_trainer(theirs.trainer).await.expect("an answer"));
    let changes = [
        of.edit_lessons(first, &edit(EditScope::All, 1), &by("lesson.change")).await,
        of.cancel_lessons(first, &cancelling(&ours, EditScope::All, 1), "", &by("lesson.cancel")).await,
        of.restore_lesson(first, 1, &[], &by("lesson.restore")).await,
    ];
    for change in changes {
        assert!(matches!(change, Err(StoreError::Missing)), "{change:?}");
    }
    let mixed = PlannedLesson { trainer: theirs.trainer, ..planned(&ours, 60, date(2027, 5, 3).at(9, 0, 0, 0)) };
    let mixed = of.plan_lessons(&once(mixed), &by("lesson.plan")).await;
    assert!(matches!(mixed, Err(StoreError::Missing)), "{mixed:?}");
    // Their trainer's hours are nobody's business here.
    let same_hour = planned(&ours, 61, date(2027, 1, 4).at(8, 30, 0, 0));
    of.plan_lessons(&once(same_hour), &by("lesson.plan")).await.expect("an answer").expect("free");
}
