//! From a lesson's log to its people's attendance.

use super::{Rooms, Shared};
use crate::attendance::{Account, Span, account};
use crate::ids::{EventSeq, InstitutionId, LessonId, ParticipantId, PersonId};
use crate::protocol::LoggedEvent;
use crate::store::{Attended, InstitutionStore, StoreError, Unsettled};
use std::collections::BTreeMap;

/// How many events are read at once.
const READ_AT_ONCE: u32 = 1_000;

/// Works a lesson's attendance out and writes it down. Where that fails, the next look at what is overdue does it.
pub(super) async fn settle(shared: &Shared, institution: InstitutionId, lesson: LessonId) {
    if let Err(error) = try_settle(shared, institution, lesson).await {
        tracing::error!(%lesson, %error, "the attendance is not written down yet");
    }
}

async fn try_settle(shared: &Shared, institution: InstitutionId, lesson: LessonId) -> Result<(), StoreError> {
    let record = shared.store.lesson(lesson).await?.ok_or(StoreError::Missing)?;
    let store = shared.store.of(institution);
    let planned = Span { from: record.card.starts_at, to: record.card.ends_at };
    let account = account(planned, &log_of(&store, lesson).await?);
    let mut by_person: BTreeMap<PersonId, Vec<ParticipantId>> = BTreeMap::new();
    for (participant, person) in store.people_of_places(lesson).await? {
        by_person.entry(person).or_default().push(participant);
    }
    let attended: Vec<(PersonId, Attended)> =
        by_person.into_iter().map(|(person, places)| (person, attended(&account, &places))).collect();
    store.settle_attendance(lesson, &attended, shared.clock.now()).await
}

/// The whole log of a lesson.
async fn log_of(store: &InstitutionStore, lesson: LessonId) -> Result<Vec<LoggedEvent>, StoreError> {
    let mut log: Vec<LoggedEvent> = Vec::new();
    loop {
        let after = log.last().map_or(EventSeq::default(), |entry| entry.seq);
        let entries = store.events_after(lesson, after, READ_AT_ONCE).await?;
        if entries.is_empty() {
            return Ok(log);
        }
        log.extend(entries);
    }
}

/// What is written down of somebody who took part as these.
fn attended(account: &Account, places: &[ParticipantId]) -> Attended {
    let person = account.of(places);
    Attended {
        present_us: person.present_us,
        away_us: person.away_us,
        dropped_us: person.dropped_us,
        first_at: person.first_at,
        last_at: person.last_at,
    }
}

impl Rooms {
    /// Works out the attendance of lessons that ended without it, as those did that ended just before the server.
    ///
    /// # Errors
    /// Where the store does not say which.
    pub async fn settle_ended(&self) -> Result<(), StoreError> {
        for Unsettled { institution, lesson } in self.shared.store.unsettled_lessons().await? {
            settle(&self.shared, institution, lesson).await;
        }
        Ok(())
    }
}
