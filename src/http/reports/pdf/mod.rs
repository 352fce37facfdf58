//! The report on paper: A4, in Arabic from right to left, with the seal and a code that leads to where it is checked.

mod fonts;
mod sheet;
mod text;

use super::facts::{Facts, Somebody};
use super::table::{clock_text, head, length_text, people, seal};
use super::words::{Words, words};
use crate::protocol::Role;
use crate::text::Language;
use crate::time::Timestamp;
use fonts::{Fonts, Weight, unpacked};
use krilla::Document;
use krilla::metadata::Metadata;
use qrcode::{Color, EcLevel, QrCode};
use sheet::{ACCENT, FAINT, INK, INNER, LINE, SOFT, Sheet, Style, leading};
use text::{Way, wrap};

/// The side of the code, in points: 41 squares and more, each wider than a printer's dot.
const CODE: f32 = 96.0;

const SMALL: f32 = 8.5;

/// Why there is no PDF.
#[derive(Debug)]
pub enum PdfFault {
    /// This build has no font.
    NoFont,
    Failed(String),
}

/// # Errors
/// Where there is no font, or the file can't be put together.
pub fn write(facts: &Facts, language: Language, base_url: &str) -> Result<Vec<u8>, PdfFault> {
    let fonts = Fonts::of(unpacked()?)?;
    let words = words(language);
    let mut sheet = Sheet::new(&fonts, language == Language::Arabic);
    write_head(&mut sheet, facts, words);
    write_table(&mut sheet, facts, words);
    write_corrections(&mut sheet, facts, words);
    write_seal(&mut sheet, facts, words, base_url)?;
    let mut document = Document::new();
    let title = format!("{}: {}", words.title, facts.lesson.title);
    document.set_metadata(Metadata::new().title(title).language(language.tag().into()).creator("Qism".into()));
    let hash = facts.seal().map(|seal| seal.hash.to_string()).unwrap_or_default();
    sheet.draw(&mut document, |page, pages| {
        let short: String = hash.chars().take(16).collect();
        format!("{} {page} / {pages}   {short}", words.page)
    })?;
    document.finish().map_err(|error| PdfFault::Failed(format!("{error:?}")))
}

impl Sheet<'_, '_> {
    fn style(&self, size: f32, weight: Weight, colour: sheet::Colour) -> Style {
        Style { size, weight, colour, way: self.way() }
    }
}

/// The title, and what is known of the lesson in two columns.
fn write_head(sheet: &mut Sheet<'_, '_>, facts: &Facts, words: &Words) {
    let title = sheet.style(20.0, Weight::Strong, ACCENT);
    sheet.text(0.0, sheet.y + 18.0, title, words.title);
    sheet.y += 30.0;
    sheet.fill(0.0, sheet.y, INNER, 1.5, ACCENT);
    sheet.y += 6.0;
    let column = INNER / 2.0 - 10.0;
    let (label, value) = (sheet.style(7.5, Weight::Regular, FAINT), sheet.style(10.0, Weight::Strong, INK));
    for pair in head(facts, words).chunks(2) {
        let mut height: f32 = 0.0;
        for (index, (name, text)) in pair.iter().enumerate() {
            let start = index as f32 * (column + 20.0);
            let top = sheet.block(start, sheet.y, column, label, name);
            height = height.max(top + sheet.block(start, sheet.y + top - 1.0, column, value, text));
        }
        sheet.y += height + 3.0;
    }
    sheet.y += 8.0;
}

/// A column: its title, how wide it is beside the others, and its cell for somebody.
struct Column<'w> {
    title: &'w str,
    share: f32,
    cell: Box<dyn Fn(&Somebody) -> String + 'w>,
}

fn columns<'w>(facts: &'w Facts, words: &'w Words) -> Vec<Column<'w>> {
    let clock = |at: Option<Timestamp>| at.map(|at| clock_text(facts.lesson.zone.wall(at))).unwrap_or_default();
    let length = |us: i64| length_text(us.div_euclid(1_000_000));
    let column = |title, share, cell| Column { title, share, cell };
    let who = move |one: &Somebody| {
        let role = if one.listed.role == Role::Trainer { words.trainer } else { words.trainee };
        match &one.name {
            Some(name) if one.listed.role == Role::Trainer => format!("{name} ({role})"),
            Some(name) => name.clone(),
            None => role.to_owned(),
        }
    };
    let counted = move |one: &Somebody| {
        let mark = if one.corrected.is_some() { " *" } else { "" };
        length(one.counted_us()) + mark
    };
    vec![
        column(words.number, 0.7, Box::new(|one| one.listed.number.to_string())),
        column(if facts.named { words.name } else { words.role }, 3.0, Box::new(who)),
        column(words.first_at, 1.3, Box::new(move |one| clock(one.result.first_at))),
        column(words.last_at, 1.3, Box::new(move |one| clock(one.result.last_at))),
        column(words.present, 1.1, Box::new(move |one| length(one.result.present_us))),
        column(words.away, 1.1, Box::new(move |one| length(one.result.away_us))),
        column(words.dropped, 1.15, Box::new(move |one| length(one.result.dropped_us))),
        column(words.drops, 1.1, Box::new(|one| one.result.drops.to_string())),
        column(words.counted, 1.25, Box::new(counted)),
    ]
}

fn write_table(sheet: &mut Sheet<'_, '_>, facts: &Facts, words: &Words) {
    let columns = columns(facts, words);
    let shares: f32 = columns.iter().map(|column| column.share).sum();
    let unit = INNER / shares;
    write_titles(sheet, &columns, unit);
    let style = sheet.style(SMALL, Weight::Regular, INK);
    for one in people(facts) {
        let cells: Vec<Vec<_>> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                // Names are people's own words; the rest is figures, and this document's.
                let way = if index == 1 && facts.named { Way::Own } else { style.way };
                wrap(sheet.fonts, &(column.cell)(one), style.weight, way, (column.share * unit - 6.0) / style.size)
            })
            .collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = lines as f32 * leading(style.size) + 4.0;
        if sheet.is_full(height) {
            sheet.turn();
            write_titles(sheet, &columns, unit);
        }
        let mut start = 0.0;
        for (column, lines) in columns.iter().zip(cells) {
            for (number, shaped) in lines.into_iter().enumerate() {
                let y = sheet.y + 2.0 + (number as f32 + 1.0) * leading(style.size) - style.size * 0.35;
                sheet.line(start + 3.0, y, style, shaped);
            }
            start += column.share * unit;
        }
        sheet.y += height;
        sheet.fill(0.0, sheet.y - 0.5, INNER, 0.5, LINE);
    }
    sheet.y += 10.0;
}

fn write_titles(sheet: &mut Sheet<'_, '_>, columns: &[Column<'_>], unit: f32) {
    let style = sheet.style(7.5, Weight::Strong, INK);
    let high = |column: &Column<'_>| {
        wrap(sheet.fonts, column.title, style.weight, style.way, (column.share * unit - 6.0) / style.size).len()
    };
    let lines = columns.iter().map(high).max().unwrap_or(1);
    let height = lines as f32 * leading(style.size) + 6.0;
    sheet.fill(0.0, sheet.y, INNER, height, SOFT);
    let mut start = 0.0;
    for column in columns {
        sheet.block(start + 3.0, sheet.y + 2.0, column.share * unit - 6.0, style, column.title);
        start += column.share * unit;
    }
    sheet.y += height;
}

/// What was put right, below the table; reasons for those who see names.
fn write_corrections(sheet: &mut Sheet<'_, '_>, facts: &Facts, words: &Words) {
    let corrected: Vec<&Somebody> = people(facts).into_iter().filter(|one| one.corrected.is_some()).collect();
    if corrected.is_empty() {
        return;
    }
    let length = |us: i64| length_text(us.div_euclid(1_000_000));
    let (heading, line) = (sheet.style(SMALL, Weight::Strong, INK), sheet.style(SMALL, Weight::Regular, INK));
    if sheet.is_full(3.0 * leading(SMALL)) {
        sheet.turn();
    }
    sheet.y += sheet.block(0.0, sheet.y, INNER, heading, &format!("* {}", words.corrections));
    for one in corrected {
        let Some(correction) = &one.corrected else { continue };
        let reason = if facts.named { correction.reason.as_str() } else { "" };
        let (after, worked_out) = (length(correction.after_us), length(one.result.counted_us));
        let text = format!("{} {}: {after} ({worked_out}) {reason}", words.number, one.listed.number);
        if sheet.is_full(leading(SMALL) * 3.0) {
            sheet.turn();
        }
        sheet.y += sheet.block(0.0, sheet.y, INNER, line, &text);
    }
    sheet.y += 10.0;
}

/// The seal: what it is, and a code that leads to where the server says whether it knows it.
fn write_seal(sheet: &mut Sheet<'_, '_>, facts: &Facts, words: &Words, base_url: &str) -> Result<(), PdfFault> {
    let (label, value) = (sheet.style(7.5, Weight::Regular, FAINT), sheet.style(SMALL, Weight::Regular, INK));
    let Some(seal_of) = facts.seal() else {
        sheet.y += sheet.block(0.0, sheet.y, INNER, sheet.style(SMALL, Weight::Strong, INK), words.not_sealed);
        return Ok(());
    };
    if sheet.is_full(CODE + 60.0) {
        sheet.turn();
    }
    let top = sheet.y;
    sheet.fill(0.0, top, INNER, 1.0, ACCENT);
    sheet.y += 4.0;
    sheet.y += sheet.block(0.0, sheet.y, INNER, sheet.style(11.0, Weight::Strong, ACCENT), words.seal);
    let column = INNER - CODE - 20.0;
    for (name, text) in seal(facts, words) {
        sheet.y += sheet.block(0.0, sheet.y, column, label, name) - 1.0;
        sheet.y += sheet.block(0.0, sheet.y, column, value, &text);
    }
    sheet.y += 4.0;
    sheet.y += sheet.block(0.0, sheet.y, column, label, words.check);
    let url = format!("{base_url}/verify#{}", seal_of.hash);
    let address = Style { size: 6.5, way: Way::LeftToRight, ..value };
    sheet.y += sheet.block(0.0, sheet.y, column, address, &url);
    let code = INNER - CODE;
    sheet.pattern(code, top + 12.0, CODE, &squares(&url)?);
    sheet.link(code, top + 12.0, CODE, CODE, &url);
    sheet.y = sheet.y.max(top + 12.0 + CODE);
    Ok(())
}

/// The dark squares of a code, in one box for each stretch of a row, within a square of [`CODE`].
fn squares(url: &str) -> Result<Vec<(f32, f32, f32, f32)>, PdfFault> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M);
    let code = code.map_err(|error| PdfFault::Failed(format!("the code of {} bytes: {error}", url.len())))?;
    let side = code.width();
    let unit = CODE / side as f32;
    let mut boxes = Vec::new();
    for (row, colours) in code.to_colors().chunks(side).enumerate() {
        let mut from = None;
        for (column, colour) in colours.iter().chain([&Color::Light]).enumerate() {
            match (colour, from) {
                (Color::Dark, None) => from = Some(column),
                (Color::Light, Some(start)) => {
                    let width = (column - start) as f32 * unit;
                    boxes.push((start as f32 * unit, row as f32 * unit, width, unit));
                    from = None;
                }
                _ => {}
            }
        }
    }
    Ok(boxes)
}
