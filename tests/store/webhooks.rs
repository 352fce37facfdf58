//! What webhooks are told of.

use crate::courses::by;
use crate::ledgers::settle;
use crate::own::there;
use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, school};
use qism::ids::{EventSeq, WebhookId};
use qism::protocol::{Phase, RoomEvent};
use qism::store::{Delivery, LoggedEvent, Store, Webhook, WebhookEvent};
use uuid::Uuid;

async fn webhook(store: &Store, school: &School, number: u128, events: &[WebhookEvent]) -> WebhookId {
    let id = WebhookId(Uuid::from_u128(number));
    let url = format!("https://hooks.example.ma/{number}");
    let webhook = Webhook { id, url, events: events.to_vec(), created_at: STARTS_AT, disabled_at: None, version: 1 };
    let made = school.of(store).create_webhook(&webhook, "whsec_AAAA", 20, &by("webhook.create")).await;
    made.expect("a webhook");
    id
}

async fn told(store: &Store, school: &School, webhook: WebhookId) -> Vec<Delivery> {
    let mut told = school.of(store).deliveries(webhook, None, 100).await.expect("deliveries");
    told.reverse();
    told
}

pub async fn what_happens_to_a_lesson_is_told_once_to_those_who_asked(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let all = webhook(&store, &ours, 900, &WebhookEvent::ALL).await;
    let starts = webhook(&store, &ours, 901, &[WebhookEvent::LessonStarted]).await;
    let foreign = webhook(&store, &theirs, 902, &WebhookEvent::ALL).await;
    let started = LoggedEvent { seq: EventSeq(1), at: STARTS_AT, event: RoomEvent::LessonStarted {} };
    let ended = LoggedEvent { seq: EventSeq(2), at: ENDS_AT, event: RoomEvent::LessonEnded {} };
    of.append_events(ours.lesson, &[started], Phase::Live { since: STARTS_AT }).await.expect("on air");
    of.append_events(ours.lesson, &[ended], Phase::Ended { since: ENDS_AT }).await.expect("over");
    // The second time is a server that was stopped between writing and knowing it.
    for _ in 0..2 {
        settle(&of, ours.lesson, &[(ours.trainer, there(60_000_000))], ENDS_AT).await.expect("written");
    }
    let events = async |webhook| {
        told(&store, &ours, webhook).await.into_iter().map(|delivery| delivery.event).collect::<Vec<_>>()
    };
    assert_eq!(events(starts).await, ["lesson.started"]);
    let mut heard = events(all).await;
    heard.sort_unstable();
    assert_eq!(heard, ["attendance.ready", "lesson.ended", "lesson.started"]);
    assert_eq!(told(&store, &theirs, foreign).await, vec![]);
    let ready = told(&store, &ours, all).await.into_iter().find(|delivery| delivery.event == "attendance.ready");
    let payload: serde_json::Value = serde_json::from_str(&ready.expect("told").payload).expect("JSON");
    assert_eq!(payload["lesson"], ours.lesson.to_string());
    assert_eq!(payload["institution"], ours.institution.to_string());
    assert_eq!(payload["at"], ENDS_AT.micros());
}

pub async fn a_lesson_is_overdue_while_it_is_on_air_past_its_end(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    assert_eq!(store.lessons_overdue(ENDS_AT, 10).await.expect("lessons"), vec![], "nobody began it");
    for school in [&ours, &theirs] {
        let started = LoggedEvent { seq: EventSeq(1), at: STARTS_AT, event: RoomEvent::LessonStarted {} };
        let live = Phase::Live { since: STARTS_AT };
        school.of(&store).append_events(school.lesson, &[started], live).await.expect("on air");
    }
    let before = qism::time::Timestamp(ENDS_AT.micros() - 1);
    assert_eq!(store.lessons_overdue(before, 10).await.expect("lessons"), vec![], "it may go on");
    assert_eq!(store.lessons_overdue(ENDS_AT, 10).await.expect("lessons"), [ours.lesson, theirs.lesson]);
    assert_eq!(store.lessons_overdue(ENDS_AT, 1).await.expect("lessons"), [ours.lesson]);
    let ended = LoggedEvent { seq: EventSeq(2), at: ENDS_AT, event: RoomEvent::LessonEnded {} };
    ours.of(&store).append_events(ours.lesson, &[ended], Phase::Ended { since: ENDS_AT }).await.expect("over");
    assert_eq!(store.lessons_overdue(ENDS_AT, 10).await.expect("lessons"), [theirs.lesson]);
}
