//! Text that people write: one line, or several.

use super::TextFault;
use super::characters::{fault_of, shows};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// How many bytes one of the `MAX` characters may bring, with the white space around it; longer input is not looked at.
const BYTES_PER_CHARACTER_MAX: usize = 16;

/// One line of text with 1 to `MAX` Unicode scalar values: a name, a title.
///
/// It is in NFC, has single spaces and those inside only, and holds no control, direction or invisible character. Any
/// white space, line breaks too, counts as a space.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const MAX: usize>(String);

/// Lines of text with 1 to `MAX` Unicode scalar values, line breaks among them: a description.
///
/// As a [`Line`], but lines end with `\n`, spaces within a line stay, and at most one empty line stands between two
/// others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Paragraph<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// The line that `text` is.
    ///
    /// # Errors
    /// What is wrong with it; the first thing only.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        check_size::<MAX>(text)?;
        let composed: String = text.nfc().collect();
        check_characters(&composed)?;
        check_length::<MAX>(single_spaced(&composed)).map(Self)
    }

    /// The line that `text` is once what a line may not hold is left out: for names that people give in passing, where
    /// a question about direction marks would keep them from the door.
    ///
    /// # Errors
    /// [`TextFault::Empty`] or [`TextFault::TooLong`].
    pub fn cleaned(text: &str) -> Result<Self, TextFault> {
        check_size::<MAX>(text)?;
        let mut previous = None;
        let mut kept = String::with_capacity(text.len());
        for character in text.nfc() {
            if fault_of(previous, character).is_none() {
                kept.push(character);
                previous = Some(character);
            }
        }
        Self::parse(&kept)
    }
}

impl<const MAX: usize> Paragraph<MAX> {
    /// The paragraph that `text` is.
    ///
    /// # Errors
    /// What is wrong with it; the first thing only.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        check_size::<MAX>(text)?;
        let composed: String = text.nfc().collect();
        check_characters(&composed)?;
        check_length::<MAX>(lines(&composed)).map(Self)
    }
}

/// What both kinds of text can do.
macro_rules! text {
    ($name:ident) => {
        impl<const MAX: usize> $name<MAX> {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> AsRef<str> for $name<MAX> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<const MAX: usize> FromStr for $name<MAX> {
            type Err = TextFault;

            fn from_str(text: &str) -> Result<Self, TextFault> {
                Self::parse(text)
            }
        }

        impl<const MAX: usize> TryFrom<String> for $name<MAX> {
            type Error = TextFault;

            fn try_from(text: String) -> Result<Self, TextFault> {
                Self::parse(&text)
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> String {
                text.0
            }
        }
    };
}

text!(Line);
text!(Paragraph);

/// Keeps the work for one text in proportion to `MAX`.
fn check_size<const MAX: usize>(text: &str) -> Result<(), TextFault> {
    if text.len() > MAX.saturating_mul(BYTES_PER_CHARACTER_MAX) {
        return Err(TextFault::TooLong { max: MAX, found: text.chars().count() });
    }
    Ok(())
}

fn check_characters(text: &str) -> Result<(), TextFault> {
    let mut previous = None;
    for character in text.chars() {
        if let Some(fault) = fault_of(previous, character) {
            return Err(fault);
        }
        previous = Some(character);
    }
    Ok(())
}

fn check_length<const MAX: usize>(text: String) -> Result<String, TextFault> {
    let found = text.chars().count();
    if !shows(&text) {
        Err(TextFault::Empty)
    } else if found > MAX {
        Err(TextFault::TooLong { max: MAX, found })
    } else {
        Ok(text)
    }
}

fn single_spaced(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The lines of `text`, whatever they end with, without what cannot be seen at their ends.
fn lines(text: &str) -> String {
    let one_end = text.replace("\r\n", "\n");
    let mut kept = String::with_capacity(one_end.len());
    let mut gap = false;
    for line in one_end.split(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let line = line.trim_end();
        if line.is_empty() {
            gap = !kept.is_empty();
            continue;
        }
        if !kept.is_empty() {
            kept.push_str(if gap { "\n\n" } else { "\n" });
        }
        kept.extend(line.chars().map(|character| if character.is_whitespace() { ' ' } else { character }));
        gap = false;
    }
    // The first line's indent means nothing.
    kept.trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Description, Name};
    use proptest::prelude::*;

    fn name(text: &str) -> Result<String, TextFault> {
        Name::parse(text).map(String::from)
    }

    #[test]
    fn names_are_kept_as_people_write_them() {
        for text in
            ["سلمى أوشن", "Fatima-Zahra El Idrissi", "O’Neill", "José", "ⵢⵓⵙⴼ", "نرگس می\u{200C}رود", "❤\u{FE0F}"]
        {
            assert_eq!(name(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn spaces_are_single_and_inside_only() {
        assert_eq!(name("  Karim \t\n\u{2028}  Ouali \u{A0}").as_deref(), Ok("Karim Ouali"));
    }

    #[test]
    fn accents_are_composed() {
        assert_eq!(name("Jose\u{301}").as_deref(), Ok("José"));
        assert_eq!(name("ا\u{654}حمد").as_deref(), Ok("أحمد"));
    }

    #[test]
    fn what_hides_or_turns_text_is_refused_by_its_name() {
        let cases = [
            ("Kar\u{0}im", TextFault::Control),
            ("Kar\u{9B}im", TextFault::Control),
            ("\u{202E}Karim", TextFault::BidiControl),
            ("Karim\u{2069}", TextFault::BidiControl),
            ("سلمى\u{200F}", TextFault::BidiControl),
            ("\u{61C}سلمى", TextFault::BidiControl),
            ("Kar\u{200B}im", TextFault::Invisible),
            ("Karim\u{FE0F}", TextFault::Invisible),
            ("\u{3164}", TextFault::Invisible),
            ("\u{FEFF}Karim", TextFault::Invisible),
            ("Karim\u{FFFF}", TextFault::Invisible),
            ("", TextFault::Empty),
            (" \n\t", TextFault::Empty),
            ("\u{200D}\u{200C}", TextFault::Empty),
        ];
        for (text, fault) in cases {
            assert_eq!(name(text), Err(fault), "{text:?}");
            assert_eq!(Description::parse(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn the_most_characters_are_counted_as_people_see_them_come() {
        let longest = "م".repeat(80);
        assert_eq!(name(&format!(" {longest} ")), Ok(longest.clone()));
        assert_eq!(name(&format!("{longest}م")), Err(TextFault::TooLong { max: 80, found: 81 }));
        assert_eq!(name(&"x".repeat(10_000)), Err(TextFault::TooLong { max: 80, found: 10_000 }));
    }

    #[test]
    fn a_cleaned_line_leaves_out_what_hides() {
        let cleaned = |text| Name::cleaned(text).map(String::from);
        assert_eq!(cleaned("\u{202E}Kar\u{0}im\u{2066}\u{200F}\u{FEFF}").as_deref(), Ok("Karim"));
        assert_eq!(cleaned("Karim \u{202E} Ouali").as_deref(), Ok("Karim Ouali"));
        assert_eq!(cleaned("Jose\u{200B}\u{301}").as_deref(), Ok("José"));
        assert_eq!(cleaned("\u{202E} \u{2069}"), Err(TextFault::Empty));
    }

    #[test]
    fn paragraphs_keep_their_lines_and_one_gap_between_two() {
        let text = " \n  Soudure à l’arc  \r\n- sécurité\r- réglage\tfin\n\n\n\u{2028}Évaluation\n ";
        let kept = Description::parse(text).map(String::from);
        assert_eq!(kept.as_deref(), Ok("Soudure à l’arc\n- sécurité\n- réglage fin\n\nÉvaluation"));
    }

    #[test]
    fn json_is_held_to_the_same() {
        assert_eq!(serde_json::from_str::<Name>(r#"" Amina ""#).ok(), Name::parse("Amina").ok());
        let refused = serde_json::from_str::<Name>(r#""\u202eAmina""#).expect_err("turned text");
        assert!(refused.to_string().contains("direction marks"), "{refused}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_parsed_parses_to_itself(
            text in "[ \\n\\t\u{301}\u{654}\u{200B}-\u{200F}\u{FE0F}❤eéاأ1가가]{0,12}|\\PC{0,100}"
        ) {
            for line in [Line::<20>::parse(&text), Line::cleaned(&text)].into_iter().flatten() {
                prop_assert!(line.as_str().chars().count() <= 20);
                prop_assert_eq!(Line::parse(line.as_str()), Ok(line.clone()));
                prop_assert_eq!(Line::cleaned(line.as_str()), Ok(line));
            }
            if let Ok(paragraph) = Paragraph::<60>::parse(&text) {
                prop_assert_eq!(Paragraph::parse(paragraph.as_str()), Ok(paragraph));
            }
        }
    }
}
