//! When each run of the server last gave a sign of life.

use super::Store;
use super::database::{Pools, Scoped};
use super::fault::failed;
use super::records::StoreError;
use crate::time::Timestamp;

/// How many runs are remembered.
const RUNS_KEPT: i64 = 64;

/// One run of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerSign {
    /// Before which time nothing happened in a room that it had.
    pub started_at: Timestamp,
    /// Its last sign of life.
    pub seen_at: Timestamp,
}

impl Store {
    /// The runs of the server so far, the newest first.
    pub async fn server_signs(&self) -> Result<Vec<ServerSign>, StoreError> {
        const SQL: &str = "SELECT started_at, seen_at FROM server_sign ORDER BY run DESC LIMIT $1";
        let rows: Vec<(i64, i64)> =
            reading!(self, on => sqlx::query_as(SQL).bind(RUNS_KEPT).fetch_all(on)).map_err(failed)?;
        let signs = rows
            .into_iter()
            .map(|(started_at, seen_at)| ServerSign { started_at: Timestamp(started_at), seen_at: Timestamp(seen_at) });
        Ok(signs.collect())
    }

    /// A run of the server begins; gives its number.
    pub async fn begin_run(&self, at: Timestamp) -> Result<i64, StoreError> {
        in_transaction!(self, tx => {
            let newest: i64 = sqlx::query_scalar("SELECT CAST(COALESCE(MAX(run), 0) AS BIGINT) FROM server_sign")
                .fetch_one(&mut *tx).await.map_err(failed)?;
            let run = newest.saturating_add(1);
            sqlx::query("INSERT INTO server_sign (run, started_at, seen_at) VALUES ($1, $2, $2)")
                .bind(run)
                .bind(at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query("DELETE FROM server_sign WHERE run <= $1")
                .bind(run.saturating_sub(RUNS_KEPT))
                .execute(&mut *tx).await.map_err(failed)?;
            run
        })
    }

    /// A sign of life. It outlives the process at once, and the machine's own end a moment later: nothing waits for the
    /// disk, for it comes twice a second.
    pub async fn sign(&self, run: i64, sign: ServerSign) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE server_sign SET started_at = $1, seen_at = $2 WHERE run = $3";
        let numbers = [sign.started_at.micros(), sign.seen_at.micros(), run];
        match &self.database().pools {
            Pools::Sqlite { write, .. } => write.lightly(SQL, numbers).await,
            Pools::Postgres(pool) => {
                let mut transaction = pool.begin().await.map_err(failed)?;
                sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *transaction).await.map_err(failed)?;
                let [started_at, seen_at, run] = numbers;
                sqlx::query(SQL)
                    .bind(started_at)
                    .bind(seen_at)
                    .bind(run)
                    .execute(&mut *transaction)
                    .await
                    .map_err(failed)?;
                transaction.commit().await.map_err(failed)
            }
        }
    }
}
