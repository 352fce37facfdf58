//! People's calendar feeds, each found by its secret alone.

use crate::ids::{FeedId, InstitutionId, PersonId, RegionId};
use crate::store::fault::failed;
use crate::store::records::{Change, SecretHash, StoreError};
use crate::store::rows::{hex, id};
use crate::store::{InstitutionStore, Store};
use crate::time::Timestamp;
use sqlx::FromRow;

/// A feed that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feed {
    pub id: FeedId,
    pub person: PersonId,
}

/// Whose feed it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedOwner {
    pub person: PersonId,
    pub name: String,
    pub language: Option<String>,
    pub institution: InstitutionId,
    pub institution_name: String,
    pub institution_language: String,
    pub region: RegionId,
    /// IANA name.
    pub time_zone: String,
}

#[derive(FromRow)]
struct OwnerRow {
    person: String,
    name: String,
    language: Option<String>,
    institution: String,
    institution_name: String,
    institution_language: String,
    region: String,
    time_zone: String,
}

impl Store {
    /// Whose calendar feed has this secret, where it was not revoked and their account may be used.
    pub async fn feed_owner(&self, secret: &SecretHash) -> Result<Option<FeedOwner>, StoreError> {
        const SQL: &str = "
            SELECT person.id AS person, person.name, person.language, person.institution,
                   institution.name AS institution_name, institution.language AS institution_language,
                   institution.region, institution.time_zone
            FROM calendar_feed
            JOIN person ON person.institution = calendar_feed.institution AND person.id = calendar_feed.person
            JOIN institution ON institution.id = calendar_feed.institution
            WHERE calendar_feed.secret_hash = $1 AND calendar_feed.revoked_at IS NULL AND person.disabled_at IS NULL
              AND person.erased_at IS NULL AND person.merged_into IS NULL AND institution.closed_at IS NULL";
        let row: Option<OwnerRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(hex(secret)).fetch_optional(on)).map_err(failed)?;
        row.map(|row| {
            Ok(FeedOwner {
                person: id(&row.person)?,
                name: row.name,
                language: row.language,
                institution: id(&row.institution)?,
                institution_name: row.institution_name,
                institution_language: row.institution_language,
                region: id(&row.region)?,
                time_zone: row.time_zone,
            })
        })
        .transpose()
    }
}

impl InstitutionStore {
    /// Since when somebody has a calendar feed.
    pub async fn feed_since(&self, person: PersonId) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "SELECT MAX(created_at) FROM calendar_feed
                           WHERE institution = $1 AND person = $2 AND revoked_at IS NULL";
        let since: Option<i64> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(since.map(Timestamp))
    }

    /// Gives somebody a calendar feed; an older one of theirs ends.
    pub async fn create_feed(&self, feed: &Feed, secret: &SecretHash, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO calendar_feed (id, institution, person, secret_hash, created_at)
                           VALUES ($1, $2, $3, $4, $5)";
        changing!(self, by, tx => {
            sqlx::query(REVOKE)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(feed.person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(SQL)
                .bind(feed.id.to_string())
                .bind(self.institution.to_string())
                .bind(feed.person.to_string())
                .bind(hex(secret))
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Ends somebody's calendar feed, where they have one.
    pub async fn revoke_feed(&self, person: PersonId, by: &Change) -> Result<(), StoreError> {
        changing!(self, by, tx => {
            sqlx::query(REVOKE)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }
}

const REVOKE: &str = "UPDATE calendar_feed SET revoked_at = $1
                      WHERE institution = $2 AND person = $3 AND revoked_at IS NULL";
