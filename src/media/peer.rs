use super::arrivals::Arrivals;
use super::clock::RoomTime;
use super::demux::Demux;
use super::downlink::Downlink;
use super::keyframes::KeyframeRequest;
use super::meter::RateMeter;
use super::missing::Missing;
use super::positions::Positions;
use super::reception::Reception;
use super::timeline::{ClockOffset, Timeline};
use super::{ENCODINGS_MAX, LINES_MAX, PAYLOADS_MAX, PeerKey, PublicationIndex, ReceiveLimit, SlotIndex};
use crate::ids::PeerId;
use crate::rtp::{Agreement, ExtensionIds, MediaKind, Mid, PayloadMap, PayloadType, Rid, SendLine, Ssrc};
use std::time::Duration;

/// One peer: what it may send, and what is known of its link.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) key: PeerKey,
    pub(super) id: PeerId,
    pub(super) extensions: ExtensionIds,
    pub(super) cname: String,
    /// M-lines are never taken out while the peer lives, so that indices stay true; they are closed.
    pub(super) lines: Vec<Line>,
    /// In the order of the offers; never taken out either.
    pub(super) slots: Vec<SlotIndex>,
    pub(super) demux: Demux,
    pub(super) arrivals: Arrivals,
    pub(super) clock_offset: ClockOffset,
    pub(super) limit: ReceiveLimit,
    pub(super) downlink: Downlink,
    pub(super) uplink: Uplink,
    /// The SSRC under which we send feedback.
    pub(super) own_ssrc: Ssrc,
    /// Already in the list of those with a slot that begins.
    pub(super) begins: bool,
    /// Already in the list of those whose slots changed.
    pub(super) slots_told: bool,
}

/// What a peer sent since its figures were last asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uplink {
    pub(super) since: RoomTime,
    pub(super) packets: u64,
    pub(super) bytes: u64,
    /// Since it connected.
    pub(super) bytes_ever: u64,
}

impl Peer {
    pub(super) fn new(now: RoomTime, key: PeerKey, id: PeerId, agreement: &Agreement) -> Self {
        let mut peer = Self {
            key,
            id,
            extensions: agreement.extensions,
            cname: String::new(),
            lines: Vec::new(),
            slots: Vec::new(),
            demux: Demux::default(),
            arrivals: Arrivals::default(),
            clock_offset: ClockOffset::default(),
            limit: ReceiveLimit::default(),
            downlink: Downlink::new(now),
            uplink: Uplink { since: now, ..Uplink::default() },
            own_ssrc: Ssrc(1),
            begins: false,
            slots_told: false,
        };
        peer.follow(agreement);
        peer
    }

    /// Takes over the sending side of an agreement.
    pub(super) fn follow(&mut self, agreement: &Agreement) {
        self.extensions = agreement.extensions;
        self.cname.clone_from(&agreement.cname);
        if let Some(slot) = agreement.slots.first() {
            self.own_ssrc = slot.ssrc;
        }
        for line in &mut self.lines {
            line.open = agreement.sending.iter().any(|sending| sending.mid == line.mid);
        }
        for sending in &agreement.sending {
            let count = self.lines.len();
            match self.lines.iter_mut().find(|line| line.mid == sending.mid) {
                Some(line) => line.follow(sending),
                None if count < LINES_MAX => self.lines.push(Line::new(sending)),
                None => {}
            }
        }
        self.demux.declare(&self.lines, agreement);
    }

    pub(super) fn line(&self, mid: Mid) -> Option<u8> {
        self.lines.iter().position(|line| line.open && line.mid == mid).and_then(|index| u8::try_from(index).ok())
    }

    pub(super) fn encoding_mut(&mut self, line: u8, encoding: u8) -> Option<&mut Encoding> {
        self.lines.get_mut(usize::from(line))?.encodings.get_mut(usize::from(encoding))
    }

    pub(super) fn encoding(&self, line: u8, encoding: u8) -> Option<&Encoding> {
        self.lines.get(usize::from(line))?.encodings.get(usize::from(encoding))
    }
}

/// An m-line on which a peer sends.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) mid: Mid,
    pub(super) kind: MediaKind,
    pub(super) open: bool,
    pub(super) payloads: Vec<PayloadMap>,
    /// At least one, at most [`ENCODINGS_MAX`].
    pub(super) encodings: Vec<Encoding>,
    pub(super) publication: Option<PublicationIndex>,
}

impl Line {
    fn new(sending: &SendLine) -> Self {
        let mut line = Self {
            mid: sending.mid,
            kind: sending.kind,
            open: true,
            payloads: Vec::new(),
            encodings: Vec::new(),
            publication: None,
        };
        line.follow(sending);
        line
    }

    fn follow(&mut self, sending: &SendLine) {
        self.open = true;
        self.payloads.clone_from(&sending.payloads);
        self.payloads.truncate(PAYLOADS_MAX);
        let count = sending.rids.len().max(sending.ssrcs.len()).clamp(1, ENCODINGS_MAX);
        while self.encodings.len() < count {
            self.encodings.push(Encoding::default());
        }
        for (encoding, rid) in self.encodings.iter_mut().zip(&sending.rids) {
            encoding.rid = Some(*rid);
        }
    }

    /// The index of the payload that a payload type stands for; and whether it is its retransmission.
    pub(super) fn payload(&self, payload_type: PayloadType) -> Option<(u8, bool)> {
        self.payloads.iter().zip(0..).find_map(|(map, index)| {
            let repair = map.rtx == Some(payload_type);
            (repair || map.payload_type == payload_type).then_some((index, repair))
        })
    }

    /// Whether the encoding is arriving, as far as the line's other encodings are: none of them has kept arriving for
    /// longer than `patience` without it. (All pause together where a picture stands still.)
    pub(super) fn is_active(&self, encoding: u8, patience: Duration) -> bool {
        let own = self.encodings.get(usize::from(encoding)).and_then(|encoding| encoding.last_arrival);
        own.is_some_and(|own| {
            let mut others =
                self.encodings.iter().filter_map(|other| Some((other.last_arrival?, other.arriving_since)));
            !others.any(|(last, since)| last.since(own.max(since)) > patience)
        })
    }
}

/// One encoding as it arrives, published or not.
#[derive(Debug, Default)]
pub(super) struct Encoding {
    pub(super) rid: Option<Rid>,
    pub(super) ssrc: Option<Ssrc>,
    pub(super) reception: Reception,
    pub(super) positions: Positions,
    pub(super) missing: Missing,
    pub(super) timeline: Option<Timeline>,
    pub(super) keyframes: KeyframeRequest,
    pub(super) meter: RateMeter,
    pub(super) height: Option<u16>,
    pub(super) last_arrival: Option<RoomTime>,
    /// When it began to arrive, after the last longer silence.
    pub(super) arriving_since: RoomTime,
    /// The payload in use, as an index into the line's payloads.
    pub(super) payload_index: Option<u8>,
    /// H.264 parameter sets travel in band, so that a keyframe starts with them.
    pub(super) parameter_sets_seen: bool,
    /// The timestamp of the last keyframe's first packet.
    pub(super) last_keyframe: Option<u32>,
    /// So much is missing that only a keyframe helps; it has not been asked for yet.
    pub(super) beyond_repair: bool,
    /// The source started over, and its listeners have not followed yet.
    unsettled: bool,
    settled_at: RoomTime,
}

/// How often listeners follow a source that starts over: for each of them it is more work than a packet. What comes in
/// between is dropped.
const SETTLE_AFTER: Duration = Duration::from_millis(100);

/// Whether listeners may take what comes for what went on before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    Already,
    /// From this packet on they start over.
    Now,
    NotYet,
}

impl Encoding {
    /// What was known of the source's own numbers and times does not hold any more.
    pub(super) fn start_over(&mut self) {
        self.missing.clear();
        self.timeline = None;
        self.last_keyframe = None;
        self.keyframes = KeyframeRequest::default();
        self.unsettled = true;
    }

    pub(super) fn settle(&mut self, now: RoomTime) -> Settled {
        if !self.unsettled {
            return Settled::Already;
        }
        if now.since(self.settled_at) < SETTLE_AFTER {
            return Settled::NotYet;
        }
        self.unsettled = false;
        self.settled_at = now;
        Settled::Now
    }
}

/// One encoding of one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EncodingRef {
    pub(super) peer: super::PeerIndex,
    pub(super) line: u8,
    pub(super) encoding: u8,
}
