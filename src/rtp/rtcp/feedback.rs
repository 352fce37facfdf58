use super::super::Seq;
use super::super::bytes::Reader;
use crate::units::Bitrate;

/// The pairs of a generic NACK: a lost number and a mask of the 16 after it (RFC 4585 §6.2.1).
#[derive(Clone, Copy, Debug)]
pub struct NackPairs<'a>(pub(super) &'a [u8]);

impl<'a> NackPairs<'a> {
    /// The numbers that are asked for, in the order of the message.
    #[must_use]
    pub fn lost(self) -> LostSeqs<'a> {
        LostSeqs { pairs: Reader(self.0), first: Seq(0), mask: 0 }
    }
}

/// The sequence numbers of a generic NACK.
#[derive(Clone, Debug)]
pub struct LostSeqs<'a> {
    pairs: Reader<'a>,
    first: Seq,
    mask: u16,
}

impl Iterator for LostSeqs<'_> {
    type Item = Seq;

    fn next(&mut self) -> Option<Seq> {
        if self.mask != 0 {
            let offset = self.mask.trailing_zeros() as u16;
            self.mask &= self.mask - 1;
            return Some(self.first.plus(offset + 1));
        }
        self.first = Seq(self.pairs.u16()?);
        self.mask = self.pairs.u16()?;
        Some(self.first)
    }
}

/// Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb): what one receiver's link carries in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remb {
    pub bitrate: Bitrate,
}

impl Remb {
    pub(super) fn read(mut reader: Reader<'_>) -> Option<Self> {
        if reader.take(4)? != b"REMB" {
            return None;
        }
        let word = reader.u32()?;
        let exponent = (word >> 18) & 0x3f;
        let mantissa = u64::from(word & 0x3_ffff);
        let bps = mantissa.checked_shl(exponent).filter(|bps| bps >> exponent == mantissa);
        Some(Self { bitrate: Bitrate(bps.unwrap_or(u64::MAX)) })
    }
}
