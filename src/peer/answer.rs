//! Answers an offer: the server never offers. One function for the web client, WHIP and WHEP.
//!
//! An m-line on which the client only receives is a slot: it has its own SSRC for the life of the connection, and any
//! publication can be shown in it without another offer.

use super::identity::Fingerprint;
use super::offer::{Offer, OfferError, OfferedLine, OfferedRtp, credentials};
use super::session::{Credentials, Session};
use crate::rtp::{Agreement, MediaKind, Mid, SendLine, SlotLine, Ssrc};
use std::fmt::Write as _;
use std::net::SocketAddr;

/// How many sound slots a client may have: the loudest speakers, the trainer always one of them.
pub const AUDIO_SLOTS_MAX: usize = 3;
/// How many picture slots a client may have.
pub const VIDEO_SLOTS_MAX: usize = 8;
/// How many m-lines of one kind a client may send on.
const SENDING_MAX: usize = 4;

/// What the server brings to an answer. Randomness is handed in: this module has none.
#[derive(Clone, Debug)]
pub struct LocalSide<'a> {
    /// Where media is received, best first; each is announced for UDP and for passive TCP.
    pub addresses: &'a [SocketAddr],
    pub fingerprint: &'a Fingerprint,
    /// New credentials, used unless this offer continues a session without restarting ICE.
    pub credentials: Credentials,
    /// Where this connection's SSRCs start, unless it continues a session.
    pub first_ssrc: Ssrc,
    /// The session's number in `o=`, unless this offer continues a session.
    pub session_number: u64,
}

/// An answered offer.
#[derive(Clone, Debug)]
pub struct Answered {
    pub sdp: String,
    pub session: Session,
}

/// Answers an offer; with `previous`, the next offer of a client that is connected already.
///
/// # Errors
/// Where the offer can't be used; the text says which part.
pub fn answer(offer: &str, local: LocalSide<'_>, previous: Option<&Session>) -> Result<Answered, OfferError> {
    let offer = Offer::parse(offer)?;
    let mut slots = SlotNumbers::new(&local, previous);
    let mut agreement = Agreement {
        extensions: offer.extensions,
        cname: previous
            .map_or_else(|| format!("qism-{}", local.credentials.ufrag), |before| before.agreement.cname.clone()),
        ..Agreement::default()
    };
    let taken: Vec<Taken> = offer.lines.iter().map(|line| take(line, &mut agreement, &mut slots)).collect();
    if agreement.sending.is_empty() && agreement.slots.is_empty() {
        return Err(OfferError::new(
            "no m-line can be used: audio needs Opus; video needs VP8, VP9, H.264 or AV1; UDP/TLS/RTP/SAVPF",
        ));
    }
    // RFC 8839 §4.4.3: new remote credentials restart ICE, and then both ends have new ones.
    let continued = previous.filter(|before| before.remote == offer.remote);
    let session = Session {
        local: continued.map_or_else(|| local.credentials.clone(), |before| before.local.clone()),
        remote: offer.remote.clone(),
        fingerprints: offer.fingerprints.clone(),
        next_ssrc: slots.next,
        // RFC 3264 §8: the same session, in its next version.
        number: previous.map_or(local.session_number, |before| before.number),
        version: previous.map_or(1, |before| before.version.saturating_add(1)),
        agreement,
    };
    let sdp = write_answer(&offer, &taken, &local, &session);
    Ok(Answered { sdp, session })
}

impl Session {
    /// The same agreement under new ICE credentials: WHIP and WHEP restart ICE without a whole offer (RFC 9725 §4.3.3).
    ///
    /// # Errors
    /// Where the client's credentials are not valid.
    pub fn restart_ice(&self, ufrag: &str, password: &str, local: Credentials) -> Result<Self, OfferError> {
        Ok(Self { remote: credentials(ufrag, password)?, local, ..self.clone() })
    }
}

/// Gives each slot its SSRCs: those it had, or the next free ones.
struct SlotNumbers<'a> {
    previous: &'a [SlotLine],
    next: Ssrc,
}

impl<'a> SlotNumbers<'a> {
    fn new(local: &LocalSide<'_>, previous: Option<&'a Session>) -> Self {
        Self {
            previous: previous.map_or(&[], |session| &session.agreement.slots),
            next: previous.map_or(local.first_ssrc, |session| session.next_ssrc),
        }
    }

    fn of(&mut self, mid: Mid) -> (Ssrc, Ssrc) {
        if let Some(SlotLine { ssrc, rtx_ssrc, .. }) = self.previous.iter().find(|slot| slot.mid == mid) {
            return (*ssrc, rtx_ssrc.unwrap_or(Ssrc(ssrc.0.wrapping_add(1))));
        }
        let first = self.next;
        self.next = Ssrc(first.0.wrapping_add(2));
        (first, Ssrc(first.0.wrapping_add(1)))
    }
}

/// What the answer does with one m-line.
struct Taken {
    sends: bool,
    receives: bool,
}

fn take(line: &OfferedLine, agreement: &mut Agreement, numbers: &mut SlotNumbers<'_>) -> Taken {
    let Some(rtp) = &line.rtp else { return Taken { sends: false, receives: false } };
    let kind = rtp.line.kind;
    let slots_max = match kind {
        MediaKind::Audio => AUDIO_SLOTS_MAX,
        MediaKind::Video => VIDEO_SLOTS_MAX,
    };
    let receives = rtp.client_sends && count(&agreement.sending, |line| line.kind == kind) < SENDING_MAX;
    let sends = rtp.client_receives && count(&agreement.slots, |slot| slot.kind == kind) < slots_max;
    if receives {
        agreement.sending.push(rtp.line.clone());
    }
    if sends {
        let (ssrc, rtx) = numbers.of(rtp.line.mid);
        let has_rtx = rtp.line.payloads.iter().any(|map| map.rtx.is_some());
        agreement.slots.push(SlotLine {
            mid: rtp.line.mid,
            kind,
            payloads: rtp.line.payloads.clone(),
            ssrc,
            rtx_ssrc: has_rtx.then_some(rtx),
        });
    }
    Taken { sends, receives }
}

fn count<T>(items: &[T], matches: impl Fn(&T) -> bool) -> usize {
    items.iter().filter(|item| matches(item)).count()
}

/// Lines end in CRLF (RFC 8866 §5). Writing to a `String` can't fail.
macro_rules! line {
    ($text:expr, $($what:tt)*) => {{
        let _ = write!($text, $($what)*);
        $text.push_str("\r\n");
    }};
}

fn write_answer(offer: &Offer, taken: &[Taken], local: &LocalSide<'_>, session: &Session) -> String {
    let mut text = String::with_capacity(4096);
    line!(text, "v=0");
    line!(text, "o=- {} {} IN IP4 127.0.0.1", session.number, session.version);
    line!(text, "s=-");
    line!(text, "t=0 0");
    let accepted: Vec<&str> =
        offer.lines.iter().filter(|line| line.rtp.is_some()).map(|line| line.mid.as_str()).collect();
    line!(text, "a=group:BUNDLE {}", accepted.join(" "));
    line!(text, "a=ice-lite");
    line!(text, "a=msid-semantic: WMS *");
    if offer.allows_mixed_extensions {
        line!(text, "a=extmap-allow-mixed");
    }
    for (offered, taken) in offer.lines.iter().zip(taken) {
        match &offered.rtp {
            None => write_rejected(&mut text, offered),
            Some(rtp) => {
                write_media(&mut text, offered, rtp, taken, session);
                write_transport(&mut text, local, session);
            }
        }
    }
    text
}

fn write_rejected(text: &mut String, offered: &OfferedLine) {
    line!(text, "m={} 0 {} {}", offered.media, offered.protocol, offered.formats.join(" "));
    line!(text, "c=IN IP4 0.0.0.0");
    line!(text, "a=mid:{}", offered.mid);
    line!(text, "a=inactive");
}

fn write_media(text: &mut String, offered: &OfferedLine, rtp: &OfferedRtp, taken: &Taken, session: &Session) {
    let line = &rtp.line;
    let formats: Vec<String> = line
        .payloads
        .iter()
        .flat_map(|map| [Some(map.payload_type), map.rtx])
        .flatten()
        .map(|payload_type| payload_type.0.to_string())
        .collect();
    line!(text, "m={} 9 {} {}", offered.media, offered.protocol, formats.join(" "));
    line!(text, "c=IN IP4 0.0.0.0");
    line!(text, "a=mid:{}", line.mid);
    line!(
        text,
        "a={}",
        match (taken.sends, taken.receives) {
            (true, true) => "sendrecv",
            (true, false) => "sendonly",
            (false, true) => "recvonly",
            (false, false) => "inactive",
        }
    );
    line!(text, "a=rtcp-mux");
    if rtp.reduced_size_rtcp {
        line!(text, "a=rtcp-rsize");
    }
    for (id, uri) in &rtp.extensions {
        line!(text, "a=extmap:{id} {uri}");
    }
    write_formats(text, rtp);
    if taken.receives {
        write_simulcast(text, line);
    }
    if let Some(slot) = session.agreement.slots.iter().find(|slot| taken.sends && slot.mid == line.mid) {
        write_slot(text, slot, session);
    }
}

fn write_formats(text: &mut String, rtp: &OfferedRtp) {
    let of = |list: &[(crate::rtp::PayloadType, String)], wanted| {
        list.iter().find(|(payload_type, _)| *payload_type == wanted).map(|(_, value)| value.clone())
    };
    for payload_type in rtp.line.payloads.iter().flat_map(|map| [Some(map.payload_type), map.rtx]).flatten() {
        if let Some(encoding) = of(&rtp.encodings, payload_type) {
            line!(text, "a=rtpmap:{} {encoding}", payload_type.0);
        }
        if let Some(parameters) = of(&rtp.format_parameters, payload_type) {
            line!(text, "a=fmtp:{} {parameters}", payload_type.0);
        }
    }
    let transport_wide = rtp.feedback.iter().any(|(_, what)| what == "transport-cc");
    for (payload_type, what) in &rtp.feedback {
        // One bandwidth estimate is enough: REMB only for clients that have no transport-wide feedback.
        if what == "goog-remb" && transport_wide {
            continue;
        }
        match payload_type {
            Some(payload_type) => line!(text, "a=rtcp-fb:{} {what}", payload_type.0),
            None => line!(text, "a=rtcp-fb:* {what}"),
        }
    }
}

fn write_simulcast(text: &mut String, line: &SendLine) {
    if line.rids.is_empty() {
        return;
    }
    for rid in &line.rids {
        line!(text, "a=rid:{rid} recv");
    }
    let names: Vec<&str> = line.rids.iter().map(crate::rtp::Rid::as_str).collect();
    line!(text, "a=simulcast:recv {}", names.join(";"));
}

/// Slots share one CNAME and one clock; the n-th sound and the n-th picture share a stream, so that a browser has
/// one sound to keep each picture in step with.
fn write_slot(text: &mut String, slot: &SlotLine, session: &Session) {
    let agreement = &session.agreement;
    let number = agreement.slots.iter().filter(|other| other.kind == slot.kind).position(|other| other.mid == slot.mid);
    line!(text, "a=msid:qism-{} slot-{}", number.unwrap_or_default(), slot.mid);
    if let Some(rtx) = slot.rtx_ssrc {
        line!(text, "a=ssrc-group:FID {} {}", slot.ssrc.0, rtx.0);
    }
    for ssrc in [Some(slot.ssrc), slot.rtx_ssrc].into_iter().flatten() {
        line!(text, "a=ssrc:{} cname:{}", ssrc.0, agreement.cname);
    }
}

/// In every m-line, though one would do (RFC 8843 §9.2): aiortc takes the candidates of the last line that shares a
/// transport.
fn write_transport(text: &mut String, local: &LocalSide<'_>, session: &Session) {
    line!(text, "a=ice-ufrag:{}", session.local.ufrag);
    line!(text, "a=ice-pwd:{}", session.local.password);
    line!(text, "a=fingerprint:{}", local.fingerprint);
    line!(text, "a=setup:passive");
    for candidate in candidates(local.addresses) {
        line!(text, "a={candidate}");
    }
    line!(text, "a=end-of-candidates");
}

/// The `candidate` attributes of these addresses, without `a=`: host candidates, UDP before TCP (RFC 8839 §5.1, RFC 6544 §4.5).
#[must_use]
pub fn candidates(addresses: &[SocketAddr]) -> Vec<String> {
    let priority = |type_preference: u32, index: usize| {
        let local = 65_535_u32.saturating_sub(u32::try_from(index).unwrap_or(u32::MAX));
        (type_preference << 24) | (local.min(65_535) << 8) | 255
    };
    let udp = addresses.iter().enumerate().map(|(index, address)| {
        let (ip, port) = (address.ip(), address.port());
        format!("candidate:{} 1 udp {} {ip} {port} typ host", index + 1, priority(126, index))
    });
    let tcp = addresses.iter().enumerate().map(|(index, address)| {
        let (ip, port) = (address.ip(), address.port());
        let foundation = addresses.len() + index + 1;
        format!("candidate:{foundation} 1 tcp {} {ip} {port} typ host tcptype passive", priority(90, index))
    });
    udp.chain(tcp).collect()
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
