//! What administrators put right after a lesson was sealed.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::records::{Change, StoreError};
use super::super::rollup::count;
use super::sealing::{Seals, key_in_use};
use crate::attendance::ledger::{Corrected, KeySeed, correct, verify};
use crate::ids::LessonId;

impl InstitutionStore {
    /// Appends a correction to a lesson's ledger, with a seal over it, and has it count; gives the new seal's hash. `seed`
    /// is for a new key, where the institution has none in use.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the lesson was not sealed, or the person is not in its ledger;
    /// [`StoreError::Unreadable`] where the ledger that is kept does not verify: nothing is sealed on top of that.
    pub async fn correct_attendance(
        &self,
        lesson: LessonId,
        wanted: Corrected,
        seed: &KeySeed,
        by: &Change,
    ) -> Result<String, StoreError> {
        // Somebody whose account went over into another counts there.
        const PERSON: &str = "SELECT COALESCE(merged_into, id) FROM person WHERE institution = $1 AND id = $2";
        const COUNTS: &str = "INSERT INTO attendance (institution, lesson, person, present_us, away_us)
                              VALUES ($1, $2, $3, $4, 0)
                              ON CONFLICT (institution, lesson, person)
                              DO UPDATE SET present_us = excluded.present_us, away_us = 0";
        let (id, institution, lesson) = (lesson, self.institution.to_string(), lesson.to_string());
        changing!(self, by, tx => {
            let parts = Seals::parts(&mut *tx, &institution, &lesson).await?;
            let number = i64::try_from(parts.len()).unwrap_or(i64::MAX).saturating_add(1);
            let so_far = parts.concat();
            if so_far.is_empty() {
                return Err(StoreError::Missing);
            }
            let verified = verify(so_far.as_bytes(), &[])
                .map_err(|fault| StoreError::Unreadable(format!("the ledger of lesson {lesson}: {fault}")))?;
            let key = key_in_use(&mut *tx, &institution, seed, by.at).await?;
            let (person, counted_us) = (wanted.person.to_string(), wanted.counted_us);
            let sealed = correct(&so_far, &verified, wanted, &key).ok_or(StoreError::Missing)?;
            Seals::append_part(&mut *tx, &institution, &lesson, number, &sealed).await?;
            let counts_for: Option<String> = sqlx::query_scalar(PERSON)
                .bind(&institution)
                .bind(&person)
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            sqlx::query(COUNTS)
                .bind(&institution)
                .bind(&lesson)
                .bind(counts_for.ok_or(StoreError::Missing)?)
                .bind(counted_us)
                .execute(&mut *tx).await.map_err(failed)?;
            count(&mut *tx, &institution, &[id], by.at).await?;
            sealed.hash.to_string()
        })
    }
}
