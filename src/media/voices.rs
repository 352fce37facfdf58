//! Who is heard: the ranking of a room's sound, and its way into the audio slots.

use super::clock::RoomTime;
use super::loudness::rank;
use super::room::Room;
use super::{PeerIndex, PublicationIndex, SlotIndex};
use crate::ids::PublicationId;
use crate::rtp::MediaKind;
use std::time::Duration;

/// The least time between two tellings of who speaks.
const TELL_AFTER: Duration = Duration::from_millis(250);

/// A room's sound.
#[derive(Debug, Default)]
pub(super) struct Voices {
    /// Every publication of sound: those always heard first, then the loudest.
    pub(super) order: Vec<PublicationIndex>,
    speaking: Vec<PublicationId>,
    told_at: Option<RoomTime>,
    /// Who speaks, where it changed and has not been told.
    pub(super) changed: Option<Vec<PublicationId>>,
}

impl Voices {
    pub(super) fn forget(&mut self, index: PublicationIndex, id: PublicationId) {
        self.order.retain(|other| *other != index);
        let before = self.speaking.len();
        self.speaking.retain(|other| *other != id);
        if self.speaking.len() < before {
            self.changed = Some(self.speaking.clone());
        }
    }
}

impl Room {
    /// Ranks the room's sound anew and follows with everybody's audio slots where it matters.
    pub(super) fn review_voices(&mut self, now: RoomTime) {
        let before = self.voices.order.clone();
        self.rank_voices(now);
        if before != self.voices.order {
            self.assign_all_voices();
        }
        self.tell_speaking(now);
    }

    fn rank_voices(&mut self, now: RoomTime) {
        let publications = &self.publications;
        let always = |index: &PublicationIndex| publications.get(index.at()).is_some_and(|found| found.always_heard);
        self.voices.order.sort_by_key(|index| !always(index));
        let split = self.voices.order.partition_point(always);
        let score =
            |index: &PublicationIndex| publications.get(index.at()).map_or(0.0, |found| found.loudness.score(now));
        let (first, others) = self.voices.order.split_at_mut(split);
        rank(first, score);
        rank(others, score);
    }

    fn tell_speaking(&mut self, now: RoomTime) {
        if self.voices.told_at.is_some_and(|told| now.since(told) < TELL_AFTER) {
            return;
        }
        let found = self.voices.order.iter().filter_map(|index| self.publications.get(index.at()));
        let mut speaking: Vec<_> = found.filter(|publication| publication.loudness.is_speaking(now)).collect();
        rank(&mut speaking, |publication| publication.loudness.score(now));
        let speaking: Vec<_> = speaking.into_iter().map(|publication| publication.id).collect();
        if speaking != self.voices.speaking {
            self.voices.speaking.clone_from(&speaking);
            self.voices.told_at = Some(now);
            self.voices.changed = Some(speaking);
        }
    }

    pub(super) fn assign_all_voices(&mut self) {
        self.rank_voices(self.now);
        let peers: Vec<_> = self.peers.iter().map(|(at, _)| PeerIndex::new(at)).collect();
        peers.into_iter().for_each(|peer| self.assign_voices(peer));
    }

    /// Fills a peer's audio slots with the first of the ranking, itself left out. What is heard already keeps its
    /// slot.
    pub(super) fn assign_voices(&mut self, index: PeerIndex) {
        let Some(peer) = self.peers.get(index.at()) else { return };
        let is_open = |slot: &&SlotIndex| {
            self.slots.get(slot.at()).is_some_and(|slot| slot.open && slot.kind == MediaKind::Audio)
        };
        let slots: Vec<SlotIndex> = peer.slots.iter().filter(is_open).copied().collect();
        let Some(any) = slots.first().copied() else { return };
        let foreign = |publication: &&PublicationIndex| {
            self.publications.get(publication.at()).is_some_and(|found| found.owner != index)
        };
        let playable = self.voices.order.iter().filter(foreign).filter(|publication| self.can_show(any, **publication));
        let heard: Vec<PublicationIndex> = playable.take(slots.len()).copied().collect();
        let shown = |room: &Self, slot: SlotIndex| room.slots.get(slot.at()).and_then(|slot| slot.publication);
        let mut free = Vec::new();
        let mut kept = Vec::new();
        for slot in slots {
            match shown(self, slot) {
                Some(publication) if heard.contains(&publication) => kept.push(publication),
                _ => free.push(slot),
            }
        }
        let mut new = heard.into_iter().filter(|publication| !kept.contains(publication));
        for slot in free {
            self.fill_slot(slot, new.next());
            self.review_slot(slot);
        }
    }
}
