//! Reports as CSV.

use super::facts::Facts;
use super::table::{Cell, length_text, rows, titles, wall_text};
use super::words::words;
use crate::import::write_cells;
use crate::text::Language;

/// A line of titles, and one for each person. Spreadsheets open it, and calculate with nothing in it.
pub fn write(facts: &Facts, language: Language) -> Vec<u8> {
    let words = words(language);
    let titles = titles(facts, words).into_iter().map(str::to_owned).collect();
    write_table(titles, rows(facts, words), language)
}

/// A line of titles, and one for each row of cells.
pub fn write_table(titles: Vec<String>, rows: Vec<Vec<Cell>>, language: Language) -> Vec<u8> {
    let lines = rows.into_iter().map(|row| row.into_iter().map(|cell| text(cell, language)).collect());
    write_cells(std::iter::once(titles).chain(lines), language)
}

fn text(cell: Cell, language: Language) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Count(count) => count.to_string(),
        Cell::Time(wall) => wall_text(wall),
        Cell::Length(seconds) => length_text(seconds),
        Cell::Percent(number) | Cell::Decimal(number) => decimal(number, language),
        Cell::Nothing => String::new(),
    }
}

/// With one decimal, and the mark that spreadsheets of the language read.
fn decimal(number: f64, language: Language) -> String {
    let text = format!("{number:.1}");
    if language == Language::English { text } else { text.replace('.', ",") }
}
