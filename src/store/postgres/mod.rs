//! PostgreSQL: a database on a server, held by one process.

use super::database::{EVERYBODYS, Hold, Pools};
use super::fault::failed;
use super::migrate::{check, migration_failed, migrator};
use super::records::StoreError;
use super::search_keys::SearchKeys;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{ConnectOptions, Executor, PgPool};
use std::str::FromStr;
use std::time::Duration;

/// The most connections to the server, besides the one that holds the lock.
const CONNECTIONS: u32 = 10;

/// How long a call waits for a connection before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long opening waits for the server to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long opening waits for another server to let go of the database: PostgreSQL needs a moment to see that one died.
const TAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// How often it looks meanwhile.
const TAKE_INTERVAL: Duration = Duration::from_millis(100);

/// What runs the statements: it owns no table and bypasses no policy.
const SET_ROLE: &str = "SET ROLE qism_rows";

/// The advisory lock that a server holds on its database: "qism" in ASCII. Advisory locks are per database.
const LOCK: i64 = 0x7169_736d;

pub(super) async fn open(url: &str) -> Result<(Pools, Hold), StoreError> {
    let options = options(url)?;
    let mut connection = connect(&options).await?;
    take(&mut connection).await?;
    // Steps that move rows see all of them.
    see_everything(&mut connection).await?;
    migrator().run(&mut connection).await.map_err(migration_failed)?;
    connection.fill_search_keys().await?;
    let rows_role = isolate(&mut connection).await?;
    let pool = pool(options, rows_role).await?;
    Ok((Pools::Postgres(pool), Hold::Connection { _connection: tokio::sync::Mutex::new(connection) }))
}

/// Opens a database that another process may hold, to read it.
pub(super) async fn open_beside(url: &str) -> Result<Pools, StoreError> {
    let options = options(url)?.options([("default_transaction_read_only", "on")]);
    let mut connection = connect(&options).await?;
    check(&mut connection).await?;
    let rows_role = has_rows_role(&mut connection).await?;
    Ok(Pools::Postgres(pool(options, rows_role).await?))
}

fn options(url: &str) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Unavailable("the database's URL can't be read; correct `url` in [store]".into()))?
        .application_name("qism")
        // Acknowledged is durable, whatever the server's own setting.
        .options([("synchronous_commit", "on")])
        // A machine that vanished loses its lock after 25 s.
        .options([("tcp_keepalives_idle", "10"), ("tcp_keepalives_interval", "5"), ("tcp_keepalives_count", "3")]);
    Ok(options)
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    match tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await {
        Ok(connected) => connected.map_err(failed),
        Err(_) => Err(StoreError::Unavailable(format!(
            "PostgreSQL did not answer within {} s; see that it runs and that `url` in [store] names it",
            CONNECT_TIMEOUT.as_secs()
        ))),
    }
}

async fn see_everything(connection: &mut PgConnection) -> Result<(), StoreError> {
    let seen = sqlx::query("SELECT set_config('qism.institution', $1, false)").bind(EVERYBODYS);
    seen.execute(connection).await.map(|_| ()).map_err(failed)
}

/// The connections that run statements.
async fn pool(options: PgConnectOptions, rows_role: bool) -> Result<PgPool, StoreError> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
    // They stay, as those to SQLite do: the pool's own upkeep can turn for ever where it meets the closing of the pool.
    let pool = pool.idle_timeout(None).max_lifetime(None);
    let pool = pool.after_connect(move |connection, _| {
        Box::pin(async move {
            if rows_role {
                connection.execute(SET_ROLE).await?;
            }
            Ok(())
        })
    });
    pool.connect_with(options).await.map_err(failed)
}

/// Puts row-level security in force; tells whether statements may run as the role that owns nothing.
async fn isolate(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let isolated = connection.execute(sqlx::raw_sql(include_str!("isolation.sql"))).await.map_err(failed);
    isolated?;
    has_rows_role(connection).await
}

/// Whether statements may run as the role that owns nothing.
async fn has_rows_role(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let may: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'qism_rows' AND pg_has_role(current_user, oid, 'MEMBER'))",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed)?;
    let bypasses: bool =
        sqlx::query_scalar("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            .fetch_one(&mut *connection)
            .await
            .map_err(failed)?;
    if bypasses && !may {
        return Err(StoreError::Unavailable(
            "PostgreSQL's user bypasses row-level security and the role qism_rows can't be used; give Qism a user of \
             its own that owns the database and is no superuser"
                .into(),
        ));
    }
    Ok(may)
}

/// Takes the database for this process alone, until the connection ends. Where the server drops the connection, the
/// conflict check of every append to a log still keeps two processes apart.
async fn take(connection: &mut PgConnection) -> Result<(), StoreError> {
    let attempts = TAKE_TIMEOUT.as_millis() / TAKE_INTERVAL.as_millis();
    for _ in 0..attempts {
        let taking = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(&mut *connection);
        if taking.await.map_err(failed)? {
            return Ok(());
        }
        tokio::time::sleep(TAKE_INTERVAL).await;
    }
    Err(StoreError::Held(
        "the PostgreSQL database is in use by another Qism; stop that one first, or give this one another database"
            .into(),
    ))
}
