//! How long an institution keeps what it knows of people, and deleting what is older.
//!
//! Owns that deleting goes in small steps, each a transaction that leaves nothing half read: a lesson is marked before its
//! first row goes, and rows are counted in the transaction that deletes them. A server that is killed goes on where it
//! stopped, and the audit log is told of every row once. Sums of lessons are not touched: they name no trainees.

mod chain;
mod lessons;
mod others;

pub use lessons::LessonDeleted;

use super::fault::failed;
use super::records::{Change, ChangedBy, StoreError};
use super::rows::{id, unchanged};
use super::{InstitutionStore, Store};
use crate::ids::InstitutionId;
use crate::retention::{Kind, Period, Periods};
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// What an institution says of how long it keeps what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    pub periods: Periods,
    /// Trainees count as minors where their group says nothing of it.
    pub minors: bool,
    pub version: i64,
}

/// When an institution's records were looked through last, or when they will be first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRun {
    pub institution: InstitutionId,
    /// IANA name.
    pub time_zone: String,
    pub last: Option<Timestamp>,
}

/// How many rows went, by the kind of record: only kinds of which some did.
pub type Gone = BTreeMap<Kind, u64>;

impl Store {
    /// Every institution, and when its records were looked through.
    pub async fn retention_runs(&self) -> Result<Vec<RetentionRun>, StoreError> {
        const SQL: &str = "SELECT id, time_zone, retention_run_at FROM institution ORDER BY id";
        let rows: Vec<(String, String, Option<i64>)> =
            reading!(self, on => sqlx::query_as(SQL).fetch_all(on)).map_err(failed)?;
        let run = |(institution, time_zone, last): (String, String, Option<i64>)| {
            Ok(RetentionRun { institution: id(&institution)?, time_zone, last: last.map(Timestamp) })
        };
        rows.into_iter().map(run).collect()
    }
}

impl InstitutionStore {
    /// What the institution says; absent where it is not there.
    pub async fn retention(&self) -> Result<Option<Retention>, StoreError> {
        const SQL: &str = "SELECT retention, minors, retention_version FROM institution WHERE id = $1";
        let row: Option<(Option<String>, bool, i64)> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_optional(on))
                .map_err(failed)?;
        let Some((said, minors, version)) = row else { return Ok(None) };
        let said: BTreeMap<String, (u16, u16)> = match said {
            Some(text) => serde_json::from_str(&text)
                .map_err(|_| StoreError::Unreadable(format!("the periods of institution {}", self.institution)))?,
            None => BTreeMap::new(),
        };
        let said = said.iter().filter_map(|(word, (days, minors_days))| {
            Some((Kind::parse(word)?, Period { days: *days, minors_days: *minors_days }))
        });
        Ok(Some(Retention { periods: Periods::kept(said), minors, version }))
    }

    /// Writes what `wanted` says over the version that it names.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where there is no institution.
    pub async fn change_retention(&self, wanted: &Retention, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE institution
                           SET retention = $1, minors = $2, retention_version = retention_version + 1
                           WHERE id = $3 AND retention_version = $4";
        const VERSION: &str = "SELECT retention_version FROM institution WHERE id = $1";
        let said: BTreeMap<&str, (u16, u16)> =
            wanted.periods.said().map(|(kind, period)| (kind.word(), (period.days, period.minors_days))).collect();
        let said = serde_json::to_string(&said).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&said)
                .bind(wanted.minors)
                .bind(self.institution.to_string())
                .bind(wanted.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(self.institution.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
        })
    }

    /// How much would go by these periods: lessons that were given, where the kind is a lesson's, else rows.
    pub async fn retention_due(&self, by: &Retention, now: Timestamp) -> Result<Gone, StoreError> {
        let mut due = Gone::new();
        for kind in Kind::ALL {
            let count = match kind {
                Kind::Room | Kind::Attendance | Kind::Quality => self.lessons_due(kind, by, now).await?,
                Kind::Audit => self.entries_due(by, now).await?,
                Kind::Alarms | Kind::Applications | Kind::Mail | Kind::Deliveries => {
                    self.rows_due(kind, by, now).await?
                }
            };
            if count > 0 {
                due.insert(kind, count);
            }
        }
        Ok(due)
    }

    /// Deletes all that is older than the institution keeps it, in small steps with `pause` between them, in which
    /// others write; then tells the audit log how many rows went since it was told last, where any did.
    ///
    /// # Errors
    /// Where the store fails; what went by then is gone, and is told by the next run.
    pub async fn apply_retention(&self, now: Timestamp, pause: Duration) -> Result<Gone, StoreError> {
        let Some(by) = self.retention().await? else { return Ok(Gone::new()) };
        for kind in Kind::ALL {
            while self.delete_some(kind, &by, now).await? {
                tokio::time::sleep(pause).await;
            }
        }
        while self.delete_spent(now).await? {
            tokio::time::sleep(pause).await;
        }
        self.end_retention_run(now).await
    }

    /// One step; whether there may be more.
    async fn delete_some(&self, kind: Kind, by: &Retention, now: Timestamp) -> Result<bool, StoreError> {
        match kind {
            Kind::Room | Kind::Attendance | Kind::Quality => self.delete_of_lessons(kind, by, now).await,
            Kind::Audit => self.delete_entries(by, now).await,
            Kind::Alarms | Kind::Applications | Kind::Mail | Kind::Deliveries => self.delete_rows(kind, by, now).await,
        }
    }

    /// Gives an institution whose records were never looked through until `from` to say its periods.
    pub async fn await_retention(&self, from: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE institution SET retention_run_at = $1 WHERE id = $2 AND retention_run_at IS NULL";
        writing!(self, on => sqlx::query(SQL).bind(from.micros()).bind(self.institution.to_string()).execute(on))
            .map(|_| ())
    }

    /// Notes that a run is over, and what went since the last one was.
    async fn end_retention_run(&self, now: Timestamp) -> Result<Gone, StoreError> {
        const COUNTS: &str = "SELECT kind, gone FROM retention_count WHERE institution = $1 AND gone > 0";
        const TOLD: &str = "DELETE FROM retention_count WHERE institution = $1";
        const DONE: &str = "UPDATE institution SET retention_run_at = $1 WHERE id = $2";
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            super::audit::Ledger::lock(&mut *tx, &institution).await?;
            let counts: Vec<(String, i64)> =
                sqlx::query_as(COUNTS).bind(&institution).fetch_all(&mut *tx).await.map_err(failed)?;
            let gone: Gone = counts
                .iter()
                .filter_map(|(word, count)| Some((Kind::parse(word)?, u64::try_from(*count).ok()?)))
                .collect();
            if !gone.is_empty() {
                let words: BTreeMap<&str, u64> = gone.iter().map(|(kind, count)| (kind.word(), *count)).collect();
                let told = by_the_rule(now, "retention.delete", serde_json::json!({ "rows": words }));
                super::audit::append(&mut *tx, &institution, &told).await?;
            }
            sqlx::query(TOLD).bind(&institution).execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(DONE).bind(now.micros()).bind(&institution).execute(&mut *tx).await.map_err(failed)?;
            gone
        })
    }
}

/// What the server does by itself, as the audit log has it.
fn by_the_rule(at: Timestamp, action: &'static str, detail: serde_json::Value) -> Change {
    Change { at, actor: ChangedBy::System, action, subject: None, detail }
}

/// Adds to what the audit log is to be told.
const COUNT: &str = "INSERT INTO retention_count (institution, kind, gone) VALUES ($1, $2, $3)
                     ON CONFLICT (institution, kind) DO UPDATE SET gone = retention_count.gone + excluded.gone";

/// Counts deleted rows within the transaction that deletes them.
macro_rules! count_gone {
    ($tx:ident, $institution:expr, $kind:expr, $rows:expr) => {
        if $rows > 0 {
            sqlx::query(super::COUNT)
                .bind($institution)
                .bind($kind.word())
                .bind(i64::try_from($rows).unwrap_or(i64::MAX))
                .execute(&mut *$tx)
                .await
                .map_err(failed)?;
        }
    };
}
use count_gone;

#[cfg(test)]
mod tests {
    use crate::store::TABLES;
    use crate::store::migrate::migrator;
    use sqlx::{Connection, SqliteConnection};
    use std::collections::BTreeMap;

    /// Tables of which single rows are deleted by the rule, and to which others refer.
    const REFERRED: [&str; 3] = ["invitation", "session", "alarm"];

    /// The database looks for what refers to a row before it lets that go: without an index it would read all.
    #[tokio::test]
    async fn what_refers_to_a_deleted_row_is_found_by_an_index() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
        migrator().run(&mut connection).await.expect("the schema");
        let mut looked_at = 0;
        for table in TABLES {
            let references: Vec<(i64, String, String)> =
                sqlx::query_as("SELECT id, \"table\", \"from\" FROM pragma_foreign_key_list($1) ORDER BY id, seq")
                    .bind(table)
                    .fetch_all(&mut connection)
                    .await
                    .expect("its references");
            let indexed: Vec<(String, String)> = sqlx::query_as(
                "SELECT list.name, info.name FROM pragma_index_list($1) AS list, pragma_index_info(list.name) AS info
                 WHERE list.partial = 0 ORDER BY list.name, info.seqno",
            )
            .bind(table)
            .fetch_all(&mut connection)
            .await
            .expect("its indices");
            let mut indices: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (index, column) in indexed {
                indices.entry(index).or_default().push(column);
            }
            let mut keys: BTreeMap<i64, Vec<String>> = BTreeMap::new();
            for (id, _, column) in references.into_iter().filter(|(_, to, _)| REFERRED.contains(&to.as_str())) {
                keys.entry(id).or_default().push(column);
            }
            for key in keys.values() {
                looked_at += 1;
                let is_found = indices.values().any(|index| index.starts_with(key));
                assert!(is_found, "{table} has no index that begins with {key:?}");
            }
        }
        assert_eq!(looked_at, 3, "place refers to invitation and session, alarm_comment to alarm");
    }
}
