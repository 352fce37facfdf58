//! The first institution and its administrator, which no one can make who is not one.

use super::accounts::{NewAccount, Reach};
use super::fault::failed;
use super::records::{Change, Institution, Region, StoreError};
use super::{InstitutionStore, Store};

/// What the first start makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstStart {
    pub region: Region,
    pub institution: Institution,
    /// `ar`, `fr` or `en`.
    pub language: String,
    /// The institution's name as `text::fold` writes it.
    pub search: String,
    pub administrator: NewAccount,
    /// A PHC string.
    pub password: String,
}

impl Store {
    /// Whether anybody is an administrator anywhere.
    pub async fn has_administrator(&self) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM person WHERE is_administrator LIMIT 1) AS any_one";
        let count: i64 = reading!(self, on => sqlx::query_scalar(SQL).fetch_one(on)).map_err(failed)?;
        Ok(count > 0)
    }
}

impl InstitutionStore {
    /// Makes this institution, which reaches all others, its region and its administrator: all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where it is another institution's; [`StoreError::Conflict`] where something is there.
    pub async fn start_first(&self, first: &FirstStart, by: &Change) -> Result<(), StoreError> {
        const REGION: &str = "INSERT INTO region (id, name) VALUES ($1, $2)";
        const INSTITUTION: &str = "
            INSERT INTO institution (id, region, name, time_zone, reach, language, search)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        const PERSON: &str = "
            INSERT INTO person (id, institution, name, sign_in, language, is_administrator, search, created_at)
            VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7)";
        const CREDENTIAL: &str =
            "INSERT INTO credential (person, institution, password, password_set_at) VALUES ($1, $2, $3, $4)";
        if first.institution.id != self.institution {
            return Err(StoreError::Missing);
        }
        let institution = self.institution.to_string();
        let administrator = &first.administrator;
        changing!(self, by, tx => {
            sqlx::query(REGION)
                .bind(first.region.id.to_string())
                .bind(&first.region.name)
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(INSTITUTION)
                .bind(&institution)
                .bind(first.institution.region.to_string())
                .bind(&first.institution.name)
                .bind(&first.institution.time_zone)
                .bind(Reach::Ministry.word())
                .bind(&first.language)
                .bind(&first.search)
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(PERSON)
                .bind(administrator.id.to_string())
                .bind(&institution)
                .bind(&administrator.name)
                .bind(&administrator.sign_in)
                .bind(&administrator.language)
                .bind(&administrator.search)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(CREDENTIAL)
                .bind(administrator.id.to_string())
                .bind(&institution)
                .bind(&first.password)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }
}
