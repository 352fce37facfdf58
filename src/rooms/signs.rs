//! When the server last ran, for whoever starts it after it was killed.
//!
//! While a room is open, a sign of life goes to the store every [`EVERY`]; a room that opens on a log that was not
//! finished dates the end of everybody's connection by the last sign of the run that wrote it.

use super::Shared;
use crate::ids::LessonId;
use crate::store::{ServerSign, StoreError};
use crate::time::{Clock, Timestamp};
use dashmap::DashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often: what was killed is known to have run until then.
const EVERY: Duration = Duration::from_millis(400);

/// The signs of earlier runs, and what failed in this one.
#[derive(Default)]
pub(super) struct Signs {
    /// Of earlier runs of the server, the newest first.
    before: OnceLock<Vec<ServerSign>>,
    /// Rooms whose task failed, and when; each opens again soon, for those who are in it come back.
    failed: DashMap<LessonId, Timestamp>,
}

impl Signs {
    /// Takes in the signs of earlier runs; only the first time counts.
    pub fn remember(&self, before: Vec<ServerSign>) {
        let _ = self.before.set(before);
    }

    /// When the server last ran before this run.
    pub fn newest(&self) -> Option<Timestamp> {
        self.before.get()?.first().map(|sign| sign.seen_at)
    }

    /// A room's task failed.
    pub fn note_failure(&self, lesson: LessonId, at: Timestamp) {
        self.failed.insert(lesson, at);
    }

    /// Until when whoever was in this room was known to be in it; `newest` is the time of its newest event.
    pub fn last_ran(&self, lesson: LessonId, newest: Timestamp) -> Timestamp {
        if let Some((_, at)) = self.failed.remove(&lesson) {
            return at.max(newest);
        }
        // A run that began after it had nobody in this room, or it would have said so.
        let runs = self.before.get().into_iter().flatten();
        let of_it = runs.filter(|sign| sign.started_at <= newest).map(|sign| sign.seen_at).next();
        of_it.map_or(newest, |seen_at| seen_at.max(newest))
    }
}

/// Gives signs of life until the rooms stop.
pub(super) async fn give(shared: Arc<Shared>) {
    let mut beat = interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut run = None;
    let mut failing = false;
    while !shared.is_stopping() {
        beat.tick().await;
        let Some(started_at) = shared.clock.started() else { continue };
        let given = give_one(&shared, &mut run, started_at).await;
        if let Err(error) = &given
            && !failing
        {
            tracing::warn!(%error, "no sign of life can be stored; a crash now would be dated by the newest event");
        }
        failing = given.is_err();
    }
}

async fn give_one(shared: &Shared, run: &mut Option<i64>, started_at: Timestamp) -> Result<(), StoreError> {
    let number = match *run {
        Some(number) => number,
        None => shared.store.begin_run(started_at).await?,
    };
    *run = Some(number);
    shared.store.sign(number, ServerSign { started_at, seen_at: shared.clock.now() }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const LESSON: LessonId = LessonId(Uuid::nil());

    fn sign(started_at: i64, seen_at: i64) -> ServerSign {
        ServerSign { started_at: Timestamp(started_at), seen_at: Timestamp(seen_at) }
    }

    #[test]
    fn the_run_that_wrote_a_rooms_log_says_when_it_last_ran() {
        let signs = Signs::default();
        assert_eq!(signs.last_ran(LESSON, Timestamp(7)), Timestamp(7), "nothing is known");
        signs.remember(vec![sign(300, 400), sign(100, 200)]);
        assert_eq!(signs.newest(), Some(Timestamp(400)));
        assert_eq!(signs.last_ran(LESSON, Timestamp(350)), Timestamp(400));
        assert_eq!(signs.last_ran(LESSON, Timestamp(150)), Timestamp(200), "the second run had nobody in it");
        assert_eq!(signs.last_ran(LESSON, Timestamp(401)), Timestamp(401), "an event is a sign too");
        assert_eq!(signs.last_ran(LESSON, Timestamp(50)), Timestamp(50), "of a run that left no sign");
    }

    #[test]
    fn a_room_that_failed_was_there_until_then() {
        let signs = Signs::default();
        signs.remember(vec![sign(100, 200)]);
        signs.note_failure(LESSON, Timestamp(900));
        assert_eq!(signs.last_ran(LESSON, Timestamp(150)), Timestamp(900));
        assert_eq!(signs.last_ran(LESSON, Timestamp(150)), Timestamp(200), "once");
    }
}
