//! All that is stored about a person, as one file.

use super::{SignedIn, there};
use crate::http::Shared;
use crate::http::acting::Acting;
use crate::http::attachment::{attachment, broke_off};
use crate::http::extract::Ids;
use crate::http::problem::Refused;
use crate::ids::{InstitutionId, PersonId};
use crate::protocol::Problem;
use crate::store::{ExportPart, InstitutionStore};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// All that is stored about a person: a zip with each table as JSON and as CSV.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/people/{person}/export", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = String, content_type = "application/zip"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn of_person(
    acting: Acting,
    Ids(_, person): Ids<InstitutionId, PersonId>,
) -> Result<Response, Refused> {
    there(&acting, person).await?;
    let noted = acting.change("person.export", person, serde_json::json!({}));
    acting.store.note_in_audit(&noted).await?;
    answer(&acting.store, person).await
}

/// All that is stored about who asks: a zip with each table as JSON and as CSV.
#[utoipa::path(
    get, path = "/api/me/export", tag = "account",
    responses((status = 200, body = String, content_type = "application/zip"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn of_oneself(State(shared): State<Shared>, SignedIn(member): SignedIn) -> Result<Response, Refused> {
    answer(&shared.app.store.of(member.institution), member.person).await
}

async fn answer(store: &InstitutionStore, person: PersonId) -> Result<Response, Refused> {
    let parts = store.person_export(person).await?;
    let written = tokio::task::spawn_blocking(move || archive(&parts)).await;
    let Ok(Ok(bytes)) = written else {
        return Err(broke_off());
    };
    Ok(attachment(bytes, "application/zip", "qism-export.zip"))
}

/// Writes each part as `NAME.json` and `NAME.csv`.
fn archive(parts: &[ExportPart]) -> Result<Vec<u8>, zip::result::ZipError> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        zip.start_file(format!("{}.json", part.name), options)?;
        zip.write_all(json(part).as_bytes())?;
        zip.start_file(format!("{}.csv", part.name), options)?;
        zip.write_all(csv(part).as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn json(part: &ExportPart) -> String {
    let rows: Vec<Value> = part
        .rows
        .iter()
        .map(|row| {
            let cells = part.columns.iter().zip(row);
            Value::Object(
                cells.map(|(column, value)| ((*column).to_owned(), readable(column, value))).collect::<Map<_, _>>(),
            )
        })
        .collect();
    serde_json::to_string_pretty(&rows).unwrap_or_default()
}

/// RFC 4180, in UTF-8 with a byte order mark, as spreadsheets want it.
fn csv(part: &ExportPart) -> String {
    let mut text = format!("\u{FEFF}{}\r\n", part.columns.join(","));
    for row in &part.rows {
        let cells: Vec<String> =
            part.columns.iter().zip(row).map(|(column, value)| cell(&readable(column, value))).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    // What a spreadsheet would calculate with is text here.
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !text.contains([',', '"', '\n', '\r']) {
        return text;
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// Times as people read them: ISO 8601 in UTC.
fn readable(column: &str, value: &Value) -> Value {
    match value.as_i64() {
        Some(micros) if column.ends_with("_at") => {
            Timestamp::from_microsecond(micros).map_or_else(|_| value.clone(), |time| time.to_string().into())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_json_and_csv() {
        let row = vec![Value::from("=1+1, \"x\""), Value::from(1_795_597_200_000_000_i64), Value::Null];
        let part = ExportPart { name: "lessons", columns: &["title", "starts_at", "venue"], rows: vec![row] };
        assert_eq!(csv(&part), "\u{FEFF}title,starts_at,venue\r\n\"'=1+1, \"\"x\"\"\",2026-11-25T09:00:00Z,\r\n");
        let read: Value = serde_json::from_str(&json(&part)).expect("JSON");
        assert_eq!(read[0]["starts_at"], "2026-11-25T09:00:00Z");
        assert_eq!(read[0]["title"], "=1+1, \"x\"");
    }
}
