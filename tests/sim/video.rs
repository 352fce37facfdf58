//! Frames that say who they are: a publisher that cuts them into packets and repairs what is asked for, and a viewer
//! that asks for what is missing and puts frames together. VP8 in name; RTP and RTCP by hand.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

pub const VP8: u8 = 96;
pub const VP8_RTX: u8 = 97;
pub const MID_EXTENSION: u8 = 1;
pub const RID_EXTENSION: u8 = 2;
pub const PACKETS_PER_FRAME: u16 = 4;
const FRAME_INTERVAL: Duration = Duration::from_millis(33);
const NACK_INTERVAL: Duration = Duration::from_millis(40);
/// After how many requests a packet is given up.
const NACKS_MAX: u32 = 25;

/// What each packet of a frame carries after the codec's own bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    pub room: u64,
    pub layer: u8,
    pub frame: u32,
    pub part: u16,
    pub keyframe: bool,
}

impl Label {
    fn write(self, packet: &mut Vec<u8>, picture_id: u16) {
        // RFC 7741 §4.2: extended, start of partition on the first part; a 15-bit picture id.
        packet.extend([0x80 | if self.part == 0 { 0x10 } else { 0 }, 0x80]);
        packet.extend((0x8000 | picture_id).to_be_bytes());
        // §4.3: bit 0 of the first byte is 0 for keyframes, which start 9d 01 2a and then have their size.
        if self.part == 0 {
            packet.extend(if self.keyframe {
                [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01]
            } else {
                [0x11; 10]
            });
        }
        packet.extend(self.room.to_be_bytes());
        packet.push(self.layer);
        packet.extend(self.frame.to_be_bytes());
        packet.extend(self.part.to_be_bytes());
        packet.push(u8::from(self.keyframe));
        // Larger layers are larger: the server ranks them by what arrives.
        packet.extend(std::iter::repeat_n(0xaa, 60 << self.layer));
    }

    fn read(payload: &[u8]) -> (Self, u16) {
        assert_eq!(payload[0] & 0xe0, 0x80, "a VP8 descriptor with extension");
        assert_eq!(payload[1], 0x80, "with a picture id and nothing else");
        let picture_id = u16::from_be_bytes([payload[2], payload[3]]);
        assert!(picture_id & 0x8000 != 0, "of 15 bits");
        let mut body = &payload[4..];
        if payload[0] & 0x10 != 0 {
            body = &body[10..];
        }
        let label = Self {
            room: u64::from_be_bytes(body[..8].try_into().expect("8 bytes")),
            layer: body[8],
            frame: u32::from_be_bytes(body[9..13].try_into().expect("4 bytes")),
            part: u16::from_be_bytes(body[13..15].try_into().expect("2 bytes")),
            keyframe: body[15] == 1,
        };
        (label, picture_id & 0x7fff)
    }
}

fn rtp(payload_type: u8, marker: bool, sequence: u16, timestamp: u32, ssrc: u32) -> Vec<u8> {
    let mut packet = vec![0x80, payload_type | if marker { 0x80 } else { 0 }];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet
}

fn with_extensions(packet: &mut Vec<u8>, extensions: &[(u8, &str)]) {
    let mut block = Vec::new();
    for (id, text) in extensions {
        block.push(id << 4 | (text.len() as u8 - 1));
        block.extend(text.bytes());
    }
    block.resize(block.len().next_multiple_of(4), 0);
    packet[0] |= 0x10;
    packet.extend([0xbe, 0xde]);
    packet.extend((block.len() as u16 / 4).to_be_bytes());
    packet.extend(block);
}

/// Where an RTP packet's payload starts.
fn payload_at(packet: &[u8]) -> usize {
    let fixed = 12 + 4 * usize::from(packet[0] & 0x0f);
    if packet[0] & 0x10 == 0 {
        return fixed;
    }
    fixed + 4 + 4 * usize::from(u16::from_be_bytes([packet[fixed + 2], packet[fixed + 3]]))
}

/// One encoding of a camera.
pub struct Encoder {
    pub ssrc: u32,
    rtx_ssrc: u32,
    room: u64,
    layer: u8,
    rid: Option<&'static str>,
    mid: String,
    names_itself: bool,
    sequence: u16,
    rtx_sequence: u16,
    frame: u32,
    next_frame: Instant,
    wants_keyframe: bool,
    sent: BTreeMap<u16, Vec<u8>>,
    pub keyframes: Vec<u32>,
}

impl Encoder {
    pub fn new(now: Instant, ssrc: u32, room: u64, layer: u8, mid: &str, rid: Option<&'static str>) -> Self {
        Self {
            ssrc,
            rtx_ssrc: ssrc + 1,
            room,
            layer,
            rid,
            mid: mid.to_owned(),
            names_itself: true,
            // Close to the end, so that every run passes the wrap.
            sequence: 65_400,
            rtx_sequence: 0,
            frame: 0,
            next_frame: now,
            wants_keyframe: true,
            sent: BTreeMap::new(),
            keyframes: Vec::new(),
        }
    }

    pub fn frames(&self) -> u32 {
        self.frame
    }

    /// Leaves mid and rid out from now on, as clients do once they have been heard.
    pub fn stop_naming(&mut self) {
        self.names_itself = false;
    }

    pub fn tick(&mut self, now: Instant) -> Vec<Vec<u8>> {
        if now < self.next_frame {
            return Vec::new();
        }
        self.next_frame += FRAME_INTERVAL;
        let keyframe = std::mem::take(&mut self.wants_keyframe);
        if keyframe {
            self.keyframes.push(self.frame);
        }
        let packets = (0..PACKETS_PER_FRAME).map(|part| self.packet(part, keyframe)).collect();
        self.frame += 1;
        packets
    }

    fn packet(&mut self, part: u16, keyframe: bool) -> Vec<u8> {
        let last = part + 1 == PACKETS_PER_FRAME;
        let timestamp = self.frame.wrapping_mul(2970).wrapping_add(u32::MAX - 90_000);
        let mut packet = rtp(VP8, last, self.sequence, timestamp, self.ssrc);
        let extensions: Vec<(u8, &str)> = std::iter::once((MID_EXTENSION, self.mid.as_str()))
            .chain(self.rid.map(|rid| (RID_EXTENSION, rid)))
            .collect();
        if self.names_itself {
            with_extensions(&mut packet, &extensions);
        }
        let label = Label { room: self.room, layer: self.layer, frame: self.frame, part, keyframe };
        label.write(&mut packet, self.frame as u16 & 0x7fff);
        self.sent.insert(self.sequence, packet.clone());
        self.sequence = self.sequence.wrapping_add(1);
        packet
    }

    /// Answers NACK by RTX (RFC 4588) and PLI by a keyframe.
    pub fn handle_rtcp(&mut self, compound: &[u8]) -> Vec<Vec<u8>> {
        let mut repairs = Vec::new();
        for (count, kind, body) in rtcp_packets(compound) {
            let media = body.get(4..8).map_or(0, |media| u32::from_be_bytes(media.try_into().expect("4 bytes")));
            match (kind, count) {
                (205, 1) if media == self.ssrc => {
                    for pair in body[8..].chunks_exact(4) {
                        let first = u16::from_be_bytes([pair[0], pair[1]]);
                        let mask = u16::from_be_bytes([pair[2], pair[3]]);
                        let more = (0..16).filter(|bit| mask & 1 << bit != 0).map(|bit| first.wrapping_add(bit + 1));
                        for sequence in std::iter::once(first).chain(more) {
                            repairs.extend(self.repair(sequence));
                        }
                    }
                }
                (206, 1) if media == self.ssrc => self.wants_keyframe = true,
                _ => {}
            }
        }
        repairs
    }

    fn repair(&mut self, sequence: u16) -> Option<Vec<u8>> {
        let original = self.sent.get(&sequence)?;
        let payload = payload_at(original);
        let mut packet = original[..payload].to_vec();
        packet[1] = VP8_RTX | original[1] & 0x80;
        packet[2..4].copy_from_slice(&self.rtx_sequence.to_be_bytes());
        packet[8..12].copy_from_slice(&self.rtx_ssrc.to_be_bytes());
        packet.extend(sequence.to_be_bytes());
        packet.extend(&original[payload..]);
        self.rtx_sequence = self.rtx_sequence.wrapping_add(1);
        Some(packet)
    }
}

/// The packets of an RTCP compound: count or format, type, body without the common header.
fn rtcp_packets(compound: &[u8]) -> Vec<(u8, u8, Vec<u8>)> {
    let mut packets = Vec::new();
    let mut rest = compound;
    while rest.len() >= 4 {
        let length = 4 + 4 * usize::from(u16::from_be_bytes([rest[2], rest[3]]));
        assert!(length <= rest.len(), "an RTCP length within its compound");
        packets.push((rest[0] & 0x1f, rest[1], rest[4..length].to_vec()));
        rest = &rest[length..];
    }
    assert!(rest.is_empty(), "a compound without a rest");
    packets
}

/// One slot of a viewer.
pub struct Viewer {
    ssrc: u32,
    rtx_ssrc: u32,
    /// By extended sequence number.
    packets: BTreeMap<u64, (Label, bool, u32, u16)>,
    /// The lowest and the highest that came.
    known: Option<(u64, u64)>,
    missing: HashMap<u64, (Instant, u32)>,
    asked_keyframe: Instant,
    pub duplicates: u32,
}

impl Viewer {
    pub fn new(now: Instant, ssrc: u32, rtx_ssrc: u32) -> Self {
        Self {
            ssrc,
            rtx_ssrc,
            packets: BTreeMap::new(),
            known: None,
            missing: HashMap::new(),
            asked_keyframe: now,
            duplicates: 0,
        }
    }

    pub fn handle_rtp(&mut self, now: Instant, packet: &[u8]) {
        let ssrc = u32::from_be_bytes(packet[8..12].try_into().expect("an SSRC"));
        let mut payload = &packet[payload_at(packet)..];
        let mut sequence = u16::from_be_bytes([packet[2], packet[3]]);
        if ssrc == self.rtx_ssrc {
            assert_eq!(packet[1] & 0x7f, VP8_RTX);
            sequence = u16::from_be_bytes([payload[0], payload[1]]);
            payload = &payload[2..];
        } else if ssrc != self.ssrc {
            return;
        }
        let index = self.extend(sequence);
        let timestamp = u32::from_be_bytes(packet[4..8].try_into().expect("a timestamp"));
        let (label, picture_id) = Label::read(payload);
        if self.packets.insert(index, (label, packet[1] & 0x80 != 0, timestamp, picture_id)).is_some() {
            self.duplicates += 1;
        }
        self.missing.remove(&index);
        // What lies before the first that came can be known to miss only from what came before it, late.
        let (lowest, highest) = *self.known.get_or_insert((index, index));
        for skipped in (highest + 1..index).chain(index + 1..lowest) {
            self.missing.insert(skipped, (now, 0));
        }
        self.known = Some((lowest.min(index), highest.max(index)));
    }

    fn extend(&self, sequence: u16) -> u64 {
        let Some((_, highest)) = self.known else { return 0x10_0000 | u64::from(sequence) };
        let ahead = sequence.wrapping_sub(highest as u16) as i16;
        highest.wrapping_add_signed(i64::from(ahead))
    }

    /// Asks for what is missing, and for a keyframe while none has come whole: if the very first packet was lost, nobody
    /// can know that it is missing.
    pub fn tick(&mut self, now: Instant) -> Vec<Vec<u8>> {
        let mut compounds = Vec::new();
        let mut due = BTreeSet::new();
        self.missing.retain(|index, (at, count)| {
            if *at <= now {
                due.insert(*index);
                *at = now + NACK_INTERVAL;
                *count += 1;
            }
            *count <= NACKS_MAX
        });
        for index in due {
            let mut nack = vec![0x81, 205, 0, 3, 0, 0, 0, 1];
            nack.extend(self.ssrc.to_be_bytes());
            nack.extend((index as u16).to_be_bytes());
            nack.extend([0, 0]);
            compounds.push(nack);
        }
        if now >= self.asked_keyframe && !self.frames().iter().any(|label| label.keyframe) {
            self.asked_keyframe = now + Duration::from_millis(500);
            let mut pli = vec![0x81, 206, 0, 2, 0, 0, 0, 1];
            pli.extend(self.ssrc.to_be_bytes());
            compounds.push(pli);
        }
        compounds
    }

    /// The complete frames in the order in which they would be decoded; fails where anything is out of place.
    pub fn frames(&self) -> Vec<Label> {
        let mut frames = Vec::new();
        let mut parts: Vec<(Label, bool, u32, u16)> = Vec::new();
        let mut before: Option<u64> = None;
        for (index, part) in &self.packets {
            if before.is_some_and(|before| before + 1 != *index) || part.0.part == 0 {
                parts.clear();
            }
            before = Some(*index);
            parts.push(*part);
            let (label, marker, timestamp, picture_id) = *part;
            if label.part + 1 == PACKETS_PER_FRAME && parts.len() == usize::from(PACKETS_PER_FRAME) {
                assert!(marker, "the last packet of a frame is marked");
                for (number, (other, _, stamp, id)) in parts.iter().enumerate() {
                    assert_eq!(
                        (other.room, other.layer, other.frame, usize::from(other.part), *stamp, *id),
                        (label.room, label.layer, label.frame, number, timestamp, picture_id),
                        "the parts of one frame stand together"
                    );
                }
                frames.push(label);
            }
        }
        frames
    }

    /// Timestamps and picture ids in sequence order, for each frame's first packet.
    pub fn timeline(&self) -> Vec<(Label, u32, u16)> {
        self.packets
            .values()
            .filter(|(label, ..)| label.part == 0)
            .map(|(label, _, timestamp, picture_id)| (*label, *timestamp, *picture_id))
            .collect()
    }

    pub fn rooms(&self) -> BTreeSet<u64> {
        self.packets.values().map(|(label, ..)| label.room).collect()
    }

    pub fn layers(&self) -> BTreeSet<u8> {
        self.packets.values().map(|(label, ..)| label.layer).collect()
    }
}
