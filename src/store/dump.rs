//! All records as lines of JSON, and back: what a backup holds. The same lines come from SQLite and from PostgreSQL, so
//! a school can move from one to the other.

use super::Store;
use super::database::{EVERYBODYS, Pools};
use super::fault::failed;
use super::records::StoreError;
use super::rows::hex_digest;
use futures_util::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, Connection, QueryBuilder, Row};

/// Every table, each after those that it refers to. A test holds it to the schema.
pub const TABLES: &[&str] = &[
    "region",
    "institution",
    "person",
    "credential",
    "identity",
    "account_link",
    "session",
    "course",
    "course_word",
    "course_unit",
    "course_trainer",
    "course_group",
    "group_member",
    "material",
    "venue",
    "calendar_period",
    "lesson_series",
    "lesson",
    "invitation",
    "place",
    "room_event",
    "attendance",
    "signing_key",
    "ledger",
    "server_sign",
    "quality_minute",
    "lesson_facts",
    "lesson_sum",
    "institution_sum",
    "region_sum",
    "alarm",
    "alarm_comment",
    "application",
    "announcement",
    "announcement_read",
    "mail",
    "calendar_feed",
    "report_view",
    "api_key",
    "webhook",
    "webhook_delivery",
    "idempotent_answer",
    "audit_entry",
    "audit_anchor",
    "retention_task",
    "retention_count",
];

/// What a column holds; there are no other kinds in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Boolean,
    /// In hexadecimal.
    Bytes,
}

struct Column {
    name: String,
    kind: Kind,
}

/// Takes a dump's lines. Lines come table by table in the order of [`TABLES`], and within one in no order.
pub trait DumpSink {
    /// # Errors
    /// Where the line can't be kept.
    fn line(&mut self, table: &'static str, json: &str) -> std::io::Result<()>;
}

/// Gives a dump's lines back, in the order in which they came.
pub trait DumpSource {
    /// The next line of this table; `None` at its end.
    ///
    /// # Errors
    /// Where the dump can't be read.
    fn line(&mut self, table: &'static str) -> std::io::Result<Option<String>>;
}

fn kind_of(declared: &str) -> Result<Kind, StoreError> {
    match declared.to_ascii_lowercase().as_str() {
        "text" => Ok(Kind::Text),
        "bigint" => Ok(Kind::Integer),
        "boolean" => Ok(Kind::Boolean),
        "bytea" => Ok(Kind::Bytes),
        other => Err(StoreError::Unreadable(format!("a column of the type {other}"))),
    }
}

fn columns_of(rows: Vec<(String, String)>) -> Result<Vec<Column>, StoreError> {
    let columns = rows.into_iter().map(|(name, declared)| Ok(Column { kind: kind_of(&declared)?, name }));
    columns.collect()
}

fn select(table: &str, columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    format!("SELECT {} FROM {table}", names.join(", "))
}

/// The bytes that hexadecimal stands for.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

fn unreadable(table: &str) -> StoreError {
    StoreError::Unreadable(format!("a line of the table {table}"))
}

fn io_failed(error: std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("the backup can't be read or written: {error}"))
}

const SQLITE_COLUMNS: &str = "SELECT name, type FROM pragma_table_info($1) ORDER BY name";
const POSTGRES_COLUMNS: &str = "SELECT column_name::text, data_type::text FROM information_schema.columns
                                WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name";

/// Reads every table from a connection within a transaction.
macro_rules! dump_from {
    ($connection:ident, $columns:expr, $sink:ident) => {
        for &table in TABLES {
            let rows: Vec<(String, String)> =
                sqlx::query_as($columns).bind(table).fetch_all(&mut *$connection).await.map_err(failed)?;
            let columns = columns_of(rows)?;
            // Names of this program's own schema.
            let mut rows = sqlx::query(AssertSqlSafe(select(table, &columns))).fetch(&mut *$connection);
            while let Some(row) = rows.try_next().await.map_err(failed)? {
                let mut record = Map::with_capacity(columns.len());
                for (place, column) in columns.iter().enumerate() {
                    let value = match column.kind {
                        Kind::Text => row.try_get::<Option<String>, _>(place).map(Value::from),
                        Kind::Integer => row.try_get::<Option<i64>, _>(place).map(Value::from),
                        Kind::Boolean => row.try_get::<Option<bool>, _>(place).map(Value::from),
                        Kind::Bytes => row
                            .try_get::<Option<Vec<u8>>, _>(place)
                            .map(|bytes| bytes.map(|bytes| hex_digest(&bytes)).into()),
                    };
                    record.insert(column.name.clone(), value.map_err(failed)?);
                }
                $sink.line(table, &Value::Object(record).to_string()).map_err(io_failed)?;
            }
        }
    };
}

/// Writes every table to a connection within a transaction; `Db` is its kind.
macro_rules! load_into {
    ($connection:ident, $source:ident) => {
        for &table in TABLES {
            let rows: Vec<(String, String)> =
                sqlx::query_as(columns_sql::<Db>()).bind(table).fetch_all(&mut *$connection).await.map_err(failed)?;
            let known = columns_of(rows)?;
            let mut batches = Batches { table, known: &known, $source, next: None };
            while let Some(Batch { columns, rows }) = batches.next()? {
                let mut insert = QueryBuilder::<Db>::new(insert_into(table, &columns));
                insert.push_values(&rows, |mut row, values| {
                    for value in values {
                        match value {
                            Cell::Text(text) => row.push_bind(text.clone()),
                            Cell::Integer(number) => row.push_bind(*number),
                            Cell::Boolean(flag) => row.push_bind(*flag),
                            Cell::Bytes(bytes) => row.push_bind(bytes.clone()),
                        };
                    }
                });
                insert.build().execute(&mut *$connection).await.map_err(failed)?;
            }
        }
    };
}

/// A value on its way into a column.
enum Cell {
    Text(Option<String>),
    Integer(Option<i64>),
    Boolean(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

/// A table's lines, as many at a time as one statement inserts.
struct Batches<'a> {
    table: &'static str,
    known: &'a [Column],
    source: &'a mut dyn DumpSource,
    /// A record that was read and has other columns than those before it.
    next: Option<Map<String, Value>>,
}

/// Records of one table that have the same columns.
struct Batch<'a> {
    columns: Vec<&'a str>,
    rows: Vec<Vec<Cell>>,
}

/// How many parameters one statement takes: SQLite's limit is 32,766.
const PARAMETERS_MAX: usize = 16_000;

impl Batches<'_> {
    /// The next records that have the same columns; what an older Qism did not have gets the schema's default.
    fn next(&mut self) -> Result<Option<Batch<'_>>, StoreError> {
        let Some(first) = self.record()? else { return Ok(None) };
        let columns: Vec<&Column> = self.known.iter().filter(|column| first.contains_key(&column.name)).collect();
        let names = columns.iter().map(|column| column.name.as_str()).collect();
        let rows_max = PARAMETERS_MAX / columns.len().max(1);
        let mut batch = vec![self.cells(&columns, first)?];
        while batch.len() < rows_max {
            let Some(record) = self.record()? else { break };
            let is_alike =
                record.len() == columns.len() && columns.iter().all(|column| record.contains_key(&column.name));
            if !is_alike {
                self.next = Some(record);
                break;
            }
            batch.push(self.cells(&columns, record)?);
        }
        Ok(Some(Batch { columns: names, rows: batch }))
    }

    fn record(&mut self) -> Result<Option<Map<String, Value>>, StoreError> {
        if let Some(record) = self.next.take() {
            return Ok(Some(record));
        }
        let Some(line) = self.source.line(self.table).map_err(io_failed)? else { return Ok(None) };
        let record: Map<String, Value> = serde_json::from_str(&line).map_err(|_| unreadable(self.table))?;
        let is_known = record.keys().all(|key| self.known.iter().any(|column| column.name == *key));
        if is_known { Ok(Some(record)) } else { Err(unreadable(self.table)) }
    }

    fn cells(&self, columns: &[&Column], mut record: Map<String, Value>) -> Result<Vec<Cell>, StoreError> {
        let cell = |column: &&Column| match (column.kind, record.remove(&column.name).unwrap_or_default()) {
            (Kind::Text, Value::Null) => Some(Cell::Text(None)),
            (Kind::Text, Value::String(text)) => Some(Cell::Text(Some(text))),
            (Kind::Integer, Value::Null) => Some(Cell::Integer(None)),
            (Kind::Integer, Value::Number(number)) => number.as_i64().map(|number| Cell::Integer(Some(number))),
            (Kind::Boolean, Value::Null) => Some(Cell::Boolean(None)),
            (Kind::Boolean, Value::Bool(flag)) => Some(Cell::Boolean(Some(flag))),
            (Kind::Bytes, Value::Null) => Some(Cell::Bytes(None)),
            (Kind::Bytes, Value::String(text)) => bytes_of(&text).map(|bytes| Cell::Bytes(Some(bytes))),
            _ => None,
        };
        columns.iter().map(cell).collect::<Option<_>>().ok_or_else(|| unreadable(self.table))
    }
}

fn insert_into(table: &str, columns: &[&str]) -> String {
    format!("INSERT INTO {table} ({}) ", columns.join(", "))
}

impl Store {
    /// Hands every record to `sink`, all as of one moment, whatever is written meanwhile.
    ///
    /// # Errors
    /// Where the database can't be read, or the sink fails.
    pub async fn dump(&self, sink: &mut dyn DumpSink) -> Result<(), StoreError> {
        match &self.database.pools {
            Pools::Sqlite { read, .. } => {
                let mut connection = read.acquire().await.map_err(failed)?;
                let mut transaction = connection.begin().await.map_err(failed)?;
                dump_from!(transaction, SQLITE_COLUMNS, sink);
                transaction.rollback().await.map_err(failed)
            }
            Pools::Postgres(pool) => {
                let mut transaction =
                    pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(failed)?;
                sqlx::query("SELECT set_config('qism.institution', $1, true)")
                    .bind(EVERYBODYS)
                    .execute(&mut *transaction)
                    .await
                    .map_err(failed)?;
                dump_from!(transaction, POSTGRES_COLUMNS, sink);
                transaction.rollback().await.map_err(failed)
            }
        }
    }

    /// Writes every record that `source` gives into an empty store, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the store has records already; [`StoreError::Unreadable`] where a line is none of
    /// this schema.
    pub async fn load(&self, source: &mut dyn DumpSource) -> Result<(), StoreError> {
        const EMPTY: &str = "SELECT COUNT(*) FROM region";
        in_transaction!(self, tx => {
            let there: i64 = sqlx::query_scalar(EMPTY).fetch_one(&mut *tx).await.map_err(failed)?;
            if there > 0 {
                return Err(StoreError::Conflict);
            }
            load_into!(tx, source);
        })
    }
}

impl Store {
    /// Has the database look at what it holds, so that it plans its queries well: after much was loaded.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn optimise(&self) -> Result<(), StoreError> {
        let Pools::Postgres(pool) = &self.database.pools else {
            return writing!(self, on => sqlx::query("ANALYZE").execute(on)).map(|_| ());
        };
        // Only who owns a table may look at it so; to others PostgreSQL says that it did, and does not.
        let mut connection = pool.acquire().await.map_err(failed)?.detach();
        for sql in ["RESET ROLE", "ANALYZE"] {
            sqlx::query(sql).execute(&mut connection).await.map_err(failed)?;
        }
        connection.close().await.map_err(failed)
    }
}

/// How a kind of database tells a table's columns.
fn columns_sql<Db: sqlx::Database>() -> &'static str {
    if Db::NAME == "SQLite" { SQLITE_COLUMNS } else { POSTGRES_COLUMNS }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migrate::migrator;
    use std::collections::BTreeSet;

    #[tokio::test]
    async fn every_table_is_dumped_after_those_that_it_refers_to() {
        let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.expect("a database");
        migrator().run(&mut connection).await.expect("the schema");
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '!_sqlx%' ESCAPE '!'
               AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
        )
        .fetch_all(&mut connection)
        .await
        .expect("the tables");
        let known: BTreeSet<&str> = TABLES.iter().copied().collect();
        assert_eq!(tables.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
        for (place, table) in TABLES.iter().enumerate() {
            let referred: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list($1)")
                .bind(table)
                .fetch_all(&mut connection)
                .await
                .expect("its references");
            for other in referred {
                assert!(TABLES[..place].contains(&other.as_str()), "{table} refers to {other}");
            }
        }
    }
}
