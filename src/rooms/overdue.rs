//! Lessons that nobody ends: those that were left on air are ended, and what is missing of attendance is worked out.
//!
//! A room that is open ends its lesson by itself; here the rooms are opened whose time came while they were closed.

use super::{Input, Rooms};
use crate::classroom::ENDS_ALONE_AFTER;
use crate::store::StoreError;
use crate::time::{Clock, Timestamp};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval};

/// How often overdue lessons are looked for.
const LOOKED_AFTER_EVERY: Duration = Duration::from_secs(60);

/// How many rooms are opened for that at once; the next look finds the others.
const OPENED_AT_ONCE: u32 = 100;

impl Rooms {
    /// Looks after lessons that are overdue until the rooms stop.
    pub async fn look_after_overdue(&self) {
        let mut beat = interval(LOOKED_AFTER_EVERY);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.shared.is_stopping() {
            beat.tick().await;
            if let Err(error) = self.end_overdue().await {
                tracing::error!(%error, "lessons that nobody ended can't be looked for");
            }
        }
    }

    /// Opens the rooms of lessons on air whose end is long past: with nobody in them, they end. What could not be
    /// written down of lessons that ended is tried again.
    ///
    /// # Errors
    /// Where the store does not say which.
    pub async fn end_overdue(&self) -> Result<(), StoreError> {
        let grace = i64::try_from(ENDS_ALONE_AFTER.as_micros()).unwrap_or(i64::MAX);
        let before = Timestamp(self.shared.clock.now().micros().saturating_sub(grace));
        let open = u32::try_from(self.shared.rooms.len()).unwrap_or(u32::MAX);
        // Those that are open are among them, and need nothing.
        let overdue = self.shared.store.lessons_overdue(before, open.saturating_add(OPENED_AT_ONCE)).await?;
        for lesson in overdue.into_iter().filter(|lesson| !self.shared.rooms.contains_key(lesson)) {
            let (reply, opened) = oneshot::channel();
            // Where the room can't be opened, its task says why; the next look tries again.
            if self.handle(lesson).inputs.send(Input::Opened { reply }).await.is_ok() {
                let _ = opened.await;
            }
        }
        self.settle_ended().await
    }
}
