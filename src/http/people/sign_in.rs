//! Sign-in names for people who were given none: their mail address, or one made from their name.

use crate::http::problem::Refused;
use crate::ids::PersonId;
use crate::protocol::ErrorCode;
use crate::store::{PersonRecord, Store, StoreError};
use crate::text::{SignInName, fold};
use axum::http::StatusCode;
use std::collections::HashSet;

/// How many names are tried that only count up; after that, a part of the id makes one that nobody has.
const COUNTED_MAX: u32 = 9;

/// The longest name that is made, in letters, without what tells it apart.
const BASE_CHARS_MAX: usize = 40;

/// A sign-in name that nobody has and that is not among those given already in this request.
///
/// # Errors
/// Where the store does not answer.
pub async fn free(
    store: &Store,
    person: PersonId,
    name: &str,
    mail: Option<&str>,
    given: &HashSet<String>,
) -> Result<String, StoreError> {
    let by_mail = mail.and_then(|mail| SignInName::parse(mail).ok()).map(String::from);
    if let Some(by_mail) = by_mail
        && !given.contains(&by_mail)
        && !store.sign_in_is_taken(&by_mail).await?
    {
        return Ok(by_mail);
    }
    let base = latin(name);
    for number in 1..=COUNTED_MAX {
        let candidate = if number == 1 { base.clone() } else { format!("{base}{number}") };
        if !given.contains(&candidate) && !store.sign_in_is_taken(&candidate).await? {
            return Ok(candidate);
        }
    }
    // The end of a UUID of version 7 is random.
    let id = person.0.simple().to_string();
    Ok(format!("{base}.{}", id.get(id.len().saturating_sub(8)..).unwrap_or_default()))
}

/// Why a conflict: another has the sign-in name, or the institution's own number.
pub(super) async fn taken(store: &Store, wanted: &PersonRecord) -> Refused {
    let by_other = match &wanted.sign_in {
        Some(sign_in) => store.sign_in_is_taken(sign_in).await.unwrap_or(true),
        None => false,
    };
    let detail = if by_other {
        "Somebody has this sign-in name already, or this number; choose another."
    } else {
        "Somebody of this institution has this number already; look for them."
    };
    Refused::new(StatusCode::CONFLICT, ErrorCode::Taken, detail)
}

/// A name in Latin letters with dots between its words, at least as long as a sign-in name must be.
pub(super) fn latin(name: &str) -> String {
    let mut text = String::new();
    for letter in fold(name).chars() {
        match letter {
            'a'..='z' | '0'..='9' => text.push(letter),
            ' ' => text.push('.'),
            _ => text.push_str(transliterated(letter)),
        }
    }
    let parts: Vec<&str> = text.split('.').filter(|part| !part.is_empty()).collect();
    let mut base = parts.join(".");
    base.truncate(BASE_CHARS_MAX);
    let base = base.trim_end_matches('.');
    if base.len() < 3 { format!("{base}.qism").trim_start_matches('.').to_owned() } else { base.to_owned() }
}

/// Arabic letters as they are commonly written in Latin ones in the Maghreb; of `fold`'s letters only.
fn transliterated(letter: char) -> &'static str {
    match letter {
        'ا' | 'ع' => "a",
        'ب' => "b",
        'ت' | 'ط' | 'ث' => "t",
        'ج' => "j",
        'ح' | 'ه' => "h",
        'خ' => "kh",
        'د' | 'ض' | 'ذ' => "d",
        'ر' => "r",
        'ز' | 'ظ' => "z",
        'س' | 'ص' => "s",
        'ش' => "ch",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' => "k",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' => "ou",
        'ي' => "i",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_latin() {
        for (name, expected) in [
            ("Salma Ouchen", "salma.ouchen"),
            ("Fatima-Zahra El Idrissi", "fatima.zahra.el.idrissi"),
            ("سلمى أوشن", "slmi.aouchn"),
            ("Ø", "o.qism"),
            ("李", "qism"),
        ] {
            assert_eq!(latin(name), expected);
            assert!(SignInName::parse(&latin(name)).is_ok(), "{name}");
        }
        let long = latin(&"محمد ".repeat(20));
        assert!(long.len() <= BASE_CHARS_MAX && SignInName::parse(&long).is_ok(), "{long}");
    }
}
