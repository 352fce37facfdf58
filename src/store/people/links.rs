//! Links by which people set their password, once.

use super::super::InstitutionStore;
use super::super::account_links::NewAccountLink;
use super::super::fault::failed;
use super::super::mail::{MailQueue, NewMail};
use super::super::records::{Change, SecretHash, StoreError};
use super::super::rows::hex;

impl InstitutionStore {
    /// Makes a link for somebody whose account may be used; those that they got before open nothing any more. The mail
    /// that brings it is queued with it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the account is not there, disabled, erased or merged.
    pub async fn create_account_link(
        &self,
        link: &NewAccountLink,
        secret: &SecretHash,
        mail: Option<&NewMail>,
        by: &Change,
    ) -> Result<(), StoreError> {
        const OPEN: &str = "SELECT COUNT(*) FROM person WHERE institution = $1 AND id = $2 AND disabled_at IS NULL
                            AND erased_at IS NULL AND merged_into IS NULL";
        const EARLIER: &str = "UPDATE account_link SET used_at = $3
                               WHERE institution = $1 AND person = $2 AND used_at IS NULL";
        const LINK: &str = "INSERT INTO account_link (id, institution, person, secret_hash, created_at, expires_at)
                            VALUES ($1, $2, $3, $4, $5, $6)";
        let (institution, person) = (self.institution.to_string(), link.person.to_string());
        changing!(self, by, tx => {
            let open: i64 = sqlx::query_scalar(OPEN)
                .bind(&institution)
                .bind(&person)
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if open == 0 {
                return Err(StoreError::Missing);
            }
            sqlx::query(EARLIER)
                .bind(&institution)
                .bind(&person)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(LINK)
                .bind(link.id.to_string())
                .bind(&institution)
                .bind(&person)
                .bind(hex(secret))
                .bind(by.at.micros())
                .bind(link.expires_at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            if let Some(mail) = mail {
                MailQueue::queue(&mut *tx, &institution, mail).await?;
            }
        })
    }
}
