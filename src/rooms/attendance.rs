//! From a lesson's log to its people's attendance.

use super::{Rooms, Shared};
use crate::attendance::ledger::Draft;
use crate::attendance::{Account, account};
use crate::auth::ledger_seed;
use crate::ids::{InstitutionId, LessonId, ParticipantId, PersonId};
use crate::store::{Attended, Sealing, StoreError, Unsettled};
use crate::time::Clock;

/// Works a lesson's attendance out and writes it down. Where that fails, the next look at what is overdue does it.
pub(super) async fn settle(shared: &Shared, institution: InstitutionId, lesson: LessonId) {
    if let Err(error) = try_settle(shared, institution, lesson).await {
        tracing::error!(%lesson, %error, "the attendance is not written down yet");
    }
}

async fn try_settle(shared: &Shared, institution: InstitutionId, lesson: LessonId) -> Result<(), StoreError> {
    let store = shared.store.of(institution);
    let record = store.timetable_lesson(lesson).await?.ok_or(StoreError::Missing)?;
    let log = store.whole_log(lesson).await?;
    let header = store.lesson_people(&record).await?.header;
    let account = account(header.planned, &log);
    let with_account = header.people.iter().filter_map(|listed| Some((listed.person?, &listed.participants)));
    let attended: Vec<(PersonId, Attended)> = with_account
        .filter(|(_, places)| !places.is_empty())
        .map(|(person, places)| (person, attended(&account, places)))
        .collect();
    let seed = ledger_seed().map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealing = Sealing { draft: Draft::new(header, &log), seed };
    store.settle_attendance(lesson, &attended, &sealing, shared.clock.now()).await
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
