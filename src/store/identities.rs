//! Who somebody is at an OpenID provider.

use super::fault::failed;
use super::records::{Change, StoreError};
use super::rows::{found, id};
use super::{InstitutionStore, Store};
use crate::ids::{InstitutionId, PersonId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// Somebody whose account may be used, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountOf {
    pub institution: InstitutionId,
    pub person: PersonId,
}

/// Who somebody is at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub linked_at: Timestamp,
}

#[derive(FromRow)]
struct AccountRow {
    institution: String,
    person: String,
}

impl TryFrom<AccountRow> for AccountOf {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self { institution: id(&row.institution)?, person: id(&row.person)? })
    }
}

impl Store {
    /// Whose identity it is, where the account may be used.
    pub async fn account_by_identity(&self, issuer: &str, subject: &str) -> Result<Option<AccountOf>, StoreError> {
        const SQL: &str = "
            SELECT identity.institution, identity.person
            FROM identity
            JOIN person ON person.institution = identity.institution AND person.id = identity.person
            JOIN institution ON institution.id = identity.institution
            WHERE identity.issuer = $1 AND identity.subject = $2 AND person.disabled_at IS NULL
              AND person.erased_at IS NULL AND person.merged_into IS NULL AND institution.closed_at IS NULL";
        let row: Option<AccountRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(issuer).bind(subject).fetch_optional(on)).map_err(failed)?;
        row.map(AccountOf::try_from).transpose()
    }

    /// Whose account has this mail address, where it is exactly one's and may be used; capitals do not count.
    pub async fn account_by_mail(&self, mail: &str) -> Result<Option<AccountOf>, StoreError> {
        const SQL: &str = "
            SELECT person.institution, person.id AS person
            FROM person
            JOIN institution ON institution.id = person.institution
            WHERE LOWER(person.mail) = $1 AND person.disabled_at IS NULL AND person.erased_at IS NULL
              AND person.merged_into IS NULL AND institution.closed_at IS NULL
            LIMIT 2";
        let mail = mail.to_ascii_lowercase();
        let rows: Vec<AccountRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(&mail).fetch_all(on)).map_err(failed)?;
        match <[AccountRow; 1]>::try_from(rows) {
            Ok([one]) => AccountOf::try_from(one).map(Some),
            Err(_) => Ok(None),
        }
    }
}

impl InstitutionStore {
    /// Notes who somebody is at a provider.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the identity is somebody's already; [`StoreError::Missing`] where the person is
    /// not of this institution.
    pub async fn link_identity(
        &self,
        person: PersonId,
        issuer: &str,
        subject: &str,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "INSERT INTO identity (issuer, subject, institution, person, linked_at) VALUES ($1, $2, $3, $4, $5)";
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(issuer)
                .bind(subject)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Forgets who somebody is at a provider.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where nothing was known.
    pub async fn unlink_identity(&self, person: PersonId, issuer: &str, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM identity WHERE institution = $1 AND person = $2 AND issuer = $3";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .bind(issuer)
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }

    /// Who somebody is at providers, the oldest first; at most 50.
    pub async fn identities_of(&self, person: PersonId) -> Result<Vec<Identity>, StoreError> {
        const SQL: &str = "SELECT issuer, linked_at FROM identity WHERE institution = $1 AND person = $2
                           ORDER BY linked_at, issuer LIMIT 50";
        let rows: Vec<(String, i64)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        Ok(rows.into_iter().map(|(issuer, at)| Identity { issuer, linked_at: Timestamp(at) }).collect())
    }
}
