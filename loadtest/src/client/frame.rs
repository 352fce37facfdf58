//! Video frames as an encoder makes them, but with the time of sending in place of a picture: VP8 (RFC 7741) in
//! packets of equal size, give or take a byte.

use qism::rtp::Codec;
use qism::rtp::codec::PayloadFacts;

/// The largest RTP payload, in bytes: what Chromium leaves of 1,200 with extensions and seal.
const PAYLOAD_BYTES_MAX: usize = 1_130;

/// How much larger a keyframe is than another frame.
const KEYFRAME_FACTOR: usize = 4;

/// RFC 7741 §4.2 with a 15-bit picture id, and RFC 6386 §9.1 for a keyframe's start.
const DESCRIPTOR_BYTES: usize = 4;
const KEYFRAME_HEADER_BYTES: usize = 10;

/// The last bytes of a payload: who wrote it, and when it was sent.
const MAGIC: [u8; 4] = *b"QSTP";
pub const STAMP_BYTES: usize = 12;

/// The smallest payload that holds all of it.
const PAYLOAD_BYTES_MIN: usize = DESCRIPTOR_BYTES + KEYFRAME_HEADER_BYTES + STAMP_BYTES;

/// Writes when a packet was sent, in microseconds, over the end of its payload.
pub fn stamp(payload: &mut [u8], sent_at_us: u64) {
    if let Some(end) = payload.last_chunk_mut::<STAMP_BYTES>() {
        end[..4].copy_from_slice(&MAGIC);
        end[4..].copy_from_slice(&sent_at_us.to_be_bytes());
    }
}

/// When a packet was sent, in microseconds; nothing where its payload has no stamp.
#[must_use]
pub fn sent_at_us(payload: &[u8]) -> Option<u64> {
    let stamp = payload.last_chunk::<STAMP_BYTES>()?.strip_prefix(&MAGIC)?;
    stamp.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// One frame to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub picture_id: u16,
    pub keyframe: bool,
    pub width: u16,
    pub height: u16,
    /// Of all packets together; a keyframe has more.
    pub bytes: usize,
}

impl Frame {
    /// The sizes of the frame's payloads, the smaller ones first, as libwebrtc's packetizers split a frame.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        let bytes = if self.keyframe { self.bytes * KEYFRAME_FACTOR } else { self.bytes };
        let packets = bytes.div_ceil(PAYLOAD_BYTES_MAX).max(1);
        let (size, larger) = (bytes / packets, bytes % packets);
        let sizes = (0..packets).map(|place| size + usize::from(place >= packets - larger));
        sizes.map(|size| size.max(PAYLOAD_BYTES_MIN)).collect()
    }

    /// Appends the payload at a place of the frame, from 0, of that size; its last [`STAMP_BYTES`] are for the stamp.
    pub fn write(&self, place: usize, size: usize, out: &mut Vec<u8>) {
        let end = out.len() + size;
        out.push(0x80 | if place == 0 { 0x10 } else { 0 }); // X, and S where the frame starts
        out.push(0x80); // I: a picture id follows
        out.extend((0x8000 | self.picture_id).to_be_bytes()); // M: it has 15 bits
        if place == 0 {
            // RFC 6386 §9.1: the frame tag (P, version 0, show_frame, size of the first partition).
            let tag = ((size as u32) << 5) | 0x10 | u32::from(!self.keyframe);
            out.extend(&tag.to_le_bytes()[..3]);
            if self.keyframe {
                out.extend([0x9d, 0x01, 0x2a]);
                out.extend(self.width.to_le_bytes());
                out.extend(self.height.to_le_bytes());
            }
        }
        out.resize(end, 0x5a);
    }
}

/// Whether a VP8 payload starts a keyframe (RFC 7741 §4.3).
#[must_use]
pub fn starts_keyframe(payload: &[u8]) -> bool {
    PayloadFacts::read(Codec::Vp8, payload).keyframe_start
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { picture_id: 0x7fff, keyframe: false, width: 1_280, height: 720, bytes: 6_252 };

    #[test]
    fn a_frame_is_split_evenly_with_the_smaller_packets_first() {
        assert_eq!(FRAME.sizes(), [1_042; 6]);
        assert_eq!(Frame { bytes: 6_255, ..FRAME }.sizes(), [1_042, 1_042, 1_042, 1_043, 1_043, 1_043]);
        assert_eq!(Frame { bytes: 3, ..FRAME }.sizes(), [PAYLOAD_BYTES_MIN]);
        assert_eq!(Frame { keyframe: true, ..FRAME }.sizes().len(), 23);
    }

    #[test]
    fn a_stamp_is_read_back_and_only_a_keyframe_starts_like_one() {
        for keyframe in [true, false] {
            let frame = Frame { keyframe, ..FRAME };
            for (place, size) in frame.sizes().into_iter().enumerate() {
                let mut payload = Vec::new();
                frame.write(place, size, &mut payload);
                stamp(&mut payload, 1_234_567);
                assert_eq!((payload.len(), sent_at_us(&payload)), (size, Some(1_234_567)));
                assert_eq!(starts_keyframe(&payload), keyframe && place == 0);
            }
        }
        assert_eq!(sent_at_us(b"no stamp in here"), None);
    }
}
