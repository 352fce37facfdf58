//! What the databases complain about, in the store's own words.

use super::records::StoreError;
use sqlx::error::ErrorKind;

/// How SQLite names its faults: the low byte of the result code (<https://sqlite.org/rescode.html>).
mod sqlite_code {
    pub const BUSY: i32 = 5;
    pub const LOCKED: i32 = 6;
    pub const READONLY: i32 = 8;
    pub const IOERR: i32 = 10;
    pub const CORRUPT: i32 = 11;
    pub const FULL: i32 = 13;
    pub const CANTOPEN: i32 = 14;
    pub const NOTADB: i32 = 26;
}

/// A query's fault. Texts never repeat a statement's parameters or the URL.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(fault) => match fault.kind() {
            ErrorKind::UniqueViolation => StoreError::Conflict,
            ErrorKind::ForeignKeyViolation => StoreError::Missing,
            _ => StoreError::Unavailable(database_text(fault.as_ref())),
        },
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
            StoreError::Unreadable(error.to_string())
        }
        sqlx::Error::PoolTimedOut => StoreError::Unavailable(
            "no connection to the database came free in time; see that it runs and is not overloaded".into(),
        ),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            StoreError::Unavailable("the database is closed; start Qism again".into())
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => StoreError::Unavailable(format!(
            "the database does not answer ({error}); see that PostgreSQL runs and that `url` in [store] names it"
        )),
        _ => StoreError::Unavailable(format!("the database failed: {error}")),
    }
}

fn database_text(fault: &dyn sqlx::error::DatabaseError) -> String {
    let code = fault.code().unwrap_or_default();
    // SQLite's codes are numbers, PostgreSQL's are five characters (its manual's appendix A).
    match code.as_ref() {
        "28P01" | "28000" => "PostgreSQL refuses this user or password; correct `url` in [store]".into(),
        "3D000" => "PostgreSQL has no database of that name; create it (createdb NAME) or correct `url`".into(),
        "42501" => "PostgreSQL denies this user the right to do that; make the user the database's owner".into(),
        "53100" => "the disk of PostgreSQL is full; free some space".into(),
        "53300" => "PostgreSQL has no connection left; raise its max_connections".into(),
        "57P01" | "57P02" | "57P03" => "PostgreSQL is stopping or starting; wait for it".into(),
        five if five.len() == 5 => format!("PostgreSQL failed ({five}): {}", fault.message()),
        number => sqlite_text(number.parse::<i32>().unwrap_or(0) & 0xff, fault.message()),
    }
}

fn sqlite_text(code: i32, message: &str) -> String {
    match code {
        sqlite_code::BUSY | sqlite_code::LOCKED => {
            "the database is locked by another program; close what has it open (a backup, a database browser)".into()
        }
        sqlite_code::READONLY | sqlite_code::CANTOPEN => {
            "the database file or its folder can't be written; give this user the right to".into()
        }
        sqlite_code::FULL => "the disk is full; free some space".into(),
        sqlite_code::IOERR => format!("the disk does not read or write as it should ({message}); look at the disk"),
        sqlite_code::CORRUPT | sqlite_code::NOTADB => {
            "the file is not an intact SQLite database; restore it from a backup, or name another file".into()
        }
        _ => format!("SQLite failed: {message}"),
    }
}
