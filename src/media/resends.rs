use super::clock::RoomTime;
use std::time::Duration;

/// How many recently resent packets of one slot are remembered.
const REMEMBERED: usize = 64;

/// How often one packet is sent again.
const TIMES_MAX: u8 = 8;

/// The least time between two repairs of one packet, where the round trip is shorter or unknown.
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// How many packets of one slot are sent again in a second. What a receiver asks beyond it is passed over: that link
/// loses more than repair can help.
const RESENDS_PER_SECOND_MAX: u32 = 400;

/// What one slot sent again lately, so that a repair on its way is not sent twice.
#[derive(Debug, Default)]
pub(super) struct Resends {
    recent: Vec<Resent>,
    oldest: usize,
    second: RoomTime,
    in_second: u32,
}

#[derive(Clone, Copy, Debug)]
struct Resent {
    index: u64,
    at: RoomTime,
    times: u8,
}

impl Resends {
    /// Whether the packet may be sent again now; then it counts as sent.
    pub(super) fn allow(&mut self, now: RoomTime, index: u64, round_trip: Duration) -> bool {
        if now.since(self.second) >= Duration::from_secs(1) {
            (self.second, self.in_second) = (now, 0);
        }
        if self.in_second >= RESENDS_PER_SECOND_MAX {
            return false;
        }
        match self.recent.iter_mut().find(|resent| resent.index == index) {
            Some(resent) => {
                if resent.times >= TIMES_MAX || now.since(resent.at) < round_trip.max(PAUSE_MIN) {
                    return false;
                }
                resent.times += 1;
                resent.at = now;
            }
            None => self.remember(Resent { index, at: now, times: 1 }),
        }
        self.in_second += 1;
        true
    }

    fn remember(&mut self, resent: Resent) {
        if self.recent.len() < REMEMBERED {
            return self.recent.push(resent);
        }
        if let Some(place) = self.recent.get_mut(self.oldest) {
            *place = resent;
        }
        self.oldest = (self.oldest + 1) % REMEMBERED;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_sent_again_once_per_round_trip_and_so_often_at_most() {
        let mut resends = Resends::default();
        let round_trip = Duration::from_millis(100);
        let at = |ms| RoomTime::default().plus(Duration::from_millis(ms));
        let allowed: Vec<u64> = (0..40).filter(|n| resends.allow(at(n * 50), 7, round_trip)).collect();
        assert_eq!(allowed, [0, 2, 4, 6, 8, 10, 12, 14], "every second of the requests, {TIMES_MAX} times");
    }

    #[test]
    fn a_flood_of_requests_is_bounded() {
        let mut resends = Resends::default();
        let at = RoomTime::default().plus(Duration::from_secs(5));
        let allowed = (0..10_000).filter(|index| resends.allow(at, *index, Duration::ZERO)).count();
        assert_eq!(allowed, RESENDS_PER_SECOND_MAX as usize);
    }
}
