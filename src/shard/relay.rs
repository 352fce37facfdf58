//! What shards hand each other about a room that is on several of them.
//!
//! Owns the arena of what is to be handed over. Refuses threads and channels: an adapter carries it to the shards that
//! it names ([`super::Shard::handle_relay`]), and says what it could not carry ([`super::Shard::relay_refused`]).

use crate::ids::{PeerId, PublicationId};
use crate::media::{EncodingSet, SourcePlace};
use crate::rtp::Ssrc;
use std::ops::Range;

/// The most bytes that one arena holds: some 400 packets, more than a shard reads before it hands them over. Overflow
/// drops the newest packet, counts it, and asks its publisher for a keyframe.
pub const RELAY_BYTES_MAX: usize = 512 * 1024;

/// The most messages that one arena holds, 80 bytes each; overflow as of [`RELAY_BYTES_MAX`].
pub const RELAY_MESSAGES_MAX: usize = 4 * 1024;

/// A shard's number in its process, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShardId(pub u8);

impl ShardId {
    /// How many shards a process may have: as many as a [`ShardSet`] can name.
    pub const COUNT_MAX: usize = u64::BITS as usize;

    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// Some of a process' shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShardSet(u64);

impl ShardSet {
    fn bit(shard: ShardId) -> u64 {
        1_u64.checked_shl(u32::from(shard.0)).unwrap_or(0)
    }

    #[must_use]
    pub fn with(self, shard: ShardId) -> Self {
        Self(self.0 | Self::bit(shard))
    }

    #[must_use]
    pub fn without(self, shard: ShardId) -> Self {
        Self(self.0 & !Self::bit(shard))
    }

    #[must_use]
    pub fn contains(self, shard: ShardId) -> bool {
        self.0 & Self::bit(shard) != 0
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In rising order.
    pub fn iter(self) -> impl Iterator<Item = ShardId> {
        (0..64).map(ShardId).filter(move |shard| self.contains(*shard))
    }
}

impl FromIterator<ShardId> for ShardSet {
    fn from_iter<I: IntoIterator<Item = ShardId>>(shards: I) -> Self {
        shards.into_iter().fold(Self::default(), Self::with)
    }
}

/// One thing that a shard hears from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relayed<'a> {
    /// A decrypted RTP packet of a publication.
    Rtp { peer: PeerId, ssrc: Ssrc, place: SourcePlace, packet: &'a [u8] },
    /// Sender reports of a peer's published sources.
    Rtcp { peer: PeerId, compound: &'a [u8] },
    /// Somebody on the shard that says so waits for a keyframe of this source of the peer.
    Keyframe { peer: PeerId, ssrc: Ssrc },
    /// These encodings, and no others, are watched or waited for on the shard that says so. Said again once a second.
    Wanted { peer: PeerId, publication: PublicationId, encodings: EncodingSet },
}

/// What is to be handed to other shards, in order.
#[derive(Debug, Default)]
pub struct Relay {
    bytes: Vec<u8>,
    messages: Vec<RelayMessage>,
}

/// One entry of a [`Relay`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayMessage {
    /// Who is to have it.
    pub to: ShardSet,
    peer: PeerId,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Rtp { ssrc: Ssrc, place: SourcePlace, range: Range<usize> },
    Rtcp { range: Range<usize> },
    Keyframe { ssrc: Ssrc },
    Wanted { publication: PublicationId, encodings: EncodingSet },
}

impl RelayMessage {
    /// Whether it carries media or reports, and not a wish.
    #[must_use]
    pub fn is_media(&self) -> bool {
        matches!(self.what, What::Rtp { .. } | What::Rtcp { .. })
    }
}

impl Relay {
    #[must_use]
    pub fn messages(&self) -> &[RelayMessage] {
        &self.messages
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// What one of [`Self::messages`] says.
    #[must_use]
    pub fn read(&self, message: &RelayMessage) -> Relayed<'_> {
        let bytes = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default();
        let peer = message.peer;
        match &message.what {
            What::Rtp { ssrc, place, range } => Relayed::Rtp { peer, ssrc: *ssrc, place: *place, packet: bytes(range) },
            What::Rtcp { range } => Relayed::Rtcp { peer, compound: bytes(range) },
            What::Keyframe { ssrc } => Relayed::Keyframe { peer, ssrc: *ssrc },
            What::Wanted { publication, encodings } => {
                Relayed::Wanted { peer, publication: *publication, encodings: *encodings }
            }
        }
    }

    /// Empties it; the allocations stay for what comes next.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.messages.clear();
    }

    /// Adds something for some shards. `false`, and nothing is added, where it is full.
    pub fn push(&mut self, to: ShardSet, relayed: Relayed<'_>) -> bool {
        if self.messages.len() >= RELAY_MESSAGES_MAX {
            return false;
        }
        let (peer, what) = match relayed {
            Relayed::Rtp { peer, ssrc, place, packet } => {
                let Some(range) = self.store(packet) else { return false };
                (peer, What::Rtp { ssrc, place, range })
            }
            Relayed::Rtcp { peer, compound } => {
                let Some(range) = self.store(compound) else { return false };
                (peer, What::Rtcp { range })
            }
            Relayed::Keyframe { peer, ssrc } => (peer, What::Keyframe { ssrc }),
            Relayed::Wanted { peer, publication, encodings } => (peer, What::Wanted { publication, encodings }),
        };
        self.messages.push(RelayMessage { to, peer, what });
        true
    }

    fn store(&mut self, bytes: &[u8]) -> Option<Range<usize>> {
        let start = self.bytes.len();
        if start + bytes.len() > RELAY_BYTES_MAX {
            return None;
        }
        self.bytes.extend_from_slice(bytes);
        Some(start..self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_name_each_shard_that_a_process_may_have() {
        let all: ShardSet = (0..64).map(ShardId).collect();
        assert_eq!(all.iter().count(), ShardId::COUNT_MAX);
        let set = ShardSet::default().with(ShardId(0)).with(ShardId(63)).with(ShardId(64));
        assert_eq!(set.iter().collect::<Vec<_>>(), [ShardId(0), ShardId(63)]);
        assert!(!set.without(ShardId(63)).contains(ShardId(63)) && !set.contains(ShardId(64)));
        assert!(set.without(ShardId(0)).without(ShardId(63)).is_empty());
    }

    #[test]
    fn what_was_handed_over_is_read_again_and_what_does_not_fit_is_refused_whole() {
        let mut relay = Relay::default();
        let to = ShardSet::default().with(ShardId(1));
        let compound = [7; 100];
        let said = Relayed::Rtcp { peer: PeerId(1), compound: &compound };
        let wish = Relayed::Keyframe { peer: PeerId(2), ssrc: Ssrc(3) };
        assert!(relay.push(to, said) && relay.push(to, wish));
        let heard: Vec<_> = relay.messages().iter().map(|message| relay.read(message)).collect();
        assert_eq!(heard, [said, wish]);

        let large = vec![0; RELAY_BYTES_MAX];
        assert!(!relay.push(to, Relayed::Rtcp { peer: PeerId(1), compound: &large }));
        assert_eq!(relay.messages().len(), 2);
        while relay.push(to, wish) {}
        assert_eq!(relay.messages().len(), RELAY_MESSAGES_MAX);
        relay.clear();
        assert!(relay.is_empty() && relay.push(to, Relayed::Rtcp { peer: PeerId(1), compound: &large }));
    }
}
