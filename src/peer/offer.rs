//! Reads an offer (RFC 8829, RFC 8866) into what the answer needs. The text comes from the network: every number is
//! bounded here.

use super::identity::Fingerprint;
use super::session::Credentials;
use crate::rtp::{Codec, ExtensionIds, MediaKind, Mid, PayloadMap, PayloadType, Rid, SendLine, Ssrc};
use rtc::sdp::SessionDescription;
use rtc::sdp::description::common::Attribute;
use rtc::sdp::description::media::MediaDescription;
use std::io::Cursor;

/// The longest description that is read, in bytes.
pub(super) const OFFER_BYTES_MAX: usize = 64 * 1024;
/// The most m-lines of one description: three sound and eight picture slots, four sources, and room to spare.
const LINES_MAX: usize = 32;
/// The most payload types of one m-line; Chromium offers about 40.
const PAYLOADS_MAX: usize = 96;
/// The most encodings of one m-line.
const RIDS_MAX: usize = 4;
/// The most SSRCs that one m-line may declare.
const SSRCS_MAX: usize = 8;
/// The most certificates that an offer may name.
const FINGERPRINTS_MAX: usize = 4;

/// Why an offer can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OfferError(pub String);

impl OfferError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

#[derive(Debug)]
pub(super) struct Offer {
    pub remote: Credentials,
    pub fingerprints: Vec<Fingerprint>,
    pub extensions: ExtensionIds,
    pub allows_mixed_extensions: bool,
    pub lines: Vec<OfferedLine>,
}

/// One m-line as offered.
#[derive(Debug)]
pub(super) struct OfferedLine {
    /// The media, protocol and formats as written, to repeat them where the line is rejected.
    pub media: String,
    pub protocol: String,
    pub formats: Vec<String>,
    pub mid: Mid,
    /// `None` where the answer must reject the line: not RTP, stopped, or without a codec in common.
    pub rtp: Option<OfferedRtp>,
}

#[derive(Debug)]
pub(super) struct OfferedRtp {
    pub line: SendLine,
    pub client_sends: bool,
    pub client_receives: bool,
    /// `a=fmtp` by payload type, as offered.
    pub format_parameters: Vec<(PayloadType, String)>,
    /// `rtpmap` encodings by payload type, as offered.
    pub encodings: Vec<(PayloadType, String)>,
    /// `rtcp-fb` values that both ends know, by payload type (`None`: all).
    pub feedback: Vec<(Option<PayloadType>, String)>,
    /// The header extensions of this line that both ends know, by id.
    pub extensions: Vec<(u8, String)>,
    pub reduced_size_rtcp: bool,
}

impl Offer {
    pub fn parse(text: &str) -> Result<Self, OfferError> {
        if text.len() > OFFER_BYTES_MAX {
            return Err(OfferError::new(format!("the description is over {OFFER_BYTES_MAX} bytes")));
        }
        // A carriage return inside a value would break a line of the answer that repeats it.
        if text.lines().any(|line| line.contains(char::is_control)) {
            return Err(OfferError::new("the description has a control character within a line"));
        }
        let session = SessionDescription::unmarshal(&mut Cursor::new(text.as_bytes()))
            .map_err(|error| OfferError::new(format!("not a session description: {error}")))?;
        if session.media_descriptions.is_empty() {
            return Err(OfferError::new("the description has no m-line"));
        }
        if session.media_descriptions.len() > LINES_MAX {
            return Err(OfferError::new(format!("the description has more than {LINES_MAX} m-lines")));
        }
        let bundled = bundled_mids(&session.attributes)?;
        let mut extensions = ExtensionIds::default();
        let mut lines = Vec::with_capacity(session.media_descriptions.len());
        for (index, media) in session.media_descriptions.iter().enumerate() {
            lines.push(parse_line(index, media, &bundled, &mut extensions)?);
        }
        if lines.iter().enumerate().any(|(index, line)| lines.iter().take(index).any(|other| other.mid == line.mid)) {
            return Err(OfferError::new("two m-lines have the same a=mid"));
        }
        let transport = Transport::read(&session)?;
        Ok(Self {
            remote: transport.remote,
            fingerprints: transport.fingerprints,
            extensions,
            allows_mixed_extensions: has(&session.attributes, "extmap-allow-mixed")
                || session.media_descriptions.iter().any(|media| has(&media.attributes, "extmap-allow-mixed")),
            lines,
        })
    }
}

struct Transport {
    remote: Credentials,
    fingerprints: Vec<Fingerprint>,
}

impl Transport {
    /// Transport attributes may stand at the session or in the bundle's first m-line; the first found counts.
    fn read(session: &SessionDescription) -> Result<Self, OfferError> {
        let everywhere = || {
            session.attributes.iter().chain(session.media_descriptions.iter().flat_map(|media| media.attributes.iter()))
        };
        let value = |key: &str| {
            everywhere().find(|attribute| attribute.key == key).and_then(|attribute| attribute.value.as_deref())
        };
        let ufrag = value("ice-ufrag").ok_or_else(|| OfferError::new("a=ice-ufrag is missing"))?;
        let password = value("ice-pwd").ok_or_else(|| OfferError::new("a=ice-pwd is missing"))?;
        let remote = credentials(ufrag, password)?;
        if value("setup").is_some_and(|setup| !matches!(setup, "actpass" | "active")) {
            return Err(OfferError::new("a=setup must be actpass or active: the server takes the passive role"));
        }
        let mut fingerprints: Vec<Fingerprint> = Vec::new();
        for attribute in everywhere().filter(|attribute| attribute.key == "fingerprint") {
            let parsed = attribute.value.as_deref().and_then(Fingerprint::parse);
            if let Some(fingerprint) = parsed.filter(|fingerprint| !fingerprints.contains(fingerprint)) {
                fingerprints.push(fingerprint);
            }
        }
        if fingerprints.is_empty() || fingerprints.len() > FINGERPRINTS_MAX {
            return Err(OfferError::new("a=fingerprint with sha-256, sha-384 or sha-512 is needed, at most 4 of them"));
        }
        Ok(Self { remote, fingerprints })
    }
}

/// Checks ICE credentials (RFC 8839 §5.4: 4 to 256 and 22 to 256 ICE characters).
pub(super) fn credentials(ufrag: &str, password: &str) -> Result<Credentials, OfferError> {
    let ice_chars = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'='))
    };
    if !(4..=256).contains(&ufrag.len()) || !ice_chars(ufrag) {
        return Err(OfferError::new("a=ice-ufrag must be 4 to 256 ICE characters"));
    }
    if !(22..=256).contains(&password.len()) || !ice_chars(password) {
        return Err(OfferError::new("a=ice-pwd must be 22 to 256 ICE characters"));
    }
    Ok(Credentials { ufrag: ufrag.to_owned(), password: password.to_owned() })
}

fn bundled_mids(attributes: &[Attribute]) -> Result<Vec<String>, OfferError> {
    let group = attributes
        .iter()
        .filter(|attribute| attribute.key == "group")
        .filter_map(|attribute| attribute.value.as_deref())
        .find_map(|value| value.strip_prefix("BUNDLE"))
        .ok_or_else(|| OfferError::new("a=group:BUNDLE is missing: all media shares one transport"))?;
    Ok(group.split_ascii_whitespace().map(str::to_owned).collect())
}

fn parse_line(
    index: usize,
    media: &MediaDescription,
    bundled: &[String],
    extensions: &mut ExtensionIds,
) -> Result<OfferedLine, OfferError> {
    let fail = |text: &str| OfferError::new(format!("m-line {index}: {text}"));
    let mid = value(&media.attributes, "mid").ok_or_else(|| fail("a=mid is missing"))?;
    let mid = Mid::parse(mid).map_err(|error| fail(&error.to_string()))?;
    let protocol = media.media_name.protos.join("/");
    let kind = match media.media_name.media.as_str() {
        "audio" => Some(MediaKind::Audio),
        "video" => Some(MediaKind::Video),
        _ => None,
    };
    let bundle_only = has(&media.attributes, "bundle-only");
    let stopped = media.media_name.port.value == 0 && !bundle_only;
    let usable = kind.filter(|_| !stopped && protocol.contains("SAVPF"));
    let rtp = match usable {
        Some(kind) => {
            if !bundled.iter().any(|bundled| bundled == mid.as_str()) {
                return Err(fail("is not in a=group:BUNDLE"));
            }
            if !has(&media.attributes, "rtcp-mux") {
                return Err(fail("a=rtcp-mux is missing"));
            }
            parse_rtp(kind, mid, media, extensions).map_err(|error| fail(&error.0))?
        }
        None => None,
    };
    Ok(OfferedLine {
        media: media.media_name.media.clone(),
        protocol,
        formats: media.media_name.formats.clone(),
        mid,
        rtp,
    })
}

fn parse_rtp(
    kind: MediaKind,
    mid: Mid,
    media: &MediaDescription,
    ids: &mut ExtensionIds,
) -> Result<Option<OfferedRtp>, OfferError> {
    let attributes = &media.attributes;
    let (client_sends, client_receives) = direction(attributes);
    let formats = Formats::read(kind, media)?;
    if formats.payloads.is_empty() {
        return Ok(None);
    }
    let extensions = line_extensions(attributes, ids)?;
    let known: Vec<PayloadType> =
        formats.payloads.iter().flat_map(|map| [Some(map.payload_type), map.rtx]).flatten().collect();
    let feedback = values(attributes, "rtcp-fb")
        .filter_map(|value| value.split_once(' '))
        .filter(|(_, what)| FEEDBACK.contains(&what.trim()))
        .filter_map(|(format, what)| match format {
            "*" => Some((None, what.trim().to_owned())),
            _ => {
                let payload_type = PayloadType(format.parse().ok()?);
                known.contains(&payload_type).then(|| (Some(payload_type), what.trim().to_owned()))
            }
        })
        .collect();
    let line = SendLine { mid, kind, payloads: formats.payloads, rids: rids(attributes)?, ssrcs: ssrcs(attributes)? };
    Ok(Some(OfferedRtp {
        line,
        client_sends,
        client_receives,
        format_parameters: formats.parameters,
        encodings: formats.encodings,
        feedback,
        extensions,
        reduced_size_rtcp: has(attributes, "rtcp-rsize"),
    }))
}

/// The RTCP feedback that the server gives and takes (RFC 4585, RFC 5104, transport-wide congestion control).
const FEEDBACK: [&str; 5] = ["nack", "nack pli", "ccm fir", "transport-cc", "goog-remb"];

fn direction(attributes: &[Attribute]) -> (bool, bool) {
    for attribute in attributes {
        match attribute.key.as_str() {
            "sendonly" => return (true, false),
            "recvonly" => return (false, true),
            "inactive" => return (false, false),
            "sendrecv" => return (true, true),
            _ => {}
        }
    }
    // RFC 8866 §6.7: sendrecv is the default.
    (true, true)
}

struct Formats {
    payloads: Vec<PayloadMap>,
    parameters: Vec<(PayloadType, String)>,
    encodings: Vec<(PayloadType, String)>,
}

impl Formats {
    /// Keeps the codecs that both ends know, in the offer's order of preference.
    fn read(kind: MediaKind, media: &MediaDescription) -> Result<Self, OfferError> {
        if media.media_name.formats.len() > PAYLOADS_MAX {
            return Err(OfferError::new(format!("more than {PAYLOADS_MAX} payload types")));
        }
        let by_type = |key: &'static str| {
            values(&media.attributes, key)
                .filter_map(|value| value.split_once(' '))
                .filter_map(|(format, rest)| Some((payload_type(format)?, rest.trim().to_owned())))
                .collect::<Vec<_>>()
        };
        let encodings = by_type("rtpmap");
        let parameters = by_type("fmtp");
        let parameters_of = |payload_type: PayloadType| {
            parameters.iter().find(|(of, _)| *of == payload_type).map_or("", |(_, parameters)| parameters.as_str())
        };
        let encoding_of = |payload_type: PayloadType| {
            encodings.iter().find(|(of, _)| *of == payload_type).map(|(_, encoding)| encoding.as_str())
        };
        let offered = || media.media_name.formats.iter().filter_map(|format| payload_type(format));
        let rtx_of = |of: PayloadType| {
            offered().find(|candidate| {
                encoding_of(*candidate).is_some_and(|encoding| encoding.eq_ignore_ascii_case("rtx/90000"))
                    && parameter(parameters_of(*candidate), "apt").and_then(payload_type) == Some(of)
            })
        };
        let mut payloads: Vec<PayloadMap> = Vec::new();
        for payload_type in offered() {
            let Some(encoding) = encoding_of(payload_type) else { continue };
            let Some(codec) = codec(encoding, parameters_of(payload_type)) else { continue };
            if codec.kind() == kind && payloads.iter().all(|map| map.codec != codec) {
                payloads.push(PayloadMap { payload_type, codec, rtx: rtx_of(payload_type) });
            }
        }
        Ok(Self { payloads, parameters, encodings })
    }
}

fn payload_type(text: &str) -> Option<PayloadType> {
    text.parse().ok().filter(|value| *value < 128).map(PayloadType)
}

/// The value of `name` among semicolon-separated format parameters.
fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    parameters
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

fn codec(encoding: &str, parameters: &str) -> Option<Codec> {
    let (name, rest) = encoding.split_once('/')?;
    let clock: u32 = rest.split('/').next()?.parse().ok()?;
    let profile = |key: &str| parameter(parameters, key).and_then(|value| value.parse().ok()).unwrap_or(0);
    let codec = match name.to_ascii_lowercase().as_str() {
        "opus" => Codec::Opus,
        "vp8" => Codec::Vp8,
        "vp9" => Codec::Vp9 { profile: profile("profile-id") },
        "av1" => Codec::Av1 { profile: profile("profile") },
        "h264" => Codec::H264 {
            // RFC 6184 §8.1: without profile-level-id, Baseline.
            profile: parameter(parameters, "profile-level-id")
                .and_then(|value| value.get(..2))
                .map_or(Some(0x42), |value| u8::from_str_radix(value, 16).ok())?,
            packetization_mode: profile("packetization-mode"),
        },
        _ => return None,
    };
    (clock == codec.clock_rate()).then_some(codec)
}

fn line_extensions(attributes: &[Attribute], ids: &mut ExtensionIds) -> Result<Vec<(u8, String)>, OfferError> {
    let mut kept = Vec::new();
    for value in values(attributes, "extmap") {
        let Some((id, uri)) = value.split_once(' ') else { continue };
        let uri = uri.split_ascii_whitespace().next().unwrap_or_default();
        let id = id.split('/').next().unwrap_or_default();
        let Some(place) = extension_place(ids, uri) else { continue };
        let id: u8 = id.parse().ok().filter(|id| *id != 0 && *id != 15).ok_or_else(|| {
            OfferError::new(format!("a=extmap of {uri} must have an id from 1 to 14, or to 255 with two-byte headers"))
        })?;
        if place.is_some_and(|before| before != id) {
            return Err(OfferError::new(format!("a=extmap gives {uri} two ids within one BUNDLE group")));
        }
        *place = Some(id);
        kept.push((id, uri.to_owned()));
    }
    Ok(kept)
}

fn extension_place<'a>(ids: &'a mut ExtensionIds, uri: &str) -> Option<&'a mut Option<u8>> {
    Some(match uri {
        "urn:ietf:params:rtp-hdrext:sdes:mid" => &mut ids.mid,
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" => &mut ids.rid,
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id" => &mut ids.repaired_rid,
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level" => &mut ids.audio_level,
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" => &mut ids.transport_sequence,
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time" => &mut ids.abs_send_time,
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension" => {
            &mut ids.dependency_descriptor
        }
        "urn:3gpp:video-orientation" => &mut ids.video_orientation,
        _ => return None,
    })
}

/// The encodings of `a=simulcast:send` in its order, those alone that `a=rid` declares for sending.
fn rids(attributes: &[Attribute]) -> Result<Vec<Rid>, OfferError> {
    let declared: Vec<&str> = values(attributes, "rid")
        .filter_map(|value| {
            let mut words = value.split_ascii_whitespace();
            let rid = words.next()?;
            (words.next() == Some("send")).then_some(rid)
        })
        .collect();
    let Some(streams) = value(attributes, "simulcast").and_then(|value| {
        let mut words = value.split_ascii_whitespace();
        words.find(|word| *word == "send")?;
        words.next()
    }) else {
        return Ok(Vec::new());
    };
    // Alternatives (commas) name the same encoding in several formats, `~` starts it paused (RFC 8853 §5.1).
    let rids: Vec<Rid> = streams
        .split(';')
        .filter_map(|alternatives| alternatives.split(',').next())
        .map(|rid| rid.trim_start_matches('~'))
        .filter(|rid| declared.contains(rid))
        .filter_map(|rid| Rid::parse(rid).ok())
        .collect();
    if rids.len() > RIDS_MAX {
        return Err(OfferError::new(format!("more than {RIDS_MAX} encodings of one m-line")));
    }
    Ok(rids)
}

fn ssrcs(attributes: &[Attribute]) -> Result<Vec<(Ssrc, Option<Ssrc>)>, OfferError> {
    let parse = |text: &str| text.parse().ok().map(Ssrc);
    let pairs: Vec<(Ssrc, Ssrc)> = values(attributes, "ssrc-group")
        .filter_map(|value| value.strip_prefix("FID "))
        .filter_map(|value| value.trim().split_once(' '))
        .filter_map(|(media, rtx)| Some((parse(media)?, parse(rtx.trim())?)))
        .collect();
    let mut declared: Vec<(Ssrc, Option<Ssrc>)> = Vec::new();
    for value in values(attributes, "ssrc") {
        let Some(ssrc) = value.split_ascii_whitespace().next().and_then(parse) else { continue };
        let is_rtx = pairs.iter().any(|(_, rtx)| *rtx == ssrc);
        if is_rtx || declared.iter().any(|(known, _)| *known == ssrc) {
            continue;
        }
        if declared.len() == SSRCS_MAX {
            return Err(OfferError::new(format!("more than {SSRCS_MAX} SSRCs of one m-line")));
        }
        declared.push((ssrc, pairs.iter().find(|(media, _)| *media == ssrc).map(|(_, rtx)| *rtx)));
    }
    Ok(declared)
}

fn has(attributes: &[Attribute], key: &str) -> bool {
    attributes.iter().any(|attribute| attribute.key == key)
}

fn value<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.key == key).and_then(|attribute| attribute.value.as_deref())
}

fn values<'a>(attributes: &'a [Attribute], key: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
    attributes.iter().filter(move |attribute| attribute.key == key).filter_map(|attribute| attribute.value.as_deref())
}
