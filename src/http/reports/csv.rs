//! The report as CSV.

use super::facts::Facts;
use super::table::{Cell, length_text, rows, titles, wall_text};
use super::words::words;
use crate::import::write_cells;
use crate::text::Language;

/// A line of titles, and one for each person. Spreadsheets open it, and calculate with nothing in it.
pub fn write(facts: &Facts, language: Language) -> Vec<u8> {
    let words = words(language);
    let titles = titles(facts, words).into_iter().map(str::to_owned).collect();
    let lines = rows(facts, words).into_iter().map(|row| row.into_iter().map(text).collect());
    write_cells(std::iter::once(titles).chain(lines), language)
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Count(count) => count.to_string(),
        Cell::Time(wall) => wall_text(wall),
        Cell::Length(seconds) => length_text(seconds),
        Cell::Nothing => String::new(),
    }
}
