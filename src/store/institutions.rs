//! Regions and institutions as their administrators see and change them.

use super::accounts::Reach;
use super::fault::failed;
use super::records::{Change, Region, StoreError};
use super::rollup::move_sums;
use super::rows::{id, unchanged};
use super::{InstitutionStore, Store, search};
use crate::ids::{InstitutionId, RegionId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// Who runs an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InstitutionKind {
    Public,
    Private,
    /// An organisation abroad that trains with those of the country.
    Partner,
}

impl InstitutionKind {
    pub const ALL: [Self; 3] = [Self::Public, Self::Private, Self::Partner];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Partner => "partner",
        }
    }

    /// The kind that this word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// From its first to its last minute since midnight, by the clock on the wall.
pub type OpenMinutes = (u16, u16);

/// An institution with all that its administrators may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionRecord {
    pub id: InstitutionId,
    pub region: RegionId,
    pub name: String,
    pub kind: InstitutionKind,
    pub reach: Reach,
    /// `ar`, `fr` or `en`.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// When lessons may be given: seven weekdays from Monday, absent where it says nothing of that.
    pub opening_hours: Option<[Option<OpenMinutes>; 7]>,
    /// Whether who is in a lesson with the page hidden counts as present.
    pub away_counts: bool,
    pub closed_at: Option<Timestamp>,
    pub version: i64,
}

/// Which institutions are asked for.
#[derive(Clone, Debug, Default)]
pub struct InstitutionFilter {
    /// Those of one region only.
    pub region: Option<RegionId>,
    pub kind: Option<InstitutionKind>,
    /// Only those that are closed, or only those that are not.
    pub closed: Option<bool>,
    pub search: String,
}

#[derive(FromRow)]
struct InstitutionRow {
    id: String,
    region: String,
    name: String,
    kind: String,
    reach: String,
    language: String,
    time_zone: String,
    opening_hours: Option<String>,
    away_counts: bool,
    closed_at: Option<i64>,
    version: i64,
}

impl TryFrom<InstitutionRow> for InstitutionRecord {
    type Error = StoreError;

    fn try_from(row: InstitutionRow) -> Result<Self, StoreError> {
        let unreadable = || StoreError::Unreadable(format!("institution {}", row.id));
        let hours = row.opening_hours.as_deref().map(serde_json::from_str).transpose().map_err(|_| unreadable())?;
        Ok(Self {
            id: id(&row.id)?,
            region: id(&row.region)?,
            kind: InstitutionKind::parse(&row.kind).ok_or_else(unreadable)?,
            reach: Reach::parse(&row.reach)?,
            name: row.name,
            language: row.language,
            time_zone: row.time_zone,
            opening_hours: hours,
            away_counts: row.away_counts,
            closed_at: row.closed_at.map(Timestamp),
            version: row.version,
        })
    }
}

/// A region and how many open institutions it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionRecord {
    pub id: RegionId,
    pub name: String,
    pub institutions: u64,
    pub version: i64,
}

#[derive(FromRow)]
struct RegionRow {
    id: String,
    name: String,
    institutions: i64,
    version: i64,
}

impl TryFrom<RegionRow> for RegionRecord {
    type Error = StoreError;

    fn try_from(row: RegionRow) -> Result<Self, StoreError> {
        let institutions = u64::try_from(row.institutions).unwrap_or_default();
        Ok(Self { id: id(&row.id)?, name: row.name, institutions, version: row.version })
    }
}

impl Store {
    /// At most `limit` institutions in the order of their names, after the one with this name and id.
    pub async fn institutions(
        &self,
        filter: &InstitutionFilter,
        after: Option<(String, String)>,
        limit: u32,
    ) -> Result<Vec<InstitutionRecord>, StoreError> {
        const SQL: &str = "
            SELECT id, region, name, kind, reach, language, time_zone, opening_hours, away_counts, closed_at,
                   version
            FROM institution
            WHERE (name, id) > ($1, $2) AND ($3 = '' OR region = $3) AND ($4 = '' OR kind = $4)
              AND ($5 = '' OR ($5 = 'closed') = (closed_at IS NOT NULL))
              AND ' ' || search LIKE $6 AND ' ' || search LIKE $7 AND ' ' || search LIKE $8 AND ' ' || search LIKE $9
            ORDER BY name, id LIMIT $10";
        let (name, last) = after.unwrap_or_default();
        let [first, second, third, fourth] = search::patterns(&filter.search);
        let closed = filter.closed.map_or("", |closed| if closed { "closed" } else { "open" });
        let rows: Vec<InstitutionRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(&name)
            .bind(&last)
            .bind(filter.region.map(|region| region.to_string()).unwrap_or_default())
            .bind(filter.kind.map_or("", InstitutionKind::word))
            .bind(closed)
            .bind(&first)
            .bind(&second)
            .bind(&third)
            .bind(&fourth)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(InstitutionRecord::try_from).collect()
    }

    /// Where an institution stands: its region, and how far it reaches itself.
    pub async fn standing_of(&self, institution: InstitutionId) -> Result<Option<(RegionId, Reach)>, StoreError> {
        const SQL: &str = "SELECT region, reach FROM institution WHERE id = $1";
        let row: Option<(String, String)> =
            reading!(self, on => sqlx::query_as(SQL).bind(institution.to_string()).fetch_optional(on))
                .map_err(failed)?;
        row.map(|(region, reach)| Ok((id(&region)?, Reach::parse(&reach)?))).transpose()
    }

    /// Every region, in the order of names.
    pub async fn regions(&self) -> Result<Vec<RegionRecord>, StoreError> {
        const SQL: &str = "
            SELECT region.id, region.name, region.version, COUNT(institution.id) AS institutions
            FROM region LEFT JOIN institution ON institution.region = region.id AND institution.closed_at IS NULL
            GROUP BY region.id, region.name, region.version ORDER BY region.name, region.id";
        let rows: Vec<RegionRow> = reading!(self, on => sqlx::query_as(SQL).fetch_all(on)).map_err(failed)?;
        rows.into_iter().map(RegionRecord::try_from).collect()
    }
}

impl InstitutionStore {
    /// The institution itself.
    pub async fn itself(&self) -> Result<Option<InstitutionRecord>, StoreError> {
        const SQL: &str =
            "SELECT id, region, name, kind, reach, language, time_zone, opening_hours, away_counts, closed_at,
                   version
                           FROM institution WHERE id = $1";
        let row: Option<InstitutionRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_optional(on))
                .map_err(failed)?;
        row.map(InstitutionRecord::try_from).transpose()
    }

    /// Founds the institution whose store this is; its audit log begins with that.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id is there already; [`StoreError::Missing`] where the region is not.
    pub async fn found(&self, wanted: &InstitutionRecord, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO institution (id, region, name, kind, reach, language, time_zone, opening_hours,
                                                    search, away_counts)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let hours = hours_column(wanted);
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(wanted.region.to_string())
                .bind(&wanted.name)
                .bind(wanted.kind.word())
                .bind(wanted.reach.word())
                .bind(&wanted.language)
                .bind(&wanted.time_zone)
                .bind(&hours)
                .bind(search::key([wanted.name.as_str()]))
                .bind(wanted.away_counts)
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Writes what `wanted` says over the version that it names.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where its region is not there.
    pub async fn change_itself(&self, wanted: &InstitutionRecord, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE institution SET region = $1, name = $2, kind = $3, reach = $4, language = $5,
                               time_zone = $6, opening_hours = $7, search = $8, closed_at = $9, away_counts = $10, version = version + 1
                           WHERE id = $11 AND version = $12";
        const VERSION: &str = "SELECT version FROM institution WHERE id = $1";
        const BEFORE: &str = "SELECT region, time_zone, away_counts FROM institution WHERE id = $1";
        // What was planned in a zone of its own, and sealed under the rule of its day, stays as it was counted.
        const ANEW: &str = "UPDATE lesson SET counted = FALSE
                            WHERE institution = $1 AND counted AND (time_zone IS NULL OR NOT EXISTS
                                (SELECT 1 FROM ledger WHERE ledger.institution = $1 AND ledger.lesson = lesson.id))";
        let hours = hours_column(wanted);
        changing!(self, by, tx => {
            let before: Option<(String, String, bool)> = sqlx::query_as(BEFORE)
                .bind(self.institution.to_string())
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            let changed = sqlx::query(SQL)
                .bind(wanted.region.to_string())
                .bind(&wanted.name)
                .bind(wanted.kind.word())
                .bind(wanted.reach.word())
                .bind(&wanted.language)
                .bind(&wanted.time_zone)
                .bind(&hours)
                .bind(search::key([wanted.name.as_str()]))
                .bind(wanted.closed_at.map(Timestamp::micros))
                .bind(wanted.away_counts)
                .bind(self.institution.to_string())
                .bind(wanted.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(self.institution.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
            let Some((region, zone, away_counts)) = before else { return Err(StoreError::Missing) };
            if (zone.as_str(), away_counts) != (wanted.time_zone.as_str(), wanted.away_counts) {
                sqlx::query(ANEW).bind(self.institution.to_string()).execute(&mut *tx).await.map_err(failed)?;
            }
            let to = wanted.region.to_string();
            if region != to {
                move_sums(&mut *tx, &self.institution.to_string(), &region, &to).await?;
            }
        })
    }

    /// Makes a region; the log of this institution, a ministry's, says so.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id is there already.
    pub async fn add_region(&self, region: &Region, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO region (id, name) VALUES ($1, $2)";
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(region.id.to_string())
                .bind(&region.name)
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Names a region anew.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn change_region(&self, region: &Region, version: i64, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE region SET name = $1, version = version + 1 WHERE id = $2 AND version = $3";
        const VERSION: &str = "SELECT version FROM region WHERE id = $1";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&region.name)
                .bind(region.id.to_string())
                .bind(version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(region.id.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
        })
    }
}

fn hours_column(institution: &InstitutionRecord) -> Option<String> {
    institution.opening_hours.as_ref().and_then(|hours| serde_json::to_string(hours).ok())
}
