//! The connections to one database, and the two macros that run one statement on either kind.

use super::records::StoreError;
use super::writer::Writer;
use super::{postgres, sqlite};

/// An open database that this process holds alone.
pub(super) struct Database {
    pub(super) pools: Pools,
    /// Keeps other servers off for as long as it lives.
    _hold: Hold,
}

/// Where statements run.
pub(super) enum Pools {
    /// SQLite has one writer at a time: one connection writes, so that writers queue here and not in busy loops of the
    /// library; the others read beside it.
    Sqlite {
        read: sqlx::SqlitePool,
        write: Writer,
    },
    Postgres(sqlx::PgPool),
}

/// What tells other servers that the database is taken; the system gives it up when the process dies.
pub(super) enum Hold {
    /// A locked file beside the database.
    File { _file: std::fs::File },
    /// A connection with an advisory lock.
    Connection { _connection: tokio::sync::Mutex<sqlx::PgConnection> },
    /// Nothing: it only reads.
    Nothing,
}

impl Database {
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let (pools, hold) = sqlite::open(path.strip_prefix("//").unwrap_or(path)).await?;
            return Ok(Self { pools, _hold: hold });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let (pools, hold) = postgres::open(url).await?;
            return Ok(Self { pools, _hold: hold });
        }
        // The URL may hold a password: it is not repeated.
        Err(StoreError::Unavailable(
            "the database's URL must be sqlite:PATH or postgres://USER@HOST/DATABASE; correct `url` in [store]".into(),
        ))
    }

    pub(super) async fn open_beside(url: &str) -> Result<Self, StoreError> {
        let pools = if let Some(path) = url.strip_prefix("sqlite:") {
            sqlite::open_beside(path.strip_prefix("//").unwrap_or(path)).await?
        } else {
            postgres::open_beside(url).await?
        };
        Ok(Self { pools, _hold: Hold::Nothing })
    }

    pub(super) async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Whose rows a handle on the store reads and writes. PostgreSQL is told before each statement, and holds to it by
/// row-level security (`postgres/isolation.sql`), whatever the statement says.
pub(super) trait Scoped {
    fn database(&self) -> &Database;
    /// An institution's id, or [`EVERYBODYS`].
    fn scope(&self) -> String;
}

/// The scope of what belongs to no institution, or is looked up before the institution is known.
pub(super) const EVERYBODYS: &str = "*";

/// A connection that is told whose rows it may touch.
pub(super) async fn scoped_connection(
    pool: &sqlx::PgPool,
    scope: &str,
) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    // For the session, not the transaction: each use of a connection begins by saying it anew.
    sqlx::query("SELECT set_config('qism.institution', $1, false)").bind(scope).execute(&mut *connection).await?;
    Ok(connection)
}

/// Runs a query that only reads; `$on` is the executor.
macro_rules! reading {
    ($scoped:expr, $on:ident => $query:expr) => {
        match &$crate::store::database::Scoped::database($scoped).pools {
            $crate::store::database::Pools::Sqlite { read: $on, .. } => $query.await,
            $crate::store::database::Pools::Postgres(pool) => {
                let scope = $crate::store::database::Scoped::scope($scoped);
                match $crate::store::database::scoped_connection(pool, &scope).await {
                    Ok(mut connection) => {
                        let $on = &mut *connection;
                        $query.await
                    }
                    Err(error) => Err(error),
                }
            }
        }
    };
}

/// Runs a statement that writes; gives how many rows it touched.
macro_rules! writing {
    ($scoped:expr, $on:ident => $query:expr) => {
        match &$crate::store::database::Scoped::database($scoped).pools {
            $crate::store::database::Pools::Sqlite { write, .. } => {
                let mut turn = write.turn().await?;
                let $on = turn.connection()?;
                let rows = $query.await.map_err(failed)?.rows_affected();
                turn.end().await.map(|()| rows)
            }
            $crate::store::database::Pools::Postgres(pool) => {
                let scope = $crate::store::database::Scoped::scope($scoped);
                let mut connection = $crate::store::database::scoped_connection(pool, &scope).await.map_err(failed)?;
                let $on = &mut *connection;
                $query.await.map(|done| done.rows_affected()).map_err(failed)
            }
        }
    };
}

/// Runs `$body` in one transaction with `$tx` as its connection and `Db` as the database's type, commits, and gives
/// what the body gave; what leaves the body early rolls back.
macro_rules! in_transaction {
    ($scoped:expr, $tx:ident => $body:block) => {
        match &$crate::store::database::Scoped::database($scoped).pools {
            $crate::store::database::Pools::Sqlite { write, .. } => {
                #[allow(dead_code, reason = "not every body builds a query")]
                type Db = sqlx::Sqlite;
                let mut turn = write.turn().await?;
                let $tx = turn.connection()?;
                let value = $body;
                turn.end().await.map(|()| value)
            }
            $crate::store::database::Pools::Postgres(pool) => {
                #[allow(dead_code, reason = "not every body builds a query")]
                type Db = sqlx::Postgres;
                let scope = $crate::store::database::Scoped::scope($scoped);
                let mut transaction = pool.begin().await.map_err(failed)?;
                sqlx::query("SELECT set_config('qism.institution', $1, true)")
                    .bind(&scope)
                    .execute(&mut *transaction)
                    .await
                    .map_err(failed)?;
                let $tx = &mut *transaction;
                let value = $body;
                transaction.commit().await.map(|()| value).map_err(failed)
            }
        }
    };
}

/// Changes an institution's records: a transaction as with [`in_transaction`], one at a time for each institution, with
/// an entry in its audit log. `$by` is a [`crate::store::Change`].
macro_rules! changing {
    ($scoped:expr, $by:expr, $tx:ident => $body:block) => {
        in_transaction!($scoped, $tx => {
            let scope = $crate::store::database::Scoped::scope($scoped);
            $crate::store::audit::Ledger::lock(&mut *$tx, &scope).await?;
            let value = $body;
            $crate::store::audit::append(&mut *$tx, &scope, $by).await?;
            value
        })
    };
}
