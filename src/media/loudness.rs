use super::clock::RoomTime;
use crate::rtp::AudioLevel;
use std::time::Duration;

/// How loud one publication is, smoothed: fast to rise, slow to fall, so that pauses between words do not count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loudness {
    /// Decibels above −127 dBov.
    score: f32,
    last: Option<RoomTime>,
    speaking_until: Option<RoomTime>,
}

/// What a packet without a level counts as, in dB above −127 dBov: speech of ordinary loudness.
const SPEECH_SCORE: f32 = 90.0;

/// The score from which somebody counts as speaking: −50 dBov.
const SPEAKING_SCORE: f32 = 77.0;

/// How long somebody counts as speaking after the last loud packet.
const SPEAKING_HOLD: Duration = Duration::from_millis(600);

/// Share of the distance to a louder, and to a softer packet, that the score goes with each packet (20 ms).
const RISE: f32 = 0.3;
const FALL: f32 = 0.03;

/// Opus packets up to this length, in bytes, are silence between comfort noise (DTX, RFC 6716 §2.1.9).
const SILENT_PAYLOAD_BYTES: usize = 3;

impl Loudness {
    pub(super) fn note(&mut self, now: RoomTime, level: Option<u8>, payload_length: usize) {
        let heard = match level.map(AudioLevel::from_byte) {
            Some(level) => f32::from(127 - level.below_full_db),
            None if payload_length <= SILENT_PAYLOAD_BYTES => 0.0,
            None => SPEECH_SCORE,
        };
        let share = if heard > self.score { RISE } else { FALL };
        self.score += (heard - self.score) * share;
        self.last = Some(now);
        if heard >= SPEAKING_SCORE && self.score >= SPEAKING_SCORE - 10.0 {
            self.speaking_until = Some(now.plus(SPEAKING_HOLD));
        }
    }

    /// Zero once nothing came for a while (discontinuous transmission, or a stopped microphone).
    pub(super) fn score(&self, now: RoomTime) -> f32 {
        match self.last {
            Some(last) if now.since(last) < SPEAKING_HOLD => self.score,
            _ => 0.0,
        }
    }

    pub(super) fn is_speaking(&self, now: RoomTime) -> bool {
        self.speaking_until.is_some_and(|until| now < until)
    }
}

/// How much louder, in dB, somebody has to be to take the place before another.
const MARGIN: f32 = 10.0;

/// Puts the louder before the softer where they differ by more than the margin; else who is before stays before.
pub(super) fn rank<T>(order: &mut [T], score: impl Fn(&T) -> f32) {
    for at in 1..order.len() {
        let Some((own, before)) = order.get(..=at).and_then(<[T]>::split_last) else { return };
        let to = before.iter().position(|other| score(own) > score(other) + MARGIN);
        if let Some(moved) = to.and_then(|to| order.get_mut(to..=at)) {
            moved.rotate_right(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speak(loudness: &mut Loudness, from_ms: u64, to_ms: u64, level: u8) -> RoomTime {
        let at = |ms| RoomTime::default().plus(Duration::from_millis(ms));
        (from_ms..to_ms).step_by(20).for_each(|ms| loudness.note(at(ms), Some(level), 100));
        at(to_ms)
    }

    #[test]
    fn speech_is_noticed_fast_and_a_pause_between_words_is_bridged() {
        let mut loudness = Loudness::default();
        let now = speak(&mut loudness, 0, 1_000, 127);
        assert!(!loudness.is_speaking(now));
        let now = speak(&mut loudness, 1_000, 1_200, 30);
        assert!(loudness.is_speaking(now));
        let now = speak(&mut loudness, 1_200, 1_500, 127);
        assert!(loudness.is_speaking(now));
        let now = speak(&mut loudness, 1_500, 3_000, 127);
        assert!(!loudness.is_speaking(now));
        assert!(loudness.score(now) < 20.0);
    }

    #[test]
    fn without_levels_packets_are_speech_and_discontinuous_ones_silence() {
        let mut loudness = Loudness::default();
        let at = |ms| RoomTime::default().plus(Duration::from_millis(ms));
        (0..500).step_by(20).for_each(|ms| loudness.note(at(ms), None, 80));
        assert!(loudness.is_speaking(at(500)));
        (500..5_000).step_by(400).for_each(|ms| loudness.note(at(ms), None, 1));
        assert!(!loudness.is_speaking(at(5_000)));
    }

    #[test]
    fn a_little_louder_does_not_change_the_order() {
        let mut order = [(1, 60.0), (2, 68.0), (3, 75.0)];
        rank(&mut order, |entry| entry.1);
        assert_eq!(order.map(|entry| entry.0), [3, 1, 2]);
        rank(&mut order, |entry| entry.1);
        assert_eq!(order.map(|entry| entry.0), [3, 1, 2]);
    }
}
