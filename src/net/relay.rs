//! The ways between shards' threads: what a shard hands another, carried by the arena.
//!
//! Between each two shards a few arenas go round: filled by one thread, read by the other, given back empty. So nothing
//! is allocated in the steady state, and no thread ever waits for another.

use super::directory::Directory;
use crate::shard::{Relay, RelayMessage, Shard, ShardId};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// How many filled arenas may be on one way; one more is being filled meanwhile. While all are, what comes is collected
/// in that one, and when that is full too, refused: the newest packets are dropped and keyframes asked for. With
/// [`crate::shard::RELAY_BYTES_MAX`] this bounds a way to 2.5 MiB, and what waits on it to what a thread that hangs for
/// a fraction of a second misses anyway.
const UNDER_WAY_MAX: usize = 4;

/// One shard's ends of all its ways.
pub(super) struct RelayEnds {
    /// By shard; none to itself.
    outward: Vec<Option<Outward>>,
    inward: Vec<Option<Inward>>,
    /// What the shard wrote last, empty between two calls.
    written: Relay,
    /// Whose turn it is to be read.
    turn: usize,
}

struct Outward {
    filled: SyncSender<Relay>,
    emptied: Receiver<Relay>,
    filling: Option<Relay>,
}

struct Inward {
    filled: Receiver<Relay>,
    emptied: SyncSender<Relay>,
}

/// The ways between so many shards, each shard's ends together.
pub(super) fn ways(shards: usize) -> Vec<RelayEnds> {
    let mut all: Vec<RelayEnds> = (0..shards).map(|_| RelayEnds::new(shards)).collect();
    for from in 0..shards {
        for to in (0..shards).filter(|to| *to != from) {
            let (filled, reads) = sync_channel(UNDER_WAY_MAX);
            let (gives_back, emptied) = sync_channel(UNDER_WAY_MAX + 1);
            for _ in 0..=UNDER_WAY_MAX {
                // An empty arena takes no memory before it is used.
                let _ = gives_back.try_send(Relay::default());
            }
            if let Some(way) = all.get_mut(from).and_then(|ends| ends.outward.get_mut(to)) {
                *way = Some(Outward { filled, emptied, filling: None });
            }
            if let Some(way) = all.get_mut(to).and_then(|ends| ends.inward.get_mut(from)) {
                *way = Some(Inward { filled: reads, emptied: gives_back });
            }
        }
    }
    all
}

impl RelayEnds {
    fn new(shards: usize) -> Self {
        Self {
            outward: (0..shards).map(|_| None).collect(),
            inward: (0..shards).map(|_| None).collect(),
            written: Relay::default(),
            turn: 0,
        }
    }

    /// Carries what the shard has for others; `true` where something is left because a way is full, to be called again
    /// soon.
    pub fn send(&mut self, shard: &mut Shard, directory: &Directory) -> bool {
        let Self { outward, written, .. } = self;
        shard.swap_relay(written);
        let mut sent = 0;
        for message in written.messages() {
            for to in message.to.iter() {
                let way = outward.get_mut(to.at()).and_then(Option::as_mut);
                if way.is_some_and(|way| way.add(written, message)) {
                    sent += u64::from(message.is_media());
                } else {
                    shard.relay_refused(written, message);
                }
            }
        }
        written.clear();
        shard.note_relayed(sent);
        let mut left = false;
        for (way, to) in outward.iter_mut().zip(0..) {
            match way.as_mut().map(Outward::dispatch) {
                Some(Dispatched::Sent) => directory.wake(ShardId(to)),
                Some(Dispatched::Full) => left = true,
                Some(Dispatched::Nothing) | None => {}
            }
        }
        left
    }

    /// The next arena that another shard filled; it is to be given back.
    pub fn receive(&mut self) -> Option<(ShardId, Relay)> {
        let count = self.inward.len();
        for step in 0..count {
            let from = (self.turn + step) % count;
            let way = self.inward.get(from).and_then(Option::as_ref);
            if let Some(relay) = way.and_then(|way| way.filled.try_recv().ok()) {
                self.turn = from + 1;
                return Some((ShardId(u8::try_from(from).unwrap_or(u8::MAX)), relay));
            }
        }
        None
    }

    pub fn give_back(&self, from: ShardId, mut relay: Relay) {
        relay.clear();
        if let Some(way) = self.inward.get(from.at()).and_then(Option::as_ref) {
            // As many fit as there are.
            let _ = way.emptied.try_send(relay);
        }
    }
}

/// What became of an arena that was being filled.
enum Dispatched {
    Nothing,
    Sent,
    /// The way is full; it waits.
    Full,
}

impl Outward {
    fn add(&mut self, from: &Relay, message: &RelayMessage) -> bool {
        if self.filling.is_none() {
            self.filling = self.emptied.try_recv().ok();
        }
        self.filling.as_mut().is_some_and(|filling| filling.push(message.to, from.read(message)))
    }

    fn dispatch(&mut self) -> Dispatched {
        let Some(filling) = self.filling.take() else { return Dispatched::Nothing };
        match self.filled.try_send(filling) {
            Ok(()) => Dispatched::Sent,
            Err(std::sync::mpsc::TrySendError::Full(filling)) => {
                self.filling = Some(filling);
                Dispatched::Full
            }
            // The other thread has ended; no media loop goes through it any more.
            Err(std::sync::mpsc::TrySendError::Disconnected(_)) => Dispatched::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PeerId;
    use crate::peer::Identity;
    use crate::rtp::Ssrc;
    use crate::shard::{Placement, RELAY_BYTES_MAX, Relayed, ShardSet};
    use std::sync::Arc;
    use std::time::Instant;

    #[test]
    fn a_way_that_nobody_reads_takes_what_is_its_bound_and_goes_on_once_it_is_read() {
        let [mut from, mut to] = ways(2).try_into().unwrap_or_else(|_| panic!("two ends"));
        let directory = Directory::new(Placement::new(2, 1));
        let mut shard = Shard::new(Arc::new(Identity::generate().expect("an identity")), Instant::now());
        let large = vec![0; RELAY_BYTES_MAX];
        let mut offer = |shard: &mut Shard| {
            let mut relay = Relay::default();
            let said = Relayed::Rtcp { peer: PeerId(1), compound: &large };
            assert!(relay.push(ShardSet::default().with(ShardId(1)), said));
            shard.swap_relay(&mut relay);
            from.send(shard, &directory)
        };
        for sent in 1..=UNDER_WAY_MAX as u64 {
            assert!(!offer(&mut shard), "nothing is left");
            assert_eq!(shard.counters().relay_sent, sent);
        }
        assert!(offer(&mut shard), "one more waits in hand");
        assert_eq!((shard.counters().relay_sent, shard.counters().dropped_relay), (UNDER_WAY_MAX as u64 + 1, 0));
        assert!(offer(&mut shard) && offer(&mut shard));
        assert_eq!((shard.counters().relay_sent, shard.counters().dropped_relay), (UNDER_WAY_MAX as u64 + 1, 2));

        let mut read = 0;
        while let Some((number, relay)) = to.receive() {
            assert_eq!(number, ShardId(0));
            read += relay.messages().len();
            to.give_back(number, relay);
        }
        assert_eq!(read, UNDER_WAY_MAX);
        assert!(!from.send(&mut shard, &directory), "what waited in hand leaves by itself");
        assert_eq!(to.receive().map(|(_, relay)| relay.messages().len()), Some(1));
    }

    #[test]
    fn all_that_write_to_a_shard_are_read_in_turn() {
        let mut ends = ways(3);
        let directory = Directory::new(Placement::new(3, 1));
        let mut shard = Shard::new(Arc::new(Identity::generate().expect("an identity")), Instant::now());
        for _ in 0..2 {
            for from in [1, 2] {
                let mut relay = Relay::default();
                let said = Relayed::Keyframe { peer: PeerId(1), ssrc: Ssrc(1) };
                relay.push(ShardSet::default().with(ShardId(0)), said);
                shard.swap_relay(&mut relay);
                ends[from].send(&mut shard, &directory);
            }
        }
        let mut order = Vec::new();
        while let Some((from, relay)) = ends[0].receive() {
            order.push(from.0);
            ends[0].give_back(from, relay);
        }
        assert_eq!(order, [1, 2, 1, 2]);
    }
}
