//! The board's heartbeat: plans are read, time passes, readers wake.

use super::Shared;
use super::alarms::Act;
use super::entry::{AFTER, AHEAD};
use super::state::LESSONS_MAX;
use crate::store::{BoardWindow, StoreError};
use crate::time::Timestamp;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

const BEAT: Duration = Duration::from_secs(1);

/// How often plans and places are read, and how soon again where a room tells of a lesson that is not known.
const PLANS_EVERY: Duration = Duration::from_secs(60);
const PLANS_AGAIN: Duration = Duration::from_secs(5);

/// Lessons that started earlier than this are looked for among those on air only.
const LOOKS_BACK: Duration = Duration::from_secs(12 * 3_600);

/// Runs until the board is gone.
pub(super) async fn run(shared: Weak<Shared>) {
    let mut ticks = interval(BEAT);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut read_at: Option<Instant> = None;
    loop {
        ticks.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        let passed = read_at.map(|at| at.elapsed());
        let is_wanted = passed.is_none_or(|passed| passed >= PLANS_AGAIN) && shared.state().take_wish_for_plans();
        if is_wanted || passed.is_none_or(|passed| passed >= PLANS_EVERY) {
            read_at = Some(Instant::now());
            if let Err(error) = read_plans(&shared).await {
                tracing::error!(%error, "the board can't read what is planned; it shows what it knows");
            }
        }
        beat(&shared);
    }
}

/// Reads places and plans.
pub(super) async fn read_plans(shared: &Shared) -> Result<(), StoreError> {
    let now = shared.clock.now();
    let window = BoardWindow { from: before(now, LOOKS_BACK), to: now.plus(AHEAD), over_after: before(now, AFTER) };
    let places = shared.store.board_places().await?;
    let plans = shared.store.board_plans(window, LESSONS_MAX).await?;
    let mut state = shared.state();
    state.set_places(places);
    state.set_plans(plans);
    Ok(())
}

/// Brings the board up to now and wakes the readers.
pub(super) fn beat(shared: &Arc<Shared>) {
    let now = shared.clock.now();
    let due = shared.state().beat(now);
    for due in due {
        if let Err(error) = shared.alarms.try_send(Act { due, at: now }) {
            shared.state().undo(&error.into_inner().due);
        }
    }
    shared.beats.send_modify(|beat| *beat = beat.map(|count| count.wrapping_add(1)));
}

fn before(now: Timestamp, by: Duration) -> Timestamp {
    Timestamp(now.micros().saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
}
