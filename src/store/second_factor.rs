//! Second factors: the shared secret of an authenticator app, and codes that stand in for a lost device.

use super::InstitutionStore;
use super::accounts::{Credential, CredentialRow};
use super::fault::failed;
use super::records::{Change, StoreError};
use super::rows::found;
use crate::ids::{PersonId, SessionId};
use crate::time::Timestamp;

impl InstitutionStore {
    /// What somebody who signed in already is checked against.
    pub async fn credential(&self, person: PersonId) -> Result<Option<Credential>, StoreError> {
        const SQL: &str = "
            SELECT credential.person, credential.institution, credential.password, credential.totp,
                   credential.totp_step, person.sign_in
            FROM credential
            JOIN person ON person.institution = credential.institution AND person.id = credential.person
            WHERE credential.institution = $1 AND credential.person = $2";
        let row: Option<CredentialRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Credential::try_from).transpose()
    }

    /// Keeps a secret that somebody's app does not have yet.
    pub async fn begin_second_factor(&self, person: PersonId, secret: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE credential SET totp_pending = $1 WHERE institution = $2 AND person = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(secret)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .execute(on))?;
        found(changed)
    }

    /// The secret that is not confirmed yet.
    pub async fn pending_second_factor(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT totp_pending FROM credential WHERE institution = $1 AND person = $2";
        let pending: Option<Option<String>> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        Ok(pending.flatten())
    }

    /// Puts the pending secret in force: its code of `step` was given in this session. `recovery` are the hashes of the
    /// codes that stand in for it, as JSON.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where another secret is pending by now.
    pub async fn confirm_second_factor(
        &self,
        person: PersonId,
        session: SessionId,
        secret: &str,
        step: i64,
        recovery: &str,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE credential SET totp = totp_pending, totp_pending = NULL, totp_step = $1, recovery = $2
                           WHERE institution = $3 AND person = $4 AND totp_pending = $5";
        const SESSION: &str =
            "UPDATE session SET second_factor_at = $1 WHERE id = $2 AND person = $3 AND institution = $4";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(step)
                .bind(recovery)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .bind(secret)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(StoreError::Stale);
            }
            sqlx::query(SESSION)
                .bind(by.at.micros())
                .bind(session.to_string())
                .bind(person.to_string())
                .bind(self.institution.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Takes somebody's second factor away, and with it the codes that stand in for it.
    pub async fn remove_second_factor(&self, person: PersonId, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE credential SET totp = NULL, totp_pending = NULL, recovery = NULL
                           WHERE institution = $1 AND person = $2";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }

    /// Uses the code of a step up; false where it, or a newer one, was used.
    pub async fn use_second_factor(&self, person: PersonId, step: i64) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE credential SET totp_step = $1
                           WHERE institution = $2 AND person = $3 AND totp IS NOT NULL AND totp_step < $1";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(step)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .execute(on))?;
        Ok(changed > 0)
    }

    /// The hashes of the codes that stand in for a lost device, as they were written.
    pub async fn recovery_codes(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT recovery FROM credential WHERE institution = $1 AND person = $2";
        let codes: Option<Option<String>> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        Ok(codes.flatten())
    }

    /// Writes the codes that are left over those that were read; false where they are others by now.
    pub async fn replace_recovery_codes(
        &self,
        person: PersonId,
        before: &str,
        after: &str,
        by: &Change,
    ) -> Result<bool, StoreError> {
        match self.write_recovery_codes(person, before, after, by).await {
            Ok(()) => Ok(true),
            Err(StoreError::Stale) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn write_recovery_codes(
        &self,
        person: PersonId,
        before: &str,
        after: &str,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE credential SET recovery = $1 WHERE institution = $2 AND person = $3 AND recovery = $4";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(after)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .bind(before)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(StoreError::Stale);
            }
        })
    }

    /// Notes that the second factor was given in a session.
    pub async fn note_second_factor(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET second_factor_at = $1 WHERE id = $2 AND institution = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(session.to_string())
            .bind(self.institution.to_string())
            .execute(on))?;
        found(changed)
    }
}
