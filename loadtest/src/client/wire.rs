//! RTP headers as a client needs them: what can be read of a packet that stays sealed, and what a sender writes.

use super::sdp::{ABS_SEND_TIME_ID, AUDIO_LEVEL_ID, MID_ID, REPAIRED_RID_ID, RID_ID, TRANSPORT_SEQUENCE_ID};

/// What the header of a sealed packet says (RFC 3550 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedHeader {
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    /// The transport-wide sequence number, where the packet has one.
    pub transport_sequence: Option<u16>,
}

impl SealedHeader {
    /// Nothing where this is no RTP. The padding's length is sealed, so it is not looked at.
    #[must_use]
    pub fn read(packet: &[u8]) -> Option<Self> {
        let (fixed, rest) = packet.split_first_chunk::<12>()?;
        let [first, second, s0, s1, t0, t1, t2, t3, r0, r1, r2, r3] = *fixed;
        if first >> 6 != 2 {
            return None;
        }
        let rest = rest.get(usize::from(first & 0x0f) * 4..)?;
        let has_extensions = first & 0x10 != 0;
        Some(Self {
            payload_type: second & 0x7f,
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([r0, r1, r2, r3]),
            transport_sequence: has_extensions.then(|| transport_sequence(rest)).flatten(),
        })
    }
}

/// Looks through one-byte extensions (RFC 8285 §4.2), which is all that a client with these ids is sent.
fn transport_sequence(block: &[u8]) -> Option<u16> {
    let ([0xbe, 0xde, high, low], rest) = block.split_first_chunk::<4>()? else { return None };
    let mut rest = rest.get(..usize::from(u16::from_be_bytes([*high, *low])) * 4)?;
    while let Some((first, after)) = rest.split_first() {
        if *first == 0 {
            rest = after;
            continue;
        }
        let (data, after) = after.split_at_checked(usize::from(first & 0x0f) + 1)?;
        if first >> 4 == TRANSPORT_SEQUENCE_ID {
            return data.first_chunk().map(|bytes| u16::from_be_bytes(*bytes));
        }
        rest = after;
    }
    None
}

/// What tells an RTCP packet from an RTP packet of the same transport (RFC 5761 §4).
#[must_use]
pub fn is_rtcp(packet: &[u8]) -> bool {
    packet.get(1).is_some_and(|kind| (192..=223).contains(kind))
}

/// The header of a packet that a client sends.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnHeader<'a> {
    pub payload_type: u8,
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub mid: &'a str,
    /// The encoding of simulcast, and whether this packet repairs it instead of being it.
    pub rid: Option<(&'a str, bool)>,
    pub audio_level: Option<u8>,
    pub transport_sequence: u16,
    /// 6.18 fixed point seconds, 24 bits.
    pub abs_send_time: u32,
}

impl OwnHeader<'_> {
    /// Appends the header with its extensions in the one-byte form.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend([0x90, (u8::from(self.marker) << 7) | self.payload_type]);
        out.extend(self.sequence.to_be_bytes());
        out.extend(self.timestamp.to_be_bytes());
        out.extend(self.ssrc.to_be_bytes());
        out.extend([0xbe, 0xde, 0, 0]);
        let block = out.len();
        let mut element = |id: u8, data: &[u8]| {
            // RFC 8285 §4.2: one less than the length.
            out.push((id << 4) | (data.len().saturating_sub(1) as u8 & 0x0f));
            out.extend_from_slice(data);
        };
        let [_, send_time @ ..] = self.abs_send_time.to_be_bytes();
        element(ABS_SEND_TIME_ID, &send_time);
        element(TRANSPORT_SEQUENCE_ID, &self.transport_sequence.to_be_bytes());
        element(MID_ID, self.mid.as_bytes());
        if let Some((rid, repairs)) = self.rid {
            element(if repairs { REPAIRED_RID_ID } else { RID_ID }, rid.as_bytes());
        }
        if let Some(level) = self.audio_level {
            element(AUDIO_LEVEL_ID, &[level]);
        }
        while !(out.len() - block).is_multiple_of(4) {
            out.push(0);
        }
        let words = ((out.len() - block) / 4) as u16;
        out[block - 2..block].copy_from_slice(&words.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qism::rtp::RtpPacket;

    #[test]
    fn what_is_written_reads_back_sealed_or_not() {
        let header = OwnHeader {
            payload_type: 96,
            marker: true,
            sequence: 65_535,
            timestamp: 7,
            ssrc: 9,
            mid: "12",
            rid: Some(("h", false)),
            audio_level: None,
            transport_sequence: 0x1234,
            abs_send_time: 0x01_0203,
        };
        let mut packet = Vec::new();
        header.write(&mut packet);
        packet.extend(b"payload");
        let parsed = RtpPacket::parse(&packet).expect("RTP");
        assert_eq!((parsed.payload, parsed.sequence.0, parsed.marker), (&b"payload"[..], 65_535, true));
        let found: Vec<_> = parsed.extensions.into_iter().collect();
        assert_eq!(found, [(2, &[1, 2, 3][..]), (3, &[0x12, 0x34]), (4, b"12"), (10, b"h")]);
        let sealed = SealedHeader::read(&packet).expect("RTP");
        let expected = SealedHeader {
            payload_type: 96,
            sequence: 65_535,
            timestamp: 7,
            ssrc: 9,
            transport_sequence: Some(0x1234),
        };
        assert_eq!(sealed, expected);
    }

    #[test]
    fn a_header_cut_short_is_none() {
        assert_eq!(SealedHeader::read(&[0x80; 11]), None);
        assert_eq!(SealedHeader::read(&[0x00; 12]), None);
        let cut = SealedHeader::read(&[0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 9, 0x31]);
        assert_eq!(cut.map(|header| header.transport_sequence), Some(None));
    }
}
