//! The sessions of people who signed in: where they are signed in, and how that ends.

use super::fault::failed;
use super::records::{SecretHash, StoreError};
use super::rows::{found, hex, id};
use super::{InstitutionStore, Store};
use crate::ids::{PersonId, SessionId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// How many sessions of one person are listed; the oldest beyond them are not.
const LISTED_MAX: i64 = 100;

/// Somebody's session in one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSession {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// What the browser says of itself.
    pub browser: String,
}

#[derive(FromRow)]
struct MemberSessionRow {
    id: String,
    created_at: i64,
    expires_at: i64,
    last_seen_at: i64,
    browser: String,
}

impl TryFrom<MemberSessionRow> for MemberSession {
    type Error = StoreError;

    fn try_from(row: MemberSessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            last_seen_at: Timestamp(row.last_seen_at),
            browser: row.browser,
        })
    }
}

impl Store {
    /// Gives a new session the places that a guest's session in the same browser held, and ends that one. The session
    /// of somebody who signed in is ended without: who signs in next may be another person.
    pub async fn replace_session(&self, old: &SecretHash, new: SessionId, at: Timestamp) -> Result<(), StoreError> {
        const PLACES: &str = "
            UPDATE place SET session = $1
            WHERE session = (SELECT id FROM session
                             WHERE secret_hash = $2 AND person IS NULL AND revoked_at IS NULL AND expires_at > $3)";
        const END: &str = "UPDATE session SET revoked_at = COALESCE(revoked_at, $1) WHERE secret_hash = $2";
        let hash = hex(old);
        in_transaction!(self, tx => {
            sqlx::query(PLACES)
                .bind(new.to_string())
                .bind(&hash)
                .bind(at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(END).bind(at.micros()).bind(&hash).execute(&mut *tx).await.map_err(failed)?;
        })
    }
}

impl InstitutionStore {
    /// Somebody's sessions that are good now, the newest first.
    pub async fn sessions_of(&self, person: PersonId, now: Timestamp) -> Result<Vec<MemberSession>, StoreError> {
        const SQL: &str = "
            SELECT id, created_at, expires_at, COALESCE(last_seen_at, created_at) AS last_seen_at,
                   COALESCE(browser, '') AS browser
            FROM session
            WHERE person = $1 AND institution = $2 AND expires_at > $3 AND revoked_at IS NULL
            ORDER BY expires_at DESC, id LIMIT $4";
        let rows: Vec<MemberSessionRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(person.to_string())
            .bind(self.institution.to_string())
            .bind(now.micros())
            .bind(LISTED_MAX)
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(MemberSession::try_from).collect()
    }

    /// Notes that somebody's session was used.
    pub async fn touch_session(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET last_seen_at = $1 WHERE id = $2 AND institution = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(session.to_string())
            .bind(self.institution.to_string())
            .execute(on))?;
        found(changed)
    }

    /// Ends one session of somebody's.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where it is not theirs.
    pub async fn end_session_of(&self, person: PersonId, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET revoked_at = COALESCE(revoked_at, $1)
                           WHERE id = $2 AND person = $3 AND institution = $4";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(session.to_string())
            .bind(person.to_string())
            .bind(self.institution.to_string())
            .execute(on))?;
        found(changed)
    }

    /// Ends all sessions of somebody's but one (all where it is absent).
    pub async fn end_sessions_of(
        &self,
        person: PersonId,
        but: Option<SessionId>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET revoked_at = $1
                           WHERE person = $2 AND institution = $3 AND revoked_at IS NULL AND id <> $4";
        writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(person.to_string())
            .bind(self.institution.to_string())
            .bind(but.map(|session| session.to_string()).unwrap_or_default())
            .execute(on))?;
        Ok(())
    }
}
