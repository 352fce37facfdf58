use super::bytes::Writer;
use super::{ExtensionIds, PayloadType, Seq, Ssrc};

/// The longest header that is written, in bytes: the fixed 12, and an extension block in its two-byte form with the
/// longest dependency descriptor that is passed on.
pub const HEADER_BYTES_MAX: usize = 12 + 4 + 36 + DEPENDENCY_DESCRIPTOR_BYTES_MAX;

/// The longest dependency descriptor that is passed on, in bytes. The largest structures of L3T3 are about 80.
pub const DEPENDENCY_DESCRIPTOR_BYTES_MAX: usize = 160;

/// The header of a packet to send (RFC 3550 §5.1, RFC 8285). An extension without an id among the receiver's is left
/// out; those of fixed size come first, so that the block of a frame's packets has one size.
#[derive(Clone, Copy, Debug, Default)]
pub struct Header<'a> {
    pub payload_type: PayloadType,
    pub marker: bool,
    /// Padding follows the payload.
    pub padded: bool,
    pub sequence: Seq,
    pub timestamp: u32,
    pub ssrc: Ssrc,
    pub mid: &'a [u8],
    pub transport_sequence: Option<Seq>,
    /// 6.18 fixed point seconds, 24 bits.
    pub abs_send_time: Option<u32>,
    pub audio_level: Option<u8>,
    pub video_orientation: Option<u8>,
    pub dependency_descriptor: Option<&'a [u8]>,
    /// Takes the place of the frame number in the dependency descriptor.
    pub frame_number: u16,
}

impl Header<'_> {
    /// Writes the header and gives its length. One-byte extensions unless an id or a length asks for two
    /// (RFC 8285 §4.1.2).
    pub fn write(&self, ids: &ExtensionIds, out: &mut [u8; HEADER_BYTES_MAX]) -> usize {
        let descriptor = self.dependency_descriptor.filter(|bytes| bytes.len() <= DEPENDENCY_DESCRIPTOR_BYTES_MAX);
        let known = [ids.transport_sequence, ids.abs_send_time, ids.mid, ids.audio_level, ids.video_orientation];
        let wide_id = known.into_iter().chain([ids.dependency_descriptor]).flatten().any(|id| id > 14);
        let two_byte = wide_id || descriptor.is_some_and(|bytes| bytes.len() > 16);
        let second = (u8::from(self.marker) << 7) | (self.payload_type.0 & 0x7f);
        let mut writer = Writer::new(out);
        let first = 0x80 | (u8::from(self.padded) << 5);
        writer.put(&[first, second]);
        writer.put(&self.sequence.0.to_be_bytes());
        writer.put(&self.timestamp.to_be_bytes());
        writer.put(&self.ssrc.0.to_be_bytes());
        let profile: u16 = if two_byte { 0x1000 } else { 0xbede };
        writer.put(&profile.to_be_bytes());
        writer.put(&[0, 0]);
        let block = writer.at();
        let mut elements = Elements { writer: &mut writer, two_byte };
        elements.put(ids.transport_sequence, self.transport_sequence.map(|seq| seq.0.to_be_bytes()).as_ref());
        let send_time = self.abs_send_time.map(u32::to_be_bytes);
        elements.put(ids.abs_send_time, send_time.as_ref().and_then(|bytes| bytes.last_chunk::<3>()));
        elements.put(ids.mid, Some(self.mid).filter(|mid| !mid.is_empty()));
        elements.put(ids.audio_level, self.audio_level.map(|byte| [byte]).as_ref());
        elements.put(ids.video_orientation, self.video_orientation.map(|byte| [byte]).as_ref());
        if elements.put(ids.dependency_descriptor, descriptor) {
            let end = writer.at();
            let start = end.saturating_sub(descriptor.unwrap_or_default().len());
            // The frame number is the second and third byte of the mandatory fields.
            writer.put_at(start + 1, &self.frame_number.to_be_bytes());
        }
        writer.pad_to_word(block);
        let words = writer.at().saturating_sub(block) / 4;
        if words == 0 {
            return block.saturating_sub(4);
        }
        writer.put_at(0, &[first | 0x10]);
        writer.put_at(block.saturating_sub(2), &u16::try_from(words).unwrap_or(0).to_be_bytes());
        writer.at()
    }
}

struct Elements<'w, 'b> {
    writer: &'w mut Writer<'b>,
    two_byte: bool,
}

impl Elements<'_, '_> {
    /// Whether there was an id and something to write.
    fn put(&mut self, id: Option<u8>, data: Option<&(impl AsRef<[u8]> + ?Sized)>) -> bool {
        let (Some(id), Some(data)) = (id, data) else { return false };
        let data = data.as_ref();
        let Ok(length) = u8::try_from(data.len()) else { return false };
        if self.two_byte {
            self.writer.put(&[id, length]);
        } else {
            self.writer.put(&[(id << 4) | (length.saturating_sub(1) & 0x0f)]);
        }
        self.writer.put(data);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rtp::{Mid, RtpPacket};

    fn ids() -> ExtensionIds {
        ExtensionIds {
            mid: Some(1),
            audio_level: Some(2),
            transport_sequence: Some(3),
            abs_send_time: Some(4),
            dependency_descriptor: Some(5),
            video_orientation: Some(6),
            ..ExtensionIds::default()
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let mid = Mid::parse("v0").unwrap();
        for descriptor in [&[0x80, 9, 9][..], &[0x80; 40][..]] {
            let header = Header {
                payload_type: PayloadType(100),
                marker: true,
                padded: false,
                sequence: Seq(65_535),
                timestamp: 77,
                ssrc: Ssrc(5),
                mid: mid.as_bytes(),
                transport_sequence: Some(Seq(0x0102)),
                abs_send_time: Some(0x0a_0b0c),
                audio_level: Some(0x85),
                video_orientation: Some(3),
                dependency_descriptor: Some(descriptor),
                frame_number: 0x1122,
            };
            let mut buffer = [0; HEADER_BYTES_MAX];
            let length = header.write(&ids(), &mut buffer);
            assert_eq!(length % 4, 0);
            let packet = RtpPacket::parse(&buffer[..length]).unwrap();
            assert_eq!((packet.payload_type.0, packet.sequence.0, packet.timestamp), (100, 65_535, 77));
            let known = ids().read(packet.extensions);
            assert_eq!(known.mid, Some(&b"v0"[..]));
            assert_eq!(known.transport_sequence, Some(Seq(0x0102)));
            assert_eq!((known.audio_level, known.video_orientation), (Some(0x85), Some(3)));
            let descriptor_sent = known.dependency_descriptor.unwrap();
            assert_eq!(descriptor_sent.len(), descriptor.len());
            assert_eq!(descriptor_sent[1..3], [0x11, 0x22]);
            let found: Vec<_> = packet.extensions.into_iter().filter(|(id, _)| *id == 4).collect();
            assert_eq!(found, [(4, &[0x0a, 0x0b, 0x0c][..])]);
        }
    }

    #[test]
    fn a_receiver_without_extensions_gets_twelve_bytes() {
        let mut buffer = [0; HEADER_BYTES_MAX];
        let header = Header { audio_level: Some(1), mid: b"0", ..Header::default() };
        assert_eq!(header.write(&ExtensionIds::default(), &mut buffer), 12);
        assert_eq!(buffer[0], 0x80);
    }
}
