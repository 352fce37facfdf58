//! SQLite: one file, held by one process.

use super::database::{Hold, Pools};
use super::fault::failed;
use super::migrate::{check, migration_failed, migrator};
use super::records::StoreError;
use super::search_keys::SearchKeys;
use super::writer::Writer;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How many connections read; more than the cores of a small server serve no purpose.
const READERS: u32 = 4;

/// How much of the file each connection keeps, in KiB (a negative number means that); SQLite's own 2 MiB would be read
/// over and over for the pages of a country.
const CACHE_SIZE: &str = "-16384";

/// How long a statement waits for another program (a backup) that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a call waits for a connection before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn open(path: &str) -> Result<(Pools, Hold), StoreError> {
    let path = Path::new(path);
    let hold = Hold::File { _file: take(path)? };
    // SQLite would let everybody read what it creates; the files beside it get the same mode.
    private_file(path).map_err(|error| not_openable(path, &error))?;
    let options = options(path);
    let mut connection = options.connect().await.map_err(failed)?;
    migrator().run(&mut connection).await.map_err(migration_failed)?;
    connection.fill_search_keys().await?;
    let read = readers().connect_with(options.read_only(true)).await.map_err(failed)?;
    Ok((Pools::Sqlite { read, write: Writer::new(connection) }, hold))
}

/// Opens a database that another process may hold, to read it.
pub(super) async fn open_beside(path: &str) -> Result<Pools, StoreError> {
    let path = Path::new(path);
    if !path.is_file() {
        return Err(StoreError::Unavailable(format!(
            "there is no database at {}; name the data folder with --data-dir, or `url` in [store]",
            path.display()
        )));
    }
    // Not as read-only: SQLite writes to the files beside the database even to read it.
    let options = options(path).create_if_missing(false).pragma("query_only", "ON");
    let mut connection = options.connect().await.map_err(failed)?;
    check(&mut connection).await?;
    let read = readers().connect_with(options).await.map_err(failed)?;
    Ok(Pools::Sqlite { read, write: Writer::new(connection) })
}

/// Connections that stay: nothing is gained by new ones, and the pool's own upkeep can turn for ever where it meets the
/// closing of the pool (its count of idle connections goes below zero).
fn readers() -> SqlitePoolOptions {
    let readers = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(ACQUIRE_TIMEOUT);
    readers.idle_timeout(None).max_lifetime(None)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        // Acknowledged is durable: with NORMAL, a power cut could take the last commits back.
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", CACHE_SIZE)
        // What is deleted of people is overwritten, too.
        .pragma("secure_delete", "ON")
}

/// Takes the database for this process alone by a lock on a file beside it.
fn take(database: &Path) -> Result<File, StoreError> {
    let path = lock_path(database);
    let mut file = private_file(&path).map_err(|error| not_openable(database, &error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(taken(database, &mut file)),
        Err(TryLockError::Error(error)) => return Err(not_openable(database, &error)),
    }
    // Only for the text that another server prints; the lock itself is what counts.
    let noted = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
    noted.map_err(|error| not_openable(database, &error))?;
    Ok(file)
}

/// Opens a file, and makes it where it is missing, for this user only.
fn private_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn taken(database: &Path, file: &mut File) -> StoreError {
    let mut holder = String::new();
    let process = match file.read_to_string(&mut holder) {
        Ok(_) if holder.parse::<u32>().is_ok() => format!(" (process {holder})"),
        _ => String::new(),
    };
    StoreError::Held(format!(
        "the database {} is in use by another Qism{process}; stop that one first, or give this one another database or \
         --data-dir",
        database.display()
    ))
}

fn not_openable(database: &Path, error: &std::io::Error) -> StoreError {
    let folder = match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = folder.display();
    StoreError::Unavailable(match error.kind() {
        ErrorKind::NotFound => format!("the database's folder {folder} does not exist; create it or name another"),
        ErrorKind::NotADirectory => format!("{folder} is not a folder; name another for the database"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            format!(
                "the database's folder {folder} can't be written by this user; give it the right to, or name another"
            )
        }
        ErrorKind::StorageFull => format!("the disk of {folder} is full; free some space"),
        _ => format!("the database {} can't be opened: {error}", database.display()),
    })
}
