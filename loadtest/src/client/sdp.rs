//! Session descriptions as a browser writes them, and what a client needs of the answer.

use anyhow::{Context, Result, ensure};
use qism::protocol::{OfferedSource, Source};
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;

/// The payload types that every offer uses, as Chromium numbers them.
pub const OPUS: u8 = 111;
pub const VP8: u8 = 96;
pub const VP8_RTX: u8 = 97;

/// The ids of the header extensions that every offer uses, as Chromium numbers them.
pub const AUDIO_LEVEL_ID: u8 = 1;
pub const ABS_SEND_TIME_ID: u8 = 2;
pub const TRANSPORT_SEQUENCE_ID: u8 = 3;
pub const MID_ID: u8 = 4;
pub const RID_ID: u8 = 10;
pub const REPAIRED_RID_ID: u8 = 11;

const EXTENSIONS: [(u8, &str); 6] = [
    (AUDIO_LEVEL_ID, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
    (ABS_SEND_TIME_ID, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"),
    (TRANSPORT_SEQUENCE_ID, "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"),
    (MID_ID, "urn:ietf:params:rtp-hdrext:sdes:mid"),
    (RID_ID, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
    (REPAIRED_RID_ID, "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"),
];

/// The names of a camera's encodings, the largest first.
pub const RIDS: [&str; 3] = ["h", "m", "l"];

/// An ICE user name fragment and its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub ufrag: String,
    pub password: String,
}

impl Credentials {
    /// New ones. Keyed at random by the standard library: enough to tell a load test's clients apart.
    #[must_use]
    pub fn random() -> Self {
        let word = || RandomState::new().hash_one(0_u8);
        Self { ufrag: format!("{:016x}", word()), password: format!("{:016x}{:016x}", word(), word()) }
    }
}

/// One m-line of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Sends from a source. A camera sends three encodings ([`RIDS`]).
    Sends(Source),
    /// A slot for sound.
    AudioSlot,
    /// A slot for a picture.
    VideoSlot,
}

impl Line {
    fn is_audio(self) -> bool {
        match self {
            Self::Sends(source) => source.is_audio(),
            Self::AudioSlot => true,
            Self::VideoSlot => false,
        }
    }
}

/// What each sending line of an offer carries, as the protocol says it.
#[must_use]
pub fn sources(lines: &[Line]) -> Vec<OfferedSource> {
    let sending = lines.iter().enumerate().filter_map(|(mid, line)| match line {
        Line::Sends(source) => Some(OfferedSource { mid: mid.to_string(), source: *source }),
        _ => None,
    });
    sending.collect()
}

/// An offer. The m-lines' mids are their numbers, from 0; `fingerprint` is `a=fingerprint`'s value.
#[must_use]
pub fn offer(lines: &[Line], local: &Credentials, fingerprint: &str) -> String {
    let mids: Vec<String> = (0..lines.len()).map(|mid| mid.to_string()).collect();
    let mut text = format!(
        "v=0\r\no=- {} 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\na=extmap-allow-mixed\r\n\
         a=msid-semantic: WMS\r\n",
        RandomState::new().hash_one(&local.ufrag) >> 1,
        mids.join(" ")
    );
    for (line, mid) in lines.iter().zip(&mids) {
        text += &if line.is_audio() {
            format!("m=audio 9 UDP/TLS/RTP/SAVPF {OPUS}\r\n")
        } else {
            format!("m=video 9 UDP/TLS/RTP/SAVPF {VP8} {VP8_RTX}\r\n")
        };
        // Writing to a `String` can't fail.
        let _ = write!(
            text,
            "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:{}\r\na=ice-pwd:{}\r\n\
             a=ice-options:trickle\r\na=fingerprint:{fingerprint}\r\na=setup:actpass\r\na=mid:{mid}\r\n",
            local.ufrag, local.password
        );
        write_media(&mut text, *line);
    }
    text
}

/// The answer to a server that offers what it sends: every line is received, with the extensions whose ids are
/// those of our own offers. `fingerprint` is `a=fingerprint`'s value.
#[must_use]
pub fn answer(offer: &str, local: &Credentials, fingerprint: &str) -> String {
    const NOT_OURS: [&str; 10] = [
        "a=candidate:",
        "a=end-of-candidates",
        "a=ice-",
        "a=fingerprint:",
        "a=setup:",
        "a=ssrc",
        "a=msid:",
        "a=rtcp:",
        "a=rid:",
        "a=simulcast:",
    ];
    let mut text = String::new();
    for line in offer.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let is_known = |extension: &str| EXTENSIONS.iter().any(|(id, uri)| extension == format!("{id} {uri}"));
        if NOT_OURS.iter().any(|start| line.starts_with(start))
            || line.strip_prefix("a=extmap:").is_some_and(|extension| !is_known(extension))
        {
            continue;
        }
        text += match line {
            "a=sendonly" | "a=sendrecv" => "a=recvonly",
            line if line.starts_with("o=") => "o=- 1 1 IN IP4 127.0.0.1",
            line => line,
        };
        text += "\r\n";
        if line.starts_with("a=mid:") {
            let Credentials { ufrag, password } = local;
            let _ = write!(
                text,
                "a=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\na=fingerprint:{fingerprint}\r\na=setup:active\r\n"
            );
        }
    }
    text
}

/// The description with the one address that media comes from (RFC 8839 §5.1), in its first m-line: the others are
/// bundled with it.
#[must_use]
pub fn with_candidate(description: &str, address: SocketAddr) -> String {
    let (ip, port) = (address.ip(), address.port());
    // RFC 8445 §5.1.2.1: the priority of a host address that is the only one.
    let candidate = format!("a=candidate:1 1 udp 2130706431 {ip} {port} typ host\r\na=end-of-candidates\r\n");
    match description
        .match_indices("a=mid:")
        .next()
        .and_then(|(at, _)| Some(at + description.get(at..)?.find('\n')? + 1))
    {
        Some(at) => {
            let (before, after) = description.split_at(at);
            format!("{before}{candidate}{after}")
        }
        None => description.to_owned(),
    }
}

fn write_media(text: &mut String, line: Line) {
    for (id, uri) in EXTENSIONS {
        let fits = match id {
            AUDIO_LEVEL_ID => line.is_audio(),
            RID_ID | REPAIRED_RID_ID => !line.is_audio(),
            _ => true,
        };
        if fits {
            let _ = write!(text, "a=extmap:{id} {uri}\r\n");
        }
    }
    *text += if matches!(line, Line::Sends(_)) { "a=sendonly\r\n" } else { "a=recvonly\r\n" };
    *text += "a=rtcp-mux\r\na=rtcp-rsize\r\n";
    if line.is_audio() {
        let _ = write!(
            text,
            "a=rtpmap:{OPUS} opus/48000/2\r\na=rtcp-fb:{OPUS} transport-cc\r\n\
             a=fmtp:{OPUS} minptime=10;useinbandfec=1\r\n"
        );
    } else {
        let _ = write!(
            text,
            "a=rtpmap:{VP8} VP8/90000\r\na=rtcp-fb:{VP8} transport-cc\r\na=rtcp-fb:{VP8} ccm fir\r\n\
             a=rtcp-fb:{VP8} nack\r\na=rtcp-fb:{VP8} nack pli\r\na=rtpmap:{VP8_RTX} rtx/90000\r\n\
             a=fmtp:{VP8_RTX} apt={VP8}\r\n"
        );
    }
    if line == Line::Sends(Source::Camera) {
        for rid in RIDS {
            let _ = write!(text, "a=rid:{rid} send\r\n");
        }
        let _ = write!(text, "a=simulcast:send {}\r\n", RIDS.join(";"));
    }
}

/// What a client needs of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub remote: Credentials,
    /// Where the server receives media over UDP, its best address first.
    pub candidates: Vec<SocketAddr>,
    /// The SSRCs of pictures and of their retransmissions.
    pub repairs: Vec<(u32, u32)>,
}

impl Answer {
    /// # Errors
    /// Where something that a client needs is missing.
    pub fn parse(text: &str) -> Result<Self> {
        let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim());
        let ufrag = value("a=ice-ufrag:").context("the answer has no ICE user name")?.to_owned();
        let password = value("a=ice-pwd:").context("the answer has no ICE password")?.to_owned();
        let mut candidates: Vec<(u32, SocketAddr)> =
            text.lines().filter_map(|line| candidate(line.strip_prefix("a=candidate:")?)).collect();
        candidates.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
        let mut seen: Vec<SocketAddr> = Vec::new();
        for (_, address) in candidates {
            if !seen.contains(&address) {
                seen.push(address);
            }
        }
        ensure!(!seen.is_empty(), "the answer has no UDP candidate");
        let repairs = text.lines().filter_map(|line| {
            let (media, repair) = line.strip_prefix("a=ssrc-group:FID ")?.trim().split_once(' ')?;
            Some((media.parse().ok()?, repair.parse().ok()?))
        });
        Ok(Self { remote: Credentials { ufrag, password }, candidates: seen, repairs: repairs.collect() })
    }
}

/// Priority and address of a UDP candidate (RFC 8839 §5.1).
fn candidate(text: &str) -> Option<(u32, SocketAddr)> {
    let mut words = text.split_ascii_whitespace();
    let (_foundation, _component) = (words.next()?, words.next()?);
    words.next().filter(|transport| transport.eq_ignore_ascii_case("udp"))?;
    let priority = words.next()?.parse().ok()?;
    Some((priority, SocketAddr::new(words.next()?.parse().ok()?, words.next()?.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use qism::peer::{Fingerprint, LocalSide};

    #[test]
    fn an_offer_says_what_each_sending_line_carries() {
        let lines = [Line::Sends(Source::Microphone), Line::AudioSlot, Line::Sends(Source::Camera)];
        let named: Vec<_> = sources(&lines).into_iter().map(|named| (named.mid, named.source)).collect();
        assert_eq!(named, [("0".to_owned(), Source::Microphone), ("2".to_owned(), Source::Camera)]);
        let text = offer(&lines, &Credentials::random(), "sha-256 AA");
        assert_eq!(text.matches("a=sendonly").count(), 2);
        assert_eq!(text.matches("a=simulcast:send h;m;l").count(), 1);
    }

    #[test]
    fn an_offer_is_answered_line_by_line_with_our_own_transport() {
        let offer = "v=0\r\no=janus 7 1 IN IP4 192.0.2.1\r\ns=-\r\na=ice-lite\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n\
                     a=sendonly\r\na=mid:0\r\na=ice-ufrag:theirs\r\na=setup:actpass\r\na=rtpmap:96 VP8/90000\r\n\
                     a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:3 urn:other\r\na=ssrc:5 cname:x\r\n\
                     a=candidate:1 1 udp 1 192.0.2.1 7 typ host\r\n";
        let local = Credentials { ufrag: "ours".to_owned(), password: "secret".to_owned() };
        let expected = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\n\
                        a=mid:0\r\na=ice-ufrag:ours\r\na=ice-pwd:secret\r\na=fingerprint:sha-256 AA\r\n\
                        a=setup:active\r\na=rtpmap:96 VP8/90000\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
        let text = answer(offer, &local, "sha-256 AA");
        assert_eq!(text, expected);
        let named = with_candidate(&text, "192.0.2.9:5".parse().expect("an address"));
        assert!(named.contains("a=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.9 5 typ host\r\n"), "{named}");
    }

    #[test]
    fn the_servers_own_answer_is_understood() {
        let lines = [Line::Sends(Source::Camera), Line::AudioSlot, Line::VideoSlot];
        let fingerprint = format!("sha-256 {}", vec!["AA"; 32].join(":"));
        let text = offer(&lines, &Credentials::random(), &fingerprint);
        let fingerprint = Fingerprint::parse(&fingerprint).expect("a fingerprint");
        let addresses = ["192.0.2.1:7".parse().expect("an address"), "127.0.0.1:7".parse().expect("an address")];
        let credentials = qism::peer::Credentials { ufrag: "server".to_owned(), password: "0".repeat(24) };
        let server = LocalSide {
            credentials,
            fingerprint: &fingerprint,
            addresses: &addresses,
            first_ssrc: qism::rtp::Ssrc(100),
            session_number: 1,
        };
        let answered = qism::peer::answer(&text, server, None).expect("an offer that the server understands");
        let sending = &answered.session.agreement.sending;
        assert_eq!(sending.first().map(|line| line.rids.len()), Some(3));
        let read = Answer::parse(&answered.sdp).expect("an answer");
        assert_eq!((read.remote.ufrag.as_str(), read.candidates.as_slice()), ("server", addresses.as_slice()));
        assert_eq!(read.repairs, [(102, 103)]);
    }
}
