//! Links by which somebody sets their password: after an invitation to an account, or when it was forgotten.

use super::fault::failed;
use super::records::{Change, SecretHash, StoreError};
use super::rows::{hex, id};
use super::{InstitutionStore, Store};
use crate::ids::{AccountLinkId, InstitutionId, PersonId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// A link that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAccountLink {
    pub id: AccountLinkId,
    pub person: PersonId,
    pub expires_at: Timestamp,
}

/// A link, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLink {
    pub id: AccountLinkId,
    pub institution: InstitutionId,
    pub institution_name: String,
    pub person: PersonId,
    pub name: String,
    pub sign_in: Option<String>,
    pub expires_at: Timestamp,
    /// When it was used, or replaced by a newer one.
    pub used_at: Option<Timestamp>,
}

impl AccountLink {
    /// Whether a password can be set by it at this time.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}

#[derive(FromRow)]
struct AccountLinkRow {
    id: String,
    institution: String,
    institution_name: String,
    person: String,
    name: String,
    sign_in: Option<String>,
    expires_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<AccountLinkRow> for AccountLink {
    type Error = StoreError;

    fn try_from(row: AccountLinkRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            institution: id(&row.institution)?,
            institution_name: row.institution_name,
            person: id(&row.person)?,
            name: row.name,
            sign_in: row.sign_in,
            expires_at: Timestamp(row.expires_at),
            used_at: row.used_at.map(Timestamp),
        })
    }
}

impl Store {
    /// The link with this secret, used and expired ones included; absent where the account may not be used (any more).
    pub async fn account_link_by_secret(&self, secret: &SecretHash) -> Result<Option<AccountLink>, StoreError> {
        const SQL: &str = "
            SELECT account_link.id, account_link.institution, institution.name AS institution_name, account_link.person,
                   person.name, person.sign_in, account_link.expires_at, account_link.used_at
            FROM account_link
            JOIN person ON person.institution = account_link.institution AND person.id = account_link.person
            JOIN institution ON institution.id = account_link.institution
            WHERE account_link.secret_hash = $1 AND person.disabled_at IS NULL AND person.erased_at IS NULL
              AND person.merged_into IS NULL AND institution.closed_at IS NULL";
        let row: Option<AccountLinkRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(hex(secret)).fetch_optional(on)).map_err(failed)?;
        row.map(AccountLink::try_from).transpose()
    }
}

impl InstitutionStore {
    /// Makes a link by which somebody sets their password, once; links of theirs from before are good no more.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the person is not of this institution.
    pub async fn create_account_link(
        &self,
        link: &NewAccountLink,
        secret: &SecretHash,
        by: &Change,
    ) -> Result<(), StoreError> {
        const REPLACE: &str =
            "UPDATE account_link SET used_at = $1 WHERE institution = $2 AND person = $3 AND used_at IS NULL";
        const INSERT: &str = "INSERT INTO account_link (id, institution, person, secret_hash, created_at, expires_at)
                              VALUES ($1, $2, $3, $4, $5, $6)";
        changing!(self, by, tx => {
            sqlx::query(REPLACE)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(link.person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(INSERT)
                .bind(link.id.to_string())
                .bind(self.institution.to_string())
                .bind(link.person.to_string())
                .bind(hex(secret))
                .bind(by.at.micros())
                .bind(link.expires_at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Sets the password of a link's person (`password` is a PHC string), ends all their sessions, and uses the link up.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where the link was used meanwhile, or holds no more.
    pub async fn accept_account_link(
        &self,
        link: AccountLinkId,
        person: PersonId,
        password: &str,
        by: &Change,
    ) -> Result<(), StoreError> {
        const USE: &str = "UPDATE account_link SET used_at = $1
                           WHERE institution = $2 AND id = $3 AND person = $4 AND used_at IS NULL AND expires_at > $1";
        const PASSWORD: &str = "
            INSERT INTO credential (person, institution, password, password_set_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (person) DO UPDATE SET password = excluded.password, password_set_at = excluded.password_set_at";
        const SESSIONS: &str = "UPDATE session SET revoked_at = $1
                                WHERE institution = $2 AND person = $3 AND revoked_at IS NULL";
        changing!(self, by, tx => {
            let used = sqlx::query(USE)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(link.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            if used.rows_affected() == 0 {
                return Err(StoreError::Stale);
            }
            sqlx::query(PASSWORD)
                .bind(person.to_string())
                .bind(self.institution.to_string())
                .bind(password)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(SESSIONS)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }
}
