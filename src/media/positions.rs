use crate::rtp::ExtendedSeq;

/// How many skipped packets are remembered one by one. When a packet comes that is older than the oldest of these, its
/// place is no longer known and it is dropped.
const SKIPPED_MAX: usize = 32;

/// A packet's place in what is forwarded of one encoding: its sequence number with the packets taken out that nobody
/// needs (nothing but padding), so that receivers see no gap where they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place(pub(super) u64);

/// Turns the sequence numbers of one encoding into places.
#[derive(Clone, Debug, Default)]
pub(super) struct Positions {
    skipped: std::collections::VecDeque<ExtendedSeq>,
    forgotten: u64,
    /// Places before this are unknown.
    floor: ExtendedSeq,
}

impl Positions {
    /// Takes out a packet that is newer than all before.
    pub(super) fn skip(&mut self, index: ExtendedSeq) {
        if self.skipped.len() >= SKIPPED_MAX
            && let Some(oldest) = self.skipped.pop_front()
        {
            self.floor = oldest;
            self.forgotten += 1;
        }
        self.skipped.push_back(index);
    }

    pub(super) fn place(&self, index: ExtendedSeq) -> Option<Place> {
        if index < self.floor {
            return None;
        }
        // Nearly always the newest packet is asked for, and the list is empty or all older.
        let before = self.skipped.partition_point(|skipped| *skipped < index);
        index.0.checked_sub(self.forgotten + before as u64).map(Place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(positions: &Positions, index: u64) -> Option<u64> {
        positions.place(ExtendedSeq(index)).map(|place| place.0)
    }

    #[test]
    fn what_is_skipped_leaves_no_gap_and_late_packets_keep_their_place() {
        let mut positions = Positions::default();
        positions.skip(ExtendedSeq(103));
        positions.skip(ExtendedSeq(104));
        assert_eq!([102, 105, 106].map(|index| place(&positions, index)), [Some(102), Some(103), Some(104)]);
        assert_eq!(place(&positions, 101), Some(101));
    }

    #[test]
    fn only_so_many_skips_are_remembered() {
        let mut positions = Positions::default();
        (0..40).for_each(|n| positions.skip(ExtendedSeq(100 + 2 * n)));
        assert_eq!(place(&positions, 101), None);
        assert_eq!(place(&positions, 179), Some(179 - 40));
        assert_eq!(place(&positions, 117), Some(117 - 9));
    }
}
