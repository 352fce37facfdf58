//! How often a connection may ask for what.

use crate::protocol::{ClientMessage, Command};
use std::time::Duration;
use tokio::time::Instant;

/// A rate and how much of it may be used at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub per_minute: u32,
    pub burst: u32,
}

/// Messages in the chat: a fast writer, not a flood on everybody's screen.
pub const CHAT: Limit = Limit { per_minute: 60, burst: 10 };

/// All other commands: a trainer who works through a list of hands.
pub const COMMANDS: Limit = Limit { per_minute: 300, burst: 60 };

/// Offers: each costs the media plane a description; networks that come and go restart ICE again and again.
pub const OFFERS: Limit = Limit { per_minute: 30, burst: 10 };

/// Choices of what to see: one a moment while a window is being resized.
pub const CHOICES: Limit = Limit { per_minute: 300, burst: 60 };

/// Signs of life, which come every 3 s, or in a bunch after a stall.
pub const SIGNS: Limit = Limit { per_minute: 60, burst: 20 };

/// Summaries of what a client received, which come every 10 s, or in a bunch after a stall.
pub const SUMMARIES: Limit = Limit { per_minute: 12, burst: 6 };

/// What is not a message of the protocol; who sends more speaks something else.
pub const BAD_MESSAGES: Limit = Limit { per_minute: 6, burst: 10 };

/// Requests over their limit; who sends more does not listen.
pub const EXCESSES: Limit = Limit { per_minute: 60, burst: 200 };

/// A bucket of tokens that fills at a limit's rate.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    limit: Limit,
    /// How many requests are left, in thousandths.
    left: u64,
    filled_at: Instant,
}

impl Bucket {
    pub fn new(limit: Limit, now: Instant) -> Self {
        Self { limit, left: u64::from(limit.burst) * 1_000, filled_at: now }
    }

    /// Takes a token; false where there is none.
    pub fn take(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled_at).min(Duration::from_secs(3_600));
        let gained = u64::try_from(passed.as_millis()).unwrap_or(0) * u64::from(self.limit.per_minute) / 60;
        if gained > 0 {
            self.left = (self.left + gained).min(u64::from(self.limit.burst) * 1_000);
            self.filled_at = now;
        }
        if self.left < 1_000 {
            return false;
        }
        self.left -= 1_000;
        true
    }
}

/// One connection's buckets.
pub struct Limits {
    chat: Bucket,
    commands: Bucket,
    offers: Bucket,
    choices: Bucket,
    signs: Bucket,
    summaries: Bucket,
    bad_messages: Bucket,
    excesses: Bucket,
}

impl Limits {
    pub fn new(now: Instant) -> Self {
        Self {
            chat: Bucket::new(CHAT, now),
            commands: Bucket::new(COMMANDS, now),
            offers: Bucket::new(OFFERS, now),
            choices: Bucket::new(CHOICES, now),
            signs: Bucket::new(SIGNS, now),
            summaries: Bucket::new(SUMMARIES, now),
            bad_messages: Bucket::new(BAD_MESSAGES, now),
            excesses: Bucket::new(EXCESSES, now),
        }
    }

    /// Whether this message is within its kind's rate.
    pub fn allow(&mut self, message: &ClientMessage, now: Instant) -> bool {
        let bucket = match message {
            ClientMessage::Command { command: Command::Say { .. }, .. } => &mut self.chat,
            ClientMessage::Command { .. } => &mut self.commands,
            ClientMessage::Offer { .. } => &mut self.offers,
            ClientMessage::Watch { .. } | ClientMessage::Receive { .. } => &mut self.choices,
            ClientMessage::Quality { .. } => &mut self.summaries,
            ClientMessage::Hello { .. } | ClientMessage::Ping { .. } | ClientMessage::Leave {} => &mut self.signs,
        };
        bucket.take(now)
    }

    /// Whether one more message that is none of the protocol's is borne.
    pub fn bear_bad_message(&mut self, now: Instant) -> bool {
        self.bad_messages.take(now)
    }

    /// Whether one more request over its limit is borne.
    pub fn bear_excess(&mut self, now: Instant) -> bool {
        self.excesses.take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_the_rate_holds() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Limit { per_minute: 60, burst: 3 }, start);
        assert!((0..3).all(|_| bucket.take(start)));
        assert!(!bucket.take(start));
        assert!(!bucket.take(start + Duration::from_millis(999)));
        assert!(bucket.take(start + Duration::from_secs(1)));
        assert!(!bucket.take(start + Duration::from_secs(1)));
        let later = start + Duration::from_secs(3_600);
        assert!((0..3).all(|_| bucket.take(later)), "no more than the burst is saved up");
        assert!(!bucket.take(later));
    }

    #[test]
    fn who_asks_in_small_steps_gains_as_much_as_who_waits() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Limit { per_minute: 6, burst: 1 }, start);
        assert!(bucket.take(start));
        let taken = (1..=60_000).filter(|step| bucket.take(start + Duration::from_millis(*step))).count();
        assert!((5..=6).contains(&taken), "{taken} in a minute");
    }

    #[test]
    fn the_chat_has_a_limit_of_its_own() {
        let now = Instant::now();
        let mut limits = Limits::new(now);
        let say = ClientMessage::Command { id: 1, command: Command::Say { text: "x".into() } };
        let raise = ClientMessage::Command { id: 1, command: Command::RaiseHand {} };
        assert_eq!((0..100).filter(|_| limits.allow(&say, now)).count(), CHAT.burst as usize);
        assert!(limits.allow(&raise, now));
    }
}
