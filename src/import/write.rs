//! Tables back to CSV.

use super::Table;
use crate::text::Language;

/// Writes a table so that a spreadsheet opens it in Arabic as well as in French, and [`super::read`] gives it back: UTF-8
/// with a byte order mark, CRLF, titles and words in `language`. Cells are separated by commas in English and by
/// semicolons otherwise, as spreadsheets of these languages expect.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe, which reading takes off again.
pub fn write<'a, T: Table + 'a>(rows: impl IntoIterator<Item = &'a T>, language: Language) -> Vec<u8> {
    let titles = T::COLUMNS.iter().filter(|column| column.written).map(|column| column.title(language).to_owned());
    let titles = std::iter::once(titles.collect());
    write_cells(titles.chain(rows.into_iter().map(|row| row.cells(language))), language)
}

/// Writes lines of cells in the same way: a table that is only given out.
pub fn write_cells(lines: impl IntoIterator<Item = Vec<String>>, language: Language) -> Vec<u8> {
    let separator = if language == Language::English { ',' } else { ';' };
    let mut text = String::from("\u{FEFF}");
    for line in lines {
        push_line(&mut text, separator, line.iter().map(String::as_str));
    }
    text.into_bytes()
}

fn push_line<'a>(text: &mut String, separator: char, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(separator);
        }
        let guard = if needs_guard(cell) { "'" } else { "" };
        if cell.contains([separator, '"', '\n', '\r']) {
            text.push_str(&format!("\"{guard}{}\"", cell.replace('"', "\"\"")));
        } else {
            text.push_str(guard);
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

/// Whether a spreadsheet would calculate with this cell, or reading would take its apostrophe for a guard.
fn needs_guard(cell: &str) -> bool {
    starts_formula(cell) || cell.strip_prefix('\'').is_some_and(is_guarded)
}

/// Whether an apostrophe before this is a guard.
fn is_guarded(rest: &str) -> bool {
    starts_formula(rest) || rest.starts_with('\'')
}

fn starts_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// A cell's text without the spaces around it, and without its guard.
pub(super) fn without_guard(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('\'').filter(|rest| is_guarded(rest)).unwrap_or(cell)
}
