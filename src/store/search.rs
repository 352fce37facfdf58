//! How records are found by words, however these are written.

use crate::text::{fold, words};

/// How many words of a question count; more make it no clearer.
const WORDS_MAX: usize = 4;

/// What a record's `search` column holds: the words of all these texts.
pub(super) fn key<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().flat_map(words).collect::<Vec<_>>().join(" ")
}

/// A question as four patterns for `' ' || search LIKE`, which a record must all match: each is the beginning of a word.
/// A pattern has no sign of its own: a key is letters, digits and spaces.
pub(super) fn patterns(question: &str) -> [String; WORDS_MAX] {
    let folded = fold(question);
    let mut asked = folded.split(' ').filter(|word| !word.is_empty());
    std::array::from_fn(|_| asked.next().map_or_else(|| "%".to_owned(), |word| format!("% {word}%")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_the_beginnings_of_words() {
        assert_eq!(key(["Fatima-Zahra", "F 12"]), "fatima zahra f 12");
        assert_eq!(patterns(" FÀT % zah_"), ["% fat%", "% zah%", "%", "%"].map(str::to_owned));
        assert_eq!(patterns("a b c d e"), ["% a%", "% b%", "% c%", "% d%"].map(str::to_owned));
    }
}
