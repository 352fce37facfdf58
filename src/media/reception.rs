use super::clock::{RoomTime, ticks};
use crate::rtp::rtcp::ReportBlock;
use crate::rtp::{ExtendedSeq, NtpTime, Seq, Ssrc, short_ntp};
use std::time::Duration;

/// How far behind the newest a packet may arrive and still be told from a duplicate, in packets. Older ones are
/// dropped: no receiver waits that long for them.
pub(super) const REORDER_PACKETS_MAX: u64 = 1_024;

/// A gap longer than this is a new start: passed on to receivers, it could carry them past the point where they still
/// guess an SRTP packet's rollover counter (RFC 3711 §3.3.1: 2^15), and what they miss is beyond repair anyway.
const LEAP_PACKETS: u64 = 1_000;

const _: () = assert!(LEAP_PACKETS <= REORDER_PACKETS_MAX);

/// How one source arrives: which packets came, how many are missing, how unevenly they come (RFC 3550 A.3, A.8).
#[derive(Clone, Debug, Default)]
pub(super) struct Reception {
    first: Option<ExtendedSeq>,
    highest: ExtendedSeq,
    seen: Seen,
    /// A number far behind the newest; a second one right after it means that the source started over.
    strange: Option<Seq>,
    /// Without what was repaired.
    received: u64,
    repaired: u64,
    jitter_ticks: f64,
    last_transit: Option<i64>,
    reported: Reported,
    figured: Figured,
    sender_report: Option<(NtpTime, RoomTime)>,
}

/// Where the counts stood when they were last read.
#[derive(Clone, Copy, Debug, Default)]
struct Reported {
    expected: u64,
    received: u64,
}

/// Where the counts stood when the figures were last read.
#[derive(Clone, Copy, Debug, Default)]
struct Figured {
    expected: u64,
    received: u64,
    repaired: u64,
}

/// What came of one source since the figures were last read, in packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Came {
    pub(super) expected: u64,
    /// Did not come by themselves: lost on the way, whether or not they were repaired.
    pub(super) missed: u64,
    /// Neither came nor were repaired.
    pub(super) lost: u64,
}

/// What to make of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrived {
    /// Newer than all before; `after` is the newest until now, if there was one.
    Newest { index: ExtendedSeq, after: Option<ExtendedSeq> },
    /// Came late, and has not been seen.
    Late { index: ExtendedSeq },
    /// The source's numbering started over at this packet: treat it as the first of all.
    Restarted { index: ExtendedSeq },
    /// Seen before, or older than can be told.
    Useless,
}

/// How a packet came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Direct,
    /// As a retransmission with an SSRC of its own (RFC 4588).
    Repair,
}

impl Reception {
    pub(super) fn take(&mut self, seq: Seq, way: Way) -> Arrived {
        let arrived = self.place(seq, way);
        if let Arrived::Newest { index, .. } | Arrived::Late { index } | Arrived::Restarted { index } = arrived {
            self.seen.insert(index);
            match way {
                Way::Direct => self.received += 1,
                Way::Repair => self.repaired += 1,
            }
        }
        arrived
    }

    fn place(&mut self, seq: Seq, way: Way) -> Arrived {
        if self.first.is_none() {
            if way == Way::Repair {
                return Arrived::Useless;
            }
            let index = if self.highest.0 == 0 { ExtendedSeq::start(seq) } else { self.anew(seq) };
            self.first = Some(index);
            self.highest = index;
            self.seen.clear();
            return Arrived::Newest { index, after: None };
        }
        let Some(index) = self.highest.nearest(seq) else { return Arrived::Useless };
        if index > self.highest {
            if way == Way::Repair {
                // A repair of what has not been missed yet; its place is ahead of all that came directly.
                return Arrived::Useless;
            }
            if index.0 - self.highest.0 > LEAP_PACKETS {
                self.seen.clear();
                self.highest = index;
                return Arrived::Restarted { index };
            }
            let after = Some(self.highest);
            self.seen.advance(self.highest, index);
            self.highest = index;
            self.strange = None;
            return Arrived::Newest { index, after };
        }
        if self.highest.0 - index.0 < REORDER_PACKETS_MAX {
            return if self.seen.contains(index) { Arrived::Useless } else { Arrived::Late { index } };
        }
        if way == Way::Direct && self.strange.replace(seq).is_some_and(|before| before.plus(1) == seq) {
            return self.restart(seq);
        }
        Arrived::Useless
    }

    /// Forgets the source, which has been replaced by another; the next packet is the first of all.
    pub(super) fn start_over(&mut self) {
        *self = Self { highest: self.highest, ..Self::default() };
    }

    fn restart(&mut self, seq: Seq) -> Arrived {
        let index = self.anew(seq);
        *self = Self { first: Some(index), highest: index, sender_report: self.sender_report, ..Self::default() };
        Arrived::Restarted { index }
    }

    /// A number that goes on in the same extended numbering, after everything before, whatever the source counts now.
    fn anew(&self, seq: Seq) -> ExtendedSeq {
        ExtendedSeq((((self.highest.0 >> 16) + 2) << 16) | u64::from(seq.0))
    }

    /// Notes when a direct packet came, for the jitter (RFC 3550 A.8).
    pub(super) fn note_transit(&mut self, now: RoomTime, timestamp: u32, clock_rate: u32) {
        let transit = ticks(now.micros(), clock_rate).wrapping_sub(i64::from(timestamp));
        if let Some(last) = self.last_transit {
            // Timestamps wrap at 32 bits, so only the low half of the difference means something.
            let difference = (transit.wrapping_sub(last) as i32).unsigned_abs();
            self.jitter_ticks += (f64::from(difference) - self.jitter_ticks) / 16.0;
        }
        self.last_transit = Some(transit);
    }

    pub(super) fn note_sender_report(&mut self, now: RoomTime, ntp: NtpTime) {
        self.sender_report = Some((ntp, now));
    }

    pub(super) fn jitter(&self, clock_rate: u32) -> Duration {
        Duration::from_secs_f64(self.jitter_ticks.clamp(0.0, 1e9) / f64::from(clock_rate.max(1)))
    }

    fn expected(&self) -> u64 {
        self.first.map_or(0, |first| self.highest.0 - first.0 + 1)
    }

    /// The report block on this source, and the start of the next interval; `None` before the first packet.
    pub(super) fn report(&mut self, now: RoomTime, ssrc: Ssrc) -> Option<ReportBlock> {
        self.first?;
        let expected = self.expected();
        let interval = expected.saturating_sub(self.reported.expected);
        let received = self.received.saturating_sub(self.reported.received);
        let lost = interval.saturating_sub(received);
        let fraction_lost = (lost * 256).checked_div(interval).unwrap_or(0).min(255) as u8;
        self.reported = Reported { expected, received: self.received };
        let cumulative = expected.cast_signed() - self.received.cast_signed();
        let (last_sender_report, delay_since) =
            self.sender_report.map_or((0, 0), |(ntp, at)| (ntp.middle(), short_ntp(now.since(at))));
        Some(ReportBlock {
            ssrc,
            fraction_lost,
            cumulative_lost: cumulative.clamp(-0x80_0000, 0x7f_ffff) as i32,
            highest_sequence: (self.highest.0 & 0xffff_ffff) as u32,
            jitter: self.jitter_ticks.clamp(0.0, 4e9) as u32,
            last_sender_report,
            delay_since,
        })
    }

    /// What came since the last call.
    pub(super) fn figures(&mut self) -> Came {
        let expected = self.expected().saturating_sub(self.figured.expected);
        let received = self.received.saturating_sub(self.figured.received);
        let repaired = self.repaired.saturating_sub(self.figured.repaired);
        self.figured = Figured { expected: self.expected(), received: self.received, repaired: self.repaired };
        let missed = expected.saturating_sub(received);
        Came { expected, missed, lost: missed.saturating_sub(repaired) }
    }
}

const SEEN_WORDS: usize = (REORDER_PACKETS_MAX / 64) as usize;

/// Which of the last [`REORDER_PACKETS_MAX`] packets came: a ring of bits by the low bits of the index.
#[derive(Clone, Debug, Default)]
struct Seen {
    words: [u64; SEEN_WORDS],
}

impl Seen {
    fn place(index: ExtendedSeq) -> (usize, u64) {
        (((index.0 / 64) as usize) % SEEN_WORDS, 1 << (index.0 % 64))
    }

    fn insert(&mut self, index: ExtendedSeq) {
        let (word, bit) = Self::place(index);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    fn contains(&self, index: ExtendedSeq) -> bool {
        let (word, bit) = Self::place(index);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Makes room for the numbers after `from` up to `to`.
    fn advance(&mut self, from: ExtendedSeq, to: ExtendedSeq) {
        for index in from.0 + 1..=to.0 {
            let (word, bit) = Self::place(ExtendedSeq(index));
            if let Some(word) = self.words.get_mut(word) {
                *word &= !bit;
            }
        }
    }

    fn clear(&mut self) {
        self.words = [0; SEEN_WORDS];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest(reception: &mut Reception, seq: u16) -> u64 {
        match reception.take(Seq(seq), Way::Direct) {
            Arrived::Newest { index, .. } => index.0,
            other => panic!("{seq}: {other:?}"),
        }
    }

    #[test]
    fn order_duplicates_and_late_ones_are_told_apart_across_the_wrap() {
        let mut reception = Reception::default();
        let first = newest(&mut reception, 65_534);
        assert_eq!(newest(&mut reception, 1), first + 3);
        assert_eq!(reception.take(Seq(0), Way::Direct), Arrived::Late { index: ExtendedSeq(first + 2) });
        assert_eq!(reception.take(Seq(0), Way::Direct), Arrived::Useless);
        assert_eq!(reception.take(Seq(65_535), Way::Repair), Arrived::Late { index: ExtendedSeq(first + 1) });
        assert_eq!(reception.figures(), Came { expected: 4, missed: 1, lost: 0 });
        assert_eq!(reception.figures(), Came::default());
    }

    #[test]
    fn loss_is_reported_per_interval_and_in_sum() {
        let mut reception = Reception::default();
        for even in [0, 2, 4, 6, 8] {
            newest(&mut reception, even);
        }
        let block = reception.report(RoomTime::default(), Ssrc(1)).unwrap();
        assert_eq!((block.cumulative_lost, block.fraction_lost), (4, (4 * 256 / 9) as u8));
        for next in 10..20 {
            newest(&mut reception, next);
        }
        let block = reception.report(RoomTime::default(), Ssrc(1)).unwrap();
        assert_eq!((block.cumulative_lost, block.fraction_lost), (5, (256 / 11) as u8));
    }

    #[test]
    fn one_strange_number_is_nothing_and_two_in_turn_are_a_new_start() {
        let mut reception = Reception::default();
        let first = newest(&mut reception, 30_000);
        assert_eq!(reception.take(Seq(7_000), Way::Direct), Arrived::Useless);
        assert_eq!(newest(&mut reception, 30_001), first + 1);
        assert_eq!(reception.take(Seq(7_000), Way::Direct), Arrived::Useless);
        let Arrived::Restarted { index } = reception.take(Seq(7_001), Way::Direct) else { panic!() };
        assert!(index.0 > first + 1);
        assert_eq!(newest(&mut reception, 7_002), index.0 + 1);
    }
}
