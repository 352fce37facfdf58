//! How well lessons were received, minute by minute.

use crate::scratch::{STARTS_AT, Scratch, school};
use qism::ids::{LessonId, ParticipantId};
use qism::protocol::LinkFigures;
use qism::quality::{Minute, Part, ParticipantMinute, Second};
use qism::store::StoreError;
use qism::time::Timestamp;
use qism::units::Bitrate;
use uuid::Uuid;

/// So many seconds of somebody's minute, in which so much is lost.
fn minute(number: i64, participant: u128, seconds: u32, lost_percent: f32) -> Minute {
    let mut one = ParticipantMinute::new(ParticipantId(Uuid::from_u128(participant)), Part::Trainee);
    let downlink = LinkFigures { bitrate: Bitrate(64_000), packets: 50, lost_percent, jitter_ms: 2.0 };
    (0..seconds).for_each(|_| one.measure(&Second { downlink, ..Second::default() }));
    Minute { at: Timestamp(STARTS_AT.micros() + number * 60_000_000), participants: vec![one] }
}

pub async fn a_lessons_minutes_are_kept_in_order(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let late = minute(7, 1, 60, 10.0);
    let early = minute(6, 1, 60, 0.0);
    of.add_quality_minute(ours.lesson, late.clone()).await.expect("kept");
    of.add_quality_minute(ours.lesson, early.clone()).await.expect("kept");
    theirs.of(&store).add_quality_minute(theirs.lesson, minute(6, 9, 60, 0.0)).await.expect("kept");
    assert_eq!(of.quality_minutes(ours.lesson).await.expect("minutes"), [early, late]);

    assert_eq!(of.quality_minutes(theirs.lesson).await.expect("none"), []);
    for lesson in [theirs.lesson, LessonId(Uuid::from_u128(99))] {
        let kept = of.add_quality_minute(lesson, minute(6, 1, 60, 0.0)).await;
        assert!(matches!(kept, Err(StoreError::Missing)), "{kept:?}");
    }
    assert_eq!(theirs.of(&store).quality_minutes(theirs.lesson).await.expect("minutes").len(), 1);
}

pub async fn a_minute_that_a_restart_cut_in_two_is_one(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    of.add_quality_minute(ours.lesson, minute(6, 1, 20, 10.0)).await.expect("kept");
    of.add_quality_minute(ours.lesson, minute(6, 1, 30, 0.0)).await.expect("kept");
    of.add_quality_minute(ours.lesson, minute(6, 2, 5, 0.0)).await.expect("kept");
    let minutes = of.quality_minutes(ours.lesson).await.expect("minutes");
    assert_eq!(minutes.len(), 1);
    let people: Vec<(u32, u64, u64)> =
        minutes[0].participants.iter().map(|one| (one.seconds, one.down.packets, one.down.lost_hundredths)).collect();
    assert_eq!(people, [(50, 2_500, 10_000), (5, 250, 0)]);
}
