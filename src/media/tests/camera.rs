use super::*;

/// One encoding's stream as a browser would send it.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) ssrc: Ssrc,
    pub(super) rid: Option<&'static str>,
    pub(super) mid: &'static str,
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
    pub(super) picture_id: u16,
    pub(super) tl0: u8,
    pub(super) height: u16,
    pub(super) payload_bytes: usize,
}

/// A simulcast camera: three encodings, 30 frames a second, two packets a frame.
pub(super) struct Camera {
    pub(super) key: PeerKey,
    pub(super) streams: [Stream; 3],
}

pub(super) const FRAME: Duration = Duration::from_millis(33);
pub(super) const FRAME_TICKS: u32 = 2_970;
pub(super) const LOW: usize = 0;
pub(super) const MIDDLE: usize = 1;
pub(super) const HIGH: usize = 2;

impl Camera {
    pub(super) fn new(key: PeerKey) -> Self {
        let stream = |number: u32, rid, height, payload_bytes| Stream {
            ssrc: Ssrc(key.0 * 1_000 + 500 + number),
            rid: Some(rid),
            mid: "cam",
            // Numbers close to their wraps, each encoding elsewhere.
            sequence: 65_500u16.wrapping_add(1_000 * number as u16),
            timestamp: (u32::MAX - 50_000).wrapping_add(7_000_000 * number),
            picture_id: 0x7ff0 + number as u16,
            tl0: 250,
            height,
            payload_bytes,
        };
        let streams = [stream(0, "l", 180, 200), stream(1, "m", 360, 600), stream(2, "h", 720, 1_150)];
        Self { key, streams }
    }

    /// Sends one frame of all encodings, and lets its time pass.
    pub(super) fn frame(&mut self, class: &mut Class) {
        self.frame_of(class, &[LOW, MIDDLE, HIGH]);
    }

    /// Sends one frame of some encodings, and lets its time pass. Answers keyframe requests like a browser.
    pub(super) fn frame_of(&mut self, class: &mut Class, encodings: &[usize]) {
        let asked = class.keyframe_requests(self.key);
        for (place, stream) in self.streams.iter_mut().enumerate() {
            let key = asked.contains(&stream.ssrc);
            let packets = stream.frame(key);
            if encodings.contains(&place) {
                packets.iter().for_each(|packet| class.send(self.key, packet));
            }
        }
        class.pass(FRAME);
    }

    pub(super) fn frames(&mut self, class: &mut Class, count: usize) {
        (0..count).for_each(|_| self.frame(class));
    }
}

impl Stream {
    /// The two packets of the next frame.
    pub(super) fn frame(&mut self, key: bool) -> [Vec<u8>; 2] {
        let first = self.packet(true, key, false);
        let last = self.packet(false, key, true);
        self.timestamp = self.timestamp.wrapping_add(FRAME_TICKS);
        self.picture_id = (self.picture_id + 1) & 0x7fff;
        self.tl0 = self.tl0.wrapping_add(1);
        [first, last]
    }

    fn packet(&mut self, start: bool, key: bool, marker: bool) -> Vec<u8> {
        let [high, low] = self.picture_id.to_be_bytes();
        let mut payload = vec![if start { 0x90 } else { 0x80 }, 0xe0, 0x80 | high, low, self.tl0, 0x20];
        let [height_low, height_high] = self.height.to_le_bytes();
        payload.extend_from_slice(&[u8::from(!key), 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, height_low, height_high]);
        payload.resize(self.payload_bytes, 0xab);
        let extensions = match self.rid {
            Some(rid) => vec![(1, self.mid.as_bytes().to_vec()), (2, rid.as_bytes().to_vec())],
            None => vec![(1, self.mid.as_bytes().to_vec())],
        };
        let packet = rtp(96, marker, self.sequence, self.timestamp, self.ssrc, &extensions, &payload);
        self.sequence = self.sequence.wrapping_add(1);
        packet
    }

    /// A packet of nothing but padding, as a sender probes with.
    pub(super) fn padding(&mut self) -> Vec<u8> {
        let mut packet = rtp(96, false, self.sequence, self.timestamp, self.ssrc, &[], &[0, 0, 0, 4]);
        packet[0] |= 0x20;
        self.sequence = self.sequence.wrapping_add(1);
        packet
    }
}

/// A microphone: 50 packets a second.
pub(super) struct Voice {
    pub(super) key: PeerKey,
    pub(super) ssrc: Ssrc,
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
}

impl Voice {
    pub(super) fn new(key: PeerKey) -> Self {
        Self { key, ssrc: Ssrc(key.0 * 1_000 + 600), sequence: 65_530, timestamp: u32::MAX - 3_000 }
    }

    /// A packet that is so much softer than the loudest.
    pub(super) fn packet(&mut self, below_full_db: u8) -> Vec<u8> {
        let extensions = [(1, b"mic".to_vec()), (4, vec![below_full_db])];
        let packet = rtp(111, false, self.sequence, self.timestamp, self.ssrc, &extensions, &[0x78; 80]);
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(960);
        packet
    }
}

/// Several people's microphones at once, for a while.
pub(super) fn talk(class: &mut Class, voices: &mut [(Voice, u8)], span: Duration) {
    for _ in 0..span.as_millis() / 20 {
        for (voice, level) in voices.iter_mut() {
            let packet = voice.packet(*level);
            class.send(voice.key, &packet);
        }
        class.pass(ms(20));
    }
}

/// An RTP packet with one-byte extensions, built by hand and not by the code under test.
pub(super) fn rtp(
    payload_type: u8,
    marker: bool,
    sequence: u16,
    timestamp: u32,
    ssrc: Ssrc,
    extensions: &[(u8, Vec<u8>)],
    payload: &[u8],
) -> Vec<u8> {
    let mut bytes = vec![if extensions.is_empty() { 0x80 } else { 0x90 }, (u8::from(marker) << 7) | payload_type];
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(&timestamp.to_be_bytes());
    bytes.extend_from_slice(&ssrc.0.to_be_bytes());
    if !extensions.is_empty() {
        let mut block = Vec::new();
        for (id, data) in extensions {
            block.push((id << 4) | (data.len() as u8 - 1));
            block.extend_from_slice(data);
        }
        block.resize(block.len().next_multiple_of(4), 0);
        bytes.extend_from_slice(&[0xbe, 0xde, 0, (block.len() / 4) as u8]);
        bytes.extend_from_slice(&block);
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// A retransmission of a packet on its own stream.
pub(super) fn rtx(packet: &[u8], ssrc: Ssrc, sequence: u16, rid: Option<&str>) -> Vec<u8> {
    let original = RtpPacket::parse(packet).unwrap();
    let mut payload = original.sequence.0.to_be_bytes().to_vec();
    payload.extend_from_slice(original.payload);
    let known = IDS.read(original.extensions);
    let mut extensions = vec![(1, known.mid.unwrap().to_vec())];
    extensions.extend(rid.map(|rid| (3, rid.as_bytes().to_vec())));
    rtp(97, original.marker, sequence, original.timestamp, ssrc, &extensions, &payload)
}
