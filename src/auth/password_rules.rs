//! Which passwords are taken: long ones that are nobody's first guess (NIST SP 800-63B §3.1.1.2). Nothing is asked about
//! what kinds of characters they have.

use crate::text::fold;
use unicode_normalization::UnicodeNormalization;

/// The shortest password, in Unicode scalar values.
pub const PASSWORD_CHARS_MIN: usize = 10;

/// The longest.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// How many characters must be left where the person's own names are taken away.
const OWN_CHARS_MIN: usize = 6;

/// Shorter parts of names stand in many words by chance.
const NAME_CHARS_MIN: usize = 4;

/// How many different characters there must be.
const DIFFERENT_MIN: usize = 5;

/// What people choose first where ten characters are asked for, as [`fold`] writes it.
const COMMON: [&str; 38] = [
    "0123456789",
    "1234567890",
    "12345678910",
    "123456789a",
    "123456789q",
    "9876543210",
    "0987654321",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "azertyuiop",
    "azerty12345",
    "azerty123456",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "motdepasse",
    "motdepasse1",
    "motdepasse123",
    "administrator",
    "administrateur",
    "admin12345",
    "admin123456",
    "bonjour123",
    "bonjour1234",
    "salam12345",
    "maroc12345",
    "morocco123",
    "algerie123",
    "tunisie123",
    "formation123",
    "stagiaire123",
    "iloveyou123",
    "abcdefghij",
    "abcd123456",
];

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    #[error("choose a longer password: {PASSWORD_CHARS_MIN} characters at least, several words for example")]
    TooShort,
    #[error("choose a shorter password: {PASSWORD_CHARS_MAX} characters at most")]
    TooLong,
    #[error("choose a password that is not made of your own name")]
    OwnName,
    #[error("choose another password: this one is among the first that are guessed")]
    Common,
}

impl PasswordFault {
    /// The stable word for this fault, for programs and translations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::OwnName => "password_own_name",
            Self::Common => "password_common",
        }
    }
}

/// One form for each password, however a keyboard composed its letters.
#[must_use]
pub fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// Looks at a new password; `names` are what its owner is called: their name, their sign-in name, their institution.
///
/// # Errors
/// Why it is not taken.
pub fn check_password(password: &str, names: &[&str]) -> Result<(), PasswordFault> {
    let chars = password.chars().take(PASSWORD_CHARS_MAX + 1).count();
    if chars < PASSWORD_CHARS_MIN {
        return Err(PasswordFault::TooShort);
    }
    if chars > PASSWORD_CHARS_MAX {
        return Err(PasswordFault::TooLong);
    }
    let key = fold(password).replace(' ', "");
    let mut seen: Vec<char> = password.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() < DIFFERENT_MIN || COMMON.contains(&key.as_str()) {
        return Err(PasswordFault::Common);
    }
    let mut rest = key.clone();
    for name in names {
        for part in fold(name).split(' ').filter(|part| part.chars().count() >= NAME_CHARS_MIN) {
            rest = rest.replace(part, "");
        }
    }
    // Of a password of signs alone nothing is left either, and no name was in it.
    if rest != key && rest.chars().count() < OWN_CHARS_MIN {
        return Err(PasswordFault::OwnName);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["Fatima-Zahra El Idrissi", "f.idrissi@example.ma", "معهد التكوين، سلا"];

    #[test]
    fn long_passwords_of_any_kind_are_taken() {
        for good in [
            "correct horse battery",
            "une phrase de tous les jours",
            "جملة طويلة من كل يوم",
            "t7#Kq9!xLm",
            "!?-+*/=%&$",
            "idrissi et le chat du voisin",
            &"ab cd ef ".repeat(14),
        ] {
            assert_eq!(check_password(good, &NAMES), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_not_taken() {
        for (bad, fault) in [
            ("", PasswordFault::TooShort),
            ("t7#Kq9!xL", PasswordFault::TooShort),
            (&"ab cd ef ".repeat(15) as &str, PasswordFault::TooLong),
            ("Password-123", PasswordFault::Common),
            ("١٢٣٤٥٦٧٨٩٠", PasswordFault::Common),
            ("aaaaaaaaaaaa", PasswordFault::Common),
            ("1212121212", PasswordFault::Common),
            ("Idrissi2026", PasswordFault::OwnName),
            ("FATIMA-ZAHRA", PasswordFault::OwnName),
            ("المعهد التكوين", PasswordFault::OwnName),
        ] {
            assert_eq!(check_password(bad, &NAMES), Err(fault), "{bad}");
        }
    }

    #[test]
    fn the_common_ones_are_written_as_they_are_compared() {
        for common in COMMON {
            assert_eq!(fold(common), common);
            assert!(common.len() >= PASSWORD_CHARS_MIN, "{common} is too short anyway");
        }
    }

    #[test]
    fn composed_letters_are_the_same_as_their_parts() {
        assert_eq!(normalised("e\u{301}te\u{301}"), normalised("\u{e9}t\u{e9}"));
    }
}
