//! Stories of a room in virtual time: packets go in, what comes out is read like a browser would.

mod burst;
mod camera;
mod codecs;
mod hostile;
mod layers;
mod renegotiation;
mod repair;
mod reports;
mod sound;
mod switching;

use super::*;
use crate::ids::{PeerId, PublicationId};
use crate::protocol::Source;
use crate::rtp::rtcp::{Compound, Rtcp, RtcpWriter};
use crate::rtp::{
    Agreement, Codec, ExtensionIds, KnownExtensions, MediaKind, Mid, PayloadMap, PayloadType, Rid, RtpPacket, SendLine,
    SlotLine, Ssrc,
};
use camera::{Camera, Voice};
use std::time::{Duration, Instant};

const VP8: PayloadMap = PayloadMap { payload_type: PayloadType(96), codec: Codec::Vp8, rtx: Some(PayloadType(97)) };
const OPUS: PayloadMap = PayloadMap { payload_type: PayloadType(111), codec: Codec::Opus, rtx: None };

/// What all peers of these tests negotiate; the ids differ from browser to browser in life.
const IDS: ExtensionIds = ExtensionIds {
    mid: Some(1),
    rid: Some(2),
    repaired_rid: Some(3),
    audio_level: Some(4),
    transport_sequence: Some(5),
    abs_send_time: Some(6),
    dependency_descriptor: Some(7),
    video_orientation: Some(8),
};

fn mid(text: &str) -> Mid {
    Mid::parse(text).unwrap()
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A browser that can send a microphone and a simulcast camera, with three slots for sound and two for pictures.
fn browser(key: u32) -> Agreement {
    let send = |name: &str, kind, payload, rids: &[&str]| SendLine {
        mid: mid(name),
        kind,
        payloads: vec![payload],
        rids: rids.iter().map(|rid| Rid::parse(rid).unwrap()).collect(),
        ssrcs: Vec::new(),
    };
    let slot = |name: &str, kind, payload: PayloadMap, number: u32| SlotLine {
        mid: mid(name),
        kind,
        payloads: vec![payload],
        ssrc: Ssrc(key * 1_000 + number),
        rtx_ssrc: payload.rtx.map(|_| Ssrc(key * 1_000 + number + 100)),
    };
    // Receivers name codecs by other numbers than publishers.
    let vp8 = PayloadMap { payload_type: PayloadType(120), rtx: Some(PayloadType(121)), ..VP8 };
    let opus = PayloadMap { payload_type: PayloadType(63), ..OPUS };
    Agreement {
        sending: vec![
            send("mic", MediaKind::Audio, OPUS, &[]),
            send("cam", MediaKind::Video, VP8, &["l", "m", "h"]),
            send("one", MediaKind::Video, VP8, &[]),
        ],
        slots: vec![
            slot("a0", MediaKind::Audio, opus, 10),
            slot("a1", MediaKind::Audio, opus, 11),
            slot("a2", MediaKind::Audio, opus, 12),
            slot("v0", MediaKind::Video, vp8, 20),
            slot("v1", MediaKind::Video, vp8, 21),
        ],
        extensions: IDS,
        cname: "class".into(),
    }
}

/// What came out for one receiver.
#[derive(Clone, Debug)]
struct Sent {
    to: PeerKey,
    bytes: Vec<u8>,
    header_length: usize,
    index: u64,
}

impl Sent {
    fn packet(&self) -> RtpPacket<'_> {
        RtpPacket::parse(&self.bytes).unwrap()
    }

    fn known(&self) -> KnownExtensions<'_> {
        IDS.read(self.packet().extensions)
    }
}

#[derive(Default)]
struct Wire {
    rtp: Vec<Sent>,
    rtcp: Vec<(PeerKey, Vec<u8>)>,
}

impl Sink for Wire {
    fn rtp(&mut self, to: PeerKey, packet: &OutgoingRtp<'_>) {
        let mut bytes = [packet.header, packet.prefix, packet.payload].concat();
        if packet.padding > 0 {
            bytes.resize(packet.length() - 1, 0);
            bytes.push(packet.padding);
        }
        assert_eq!(bytes.len(), packet.length());
        let sent = Sent { to, bytes, header_length: packet.header.len(), index: packet.index };
        assert_eq!(sent.packet().ssrc, packet.ssrc);
        assert_eq!(u64::from(sent.packet().sequence.0), packet.index & 0xffff);
        assert!(sent.header_length <= sent.bytes.len());
        self.rtp.push(sent);
    }

    fn is_full(&self) -> bool {
        // After every other packet: what is left must not be lost or sent twice.
        self.rtp.len() % 2 == 1
    }

    fn rtcp(&mut self, to: PeerKey, compound: &[u8]) {
        assert!(compound.len() <= RTCP_BYTES_MAX);
        assert!(Compound::new(compound).all(|packet| packet.is_ok()));
        self.rtcp.push((to, compound.to_vec()));
    }
}

/// A room, its time, and what came out of it.
struct Class {
    room: Room,
    start: Instant,
    now: Instant,
    wire: Wire,
}

impl Class {
    fn new() -> Self {
        let now = Instant::now();
        Self { room: Room::new(now), start: now, now, wire: Wire::default() }
    }

    /// With a trainer at key 1 whose microphone (publication 1) and camera (publication 2) are published.
    fn with_trainer() -> (Self, Camera, Voice) {
        let mut class = Self::new();
        let trainer = class.join(1);
        class.room.publish(trainer, mid("mic"), PublicationId(1), Source::Microphone, true);
        class.room.publish(trainer, mid("cam"), PublicationId(2), Source::Camera, false);
        (class, Camera::new(trainer), Voice::new(trainer))
    }

    fn join(&mut self, key: u32) -> PeerKey {
        self.room.add_peer(PeerKey(key), PeerId(u64::from(key)), &browser(key));
        PeerKey(key)
    }

    fn show(&mut self, to: PeerKey, publication: u64) {
        self.room.show(to, mid("v0"), Some(PublicationId(publication)), None);
    }

    fn elapsed(&self) -> Duration {
        self.now - self.start
    }

    /// Lets time pass, doing what is due when it is due.
    fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(due) = self.room.poll_timeout().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.room.handle_timeout(self.now, &mut self.wire);
            self.fan_out();
        }
        self.now = end;
    }

    fn send(&mut self, from: PeerKey, packet: &[u8]) {
        self.room.handle_rtp(self.now, from, packet, &mut self.wire);
        self.fan_out();
    }

    fn fan_out(&mut self) {
        while self.room.fan_out(self.now, &mut self.wire) {}
    }

    fn tell<T>(&mut self, from: PeerKey, write: impl FnOnce(&mut RtcpWriter<'_>) -> T) {
        let mut buffer = [0; 1_200];
        let mut compound = RtcpWriter::new(&mut buffer);
        write(&mut compound);
        self.room.handle_rtcp(self.now, from, compound.written(), &mut self.wire);
    }

    /// What came out since the last call for one receiver's slot, by the slot's number.
    fn heard(&mut self, to: PeerKey, slot: u32) -> Vec<Sent> {
        let ssrc = Ssrc(to.0 * 1_000 + slot);
        let wanted = |sent: &Sent| sent.to == to && sent.packet().ssrc == ssrc;
        let (found, others) = std::mem::take(&mut self.wire.rtp).into_iter().partition(wanted);
        self.wire.rtp = others;
        found
    }

    /// Everything that came out since the last call.
    fn all(&mut self) -> Vec<Sent> {
        std::mem::take(&mut self.wire.rtp)
    }

    /// Reads the RTCP that one peer was sent since the last call.
    fn told<T>(&mut self, to: PeerKey, read: impl Fn(Rtcp<'_>) -> Option<T>) -> Vec<T> {
        let (own, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.wire.rtcp).into_iter().partition(|(peer, _)| *peer == to);
        self.wire.rtcp = others;
        own.iter().flat_map(|(_, bytes)| Compound::new(bytes).filter_map(|packet| read(packet.unwrap()))).collect()
    }

    /// The SSRCs of which a peer was asked for keyframes since the last call.
    fn keyframe_requests(&mut self, to: PeerKey) -> Vec<Ssrc> {
        self.told(to, |packet| match packet {
            Rtcp::PictureLoss { media } => Some(media),
            _ => None,
        })
    }

    fn slots(&mut self, key: PeerKey) -> Option<Vec<Option<u64>>> {
        let mut last = None;
        while let Some(event) = self.room.poll_event() {
            match event {
                Event::SlotsChanged { key: changed, slots, .. } if changed == key => {
                    last = Some(slots.into_iter().map(|(_, shown)| shown.map(|id| id.0)).collect());
                }
                _ => {}
            }
        }
        last
    }
}

fn sequence(sent: &[Sent]) -> Vec<u16> {
    sent.iter().map(|sent| sent.packet().sequence.0).collect()
}

/// Checks that packets carry consecutive numbers; gives the first.
fn assert_gapless(sent: &[Sent]) {
    for pair in sent.windows(2) {
        assert_eq!(pair[1].index, pair[0].index + 1, "a gap in {:?}", sequence(sent));
    }
}
