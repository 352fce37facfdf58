use super::clock::{RoomTime, ticks};
use super::outgoing::Outgoing;
use super::packet::MediaPacket;
use super::positions::Place;
use super::resends::Resends;
use super::{OutgoingRtp, PAYLOADS_MAX, PeerIndex, PeerKey, PublicationIndex, Sink};
use crate::rtp::codec::DESCRIPTOR_BYTES_MAX;
use crate::rtp::{
    Codec, ExtendedSeq, ExtensionIds, HEADER_BYTES_MAX, Header, MediaKind, Mid, PayloadMap, PayloadType, SlotLine, Ssrc,
};
use std::time::Duration;

/// A place in a receiver's session that can show any publication; what it sends is one RTP stream without seams,
/// whatever is behind it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) to: PeerKey,
    pub(super) peer: PeerIndex,
    pub(super) mid: Mid,
    pub(super) kind: MediaKind,
    pub(super) ssrc: Ssrc,
    pub(super) rtx_ssrc: Option<Ssrc>,
    pub(super) open: bool,
    /// The extensions that this slot's packets carry.
    ids: ExtensionIds,
    payloads: Vec<PayloadMap>,
    /// The payload type and that of repairs for each payload of the publication shown.
    mapping: [Option<(PayloadType, Option<PayloadType>)>; PAYLOADS_MAX],
    pub(super) publication: Option<PublicationIndex>,
    /// The encoding that is sent, and the one that takes over at its next keyframe.
    pub(super) listening: Option<u8>,
    pub(super) waiting: Option<u8>,
    pub(super) max_height: Option<u16>,
    /// The largest encoding, in the publication's order, that the network is trusted with; `None` until first chosen.
    pub(super) cap: Option<usize>,
    /// Whether a larger encoding would be sent but for the network.
    pub(super) held_back: bool,
    run: Run,
    previous: Option<Run>,
    sent: LastSent,
    pub(super) keyframe_at: Option<RoomTime>,
    pub(super) packets: u32,
    pub(super) octets: u32,
    pub(super) rtx_next: u64,
    pub(super) resends: Resends,
    pub(super) reported: bool,
}

/// A stretch of a slot's stream that comes from one encoding: what is added to the encoding's numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    pub(super) encoding: u8,
    /// The encoding's first packet in this run, and the number it got.
    first_place: Place,
    first_index: u64,
    timestamp_offset: u32,
    picture_id_offset: u16,
    tl0_offset: u8,
    frame_number_offset: u16,
}

/// The newest packet sent, for what comes next to go on from.
#[derive(Clone, Copy, Debug, Default)]
struct LastSent {
    index: u64,
    timestamp: u32,
    at: Option<RoomTime>,
    picture_id: u16,
    tl0: u8,
    frame_number: u16,
}

/// The latest that a timestamp from sender reports may lie after what the arrival times say; beyond it the reports
/// are not believed.
const TIMESTAMP_LEAD_MAX: Duration = Duration::from_secs(1);

impl Run {
    /// The SRTP index (and sequence number) that a packet of the encoding has in this run; `None` before the run.
    pub(super) fn index(&self, place: Place) -> Option<u64> {
        place.0.checked_sub(self.first_place.0).map(|offset| self.first_index + offset)
    }

    fn place(&self, index: u64) -> Option<Place> {
        let offset = index.checked_sub(self.first_index)?;
        self.first_place.0.checked_add(offset).map(Place)
    }

    /// A timestamp of the encoding as the slot sends it.
    pub(super) fn timestamp(&self, timestamp: u32) -> u32 {
        timestamp.wrapping_add(self.timestamp_offset)
    }
}

impl Slot {
    pub(super) fn new(to: PeerKey, peer: PeerIndex, line: &SlotLine, ids: &ExtensionIds) -> Self {
        let mut slot = Self {
            to,
            peer,
            mid: line.mid,
            kind: line.kind,
            ssrc: line.ssrc,
            rtx_ssrc: None,
            open: true,
            ids: *ids,
            payloads: Vec::new(),
            mapping: [None; PAYLOADS_MAX],
            publication: None,
            listening: None,
            waiting: None,
            max_height: None,
            cap: None,
            held_back: false,
            run: Run::default(),
            previous: None,
            // Below 2^15, so that the receiver cannot take the first packets' rollover counter for anything but 0.
            sent: LastSent { index: u64::from(line.ssrc.0 & 0x3fff), ..LastSent::default() },
            keyframe_at: None,
            packets: 0,
            octets: 0,
            rtx_next: u64::from(line.ssrc.0 & 0x1fff) + 1,
            resends: Resends::default(),
            reported: false,
        };
        slot.follow(line, ids);
        slot
    }

    /// Takes over what a new agreement says about the slot. The SSRCs stay what they were.
    pub(super) fn follow(&mut self, line: &SlotLine, ids: &ExtensionIds) {
        self.open = true;
        self.payloads.clone_from(&line.payloads);
        self.rtx_ssrc = self.rtx_ssrc.or(line.rtx_ssrc);
        self.ids = *ids;
        if self.kind == MediaKind::Audio {
            // A receiver answers packets that carry these with feedback, twenty times a second. Sound is a small and steady
            // part of a link, of which its reports tell enough; who only listens is spared that data.
            self.ids.transport_sequence = None;
            self.ids.abs_send_time = None;
        }
        if self.kind == MediaKind::Video && self.rtx_ssrc.is_none() {
            // Repairs then go out again under their own sequence number, that is, under the same SRTP nonce: they must
            // be the same bytes (RFC 7714 §8.1: a nonce used twice gives the key away).
            self.ids.transport_sequence = None;
            self.ids.abs_send_time = None;
        }
    }

    /// How the receiver names a codec.
    fn payload_type(&self, codec: Codec) -> Option<(PayloadType, Option<PayloadType>)> {
        self.payloads.iter().find(|map| map.codec == codec).map(|map| (map.payload_type, map.rtx))
    }

    /// Whether the receiver can play the publication: what it sends now or, before that is known, anything it may.
    pub(super) fn can_play(&self, payloads: &[PayloadMap], in_use: Option<u8>) -> bool {
        let in_use = in_use.and_then(|index| payloads.get(usize::from(index)));
        match in_use {
            Some(map) => self.payload_type(map.codec).is_some(),
            None => payloads.iter().any(|map| self.payload_type(map.codec).is_some()),
        }
    }

    /// Prepares for a publication's payloads.
    pub(super) fn map_payloads(&mut self, payloads: &[PayloadMap]) {
        self.mapping = [None; PAYLOADS_MAX];
        for (index, map) in payloads.iter().enumerate() {
            let mapped = self.payload_type(map.codec);
            if let Some(place) = self.mapping.get_mut(index) {
                *place = mapped;
            }
        }
    }

    /// Goes on with another encoding from this packet on. `by_reports` is the packet's timestamp on this slot's
    /// timeline, where sender reports of both encodings tell it.
    pub(super) fn begin_run(
        &mut self,
        now: RoomTime,
        encoding: u8,
        packet: &MediaPacket<'_>,
        clock_rate: u32,
        by_reports: Option<u32>,
    ) {
        let timestamp = self.next_timestamp(now, packet.timestamp, clock_rate, by_reports);
        let picture_id = packet.ids.picture_id.map_or(0, |id| id.value);
        let tl0 = packet.ids.tl0.map_or(0, |tl0| tl0.value);
        let frame_number = packet.frame_number().unwrap_or(0);
        self.previous = (self.packets > 0).then_some(self.run);
        self.run = Run {
            encoding,
            first_place: packet.place,
            first_index: self.sent.index + 1,
            timestamp_offset: timestamp.wrapping_sub(packet.timestamp),
            picture_id_offset: self.sent.picture_id.wrapping_add(1).wrapping_sub(picture_id),
            tl0_offset: self.sent.tl0.wrapping_add(1).wrapping_sub(tl0),
            frame_number_offset: self.sent.frame_number.wrapping_add(1).wrapping_sub(frame_number),
        };
        self.keyframe_at = Some(now);
    }

    /// The runs before this one belong to something that must not come out any more.
    pub(super) fn forget_runs(&mut self) {
        self.previous = None;
        self.run = Run { first_index: self.sent.index + 1, first_place: Place(u64::MAX), ..self.run };
    }

    /// The timestamp that a packet with `timestamp` gets where a run begins with it now.
    pub(super) fn timestamp_after(&self, now: RoomTime, timestamp: u32, clock_rate: u32) -> u32 {
        self.next_timestamp(now, timestamp, clock_rate, None)
    }

    fn next_timestamp(&self, now: RoomTime, timestamp: u32, clock_rate: u32, by_reports: Option<u32>) -> u32 {
        let Some(last_at) = self.sent.at else { return timestamp };
        let elapsed = |span: Duration| ticks(span.as_micros().min(1 << 40) as i64, clock_rate);
        let by_arrival = elapsed(now.since(last_at)).max(1);
        let latest = by_arrival.saturating_add(elapsed(TIMESTAMP_LEAD_MAX));
        let reported = by_reports.map(|at| i64::from(at.wrapping_sub(self.sent.timestamp).cast_signed()));
        // Never backwards, and never at the same time as the frame before.
        let step = match reported {
            Some(step) if step <= latest => step.max(1),
            _ => by_arrival,
        };
        self.sent.timestamp.wrapping_add(step as u32)
    }

    pub(super) fn run(&self) -> &Run {
        &self.run
    }

    /// The index of the newest packet sent.
    pub(super) fn newest_index(&self) -> u64 {
        self.sent.index
    }

    /// When the newest packet was sent, and its timestamp.
    pub(super) fn last_sent(&self) -> Option<(RoomTime, u32)> {
        self.sent.at.map(|at| (at, self.sent.timestamp))
    }

    /// Which packet of which encoding went out under a sequence number, as far as it may be sent again.
    pub(super) fn origin(&self, index: u64) -> Option<(Run, Place)> {
        let run = if index >= self.run.first_index { self.run } else { self.previous? };
        run.place(index).map(|place| (run, place))
    }

    /// The index of a sequence number that the receiver speaks of.
    pub(super) fn index(&self, seq: crate::rtp::Seq) -> Option<u64> {
        ExtendedSeq(self.sent.index).nearest(seq).map(|index| index.0).filter(|index| *index <= self.sent.index)
    }

    /// Sends a packet of the encoding that the slot listens to, unless one as new has been sent already. The path of
    /// every packet to every receiver.
    pub(super) fn forward_once(
        &mut self,
        now: RoomTime,
        packet: &MediaPacket<'_>,
        outgoing: &mut Outgoing,
        sink: &mut impl Sink,
    ) -> bool {
        !self.is_beyond(packet.place) && self.forward(now, packet, outgoing, sink)
    }

    /// Whether this packet of the encoding, or a newer one, has been sent.
    pub(super) fn is_beyond(&self, place: Place) -> bool {
        self.run.index(place).is_some_and(|index| index <= self.sent.index)
    }

    /// Sends a packet, however old.
    pub(super) fn forward(
        &mut self,
        now: RoomTime,
        packet: &MediaPacket<'_>,
        outgoing: &mut Outgoing,
        sink: &mut impl Sink,
    ) -> bool {
        let run = self.run;
        let Some(index) = run.index(packet.place) else { return false };
        let Some(&Some((payload_type, _))) = self.mapping.get(usize::from(packet.payload_index)) else { return false };
        let numbers = Numbers::of(&run, packet);
        let wire = Wire { ssrc: self.ssrc, index, payload_type, original: None };
        let length = self.write(now, &wire, packet, &numbers, outgoing, sink);
        if index > self.sent.index {
            self.sent = LastSent {
                index,
                timestamp: numbers.timestamp,
                at: Some(now),
                picture_id: packet.ids.picture_id.map_or(self.sent.picture_id, |_| numbers.picture_id),
                tl0: packet.ids.tl0.map_or(self.sent.tl0, |_| numbers.tl0),
                frame_number: packet.frame_number().map_or(self.sent.frame_number, |_| numbers.frame_number),
            };
        }
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(length as u32);
        true
    }

    /// Sends a packet of the cache again: as its own stream of repairs (RFC 4588), or the very same bytes.
    pub(super) fn resend(
        &mut self,
        now: RoomTime,
        run: &Run,
        packet: &MediaPacket<'_>,
        outgoing: &mut Outgoing,
        sink: &mut impl Sink,
    ) -> bool {
        let Some(index) = run.index(packet.place) else { return false };
        let Some(&Some((payload_type, rtx))) = self.mapping.get(usize::from(packet.payload_index)) else {
            return false;
        };
        let numbers = Numbers::of(run, packet);
        let wire = match (self.rtx_ssrc, rtx) {
            (Some(ssrc), Some(payload_type)) => {
                let original = Some(ExtendedSeq(index).seq().0);
                let index = self.rtx_next;
                self.rtx_next += 1;
                Wire { ssrc, index, payload_type, original }
            }
            (None, _) if self.kind == MediaKind::Video => Wire { ssrc: self.ssrc, index, payload_type, original: None },
            _ => return false,
        };
        self.write(now, &wire, packet, &numbers, outgoing, sink);
        true
    }

    fn write(
        &self,
        now: RoomTime,
        wire: &Wire,
        packet: &MediaPacket<'_>,
        numbers: &Numbers,
        outgoing: &mut Outgoing,
        sink: &mut impl Sink,
    ) -> usize {
        // A repair of its own stream goes alone: it needs no size in common.
        let padding = if wire.original.is_some() { 0 } else { packet.padding };
        let header = Header {
            payload_type: wire.payload_type,
            marker: packet.marker,
            padded: padding > 0,
            sequence: ExtendedSeq(wire.index).seq(),
            timestamp: numbers.timestamp,
            ssrc: wire.ssrc,
            mid: self.mid.as_bytes(),
            transport_sequence: self.ids.transport_sequence.map(|_| outgoing.next()),
            abs_send_time: self.ids.abs_send_time.map(|_| now.abs_send_time()),
            audio_level: packet.audio_level,
            video_orientation: packet.video_orientation,
            dependency_descriptor: packet.dependency_descriptor,
            frame_number: numbers.frame_number,
        };
        let mut bytes = [0; HEADER_BYTES_MAX];
        let length = header.write(&self.ids, &mut bytes);
        let mut prefix = [0; 2 + DESCRIPTOR_BYTES_MAX];
        let (prefix_length, payload) = write_prefix(&mut prefix, wire.original, packet, numbers);
        let out = OutgoingRtp {
            header: bytes.get(..length).unwrap_or_default(),
            prefix: prefix.get(..prefix_length).unwrap_or_default(),
            payload,
            padding,
            ssrc: wire.ssrc,
            index: wire.index,
        };
        let total = out.length();
        sink.rtp(self.to, &out);
        if self.ids.transport_sequence.is_some() {
            outgoing.note_numbered(now, total);
        }
        outgoing.note(total);
        prefix_length + payload.len()
    }
}

/// What tells one stream of a slot from another.
struct Wire {
    ssrc: Ssrc,
    index: u64,
    payload_type: PayloadType,
    /// The sequence number of the packet that this one repairs (RFC 4588 §4).
    original: Option<u16>,
}

/// A packet's numbers as one slot sends them.
struct Numbers {
    timestamp: u32,
    picture_id: u16,
    tl0: u8,
    frame_number: u16,
}

impl Numbers {
    fn of(run: &Run, packet: &MediaPacket<'_>) -> Self {
        Self {
            timestamp: run.timestamp(packet.timestamp),
            picture_id: packet.ids.picture_id.map_or(0, |id| id.value.wrapping_add(run.picture_id_offset)),
            tl0: packet.ids.tl0.map_or(0, |tl0| tl0.value.wrapping_add(run.tl0_offset)),
            frame_number: packet.frame_number().map_or(0, |number| number.wrapping_add(run.frame_number_offset)),
        }
    }
}

/// Writes the part of the payload that differs from receiver to receiver; gives its length, and the rest.
fn write_prefix<'a>(
    prefix: &mut [u8; 2 + DESCRIPTOR_BYTES_MAX],
    original: Option<u16>,
    packet: &MediaPacket<'a>,
    numbers: &Numbers,
) -> (usize, &'a [u8]) {
    let [high, low, descriptor @ ..] = prefix;
    let (own, rest) = packet.payload.split_at_checked(packet.ids.prefix_length()).unwrap_or((&[], packet.payload));
    let Some(place) = descriptor.get_mut(..own.len()) else { return (0, packet.payload) };
    place.copy_from_slice(own);
    packet.ids.rewrite(place, numbers.picture_id, numbers.tl0);
    let Some(original) = original else {
        let length = own.len();
        prefix.copy_within(2.., 0);
        return (length, rest);
    };
    [*high, *low] = original.to_be_bytes();
    (2 + own.len(), rest)
}
