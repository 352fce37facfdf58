//! One received stream as its sequence numbers tell it: what is lost, repaired, out of order or there twice.

use qism::rtp::{ExtendedSeq, Seq};
use std::time::{Duration, Instant};

/// How far back packets are remembered. What comes later than that is not told from a packet that was there before.
const REMEMBERED: u64 = 1_024;

/// How many missing packets are asked for at a time; what is missing beyond is given up.
const ASKED_MAX: usize = 256;

/// After how long a missing packet is asked for, and how often and how many times then. Browsers wait for a packet
/// that was overtaken, and for a round trip between two requests.
const ASK_AFTER: Duration = Duration::from_millis(20);
const ASK_INTERVAL: Duration = Duration::from_millis(100);
const ASK_TIMES: u8 = 10;

/// What one packet was to its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    New,
    /// After a packet that was sent later.
    Reordered,
    Duplicate,
}

/// The packets of one stream.
#[derive(Clone, Debug)]
pub struct Stream {
    first: Option<ExtendedSeq>,
    highest: ExtendedSeq,
    /// Which of the newest [`REMEMBERED`] packets came: a bit for each, by its number's low bits.
    came: [u64; REMEMBERED as usize / 64],
    /// Different packets.
    pub packets: u64,
    pub duplicates: u64,
    pub reordered: u64,
    /// Of the packets, those that came only as a repair.
    pub repaired: u64,
    missing: Vec<Missing>,
    /// When the last report was made, and what stood then.
    reported: (u64, u64),
}

#[derive(Clone, Copy, Debug)]
struct Missing {
    index: ExtendedSeq,
    ask_at: Instant,
    times_left: u8,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            first: None,
            highest: ExtendedSeq::default(),
            came: [0; REMEMBERED as usize / 64],
            packets: 0,
            duplicates: 0,
            reordered: 0,
            repaired: 0,
            missing: Vec::new(),
            reported: (0, 0),
        }
    }
}

impl Stream {
    /// Counts a packet that came as itself.
    pub fn count(&mut self, now: Instant, sequence: u16) -> Place {
        let place = self.place(now, sequence);
        match place {
            Place::New => {}
            Place::Reordered => self.reordered += 1,
            Place::Duplicate => self.duplicates += 1,
        }
        place
    }

    /// Counts a packet that came as a repair (RFC 4588). One that was there already is a repair too many, which is no
    /// duplicate on the wire.
    pub fn count_repair(&mut self, now: Instant, sequence: u16) {
        if self.first.is_some() && self.place(now, sequence) != Place::Duplicate {
            self.repaired += 1;
        }
    }

    fn place(&mut self, now: Instant, sequence: u16) -> Place {
        let Some(first) = self.first else {
            let index = ExtendedSeq::start(Seq(sequence));
            (self.first, self.highest) = (Some(index), index);
            self.mark(index);
            self.packets += 1;
            return Place::New;
        };
        let Some(index) = self.highest.nearest(Seq(sequence)) else { return Place::Duplicate };
        if index > self.highest {
            self.skip_to(now, index);
            self.mark(index);
            self.packets += 1;
            return Place::New;
        }
        if index < first || self.highest.0 - index.0 >= REMEMBERED || self.is_marked(index) {
            return Place::Duplicate;
        }
        self.mark(index);
        self.packets += 1;
        self.missing.retain(|missing| missing.index != index);
        Place::Reordered
    }

    /// Forgets the places between the highest and a new one, and remembers them as missing.
    fn skip_to(&mut self, now: Instant, index: ExtendedSeq) {
        let from = (self.highest.0 + 1).max(index.0.saturating_sub(REMEMBERED));
        for skipped in from..index.0 {
            self.came[bit(skipped).0] &= !bit(skipped).1;
            if self.missing.len() < ASKED_MAX {
                let index = ExtendedSeq(skipped);
                self.missing.push(Missing { index, ask_at: now + ASK_AFTER, times_left: ASK_TIMES });
            }
        }
        self.highest = index;
    }

    fn mark(&mut self, index: ExtendedSeq) {
        self.came[bit(index.0).0] |= bit(index.0).1;
    }

    fn is_marked(&self, index: ExtendedSeq) -> bool {
        self.came[bit(index.0).0] & bit(index.0).1 != 0
    }

    /// How many packets were sent from the first to the highest that came.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.first.map_or(0, |first| self.highest.0 - first.0 + 1)
    }

    /// How many of them never came.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.packets)
    }

    /// The highest number, extended as reports say it (RFC 3550 §6.4.1).
    #[must_use]
    pub fn highest(&self) -> u32 {
        // Counting starts one wrap in.
        (self.highest.0.saturating_sub(0x1_0000) & 0xffff_ffff) as u32
    }

    /// The share of the packets since the last call that are missing, of 256.
    pub fn fraction_lost(&mut self) -> u8 {
        let (expected, packets) = (self.expected(), self.packets);
        let due = expected.saturating_sub(self.reported.0);
        let came = packets.saturating_sub(self.reported.1);
        self.reported = (expected, packets);
        let lost = due.saturating_sub(came);
        (lost * 256).checked_div(due).map_or(0, |share| u8::try_from(share).unwrap_or(u8::MAX))
    }

    /// The missing packets that are to be asked for now, in rising order.
    pub fn to_ask(&mut self, now: Instant) -> Vec<Seq> {
        let mut due = Vec::new();
        self.missing.retain_mut(|missing| {
            if missing.ask_at > now {
                return true;
            }
            due.push(missing.index);
            missing.ask_at = now + ASK_INTERVAL;
            missing.times_left -= 1;
            missing.times_left > 0
        });
        due.sort_unstable();
        due.into_iter().map(ExtendedSeq::seq).collect()
    }

    #[must_use]
    pub fn misses_something(&self) -> bool {
        !self.missing.is_empty()
    }
}

fn bit(index: u64) -> (usize, u64) {
    let place = index % REMEMBERED;
    ((place / 64) as usize, 1 << (place % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(now: Instant, numbers: &[u16]) -> (Stream, Vec<Place>) {
        let mut stream = Stream::default();
        let places = numbers.iter().map(|number| stream.count(now, *number)).collect();
        (stream, places)
    }

    #[test]
    fn loss_is_counted_across_the_end_of_the_numbers() {
        let now = tokio::time::Instant::now().into_std();
        let (stream, places) = stream(now, &[65_533, 65_534, 1, 0, 2, 2]);
        use Place::{Duplicate, New, Reordered};
        assert_eq!(places, [New, New, New, Reordered, New, Duplicate]);
        assert_eq!((stream.expected(), stream.packets, stream.lost()), (6, 5, 1));
        assert_eq!((stream.duplicates, stream.reordered, stream.highest()), (1, 1, 0x1_0002));
    }

    #[test]
    fn what_is_missing_is_asked_for_until_it_is_repaired() {
        let now = tokio::time::Instant::now().into_std();
        let (mut stream, _) = stream(now, &[65_534, 1]);
        assert!(stream.to_ask(now).is_empty(), "it may only be late");
        let later = now + ASK_AFTER;
        assert_eq!(stream.to_ask(later), [Seq(65_535), Seq(0)]);
        assert!(stream.to_ask(later).is_empty());
        stream.count_repair(later, 65_535);
        stream.count_repair(later, 1);
        assert_eq!((stream.repaired, stream.duplicates, stream.lost()), (1, 0, 1));
        assert_eq!(stream.to_ask(later + ASK_INTERVAL), [Seq(0)]);
        let mut at = later + ASK_INTERVAL;
        for _ in 0..ASK_TIMES {
            at += ASK_INTERVAL;
            stream.to_ask(at);
        }
        assert!(!stream.misses_something(), "at last it is given up");
        assert_eq!(stream.lost(), 1);
    }

    #[test]
    fn a_report_says_what_was_lost_since_the_last() {
        let now = tokio::time::Instant::now().into_std();
        let (mut stream, _) = stream(now, &[10, 11, 13]);
        assert_eq!(stream.fraction_lost(), 64);
        assert_eq!(stream.fraction_lost(), 0);
    }

    #[test]
    fn a_leap_is_all_lost_and_little_of_it_is_asked_for() {
        let now = tokio::time::Instant::now().into_std();
        let (stream, _) = stream(now, &[0, 20_000]);
        assert_eq!((stream.lost(), stream.missing.len()), (19_999, ASKED_MAX));
    }
}
