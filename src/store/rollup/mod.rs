//! What lessons come to, kept added up for reports.

mod query;
mod rows;

pub use query::{ReportBy, ReportLine, ReportQuery};
