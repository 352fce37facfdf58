//! Records of many tables, added where they are missing: how the demo fills its school at each start.

use super::Store;
use super::dump::TABLES;
use super::fault::failed;
use super::records::StoreError;
use crate::ids::PersonId;
use crate::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::QueryBuilder;

/// Records of one table: its columns by name, absent ones as the table says. A list of numbers is a value in bytes.
pub type Rows = (&'static str, Vec<Map<String, Value>>);

fn bytes_of(numbers: &[Value]) -> Vec<u8> {
    numbers.iter().filter_map(|number| u8::try_from(number.as_u64()?).ok()).collect()
}

impl Store {
    /// Adds records that are not there yet, all or nothing; what is there stays as it is, whoever changed it meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where a table or a value is none of this schema.
    pub async fn add_missing(&self, tables: &[Rows]) -> Result<(), StoreError> {
        if let Some((table, _)) = tables.iter().find(|(table, _)| !TABLES.contains(table)) {
            return Err(StoreError::Unreadable(format!("the table {table}")));
        }
        in_transaction!(self, tx => {
            for (table, row) in tables.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row))) {
                // Names are this program's own; values are bound.
                let mut insert = QueryBuilder::<Db>::new("INSERT INTO ");
                insert.push(table).push(" (");
                let columns: Vec<&str> = row.keys().map(String::as_str).collect();
                insert.push(columns.join(", ")).push(") VALUES (");
                let mut values = insert.separated(", ");
                for value in row.values() {
                    match value {
                        Value::String(text) => values.push_bind(text.clone()),
                        Value::Bool(truth) => values.push_bind(*truth),
                        Value::Number(number) => values.push_bind(number.as_i64().unwrap_or_default()),
                        Value::Array(bytes) => values.push_bind(bytes_of(bytes)),
                        _ => return Err(StoreError::Unreadable(format!("a value for the table {table}"))),
                    };
                }
                insert.push(") ON CONFLICT DO NOTHING");
                insert.build().execute(&mut *tx).await.map_err(failed)?;
            }
        })
    }

    /// Gives a person who has no account yet what an account has; one with an account stays as it is.
    pub async fn give_account(&self, person: PersonId, sign_in: &str, roles: super::Roles) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE person SET sign_in = $1, is_trainer = $2, is_trainee = $3, is_committee = $4,
                                             is_administrator = $5
                           WHERE id = $6 AND sign_in IS NULL";
        writing!(self, on => sqlx::query(SQL)
            .bind(sign_in)
            .bind(roles.trainer)
            .bind(roles.trainee)
            .bind(roles.committee)
            .bind(roles.administrator)
            .bind(person.to_string())
            .execute(on))?;
        Ok(())
    }

    /// Whether somebody has a password.
    pub async fn has_password(&self, person: PersonId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT password IS NOT NULL FROM credential WHERE person = $1";
        let has: Option<bool> =
            reading!(self, on => sqlx::query_scalar(SQL).bind(person.to_string()).fetch_optional(on))
                .map_err(failed)?;
        Ok(has.unwrap_or_default())
    }

    /// Says of lessons that were planned for the past, and whose room was never open here, that they were given: as their
    /// log says where they have one, from which their attendance is then worked out.
    pub async fn end_unentered(&self, before: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE lesson SET phase = 'ended', counted = FALSE,
                phase_since = COALESCE((SELECT MAX(at) FROM room_event WHERE room_event.institution = lesson.institution
                                        AND room_event.lesson = lesson.id), ends_at),
                last_seq = COALESCE((SELECT MAX(seq) FROM room_event WHERE room_event.institution = lesson.institution
                                     AND room_event.lesson = lesson.id), 0),
                settled_at = CASE WHEN EXISTS (SELECT 1 FROM room_event
                                               WHERE room_event.institution = lesson.institution
                                                 AND room_event.lesson = lesson.id) THEN NULL ELSE ends_at END
            WHERE phase = 'planned' AND last_seq = 0 AND ends_at < $1 AND cancelled_at IS NULL";
        writing!(self, on => sqlx::query(SQL).bind(before.micros()).execute(on))?;
        Ok(())
    }
}
