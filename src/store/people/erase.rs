//! A person is forgotten: their name and all that leads to them goes, attendance and what happened in lessons stays
//! under a pseudonym.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::records::{Change, StoreError};
use super::super::rows::found;
use crate::ids::PersonId;
use crate::protocol::RoomEvent;

/// Where the pseudonym ($3) takes the place of a name.
const RENAMES: &[&str] = &[
    // Accounts that were merged into this one have the same person's name.
    "UPDATE person SET name = $3 WHERE institution = $1 AND merged_into = $2",
    "UPDATE place SET name = $3 WHERE institution = $1 AND person = $2",
    "UPDATE invitation SET name = $3 WHERE institution = $1 AND person = $2",
    // Who is gone waits for no place.
    "UPDATE application SET name = $3, mail = NULL, phone = NULL, message = '',
         status = CASE WHEN status IN ('new', 'waiting') THEN 'withdrawn' ELSE status END
     WHERE institution = $1 AND person = $2",
];

/// What goes. Mail first: it is found by the address, too.
const DELETIONS: &[&str] = &[
    "DELETE FROM mail WHERE institution = $1 AND (person = $2 OR recipient = (
         SELECT mail FROM person WHERE person.institution = $1 AND person.id = $2))",
    "DELETE FROM credential WHERE institution = $1 AND person = $2",
    "DELETE FROM identity WHERE institution = $1 AND person = $2",
    "DELETE FROM account_link WHERE institution = $1 AND person = $2",
    "DELETE FROM calendar_feed WHERE institution = $1 AND person = $2",
    "DELETE FROM report_view WHERE institution = $1 AND person = $2",
    "DELETE FROM announcement_read WHERE institution = $1 AND person = $2",
    // Answers are kept for those who ask twice; one may be this person's card.
    "DELETE FROM idempotent_answer WHERE institution = $1 AND (actor = $2 OR body LIKE '%' || $2 || '%')",
];

impl InstitutionStore {
    /// Erases a person; `pseudonym` stands where their name stood. Who is erased already stays so under the pseudonym
    /// of the first time.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where no such person is there.
    pub async fn erase_person(&self, person: PersonId, pseudonym: &str, by: &Change) -> Result<(), StoreError> {
        const PERSON: &str = "
            UPDATE person SET name = $3, sign_in = NULL, mail = NULL, language = NULL, external_id = NULL,
                data_limit = NULL, search = '', is_administrator = FALSE, is_committee = FALSE, erased_at = $4,
                version = version + 1
            WHERE institution = $1 AND id = $2 AND erased_at IS NULL";
        // The rows stay: places refer to them.
        const SESSIONS: &str = "UPDATE session SET revoked_at = COALESCE(revoked_at, $3), browser = NULL
                                WHERE institution = $1 AND person = $2";
        const JOINED: &str = "
            SELECT room_event.lesson, room_event.seq, room_event.event FROM place JOIN room_event
                ON room_event.institution = place.institution AND room_event.lesson = place.lesson
                AND room_event.event LIKE '%\"joined\"%' || place.participant || '%'
            WHERE place.institution = $1 AND place.person = $2";
        const RENAMED: &str = "UPDATE room_event SET event = $4 WHERE institution = $1 AND lesson = $2 AND seq = $3";
        let (institution, id) = (self.institution.to_string(), person.to_string());
        if self.person(person).await?.ok_or(StoreError::Missing)?.erased_at.is_some() {
            return Ok(());
        }
        changing!(self, by, tx => {
            let events: Vec<(String, i64, String)> = sqlx::query_as(JOINED)
                .bind(&institution)
                .bind(&id)
                .fetch_all(&mut *tx).await.map_err(failed)?;
            for (lesson, seq, event) in events {
                sqlx::query(RENAMED)
                    .bind(&institution)
                    .bind(lesson)
                    .bind(seq)
                    .bind(under(pseudonym, &event)?)
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            for sql in RENAMES {
                sqlx::query(*sql)
                    .bind(&institution)
                    .bind(&id)
                    .bind(pseudonym)
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            for sql in DELETIONS {
                sqlx::query(*sql).bind(&institution).bind(&id).execute(&mut *tx).await.map_err(failed)?;
            }
            sqlx::query(SESSIONS)
                .bind(&institution)
                .bind(&id)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            let erased = sqlx::query(PERSON)
                .bind(&institution)
                .bind(&id)
                .bind(pseudonym)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            found(erased.rows_affected())?;
        })
    }
}

/// The event with the pseudonym for a name.
fn under(pseudonym: &str, event: &str) -> Result<String, StoreError> {
    let unreadable = |_| StoreError::Unreadable("an event of a room".into());
    let mut event: RoomEvent = serde_json::from_str(event).map_err(unreadable)?;
    if let RoomEvent::Joined { name, .. } = &mut event {
        *name = pseudonym.to_owned();
    }
    serde_json::to_string(&event).map_err(unreadable)
}
