use super::super::bytes::Reader;
use super::super::{NtpTime, Ssrc};

/// The sender's part of a sender report (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SenderInfo {
    pub ntp: NtpTime,
    /// The RTP timestamp of that time.
    pub timestamp: u32,
    pub packets: u32,
    /// Payload bytes.
    pub octets: u32,
}

impl SenderInfo {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            ntp: NtpTime(reader.u64()?),
            timestamp: reader.u32()?,
            packets: reader.u32()?,
            octets: reader.u32()?,
        })
    }
}

/// How one source is received (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportBlock {
    pub ssrc: Ssrc,
    /// Of 256, since the last report.
    pub fraction_lost: u8,
    /// Since the beginning; 24 bits, duplicates count against it.
    pub cumulative_lost: i32,
    pub highest_sequence: u32,
    /// In ticks of the RTP timestamp.
    pub jitter: u32,
    /// The middle of the NTP time of the last sender report; 0 without one.
    pub last_sender_report: u32,
    /// Since that report arrived, in 1/65,536 s.
    pub delay_since: u32,
}

/// The report blocks of one packet.
#[derive(Clone, Copy, Debug)]
pub struct ReportBlocks<'a>(&'a [u8]);

impl<'a> ReportBlocks<'a> {
    pub(super) fn read(reader: &mut Reader<'a>, count: u8) -> Option<Self> {
        reader.take(usize::from(count) * 24).map(Self)
    }

    fn block(&mut self) -> Option<ReportBlock> {
        let mut reader = Reader(self.0);
        let ssrc = Ssrc(reader.u32()?);
        let fraction_lost = reader.u8()?;
        let lost = reader.u24()?;
        let block = ReportBlock {
            ssrc,
            fraction_lost,
            // Sign extension of 24 bits.
            cumulative_lost: (lost << 8).cast_signed() >> 8,
            highest_sequence: reader.u32()?,
            jitter: reader.u32()?,
            last_sender_report: reader.u32()?,
            delay_since: reader.u32()?,
        };
        self.0 = reader.0;
        Some(block)
    }
}

impl Iterator for ReportBlocks<'_> {
    type Item = ReportBlock;

    fn next(&mut self) -> Option<ReportBlock> {
        self.block()
    }
}
