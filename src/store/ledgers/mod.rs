//! Sealed ledgers of lessons, part by part, and the keys that seal them.
//!
//! Owns that a lesson is sealed once, in the transaction that writes its attendance down, and that what was sealed is only
//! added to. What a ledger says, and whether it holds, is `attendance::ledger`'s. The private half of a key is read here
//! to seal and nowhere else.

mod correcting;
mod people;
mod sealing;

pub use people::{LessonLedger, LessonPeople};
pub use sealing::Sealing;

pub(in crate::store) use sealing::seal_lesson;

use super::fault::failed;
use super::records::StoreError;
use super::rows::id;
use super::{InstitutionStore, Named, Store};
use crate::ids::{InstitutionId, LessonId, RegionId};
use crate::time::Timestamp;

/// What is known of a seal to whoever has its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedLedger {
    pub institution: InstitutionId,
    pub institution_name: String,
    pub sealed_at: Timestamp,
    /// The name of the key that sealed it.
    pub key: String,
    /// Nothing was put right since.
    pub is_newest: bool,
    /// Since when the ledger's text is deleted by the institution's rule; its seals stay.
    pub deleted_at: Option<Timestamp>,
}

impl Store {
    /// The ledger with this seal (64 digits of hexadecimal), whosoever it is.
    pub async fn sealed_ledger(&self, hash: &str) -> Result<Option<SealedLedger>, StoreError> {
        const SQL: &str = "
            SELECT ledger.institution, institution.name, ledger.at, ledger.key,
                   NOT EXISTS (SELECT 1 FROM ledger AS later
                               WHERE later.institution = ledger.institution AND later.lesson = ledger.lesson
                                 AND later.number > ledger.number) AS is_newest, lesson.attendance_deleted_at
            FROM ledger JOIN institution ON institution.id = ledger.institution
            JOIN lesson ON lesson.institution = ledger.institution AND lesson.id = ledger.lesson
            WHERE ledger.hash = $1";
        let row: Option<(String, String, i64, String, bool, Option<i64>)> =
            reading!(self, on => sqlx::query_as(SQL).bind(hash).fetch_optional(on)).map_err(failed)?;
        let Some((institution, institution_name, at, key, is_newest, deleted)) = row else { return Ok(None) };
        let institution = id(&institution)?;
        let (sealed_at, deleted_at) = (Timestamp(at), deleted.map(Timestamp));
        Ok(Some(SealedLedger { institution, institution_name, sealed_at, key, is_newest, deleted_at }))
    }
}

impl InstitutionStore {
    /// A lesson's ledger, byte for byte; absent where it was never sealed, and where it was deleted by the rule.
    pub async fn ledger(&self, lesson: LessonId) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT text FROM ledger WHERE institution = $1 AND lesson = $2 ORDER BY number";
        let parts: Vec<String> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        Ok(Some(parts.concat()).filter(|ledger| !ledger.is_empty()))
    }

    /// What the institution is called, and its region.
    pub async fn name_and_region(&self) -> Result<Option<(String, Named<RegionId>)>, StoreError> {
        const SQL: &str = "SELECT institution.name, region.id, region.name AS region_name
                           FROM institution JOIN region ON region.id = institution.region WHERE institution.id = $1";
        let row: Option<(String, String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(|(name, region, region_name)| Ok((name, Named { id: id(&region)?, name: region_name }))).transpose()
    }
}
