use super::clock::RoomTime;
use crate::rtp::rtcp::{RtcpWriter, write_transport_feedback};
use crate::rtp::{ExtendedSeq, Seq, Ssrc};

/// How many packets of one peer may wait for feedback. Older ones are told as lost: at 100 ms between messages this
/// is a peer that sends 10,000 packets a second.
const PENDING_MAX: u64 = 1_024;

/// After how many packets feedback is sent before its time.
const EARLY_AFTER: u64 = 256;

/// When the packets of one peer came, by transport-wide sequence number, until it is told
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
#[derive(Clone, Debug, Default)]
pub(super) struct Arrivals {
    /// Ring by the low bits of the number; allocated with the first packet.
    times: Vec<Option<RoomTime>>,
    /// The first number not told yet, and the newest that came.
    next: ExtendedSeq,
    newest: Option<ExtendedSeq>,
    messages: u8,
}

impl Arrivals {
    pub(super) fn note(&mut self, now: RoomTime, seq: Seq) {
        let Some(newest) = self.newest else {
            self.times = vec![None; PENDING_MAX as usize];
            let index = ExtendedSeq::start(seq);
            (self.next, self.newest) = (index, Some(index));
            return self.put(index, now);
        };
        let Some(index) = newest.nearest(seq) else { return };
        if index < self.next {
            return;
        }
        if index.0 - newest.0.min(index.0) >= PENDING_MAX {
            // A leap of which nothing sensible can be told.
            self.times.fill(None);
            self.next = index;
        }
        while index.0 - self.next.0 >= PENDING_MAX {
            self.forget(self.next);
            self.next.0 += 1;
        }
        self.newest = Some(newest.max(index));
        self.put(index, now);
    }

    fn put(&mut self, index: ExtendedSeq, now: RoomTime) {
        if let Some(place) = self.times.get_mut((index.0 % PENDING_MAX) as usize) {
            *place = Some(now);
        }
    }

    fn forget(&mut self, index: ExtendedSeq) {
        if let Some(place) = self.times.get_mut((index.0 % PENDING_MAX) as usize) {
            *place = None;
        }
    }

    fn waiting(&self) -> u64 {
        self.newest.map_or(0, |newest| (newest.0 + 1).saturating_sub(self.next.0))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting() == 0
    }

    /// So much waits that it should be told at once.
    pub(super) fn is_urgent(&self) -> bool {
        self.waiting() >= EARLY_AFTER
    }

    /// Writes one feedback message about what waits; whether there was anything to write.
    pub(super) fn report(&mut self, compound: &mut RtcpWriter<'_>, sender: Ssrc, media: Ssrc) -> bool {
        let waiting = self.waiting();
        let times = (self.next.0..self.next.0 + waiting)
            .map(|index| self.times.get((index % PENDING_MAX) as usize).copied().flatten())
            .map(|time| time.map(|time| time.micros().unsigned_abs()));
        let told = write_transport_feedback(compound, sender, media, self.next.seq(), self.messages, times);
        // Where not even the first fits into a message, it is passed over rather than kept for ever.
        let passed = if told == 0 { waiting.min(1) } else { u64::from(told) };
        for _ in 0..passed {
            self.forget(self.next);
            self.next.0 += 1;
        }
        self.messages = self.messages.wrapping_add(u8::from(told > 0));
        told > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rtp::rtcp::{Compound, Rtcp};
    use std::time::Duration;

    fn told(arrivals: &mut Arrivals) -> Vec<(u16, bool)> {
        let mut buffer = [0; 1_160];
        let mut writer = RtcpWriter::new(&mut buffer);
        arrivals.report(&mut writer, Ssrc(1), Ssrc(2));
        let mut list = Vec::new();
        for packet in Compound::new(writer.written()) {
            let Ok(Rtcp::TransportFeedback(feedback)) = packet else { panic!() };
            list.extend(feedback.arrivals().map(|(seq, at)| (seq.0, at.is_some())));
        }
        list
    }

    #[test]
    fn each_packet_is_told_once_and_gaps_are_told_as_gaps() {
        let mut arrivals = Arrivals::default();
        let now = RoomTime::default().plus(Duration::from_secs(1));
        [65_534, 65_535, 2, 1].into_iter().for_each(|seq| arrivals.note(now, Seq(seq)));
        assert_eq!(told(&mut arrivals), [(65_534, true), (65_535, true), (0, false), (1, true), (2, true)]);
        assert!(arrivals.is_empty());
        arrivals.note(now, Seq(0));
        assert!(arrivals.is_empty(), "what was told as lost stays lost");
        arrivals.note(now, Seq(3));
        assert_eq!(told(&mut arrivals), [(3, true)]);
    }

    #[test]
    fn a_leap_forgets_what_waited() {
        let mut arrivals = Arrivals::default();
        arrivals.note(RoomTime::default(), Seq(0));
        arrivals.note(RoomTime::default(), Seq(20_000));
        assert_eq!(told(&mut arrivals), [(20_000, true)]);
    }

    #[test]
    fn a_long_wait_is_bounded() {
        let mut arrivals = Arrivals::default();
        (0..5_000u16).for_each(|seq| arrivals.note(RoomTime::default(), Seq(seq)));
        assert!(arrivals.is_urgent());
        assert_eq!(arrivals.waiting(), PENDING_MAX);
    }
}
