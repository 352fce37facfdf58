//! Mail addresses, and the names by which people sign in.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The longest mail address in bytes: what fits into SMTP's path (RFC 5321, section 4.5.3.1.3).
const MAIL_BYTES_MAX: usize = 254;
/// The longest part before the `@` (RFC 5321, section 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;
/// The longest label of a domain (RFC 1035, section 2.3.4).
const LABEL_BYTES_MAX: usize = 63;
const SIGN_IN_CHARS_MIN: usize = 3;
const SIGN_IN_CHARS_MAX: usize = 64;

/// A mail address that a mail server could accept: ASCII, one `@`, a domain of at least two labels, in small letters.
///
/// Quoted local parts, addresses by number and comments are refused: no institution gives them out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mail(String);

/// Why a mail address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MailFault {
    /// There is nothing.
    #[error("give a mail address")]
    Empty,
    /// It is longer than mail can carry.
    #[error("give a shorter mail address: 254 characters are the most, 64 before the @")]
    TooLong,
    /// It holds a character that mail addresses do not have.
    #[error("check the mail address: only Latin letters, digits and . _ + - @ are common in one, and no spaces")]
    Character,
    /// It has not the shape of one.
    #[error("check the mail address: it looks like name@example.org")]
    Shape,
}

/// The name by which a person signs in: 3 to 64 of `a-z`, `0-9` and `._-@+`, one letter or digit at least. It may be a
/// mail address. Capitals are taken as small letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SignInName(String);

/// Why a sign-in name is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignInNameFault {
    /// It has fewer than 3 characters.
    #[error("give a longer sign-in name: it needs 3 characters")]
    TooShort,
    /// It has more than 64 characters.
    #[error("give a shorter sign-in name: 64 characters are the most")]
    TooLong,
    /// It holds something else than the characters that are allowed.
    #[error("write the sign-in name with the letters a to z, digits and . _ - @ + only")]
    Character,
}

impl Mail {
    /// The address that `text` is; spaces around it do not count.
    ///
    /// # Errors
    /// What is wrong with it; the first thing only.
    pub fn parse(text: &str) -> Result<Self, MailFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(MailFault::Empty);
        }
        if text.len() > MAIL_BYTES_MAX {
            return Err(MailFault::TooLong);
        }
        if !text.bytes().all(|byte| byte == b'@' || byte == b'.' || is_atom_byte(byte)) {
            return Err(MailFault::Character);
        }
        let (local, domain) = text.split_once('@').ok_or(MailFault::Shape)?;
        if local.len() > LOCAL_BYTES_MAX {
            return Err(MailFault::TooLong);
        }
        if local.split('.').any(|atom| atom.is_empty()) || local.contains('@') || !is_domain(domain) {
            return Err(MailFault::Shape);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// What comes after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl MailFault {
    /// The stable word for this fault, for programs and translations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "mail_too_long",
            Self::Character => "mail_character",
            Self::Shape => "mail_shape",
        }
    }
}

impl SignInName {
    /// The sign-in name that `text` is; spaces around it do not count.
    ///
    /// # Errors
    /// What is wrong with it; the first thing only.
    pub fn parse(text: &str) -> Result<Self, SignInNameFault> {
        let text = text.trim();
        if text.len() > SIGN_IN_CHARS_MAX * 4 {
            return Err(SignInNameFault::TooLong);
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@+".contains(&byte);
        if !text.bytes().all(allowed) {
            return Err(SignInNameFault::Character);
        }
        match text.len() {
            ..SIGN_IN_CHARS_MIN => Err(SignInNameFault::TooShort),
            SIGN_IN_CHARS_MIN..=SIGN_IN_CHARS_MAX if text.bytes().any(|byte| byte.is_ascii_alphanumeric()) => {
                Ok(Self(text.to_ascii_lowercase()))
            }
            SIGN_IN_CHARS_MIN..=SIGN_IN_CHARS_MAX => Err(SignInNameFault::Character),
            _ => Err(SignInNameFault::TooLong),
        }
    }
}

impl SignInNameFault {
    /// The stable word for this fault, for programs and translations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::TooShort => "sign_in_too_short",
            Self::TooLong => "sign_in_too_long",
            Self::Character => "sign_in_character",
        }
    }
}

/// What both kinds can do.
macro_rules! address {
    ($name:ident, $fault:ident) => {
        impl $name {
            /// It as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = $fault;

            fn from_str(text: &str) -> Result<Self, $fault> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $fault;

            fn try_from(text: String) -> Result<Self, $fault> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(address: $name) -> String {
                address.0
            }
        }
    };
}

address!(Mail, MailFault);
address!(SignInName, SignInNameFault);

/// The characters of an atom (RFC 5322, section 3.2.3).
fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A domain name of two labels or more whose last is no number (RFC 1123, section 2.1).
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last_is_a_word =
        domain.rsplit_once('.').is_some_and(|(_, last)| last.bytes().any(|byte| byte.is_ascii_alphabetic()));
    last_is_a_word && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn mail_addresses_are_kept_with_their_domain_in_small_letters() {
        for (text, kept) in [
            (" Salma.Ouchen@Example.ORG ", "Salma.Ouchen@example.org"),
            ("a+b_c@centre-1.example.ma", "a+b_c@centre-1.example.ma"),
            ("x@xn--mgbh0fb.example", "x@xn--mgbh0fb.example"),
        ] {
            assert_eq!(Mail::parse(text).as_ref().map(Mail::as_str), Ok(kept));
        }
        assert_eq!(Mail::parse("a@B.ma").as_ref().map(Mail::domain), Ok("b.ma"));
    }

    #[test]
    fn what_no_mail_server_takes_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}org", "example.".repeat(40));
        for (text, fault) in [
            ("", MailFault::Empty),
            (long.as_str(), MailFault::TooLong),
            (longer.as_str(), MailFault::TooLong),
            ("a b@example.org", MailFault::Character),
            ("سلمى@example.org", MailFault::Character),
            ("a@example.org\r\nBcc: b@example.org", MailFault::Character),
            ("\"a\"@example.org", MailFault::Character),
            ("a@b@example.org", MailFault::Shape),
            ("a.example.org", MailFault::Shape),
            ("@example.org", MailFault::Shape),
            ("a@", MailFault::Shape),
            ("a@localhost", MailFault::Shape),
            ("a@127.0.0.1", MailFault::Shape),
            ("a..b@example.org", MailFault::Shape),
            (".a@example.org", MailFault::Shape),
            ("a@-example.org", MailFault::Shape),
            ("a@example..org", MailFault::Shape),
            ("a@exa_mple.org", MailFault::Shape),
        ] {
            assert_eq!(Mail::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn sign_in_names_are_small_letters() {
        assert_eq!(SignInName::parse(" S.Ouchen ").as_ref().map(SignInName::as_str), Ok("s.ouchen"));
        assert_eq!(SignInName::parse("Salma@Example.org").as_ref().map(SignInName::as_str), Ok("salma@example.org"));
        for (text, fault) in [
            ("ab", SignInNameFault::TooShort),
            ("", SignInNameFault::TooShort),
            ("a b c", SignInNameFault::Character),
            ("سلمى", SignInNameFault::Character),
            ("...", SignInNameFault::Character),
            ("a/../b", SignInNameFault::Character),
        ] {
            assert_eq!(SignInName::parse(text), Err(fault), "{text}");
        }
        assert!(SignInName::parse(&"a".repeat(64)).is_ok());
        assert_eq!(SignInName::parse(&"a".repeat(65)), Err(SignInNameFault::TooLong));
        assert_eq!(SignInName::parse(&"م".repeat(10_000)), Err(SignInNameFault::TooLong));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_parsed_parses_to_itself(text in "[ a-zA-Z0-9._@+-]{0,20}|\\PC{0,20}|[a-z.]{1,8}@[a-zA-Z.-]{1,10}") {
            if let Ok(mail) = Mail::parse(&text) {
                prop_assert_eq!(Mail::parse(mail.as_str()), Ok(mail));
            }
            if let Ok(name) = SignInName::parse(&text) {
                prop_assert_eq!(SignInName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
