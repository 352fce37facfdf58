//! The cells of one line, and what is wrong with them.

use super::fault::{Problem, Problems, Trouble};
use super::header::{Column, Header};
use super::write::without_guard;
use crate::text::Line;
use csv::StringRecord;

/// One line of a file, while a row is read from it: cells by the name of their column, and the problems found.
pub struct Cells<'a> {
    pub(super) columns: &'static [Column],
    pub(super) header: &'a Header,
    pub(super) record: &'a StringRecord,
    pub(super) line: u32,
    pub(super) problems: &'a mut Problems,
}

impl Cells<'_> {
    /// The text of a cell; empty where the file has no such column.
    pub(super) fn text(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|known| known.name == column);
        let place = place.and_then(|index| self.header.places.get(index).copied().flatten());
        without_guard(place.and_then(|place| self.record.get(place)).unwrap_or_default())
    }

    /// Blames a cell.
    pub(super) fn blame(&mut self, column: &'static str, trouble: Trouble) {
        let problem = Problem::new(self.line, Some(column), trouble, self.text(column));
        self.problems.push(problem);
    }

    /// What a cell holds; where that is nothing, or not what `parse` takes, the cell is blamed.
    pub(super) fn required<V, F: Into<Trouble>>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<V, F>,
    ) -> Option<V> {
        if self.text(column).is_empty() {
            self.blame(column, Trouble::new("required", "fill in this cell: every line needs it"));
            return None;
        }
        self.optional(column, parse)?
    }

    /// What a cell holds, which may be nothing (`Some(None)`); `None` where it is not what `parse` takes: then the cell
    /// is blamed.
    pub(super) fn optional<V, F: Into<Trouble>>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<V, F>,
    ) -> Option<Option<V>> {
        let text = self.text(column);
        if text.is_empty() {
            return Some(None);
        }
        match parse(text) {
            Ok(value) => Some(Some(value)),
            Err(fault) => {
                self.blame(column, fault.into());
                None
            }
        }
    }

    /// A line of text that must be there.
    pub(super) fn line<const MAX: usize>(&mut self, column: &'static str) -> Option<Line<MAX>> {
        self.required(column, Line::parse)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.record.iter().all(|cell| cell.trim().is_empty())
    }

    /// Blames what is wrong with the line whatever its table; says whether nothing was.
    pub(super) fn check_shape(&mut self) -> bool {
        let before = self.problems.total();
        for (at, cell) in self.record.iter().enumerate() {
            let cell = cell.trim();
            let trouble = if cell.is_empty() {
                continue;
            } else if at >= self.header.titles {
                Trouble::new(
                    "extra_cell",
                    "this line has more cells than the first: put text with separators in quotes",
                )
            } else if !self.header.places.contains(&Some(at)) {
                Trouble::new("cell_without_column", "give this column a title in the first line, or empty it")
            } else if cell.contains('\n') {
                Trouble::new("line_break", "keep each cell on one line; most often a closing quote is missing")
            } else {
                continue;
            };
            let index = self.header.places.iter().position(|place| *place == Some(at));
            let column = index.and_then(|index| self.columns.get(index)).map(|column| column.name);
            self.problems.push(Problem::new(self.line, column, trouble, cell));
            // Once a line is out of shape, its other cells are not what they seem.
            break;
        }
        self.problems.total() == before
    }
}
