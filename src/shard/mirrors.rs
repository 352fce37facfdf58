//! The relay's side of a shard that hosts a part of a room: its mirrors, each standing for a publisher whose transport
//! another shard has. The other side is `audience`.
//!
//! A mirror is a peer of the room without transport and without slots: what its publisher sends is handed to the room
//! as if it had come here, and everything from the cache to the choice of layers works as for a local publisher. What
//! the room answers a mirror goes to nobody, but for keyframe requests, which go back to the publisher's shard: missing
//! packets, feedback and reports are between the publisher and that shard.

use super::relay::{Relay, Relayed, ShardId, ShardSet};
use super::{PEERS_MAX, Published, RoomEntry, Shard, WISHES_MAX};
use crate::ids::{LessonId, PeerId, PublicationId};
use crate::media::{EncodingSet, PeerKey};
use crate::peer::Session;
use crate::rtp::Agreement;
use crate::rtp::rtcp::{Compound, Rtcp};
use slab::Slab;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The most mirrors of one shard. One more is not made: its publications are not seen by this shard's peers.
pub(super) const MIRRORS_MAX: usize = 1_024;

/// The most mirrors of one room on one shard, so that no room takes the place of others; as of [`MIRRORS_MAX`].
pub(super) const ROOM_MIRRORS_MAX: usize = 256;

/// How often a publisher's shard is told again what is wanted here: what it was told may have been lost on a full way.
const TELL_AGAIN: Duration = Duration::from_secs(1);

const _: () = assert!(ROOM_MIRRORS_MAX <= MIRRORS_MAX);

/// All mirrors of one shard. They outlive the room's presence here: the services alone take them away.
#[derive(Debug, Default)]
pub(super) struct Mirrors {
    mirrors: Slab<Mirror>,
    by_peer: HashMap<PeerId, PeerKey>,
}

#[derive(Debug)]
struct Mirror {
    peer: PeerId,
    lesson: LessonId,
    origin: ShardId,
    agreement: Agreement,
    /// Bounded as a peer's own wishes are.
    published: Vec<Published>,
    told: Vec<(PublicationId, EncodingSet)>,
    told_at: Option<Instant>,
}

impl Mirrors {
    /// Mirrors' keys come after those of all peers that a shard can have.
    fn key(slot: usize) -> PeerKey {
        PeerKey(u32::try_from(PEERS_MAX + slot).unwrap_or(u32::MAX))
    }

    fn slot(key: PeerKey) -> Option<usize> {
        usize::try_from(key.0).ok()?.checked_sub(PEERS_MAX)
    }

    fn get(&self, key: PeerKey) -> Option<&Mirror> {
        self.mirrors.get(Self::slot(key)?)
    }

    fn get_mut(&mut self, key: PeerKey) -> Option<&mut Mirror> {
        self.mirrors.get_mut(Self::slot(key)?)
    }

    fn of_room(&self, lesson: LessonId) -> impl Iterator<Item = (PeerKey, &Mirror)> {
        self.mirrors.iter().filter(move |(_, mirror)| mirror.lesson == lesson).map(|(slot, m)| (Self::key(slot), m))
    }

    /// Takes what a room writes to one of its mirrors; `false` where the key is a peer's.
    pub fn take_rtcp(&self, to: PeerKey, compound: &[u8], relay: &mut Relay) -> bool {
        let Some(mirror) = self.get(to) else { return false };
        for packet in Compound::new(compound).map_while(Result::ok) {
            if let Rtcp::PictureLoss { media } = packet {
                // Where it does not fit, the room asks again by itself.
                let origin = ShardSet::default().with(mirror.origin);
                relay.push(origin, Relayed::Keyframe { peer: mirror.peer, ssrc: media });
            }
        }
        true
    }

    /// Whether a publication of a room is another shard's.
    pub fn has(&self, room: &RoomEntry, publication: PublicationId) -> bool {
        let of_room = room.mirrors.iter().filter_map(|key| self.get(*key));
        of_room.flat_map(|mirror| &mirror.published).any(|published| published.publication == publication)
    }
}

impl Shard {
    /// Takes what another shard hands over.
    pub fn handle_relay(&mut self, now: Instant, from: ShardId, relayed: Relayed<'_>) {
        match relayed {
            Relayed::Rtp { peer, ssrc, place, packet } => {
                self.counters.relay_received += 1;
                let Some((key, room)) = self.mirror_of(from, peer) else { return };
                self.with_room(now, room, |media, sink| {
                    media.learn_source(key, ssrc, place);
                    media.handle_rtp(now, key, packet, sink);
                });
            }
            Relayed::Rtcp { peer, compound } => {
                self.counters.relay_received += 1;
                let Some((key, room)) = self.mirror_of(from, peer) else { return };
                self.with_room(now, room, |media, sink| media.handle_rtcp(now, key, compound, sink));
            }
            Relayed::Keyframe { peer, ssrc } => self.keyframe_wanted_by(from, peer, ssrc),
            Relayed::Wanted { peer, publication, encodings } => self.wanted_by(from, peer, publication, encodings),
        }
    }

    /// A mirror's key and room, where it is a mirror of that shard's peer and the room is here.
    fn mirror_of(&self, origin: ShardId, peer: PeerId) -> Option<(PeerKey, usize)> {
        let key = *self.mirrors.by_peer.get(&peer)?;
        let mirror = self.mirrors.get(key).filter(|mirror| mirror.origin == origin)?;
        Some((key, *self.by_lesson.get(&mirror.lesson)?))
    }

    /// Makes a mirror, or follows its publisher's new agreement.
    pub(super) fn mirror(&mut self, peer: PeerId, lesson: LessonId, origin: ShardId, session: &Session) {
        if self.by_id.contains_key(&peer) {
            return;
        }
        let agreement = sending_side(session);
        if let Some(key) = self.mirrors.by_peer.get(&peer).copied() {
            let Some(mirror) = self.mirrors.get_mut(key) else { return };
            mirror.agreement = agreement;
            let Some(room) = self.by_lesson.get(&mirror.lesson).copied() else { return };
            if let Some(entry) = self.rooms.get_mut(room) {
                entry.media.update_peer(key, &mirror.agreement);
            }
            return self.refresh_room(room);
        }
        if self.mirrors.mirrors.len() >= MIRRORS_MAX || self.mirrors.of_room(lesson).count() >= ROOM_MIRRORS_MAX {
            tracing::warn!(%lesson, "a room has more publishers on other shards than may be mirrored");
            return;
        }
        let (published, told) = (Vec::new(), Vec::new());
        let mirror = Mirror { peer, lesson, origin, agreement, published, told, told_at: None };
        let key = Mirrors::key(self.mirrors.mirrors.insert(mirror));
        self.mirrors.by_peer.insert(peer, key);
        if let Some(room) = self.by_lesson.get(&lesson).copied() {
            self.mirror_enters(key, room);
        }
    }

    pub(super) fn unmirror(&mut self, peer: PeerId) {
        let Some(key) = self.mirrors.by_peer.remove(&peer) else { return };
        let Some(mirror) = Mirrors::slot(key).and_then(|slot| self.mirrors.mirrors.try_remove(slot)) else { return };
        let Some(room) = self.by_lesson.get(&mirror.lesson).copied() else { return };
        if let Some(entry) = self.rooms.get_mut(room) {
            entry.media.remove_peer(key);
            entry.mirrors.retain(|other| *other != key);
        }
        self.refresh_room(room);
    }

    /// A room begins on this shard: the publishers that others have are in it already.
    pub(super) fn mirrors_enter(&mut self, lesson: LessonId, room: usize) {
        let waiting: Vec<PeerKey> = self.mirrors.of_room(lesson).map(|(key, _)| key).collect();
        waiting.into_iter().for_each(|key| self.mirror_enters(key, room));
    }

    fn mirror_enters(&mut self, key: PeerKey, room_index: usize) {
        let (Some(mirror), Some(room)) = (self.mirrors.get_mut(key), self.rooms.get_mut(room_index)) else { return };
        room.media.add_peer(key, mirror.peer, &mirror.agreement);
        room.mirrors.push(key);
        mirror.told.clear();
        for published in mirror.published.clone() {
            self.start_publication(key, room_index, published);
        }
        self.refresh_room(room_index);
    }

    pub(super) fn publish_mirrored(&mut self, peer: PeerId, published: Published) {
        let Some(key) = self.mirrors.by_peer.get(&peer).copied() else { return };
        let Some(mirror) = self.mirrors.get_mut(key) else { return };
        mirror.published.retain(|other| !other.is_replaced_by(&published));
        if mirror.published.len() >= WISHES_MAX {
            return;
        }
        mirror.published.push(published);
        mirror.told.retain(|(publication, _)| *publication != published.publication);
        if let Some(room) = self.by_lesson.get(&mirror.lesson).copied() {
            self.start_publication(key, room, published);
        }
    }

    pub(super) fn unpublish_mirrored(&mut self, lesson: LessonId, publication: PublicationId) {
        for (_, mirror) in self.mirrors.mirrors.iter_mut().filter(|(_, mirror)| mirror.lesson == lesson) {
            mirror.published.retain(|other| other.publication != publication);
            mirror.told.retain(|(told, _)| *told != publication);
        }
    }

    /// Tells other shards which encodings of their publishers are wanted here, where that changed.
    pub(super) fn tell_wanted(&mut self, now: Instant, room: usize) {
        let Some(room) = self.rooms.get(room) else { return };
        for key in &room.mirrors {
            let Some(mirror) = self.mirrors.get_mut(*key) else { continue };
            let again = mirror.told_at.is_none_or(|at| now.saturating_duration_since(at) >= TELL_AGAIN);
            if again {
                mirror.told_at = Some(now);
                mirror.told.clear();
            }
            for (publication, encodings) in room.media.wanted_of(*key) {
                if mirror.told.contains(&(publication, encodings)) {
                    continue;
                }
                let said = Relayed::Wanted { peer: mirror.peer, publication, encodings };
                if self.relay.push(ShardSet::default().with(mirror.origin), said) {
                    mirror.told.retain(|(told, _)| *told != publication);
                    mirror.told.push((publication, encodings));
                }
            }
        }
    }
}

/// What a mirror's room is to know of a publisher: what it sends. Its packets are told to it by its own shard, so
/// their transport-wide numbers are not looked at here.
fn sending_side(session: &Session) -> Agreement {
    let mut agreement = session.agreement.clone();
    agreement.slots.clear();
    agreement.extensions.transport_sequence = None;
    agreement
}
