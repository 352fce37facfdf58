//! Rows of sums, as the databases give and take them.

use crate::rollup::Sums;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

/// How many columns come before the sums' own.
const BEFORE: usize = 3;

/// What the lessons of one subject come to, of a day or of all days.
pub(in crate::store) struct SumsRow {
    pub id: String,
    pub name: String,
    pub day: i32,
    pub sums: Sums,
}

impl<'r, R: Row> FromRow<'r, R> for SumsRow
where
    usize: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let day: i64 = row.try_get(2)?;
        let mut values = [0; Sums::NAMES.len()];
        for (place, value) in values.iter_mut().enumerate() {
            let kept: Option<i64> = row.try_get(BEFORE.saturating_add(place))?;
            // Sums never go below nothing.
            *value = u64::try_from(kept.unwrap_or_default()).unwrap_or_default();
        }
        Ok(Self {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            day: i32::try_from(day).unwrap_or_default(),
            sums: Sums::from_values(values),
        })
    }
}

/// The sums of a table's columns.
pub(super) fn summed(table: &str) -> String {
    let sums = Sums::NAMES.map(|name| format!("CAST(SUM({table}.{name}) AS BIGINT)"));
    sums.join(", ")
}

/// The sums' columns.
pub(super) fn columns() -> String {
    Sums::NAMES.join(", ")
}
