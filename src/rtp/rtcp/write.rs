use super::super::bytes::Writer;
use super::super::{Seq, Ssrc};
use super::{ReportBlock, SenderInfo};
use crate::units::Bitrate;

/// The most report blocks that one report holds: its count has five bits.
const REPORT_BLOCKS_MAX: usize = 31;

/// Builds a compound packet in a caller's buffer. Every method says whether its packet fitted; one that did not has
/// left nothing behind.
#[derive(Debug)]
pub struct RtcpWriter<'a> {
    writer: Writer<'a>,
}

impl<'a> RtcpWriter<'a> {
    #[must_use]
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Self { writer: Writer::new(buffer) }
    }

    /// What was written so far.
    #[must_use]
    pub fn written(&self) -> &[u8] {
        self.writer.written()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writer.at() == 0
    }

    /// Starts over.
    pub fn clear(&mut self) {
        self.writer.rewind(0);
    }

    fn packet(&mut self, kind: u8, count: u8, body: impl FnOnce(&mut Writer<'a>)) -> bool {
        let start = self.writer.at();
        self.writer.put(&[0x80 | (count & 0x1f), kind, 0, 0]);
        body(&mut self.writer);
        self.writer.pad_to_word(start);
        let words = (self.writer.at().saturating_sub(start) / 4).saturating_sub(1);
        let length = u16::try_from(words);
        self.writer.put_at(start.saturating_add(2), &length.unwrap_or(0).to_be_bytes());
        let fits = self.writer.fits() && length.is_ok();
        if !fits {
            self.writer.rewind(start);
        }
        fits
    }

    /// A sender report (RFC 3550 §6.4.1); of the blocks, the first 31.
    pub fn sender_report(&mut self, sender: Ssrc, info: &SenderInfo, blocks: &[ReportBlock]) -> bool {
        let blocks = blocks.get(..REPORT_BLOCKS_MAX).unwrap_or(blocks);
        self.packet(200, blocks.len() as u8, |writer| {
            writer.put(&sender.0.to_be_bytes());
            writer.put(&info.ntp.0.to_be_bytes());
            writer.put(&info.timestamp.to_be_bytes());
            writer.put(&info.packets.to_be_bytes());
            writer.put(&info.octets.to_be_bytes());
            blocks.iter().for_each(|block| put_block(writer, block));
        })
    }

    /// A receiver report (RFC 3550 §6.4.2); of the blocks, the first 31.
    pub fn receiver_report(&mut self, sender: Ssrc, blocks: &[ReportBlock]) -> bool {
        let blocks = blocks.get(..REPORT_BLOCKS_MAX).unwrap_or(blocks);
        self.packet(201, blocks.len() as u8, |writer| {
            writer.put(&sender.0.to_be_bytes());
            blocks.iter().for_each(|block| put_block(writer, block));
        })
    }

    /// The CNAME of one source (RFC 3550 §6.5.1); of a longer name, the first 255 bytes.
    pub fn cname(&mut self, source: Ssrc, cname: &str) -> bool {
        let name = cname.as_bytes().get(..255).unwrap_or(cname.as_bytes());
        self.packet(202, 1, |writer| {
            writer.put(&source.0.to_be_bytes());
            writer.put(&[1, name.len() as u8]);
            writer.put(name);
            // A list of items ends with at least one zero.
            writer.put(&[0]);
        })
    }

    /// The end of one source (RFC 3550 §6.6).
    pub fn bye(&mut self, source: Ssrc) -> bool {
        self.packet(203, 1, |writer| writer.put(&source.0.to_be_bytes()))
    }

    /// A generic NACK (RFC 4585 §6.2.1) for numbers in rising order.
    pub fn nack(&mut self, sender: Ssrc, media: Ssrc, lost: impl IntoIterator<Item = Seq>) -> bool {
        self.packet(205, 1, |writer| {
            writer.put(&sender.0.to_be_bytes());
            writer.put(&media.0.to_be_bytes());
            let mut pair: Option<(Seq, u16)> = None;
            for seq in lost {
                pair = match pair {
                    Some((first, mask)) if (1..=16).contains(&seq.ahead_of(first)) => {
                        Some((first, mask | (1 << (seq.ahead_of(first) - 1))))
                    }
                    other => {
                        put_pair(writer, other);
                        Some((seq, 0))
                    }
                };
            }
            put_pair(writer, pair);
        })
    }

    /// A picture loss indication (RFC 4585 §6.3.1).
    pub fn picture_loss(&mut self, sender: Ssrc, media: Ssrc) -> bool {
        self.packet(206, 1, |writer| {
            writer.put(&sender.0.to_be_bytes());
            writer.put(&media.0.to_be_bytes());
        })
    }

    /// A full intra request (RFC 5104 §4.3.1); `command` rises with each new request.
    pub fn full_intra(&mut self, sender: Ssrc, media: Ssrc, command: u8) -> bool {
        self.packet(206, 4, |writer| {
            writer.put(&sender.0.to_be_bytes());
            writer.put(&[0; 4]);
            writer.put(&media.0.to_be_bytes());
            writer.put(&[command, 0, 0, 0]);
        })
    }

    /// What the whole link carries (draft-alvestrand-rmcat-remb §2.2).
    pub fn remb(&mut self, sender: Ssrc, bitrate: Bitrate, source: Ssrc) -> bool {
        let significant = 64 - bitrate.bps().leading_zeros();
        let exponent = significant.saturating_sub(18);
        let mantissa = (bitrate.bps() >> exponent) as u32;
        self.packet(206, 15, |writer| {
            writer.put(&sender.0.to_be_bytes());
            writer.put(&[0; 4]);
            writer.put(b"REMB");
            writer.put(&((1 << 24) | (exponent << 18) | mantissa).to_be_bytes());
            writer.put(&source.0.to_be_bytes());
        })
    }

    /// A packet whose body, after the two SSRCs of a feedback message, is already there.
    pub(super) fn transport_feedback(&mut self, sender: Ssrc, media: Ssrc, body: &[u8]) -> bool {
        self.packet(205, 15, |writer| {
            writer.put(&sender.0.to_be_bytes());
            writer.put(&media.0.to_be_bytes());
            writer.put(body);
        })
    }

    /// Bytes that are still free.
    #[must_use]
    pub fn room(&self) -> usize {
        self.writer.room()
    }
}

fn put_pair(writer: &mut Writer<'_>, pair: Option<(Seq, u16)>) {
    if let Some((first, mask)) = pair {
        writer.put(&first.0.to_be_bytes());
        writer.put(&mask.to_be_bytes());
    }
}

fn put_block(writer: &mut Writer<'_>, block: &ReportBlock) {
    let lost = block.cumulative_lost.clamp(-0x80_0000, 0x7f_ffff).cast_unsigned() & 0xff_ffff;
    writer.put(&block.ssrc.0.to_be_bytes());
    writer.put(&((u32::from(block.fraction_lost) << 24) | lost).to_be_bytes());
    writer.put(&block.highest_sequence.to_be_bytes());
    writer.put(&block.jitter.to_be_bytes());
    writer.put(&block.last_sender_report.to_be_bytes());
    writer.put(&block.delay_since.to_be_bytes());
}
