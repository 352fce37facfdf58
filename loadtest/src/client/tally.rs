//! What all clients of a process count together.

use crate::report::{Bucket, HopQuantiles, RunShape};
use anyhow::Result;
use hdrhistogram::Histogram;
use std::collections::HashMap;
use std::ops::{AddAssign, Sub};

/// The longest hop that is told apart, in microseconds.
const HOP_US_MAX: u64 = 60_000_000;

/// Sizes are told apart in steps of this many bytes: sound has dozens, which mean nothing to a floor.
const SIZE_STEP: usize = 8;

/// How many shapes a report names at most; the rarest are left out.
const SHAPES_MAX: usize = 16;

/// What streams say about loss; sums over streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub expected: u64,
    pub packets: u64,
    pub duplicates: u64,
    pub reordered: u64,
    pub repaired: u64,
}

impl Totals {
    /// How many never came.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.packets)
    }

    /// In percent of those that should have come.
    #[must_use]
    pub fn loss_percent(&self) -> f64 {
        if self.expected == 0 { 0.0 } else { self.lost() as f64 * 100.0 / self.expected as f64 }
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.expected += other.expected;
        self.packets += other.packets;
        self.duplicates += other.duplicates;
        self.reordered += other.reordered;
        self.repaired += other.repaired;
    }
}

impl Sub for Totals {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            expected: self.expected.saturating_sub(earlier.expected),
            packets: self.packets.saturating_sub(earlier.packets),
            duplicates: self.duplicates.saturating_sub(earlier.duplicates),
            reordered: self.reordered.saturating_sub(earlier.reordered),
            repaired: self.repaired.saturating_sub(earlier.repaired),
        }
    }
}

/// What arrived at all viewers since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    pub video_packets: u64,
    pub audio_packets: u64,
    /// Of UDP payload.
    pub bytes: u64,
}

impl Arrivals {
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.video_packets + self.audio_packets
    }
}

/// Counts of a measured window, and sums of the whole run.
pub struct Tally {
    /// Whether hops and runs are noted now.
    pub notes: bool,
    pub arrivals: Arrivals,
    /// Packets of the server that could not be opened.
    pub unopened: u64,
    pub keyframe_requests: u64,
    hops: Histogram<u64>,
    runs: HashMap<(usize, usize), u64>,
}

impl Tally {
    /// # Errors
    /// Never in practice: where the histogram's bounds are not accepted.
    pub fn new() -> Result<Self> {
        Ok(Self {
            notes: false,
            arrivals: Arrivals::default(),
            unopened: 0,
            keyframe_requests: 0,
            hops: Histogram::new_with_bounds(1, HOP_US_MAX, 3)?,
            runs: HashMap::new(),
        })
    }

    /// Begins a window.
    pub fn begin(&mut self) {
        self.notes = true;
        self.hops.reset();
        self.runs.clear();
    }

    pub fn note_hop(&mut self, hop_us: u64) {
        if self.notes {
            self.hops.saturating_record(hop_us.max(1));
        }
    }

    /// Notes datagrams that arrived as one run: all of `stride` bytes, but for a shorter last.
    pub fn note_run(&mut self, bytes: usize, stride: usize) {
        if self.notes && stride > 0 {
            let shape = (stride.next_multiple_of(SIZE_STEP), bytes.div_ceil(stride));
            *self.runs.entry(shape).or_default() += shape.1 as u64;
        }
    }

    /// In milliseconds.
    #[must_use]
    pub fn hop_quantiles(&self) -> HopQuantiles {
        let at = |share| self.hops.value_at_quantile(share) as f64 / 1_000.0;
        if self.hops.is_empty() {
            return HopQuantiles::default();
        }
        HopQuantiles { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
    }

    /// The hops in buckets whose upper bounds grow by an eighth.
    #[must_use]
    pub fn hop_buckets(&self) -> Vec<Bucket> {
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut up_to_us: u64 = 8;
        for recorded in self.hops.iter_recorded() {
            while recorded.value_iterated_to() > up_to_us {
                up_to_us += up_to_us / 8;
            }
            let count = recorded.count_since_last_iteration();
            match buckets.last_mut().filter(|bucket| bucket.up_to_us == up_to_us) {
                Some(bucket) => bucket.count += count,
                None => buckets.push(Bucket { up_to_us, count }),
            }
        }
        buckets
    }

    /// The commonest shapes, the commonest first.
    #[must_use]
    pub fn shapes(&self) -> Vec<RunShape> {
        let mut runs: Vec<_> = self.runs.iter().map(|(shape, packets)| (*packets, *shape)).collect();
        runs.sort_unstable_by(|one, other| other.cmp(one));
        runs.truncate(SHAPES_MAX);
        let all: u64 = runs.iter().map(|(packets, _)| packets).sum();
        runs.into_iter()
            .map(|(packets, (datagram_bytes, run_length))| RunShape {
                datagram_bytes,
                run_length,
                share: packets as f64 / all.max(1) as f64,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_counts_once_for_each_of_its_packets() {
        let mut tally = Tally::new().expect("a tally");
        tally.note_run(6_000, 1_200);
        assert!(tally.shapes().is_empty(), "nothing is noted before the window begins");
        tally.begin();
        // Three runs of five and a shorter sixth; one packet alone.
        (0..3).for_each(|_| tally.note_run(5 * 1_180 + 90, 1_180));
        (0..2).for_each(|_| tally.note_run(93, 93));
        let shape = |datagram_bytes, run_length, share| RunShape { datagram_bytes, run_length, share };
        assert_eq!(tally.shapes(), [shape(1_184, 6, 0.9), shape(96, 1, 0.1)]);
    }

    #[test]
    fn hops_are_told_in_milliseconds_and_each_stands_in_one_bucket() {
        let mut tally = Tally::new().expect("a tally");
        tally.note_hop(5);
        tally.begin();
        assert!(tally.hop_buckets().is_empty());
        (1..=1_000).for_each(|hop| tally.note_hop(hop * 10));
        let quantiles = tally.hop_quantiles();
        assert!((4.9..5.1).contains(&quantiles.p50), "{quantiles:?}");
        assert!((9.8..10.1).contains(&quantiles.p99), "{quantiles:?}");
        let buckets = tally.hop_buckets();
        assert_eq!(buckets.iter().map(|bucket| bucket.count).sum::<u64>(), 1_000);
        assert!(buckets.is_sorted_by_key(|bucket| bucket.up_to_us));
    }

    #[test]
    fn loss_is_what_should_have_come_and_did_not() {
        let before = Totals { expected: 100, packets: 90, ..Totals::default() };
        let mut after = before;
        after += Totals { expected: 200, packets: 198, repaired: 3, ..Totals::default() };
        let window = after - before;
        assert_eq!((window.lost(), window.repaired), (2, 3));
        assert!((window.loss_percent() - 1.0).abs() < 1e-9);
        assert_eq!(Totals::default().loss_percent(), 0.0);
    }
}
