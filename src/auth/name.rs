//! The names that guests give themselves.

use crate::protocol::NAME_CHARS_MAX;

/// A name as the class will see it: one line, single spaces, nothing that hides or turns other text around.
///
/// `None` where nothing visible is left, or it is longer than [`NAME_CHARS_MAX`] characters.
#[must_use]
pub fn normalised(name: &str) -> Option<String> {
    // Far over any name: what is longer is not even looked at.
    if name.len() > NAME_CHARS_MAX * 16 {
        return None;
    }
    let mut kept = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        let gap = kept.len();
        kept.extend(word.chars().filter(|&character| !character.is_control() && !is_hidden(character)));
        if gap > 0 && kept.len() > gap {
            kept.insert(gap, ' ');
        }
    }
    let visible = kept.chars().any(|character| character != ' ' && !is_joiner(character));
    let short = kept.chars().count() <= NAME_CHARS_MAX;
    (visible && short).then_some(kept)
}

/// Characters that show nothing and can turn or hide what stands around them: bidirectional controls (UAX #9), and the
/// ignorable ones of Unicode that no name needs.
fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// The joiners that some scripts write with; alone they show nothing.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}'..='\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_as_people_write_them() {
        for name in ["سلمى أوشن", "Fatima-Zahra El Idrissi", "O’Neill", "José", "ⵢⵓⵙⴼ", "نرگس می\u{200C}رود"]
        {
            assert_eq!(normalised(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn spaces_are_single_and_inside_only() {
        assert_eq!(normalised("  Karim \t\n\u{2028}  Ouali \u{A0}").as_deref(), Some("Karim Ouali"));
    }

    #[test]
    fn what_hides_or_turns_text_is_removed() {
        assert_eq!(normalised("\u{202E}Kar\u{0}im\u{2066}\u{200F}\u{FEFF}").as_deref(), Some("Karim"));
        assert_eq!(normalised("Karim \u{202E} Ouali").as_deref(), Some("Karim Ouali"));
    }

    #[test]
    fn a_name_must_show_something() {
        for name in ["", "   ", "\u{200B}", "\u{202E} \u{2069}", "\u{200D}\u{200C}", "\u{3164}", "\n"] {
            assert_eq!(normalised(name), None, "{name:?}");
        }
    }

    #[test]
    fn eighty_characters_are_the_most() {
        let longest = "م".repeat(80);
        assert_eq!(normalised(&format!(" {longest} ")), Some(longest.clone()));
        assert_eq!(normalised(&format!("{longest}م")), None);
        assert_eq!(normalised(&"\u{200B}".repeat(1_000_000)), None);
    }
}
