//! A file's text as rows.

use super::cells::Cells;
use super::decode::with_plain_lines;
use super::fault::{ImportFault, Problems, Trouble};
use super::header::{Header, Titles};
use super::{BYTES_MAX, ROWS_MAX, Table};
use csv::{Reader, ReaderBuilder, StringRecord};
use std::collections::HashMap;

/// The most a file's text has: each byte of a code page can be up to three in UTF-8.
const TEXT_BYTES_MAX: usize = 3 * BYTES_MAX;

/// What cells are separated by; the first of those that make equally much of the header counts.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What was read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import<T> {
    /// The rows without problems, in the file's order.
    pub rows: Vec<Numbered<T>>,
    /// What is wrong with the others.
    pub problems: Problems,
}

/// A row and the line of the file it began on, from 1 up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<T> {
    /// The line.
    pub line: u32,
    /// The row.
    pub row: T,
}

/// Reads a table from a file's text (see [`super::decode`]). Every line is looked at, whatever the others are; lines
/// without any text do not count. The largest file takes about a second: not for a thread that others wait for.
///
/// # Errors
/// Where the file as a whole can't be read: its header, or its size.
pub fn read<T: Table>(text: &str) -> Result<Import<T>, ImportFault> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(ImportFault::TooLarge);
    }
    let text = with_plain_lines(text);
    let titles = Titles::of(T::COLUMNS);
    let mut sheet = Sheet::open(&text, &titles)?;
    let header = Header::read(T::COLUMNS, &titles, &sheet.record)?;
    let mut import = Import { rows: Vec::new(), problems: Problems::default() };
    let mut seen = HashMap::new();
    let mut lines = 0_usize;
    while sheet.advance() {
        lines += 1;
        if lines > ROWS_MAX {
            return Err(ImportFault::TooManyRows);
        }
        let line = sheet.line;
        let (record, problems) = (&sheet.record, &mut import.problems);
        let mut cells = Cells { columns: T::COLUMNS, header: &header, record, line, problems };
        if cells.is_blank() || !cells.check_shape() {
            continue;
        }
        let Some(row) = T::read(&mut cells) else { continue };
        if is_new(&row, &mut cells, &mut seen) {
            import.rows.push(Numbered { line, row });
        }
    }
    Ok(import)
}

/// Whether no earlier row has one of this one's keys; blames the first that one has.
fn is_new<T: Table>(row: &T, cells: &mut Cells<'_>, seen: &mut HashMap<(&'static str, String), u32>) -> bool {
    let keys = row.keys();
    let earlier = keys.iter().find_map(|key| Some((key.0, *seen.get(key)?)));
    if let Some((column, line)) = earlier {
        let detail = format!("lines {line} and {} say the same: keep one of them", cells.line);
        cells.blame(column, Trouble::new("duplicate", detail));
        return false;
    }
    seen.extend(keys.into_iter().map(|key| (key, cells.line)));
    true
}

/// A file's records one after the other, the header first.
struct Sheet<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    lines_before: u32,
    record: StringRecord,
    line: u32,
}

impl<'a> Sheet<'a> {
    /// Opens the sheet at its header, with the separator that makes most of it.
    fn open(text: &'a str, titles: &Titles) -> Result<Self, ImportFault> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        // A spreadsheet's own hint, which it shows nobody.
        let hinted = text.split_once('\n').filter(|(first, _)| {
            first.len() <= "sep=;".len() && first.get(..4).is_some_and(|hint| hint.eq_ignore_ascii_case("sep="))
        });
        let (text, lines_before) = hinted.map_or((text, 0), |(_, rest)| (rest, 1));
        let mut best: Option<(usize, Self)> = None;
        for separator in SEPARATORS {
            let reader = ReaderBuilder::new()
                .delimiter(separator)
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let mut sheet = Self { reader, text, lines_before, record: StringRecord::new(), line: 0 };
            if !sheet.advance() {
                return Err(ImportFault::Empty);
            }
            let known = titles.known(&sheet.record);
            if best.as_ref().is_none_or(|(most, _)| known > *most) {
                best = Some((known, sheet));
            }
        }
        best.map(|(_, sheet)| sheet).ok_or(ImportFault::Empty)
    }

    /// Goes to the next record; says whether there is one.
    fn advance(&mut self) -> bool {
        // A file in memory that is UTF-8 has no error to give.
        if !self.reader.read_record(&mut self.record).unwrap_or(false) {
            return false;
        }
        if let Some(position) = self.record.position() {
            // Empty lines are passed over unseen, but a position is taken before them.
            let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            let rest = self.text.as_bytes().get(from..).unwrap_or_default();
            let skipped = rest.iter().take_while(|byte| **byte == b'\n').count();
            let line = position.line().saturating_add(skipped as u64);
            self.line = u32::try_from(line).unwrap_or(u32::MAX).saturating_add(self.lines_before);
        }
        true
    }
}
