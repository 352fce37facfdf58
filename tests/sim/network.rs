//! A network in virtual time: every datagram is delayed, some are lost, by a seeded generator.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

/// SplitMix64: small, and the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// How a network treats datagrams.
#[derive(Clone, Copy)]
pub struct Conditions {
    pub loss_percent: u64,
    pub delay_ms: u64,
    /// Added to the delay, evenly spread: datagrams overtake each other.
    pub jitter_ms: u64,
}

/// Who a datagram is for, and from whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Travelling {
    ToServer { from: usize, bytes: Vec<u8> },
    ToClient { to: usize, bytes: Vec<u8> },
}

pub struct Network {
    conditions: Conditions,
    random: Random,
    under_way: BinaryHeap<Reverse<(Instant, u64, Travelling)>>,
    sent: u64,
}

impl Network {
    pub fn new(seed: u64, conditions: Conditions) -> Self {
        Self { conditions, random: Random::new(seed), under_way: BinaryHeap::new(), sent: 0 }
    }

    pub fn send(&mut self, now: Instant, datagram: Travelling) {
        self.sent += 1;
        if self.random.happens(self.conditions.loss_percent) {
            return;
        }
        let jitter = if self.conditions.jitter_ms == 0 { 0 } else { self.random.below(self.conditions.jitter_ms) };
        let at = now + Duration::from_millis(self.conditions.delay_ms + jitter);
        self.under_way.push(Reverse((at, self.sent, datagram)));
    }

    pub fn arrived(&mut self, now: Instant) -> Option<Travelling> {
        if self.under_way.peek().is_none_or(|Reverse((at, _, _))| *at > now) {
            return None;
        }
        self.under_way.pop().map(|Reverse((_, _, datagram))| datagram)
    }

    /// How many datagrams are on their way; a flood that feeds itself shows here.
    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }
}
