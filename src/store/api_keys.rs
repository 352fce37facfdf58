//! What other programs sign in with.

use super::fault::failed;
use super::records::{Change, SecretHash, StoreError};
use super::rows::{found, hex, id};
use super::{InstitutionStore, Store};
use crate::ids::{ApiKeyId, InstitutionId, PersonId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// A key that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiKey {
    pub id: ApiKeyId,
    pub name: String,
    /// What it may do, each as its word.
    pub scopes: Vec<String>,
    pub created_by: PersonId,
    pub expires_at: Option<Timestamp>,
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub institution: InstitutionId,
    pub name: String,
    pub scopes: Vec<String>,
    pub created_by: PersonId,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// To some minutes.
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it opens anything at this time.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|until| now < until)
    }
}

#[derive(FromRow)]
struct ApiKeyRow {
    id: String,
    institution: String,
    name: String,
    scopes: String,
    created_by: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            institution: id(&row.institution)?,
            name: row.name,
            scopes: row.scopes.split(' ').map(str::to_owned).collect(),
            created_by: id(&row.created_by)?,
            created_at: Timestamp(row.created_at),
            expires_at: row.expires_at.map(Timestamp),
            last_used_at: row.last_used_at.map(Timestamp),
            revoked_at: row.revoked_at.map(Timestamp),
        })
    }
}

impl Store {
    /// The key with this secret, revoked and expired ones included; absent where its institution is closed.
    pub async fn api_key_by_secret(&self, secret: &SecretHash) -> Result<Option<ApiKey>, StoreError> {
        const SQL: &str = "
            SELECT api_key.id, api_key.institution, api_key.name, api_key.scopes, api_key.created_by,
                   api_key.created_at, api_key.expires_at, api_key.last_used_at, api_key.revoked_at
            FROM api_key
            JOIN institution ON institution.id = api_key.institution
            WHERE api_key.secret_hash = $1 AND institution.closed_at IS NULL";
        let row: Option<ApiKeyRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(hex(secret)).fetch_optional(on)).map_err(failed)?;
        row.map(ApiKey::try_from).transpose()
    }
}

impl InstitutionStore {
    /// Makes a key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id or the secret is there already.
    pub async fn create_api_key(&self, key: &NewApiKey, secret: &SecretHash, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO api_key (id, institution, name, secret_hash, scopes, created_by, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(key.id.to_string())
                .bind(self.institution.to_string())
                .bind(&key.name)
                .bind(hex(secret))
                .bind(key.scopes.join(" "))
                .bind(key.created_by.to_string())
                .bind(by.at.micros())
                .bind(key.expires_at.map(Timestamp::micros))
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// At most `limit` keys in the order in which they were made, after the one that was made then and has this id;
    /// revoked and expired ones included.
    pub async fn api_keys(&self, after: Option<(i64, String)>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
        const SQL: &str = "
            SELECT id, institution, name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at
            FROM api_key WHERE institution = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4";
        let (at, last) = after.unwrap_or((i64::MIN, String::new()));
        let rows: Vec<ApiKeyRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(at)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    /// Ends a key at once; it stays ended since the first time.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where it is not of this institution.
    pub async fn revoke_api_key(&self, key: ApiKeyId, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE api_key SET revoked_at = COALESCE(revoked_at, $1) WHERE institution = $2 AND id = $3";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(key.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }

    /// Notes that a key was used.
    pub async fn touch_api_key(&self, key: ApiKeyId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE api_key SET last_used_at = $1 WHERE institution = $2 AND id = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(self.institution.to_string())
            .bind(key.to_string())
            .execute(on))?;
        found(changed)
    }
}
