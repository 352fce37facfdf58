//! Which characters show nothing, and what they do instead.

use super::TextFault;
use unicode_normalization::char::is_combining_mark;

/// The explicit marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9, section 2).
pub(super) fn is_bidi_control(character: char) -> bool {
    matches!(
        character,
        '\u{61C}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// Characters that show nothing and that no text needs: the ignorable ones of Unicode, and its noncharacters.
pub(super) fn is_invisible(character: char) -> bool {
    let noncharacter = u32::from(character) & 0xFFFE == 0xFFFE || matches!(character, '\u{FDD0}'..='\u{FDEF}');
    noncharacter
        || matches!(
            character,
            '\u{AD}' | '\u{34F}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
                | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{3164}'
                | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// The joiners that some scripts write with, and the two that choose between text and emoji: alone they show nothing.
pub(super) fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}'..='\u{200D}') || is_emoji_selector(character)
}

fn is_emoji_selector(character: char) -> bool {
    matches!(character, '\u{FE0E}'..='\u{FE0F}')
}

/// Whether a selector of emoji has something to select: after a letter it would only make two names of one.
fn selects(previous: Option<char>) -> bool {
    previous.is_some_and(|base| {
        !base.is_alphabetic() && !base.is_whitespace() && !is_combining_mark(base) && !is_joiner(base)
    })
}

/// What is wrong with `character` after `previous`; white space is nothing wrong.
pub(super) fn fault_of(previous: Option<char>, character: char) -> Option<TextFault> {
    if character.is_whitespace() {
        None
    } else if character.is_control() {
        Some(TextFault::Control)
    } else if is_bidi_control(character) {
        Some(TextFault::BidiControl)
    } else if is_invisible(character) || (is_emoji_selector(character) && !selects(previous)) {
        Some(TextFault::Invisible)
    } else {
        None
    }
}

/// The first `chars_max` characters of `text`, to be shown beside what is said about it: what hides or turns text is a
/// replacement character in it, and `…` stands for a rest.
#[must_use]
pub fn excerpt(text: &str, chars_max: usize) -> String {
    let mut characters = text.trim().chars();
    let mut shown: String = characters
        .by_ref()
        .take(chars_max)
        .map(|character| match character {
            '\n' | '\t' => ' ',
            hidden if hidden.is_control() || is_bidi_control(hidden) || is_invisible(hidden) => {
                char::REPLACEMENT_CHARACTER
            }
            shown => shown,
        })
        .collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Whether anything of this text can be seen.
pub(super) fn shows(text: &str) -> bool {
    text.chars().any(|character| !character.is_whitespace() && !is_joiner(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_what_hides() {
        assert_eq!(excerpt(" Salma ", 10), "Salma");
        assert_eq!(excerpt("\u{202E}Sal\nma", 5), "\u{FFFD}Sal …");
    }
}
