//! RTCP: compound packets read in place, and written into a caller's buffer.

mod feedback;
mod report;
mod transport_cc;
mod write;

pub use feedback::{LostSeqs, NackPairs, Remb};
pub use report::{ReportBlock, ReportBlocks, SenderInfo};
pub use transport_cc::{FEEDBACK_STATUSES_MAX, TransportFeedback, write_transport_feedback};
pub use write::RtcpWriter;

use super::bytes::Reader;
use super::{Malformed, Ssrc};

/// One packet of a compound.
#[derive(Clone, Copy, Debug)]
pub enum Rtcp<'a> {
    SenderReport {
        sender: Ssrc,
        info: SenderInfo,
        blocks: ReportBlocks<'a>,
    },
    ReceiverReport {
        sender: Ssrc,
        blocks: ReportBlocks<'a>,
    },
    /// RFC 3550 §6.6, with the sources that leave.
    Bye {
        sources: Words<'a>,
    },
    /// Generic NACK, RFC 4585 §6.2.1.
    Nack {
        media: Ssrc,
        pairs: NackPairs<'a>,
    },
    /// Picture loss indication, RFC 4585 §6.3.1.
    PictureLoss {
        media: Ssrc,
    },
    /// Full intra request, RFC 5104 §4.3.1, with the sources that it asks.
    FullIntra {
        sources: FirSources<'a>,
    },
    Remb(Remb),
    TransportFeedback(TransportFeedback<'a>),
    /// Well formed, and nothing to us (SDES, APP, XR, …).
    Other,
}

/// Goes through the packets of a compound; ends after the first error.
#[derive(Clone, Debug)]
pub struct Compound<'a> {
    rest: Reader<'a>,
}

impl<'a> Compound<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: Reader(bytes) }
    }

    fn packet(&mut self) -> Option<Rtcp<'a>> {
        let first = self.rest.u8()?;
        let kind = self.rest.u8()?;
        let words = usize::from(self.rest.u16()?);
        let mut body = self.rest.take(words * 4)?;
        if first >> 6 != 2 {
            return None;
        }
        if first & 0x20 != 0 {
            let padding = usize::from(*body.last()?);
            body = body.get(..body.len().checked_sub(padding)?)?;
        }
        read(kind, first & 0x1f, body)
    }
}

impl<'a> Iterator for Compound<'a> {
    type Item = Result<Rtcp<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.0.is_empty() {
            return None;
        }
        let packet = self.packet().ok_or(Malformed);
        if packet.is_err() {
            self.rest = Reader(&[]);
        }
        Some(packet)
    }
}

/// `count` is the header's five-bit field: a number of blocks or a feedback format.
fn read(kind: u8, count: u8, body: &[u8]) -> Option<Rtcp<'_>> {
    let mut reader = Reader(body);
    match (kind, count) {
        (200, _) => {
            let sender = Ssrc(reader.u32()?);
            let info = SenderInfo::read(&mut reader)?;
            let blocks = ReportBlocks::read(&mut reader, count)?;
            Some(Rtcp::SenderReport { sender, info, blocks })
        }
        (201, _) => {
            let sender = Ssrc(reader.u32()?);
            let blocks = ReportBlocks::read(&mut reader, count)?;
            Some(Rtcp::ReceiverReport { sender, blocks })
        }
        (203, _) => Some(Rtcp::Bye { sources: Words(reader.take(usize::from(count) * 4)?) }),
        (205 | 206, _) => {
            let _sender = reader.u32()?;
            let media = Ssrc(reader.u32()?);
            feedback(kind, count, media, reader)
        }
        _ => Some(Rtcp::Other),
    }
}

fn feedback<'a>(kind: u8, format: u8, media: Ssrc, reader: Reader<'a>) -> Option<Rtcp<'a>> {
    match (kind, format) {
        (205, 1) => Some(Rtcp::Nack { media, pairs: NackPairs(reader.0) }),
        (205, 15) => TransportFeedback::read(reader).map(Rtcp::TransportFeedback),
        (206, 1) => Some(Rtcp::PictureLoss { media }),
        (206, 4) => Some(Rtcp::FullIntra { sources: FirSources(reader.0) }),
        (206, 15) => Some(Remb::read(reader).map_or(Rtcp::Other, Rtcp::Remb)),
        _ => Some(Rtcp::Other),
    }
}

/// A list of SSRCs.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a>(&'a [u8]);

impl Iterator for Words<'_> {
    type Item = Ssrc;

    fn next(&mut self) -> Option<Ssrc> {
        let mut reader = Reader(self.0);
        let word = reader.u32()?;
        self.0 = reader.0;
        Some(Ssrc(word))
    }
}

/// The sources that a full intra request asks.
#[derive(Clone, Copy, Debug)]
pub struct FirSources<'a>(&'a [u8]);

impl Iterator for FirSources<'_> {
    type Item = Ssrc;

    fn next(&mut self) -> Option<Ssrc> {
        let mut reader = Reader(self.0);
        let source = reader.u32()?;
        let _command = reader.u32()?;
        self.0 = reader.0;
        Some(Ssrc(source))
    }
}

#[cfg(test)]
mod tests;
