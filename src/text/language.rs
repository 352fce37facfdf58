//! The languages that the server speaks and lessons are given in.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A language, written as its BCP 47 tag: `ar`, `fr` or `en`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Language {
    /// العربية
    #[serde(rename = "ar")]
    Arabic,
    /// Français
    #[serde(rename = "fr")]
    French,
    /// English
    #[serde(rename = "en")]
    English,
}

/// A tag of another language, or no tag at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("choose one of the languages ar, fr and en")]
pub struct UnknownLanguage;

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Arabic, Self::French, Self::English];

    /// The language of a tag; its region is left out (`fr-MA` is French), and capitals do not count.
    ///
    /// # Errors
    /// Where it is another language.
    pub fn parse(tag: &str) -> Result<Self, UnknownLanguage> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary)).ok_or(UnknownLanguage)
    }

    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::parse(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.tag()), Ok(language));
            assert_eq!(serde_json::to_string(&language).ok(), Some(format!("\"{language}\"")));
        }
        assert_eq!(Language::parse(" FR-ma"), Ok(Language::French));
        for tag in ["", "de", "french", "-fr"] {
            assert_eq!(Language::parse(tag), Err(UnknownLanguage), "{tag}");
        }
    }
}
