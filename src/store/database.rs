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

/// Runs a query that only reads; `$on` is the executor.
macro_rules! reading {
    ($store:expr, $on:ident => $query:expr) => {
        match &$store.database.pools {
            $crate::store::database::Pools::Sqlite { read: $on, .. } => $query.await,
            $crate::store::database::Pools::Postgres($on) => $query.await,
        }
    };
}

/// Runs a statement that writes; gives how many rows it touched.
macro_rules! writing {
    ($store:expr, $on:ident => $query:expr) => {
        match &$store.database.pools {
            $crate::store::database::Pools::Sqlite { write, .. } => {
                let mut turn = write.turn().await?;
                let $on = turn.connection()?;
                let rows = $query.await.map_err(failed)?.rows_affected();
                turn.end().await.map(|()| rows)
            }
            $crate::store::database::Pools::Postgres($on) => {
                $query.await.map(|done| done.rows_affected()).map_err(failed)
            }
        }
    };
}

/// Runs `$body` in one transaction with `$tx` as its connection and `Db` as the database's type, and commits; what
/// leaves the body early rolls back.
macro_rules! in_transaction {
    ($store:expr, $tx:ident => $body:block) => {
        match &$store.database.pools {
            $crate::store::database::Pools::Sqlite { write, .. } => {
                type Db = sqlx::Sqlite;
                let mut turn = write.turn().await?;
                let $tx = turn.connection()?;
                $body
                turn.end().await
            }
            $crate::store::database::Pools::Postgres(pool) => {
                type Db = sqlx::Postgres;
                let mut $tx = pool.begin().await.map_err(failed)?;
                $body
                $tx.commit().await.map_err(failed)
            }
        }
    };
}
