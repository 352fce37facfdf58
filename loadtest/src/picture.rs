//! Video that has a video's shape and carries its sending time instead of a picture: VP8 frames (RFC 7741) of
//! several packets, keyframes among them, which a server forwards like any other and a decoder would refuse.

use bytes::{BufMut, Bytes, BytesMut};

/// Frames per second.
pub const FRAME_RATE: u32 = 30;

/// Packets of one frame, and the bytes of each: with 30 frames a second 1.3 Mbit/s, a 720p camera's rate.
pub const PACKETS_PER_FRAME: u16 = 5;
const PACKET_BYTES: usize = 1_100;

/// Marks the last bytes of a packet as a [`Stamp`].
const MAGIC: [u8; 4] = *b"QSTP";
const STAMP_BYTES: usize = 20;

/// RFC 7741 §4.2, extended control bits with a 15-bit picture id.
const DESCRIPTOR_BYTES: usize = 4;

/// What each packet carries in its last bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the packet was sent, in microseconds on the sender's clock.
    pub sent_at_us: u64,
    /// The frame's number, from 0 up.
    pub frame: u32,
    /// The packet's place in its frame, from 0 up.
    pub place: u16,
    /// How many packets the frame has.
    pub packets: u16,
}

impl Stamp {
    /// Reads the stamp off a received payload; nothing where it is not one of ours.
    #[must_use]
    pub fn read(payload: &[u8]) -> Option<Self> {
        let stamp = payload.last_chunk::<STAMP_BYTES>()?.strip_prefix(&MAGIC)?;
        let (sent_at_us, rest) = stamp.split_first_chunk()?;
        let (frame, rest) = rest.split_first_chunk()?;
        let (place, rest) = rest.split_first_chunk()?;
        Some(Self {
            sent_at_us: u64::from_be_bytes(*sent_at_us),
            frame: u32::from_be_bytes(*frame),
            place: u16::from_be_bytes(*place),
            packets: u16::from_be_bytes(*rest.first_chunk()?),
        })
    }
}

/// The RTP payloads of one frame.
#[must_use]
pub fn payloads(frame: u32, keyframe: bool, sent_at_us: u64) -> Vec<Bytes> {
    (0..PACKETS_PER_FRAME)
        .map(|place| payload(Stamp { sent_at_us, frame, place, packets: PACKETS_PER_FRAME }, keyframe))
        .collect()
}

fn payload(stamp: Stamp, keyframe: bool) -> Bytes {
    let mut bytes = BytesMut::with_capacity(PACKET_BYTES);
    let picture_id = (stamp.frame & 0x7fff) as u16;
    let starts = stamp.place == 0;
    bytes.put_u8(0x80 | if starts { 0x10 } else { 0 }); // X, and S where the frame's partition starts
    bytes.put_u8(0x80); // I: a picture id follows
    bytes.put_u16(0x8000 | picture_id); // M: it has 15 bits
    if starts {
        // RFC 6386 §9.1: the frame tag (P, version 0, show_frame, size of the first partition).
        let size = (PACKET_BYTES - DESCRIPTOR_BYTES) as u32;
        let tag = (size << 5) | 0x10 | u32::from(!keyframe);
        bytes.put_slice(&tag.to_le_bytes()[..3]);
        if keyframe {
            bytes.put_slice(&[0x9d, 0x01, 0x2a]);
            bytes.put_u16_le(1_280);
            bytes.put_u16_le(720);
        }
    }
    bytes.resize(PACKET_BYTES - STAMP_BYTES, 0x5a);
    bytes.put_slice(&MAGIC);
    bytes.put_u64(stamp.sent_at_us);
    bytes.put_u32(stamp.frame);
    bytes.put_u16(stamp.place);
    bytes.put_u16(stamp.packets);
    bytes.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_back_from_each_packet_of_a_frame() {
        let packets = payloads(70_000, true, 1_234_567);
        assert_eq!(packets.len(), usize::from(PACKETS_PER_FRAME));
        for (place, packet) in (0..).zip(&packets) {
            let stamp = Stamp { sent_at_us: 1_234_567, frame: 70_000, place, packets: PACKETS_PER_FRAME };
            assert_eq!(Stamp::read(packet), Some(stamp));
            assert_eq!(packet.len(), PACKET_BYTES);
        }
        assert_eq!(Stamp::read(b"too short"), None);
    }

    #[test]
    fn only_a_keyframe_starts_like_one() {
        assert_eq!(payloads(1, true, 0)[0][7..10], [0x9d, 0x01, 0x2a]);
        assert_eq!(payloads(1, true, 0)[0][4] & 1, 0);
        assert_eq!(payloads(2, false, 0)[0][4] & 1, 1);
    }
}
