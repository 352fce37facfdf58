//! Sealed ledgers: made once, added to, and known by their seals.

use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, school};
use qism::attendance::ledger::{Corrected, Draft, KeySeed, verify};
use qism::ids::{EventSeq, LessonId, PersonId};
use qism::protocol::{Phase, RoomEvent};
use qism::store::{
    Attended, Change, ChangedBy, InstitutionStore, LoggedEvent, NewLesson, SealedLedger, Sealing, Store, StoreError,
};
use qism::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// What a lesson is sealed with, as its room would have it.
pub async fn sealing(of: &InstitutionStore, lesson: LessonId) -> Sealing {
    let record = of.timetable_lesson(lesson).await.expect("a store").expect("a lesson");
    let header = of.lesson_people(&record).await.expect("its people").header;
    let log = of.whole_log(lesson).await.expect("its log");
    // Another one each time, as chance would have it.
    let seed = [lesson.0.as_bytes()[15]; 32];
    Sealing { draft: Draft::new(header, &log), seed: KeySeed::new(seed) }
}

/// Settles a lesson as its room would.
pub async fn settle(
    of: &InstitutionStore,
    lesson: LessonId,
    attended: &[(PersonId, Attended)],
    at: Timestamp,
) -> Result<(), StoreError> {
    of.settle_attendance(lesson, attended, &sealing(of, lesson).await, at).await
}

async fn given(of: &InstitutionStore, lesson: LessonId) {
    let log = [
        LoggedEvent { seq: EventSeq(1), at: STARTS_AT, event: RoomEvent::LessonStarted {} },
        LoggedEvent { seq: EventSeq(2), at: ENDS_AT, event: RoomEvent::LessonEnded {} },
    ];
    of.append_events(lesson, &log, Phase::Ended { since: ENDS_AT }).await.expect("a log");
}

async fn known(store: &Store, hash: &str) -> Option<SealedLedger> {
    store.sealed_ledger(hash).await.expect("a store")
}

async fn more_lessons(of: &InstitutionStore, school: &School, count: u8) -> Vec<LessonId> {
    let mut lessons = vec![school.lesson];
    for number in 0..count {
        let id = LessonId(Uuid::from_u128(0x900 + u128::from(number)));
        let starts_at = STARTS_AT.plus(Duration::from_secs(86_400 * (u64::from(number) + 1)));
        let ends_at = starts_at.plus(Duration::from_secs(5_400));
        let lesson =
            NewLesson {
                id, group: school.group, trainer: school.trainer, title: "دارة".into(), starts_at, ends_at
            };
        of.create_lesson(&lesson).await.expect("a lesson");
        lessons.push(id);
    }
    lessons
}

pub async fn a_lesson_is_sealed_once_and_with_its_institutions_key(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, foreign) = (ours.of(&store), theirs.of(&store));
    let lessons = more_lessons(&of, &ours, 1).await;
    given(&of, ours.lesson).await;
    assert_eq!(of.ledger(ours.lesson).await.expect("a store"), None);
    let attended = [(ours.trainer, Attended { present_us: 60_000_000, ..Attended::default() })];
    settle(&of, ours.lesson, &attended, ENDS_AT).await.expect("settled");
    let ledger = of.ledger(ours.lesson).await.expect("a store").expect("sealed");
    let verified = verify(ledger.as_bytes(), &[]).expect("it verifies");
    settle(&of, ours.lesson, &[], ENDS_AT.plus(Duration::from_secs(9))).await.expect("nothing new");
    assert_eq!(of.ledger(ours.lesson).await.expect("a store"), Some(ledger));

    given(&of, lessons[1]).await;
    settle(&of, lessons[1], &[], ENDS_AT.plus(Duration::from_secs(86_400))).await.expect("settled");
    let second = of.ledger(lessons[1]).await.expect("a store").expect("sealed");
    verify(second.as_bytes(), &[verified.seals[0].key]).expect("with the same key, whatever seed was brought along");
    given(&foreign, theirs.lesson).await;
    settle(&foreign, theirs.lesson, &[], ENDS_AT).await.expect("settled");
    let other = foreign.ledger(theirs.lesson).await.expect("a store").expect("sealed");
    let other = verify(other.as_bytes(), &[]).expect("it verifies");
    assert_ne!(other.seals[0].key, verified.seals[0].key);

    assert_eq!(foreign.ledger(ours.lesson).await.expect("a store"), None, "another institution's is not there");
    let hash = verified.seals[0].hash.to_string();
    let found = known(&store, &hash).await.expect("known");
    assert_eq!((found.institution, found.sealed_at, found.is_newest), (ours.institution, ENDS_AT, true));
    assert_eq!(known(&store, &hash.replace(char::is_alphabetic, "0")).await, None);
}

pub async fn a_correction_is_appended_and_counts(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let by = Change {
        at: ENDS_AT,
        actor: ChangedBy::Person(ours.trainer),
        action: "attendance.correct",
        subject: None,
        detail: serde_json::json!({}),
    };
    let wanted = |person| Corrected {
        at: ENDS_AT,
        author: ours.trainer,
        person,
        counted_us: 1_000_000,
        reason: "كان حاضرا".into(),
    };
    let seed = KeySeed::new([9; 32]);
    let early = of.correct_attendance(ours.lesson, wanted(ours.trainer), &seed, &by).await;
    assert!(matches!(early, Err(StoreError::Missing)), "{early:?}");
    given(&of, ours.lesson).await;
    settle(&of, ours.lesson, &[], ENDS_AT).await.expect("settled");
    let before = of.ledger(ours.lesson).await.expect("a store").expect("sealed");
    let stranger = of.correct_attendance(ours.lesson, wanted(theirs.trainer), &seed, &by).await;
    assert!(matches!(stranger, Err(StoreError::Missing)), "{stranger:?}");
    let foreign = theirs.of(&store).correct_attendance(ours.lesson, wanted(ours.trainer), &seed, &by).await;
    assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");
    assert_eq!(of.ledger(ours.lesson).await.expect("a store").as_ref(), Some(&before));

    let hash = of.correct_attendance(ours.lesson, wanted(ours.trainer), &seed, &by).await.expect("corrected");
    let after = of.ledger(ours.lesson).await.expect("a store").expect("sealed");
    assert!(after.starts_with(&before) && after.len() > before.len(), "what was sealed stays");
    let verified = verify(after.as_bytes(), &[]).expect("it verifies");
    assert_eq!(verified.seals[1].hash.to_string(), hash);
    assert_eq!(verified.seals[0].key, verified.seals[1].key);
    assert!(known(&store, &hash).await.expect("known").is_newest);
    assert!(!known(&store, &verified.seals[0].hash.to_string()).await.expect("known").is_newest);
    of.verify_audit().await.expect("a store").expect("the audit log is a chain still");

    // With another key from now on: what was sealed with the old one still verifies.
    scratch.execute("UPDATE signing_key SET retired_at = 1").await;
    of.correct_attendance(ours.lesson, wanted(ours.trainer), &seed, &by).await.expect("corrected");
    let text = of.ledger(ours.lesson).await.expect("a store").expect("sealed");
    let verified = verify(text.as_bytes(), &[]).expect("it verifies");
    assert_eq!(verified.seals[2].key, seed.key().expect("a key").public().name());
    assert_ne!(verified.seals[2].key, verified.seals[0].key);
}

pub async fn lessons_that_end_at_the_same_time_are_sealed_with_one_key(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let lessons = more_lessons(&of, &ours, 7).await;
    for lesson in &lessons {
        given(&of, *lesson).await;
    }
    let settling = lessons.iter().map(|lesson| {
        let (of, lesson) = (of.clone(), *lesson);
        tokio::spawn(async move { settle(&of, lesson, &[], ENDS_AT.plus(Duration::from_secs(1))).await })
    });
    for settled in settling.collect::<Vec<_>>() {
        settled.await.expect("no panic").expect("settled");
    }
    let mut keys = std::collections::BTreeSet::new();
    for lesson in &lessons {
        let text = of.ledger(*lesson).await.expect("a store").expect("sealed");
        keys.insert(verify(text.as_bytes(), &[]).expect("it verifies").seals[0].key);
    }
    assert_eq!(keys.len(), 1);
}
