use super::clock::RoomTime;
use crate::rtp::{ExtendedSeq, Seq};
use std::time::Duration;

/// How many missing packets of one encoding are asked for. Beyond it asking is hopeless: a keyframe is requested.
pub(super) const MISSING_MAX: usize = 256;

/// How long a gap may be mere reordering.
const REORDER_PATIENCE: Duration = Duration::from_millis(8);

/// How long a missing packet is asked for; afterwards receivers have given up too.
const GIVE_UP_AFTER: Duration = Duration::from_millis(1_000);

/// The least time between two requests for one packet, where the round trip is shorter or unknown.
const RETRY_MIN: Duration = Duration::from_millis(40);

/// How many numbers one NACK asks for; what is over waits for the next.
pub(super) const NACK_NUMBERS_MAX: usize = 64;

/// What of one encoding has not come yet, and when to ask for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Missing {
    /// In rising order.
    packets: Vec<MissingPacket>,
    /// The start of the newest keyframe. What is older is still worth showing, but no reason for another keyframe.
    keyframe: ExtendedSeq,
}

#[derive(Clone, Copy, Debug)]
struct MissingPacket {
    index: ExtendedSeq,
    since: RoomTime,
    ask_at: RoomTime,
}

/// Whether repair can still succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hope {
    Some,
    /// A packet after the last keyframe was given up; only another keyframe helps.
    Lost,
}

impl Missing {
    /// Notes the gap between two packets.
    pub(super) fn note_gap(&mut self, now: RoomTime, after: ExtendedSeq, newest: ExtendedSeq) -> Hope {
        let gap = newest.0.saturating_sub(after.0 + 1);
        if gap == 0 {
            return Hope::Some;
        }
        if self.packets.len() as u64 + gap > MISSING_MAX as u64 {
            self.packets.clear();
            return Hope::Lost;
        }
        let ask_at = now.plus(REORDER_PATIENCE);
        let gap = (after.0 + 1..newest.0).map(|index| MissingPacket { index: ExtendedSeq(index), since: now, ask_at });
        self.packets.extend(gap);
        Hope::Some
    }

    /// Notes that a packet came.
    pub(super) fn found(&mut self, index: ExtendedSeq) {
        if let Ok(at) = self.packets.binary_search_by_key(&index, |packet| packet.index) {
            self.packets.remove(at);
        }
    }

    /// A keyframe starts here: pictures after it do not need what is older.
    pub(super) fn note_keyframe(&mut self, start: ExtendedSeq) {
        self.keyframe = self.keyframe.max(start);
    }

    pub(super) fn clear(&mut self) {
        self.packets.clear();
    }

    pub(super) fn due(&self) -> Option<RoomTime> {
        self.packets.iter().map(|packet| packet.ask_at).min()
    }

    /// The numbers to ask for now, in rising order, at most [`NACK_NUMBERS_MAX`]; and whether any was given up.
    pub(super) fn ask(&mut self, now: RoomTime, round_trip: Duration, numbers: &mut Vec<Seq>) -> Hope {
        numbers.clear();
        let mut hope = Hope::Some;
        self.packets.retain(|packet| {
            let expired = now.since(packet.since) >= GIVE_UP_AFTER;
            if expired && packet.index > self.keyframe {
                hope = Hope::Lost;
            }
            !expired
        });
        let ask_again = now.plus(round_trip.max(RETRY_MIN));
        let due = self.packets.iter_mut().filter(|packet| packet.ask_at <= now);
        for packet in due.take(NACK_NUMBERS_MAX) {
            packet.ask_at = ask_again;
            numbers.push(packet.index.seq());
        }
        hope
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(missing: &mut Missing, now: RoomTime) -> (Vec<u16>, Hope) {
        let mut numbers = Vec::new();
        let hope = missing.ask(now, Duration::from_millis(100), &mut numbers);
        (numbers.iter().map(|seq| seq.0).collect(), hope)
    }

    #[test]
    fn a_gap_is_asked_for_again_each_round_trip_until_it_is_given_up() {
        let mut missing = Missing::default();
        let start = RoomTime::default();
        missing.note_gap(start, ExtendedSeq(0x1_fffe), ExtendedSeq(0x2_0002));
        assert_eq!(ask(&mut missing, start).0, [] as [u16; 0]);
        let first = missing.due().unwrap();
        assert_eq!(ask(&mut missing, first).0, [0xffff, 0, 1]);
        missing.found(ExtendedSeq(0x2_0000));
        assert_eq!(ask(&mut missing, first.plus(Duration::from_millis(99))).0, [] as [u16; 0]);
        assert_eq!(ask(&mut missing, first.plus(Duration::from_millis(100))).0, [0xffff, 1]);
        assert_eq!(ask(&mut missing, start.plus(GIVE_UP_AFTER)), (vec![], Hope::Lost));
        assert_eq!(missing.due(), None);
    }

    #[test]
    fn what_is_older_than_a_keyframe_is_asked_for_but_is_no_reason_for_another() {
        let mut missing = Missing::default();
        let start = RoomTime::default();
        missing.note_gap(start, ExtendedSeq(10), ExtendedSeq(13));
        missing.note_keyframe(ExtendedSeq(14));
        let due = missing.due().unwrap();
        assert_eq!(ask(&mut missing, due), (vec![11, 12], Hope::Some));
        assert_eq!(ask(&mut missing, start.plus(GIVE_UP_AFTER)), (vec![], Hope::Some));
    }

    #[test]
    fn too_large_a_gap_is_not_asked_for() {
        let mut missing = Missing::default();
        let gap = MISSING_MAX as u64 + 2;
        assert_eq!(missing.note_gap(RoomTime::default(), ExtendedSeq(0), ExtendedSeq(gap)), Hope::Lost);
        assert_eq!(missing.due(), None);
    }
}
