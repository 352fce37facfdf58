//! Answers to requests that came with a key, so that asking again does nothing twice.

use super::fault::failed;
use super::records::{SecretHash, StoreError};
use super::rows::hex;
use super::{InstitutionStore, Store};
use crate::time::Timestamp;
use sqlx::FromRow;

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    pub status: u16,
    /// Names and values, as JSON.
    pub headers: String,
    pub body: String,
}

/// What is known of a key that somebody sends along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownRequest {
    /// Nothing: the request is to be served, and its key is noted.
    New,
    /// It was served.
    Answered(KeptAnswer),
    /// It is being served, or broke off.
    UnderWay,
    /// The key was sent along with another request.
    Other,
}

#[derive(FromRow)]
struct KnownRow {
    request_hash: String,
    status: Option<i64>,
    headers: Option<String>,
    body: Option<String>,
}

impl InstitutionStore {
    /// Notes a request with its key, or says what is known of it. What was noted before `forgotten` is forgotten.
    pub async fn begin_request(
        &self,
        actor: &str,
        key: &str,
        request: &SecretHash,
        now: Timestamp,
        forgotten: Timestamp,
    ) -> Result<KnownRequest, StoreError> {
        const FORGET: &str = "DELETE FROM idempotent_answer
                              WHERE institution = $1 AND actor = $2 AND idempotency_key = $3 AND created_at < $4";
        const BEGIN: &str = "
            INSERT INTO idempotent_answer (institution, actor, idempotency_key, request_hash, created_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        const KNOWN: &str = "SELECT request_hash, status, headers, body FROM idempotent_answer
                             WHERE institution = $1 AND actor = $2 AND idempotency_key = $3";
        let (institution, hash) = (self.institution.to_string(), hex(request));
        in_transaction!(self, tx => {
            sqlx::query(FORGET)
                .bind(&institution)
                .bind(actor)
                .bind(key)
                .bind(forgotten.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            let begun = sqlx::query(BEGIN)
                .bind(&institution)
                .bind(actor)
                .bind(key)
                .bind(&hash)
                .bind(now.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            if begun.rows_affected() == 1 {
                KnownRequest::New
            } else {
                let known: Option<KnownRow> = sqlx::query_as(KNOWN)
                    .bind(&institution)
                    .bind(actor)
                    .bind(key)
                    .fetch_optional(&mut *tx).await.map_err(failed)?;
                known_request(known, &hash)
            }
        })
    }

    /// Keeps the answer to a request that was begun.
    pub async fn answer_request(&self, actor: &str, key: &str, answer: &KeptAnswer) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE idempotent_answer SET status = $1, headers = $2, body = $3
                           WHERE institution = $4 AND actor = $5 AND idempotency_key = $6";
        writing!(self, on => sqlx::query(SQL)
            .bind(i64::from(answer.status))
            .bind(&answer.headers)
            .bind(&answer.body)
            .bind(self.institution.to_string())
            .bind(actor)
            .bind(key)
            .execute(on))?;
        Ok(())
    }

    /// Forgets a request that changed nothing.
    pub async fn forget_request(&self, actor: &str, key: &str) -> Result<(), StoreError> {
        const SQL: &str =
            "DELETE FROM idempotent_answer WHERE institution = $1 AND actor = $2 AND idempotency_key = $3";
        writing!(self, on => sqlx::query(SQL)
            .bind(self.institution.to_string())
            .bind(actor)
            .bind(key)
            .execute(on))?;
        Ok(())
    }
}

impl Store {
    /// Forgets all requests that were noted before.
    pub async fn forget_requests(&self, before: Timestamp) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM idempotent_answer WHERE created_at < $1";
        writing!(self, on => sqlx::query(SQL).bind(before.micros()).execute(on))
    }
}

fn known_request(known: Option<KnownRow>, request: &str) -> KnownRequest {
    let Some(known) = known else { return KnownRequest::UnderWay };
    if known.request_hash != request {
        return KnownRequest::Other;
    }
    let Some(status) = known.status.and_then(|status| u16::try_from(status).ok()) else {
        return KnownRequest::UnderWay;
    };
    let (headers, body) = (known.headers.unwrap_or_default(), known.body.unwrap_or_default());
    KnownRequest::Answered(KeptAnswer { status, headers, body })
}
