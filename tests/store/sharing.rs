use crate::scratch::{STARTS_AT, Scratch, chat, said, school, session};
use qism::ids::EventSeq;
use qism::protocol::Phase;
use qism::store::StoreError;
use std::time::Duration;

const LIVE: Phase = Phase::Live { since: STARTS_AT };

/// How many institutions write at the same time; how many events each.
const WRITERS: u8 = 12;
const EVENTS: u64 = 20;

/// Longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn writers_at_the_same_time_do_not_disturb_each_other(scratch: Scratch) {
    let store = scratch.open().await;
    let mut writers = Vec::new();
    for number in 1..=WRITERS {
        let school = school(&store, number).await;
        let (of, lesson) = (school.of(&store), school.lesson);
        let writer = tokio::spawn(async move {
            for seq in 1..=EVENTS {
                of.append_events(lesson, &chat(seq, 1), LIVE).await.expect("appended");
                // Another's fault in the same breath: this does not continue the log.
                let refused = of.append_events(lesson, &chat(seq, 1), LIVE).await;
                assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
            }
        });
        writers.push((school, writer));
    }
    for (school, writer) in writers {
        tokio::time::timeout(PATIENCE, writer).await.expect("in time").expect("no panic");
        let log = school.of(&store).events_after(school.lesson, EventSeq(0), 1_000).await.expect("read");
        assert_eq!(log, chat(1, EVENTS));
    }
}

/// Calls that are given up while they run (a client that hangs up, a time limit) leave all or nothing, and nobody waits
/// for them.
pub async fn a_writer_that_goes_away_in_the_middle_holds_nobody_up(scratch: Scratch) {
    let store = scratch.open().await;
    let (school, other) = (school(&store, 1).await, school(&store, 2).await);
    for round in 0..200_u32 {
        let of = school.of(&store);
        let lesson = school.lesson;
        let last = last_seq(&of.events_after(lesson, EventSeq(0), 10_000).await.expect("read"));
        let batch = chat(last + 1, 3);
        let writer = tokio::spawn(async move { of.append_events(lesson, &batch, LIVE).await });
        // Given up a little later each time: before it begins, in the middle, while it waits for the disk.
        for _ in 0..round % 40 {
            tokio::task::yield_now().await;
        }
        writer.abort();
        let _ = writer.await;
        let next = said(u64::from(round) + 1, "and on");
        let appended = other.of(&store);
        let appended = appended.append_events(other.lesson, std::slice::from_ref(&next), LIVE);
        tokio::time::timeout(PATIENCE, appended).await.expect("nobody is held up").expect("appended");
    }
    let log = school.of(&store).events_after(school.lesson, EventSeq(0), 10_000).await.expect("read");
    assert_eq!(log, chat(1, last_seq(&log)));
    assert_eq!(log.len() % 3, 0, "a batch is there whole or not at all");
    session(&store, 1).await;
}

fn last_seq(log: &[qism::store::LoggedEvent]) -> u64 {
    log.last().map_or(0, |event| event.seq.0)
}
