//! Answers that are files to keep.

use super::problem::Refused;
use crate::protocol::ErrorCode;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What a table of cells is sent as.
pub const CSV: &str = "text/csv; charset=utf-8";
/// And as a spreadsheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// An answer that is a file and stays in no cache; `name` is ASCII.
pub fn attachment(bytes: Vec<u8>, content_type: &'static str, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// Where the file could not be made.
pub fn broke_off() -> Refused {
    let detail = "The file can't be made just now; try again in a moment.";
    Refused::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, detail)
}
