//! Tables that an institution's administrator brings as CSV: people, groups and the timetable.
//!
//! It owns how such a file is read and written: its encoding ([`decode`]), its separators and headers in three
//! languages, its rows as typed values with every problem by line and column ([`read`]), and the same tables back to
//! CSV ([`write`]). It refuses what it would have to guess. It knows no store: whether a group exists or a trainer is
//! free is the caller's question, as is "all or nothing".
//!
//! Compiled with the feature `import` only, which `server` brings along: the media core needs no CSV.
//!
//! The codes of problems, besides those of [`crate::text`]'s faults:
//!
//! | code | meaning |
//! |---|---|
//! | `required` | an empty cell in a column that needs a value |
//! | `line_break` | a line break in a cell, most often a quote that is not closed |
//! | `extra_cell`, `cell_without_column` | a value beyond the header, or under an empty one |
//! | `unknown_role`, `unknown_language`, `unknown_repeat` | a word that is none of the accepted ones |
//! | `capacity`, `minutes`, `date`, `time` | not a number from 1 to 10,000 or to 720, a date, a time of day |
//! | `no_key` | a person without number, sign-in name and mail |
//! | `duplicate` | a line that says the same as an earlier one |
//! | `end_before_start`, `lesson_too_long`, `two_lengths` | a lesson's length that can't be |
//! | `until_before_date`, `until_without_repeat`, `except_without_repeat`, `no_end`, `two_ends` | cells that contradict each other |

mod cells;
mod decode;
mod fault;
mod groups;
mod header;
mod people;
mod read;
#[cfg(test)]
mod tests;
mod timetable;
mod when;
mod write;

pub use cells::Cells;
pub use decode::{Encoding, decode};
pub use fault::{ImportFault, InTheWay, Problem, Problems};
pub use groups::GroupRow;
pub use header::Column;
pub use people::{ExternalId, PersonKey, PersonRow, Role};
pub use read::{Import, Numbered, read};
pub use timetable::{LESSON_MINUTES_MAX, LessonTitle, RULE_BYTES_MAX, Repeat, TimetableRow};
pub use when::{Date, TimeOfDay};
pub use write::{write, write_cells};

use crate::text::Language;

/// The largest file that is read; a larger one is refused before it is looked at.
pub const BYTES_MAX: usize = 5_000_000;

/// The most rows of a file, empty ones too; one more, and the file is refused.
pub const ROWS_MAX: usize = 20_000;

/// The most columns of a header; one more, and the file is refused.
pub const COLUMNS_MAX: usize = 64;

/// How many problems of one file are kept; further ones are only counted.
pub const PROBLEMS_MAX: usize = 200;

/// A row of one of the tables.
pub trait Table: Sized {
    /// Its columns, those that are written in that order.
    const COLUMNS: &'static [Column];

    /// Reads one line; `None` where one of its cells has a problem, which `cells` then knows.
    fn read(cells: &mut Cells<'_>) -> Option<Self>;

    /// Its cells in the order of those [`Self::COLUMNS`] that are written, words in `language`.
    fn cells(&self, language: Language) -> Vec<String>;

    /// What no other row may have too, each with the column to blame.
    fn keys(&self) -> Vec<(&'static str, String)>;
}
