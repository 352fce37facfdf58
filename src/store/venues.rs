//! Where lessons take place that are not only at a distance.

use super::InstitutionStore;
use super::fault::failed;
use super::records::{Change, StoreError};
use super::rows::{id, unchanged};
use crate::ids::VenueId;
use sqlx::FromRow;

/// A workshop, a hall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Venue {
    pub id: VenueId,
    pub name: String,
    /// How many people it holds.
    pub capacity: u32,
    /// From 1 up, one more with each change.
    pub version: i64,
}

#[derive(FromRow)]
struct VenueRow {
    id: String,
    name: String,
    capacity: i64,
    version: i64,
}

impl TryFrom<VenueRow> for Venue {
    type Error = StoreError;

    fn try_from(row: VenueRow) -> Result<Self, StoreError> {
        let capacity = u32::try_from(row.capacity).map_err(|_| StoreError::Unreadable("a venue's capacity".into()))?;
        Ok(Self { id: id(&row.id)?, name: row.name, capacity, version: row.version })
    }
}

impl InstitutionStore {
    /// At most `limit` venues in the order of their names, after the one with this name and id.
    pub async fn venues(&self, after: Option<(String, String)>, limit: u32) -> Result<Vec<Venue>, StoreError> {
        const SQL: &str = "SELECT id, name, capacity, version FROM venue
                           WHERE institution = $1 AND archived_at IS NULL AND (name, id) > ($2, $3)
                           ORDER BY name, id LIMIT $4";
        let (name, last) = after.unwrap_or_default();
        let rows: Vec<VenueRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(&name)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Venue::try_from).collect()
    }

    pub async fn venue(&self, venue: VenueId) -> Result<Option<Venue>, StoreError> {
        const SQL: &str = "SELECT id, name, capacity, version FROM venue
                           WHERE institution = $1 AND id = $2 AND archived_at IS NULL";
        let row: Option<VenueRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(venue.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Venue::try_from).transpose()
    }

    /// # Errors
    /// [`StoreError::Conflict`] where the id is there already.
    pub async fn create_venue(&self, venue: &Venue, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO venue (id, institution, name, capacity) VALUES ($1, $2, $3, $4)";
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(venue.id.to_string())
                .bind(self.institution.to_string())
                .bind(&venue.name)
                .bind(i64::from(venue.capacity))
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Writes what `venue` says over the version that it names.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn change_venue(&self, venue: &Venue, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE venue SET name = $1, capacity = $2, version = version + 1
                           WHERE institution = $3 AND id = $4 AND version = $5 AND archived_at IS NULL";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&venue.name)
                .bind(i64::from(venue.capacity))
                .bind(self.institution.to_string())
                .bind(venue.id.to_string())
                .bind(venue.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(self.institution.to_string())
                    .bind(venue.id.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
        })
    }

    /// Takes a venue out of use; lessons that were planned there keep its name.
    ///
    /// # Errors
    /// As [`InstitutionStore::change_venue`].
    pub async fn archive_venue(&self, venue: VenueId, version: i64, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE venue SET archived_at = $1, version = version + 1
                           WHERE institution = $2 AND id = $3 AND version = $4 AND archived_at IS NULL";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(venue.to_string())
                .bind(version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(self.institution.to_string())
                    .bind(venue.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
        })
    }
}

const VERSION: &str = "SELECT version FROM venue WHERE institution = $1 AND id = $2 AND archived_at IS NULL";
