//! A brake on guessing: secrets of 256 bits can't be guessed, and who tries anyway is told less and less.

use crate::time::Timestamp;

/// How many wrong secrets in a row are answered as such.
pub const GUESSES_MAX: u32 = 200;

/// How many of them come back each second.
pub const GUESSES_PER_SECOND: u32 = 10;

/// Counts wrong secrets of the whole process. Right ones are never held up by it.
#[derive(Default)]
pub struct Guesses {
    spent: u32,
    counted_at: Timestamp,
}

impl Guesses {
    /// Counts a wrong secret; false where there were too many lately.
    pub fn allow(&mut self, now: Timestamp) -> bool {
        let seconds = now.since(self.counted_at).as_secs();
        if seconds > 0 || now < self.counted_at {
            let back = u64::from(GUESSES_PER_SECOND).saturating_mul(seconds);
            self.spent = self.spent.saturating_sub(u32::try_from(back).unwrap_or(u32::MAX));
            self.counted_at = now;
        }
        if self.spent >= GUESSES_MAX {
            return false;
        }
        self.spent += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const START: Timestamp = Timestamp(1_795_597_200_000_000);

    #[test]
    fn guesses_run_out_and_come_back_slowly() {
        let mut guesses = Guesses::default();
        assert!((0..GUESSES_MAX).all(|_| guesses.allow(START)));
        assert!(!guesses.allow(START));
        assert!(!guesses.allow(START.plus(Duration::from_millis(999))));
        let later = START.plus(Duration::from_secs(1));
        assert!((0..GUESSES_PER_SECOND).all(|_| guesses.allow(later)));
        assert!(!guesses.allow(later));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let mut guesses = Guesses::default();
        while guesses.allow(START) {}
        let earlier = Timestamp(START.0 - 3_600_000_000);
        assert!(!guesses.allow(earlier));
        assert!(guesses.allow(earlier.plus(Duration::from_secs(1))));
    }
}
