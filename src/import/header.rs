//! Headers: which column of a file is which of a table's.

use super::COLUMNS_MAX;
use super::fault::ImportFault;
use crate::text::{Language, excerpt, fold};
use csv::StringRecord;
use std::collections::HashMap;

/// How much of an unknown title is shown, in characters.
const TITLE_CHARS_MAX: usize = 40;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the code and the API.
    pub name: &'static str,
    /// Its titles in Arabic, French and English, by which it is written.
    pub titles: [&'static str; 3],
    /// Other titles by which it is read.
    pub synonyms: &'static [&'static str],
    /// Whether every file has it, and every row a value in it.
    pub required: bool,
    /// Whether it is written; another column says the same otherwise.
    pub written: bool,
}

impl Column {
    pub(super) const fn required(
        name: &'static str,
        titles: [&'static str; 3],
        synonyms: &'static [&'static str],
    ) -> Self {
        Self { name, titles, synonyms, required: true, written: true }
    }

    pub(super) const fn optional(
        name: &'static str,
        titles: [&'static str; 3],
        synonyms: &'static [&'static str],
    ) -> Self {
        Self { name, titles, synonyms, required: false, written: true }
    }

    /// A column that some files have beside another one, which is written alone.
    pub(super) const fn read_only(
        name: &'static str,
        titles: [&'static str; 3],
        synonyms: &'static [&'static str],
    ) -> Self {
        Self { name, titles, synonyms, required: false, written: false }
    }

    /// Its title in `language`.
    #[must_use]
    pub fn title(&self, language: Language) -> &'static str {
        word_in(&self.titles, language)
    }

    fn all_titles(&self) -> impl Iterator<Item = &'static str> {
        [self.name].into_iter().chain(self.titles).chain(self.synonyms.iter().copied())
    }
}

/// The one of three words, in Arabic, French and English, that is in `language`.
pub(super) fn word_in(words: &[&'static str; 3], language: Language) -> &'static str {
    let [arabic, french, english] = words;
    match language {
        Language::Arabic => arabic,
        Language::French => french,
        Language::English => english,
    }
}

/// Which column each title means, by its key.
pub(super) struct Titles(HashMap<String, usize>);

impl Titles {
    pub fn of(columns: &[Column]) -> Self {
        let keys = columns
            .iter()
            .enumerate()
            .flat_map(|(index, column)| column.all_titles().map(move |title| (fold(title), index)));
        Self(keys.collect())
    }

    fn column(&self, title: &str) -> Option<usize> {
        self.0.get(&fold(title)).copied()
    }

    /// How many of a header's titles are known.
    pub fn known(&self, header: &StringRecord) -> usize {
        header.iter().take(COLUMNS_MAX).filter(|title| self.column(title).is_some()).count()
    }
}

/// Where in a line each of a table's columns is.
pub(super) struct Header {
    /// By the table's column: the place in the line.
    pub places: Vec<Option<usize>>,
    /// How many titles the file has, empty ones too.
    pub titles: usize,
}

impl Header {
    pub fn read(columns: &'static [Column], titles: &Titles, header: &StringRecord) -> Result<Self, ImportFault> {
        if header.len() > COLUMNS_MAX {
            return Err(ImportFault::TooManyColumns);
        }
        let mut places = vec![None; columns.len()];
        let mut unknown = Vec::new();
        let mut twice = Vec::new();
        for (at, title) in header.iter().enumerate().filter(|(_, title)| !title.trim().is_empty()) {
            match titles.column(title).and_then(|index| Some((columns.get(index)?, places.get_mut(index)?))) {
                Some((column, Some(_))) => twice.push(column.name),
                Some((_, place)) => *place = Some(at),
                None => unknown.push(excerpt(title, TITLE_CHARS_MAX)),
            }
        }
        let is_missing = |(column, place): &(&Column, &Option<usize>)| column.required && place.is_none();
        let missing: Vec<_> = columns.iter().zip(&places).filter(is_missing).map(|(column, _)| column.name).collect();
        if missing.is_empty() && unknown.is_empty() && twice.is_empty() {
            return Ok(Self { places, titles: header.len() });
        }
        let accepted =
            columns.iter().map(|column| format!("{} ({})", column.name, column.titles.join(" / "))).collect();
        Err(ImportFault::Header { missing, unknown, twice, accepted })
    }
}
