//! What can be wrong: with a file as a whole, or with its cells.

use super::decode::Encoding;
use super::{BYTES_MAX, COLUMNS_MAX, PROBLEMS_MAX, ROWS_MAX};
use crate::text::excerpt;
use serde::Serialize;
use thiserror::Error;

/// How much of a cell a problem shows, in characters.
const VALUE_CHARS_MAX: usize = 60;

/// Why a file can't be read at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportFault {
    /// More than [`BYTES_MAX`].
    #[error("split the file: {} MB are the most", BYTES_MAX / 1_000_000)]
    TooLarge,
    /// No header.
    #[error("the file is empty: its first line names the columns")]
    Empty,
    /// A spreadsheet's own format.
    #[error("this is a spreadsheet: save it as \"CSV UTF-8\" and send that file")]
    Spreadsheet,
    /// Bytes that are nothing in the file's encoding.
    #[error("line {line} is not {encoding}: save the file as \"CSV UTF-8\" and send it again")]
    Broken {
        /// What the file seems to be.
        encoding: Encoding,
        /// The first line that is not.
        line: u32,
    },
    /// Neither Unicode nor clearly Windows' Arabic or Latin encoding.
    #[error("the letters of line {line} can't be told for sure: save the file as \"CSV UTF-8\" and send it again")]
    UnknownEncoding {
        /// The first line with such letters.
        line: u32,
    },
    /// More than [`ROWS_MAX`].
    #[error("split the file: {ROWS_MAX} lines are the most")]
    TooManyRows,
    /// More than [`COLUMNS_MAX`].
    #[error("delete the columns that are not asked for: {COLUMNS_MAX} are the most")]
    TooManyColumns,
    /// The header does not name the table's columns.
    #[error("{}", header_text(missing, unknown, twice, accepted))]
    Header {
        /// Columns that must be there.
        missing: Vec<&'static str>,
        /// Titles that are none of ours, shortened.
        unknown: Vec<String>,
        /// Columns that are there more than once.
        twice: Vec<&'static str>,
        /// Every column with its titles in Arabic, French and English.
        accepted: Vec<String>,
    },
}

impl ImportFault {
    /// The stable word for this fault, for programs and translations.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::TooLarge => "file_too_large",
            Self::Empty => "file_empty",
            Self::Spreadsheet => "file_is_spreadsheet",
            Self::Broken { .. } => "file_broken",
            Self::UnknownEncoding { .. } => "encoding_unknown",
            Self::TooManyRows => "too_many_rows",
            Self::TooManyColumns => "too_many_columns",
            Self::Header { .. } => "header_invalid",
        }
    }
}

fn header_text(missing: &[&str], unknown: &[String], twice: &[&str], accepted: &[String]) -> String {
    let mut text = String::from("mend the first line, which names the columns:");
    for (what, names) in [("missing", missing.join(", ")), ("unknown", unknown.join(", ")), ("twice", twice.join(", "))]
    {
        if !names.is_empty() {
            text.push_str(&format!(" {what}: {names};"));
        }
    }
    text.push_str(&format!(" accepted: {}", accepted.join(", ")));
    text
}

/// One thing that is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(as = ImportProblem))]
pub struct Problem {
    /// The line of the file, the header's being 1; of a row over several lines, its first.
    pub line: u32,
    /// The column's name, where one is to blame.
    pub column: Option<&'static str>,
    /// A stable word: see the module.
    pub code: &'static str,
    /// What to do, in English.
    pub detail: String,
    /// The cell's text, shortened.
    pub value: String,
    /// The lesson that has the slot, where one is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_the_way: Option<InTheWay>,
}

/// A lesson in the way of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct InTheWay {
    /// Its title.
    pub title: String,
    /// When it starts by the institution's clocks, as 2026-11-30T08:30.
    pub starts: String,
    /// When it ends.
    pub ends: String,
    /// The line of the same file that it is of; absent where it is in the timetable already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl Problem {
    /// A problem that shows so much of `value` as fits.
    pub(super) fn new(line: u32, column: Option<&'static str>, trouble: Trouble, value: &str) -> Self {
        let Trouble { code, detail } = trouble;
        Self { line, column, code, detail, value: excerpt(value, VALUE_CHARS_MAX), in_the_way: None }
    }
}

/// A file's problems in the order of its lines: the first [`PROBLEMS_MAX`], and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    kept: Vec<Problem>,
    total: usize,
}

impl Problems {
    /// The first of them.
    #[must_use]
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    pub(super) fn push(&mut self, problem: Problem) {
        self.total += 1;
        if self.kept.len() < PROBLEMS_MAX {
            self.kept.push(problem);
        }
    }
}

/// What a cell's text is not, before it is known whose cell it is.
#[derive(Debug)]
pub(super) struct Trouble {
    pub code: &'static str,
    pub detail: String,
}

impl Trouble {
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

macro_rules! trouble_of {
    ($($fault:ident),+) => {$(
        impl From<crate::text::$fault> for Trouble {
            fn from(fault: crate::text::$fault) -> Self {
                Self::new(fault.word(), fault.to_string())
            }
        }
    )+};
}

trouble_of!(TextFault, MailFault, SignInNameFault);
