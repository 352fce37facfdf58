//! People's words: the text that people write, told apart from any other string, and the key by which it is found.
//!
//! It owns what a name, a title, a description, a mail address and a sign-in name may be, and what two spellings of
//! one word have in common. It refuses text that hides something or turns around what stands beside it, and it keeps
//! everything else as people write it, in Unicode's composed form (NFC).

mod address;
mod characters;
mod fold;
mod language;
mod line;

pub use address::{Mail, MailFault, SignInName, SignInNameFault};
pub use characters::excerpt;
pub use fold::{FOLD_GROWTH, ascii_digits, fold, words};
pub use language::{Language, UnknownLanguage};
pub use line::{Line, Paragraph};

use thiserror::Error;

/// The longest name of a person, in Unicode scalar values.
pub const NAME_CHARS_MAX: usize = 80;

/// The longest title of a course, a group, a lesson or a room, in Unicode scalar values.
pub const TITLE_CHARS_MAX: usize = 160;

/// The longest description, in Unicode scalar values.
pub const DESCRIPTION_CHARS_MAX: usize = 8_000;

/// A person's name.
pub type Name = Line<NAME_CHARS_MAX>;

/// The title of a course, a group, a lesson or a room.
pub type Title = Line<TITLE_CHARS_MAX>;

/// A description of several lines.
pub type Description = Paragraph<DESCRIPTION_CHARS_MAX>;

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextFault {
    /// Nothing in it can be seen.
    #[error("write something here: there is no text that can be seen")]
    Empty,
    /// It has more than `max` Unicode scalar values.
    #[error("shorten this text to {max} characters at most: it has {found}")]
    TooLong {
        /// The most that is taken.
        max: usize,
        /// How many there are.
        found: usize,
    },
    /// It holds a control character (Unicode category Cc).
    #[error("type this text again: it holds a control character, which copying sometimes brings along")]
    Control,
    /// It holds a character that changes the direction of text.
    #[error("type this text again without direction marks: it holds a character that turns text around")]
    BidiControl,
    /// It holds another character that shows nothing.
    #[error("type this text again: it holds a character that shows nothing")]
    Invisible,
}

impl TextFault {
    /// The stable word for this fault, for programs and translations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Control => "control_character",
            Self::BidiControl => "bidi_control",
            Self::Invisible => "invisible_character",
        }
    }
}
