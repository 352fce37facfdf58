//! What is kept of people goes when its period is over, and nothing else does.

use crate::ledgers::settle;
use crate::scratch::{School, Scratch, school};
use qism::attendance::ledger::{Corrected, KeySeed, verify};
use qism::ids::{CourseId, EventSeq, GroupId, LessonId, ParticipantId};
use qism::protocol::{ParticipantKind, Phase, Role, RoomEvent};
use qism::retention::{Keeping, Kind, Period, Periods};
use qism::rollup::Sums;
use qism::store::{
    Attended, Branch, Change, ChangedBy, Gone, Group, InstitutionStore, LoggedEvent, NewLesson, ReportBy, ReportQuery,
    Retention, Store, StoreError,
};
use qism::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_795_597_200_000_000);
const DAY: i64 = 86_400_000_000;

fn days_ago(days: i64) -> Timestamp {
    Timestamp(NOW.micros() - days * DAY)
}

fn by(action: &'static str, at: Timestamp) -> Change {
    Change { at, actor: ChangedBy::System, action, subject: None, detail: serde_json::json!({}) }
}

async fn run(scratch: &Scratch, sql: String) {
    scratch.execute(Box::leak(sql.into_boxed_str())).await;
}

/// A school's lessons by their ages in days: of the group whose people count as minors, and of one whose do not.
struct Lessons {
    of: InstitutionStore,
    minors: Vec<(i64, LessonId)>,
    others: Vec<(i64, LessonId)>,
}

/// A second group, of adults.
async fn adults(scratch: &Scratch, of: &InstitutionStore, ours: &School) -> GroupId {
    let group = GroupId(Uuid::from_u128(ours.institution.0.as_u128() | 0xad << 100));
    of.create_group(&Group { id: group, course: CourseId(ours.course.0), name: "كبار".into() }).await.expect("a group");
    run(scratch, format!("UPDATE course_group SET minors = FALSE WHERE id = '{group}'")).await;
    group
}

/// A lesson that ended so many days ago, with somebody in it who said something.
async fn given(
    scratch: &Scratch,
    of: &InstitutionStore,
    ours: &School,
    group: GroupId,
    id: u128,
    age: i64,
) -> LessonId {
    let (ends_at, lesson) = (days_ago(age), LessonId(Uuid::from_u128(ours.institution.0.as_u128() | id << 96)));
    let starts_at = Timestamp(ends_at.micros() - 3_600_000_000);
    let trainer = ours.trainer;
    let wanted = NewLesson { id: lesson, group, trainer, title: "دارة الشحن".into(), starts_at, ends_at };
    of.create_lesson(&wanted).await.expect("a lesson");
    let participant = ParticipantId(lesson.0);
    let joined =
        RoomEvent::Joined { participant, name: "يوسف".into(), role: Role::Trainee, kind: ParticipantKind::Person };
    let events = [
        joined,
        RoomEvent::LessonStarted {},
        RoomEvent::Said { participant, text: "السلام".into() },
        RoomEvent::LessonEnded {},
    ];
    let log: Vec<LoggedEvent> = (1..)
        .zip(events)
        .map(|(seq, event)| LoggedEvent { seq: EventSeq(seq), at: starts_at.plus(Duration::from_secs(seq)), event })
        .collect();
    of.append_events(lesson, &log, Phase::Ended { since: ends_at }).await.expect("a log");
    let institution = ours.institution;
    run(
        scratch,
        format!(
            "INSERT INTO invitation (id, institution, lesson, role, purpose, secret_hash, expires_at)
         VALUES ('{lesson}', '{institution}', '{lesson}', 'trainee', 'join', '{lesson}', 0);
         INSERT INTO place (participant, institution, lesson, invitation, role, kind, name)
         VALUES ('{lesson}', '{institution}', '{lesson}', '{lesson}', 'trainee', 'person', 'يوسف');
         INSERT INTO quality_minute (institution, lesson, minute, figures)
         VALUES ('{institution}', '{lesson}', {}, '{{}}')",
            starts_at.micros()
        ),
    )
    .await;
    let attended = [(ours.trainer, Attended { present_us: 1, ..Attended::default() })];
    settle(of, lesson, &attended, ends_at).await.expect("settled");
    // As the sums do once they have it.
    run(scratch, format!("UPDATE lesson SET counted = TRUE WHERE id = '{lesson}'")).await;
    lesson
}

/// One on each side of each end of a period.
const AGES: [i64; 8] = [89, 91, 364, 366, 729, 731, 1_824, 1_826];

async fn lessons(scratch: &Scratch, store: &Store, ours: &School, ages: &[i64]) -> Lessons {
    let of = ours.of(store);
    let adults = adults(scratch, &of, ours).await;
    let (mut minors, mut others) = (Vec::new(), Vec::new());
    for (number, age) in (1..).zip(ages) {
        minors.push((*age, given(scratch, &of, ours, ours.group, number, *age).await));
        others.push((*age, given(scratch, &of, ours, adults, number + 0x100, *age).await));
    }
    Lessons { of, minors, others }
}

/// The lessons that have rows there.
async fn having(scratch: &Scratch, table: &str, ours: &School) -> BTreeSet<String> {
    let kept = if table == "ledger" { "text" } else { "lesson" };
    let sql = format!(
        "SELECT DISTINCT CAST(lesson AS TEXT) FROM {table} WHERE institution = '{}' AND {kept} <> '' AND lesson <> '{}'",
        ours.institution, ours.lesson
    );
    scratch.texts(sql).await.into_iter().collect()
}

fn expected(lessons: &Lessons, minors_days: i64, days: i64) -> BTreeSet<String> {
    let kept = |list: &[(i64, LessonId)], days: i64| -> Vec<String> {
        list.iter().filter(|(age, _)| *age < days).map(|(_, lesson)| lesson.to_string()).collect()
    };
    kept(&lessons.minors, minors_days).into_iter().chain(kept(&lessons.others, days)).collect()
}

/// What all lessons came to.
async fn total(store: &Store) -> Sums {
    let query = ReportQuery {
        branch: Branch::Country,
        days: 0..=40_000,
        by: ReportBy::Total,
        per: None,
        course: None,
        group: None,
        trainer: None,
    };
    store.report_sums(&query).await.expect("sums").remove(0).sums
}

pub async fn lessons_records_go_when_their_periods_are_over(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let lessons = lessons(&scratch, &store, &ours, &AGES).await;
    // Another institution's stay as they are, and so do those of a lesson that is on air or not settled.
    given(&scratch, &theirs.of(&store), &theirs, theirs.group, 1, 3_000).await;
    let live = given(&scratch, &lessons.of, &ours, ours.group, 0x201, 3_000).await;
    let unsettled = given(&scratch, &lessons.of, &ours, ours.group, 0x202, 3_000).await;
    let uncounted = given(&scratch, &lessons.of, &ours, ours.group, 0x203, 3_000).await;
    run(&scratch, format!("UPDATE lesson SET counted = FALSE WHERE id = '{uncounted}'")).await;
    run(&scratch, format!("UPDATE lesson SET phase = 'live' WHERE id = '{live}'")).await;
    run(&scratch, format!("UPDATE lesson SET settled_at = NULL WHERE id = '{unsettled}'")).await;

    let said = lessons.of.retention().await.expect("a store").expect("an institution");
    assert_eq!(said, Retention { periods: Periods::default(), minors: true, version: 1 });
    let due = lessons.of.retention_due(&said, NOW).await.expect("counted");
    assert_eq!(due, Gone::from([(Kind::Room, 7 + 5), (Kind::Quality, 7 + 5), (Kind::Attendance, 3 + 1)]));
    let gone = lessons.of.apply_retention(NOW, Duration::ZERO).await.expect("a run");
    // Events, a place and an invitation each; a row of attendance and the ledger; a minute.
    assert_eq!(gone, Gone::from([(Kind::Room, 12 * 6), (Kind::Quality, 12), (Kind::Attendance, 4 * 2)]));

    let with = |expected: BTreeSet<String>| -> BTreeSet<String> {
        expected.into_iter().chain([live, unsettled, uncounted].map(|lesson| lesson.to_string())).collect()
    };
    for table in ["room_event", "place", "invitation", "quality_minute"] {
        assert_eq!(having(&scratch, table, &ours).await, with(expected(&lessons, 90, 365)), "{table}");
    }
    for table in ["attendance", "ledger"] {
        assert_eq!(having(&scratch, table, &ours).await, with(expected(&lessons, 730, 1_825)), "{table}");
    }
    for table in ["room_event", "place", "invitation", "quality_minute", "attendance", "ledger"] {
        assert_eq!(having(&scratch, table, &theirs).await.len(), 1, "{table}");
    }
    for (age, lesson) in lessons.minors.iter().chain(&lessons.others) {
        let (deleted, is_there) = (lessons.of.lesson_deleted(*lesson).await.expect("a store"), lesson.to_string());
        let rooms = having(&scratch, "room_event", &ours).await;
        assert_eq!(deleted.room.is_none(), rooms.contains(&is_there), "{age}");
        assert_eq!(deleted.room.or(Some(NOW)), Some(NOW));
    }
    let again = lessons.of.apply_retention(NOW, Duration::ZERO).await.expect("a run");
    assert_eq!(again, Gone::new(), "nothing is left to do");
}

pub async fn a_shorter_period_and_no_minors_hold_from_then_on(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let lessons = lessons(&scratch, &store, &ours, &[29, 31, 89, 91]).await;
    let mut wanted = lessons.of.retention().await.expect("a store").expect("an institution");
    wanted.periods.say(Kind::Room, Period { days: 30, minors_days: 30 });
    wanted.minors = false;
    lessons.of.change_retention(&wanted, &by("institution.retention", NOW)).await.expect("changed");
    let stale = lessons.of.change_retention(&wanted, &by("institution.retention", NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    let said = lessons.of.retention().await.expect("a store").expect("an institution");
    assert_eq!(said, Retention { version: 2, ..wanted });

    let before = (total(&store).await, store.rebuild_sums(NOW).await.expect("sums").lessons);
    assert_eq!(before.0.given, 8, "{:?}", before.0);
    lessons.of.apply_retention(NOW, Duration::ZERO).await.expect("a run");
    assert_eq!(having(&scratch, "room_event", &ours).await, expected(&lessons, 30, 30));
    // What lessons came to stays, even where all of it is worked out anew.
    assert_eq!(total(&store).await, before.0);
    let anew = store.rebuild_sums(NOW).await.expect("sums");
    assert_eq!((anew.lessons, anew.lessons_differed, anew.sums_differed), (before.1, 0, 0));
    assert_eq!(total(&store).await, before.0);
    // Nobody of the first group counts as a minor any more.
    assert_eq!(having(&scratch, "quality_minute", &ours).await, expected(&lessons, 365, 365));
}

pub async fn a_run_that_is_cut_off_goes_on_and_tells_each_row_once(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let lessons = lessons(&scratch, &store, &ours, &[2_000, 2_001, 2_002]).await;
    let lesson = lessons.minors[0].1;
    // A log of which one step deletes a part.
    run(
        &scratch,
        format!(
            "INSERT INTO room_event (institution, lesson, seq, at, event)
         WITH RECURSIVE numbers (n) AS (SELECT 5 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2504)
         SELECT '{}', '{lesson}', n, 0, '{{}}' FROM numbers",
            ours.institution
        ),
    )
    .await;
    let events = "SELECT CAST(COUNT(*) AS TEXT) FROM room_event";
    let mut left = vec![scratch.texts(events.into()).await];
    for _ in 0..6 {
        // Each comes as far as its first pause.
        let cut = lessons.of.apply_retention(NOW, Duration::from_secs(3_600));
        assert!(tokio::time::timeout(Duration::from_millis(400), cut).await.is_err());
        left.push(scratch.texts(events.into()).await);
    }
    assert!(left.iter().collect::<BTreeSet<_>>().len() >= 3, "it was cut off in the middle of a log: {left:?}");
    let gone = lessons.of.apply_retention(NOW, Duration::ZERO).await.expect("a run");
    assert_eq!(gone[&Kind::Room], 6 * 6 + 2_500);
    let told = lessons.of.audit_before(None, 10).await.expect("the log");
    let told: Vec<_> = told.iter().filter(|entry| entry.action == "retention.delete").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].detail, serde_json::json!({ "rows": { "room": 2_536, "quality": 6, "attendance": 12 } }));
    assert_eq!(scratch.texts("SELECT lesson FROM retention_task".into()).await, Vec::<String>::new());
}

pub async fn a_deleted_ledger_is_known_by_its_seal(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let lessons = lessons(&scratch, &store, &ours, &[800]).await;
    let (of, lesson) = (&lessons.of, lessons.minors[0].1);
    let text = of.ledger(lesson).await.expect("a store").expect("sealed");
    let hash = verify(text.as_bytes(), &[]).expect("it verifies").seals[0].hash.to_string();
    assert_eq!(store.sealed_ledger(&hash).await.expect("a store").expect("known").deleted_at, None);
    of.apply_retention(NOW, Duration::ZERO).await.expect("a run");

    assert_eq!(of.ledger(lesson).await.expect("a store"), None);
    let record = of.timetable_lesson(lesson).await.expect("a store").expect("the lesson itself stays");
    assert!(of.lesson_ledger(&record).await.expect("a store").is_none());
    let known = store.sealed_ledger(&hash).await.expect("a store").expect("known still");
    assert_eq!((known.institution, known.is_newest, known.deleted_at), (ours.institution, true, Some(NOW)));
    let wanted =
        Corrected {
            at: NOW, author: ours.trainer, person: ours.trainer, counted_us: 1, reason: "كان حاضرا".into()
        };
    let corrected = of.correct_attendance(lesson, wanted, &KeySeed::new([9; 32]), &by("attendance.correct", NOW)).await;
    assert!(matches!(corrected, Err(StoreError::Missing)), "{corrected:?}");
    // The others' is kept for five years.
    assert!(of.ledger(lessons.others[0].1).await.expect("a store").is_some());
}

pub async fn an_audit_log_without_its_old_end_still_verifies(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    for age in [2_000, 1_900, 1_826, 1_824, 1] {
        of.note_in_audit(&by("test.old", days_ago(age))).await.expect("noted");
    }
    let said = of.retention().await.expect("a store").expect("an institution");
    assert_eq!(of.retention_due(&said, NOW).await.expect("counted"), Gone::from([(Kind::Audit, 3)]));
    let gone = of.apply_retention(NOW, Duration::ZERO).await.expect("a run");
    assert_eq!(gone, Gone::from([(Kind::Audit, 3)]));
    let left: Vec<(i64, String)> =
        of.audit_before(None, 10).await.expect("the log").into_iter().map(|entry| (entry.seq, entry.action)).collect();
    let words = ["retention.delete", "retention.audit", "test.old", "test.old"];
    assert_eq!(left, (4..8).rev().zip(words.map(String::from)).collect::<Vec<_>>());
    assert_eq!(of.verify_audit().await.expect("a store"), Ok(4));

    // All that was there is old now; what says so stays, and the chain goes on from it.
    let later = Timestamp(NOW.micros() + 2_000 * DAY);
    of.apply_retention(later, Duration::ZERO).await.expect("a run");
    assert_eq!(of.verify_audit().await.expect("a store"), Ok(2));
    of.note_in_audit(&by("test.new", later)).await.expect("noted");
    assert_eq!(of.verify_audit().await.expect("a store"), Ok(3));

    // Who cuts it off by hand is found out: nothing in it says so.
    scratch
        .execute("UPDATE audit_anchor SET seq = seq + 1, hash = (SELECT hash FROM audit_entry ORDER BY seq LIMIT 1)")
        .await;
    scratch.execute("DELETE FROM audit_entry WHERE seq = (SELECT MIN(seq) FROM audit_entry)").await;
    let fault = of.verify_audit().await.expect("a store").expect_err("it was cut off");
    assert!(fault.missing, "{fault:?}");
}

pub async fn other_rows_go_by_their_age(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let (of, institution, lesson, person) = (ours.of(&store), ours.institution, ours.lesson, ours.trainer);
    let at = |days: i64| days_ago(days).micros();
    let mut sql = format!(
        "INSERT INTO webhook (id, institution, url, secret, events, created_at) VALUES ('w', '{institution}', '', '', '', 0);"
    );
    for (id, age) in [("mail-29", 29), ("mail-31", 31)] {
        sql += &format!(
            "INSERT INTO mail (id, institution, recipient, subject, body, created_at, due_at, sent_at)
             VALUES ('{id}', '{institution}', 'a@b', '', '', {0}, 0, {0});
             INSERT INTO webhook_delivery (id, institution, webhook, event, payload, created_at, due_at, delivered_at)
             VALUES ('{id}', '{institution}', 'w', '', '', {0}, 0, {0});
             INSERT INTO account_link (id, institution, person, secret_hash, created_at, expires_at)
             VALUES ('{id}', '{institution}', '{person}', '{id}', 0, {0});
             INSERT INTO session (id, secret_hash, created_at, expires_at) VALUES ('{id}', '{id}', 0, {0});",
            at(age)
        );
    }
    // What waits to be sent stays, however old it is; so does a session that holds a place.
    let old = at(3_000);
    sql += &format!(
        "INSERT INTO mail (id, institution, recipient, subject, body, created_at, due_at)
         VALUES ('mail-waits', '{institution}', 'a@b', '', '', {old}, 0);
         INSERT INTO session (id, secret_hash, created_at, expires_at) VALUES ('held', 'held', 0, {old});
         INSERT INTO place (participant, institution, lesson, session, invitation, role, kind, name)
         VALUES ('p', '{institution}', '{lesson}', 'held', '{}', 'trainee', 'person', 'يوسف');",
        ours.invitation
    );
    for (id, age, status) in [
        ("refused-89", 89, "refused"),
        ("refused-91", 91, "refused"),
        ("accepted-91", 91, "accepted"),
        ("waiting-91", 91, "waiting"),
    ] {
        sql += &format!(
            "INSERT INTO application (id, institution, course, name, status, secret_hash, created_at, decided_at)
             VALUES ('{id}', '{institution}', '{}', 'يوسف', '{status}', '{id}', 0, {});",
            ours.course,
            at(age)
        );
    }
    for (id, age, rule, ended) in
        [("a-729", 729, "no_trainer", "1"), ("a-731", 731, "few_present", "1"), ("a-open", 731, "poor_speech", "NULL")]
    {
        sql += &format!(
            "INSERT INTO alarm (id, institution, lesson, rule, raised_at, ended_at)
             VALUES ('{id}', '{institution}', '{lesson}', '{rule}', {}, {ended});
             INSERT INTO alarm_comment (id, institution, alarm, author, at, body)
             VALUES ('{id}', '{institution}', '{id}', '{person}', 0, 'x');",
            at(age)
        );
    }
    for (id, age) in [("read-364", 364), ("read-366", 366)] {
        sql += &format!("INSERT INTO announcement_read VALUES ('{institution}', '{person}', '{id}', {});", at(age));
    }
    run(&scratch, sql).await;

    let due = BTreeMap::from([(Kind::Alarms, 1), (Kind::Applications, 2), (Kind::Mail, 1), (Kind::Deliveries, 1)]);
    let said = of.retention().await.expect("a store").expect("an institution");
    assert_eq!(of.retention_due(&said, NOW).await.expect("counted"), due);
    let gone = of.apply_retention(NOW, Duration::ZERO).await.expect("a run");
    assert_eq!(
        gone,
        BTreeMap::from([(Kind::Alarms, 2), (Kind::Applications, 2), (Kind::Mail, 1), (Kind::Deliveries, 1)])
    );
    assert_eq!(store.delete_spent_sessions(NOW, Duration::ZERO).await.expect("a run"), 1);
    for (table, left) in [
        ("mail", "mail-29 mail-waits"),
        ("webhook_delivery", "mail-29"),
        ("account_link", "mail-29"),
        ("session", "held mail-29"),
        ("application", "refused-89 waiting-91"),
        ("alarm", "a-729 a-open"),
        ("alarm_comment", "a-729 a-open"),
    ] {
        let ids = scratch.texts(format!("SELECT id FROM {table} ORDER BY id")).await;
        assert_eq!(ids.join(" "), left, "{table}");
    }
    let reads = scratch.texts("SELECT announcement FROM announcement_read".into()).await;
    assert_eq!(reads, ["read-364"]);
    let runs = store.retention_runs().await.expect("a store");
    assert_eq!(runs.iter().map(|run| run.last).collect::<Vec<_>>(), [Some(NOW)]);
}

/// A new table must say by which rule its rows go.
#[test]
fn every_table_has_a_rule() {
    let ruled: BTreeMap<&str, Keeping> = qism::retention::TABLES.iter().copied().collect();
    assert_eq!(ruled.len(), qism::retention::TABLES.len());
    let there: BTreeSet<&str> = qism::store::TABLES.iter().copied().collect();
    assert_eq!(ruled.keys().copied().collect::<BTreeSet<_>>(), there, "src/retention/tables.rs");
    let kinds: BTreeSet<Kind> = ruled
        .values()
        .filter_map(|keeping| match keeping {
            Keeping::Kind(kind) => Some(*kind),
            _ => None,
        })
        .collect();
    assert_eq!(kinds, Kind::ALL.into_iter().collect());
}
