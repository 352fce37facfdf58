//! Codes that follow from a shared secret and the time (TOTP, RFC 6238): HMAC-SHA-1, six digits, 30 seconds, which is
//! what every authenticator app computes.

use crate::time::Timestamp;
use ring::hmac;

/// How long a code is shown, in seconds.
const STEP_S: i64 = 30;

/// How many steps before and after now are taken too: clocks of phones go wrong by some seconds.
const DRIFT_STEPS: i64 = 1;

/// RFC 4226 §4 asks for 128 bits at least and recommends 160.
pub const SECRET_BYTES: usize = 20;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A secret as base32 (RFC 4648 §6) without padding, as apps take it when it is typed.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(letter(bits >> held));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(letter(bits << (5 - held)));
    }
    text
}

fn letter(bits: u32) -> char {
    BASE32.get(usize::try_from(bits & 31).unwrap_or_default()).copied().map_or('A', char::from)
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let value = BASE32.iter().position(|known| *known == byte.to_ascii_uppercase())?;
        bits = (bits << 5) | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

/// The step of the code, where it is one of now that is newer than the last that was used.
#[must_use]
pub fn step_of(secret: &str, code: &str, now: Timestamp, last_step: i64) -> Option<i64> {
    let code = crate::text::ascii_digits(code);
    let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let secret = from_base32(secret)?;
    let now = now.seconds().div_euclid(STEP_S);
    let steps = now.saturating_sub(DRIFT_STEPS)..=now.saturating_add(DRIFT_STEPS);
    steps.filter(|step| *step > last_step).find(|step| code_at(&secret, *step) == code)
}

/// The code of a step (RFC 4226 §5.3).
fn code_at(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or_default() & 0xf);
    let four = tag.get(offset..).unwrap_or_default().iter().take(4);
    let number = four.fold(0_u32, |number, byte| (number << 8) | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// What an app reads from the square: `otpauth://totp/…` (Google's key URI format, which all apps take).
#[must_use]
pub fn uri(secret: &str, issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

/// Percent-encoded (RFC 3986 §2.1), all but unreserved characters.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's appendix B.
    const RFC_SECRET: &[u8; 20] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // Appendix B has eight digits; six are their last six.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let secret = base32(RFC_SECRET);
            assert_eq!(step_of(&secret, code, at(seconds), 0), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_works_once_and_for_a_minute_and_a_half() {
        let secret = base32(RFC_SECRET);
        assert_eq!(step_of(&secret, "287082", at(59), 1), None, "it was used");
        assert_eq!(step_of(&secret, "287082", at(89), 0), Some(1));
        assert_eq!(step_of(&secret, "287082", at(90), 0), None);
        assert_eq!(step_of(&secret, "287082", at(0), 0), Some(1));
    }

    #[test]
    fn codes_are_typed_in_any_digits_and_with_a_gap() {
        let secret = base32(RFC_SECRET);
        assert_eq!(step_of(&secret, " 287 082 ", at(59), 0), Some(1));
        assert_eq!(step_of(&secret, "٢٨٧٠٨٢", at(59), 0), Some(1));
        for bad in ["", "28708", "2870822", "28708a", "abcdef"] {
            assert_eq!(step_of(&secret, bad, at(59), 0), None, "{bad}");
        }
    }

    #[test]
    fn base32_is_that_of_the_rfc() {
        // RFC 4648 §10, without padding.
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
            assert_eq!(from_base32(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(from_base32("M1"), None);
    }

    #[test]
    fn names_are_escaped_in_the_uri() {
        let uri = uri("ABC", "Qism & معهد", "a@b.ma");
        assert!(
            uri.starts_with(
                "otpauth://totp/Qism%20%26%20%D9%85%D8%B9%D9%87%D8%AF:a%40b.ma?secret=ABC&issuer=Qism%20%26%20"
            ),
            "{uri}"
        );
    }
}
