//! Text as it is drawn: cut into runs of one direction and one part of the font, shaped, and put in the order in which it
//! is seen.

use super::fonts::{Fonts, Part, Weight};
use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::ttf_parser::Tag;
use rustybuzz::{Direction, Feature, UnicodeBuffer};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// Which way a text goes as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    LeftToRight,
    RightToLeft,
    /// As its first letter does: people's own words.
    Own,
}

/// A line that is ready to be drawn. Widths are in ems.
#[derive(Clone, Debug)]
pub struct Shaped {
    pub weight: Weight,
    /// From left to right.
    pub runs: Vec<Run>,
    pub width: f32,
}

/// Glyphs of one part of the font.
#[derive(Clone, Debug)]
pub struct Run {
    pub part: usize,
    /// What the glyphs stand for, as programs that read the PDF are told.
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

/// Letters that a font may join for beauty stay apart: programs that read a PDF turn what is joined around in texts from
/// right to left. What a script must join (lam and alef) is another feature.
const SEPARATE: [Feature; 2] = [feature(b"liga"), feature(b"dlig")];

const fn feature(tag: &[u8; 4]) -> Feature {
    Feature { tag: Tag::from_bytes(tag), value: 0, start: 0, end: u32::MAX }
}

/// Shapes one line.
pub fn shape(fonts: &Fonts<'_>, text: &str, weight: Weight, way: Way) -> Shaped {
    let base = match way {
        Way::LeftToRight => Some(Level::ltr()),
        Way::RightToLeft => Some(Level::rtl()),
        Way::Own => None,
    };
    // What would break a line is a space here: it is one line.
    let text: String =
        text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect();
    let parts = fonts.parts(weight);
    let mut runs = Vec::new();
    let info = BidiInfo::new(&text, base);
    for paragraph in &info.paragraphs {
        let (levels, ranges) = info.visual_runs(paragraph, paragraph.range.clone());
        for range in ranges {
            let is_rtl = levels.get(range.start).is_some_and(|level| level.is_rtl());
            let mut pieces = by_part(parts, &text, range);
            if is_rtl {
                pieces.reverse();
            }
            runs.extend(pieces.into_iter().filter_map(|(part, range)| run(parts, part, &text, range, is_rtl)));
        }
    }
    let width = runs.iter().map(|run: &Run| run.width).sum();
    Shaped { weight, runs, width }
}

/// Cuts a range where another part of the font has to draw; marks and spaces stay with what is before them.
fn by_part(parts: &[Part<'_>], text: &str, range: Range<usize>) -> Vec<(usize, Range<usize>)> {
    let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
    let Some(slice) = text.get(range.clone()) else { return pieces };
    let has = |part: &Part<'_>, c: char| part.face.glyph_index(c).is_some();
    for (at, c) in slice.char_indices() {
        let (from, to) = (range.start + at, range.start + at + c.len_utf8());
        let before = pieces.last().map(|(part, _)| *part);
        let keeps = before.filter(|part| parts.get(*part).is_some_and(|part| has(part, c)));
        let part = keeps.or_else(|| parts.iter().position(|part| has(part, c))).or(before).unwrap_or(0);
        match pieces.last_mut() {
            Some((last, piece)) if *last == part => piece.end = to,
            _ => pieces.push((part, from..to)),
        }
    }
    pieces
}

fn run(parts: &[Part<'_>], part: usize, text: &str, range: Range<usize>, is_rtl: bool) -> Option<Run> {
    let face = &parts.get(part)?.face;
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text.get(range.clone())?);
    buffer.guess_segment_properties();
    buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
    let shaped = rustybuzz::shape(face, &SEPARATE, buffer);
    let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
    // Where each cluster of characters begins, in the order of the text; it ends where the next one does.
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut told = String::with_capacity(range.len());
    let mut places: Vec<Range<usize>> = Vec::with_capacity(starts.len());
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(range.len());
        let cluster = text.get(range.start + start..range.start + end).unwrap_or_default();
        let from = told.len();
        match joined(cluster) {
            Some(one) => told.push(one),
            // Other letters of one glyph: readers turn them around with the rest, so they are told turned around.
            None if is_rtl && infos.iter().filter(|info| info.cluster as usize == *start).count() == 1 => {
                told.extend(cluster.chars().rev());
            }
            None => told.push_str(cluster),
        }
        places.push(from..told.len());
    }
    let place_of = |cluster: u32| {
        let index = starts.binary_search(&(cluster as usize)).unwrap_or_default();
        places.get(index).cloned().unwrap_or_default()
    };
    let em = face.units_per_em() as f32;
    let glyphs: Vec<KrillaGlyph> = infos
        .iter()
        .zip(positions)
        .map(|(info, position)| {
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                position.x_advance as f32 / em,
                position.x_offset as f32 / em,
                position.y_offset as f32 / em,
                position.y_advance as f32 / em,
                place_of(info.cluster),
                None,
            )
        })
        .collect();
    let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
    Some(Run { part, text: told, glyphs, width })
}

/// Lam and alef, which are written as one, as the one character that stands for both: a reader that turns a text around
/// would turn two letters of one glyph as well.
fn joined(cluster: &str) -> Option<char> {
    match cluster {
        "\u{644}\u{622}" => Some('\u{FEF5}'),
        "\u{644}\u{623}" => Some('\u{FEF7}'),
        "\u{644}\u{625}" => Some('\u{FEF9}'),
        "\u{644}\u{627}" => Some('\u{FEFB}'),
        _ => None,
    }
}

/// Cuts a text into lines that are at most `width` ems wide, at its spaces; a word that is wider stands alone.
pub fn wrap(fonts: &Fonts<'_>, text: &str, weight: Weight, way: Way, width: f32) -> Vec<Shaped> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if !line.is_empty() && shape(fonts, &longer, weight, way).width > width {
            lines.push(shape(fonts, &line, weight, way));
            line = word.to_owned();
        } else {
            line = longer;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(shape(fonts, &line, weight, way));
    }
    lines
}
