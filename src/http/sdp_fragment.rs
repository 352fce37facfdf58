//! `application/trickle-ice-sdpfrag` (RFC 8840 §9): what a device says about its ICE session, and the answer.

use crate::rooms::DeviceIce;
use std::fmt::Write as _;

/// The content type.
pub const CONTENT_TYPE: &str = "application/trickle-ice-sdpfrag";

/// A fragment, as far as it matters here: candidates are not read, because the server is ICE-lite and learns
/// addresses from connectivity checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// User name fragment and password.
    pub credentials: Option<(String, String)>,
}

/// Reads a fragment.
///
/// # Errors
/// Where a line is none of SDP's, or of user name fragment and password only one is there.
pub fn parse(text: &str) -> Result<Fragment, &'static str> {
    let mut ufrag = None;
    let mut password = None;
    let mut lines = 0_usize;
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        lines += 1;
        let mut characters = line.chars();
        if !characters.next().is_some_and(|kind| kind.is_ascii_lowercase()) || characters.next() != Some('=') {
            return Err("Each line of an SDP fragment is a letter, '=' and a value.");
        }
        if let Some(value) = line.strip_prefix("a=ice-ufrag:") {
            ufrag = Some(value.to_owned());
        } else if let Some(value) = line.strip_prefix("a=ice-pwd:") {
            password = Some(value.to_owned());
        }
    }
    match (ufrag, password) {
        _ if lines == 0 => Err("The SDP fragment is empty."),
        (Some(ufrag), Some(password)) => Ok(Fragment { credentials: Some((ufrag, password)) }),
        (None, None) => Ok(Fragment { credentials: None }),
        _ => Err("An SDP fragment has both a=ice-ufrag and a=ice-pwd, or neither."),
    }
}

/// The server's side of a restarted session.
#[must_use]
pub fn answer(ice: &DeviceIce) -> String {
    let mut text =
        format!("a=ice-lite\r\na=ice-ufrag:{}\r\na=ice-pwd:{}\r\n", ice.credentials.ufrag, ice.credentials.password);
    // Candidates belong to the m-line that carries the bundle; its pseudo line says no more than its mid (RFC 8840
    // §4.3).
    if let Some(mid) = ice.mids.first() {
        let _ = write!(text, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:{mid}\r\n");
        for candidate in &ice.candidates {
            let _ = write!(text, "a={candidate}\r\n");
        }
        text.push_str("a=end-of-candidates\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::Credentials;
    use crate::rtp::Mid;

    #[test]
    fn credentials_are_found_and_candidates_passed_over() {
        let text = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
                    a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host\r\na=end-of-candidates\r\n";
        let credentials = Some(("EsAw".to_owned(), "P2uYro0UCOQ4zxjKXaWCBui1".to_owned()));
        assert_eq!(parse(text), Ok(Fragment { credentials }));
        assert_eq!(parse("a=end-of-candidates\n"), Ok(Fragment { credentials: None }));
    }

    #[test]
    fn what_is_no_fragment_is_refused() {
        for text in ["", "\r\n", "hello", "a=ice-ufrag:x\r\n", "a=ice-pwd:x\r\n", "{\"a\":1}", "A=x", "a", "é=x"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_answer_names_the_bundles_line() {
        let ice = DeviceIce {
            credentials: Credentials { ufrag: "u".into(), password: "p".into() },
            candidates: vec!["candidate:1 1 udp 1 192.0.2.1 9 typ host".into()],
            mids: vec![Mid::parse("0").expect("a mid"), Mid::parse("1").expect("a mid")],
        };
        let expected = "a=ice-lite\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n\
                        a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n";
        assert_eq!(answer(&ice), expected);
    }
}
