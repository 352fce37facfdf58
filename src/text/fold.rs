//! The search key: what different spellings of one word have in common.

use super::characters::{is_bidi_control, is_invisible, is_joiner};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// A key has at most this many times the bytes of its text. One ligature (U+FDFA, a blessing in Arabic) is the reason;
/// keys of everyday text are not longer than the text.
pub const FOLD_GROWTH: usize = 11;

/// From this combining class on (Unicode, section 4.3) a mark is an accent or a vowel sign that a key leaves out; those
/// below it change a letter of an Indic script or of Japanese into another.
const FIRST_ACCENT_CLASS: u8 = 10;

/// The key by which `text` is found: texts with the same key count as the same.
///
/// Small letters without accents and ligatures; Arabic without vowel signs and tatweel, with one form for each of alef,
/// heh and yeh, hamza's carriers as the letters that carry it, and Persian and Moroccan letters as their nearest Arabic
/// ones; digits in ASCII; all that is neither letter nor digit as one space. Articles stay: see [`words`].
///
/// Folding a key again changes nothing, and a key is at most [`FOLD_GROWTH`] times as long as its text.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut gap = false;
    // Compatibility decomposition parts a letter from its accents and undoes presentation forms. Small letters are
    // decomposed once more: a few come composed, and marks that something left out kept apart come into their order.
    let kept = |letter: &char| !matches!(kind_of(*letter), Kind::Nothing);
    for letter in text.nfkd().flat_map(char::to_lowercase).filter(kept).nfkd() {
        match kind_of(letter) {
            Kind::Nothing => {}
            Kind::Gap => gap = !key.is_empty(),
            Kind::Letter => {
                if gap {
                    key.push(' ');
                    gap = false;
                }
                push_plain(letter, &mut key);
            }
        }
    }
    key
}

/// The words of `text`'s key, and after an Arabic word with an article the bare word: what finds «كهرباء» in «الكهرباء».
///
/// Joined by spaces they are what a search index keeps; a question for it is words of [`fold`].
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let key = fold(text);
    let words: Vec<String> = key
        .split(' ')
        .filter(|word| !word.is_empty())
        .flat_map(|word| [Some(word), without_article(word)])
        .flatten()
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// The article, alone and after the prepositions and the "and" that are written as one with it, and how many letters
/// must follow: fewer are more likely the word's own.
const ARTICLES: [(&str, usize); 6] = [("ال", 2), ("وال", 3), ("بال", 3), ("فال", 3), ("كال", 3), ("لل", 3)];

fn without_article(word: &str) -> Option<&str> {
    ARTICLES.iter().find_map(|(article, letters_min)| {
        let bare = word.strip_prefix(article)?;
        (bare.chars().count() >= *letters_min).then_some(bare)
    })
}

enum Kind {
    Letter,
    Gap,
    Nothing,
}

fn kind_of(letter: char) -> Kind {
    // Tatweel, and the high hamza that compatibility forms decompose to.
    let left_out = matches!(letter, '\u{640}' | '\u{674}') || is_joiner(letter) || is_invisible(letter);
    if left_out || is_bidi_control(letter) || canonical_combining_class(letter) >= FIRST_ACCENT_CLASS {
        Kind::Nothing
    } else if letter.is_alphanumeric() || canonical_combining_class(letter) > 0 {
        Kind::Letter
    } else if is_combining_mark(letter) {
        Kind::Nothing
    } else {
        Kind::Gap
    }
}

/// Pushes the plain form of a small letter without accents.
fn push_plain(letter: char, key: &mut String) {
    let plain = match letter {
        'œ' => return key.push_str("oe"),
        'æ' => return key.push_str("ae"),
        'ß' => return key.push_str("ss"),
        'þ' => return key.push_str("th"),
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ı' => 'i',
        'ς' => 'σ',
        // ٱ ٲ ٳ
        '\u{671}'..='\u{673}' => 'ا',
        // ى ؠ ی ے, and ۍ ې
        '\u{649}' | '\u{620}' | '\u{6CC}' | '\u{6D2}' | '\u{6CD}' | '\u{6D0}' => 'ي',
        // ة ھ ہ ۃ ە
        '\u{629}' | '\u{6BE}' | '\u{6C1}' | '\u{6C3}' | '\u{6D5}' => 'ه',
        // ک ڪ, and the hard g of Persian and Moroccan names (گ ڭ ݣ), which others write with kaf
        '\u{6A9}' | '\u{6AA}' | '\u{6AF}' | '\u{6AD}' | '\u{763}' => 'ك',
        // The hard g of Algerian and Tunisian names (ڨ), which others write with qaf
        '\u{6A8}' => 'ق',
        'پ' => 'ب',
        'چ' => 'ج',
        'ژ' => 'ز',
        'ڤ' => 'ف',
        _ => digit(letter).unwrap_or(letter),
    };
    key.push(plain);
}

/// `text` with Arabic-Indic and Persian digits as ASCII ones.
#[must_use]
pub fn ascii_digits(text: &str) -> String {
    text.chars().map(|letter| digit(letter).unwrap_or(letter)).collect()
}

/// The ASCII digit that an Arabic-Indic or a Persian one stands for.
fn digit(letter: char) -> Option<char> {
    let value = match letter {
        '\u{660}'..='\u{669}' => u32::from(letter) - 0x660,
        '\u{6F0}'..='\u{6F9}' => u32::from(letter) - 0x6F0,
        _ => return None,
    };
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_word_have_one_key() {
        let cases: &[(&str, &[&str])] = &[
            (
                "electricite",
                &["Électricité", "ELECTRICITE", "e\u{301}lectricite\u{301}", "élec\u{AD}tricité", "ｅlectricité"],
            ),
            ("coeur francais", &["Cœur français", "CŒUR  FRANÇAIS", "coeur-francais", " «cœur», français! "]),
            ("احمد", &["أحمد", "احمد", "إحمد", "آحمد", "ٱحمد", "أَحْمَدٌ", "أحمـــد", "ا\u{654}حمد"]),
            ("كهرباء", &["كَهْرَباء", "کهرباء", "ﻛﻬﺮﺑﺎء", "\u{202B}كهرباء\u{202C}"]),
            ("موسسه", &["مؤسسة", "مُؤَسَّسَة", "مؤسسه"]),
            ("هيي", &["هئى", "هيي", "هئی"]),
            ("رحمن", &["رحمٰن", "رحمن"]),
            ("اكادير", &["أگادير", "أڭادير", "أكادير"]),
            ("فوج 12", &["فوج ١٢", "فوج ۱۲", "فوج، 12", "فوج\u{A0}12"]),
            ("strasse", &["Straße", "STRAẞE"]),
            ("istanbul", &["İstanbul", "Istanbul"]),
            ("", &["", " ", "«»", "\u{64E}", "😀"]),
        ];
        for (key, spellings) in cases {
            for spelling in *spellings {
                assert_eq!(fold(spelling), *key, "{spelling}");
            }
        }
    }

    #[test]
    fn words_that_differ_keep_different_keys() {
        for (one, other) in [("حصة", "حصن"), ("سعيد", "سعد"), ("été", "êta"), ("فوج 1", "فوج 11"), ("قلب", "كلب")]
        {
            assert_ne!(fold(one), fold(other));
        }
    }

    #[test]
    fn a_word_is_found_with_its_article_and_without() {
        let all = |text| words(text).collect::<Vec<_>>();
        assert_eq!(all("الكهرباء الصناعية"), ["الكهرباء", "كهرباء", "الصناعيه", "صناعيه"]);
        assert_eq!(all("الميكانيك والكهرباء"), ["الميكانيك", "ميكانيك", "والكهرباء", "كهرباء"]);
        assert_eq!(all("مدخل للإعلاميات"), ["مدخل", "للاعلاميات", "اعلاميات"]);
        // Too short to be an article and a word.
        assert_eq!(all("الى ألم آلة والي"), ["الي", "الم", "اله", "والي"]);
        assert_eq!(all("L’électricité"), ["l", "electricite"]);
        assert_eq!(all(" !"), Vec::<String>::new());
    }

    #[test]
    fn every_character_folds_once_and_within_bounds() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            let key = fold(&text);
            assert!(key.len() <= FOLD_GROWTH * text.len(), "{character:?} grew to {key:?}");
            assert_eq!(fold(&key), key, "{character:?}");
        }
    }

    #[test]
    fn marks_that_something_left_out_kept_apart_come_into_their_order() {
        let key = fold("\u{DCA}\u{A670}\u{20D2}");
        assert_eq!(key, "\u{20D2}\u{DCA}");
        assert_eq!(fold(&key), key);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_key_is_its_own_key(text in "\\PC{0,40}|[ا-ۿ\u{64B}-\u{655} \u{FB50}-\u{FDFF}]{0,20}|[À-ž\u{300}-\u{36F}ßſσΣ ]{0,20}") {
            let key = fold(&text);
            prop_assert!(key.len() <= FOLD_GROWTH * text.len());
            prop_assert_eq!(fold(&key), key.clone());
            prop_assert_eq!(key.trim(), key.as_str());
            prop_assert!(!key.contains("  "));
        }
    }
}
