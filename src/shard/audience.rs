//! The relay's side of the shard that has a publisher's transport: which other shards have a mirror of the peer, what
//! they want, and what they are handed. Their side is `mirrors`.

use super::relay::{Relay, RelayMessage, Relayed, ShardId, ShardSet};
use super::{Shard, find, index};
use crate::ids::{PeerId, PublicationId};
use crate::media::{EncodingSet, PeerKey, RTCP_BYTES_MAX};
use crate::rtp::rtcp::{Compound, Rtcp, RtcpWriter};
use crate::rtp::{RtpPacket, Ssrc};

/// How many publications of one peer one shard may want something of: a description has at most 32 m-lines.
const WANTS_MAX: usize = super::WISHES_MAX * ShardId::COUNT_MAX;

/// The shards that have a mirror of one peer.
#[derive(Debug, Default)]
pub(super) struct Audience {
    shards: ShardSet,
    /// What each of them watches; bounded by [`WANTS_MAX`], a wish beyond it is not heard.
    wants: Vec<Want>,
}

#[derive(Clone, Copy, Debug)]
struct Want {
    shard: ShardId,
    publication: PublicationId,
    encodings: EncodingSet,
}

impl Audience {
    fn set(&mut self, want: Want) {
        self.wants.retain(|other| other.shard != want.shard || other.publication != want.publication);
        if self.wants.len() < WANTS_MAX && !want.encodings.is_empty() {
            self.wants.push(want);
        }
    }

    fn of(&self, shard: ShardId, publication: PublicationId) -> EncodingSet {
        let own = |want: &&Want| want.shard == shard && want.publication == publication;
        self.wants.iter().find(own).map(|want| want.encodings).unwrap_or_default()
    }

    /// What all of them together want of a publication.
    fn all(&self, publication: PublicationId) -> EncodingSet {
        let of_it = self.wants.iter().filter(|want| want.publication == publication);
        of_it.fold(EncodingSet::default(), |all, want| all.union(want.encodings))
    }

    pub fn forget(&mut self, publication: PublicationId) {
        self.wants.retain(|want| want.publication != publication);
    }
}

impl Shard {
    /// What is to be handed to other shards is exchanged for an empty arena; so both keep their allocations.
    pub fn swap_relay(&mut self, empty: &mut Relay) {
        std::mem::swap(&mut self.relay, empty);
    }

    /// So many messages of an arena that was taken by [`Self::swap_relay`] were handed over.
    pub fn note_relayed(&mut self, sent: u64) {
        self.counters.relay_sent += sent;
    }

    /// A message of that arena could not be handed over to one of its shards.
    pub fn relay_refused(&mut self, relay: &Relay, message: &RelayMessage) {
        self.counters.dropped_relay += 1;
        // A wish is said again by itself, and so is a report; of a picture, only a keyframe helps.
        if let Relayed::Rtp { peer, ssrc, .. } = relay.read(message)
            && let Some(key) = self.by_id.get(&peer).copied()
        {
            self.ask_for_keyframe(key, ssrc);
        }
    }

    /// The services named the shards that have mirrors of a peer; all of them.
    pub(super) fn relay_to(&mut self, id: PeerId, to: ShardSet) {
        let Some((_, entry)) = find(&self.by_id, &mut self.peers, id) else { return };
        entry.audience.shards = to;
        let gone: Vec<Want> = entry.audience.wants.extract_if(.., |want| !to.contains(want.shard)).collect();
        if let Some(room) = self.rooms.get_mut(entry.room) {
            for want in gone {
                room.media.set_wanted_elsewhere(want.publication, entry.audience.all(want.publication));
            }
        }
    }

    /// Hands a decrypted packet that was just taken in to the shards that mirror its peer, if it is published.
    pub(super) fn relay_rtp(&mut self, key: PeerKey, packet: &[u8]) {
        let Some(entry) = self.peers.get(index(key)).filter(|entry| !entry.audience.shards.is_empty()) else { return };
        let Ok(RtpPacket { ssrc, .. }) = RtpPacket::parse(packet) else { return };
        let Some(room) = self.rooms.get(entry.room) else { return };
        let Some((_, place)) = room.media.published_source(key, ssrc) else { return };
        if !self.relay.push(entry.audience.shards, Relayed::Rtp { peer: entry.id, ssrc, place, packet }) {
            self.counters.dropped_relay += 1;
            self.ask_for_keyframe(key, ssrc);
        }
    }

    /// Hands the sender reports of published sources on; the rest of a compound is about this shard's own slots.
    pub(super) fn relay_rtcp(&mut self, key: PeerKey, compound: &[u8]) {
        let Some(entry) = self.peers.get(index(key)).filter(|entry| !entry.audience.shards.is_empty()) else { return };
        let Some(room) = self.rooms.get(entry.room) else { return };
        let mut buffer = [0; RTCP_BYTES_MAX];
        let mut reports = RtcpWriter::new(&mut buffer);
        for packet in Compound::new(compound).map_while(Result::ok) {
            if let Rtcp::SenderReport { sender, info, .. } = packet
                && room.media.published_source(key, sender).is_some()
            {
                reports.sender_report(sender, &info, &[]);
            }
        }
        let to = entry.audience.shards;
        if !reports.is_empty() && !self.relay.push(to, Relayed::Rtcp { peer: entry.id, compound: reports.written() }) {
            self.counters.dropped_relay += 1;
        }
    }

    /// Another shard tells which encodings of a publication it wants from now on.
    pub(super) fn wanted_by(&mut self, shard: ShardId, id: PeerId, publication: PublicationId, encodings: EncodingSet) {
        let Some((_, entry)) = find(&self.by_id, &mut self.peers, id) else { return };
        if !entry.audience.shards.contains(shard)
            || !entry.wishes.published.iter().any(|published| published.publication == publication)
        {
            return;
        }
        entry.audience.set(Want { shard, publication, encodings });
        if let Some(room) = self.rooms.get_mut(entry.room) {
            room.media.set_wanted_elsewhere(publication, entry.audience.all(publication));
        }
    }

    /// Another shard waits for a keyframe, so it also wants the encoding.
    pub(super) fn keyframe_wanted_by(&mut self, shard: ShardId, id: PeerId, ssrc: Ssrc) {
        let Some((key, entry)) = find(&self.by_id, &mut self.peers, id) else { return };
        let Some(room) = self.rooms.get(entry.room) else { return };
        let Some((publication, place)) = room.media.published_source(key, ssrc) else { return };
        let wanted = entry.audience.of(shard, publication).with(place.encoding);
        self.wanted_by(shard, id, publication, wanted);
        self.ask_for_keyframe(key, ssrc);
    }

    fn ask_for_keyframe(&mut self, key: PeerKey, ssrc: Ssrc) {
        let Some(entry) = self.peers.get(index(key)) else { return };
        let Some(room) = self.rooms.get_mut(entry.room) else { return };
        let Some((publication, place)) = room.media.published_source(key, ssrc) else { return };
        room.media.ask_for_keyframe(publication, place.encoding);
        let room = entry.room;
        self.refresh_room(room);
    }
}
