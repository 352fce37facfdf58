//! The names that guests give themselves.

use crate::text::Name;

/// A name as the class will see it: one line, single spaces, nothing that hides or turns other text around.
///
/// What hides is left out, not asked about: a guest stands at the door. `None` where nothing visible is left, or it is
/// longer than [`crate::text::NAME_CHARS_MAX`] characters.
#[must_use]
pub fn normalised(name: &str) -> Option<String> {
    Name::cleaned(name).ok().map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_turns_text_is_removed() {
        assert_eq!(normalised("\u{202E}Kar\u{0}im\u{2066}\u{200F}\u{FEFF}").as_deref(), Some("Karim"));
        assert_eq!(normalised(" Karim \u{202E} \t Ouali").as_deref(), Some("Karim Ouali"));
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
