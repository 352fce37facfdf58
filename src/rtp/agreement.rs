use super::{Codec, MediaKind, Mid, PayloadType, Rid, Ssrc};

/// What an offer and its answer agreed on about RTP: read by `peer` from the descriptions, followed by `media`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// What the client may send, in the order of the offer.
    pub sending: Vec<SendLine>,
    /// The slots in which the client can be shown publications, in the order of the offer.
    pub slots: Vec<SlotLine>,
    /// One mapping for all m-lines: they share a BUNDLE group (RFC 8843 §9.2).
    pub extensions: ExtensionIds,
    /// The CNAME under which all slots are sent, so that the client plays them in sync.
    pub cname: String,
}

/// An m-line on which the client sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendLine {
    pub mid: Mid,
    pub kind: MediaKind,
    pub payloads: Vec<PayloadMap>,
    /// The encodings of simulcast in the offer's order; empty without simulcast.
    pub rids: Vec<Rid>,
    /// The SSRCs that the offer declares, each with its RTX (`a=ssrc-group:FID`); empty where only header extensions
    /// tell.
    pub ssrcs: Vec<(Ssrc, Option<Ssrc>)>,
}

/// An m-line on which the server sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotLine {
    pub mid: Mid,
    pub kind: MediaKind,
    pub payloads: Vec<PayloadMap>,
    pub ssrc: Ssrc,
    /// Present on video slots whose payloads have RTX.
    pub rtx_ssrc: Option<Ssrc>,
}

/// A payload type of an m-line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayloadMap {
    pub payload_type: PayloadType,
    pub codec: Codec,
    /// The payload type of its retransmissions (RFC 4588).
    pub rtx: Option<PayloadType>,
}

/// The local ids (1 to 14, or to 255 with two-byte headers) of the header extensions that both ends know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtensionIds {
    /// `urn:ietf:params:rtp-hdrext:sdes:mid`
    pub mid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`
    pub rid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id`
    pub repaired_rid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:ssrc-audio-level` (RFC 6464)
    pub audio_level: Option<u8>,
    /// `http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01`
    pub transport_sequence: Option<u8>,
    /// `http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time`
    pub abs_send_time: Option<u8>,
    /// `https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension`
    pub dependency_descriptor: Option<u8>,
    /// `urn:3gpp:video-orientation` (CVO), so that a phone's picture stands upright
    pub video_orientation: Option<u8>,
}
