use super::bytes::Reader;
use super::{PayloadType, Seq, Ssrc};

/// Bytes that are no RTP, RTCP or payload of the format they should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed packet")]
pub struct Malformed;

/// A view of one RTP packet (RFC 3550 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RtpPacket<'a> {
    pub payload_type: PayloadType,
    pub marker: bool,
    pub sequence: Seq,
    /// In ticks of the codec's clock.
    pub timestamp: u32,
    pub ssrc: Ssrc,
    pub extensions: Extensions<'a>,
    /// Without padding; empty where the packet is nothing but padding.
    pub payload: &'a [u8],
}

impl<'a> RtpPacket<'a> {
    /// # Errors
    /// Where the version is not 2, or a list, extension or padding reaches past the end.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Self::read(bytes).ok_or(Malformed)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let first = reader.u8()?;
        let second = reader.u8()?;
        let sequence = Seq(reader.u16()?);
        let timestamp = reader.u32()?;
        let ssrc = Ssrc(reader.u32()?);
        if first >> 6 != 2 {
            return None;
        }
        reader.take(usize::from(first & 0x0f) * 4)?;
        let extensions = if first & 0x10 == 0 {
            Extensions::default()
        } else {
            let profile = reader.u16()?;
            let words = usize::from(reader.u16()?);
            Extensions::new(profile, reader.take(words * 4)?)
        };
        let padding = if first & 0x20 == 0 { 0 } else { usize::from(*reader.0.last()?) };
        if first & 0x20 != 0 && padding == 0 {
            return None;
        }
        let payload = reader.0.get(..reader.0.len().checked_sub(padding)?)?;
        let payload_type = PayloadType(second & 0x7f);
        Some(Self { payload_type, marker: second & 0x80 != 0, sequence, timestamp, ssrc, extensions, payload })
    }
}

/// The header extensions of one packet (RFC 8285), in either form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extensions<'a> {
    block: &'a [u8],
    two_byte: bool,
}

impl<'a> Extensions<'a> {
    /// Extensions of another profile than RFC 8285's are passed over.
    fn new(profile: u16, block: &'a [u8]) -> Self {
        match profile {
            0xbede => Self { block, two_byte: false },
            0x1000..=0x100f => Self { block, two_byte: true },
            _ => Self::default(),
        }
    }
}

impl<'a> IntoIterator for Extensions<'a> {
    type Item = (u8, &'a [u8]);
    type IntoIter = ExtensionIter<'a>;

    fn into_iter(self) -> ExtensionIter<'a> {
        ExtensionIter { rest: Reader(self.block), two_byte: self.two_byte }
    }
}

/// Goes through the elements of an extension block: local id and data. Ends at the first that does not fit.
#[derive(Clone, Debug)]
pub struct ExtensionIter<'a> {
    rest: Reader<'a>,
    two_byte: bool,
}

impl<'a> Iterator for ExtensionIter<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let head = self.rest.u8()?;
            if head == 0 {
                continue;
            }
            if self.two_byte {
                let length = self.rest.u8()?;
                return Some((head, self.rest.take(usize::from(length))?));
            }
            let id = head >> 4;
            // RFC 8285 §4.2: id 15 ends the block, id 0 with a length is to be passed over.
            if id == 15 {
                return None;
            }
            let data = self.rest.take(usize::from(head & 0x0f) + 1)?;
            if id != 0 {
                return Some((id, data));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(first: u8, tail: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first, 0x80 | 96, 0x12, 0x34, 0, 0, 0, 9, 0, 0, 0, 7];
        bytes.extend_from_slice(tail);
        bytes
    }

    #[test]
    fn a_plain_packet_is_read() {
        let bytes = packet(0x80, b"hello");
        let packet = RtpPacket::parse(&bytes).unwrap();
        assert_eq!((packet.payload_type, packet.marker), (PayloadType(96), true));
        assert_eq!((packet.sequence, packet.timestamp, packet.ssrc), (Seq(0x1234), 9, Ssrc(7)));
        assert_eq!(packet.payload, b"hello");
    }

    #[test]
    fn contributing_sources_and_padding_are_not_payload() {
        let bytes = packet(0xa1, &[1, 1, 1, 1, 42, 0, 0, 3]);
        assert_eq!(RtpPacket::parse(&bytes).unwrap().payload, [42]);
        let all_padding = packet(0xa0, &[0, 0, 3]);
        assert!(RtpPacket::parse(&all_padding).unwrap().payload.is_empty());
    }

    #[test]
    fn padding_longer_than_the_packet_is_malformed() {
        assert_eq!(RtpPacket::parse(&packet(0xa0, &[0, 9])), Err(Malformed));
        assert_eq!(RtpPacket::parse(&packet(0xa0, &[0, 0])), Err(Malformed));
        assert_eq!(RtpPacket::parse(&packet(0xa0, &[])), Err(Malformed));
    }

    #[test]
    fn both_forms_of_extensions_are_read() {
        let one = packet(0x90, &[0xbe, 0xde, 0, 2, 0x10, 0xaa, 0, 0x21, 1, 2, 0, 0, 7]);
        let packet_one = RtpPacket::parse(&one).unwrap();
        let found: Vec<_> = packet_one.extensions.into_iter().collect();
        assert_eq!(found, [(1, &[0xaa][..]), (2, &[1, 2][..])]);
        assert_eq!(packet_one.payload, [7]);
        let two = packet(0x90, &[0x10, 0, 0, 2, 1, 0, 0, 200, 3, 9, 9, 9]);
        let found: Vec<_> = RtpPacket::parse(&two).unwrap().extensions.into_iter().collect();
        assert_eq!(found, [(1, &[][..]), (200, &[9, 9, 9][..])]);
    }

    #[test]
    fn an_extension_past_its_block_ends_the_list() {
        let bytes = packet(0x90, &[0xbe, 0xde, 0, 1, 0x10, 0xaa, 0x2f, 1]);
        let found: Vec<_> = RtpPacket::parse(&bytes).unwrap().extensions.into_iter().collect();
        assert_eq!(found, [(1, &[0xaa][..])]);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(packet) = RtpPacket::parse(&bytes) {
                prop_assert!(packet.extensions.into_iter().count() <= 200);
            }
        }
    }
}
