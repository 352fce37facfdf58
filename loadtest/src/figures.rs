//! How figures and text are written in reports: one way for pages, pictures and tables.

/// A figure with so many decimals, its thousands set apart by narrow no-break spaces; `–` for what is no number.
#[must_use]
pub fn figure(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{value:.decimals$}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, rest) = digits.split_once('.').map_or((digits, ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest}") }
}

/// A count.
#[must_use]
pub fn count(value: u64) -> String {
    figure(value as f64, 0)
}

/// A figure of which about three digits matter: 0.31, 4.20, 17.3, 1 204.
#[must_use]
pub fn measured(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    figure(value, decimals)
}

/// A share in percent: 0 is nothing at all, and what is not nothing never looks like it.
#[must_use]
pub fn percent(value: f64) -> String {
    if value <= 0.0 {
        "0 %".to_owned()
    } else if value < 0.001 {
        "< 0.001 %".to_owned()
    } else if value < 1.0 {
        format!("{} %", figure(value, 3))
    } else {
        format!("{} %", measured(value))
    }
}

/// Text for an HTML or SVG element or a quoted attribute.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // XML has no place for them, escaped or not.
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

/// Text for a cell of a Markdown table.
#[must_use]
pub fn markdown_escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => safe.extend(['\\', letter]),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(figure(1_234_567.891, 1), "1\u{202f}234\u{202f}567.9");
        assert_eq!(figure(-1_000.0, 0), "-1\u{202f}000");
        assert_eq!((count(0), count(999)), ("0".to_owned(), "999".to_owned()));
        assert_eq!(figure(f64::NAN, 2), "–");
    }

    #[test]
    fn a_small_loss_does_not_look_like_none() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.000_2), "< 0.001 %");
        assert_eq!(percent(0.05), "0.050 %");
        assert_eq!(percent(12.34), "12.3 %");
    }

    #[test]
    fn text_can_not_become_markup() {
        assert_eq!(escaped("<a href=\"'&\u{1}\">"), "&lt;a href=&quot;&#39;&amp; &quot;&gt;");
        assert_eq!(markdown_escaped("a|b\n<c>`d`"), "a\\|b &lt;c&gt;\\`d\\`");
    }
}
