//! The seal of a lesson that is over.

use super::super::fault::failed;
use super::super::records::StoreError;
use crate::attendance::ledger::{Draft, KeySeed, Sealed, SigningKey, seal};
use crate::ids::LessonId;
use crate::time::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

/// What a lesson is sealed with.
pub struct Sealing {
    pub draft: Draft,
    /// For the institution's key, where it has none yet.
    pub seed: KeySeed,
}

/// A connection within a transaction that seals.
pub(in crate::store) trait Seals {
    /// Keeps others who would make a key of this institution waiting until the transaction ends.
    async fn lock_keys(&mut self, institution: &str) -> Result<(), StoreError>;
    /// The seed of the key that is in use.
    async fn seed_in_use(&mut self, institution: &str) -> Result<Option<String>, StoreError>;
    async fn keep_key(
        &mut self,
        institution: &str,
        key: &SigningKey,
        seed: &KeySeed,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// The parts of a lesson's ledger, in order.
    async fn parts(&mut self, institution: &str, lesson: &str) -> Result<Vec<String>, StoreError>;
    async fn append_part(
        &mut self,
        institution: &str,
        lesson: &str,
        number: i64,
        sealed: &Sealed,
    ) -> Result<(), StoreError>;
}

macro_rules! seals {
    ($connection:ty, lock $lock:block with $this:ident, $institution:ident) => {
        impl Seals for $connection {
            async fn lock_keys(&mut self, $institution: &str) -> Result<(), StoreError> {
                let $this = self;
                $lock
            }

            async fn seed_in_use(&mut self, institution: &str) -> Result<Option<String>, StoreError> {
                const SQL: &str = "SELECT seed FROM signing_key WHERE institution = $1 AND retired_at IS NULL";
                sqlx::query_scalar(SQL).bind(institution).fetch_optional(self).await.map_err(failed)
            }

            async fn keep_key(
                &mut self,
                institution: &str,
                key: &SigningKey,
                seed: &KeySeed,
                at: Timestamp,
            ) -> Result<(), StoreError> {
                const SQL: &str = "INSERT INTO signing_key (institution, name, public_key, seed, created_at)
                                   VALUES ($1, $2, $3, $4, $5)";
                let public = key.public();
                let query = sqlx::query(SQL)
                    .bind(institution)
                    .bind(public.name().to_string())
                    .bind(public.0.to_string())
                    .bind(seed.text())
                    .bind(at.micros());
                query.execute(self).await.map(|_| ()).map_err(failed)
            }

            async fn parts(&mut self, institution: &str, lesson: &str) -> Result<Vec<String>, StoreError> {
                const SQL: &str = "SELECT text FROM ledger WHERE institution = $1 AND lesson = $2 ORDER BY number";
                sqlx::query_scalar(SQL).bind(institution).bind(lesson).fetch_all(self).await.map_err(failed)
            }

            async fn append_part(
                &mut self,
                institution: &str,
                lesson: &str,
                number: i64,
                sealed: &Sealed,
            ) -> Result<(), StoreError> {
                const SQL: &str = "INSERT INTO ledger (institution, lesson, number, at, text, hash, key)
                                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
                let query = sqlx::query(SQL)
                    .bind(institution)
                    .bind(lesson)
                    .bind(number)
                    .bind(sealed.seal.at.micros())
                    .bind(&sealed.text)
                    .bind(sealed.hash.to_string())
                    .bind(sealed.seal.key.to_string());
                query.execute(self).await.map(|_| ()).map_err(failed)
            }
        }
    };
}

// SQLite has one writer at a time anyway.
seals!(SqliteConnection, lock { let _ = (this, institution); Ok(()) } with this, institution);
seals!(PgConnection, lock {
    let lock = sqlx::query("SELECT pg_advisory_xact_lock(2, hashtext($1))").bind(institution);
    lock.execute(this).await.map(|_| ()).map_err(failed)
} with this, institution);

/// The institution's key, made of `seed` where it has none.
pub(super) async fn key_in_use(
    connection: &mut impl Seals,
    institution: &str,
    seed: &KeySeed,
    at: Timestamp,
) -> Result<SigningKey, StoreError> {
    let unreadable = |_| StoreError::Unreadable("a signing key".into());
    connection.lock_keys(institution).await?;
    if let Some(kept) = connection.seed_in_use(institution).await? {
        return KeySeed::parse(&kept).and_then(|seed| seed.key()).map_err(unreadable);
    }
    let key = seed.key().map_err(unreadable)?;
    connection.keep_key(institution, &key, seed, at).await?;
    Ok(key)
}

/// Seals a lesson within the transaction that settles it.
pub(in crate::store) async fn seal_lesson(
    connection: &mut impl Seals,
    institution: &str,
    lesson: LessonId,
    sealing: &Sealing,
    at: Timestamp,
) -> Result<(), StoreError> {
    let key = key_in_use(connection, institution, &sealing.seed, at).await?;
    let sealed = seal(&sealing.draft, &key, at);
    connection.append_part(institution, &lesson.to_string(), 1, &sealed).await
}
