//! A room's log in the store: read when it opens, and again where it is not known how a commit ended.

use super::Shared;
use super::link::refusal;
use crate::auth::Refusal;
use crate::classroom::{LoggedEvent, Room};
use crate::ids::{EventSeq, LessonId};
use crate::protocol::{ErrorCode, Phase};
use crate::store::{InstitutionStore, LessonRecord, StoreError};
use std::time::Duration;
use tokio::time::timeout;

/// How many events are read at once.
const READ_AT_ONCE: u32 = 1_000;

/// How long the store may take; then the client is told that it is unavailable.
const STORE_WAIT: Duration = Duration::from_secs(5);

/// The log of one lesson.
pub(super) struct Log {
    lesson: LessonId,
    store: InstitutionStore,
}

impl Log {
    /// Finds the lesson and replays its log. `each` hears of every event.
    pub async fn open(
        shared: &Shared,
        lesson: LessonId,
        each: &mut (dyn FnMut(&LoggedEvent) + Send),
    ) -> Result<(Self, Room), Refusal> {
        let record = bounded(shared.store.lesson(lesson)).await.map_err(|error| unavailable(lesson, &error))?;
        let Some(LessonRecord { institution, card, phase, .. }) = record else {
            return Err(refusal(ErrorCode::LessonUnknown, "No lesson has this id.".into()));
        };
        let log = Self { lesson, store: shared.store.of(institution) };
        let mut room = Room::new(card);
        for entry in log.read_after(EventSeq::default()).await.map_err(|error| unavailable(lesson, &error))? {
            room.apply(&entry).map_err(|gap| unavailable(lesson, &StoreError::Unreadable(gap.to_string())))?;
            each(&entry);
        }
        // One that is over and has no log: the log was deleted by the institution's rule, and nobody can go on with it.
        if matches!(phase, Phase::Ended { .. }) && matches!(room.phase(), Phase::Planned) {
            return Err(refusal(ErrorCode::LessonEnded, "The lesson is over.".into()));
        }
        Ok((log, room))
    }

    /// The store of the lesson's institution.
    pub fn store(&self) -> &InstitutionStore {
        &self.store
    }

    /// Makes events durable, together with the phase that follows from them.
    pub async fn append(&self, events: &[LoggedEvent], room: &Room) -> Result<(), StoreError> {
        bounded(self.store.append_events(self.lesson, events, room.phase())).await
    }

    /// All that follows on `after`.
    pub async fn read_after(&self, after: EventSeq) -> Result<Vec<LoggedEvent>, StoreError> {
        let mut entries: Vec<LoggedEvent> = Vec::new();
        loop {
            let from = entries.last().map_or(after, |entry| entry.seq);
            let read = bounded(self.store.events_after(self.lesson, from, READ_AT_ONCE)).await?;
            let is_last = read.len() < READ_AT_ONCE as usize;
            entries.extend(read);
            if is_last {
                return Ok(entries);
            }
        }
    }
}

/// What a client is told where the store does not do what it should; the reason is for the log.
pub(super) fn unavailable(lesson: LessonId, error: &StoreError) -> Refusal {
    tracing::error!(%lesson, %error, "the room's log is out of reach");
    refusal(ErrorCode::StoreUnavailable, "The server can't store this now; nothing was changed. Try again.".into())
}

async fn bounded<T>(what: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match timeout(STORE_WAIT, what).await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Unavailable(format!("no answer from the database in {STORE_WAIT:?}"))),
    }
}
