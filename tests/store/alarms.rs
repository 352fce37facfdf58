//! Alarms about lessons.

use crate::courses::by;
use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, school};
use qism::ids::{AlarmId, InstitutionId, LessonId, MailId, PersonId, RegionId, WebhookId};
use qism::protocol::AlarmRule;
use qism::store::{
    Alarm, AlarmComment, AlarmFilter, BoardWindow, Branch, Change, ChangedBy, NewAccount, NewAlarm, NewMail, Reach,
    Roles, Store, StoreError, Webhook, WebhookEvent,
};
use qism::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

const COMMITTEE: Roles = Roles { trainer: false, trainee: false, committee: true, administrator: false };

fn alarm(school: &School, number: u128, rule: AlarmRule, minutes: u64) -> NewAlarm {
    NewAlarm {
        id: AlarmId(Uuid::from_u128(number)),
        institution: school.institution,
        lesson: school.lesson,
        rule,
        raised_at: STARTS_AT.plus(Duration::from_secs(minutes * 60)),
    }
}

async fn raise(store: &Store, school: &School, number: u128, rule: AlarmRule, minutes: u64) -> Alarm {
    let raised = store.raise_alarm(&alarm(school, number, rule, minutes), &[]).await.expect("raised");
    assert!(raised.is_new);
    raised.alarm
}

async fn listed(store: &Store, branch: Branch, filter: AlarmFilter) -> Vec<AlarmId> {
    let alarms = store.alarms(branch, &filter, None, 100).await.expect("alarms");
    alarms.into_iter().map(|alarm| alarm.id).collect()
}

async fn person(store: &Store, institution: InstitutionId, number: u128, mail: Option<&str>) -> PersonId {
    let account = NewAccount {
        id: PersonId(Uuid::from_u128(number)),
        name: format!("Salma {number}"),
        sign_in: Some(format!("salma-{number}")),
        mail: mail.map(Into::into),
        language: Some("fr".into()),
        external_id: None,
        roles: COMMITTEE,
        search: String::new(),
    };
    store.of(institution).create_account(&account, &by("person.create")).await.expect("a person");
    account.id
}

fn by_person(person: PersonId, action: &'static str) -> Change {
    Change { actor: ChangedBy::Person(person), ..by(action) }
}

pub async fn an_alarm_is_raised_once_and_told_once(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let webhook = Webhook {
        id: WebhookId(Uuid::from_u128(900)),
        url: "https://hooks.example.ma/1".into(),
        events: vec![WebhookEvent::AlarmRaised],
        created_at: STARTS_AT,
        disabled_at: None,
        version: 1,
    };
    ours.of(&store).create_webhook(&webhook, "whsec_AAAA", 20, &by("webhook.create")).await.expect("a webhook");
    let mail = NewMail {
        id: MailId(Uuid::from_u128(950)),
        person: None,
        recipient: "comite@example.ma".into(),
        subject: "Alarme".into(),
        body: "Pas de formateur.".into(),
        created_at: STARTS_AT,
    };
    let wanted = alarm(&ours, 800, AlarmRule::NoTrainer, 10);
    let first = store.raise_alarm(&wanted, std::slice::from_ref(&mail)).await.expect("raised");
    assert!(first.is_new);
    assert_eq!(
        (first.alarm.id, first.alarm.lesson_title.as_str(), first.alarm.ended_at),
        (wanted.id, "دارة الشحن", None)
    );
    ours.of(&store).end_alarm(wanted.id, ENDS_AT).await.expect("ended");
    assert_eq!(store.open_alarms(10).await.expect("alarms"), vec![]);
    // It holds again: the same alarm, and nobody is told twice.
    let again = alarm(&ours, 801, AlarmRule::NoTrainer, 30);
    let second = store.raise_alarm(&again, &[NewMail { id: MailId(Uuid::from_u128(951)), ..mail }]).await.expect("on");
    assert_eq!((second.is_new, second.alarm), (false, first.alarm.clone()));
    assert_eq!(store.open_alarms(10).await.expect("alarms"), [first.alarm]);
    assert_eq!(store.mail_due(ENDS_AT, 10).await.expect("mail").len(), 1);
    let told = ours.of(&store).deliveries(webhook.id, None, 10).await.expect("deliveries");
    assert_eq!(told.len(), 1);
    let payload: serde_json::Value = serde_json::from_str(&told[0].payload).expect("JSON");
    assert_eq!(payload["event"], "alarm.raised");
    assert_eq!(payload["alarm"], wanted.id.to_string());
    assert_eq!(payload["rule"], "no_trainer");
    assert_eq!(payload["lesson"], ours.lesson.to_string());
    // A lesson of somebody else's institution is none of ours.
    let mixed = NewAlarm { lesson: theirs.lesson, ..alarm(&ours, 802, AlarmRule::NoTrainer, 10) };
    assert!(matches!(store.raise_alarm(&mixed, &[]).await, Err(StoreError::Missing)));
}

pub async fn alarms_are_listed_by_branch_and_by_what_is_asked(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let first = raise(&store, &ours, 800, AlarmRule::NoTrainer, 10).await;
    let second = raise(&store, &ours, 801, AlarmRule::FewPresent, 12).await;
    let third = raise(&store, &theirs, 802, AlarmRule::PoorSpeech, 14).await;
    let all = AlarmFilter::default();
    assert_eq!(listed(&store, Branch::Country, all).await, [third.id, second.id, first.id]);
    assert_eq!(listed(&store, Branch::Institution(ours.institution), all).await, [second.id, first.id]);
    assert_eq!(listed(&store, Branch::Region(third.region), all).await, [third.id]);
    assert_eq!(listed(&store, Branch::Region(RegionId(Uuid::from_u128(99))), all).await, []);
    let few = AlarmFilter { rule: Some(AlarmRule::FewPresent), ..all };
    assert_eq!(listed(&store, Branch::Country, few).await, [second.id]);
    let lesson = AlarmFilter { lesson: Some(theirs.lesson), ..all };
    assert_eq!(listed(&store, Branch::Country, lesson).await, [third.id]);
    ours.of(&store).end_alarm(first.id, ENDS_AT).await.expect("ended");
    assert_eq!(listed(&store, Branch::Country, AlarmFilter { open: Some(false), ..all }).await, [first.id]);
    let open = AlarmFilter { open: Some(true), ..all };
    assert_eq!(listed(&store, Branch::Country, open).await, [third.id, second.id]);
    let rest = store.alarms(Branch::Country, &all, Some((third.raised_at.micros(), third.id.to_string())), 1).await;
    assert_eq!(rest.expect("a page").into_iter().map(|alarm| alarm.id).collect::<Vec<_>>(), [second.id]);
}

pub async fn an_alarm_is_taken_by_one_and_commented_on(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (salma, other) =
        (person(&store, ours.institution, 700, None).await, person(&store, theirs.institution, 701, None).await);
    let raised = raise(&store, &ours, 800, AlarmRule::NoTrainer, 10).await;
    let of = ours.of(&store);
    for _ in 0..2 {
        of.take_alarm(raised.id, salma, &by_person(salma, "alarm.take")).await.expect("taken");
    }
    let late = of.take_alarm(raised.id, other, &by_person(other, "alarm.take")).await;
    assert!(matches!(late, Err(StoreError::Conflict)));
    let comment = |number, author, body: &str| AlarmComment {
        id: Uuid::from_u128(number),
        author,
        author_name: None,
        at: STARTS_AT,
        body: body.into(),
    };
    // Somebody of the ministry says something, too.
    of.comment_alarm(raised.id, &comment(1, salma, "اتصلت بالمؤسسة."), &by_person(salma, "alarm.comment"))
        .await
        .expect("said");
    of.comment_alarm(raised.id, &comment(2, other, "Merci."), &by_person(other, "alarm.comment")).await.expect("said");
    let alarm = store.alarm(ours.institution, raised.id).await.expect("an alarm").expect("there");
    assert_eq!((alarm.taken_by, alarm.taken_by_name.as_deref(), alarm.comments), (Some(salma), Some("Salma 700"), 2));
    let comments = store.alarm_comments(ours.institution, raised.id, None, 10).await.expect("comments");
    let said: Vec<_> = comments.iter().map(|each| (each.author_name.as_deref(), each.body.as_str())).collect();
    assert_eq!(said, [(Some("Salma 700"), "اتصلت بالمؤسسة."), (Some("Salma 701"), "Merci.")]);
    let taken = AlarmFilter { taken: Some(true), ..AlarmFilter::default() };
    assert_eq!(listed(&store, Branch::Country, taken).await, [raised.id]);
    let log = of.audit_before(None, 10).await.expect("the log");
    let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions[..4], ["alarm.comment", "alarm.comment", "alarm.take", "alarm.take"]);
    // Of another institution, nothing of it can be touched or read.
    let them = theirs.of(&store);
    let by_them = by_person(other, "alarm.take");
    assert!(matches!(them.take_alarm(raised.id, other, &by_them).await, Err(StoreError::Missing)));
    assert!(matches!(them.end_alarm(raised.id, ENDS_AT).await, Err(StoreError::Missing)));
    let foreign = them.comment_alarm(raised.id, &comment(3, other, "x"), &by_them).await;
    assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");
    assert_eq!(store.alarm(theirs.institution, raised.id).await.expect("none"), None);
    assert_eq!(store.alarm_comments(theirs.institution, raised.id, None, 10).await.expect("none"), vec![]);
}

pub async fn who_is_told_of_alarms_by_mail_is_who_wants_it(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (region, _) = store.standing_of(ours.institution).await.expect("a standing").expect("there");
    store.set_reach(theirs.institution, Reach::Ministry).await.expect("a ministry");
    let own = person(&store, ours.institution, 700, Some("own@example.ma")).await;
    person(&store, ours.institution, 701, None).await;
    let above = person(&store, theirs.institution, 702, Some("above@example.ma")).await;
    let told = async || {
        let recipients = store.alarm_recipients(ours.institution, region).await.expect("recipients");
        recipients.into_iter().map(|recipient| recipient.person).collect::<Vec<_>>()
    };
    assert_eq!(told().await, [own]);
    assert_eq!(ours.of(&store).alarm_mail_of(own).await.expect("said nothing"), None);
    let wish = by("person.alarm_mail");
    theirs.of(&store).want_alarm_mail(above, true, &wish).await.expect("wanted");
    assert_eq!(told().await, [own, above]);
    ours.of(&store).want_alarm_mail(own, false, &wish).await.expect("not wanted");
    assert_eq!(told().await, [above]);
    let foreign = ours.of(&store).want_alarm_mail(above, false, &wish).await;
    assert!(matches!(foreign, Err(StoreError::Missing)));
}

pub async fn a_board_reads_what_is_planned_around_now(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let places = store.board_places().await.expect("places");
    assert_eq!(places.len(), 2);
    assert!(places.iter().all(|place| place.region_name == "Souss-Massa"));
    let hours = |hours: i64| Timestamp(STARTS_AT.micros() + hours * 3_600_000_000);
    let window = |now: i64| BoardWindow { from: hours(now - 12), to: hours(now + 1), over_after: hours(now - 1) };
    let around = async |now| {
        let plans = store.board_plans(window(now), 10).await.expect("plans");
        plans.into_iter().map(|plan| plan.lesson).collect::<Vec<LessonId>>()
    };
    assert_eq!(around(-2).await, vec![]);
    assert_eq!(around(0).await, [ours.lesson, theirs.lesson]);
    assert_eq!(around(2).await, [ours.lesson, theirs.lesson], "its time was over half an hour ago");
    assert_eq!(around(3).await, vec![]);
    let plan = store.board_plans(window(0), 1).await.expect("plans").remove(0);
    assert_eq!((plan.institution, plan.expected), (ours.institution, 0));
    assert_eq!((plan.title.as_str(), plan.group.as_str()), ("دارة الشحن", "فوج 2"));
    // What is on air is there, however long ago it was to start.
    let started = qism::store::LoggedEvent {
        seq: qism::ids::EventSeq(1),
        at: STARTS_AT,
        event: qism::protocol::RoomEvent::LessonStarted {},
    };
    let live = qism::protocol::Phase::Live { since: STARTS_AT };
    ours.of(&store).append_events(ours.lesson, &[started], live).await.expect("on air");
    assert_eq!(around(20).await, [ours.lesson]);
}
