//! Reports as spreadsheets: times are times and lengths are lengths there, to sort and to sum.

use super::facts::Facts;
use super::table::{Cell, head, rows, seal, titles};
use super::words::words;
use crate::text::Language;
use jiff::civil::{DateTime, date};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

const SECONDS_A_DAY: f64 = 86_400.0;

/// Formats that cells have.
struct Formats {
    title: Format,
    label: Format,
    column: Format,
    text: Format,
    count: Format,
    time: Format,
    percent: Format,
    decimal: Format,
    length: Format,
}

/// One sheet: a title, facts, a table, and facts below it.
pub struct Sheet {
    pub title: &'static str,
    pub head: Vec<(&'static str, String)>,
    pub titles: Vec<String>,
    /// Which column is wide: the one of names.
    pub wide: Option<u16>,
    pub rows: Vec<Vec<Cell>>,
    pub foot: Vec<(&'static str, String)>,
    /// What is said in place of facts below, where there are none.
    pub without_foot: Option<&'static str>,
}

/// The report of one lesson.
///
/// # Errors
/// Where the file can't be put together.
pub fn write(facts: &Facts, language: Language) -> Result<Vec<u8>, XlsxError> {
    let words = words(language);
    let sheet = Sheet {
        title: words.title,
        head: head(facts, words),
        titles: titles(facts, words).into_iter().map(str::to_owned).collect(),
        wide: facts.named.then_some(1),
        rows: rows(facts, words),
        foot: seal(facts, words),
        without_foot: Some(words.not_sealed),
    };
    write_sheet(sheet, language)
}

/// # Errors
/// Where the file can't be put together.
pub fn write_sheet(from: Sheet, language: Language) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(from.title)?.set_right_to_left(language == Language::Arabic).set_paper_size(9).set_landscape();
    sheet.write_string_with_format(0, 0, from.title, &formats.title)?;
    let mut row = 2;
    for (label, value) in from.head {
        write_fact(sheet, row, label, &value, &formats)?;
        row += 1;
    }
    row += 1;
    for (column, title) in (0..).zip(&from.titles) {
        sheet.write_string_with_format(row, column, title, &formats.column)?;
        let width = if from.wide == Some(column) { 32.0 } else { 18.0 };
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    for cells in from.rows {
        row += 1;
        for (column, cell) in (0..).zip(cells) {
            write_cell(sheet, row, column, cell, &formats)?;
        }
    }
    row += 2;
    if let Some(text) = from.without_foot.filter(|_| from.foot.is_empty()) {
        sheet.write_string(row, 0, text)?;
    }
    for (label, value) in from.foot {
        write_fact(sheet, row, label, &value, &formats)?;
        row += 1;
    }
    workbook.save_to_buffer()
}

fn write_fact(sheet: &mut Worksheet, row: u32, label: &str, value: &str, formats: &Formats) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 0, label, &formats.label)?;
    sheet.write_string(row, 1, value)?;
    Ok(())
}

/// Text is written as text, whatever it begins with: nothing is calculated.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write_string_with_format(row, column, text, &formats.text)?,
        Cell::Count(count) => sheet.write_number_with_format(row, column, count as f64, &formats.count)?,
        Cell::Time(wall) => sheet.write_number_with_format(row, column, serial(wall), &formats.time)?,
        Cell::Length(seconds) => {
            sheet.write_number_with_format(row, column, seconds as f64 / SECONDS_A_DAY, &formats.length)?
        }
        Cell::Percent(share) => sheet.write_number_with_format(row, column, share / 100.0, &formats.percent)?,
        Cell::Decimal(number) => sheet.write_number_with_format(row, column, number, &formats.decimal)?,
        Cell::Nothing => sheet.write_blank(row, column, &formats.text)?,
    };
    Ok(())
}

/// A time as spreadsheets count it: in days since 1899-12-30 (ECMA-376 part 1, 18.17.4).
fn serial(wall: DateTime) -> f64 {
    let since = wall.duration_since(date(1899, 12, 30).at(0, 0, 0, 0));
    since.as_secs() as f64 / SECONDS_A_DAY
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            label: Format::new().set_bold(),
            column: cell.clone().set_bold().set_text_wrap(),
            text: cell.clone().set_text_wrap(),
            count: cell.clone(),
            time: cell.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
            percent: cell.clone().set_num_format("0.0%"),
            decimal: cell.clone().set_num_format("0.0"),
            length: cell.set_num_format("[h]:mm:ss"),
        }
    }
}
