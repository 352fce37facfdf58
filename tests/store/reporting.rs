//! Reports that people keep under names, those that come to them by mail, and trainees' records.

use crate::courses::{TRAINER, account, by};
use crate::ledgers::settle;
use crate::scratch::{STARTS_AT, School, Scratch, school};
use qism::ids::{EventSeq, GroupId, InstitutionId, LessonId, PersonId, ReportViewId};
use qism::notify::{next_report_mail, queue_reports};
use qism::protocol::{Phase, RoomEvent};
use qism::rollup::risk::{Reason, Record, Stretch};
use qism::schedule::Zone;
use qism::store::{
    Attended, DueMail, Group, LoggedEvent, NewLesson, REPORT_VIEWS_MAX, Reach, ReportMail, ReportView, RiskFilter,
    Roles, Store, StoreError, TraineeRecord,
};
use qism::time::{Clock, Timestamp};
use std::time::Duration;
use uuid::Uuid;

const COMMITTEE: Roles = Roles { trainer: false, trainee: false, committee: true, administrator: false };
const TRAINEE: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };
const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 24 * 60 * MINUTE_US;

/// A clock that stands.
struct Stands(Timestamp);

impl Clock for Stands {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn days(days: i64) -> Timestamp {
    Timestamp(STARTS_AT.micros() + days * DAY_US)
}

fn view(number: u128, mail: Option<ReportMail>, subject: Option<InstitutionId>) -> ReportView {
    let zone = Zone::parse("Africa/Casablanca").expect("a zone");
    ReportView {
        id: ReportViewId(Uuid::from_u128(number)),
        name: format!("تقرير {number}"),
        subject,
        query: "period=last-week".into(),
        mail: mail.map(|mail| (mail, next_report_mail(&zone, mail, STARTS_AT))),
        created_at: Timestamp(STARTS_AT.micros() + i64::try_from(number).expect("few")),
    }
}

pub async fn a_persons_reports_are_their_own(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, of_them) = (ours.of(&store), theirs.of(&store));
    let (salma, karim) = (account(&of, 600, COMMITTEE).await, account(&of, 601, COMMITTEE).await);
    let (first, second) = (view(1, None, None), view(2, Some(ReportMail::Weekly), Some(ours.institution)));
    for view in [&second, &first] {
        of.create_report_view(salma, view, &by("report_view.create")).await.expect("kept");
    }
    assert_eq!(of.report_views(salma).await.expect("views"), [first.clone(), second.clone()]);
    let changed =
        ReportView { name: "Chaque mois".into(), mail: view(2, Some(ReportMail::Monthly), None).mail, ..second };
    of.change_report_view(salma, &changed, &by("report_view.change")).await.expect("changed");
    assert_eq!(of.report_view(salma, changed.id).await.expect("a view"), Some(changed.clone()));

    assert_eq!(of.report_views(karim).await.expect("none"), []);
    assert_eq!(of_them.report_view(salma, first.id).await.expect("none"), None);
    for (of, person) in [(&of, karim), (&of_them, salma)] {
        let taken = of.change_report_view(person, &first, &by("report_view.change")).await;
        assert!(matches!(taken, Err(StoreError::Missing)), "{taken:?}");
        let removed = of.remove_report_view(person, first.id, &by("report_view.remove")).await;
        assert!(matches!(removed, Err(StoreError::Missing)), "{removed:?}");
    }
    let foreign = of.create_report_view(PersonId(Uuid::from_u128(99)), &view(3, None, None), &by("x")).await;
    assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");

    for number in 3..=u128::from(REPORT_VIEWS_MAX) {
        of.create_report_view(salma, &view(number, None, None), &by("report_view.create")).await.expect("kept");
    }
    let one_more = of.create_report_view(salma, &view(99, None, None), &by("report_view.create")).await;
    assert!(matches!(one_more, Err(StoreError::Full)), "{one_more:?}");
    of.remove_report_view(salma, first.id, &by("report_view.remove")).await.expect("removed");
    of.create_report_view(salma, &view(99, None, None), &by("report_view.create")).await.expect("there is room");
    of.erase_person(salma, "—", &by("person.erase")).await.expect("erased");
    assert_eq!(of.report_views(salma).await.expect("none"), []);
}

/// What waits to be sent.
async fn mails(store: &Store) -> Vec<DueMail> {
    store.mail_due(days(400), 100).await.expect("mails")
}

pub async fn a_report_is_mailed_once_whenever_the_server_stops(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let salma = account(&of, 600, COMMITTEE).await;
    let weekly = view(1, Some(ReportMail::Weekly), None);
    of.create_report_view(salma, &weekly, &by("report_view.create")).await.expect("kept");
    of.create_report_view(salma, &view(2, None, None), &by("report_view.create")).await.expect("kept");
    let (_, due_at) = weekly.mail.expect("it is due");
    queue_reports(&store, &Stands(Timestamp(due_at.micros() - 1)), "https://qism.test").await.expect("nothing yet");
    assert_eq!(mails(&store).await, []);

    // It was read, and the server is killed before and after it is queued.
    let read = store.reports_due(due_at, 10).await.expect("due").remove(0);
    assert_eq!((read.person, read.due_at, read.mail), (salma, due_at, ReportMail::Weekly));
    store.close().await;
    drop((of, store));
    let store = scratch.open().await;
    queue_reports(&store, &Stands(due_at), "https://qism.test").await.expect("queued");
    store.close().await;
    drop(store);
    let store = scratch.open().await;
    let minute_later = Stands(due_at.plus(Duration::from_secs(60)));
    queue_reports(&store, &minute_later, "https://qism.test").await.expect("nothing more");
    // Another task that read it before queues nothing either.
    assert!(!ours.of(&store).queue_report(&read, days(30), None).await.expect("too late"));
    let queued = mails(&store).await;
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0].recipient, "account-600@example.org");
    // The week before 2026-11-30, a Monday.
    assert!(queued[0].subject.contains("2026-11-23"), "{}", queued[0].subject);
    assert!(queued[0].body.contains("https://qism.test/reports?from=2026-11-23&to=2026-11-29\n"), "{}", queued[0].body);

    // After three weeks without a server there is one mail, of the last week.
    let later = Timestamp(due_at.micros() + 22 * DAY_US);
    for _ in 0..2 {
        queue_reports(&store, &Stands(later), "https://qism.test").await.expect("queued");
    }
    let queued = mails(&store).await;
    assert_eq!(queued.len(), 2);
    assert!(queued.iter().any(|mail| mail.subject.contains("2026-12-14")), "{queued:?}");
    // Somebody sets the clock back, and asks anew: the same week is not sent again.
    let again = ReportView { mail: Some((ReportMail::Weekly, due_at)), ..weekly };
    ours.of(&store).change_report_view(salma, &again, &by("report_view.change")).await.expect("changed");
    queue_reports(&store, &minute_later, "https://qism.test").await.expect("it was queued");
    assert_eq!(mails(&store).await.len(), 2);
    assert_eq!(store.reports_due(due_at, 10).await.expect("nothing"), []);
}

pub async fn who_may_not_read_a_report_any_more_gets_none(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, of_them) = (ours.of(&store), theirs.of(&store));
    let mut number = 0;
    let mut wants = async |of: &qism::store::InstitutionStore, who, subject| {
        number += 1;
        let view = view(number, Some(ReportMail::Weekly), subject);
        of.create_report_view(who, &view, &by("report_view.create")).await.expect("kept");
        view.mail.expect("it is due").1
    };
    // A committee's branch, an institution that is not theirs, and a trainer's own lessons.
    let salma = account(&of, 600, COMMITTEE).await;
    wants(&of, salma, None).await;
    wants(&of, salma, Some(theirs.institution)).await;
    let trainer = account(&of, 601, TRAINER).await;
    wants(&of, trainer, Some(ours.institution)).await;
    // Nobody's: a trainer of a branch, a trainee, and who can't be reached.
    wants(&of, trainer, None).await;
    let trainee = account(&of, 602, TRAINEE).await;
    wants(&of, trainee, Some(ours.institution)).await;
    let above = account(&of_them, 603, COMMITTEE).await;
    let due_at = wants(&of_them, above, Some(ours.institution)).await;
    let sent = async |now: Timestamp| {
        queue_reports(&store, &Stands(now), "https://qism.test").await.expect("queued");
        assert_eq!(store.reports_due(now, 10).await.expect("all are dealt with"), []);
        let mut sent: Vec<String> = mails(&store).await.into_iter().map(|mail| mail.recipient).collect();
        sent.sort_unstable();
        sent
    };
    assert_eq!(sent(due_at).await, ["account-600@example.org", "account-601@example.org"]);

    // The other institution is the ministry now; the committee's observer is none any more; the trainer's account is off.
    store.set_reach(theirs.institution, Reach::Ministry).await.expect("a ministry");
    scratch.execute("UPDATE person SET is_committee = FALSE WHERE sign_in = 'account-600'").await;
    scratch.execute("UPDATE person SET disabled_at = 1 WHERE sign_in = 'account-601'").await;
    let next = due_at.plus(Duration::from_secs(7 * 86_400));
    let all = ["account-600@example.org", "account-601@example.org", "account-603@example.org"];
    assert_eq!(sent(next).await, all, "one more, to the ministry's");
    scratch.execute("UPDATE person SET mail = NULL").await;
    assert_eq!(sent(next.plus(Duration::from_secs(7 * 86_400))).await, all, "nobody without an address");
}

/// A lesson of an hour, so many days after the first, that is over: who was there for how many minutes.
async fn given(store: &Store, school: &School, number: u128, at: i64, group: GroupId, there: &[(PersonId, i64)]) {
    let of = school.of(store);
    let lesson = LessonId(Uuid::from_u128(0x700 + number));
    let (starts_at, ends_at) = (days(at), Timestamp(days(at).micros() + 60 * MINUTE_US));
    let new = NewLesson { id: lesson, group, trainer: school.trainer, title: "Le cordon".into(), starts_at, ends_at };
    of.create_lesson(&new).await.expect("a lesson");
    let log = [
        LoggedEvent { seq: EventSeq(1), at: starts_at, event: RoomEvent::LessonStarted {} },
        LoggedEvent { seq: EventSeq(2), at: ends_at, event: RoomEvent::LessonEnded {} },
    ];
    of.append_events(lesson, &log, Phase::Ended { since: ends_at }).await.expect("a log");
    let attended: Vec<(PersonId, Attended)> = there
        .iter()
        .map(|(person, minutes)| {
            let (first_at, last_at) = (Some(starts_at), Some(ends_at));
            (*person, Attended { present_us: minutes * MINUTE_US, first_at, last_at, ..Attended::default() })
        })
        .collect();
    settle(&of, lesson, &attended, ends_at).await.expect("settled");
}

fn stretch(lessons: u32, expected: i64, present: i64) -> Stretch {
    let us = |minutes: i64| u64::try_from(minutes * MINUTE_US).expect("a length");
    Stretch { lessons, expected_us: us(expected), present_us: us(present) }
}

pub async fn trainees_records_are_what_their_lessons_come_to(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let (salma, karim) = (account(&of, 600, TRAINEE).await, account(&of, 601, TRAINEE).await);
    let gone = account(&of, 602, TRAINEE).await;
    let other = Group { id: GroupId(Uuid::from_u128(0x55)), course: ours.course, name: "Groupe 9".into() };
    of.create_group(&other).await.expect("a group");
    for (group, person) in [(ours.group, salma), (ours.group, karim), (ours.group, gone), (other.id, salma)] {
        of.add_member(group, person, &by("group.add_member")).await.expect("follows");
    }
    scratch.execute("UPDATE group_member SET since = 0").await;
    scratch.execute("UPDATE person SET disabled_at = 1 WHERE sign_in = 'account-602'").await;
    // Salma was always there, and then not any more; Karim is there for more than was planned, and half of it away.
    for (number, at) in [(1, -60), (2, -50), (3, -40), (4, -30)] {
        given(&store, &ours, number, at, ours.group, &[(salma, 60), (karim, 30)]).await;
    }
    for (number, at) in [(5, -20), (6, -15), (7, -10), (8, -5), (9, -1)] {
        let there = if number == 5 { vec![(salma, 45), (karim, 75)] } else { vec![(karim, 75)] };
        given(&store, &ours, number, at, ours.group, &there).await;
    }
    given(&store, &ours, 10, -2, other.id, &[(salma, 60)]).await;
    // What was called off, what is to come, and what is elsewhere does not count.
    given(&store, &ours, 11, -3, ours.group, &[]).await;
    scratch.execute("UPDATE lesson SET cancelled_at = 1 WHERE id = '00000000-0000-0000-0000-00000000070b'").await;
    given(&store, &theirs, 12, -4, theirs.group, &[]).await;

    let filter =
        RiskFilter { from: days(-56), middle: days(-28), to: days(0), course: None, group: None, trainer: None };
    let records = async |of: &qism::store::InstitutionStore, filter: RiskFilter| {
        let mut found = of.trainee_records(&filter).await.expect("records");
        found.sort_by_key(|found| (found.person, found.group.id));
        found.into_iter().map(|found: TraineeRecord| (found.person, found.group.id, found.record)).collect::<Vec<_>>()
    };
    let of_salma = Record { recent: stretch(5, 300, 45), before: stretch(3, 180, 180), missed_in_a_row: 4 };
    let of_karim = Record { recent: stretch(5, 300, 300), before: stretch(3, 180, 90), missed_in_a_row: 0 };
    let elsewhere = Record { recent: stretch(1, 60, 60), ..Record::default() };
    let whole = [(salma, other.id, elsewhere), (salma, ours.group, of_salma), (karim, ours.group, of_karim)];
    assert_eq!(records(&of, filter).await, whole);
    assert_eq!(of_salma.reasons(), [Reason::Low, Reason::Falling, Reason::Missing]);
    assert_eq!(records(&of, RiskFilter { group: Some(other.id), ..filter }).await, whole[..1]);
    assert_eq!(
        records(&of, RiskFilter { course: Some(ours.course), trainer: Some(ours.trainer), ..filter }).await,
        whole
    );
    assert_eq!(records(&of, RiskFilter { trainer: Some(salma), ..filter }).await, []);
    assert_eq!(records(&of, RiskFilter { course: Some(theirs.course), ..filter }).await, []);
    assert_eq!(records(&theirs.of(&store), filter).await, []);

    // Who came later is expected since then; time with the page hidden counts by the institution's rule.
    scratch.execute("UPDATE group_member SET since = 1794906000000000 WHERE person LIKE '%0258'").await;
    let later = Record { recent: stretch(3, 180, 0), before: Stretch::default(), missed_in_a_row: 3 };
    assert_eq!(days(-8).micros(), 1_794_906_000_000_000);
    assert_eq!(
        records(&of, filter).await[1],
        (salma, ours.group, Record { recent: stretch(2, 120, 0), missed_in_a_row: 2, ..later })
    );
    scratch.execute("UPDATE attendance SET present_us = 600000000, away_us = 1200000000").await;
    assert_eq!(records(&of, filter).await[2].2.recent, stretch(5, 300, 150));
    scratch.execute("UPDATE institution SET away_counts = FALSE").await;
    assert_eq!(records(&of, filter).await[2].2.recent, stretch(5, 300, 50));
}
