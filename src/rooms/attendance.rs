//! From a lesson's log to its people's attendance.

use super::{Rooms, Shared};
use crate::classroom::{Attendance, Stay, together_us};
use crate::ids::{EventSeq, InstitutionId, LessonId, PersonId};
use crate::store::{StoreError, Unsettled};
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
    let store = shared.store.of(institution);
    let mut attendance = Attendance::default();
    let mut after = EventSeq::default();
    loop {
        let entries = store.events_after(lesson, after, READ_AT_ONCE).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        entries.iter().for_each(|entry| attendance.note(entry));
    }
    let mut by_person: BTreeMap<PersonId, Vec<Stay>> = BTreeMap::new();
    for (participant, person) in store.people_of_places(lesson).await? {
        let stays = attendance.stays().get(&participant);
        by_person.entry(person).or_default().extend(stays.into_iter().flatten());
    }
    let present: Vec<(PersonId, i64)> =
        by_person.into_iter().map(|(person, stays)| (person, together_us(stays))).collect();
    store.settle_attendance(lesson, &present, shared.clock.now()).await
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
