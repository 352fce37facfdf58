//! Rooms: one task for each lesson that somebody is in, which owns the lesson's `classroom::Room`.
//!
//! A change is durable before anybody hears of it: the task appends the events to the store, then tells the
//! participants, then the media plane. Owns who is connected and what each receiver is shown; refuses to decide who
//! may do what, which is `classroom`'s.

mod media;

pub use media::{Agreed, Media};

use crate::auth::Auth;
use crate::insight::Insight;
use crate::shard;
use crate::store::{LessonRecord, Store, StoreError};
use crate::time::Clock;
use std::sync::Arc;
use tokio::sync::mpsc;

/// All rooms of the process; cheap to clone.
#[derive(Clone)]
pub struct Rooms {}

impl Rooms {
    /// Makes an empty set of rooms and starts the task that routes the media plane's events to them; call it inside
    /// a tokio runtime. `media` is the [`crate::net::MediaPlane`], `media_events` the receiver it came with.
    #[must_use]
    pub fn new(
        _store: Store,
        _auth: Auth,
        _media: Arc<dyn Media>,
        _media_events: mpsc::Receiver<shard::Event>,
        _clock: Arc<dyn Clock>,
        _insight: Insight,
    ) -> Self {
        Self {}
    }

    /// Opens the rooms of lessons that were on air when the server stopped ([`Store::lessons_on_air`]), so that who
    /// does not come back is counted as gone even if nobody does. To be called once, before the listener opens.
    ///
    /// # Errors
    /// Where a log can't be read.
    pub async fn reopen(&self, _lessons: Vec<LessonRecord>) -> Result<(), StoreError> {
        Ok(())
    }

    /// Graceful stop: tells everybody `bye` with `server_stopping`, notes when each connection ended, ends the rooms'
    /// tasks and returns once that is durable. Who connects afterwards is refused.
    pub async fn stop(&self) {}
}
