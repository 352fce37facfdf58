//! A brake on guessing passwords: who failed often waits, longer with each further failure.
//!
//! Attempts are counted when they begin, so that many at once are no way around it; what turned out well is given back.

use crate::time::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// How many keys are remembered; past it, those that were used longest ago are forgotten.
pub const REMEMBERED_MAX: usize = 20_000;

/// What is kept where the oldest must go: a few at a time, so that it is rarely done.
const KEPT: usize = REMEMBERED_MAX / 4 * 3;

/// How much somebody may fail.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Failures without a wait.
    pub free: u32,
    /// The wait after the first failure that is not free; twice as long after each further one.
    pub first_wait: Duration,
    pub longest_wait: Duration,
    /// One failure is forgotten after this long.
    pub forgets_after: Duration,
}

/// An account's: a password of ten characters is not found by 300 attempts a day, and its owner waits some minutes at
/// most where somebody else tries.
pub const OF_ACCOUNT: Allowance = Allowance {
    free: 5,
    first_wait: Duration::from_secs(1),
    longest_wait: Duration::from_secs(300),
    forgets_after: Duration::from_secs(900),
};

/// An address's: a whole school may be behind one, and comes at eight in the morning, each attempt counted until its
/// hash is computed.
pub const OF_ADDRESS: Allowance = Allowance {
    free: 200,
    first_wait: Duration::from_secs(1),
    longest_wait: Duration::from_secs(300),
    forgets_after: Duration::from_secs(10),
};

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    /// The newest attempt that was let by.
    at: Timestamp,
}

/// Counts the failures of each key.
pub struct Throttle<K> {
    allowance: Allowance,
    of: HashMap<K, Failures>,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    pub fn new(allowance: Allowance) -> Self {
        Self { allowance, of: HashMap::new() }
    }

    /// Counts an attempt as a failure until it is given back.
    ///
    /// # Errors
    /// How long to wait where it is not let by; then it is not counted either.
    pub fn attempt(&mut self, key: K, now: Timestamp) -> Result<(), Duration> {
        if let Some(failures) = self.of.get_mut(&key) {
            // A clock that was set back makes nobody wait longer than they had to.
            failures.at = failures.at.min(now);
            let since = now.since(failures.at);
            let wait = self.allowance.wait_after(failures.count);
            if since < wait {
                return Err(wait.saturating_sub(since));
            }
            failures.count = self.allowance.left_of(failures.count, since).saturating_add(1);
            failures.at = now;
            return Ok(());
        }
        if self.of.len() >= REMEMBERED_MAX {
            self.forget(now);
        }
        self.of.insert(key, Failures { count: 1, at: now });
        Ok(())
    }

    /// Takes one attempt back: it was no failure, and says nothing about those before.
    pub fn give_back(&mut self, key: &K) {
        let left = self.of.get_mut(key).map(|failures| {
            failures.count = failures.count.saturating_sub(1);
            failures.count
        });
        if left == Some(0) {
            self.of.remove(key);
        }
    }

    /// Forgets all failures of a key.
    pub fn forgive(&mut self, key: &K) {
        self.of.remove(key);
    }

    /// Makes room: first what is forgotten anyway, then the oldest.
    fn forget(&mut self, now: Timestamp) {
        let allowance = self.allowance;
        self.of.retain(|_, failures| allowance.left_of(failures.count, now.since(failures.at)) > 0);
        if self.of.len() < REMEMBERED_MAX {
            return;
        }
        let mut times: Vec<Timestamp> = self.of.values().map(|failures| failures.at).collect();
        let index = times.len().saturating_sub(KEPT);
        let (_, oldest_kept, _) = times.select_nth_unstable(index);
        let oldest_kept = *oldest_kept;
        self.of.retain(|_, failures| failures.at > oldest_kept);
    }
}

impl Allowance {
    fn wait_after(&self, failures: u32) -> Duration {
        let Some(further) = failures.checked_sub(self.free) else { return Duration::ZERO };
        self.first_wait.saturating_mul(1 << further.min(30)).min(self.longest_wait)
    }

    /// How many failures count still, `since` after the last.
    fn left_of(&self, failures: u32, since: Duration) -> u32 {
        let forgotten = since.as_micros().checked_div(self.forgets_after.as_micros()).unwrap_or_default();
        failures.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_795_597_200_000_000);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn who_fails_often_waits_longer_each_time_and_never_for_ever() {
        let mut throttle = Throttle::new(OF_ACCOUNT);
        let mut now = START;
        for _ in 0..OF_ACCOUNT.free {
            throttle.attempt("salma", now).expect("a free one");
        }
        let mut waits = Vec::new();
        for _ in 0..12 {
            let wait = throttle.attempt("salma", now).expect_err("a wait");
            assert_eq!(throttle.attempt("salma", now), Err(wait), "asking again makes it no longer");
            throttle.attempt("driss", now).expect("others do not wait");
            throttle.forgive(&"driss");
            waits.push(wait.as_secs());
            now = now.plus(wait);
            throttle.attempt("salma", now).expect("after the wait");
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    }

    #[test]
    fn failures_are_forgotten_with_time_and_forgiven_at_once() {
        let mut throttle = Throttle::new(OF_ACCOUNT);
        for _ in 0..OF_ACCOUNT.free {
            throttle.attempt("salma", START).expect("a free one");
        }
        let later = START.plus(OF_ACCOUNT.forgets_after * 2);
        throttle.attempt("salma", later).expect("two were forgotten");
        throttle.attempt("salma", later).expect("two were forgotten");
        throttle.attempt("salma", later).expect_err("and no more");
        throttle.forgive(&"salma");
        throttle.attempt("salma", later).expect("nothing is left");
    }

    #[test]
    fn what_is_given_back_does_not_excuse_what_failed() {
        let mut throttle = Throttle::new(OF_ACCOUNT);
        for _ in 0..OF_ACCOUNT.free {
            throttle.attempt("salma", START).expect("a free one");
            throttle.give_back(&"salma");
            throttle.attempt("salma", START).expect("a free one");
        }
        throttle.attempt("salma", START).expect_err("each second one failed");
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let mut throttle = Throttle::new(OF_ACCOUNT);
        for _ in 0..OF_ACCOUNT.free {
            throttle.attempt("salma", START).expect("a free one");
        }
        let earlier = Timestamp(START.0 - 3_600_000_000);
        assert_eq!(throttle.attempt("salma", earlier), Err(SECOND));
        throttle.attempt("salma", earlier.plus(SECOND)).expect("after the wait");
    }

    #[test]
    fn keys_are_bounded_and_the_newest_are_kept() {
        let mut throttle = Throttle::new(OF_ACCOUNT);
        for number in 0..3 * REMEMBERED_MAX {
            let now = START.plus(Duration::from_millis(u64::try_from(number).expect("small")));
            throttle.attempt(number, now).expect("each fails once");
            assert!(throttle.of.len() <= REMEMBERED_MAX);
        }
        assert!(throttle.of.contains_key(&(3 * REMEMBERED_MAX - 1)) && !throttle.of.contains_key(&0));
    }
}
