//! When peers and rooms want to be called.

use crate::media::PeerKey;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Target {
    Peer(PeerKey),
    Room(usize),
}

/// A heap with at most one live entry a target. An entry is only ever moved earlier; who is called too early asks
/// again, which costs less than moving an entry whenever consent is renewed.
#[derive(Debug, Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<(Instant, Target)>>,
    scheduled: HashMap<Target, Instant>,
}

impl Timers {
    pub fn schedule(&mut self, target: Target, at: Instant) {
        if self.scheduled.get(&target).is_some_and(|scheduled| *scheduled <= at) {
            return;
        }
        self.scheduled.insert(target, at);
        self.heap.push(Reverse((at, target)));
    }

    pub fn forget(&mut self, target: Target) {
        self.scheduled.remove(&target);
    }

    pub fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes everything that is due.
    pub fn take_due(&mut self, now: Instant) -> Vec<Target> {
        let mut due = Vec::new();
        while let Some(Reverse((at, target))) = self.heap.peek().copied() {
            if at > now {
                break;
            }
            self.heap.pop();
            // An entry that was moved earlier, or forgotten, left this one behind.
            if self.scheduled.get(&target) == Some(&at) {
                self.scheduled.remove(&target);
                due.push(target);
            }
        }
        due
    }
}
