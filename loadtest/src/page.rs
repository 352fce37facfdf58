//! Runs as a page.

use crate::report::Report;

/// The page about these runs.
#[must_use]
pub fn page(reports: &[Report]) -> String {
    let text: String = reports.iter().map(ToString::to_string).collect();
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<!doctype html><meta charset=\"utf-8\"><title>Load test</title><pre>{text}</pre>\n")
}
