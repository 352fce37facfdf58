//! A file's bytes as text, and in which encoding they were.

use super::BYTES_MAX;
use super::fault::ImportFault;
use encoding_rs::{WINDOWS_1252, WINDOWS_1256};
use std::borrow::Cow;
use std::fmt;

/// How a file's text was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with a byte order mark: a spreadsheet's "Unicode text".
    Utf16,
    /// Windows' Arabic code page: plain "CSV" of a spreadsheet on an Arabic Windows.
    Windows1256,
    /// Windows' western European code page: the same on a French Windows.
    Windows1252,
}

impl Encoding {
    /// Its usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1256 => "Windows-1256",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text of a file, its lines ended by `\n`, and the encoding it was in, to be shown with the preview.
///
/// What is not Unicode is read as a Windows code page only where its words leave no doubt which one.
///
/// # Errors
/// Where the file is too large, a spreadsheet, broken, or its encoding can't be told.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), ImportFault> {
    if bytes.len() > BYTES_MAX {
        return Err(ImportFault::TooLarge);
    }
    // A zip (xlsx, ods) or an OLE file (xls).
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(ImportFault::Spreadsheet);
    }
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (utf8(rest)?, Encoding::Utf8),
        [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes)?, Encoding::Utf16),
        [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes)?, Encoding::Utf16),
        _ => without_mark(bytes)?,
    };
    Ok((with_plain_lines(&text).into_owned(), encoding))
}

/// The text with its lines ended by `\n`, whatever they ended with.
pub(super) fn with_plain_lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

fn utf8(bytes: &[u8]) -> Result<String, ImportFault> {
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(fault) => {
            let line = line_at(bytes, fault.valid_up_to());
            Err(ImportFault::Broken { encoding: Encoding::Utf8, line })
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ImportFault> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(character.map_err(|_| broken_utf16(&text))?);
    }
    if rest.is_empty() { Ok(text) } else { Err(broken_utf16(&text)) }
}

fn broken_utf16(read: &str) -> ImportFault {
    ImportFault::Broken { encoding: Encoding::Utf16, line: line_at(read.as_bytes(), read.len()) }
}

fn without_mark(bytes: &[u8]) -> Result<(String, Encoding), ImportFault> {
    // UTF-16 without its mark, or no text at all.
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(ImportFault::UnknownEncoding { line: line_at(bytes, at) });
    }
    let unicode = utf8(bytes);
    let Err(fault) = &unicode else { return Ok((unicode?, Encoding::Utf8)) };
    if is_mostly_utf8(bytes) {
        return Err(fault.clone());
    }
    match told_by_words(bytes)? {
        Encoding::Windows1256 => {
            Ok((WINDOWS_1256.decode_without_bom_handling(bytes).0.into_owned(), Encoding::Windows1256))
        }
        _ => windows_1252(bytes),
    }
}

fn windows_1252(bytes: &[u8]) -> Result<(String, Encoding), ImportFault> {
    // Five bytes that the code page leaves open.
    if let Some(at) = bytes.iter().position(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)) {
        return Err(ImportFault::Broken { encoding: Encoding::Windows1252, line: line_at(bytes, at) });
    }
    Ok((WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), Encoding::Windows1252))
}

/// Whether most of what is not ASCII is UTF-8: then a few bytes were damaged, and a code page would make noise of it.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > invalid
}

/// Which of the two code pages the words were written in.
///
/// Most small accented letters of French are the same byte in both. What differs is an Arabic letter in the one and most
/// often a capital with an accent in the other: Arabic words hold no Latin letters, and French ones do not consist of
/// accented capitals alone. Where there are words of both kinds, or of neither, nothing is sure.
fn told_by_words(bytes: &[u8]) -> Result<Encoding, ImportFault> {
    let differs: Vec<bool> = (0..=u8::MAX).map(differs).collect();
    let is_different = |byte: &u8| differs.get(usize::from(*byte)).copied().unwrap_or(false);
    let Some(first) = bytes.iter().position(is_different) else { return Ok(Encoding::Windows1252) };
    let (mut arabic, mut latin) = (false, false);
    for word in bytes.split(|byte| !is_word_byte(*byte)) {
        if !word.iter().any(is_different) {
            continue;
        }
        if word.iter().any(u8::is_ascii_alphabetic) {
            latin = true;
        } else if word.len() > 1 {
            arabic = true;
        }
    }
    match (arabic, latin) {
        (true, false) => Ok(Encoding::Windows1256),
        (false, true) => Ok(Encoding::Windows1252),
        _ => Err(ImportFault::UnknownEncoding { line: line_at(bytes, first) }),
    }
}

/// Letters of either code page, and what may be one; not their quotes, dashes, spaces and Arabic punctuation.
fn is_word_byte(byte: u8) -> bool {
    let between = matches!(byte, 0x85 | 0x91..=0x97 | 0xA0 | 0xA1 | 0xAB | 0xB7 | 0xBA | 0xBB | 0xBF);
    byte.is_ascii_alphabetic() || (!byte.is_ascii() && !between)
}

fn differs(byte: u8) -> bool {
    let bytes = [byte];
    let as_arabic = WINDOWS_1256.decode_without_bom_handling(&bytes).0;
    is_word_byte(byte) && as_arabic != WINDOWS_1252.decode_without_bom_handling(&bytes).0
}

/// The line, from 1 up, of the byte at `at`.
fn line_at(bytes: &[u8], at: usize) -> u32 {
    let before = bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}
