//! Every room's log of events.

use super::InstitutionStore;
use super::fault::failed;
use super::records::{LoggedEvent, StoreError};
use super::rollup::recount;
use super::rows::{EventRow, phase_columns};
use super::webhooks::{WebhookEvent, WebhookQueue};
use crate::ids::{EventSeq, LessonId};
use crate::protocol::{Phase, RoomEvent};
use crate::time::Timestamp;
use sqlx::QueryBuilder;

/// How many events one statement inserts: five parameters each, and SQLite takes at most 32,766 in a statement.
const EVENTS_PER_STATEMENT: usize = 1_000;

const _: () = assert!(EVENTS_PER_STATEMENT * 5 <= 32_766);

/// How many events are read at once where a whole log is read.
const READ_AT_ONCE: u32 = 1_000;

/// An event as its row.
struct Entry {
    seq: i64,
    at: i64,
    event: String,
}

impl InstitutionStore {
    /// Appends events to a lesson's log in one transaction and sets the lesson's phase; returns once they are
    /// durable.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the log does not end just before the first event (another process writes it),
    /// or the events do not follow on one another; [`StoreError::Missing`] where this institution has no such lesson.
    /// Nothing is written then. After [`StoreError::Unavailable`], or a call that was given up, only the log can tell
    /// whether they were: read it again.
    pub async fn append_events(
        &self,
        lesson: LessonId,
        events: &[LoggedEvent],
        phase: Phase,
    ) -> Result<(), StoreError> {
        let entries = entries(events)?;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(()) };
        let (phase, since) = phase_columns(phase);
        let (id, institution, lesson) = (lesson, self.institution.to_string(), lesson.to_string());
        in_transaction!(self, tx => {
            // First the check that is also the lock: in both databases, this row keeps others waiting until the end.
            let moved: Option<bool> = sqlx::query_scalar(
                "UPDATE lesson SET last_seq = $1, phase = $2, phase_since = $3
                 WHERE institution = $4 AND id = $5 AND last_seq = $6 RETURNING counted",
            )
            .bind(last.seq).bind(phase).bind(since)
            .bind(&institution).bind(&lesson).bind(first.seq.saturating_sub(1))
            .fetch_optional(&mut *tx).await.map_err(failed)?;
            let Some(is_counted) = moved else {
                let there: Option<i64> =
                    sqlx::query_scalar("SELECT last_seq FROM lesson WHERE institution = $1 AND id = $2")
                        .bind(&institution).bind(&lesson)
                        .fetch_optional(&mut *tx).await.map_err(failed)?;
                return Err(there.map_or(StoreError::Missing, |_| StoreError::Conflict));
            };
            for chunk in entries.chunks(EVENTS_PER_STATEMENT) {
                let mut insert =
                    QueryBuilder::<Db>::new("INSERT INTO room_event (institution, lesson, seq, at, event) ");
                insert.push_values(chunk, |mut row, entry| {
                    row.push_bind(&institution).push_bind(&lesson);
                    row.push_bind(entry.seq).push_bind(entry.at).push_bind(&entry.event);
                });
                insert.build().execute(&mut *tx).await.map_err(failed)?;
            }
            for (event, at) in told(events) {
                WebhookQueue::tell(&mut *tx, &institution, event, &lesson, at).await?;
            }
            // One that begins after its planned end was counted as not given.
            if let Some(newest) = events.last().filter(|_| is_counted) {
                recount(&mut *tx, &institution, &[id], newest.at).await?;
            }
        })
    }

    /// The whole log of a lesson.
    pub async fn whole_log(&self, lesson: LessonId) -> Result<Vec<LoggedEvent>, StoreError> {
        let mut log: Vec<LoggedEvent> = Vec::new();
        loop {
            let after = log.last().map_or(EventSeq::default(), |entry| entry.seq);
            let entries = self.events_after(lesson, after, READ_AT_ONCE).await?;
            if entries.is_empty() {
                return Ok(log);
            }
            log.extend(entries);
        }
    }

    /// At most `limit` events of a lesson's log after `after`, in order.
    pub async fn events_after(
        &self,
        lesson: LessonId,
        after: EventSeq,
        limit: u32,
    ) -> Result<Vec<LoggedEvent>, StoreError> {
        const SQL: &str = "SELECT seq, at, event FROM room_event
                           WHERE institution = $1 AND lesson = $2 AND seq > $3 ORDER BY seq LIMIT $4";
        // What no log can reach finds nothing.
        let after = i64::try_from(after.0).unwrap_or(i64::MAX);
        let rows: Vec<EventRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(LoggedEvent::try_from).collect()
    }
}

/// What of these events webhooks are told.
fn told(events: &[LoggedEvent]) -> impl Iterator<Item = (WebhookEvent, Timestamp)> {
    events.iter().filter_map(|logged| match logged.event {
        RoomEvent::LessonStarted {} => Some((WebhookEvent::LessonStarted, logged.at)),
        RoomEvent::LessonEnded {} => Some((WebhookEvent::LessonEnded, logged.at)),
        _ => None,
    })
}

/// The events as rows, where each follows on the one before.
fn entries(events: &[LoggedEvent]) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = Vec::with_capacity(events.len());
    for logged in events {
        let seq = i64::try_from(logged.seq.0).map_err(|_| StoreError::Conflict)?;
        let follows = entries.last().is_none_or(|before| before.seq.checked_add(1) == Some(seq));
        if !follows || seq == 0 {
            return Err(StoreError::Conflict);
        }
        let event = serde_json::to_string(&logged.event).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        entries.push(Entry { seq, at: logged.at.micros(), event });
    }
    Ok(entries)
}
