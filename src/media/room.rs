use super::burst::Burst;
use super::clock::{RoomClock, RoomTime};
use super::figures::Counters;
use super::keyframes::Urgency;
use super::loudness::Loudness;
use super::outgoing::Outgoing;
use super::peer::{EncodingRef, Peer};
use super::publication::{Feed, Publication, drop_slot};
use super::slot::Slot;
use super::timers::Due;
use super::voices::Voices;
use super::{PeerIndex, PeerKey, PublicationIndex, SLOTS_MAX, Sink, SlotIndex};
use crate::ids::{PeerId, PublicationId};
use crate::protocol::Source;
use crate::rtp::{Agreement, MediaKind, Mid};
use slab::Slab;
use std::collections::{HashMap, VecDeque};
use std::time::Instant;

/// The media of one room on one shard.
///
/// Packets go in by [`Room::handle_rtp`] and [`Room::handle_rtcp`], time by [`Room::handle_timeout`]; what answers them
/// comes out through the [`Sink`] of the same call, and what is forwarded by [`Room::fan_out`], to be called after any
/// of them until it says that nothing is left. Mutators ([`Room::publish`], [`Room::show`], …) send
/// nothing themselves: what follows from them (keyframe requests, reports) is due at once by
/// [`Room::poll_timeout`]. After any call, drain [`Room::poll_event`], then ask [`Room::poll_timeout`].
#[derive(Debug)]
pub struct Room {
    pub(super) clock: RoomClock,
    /// The latest time that was told.
    pub(super) now: RoomTime,
    /// By [`PeerKey`].
    seats: Vec<Option<PeerIndex>>,
    pub(super) peers: Slab<Peer>,
    /// By [`PeerIndex`], apart from the peers: see [`Outgoing`].
    pub(super) outgoing: Vec<Outgoing>,
    pub(super) publications: Slab<Publication>,
    by_id: HashMap<PublicationId, PublicationIndex>,
    pub(super) slots: Slab<Slot>,
    pub(super) voices: Voices,
    pub(super) burst: Burst,
    pub(super) due: Due,
    pub(super) counters: Counters,
    /// Peers whose slots changed and who have not been told; each at most once.
    changed: VecDeque<PeerIndex>,
}

/// The most that a receiver wants of every picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReceiveLimit {
    /// The best encoding that its network carries.
    #[default]
    Best,
    /// The smallest encoding only.
    Smallest,
}

/// What a room tells its shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// What the peer's slots, sound and pictures, show from now on; all of them, in the order of its offer.
    SlotsChanged { key: PeerKey, peer: PeerId, slots: Vec<(Mid, Option<PublicationId>)> },
    /// Who speaks, loudest first; when it changes, at most 4 times a second.
    Speaking { publications: Vec<PublicationId> },
}

impl Room {
    /// An empty room. Its RTCP timebase starts at `now`.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        let clock = RoomClock::new(now);
        Self {
            clock,
            now: clock.at(now),
            seats: Vec::new(),
            peers: Slab::new(),
            outgoing: Vec::new(),
            publications: Slab::new(),
            by_id: HashMap::new(),
            slots: Slab::new(),
            voices: Voices::default(),
            burst: Burst::default(),
            due: Due::new(clock.at(now)),
            counters: Counters::default(),
            changed: VecDeque::new(),
        }
    }

    /// Adds a peer that is connected. A key that is already there is replaced.
    pub fn add_peer(&mut self, key: PeerKey, peer: PeerId, agreement: &Agreement) {
        self.remove_peer(key);
        let index = PeerIndex::new(self.peers.insert(Peer::new(self.now, key, peer, agreement)));
        let seat = key.0 as usize;
        if self.seats.len() <= seat {
            self.seats.resize(seat + 1, None);
        }
        self.seats[seat] = Some(index);
        if self.outgoing.len() <= index.at() {
            self.outgoing.resize_with(index.at() + 1, Outgoing::default);
        }
        self.outgoing[index.at()] = Outgoing::default();
        self.add_slots(index, agreement);
        self.assign_voices(index);
    }

    /// Follows a peer's new agreement. M-lines (by mid) that stay keep all their state; new ones are added; ones that
    /// are gone fall silent but keep their sequence numbers, so that no SRTP index is ever used twice. An SSRC that
    /// was once a slot's must not come back as another's.
    pub fn update_peer(&mut self, key: PeerKey, agreement: &Agreement) {
        let Some(index) = self.seat(key) else { return };
        let Some(peer) = self.peers.get_mut(index.at()) else { return };
        peer.follow(agreement);
        let own = peer.slots.clone();
        for (line, published) in self.peers[index.at()].lines.iter().map(|line| (line, line.publication)) {
            let publication = published.and_then(|published| self.publications.get_mut(published.at()));
            if let Some(publication) = publication {
                publication.payloads.clone_from(&line.payloads);
                publication.feeds.resize_with(line.encodings.len(), Feed::default);
            }
        }
        for slot in own {
            let Some(known) = self.slots.get_mut(slot.at()) else { continue };
            match agreement.slots.iter().find(|line| line.mid == known.mid) {
                Some(line) => {
                    known.follow(line, &agreement.extensions);
                    self.remap(slot);
                }
                None => {
                    known.open = false;
                    self.clear_slot(slot);
                }
            }
        }
        self.add_slots(index, agreement);
        self.assign_voices(index);
    }

    fn add_slots(&mut self, index: PeerIndex, agreement: &Agreement) {
        let Some(peer) = self.peers.get_mut(index.at()) else { return };
        for line in &agreement.slots {
            let known = peer.slots.iter().filter_map(|slot| self.slots.get(slot.at())).any(|slot| slot.mid == line.mid);
            if known || peer.slots.len() >= SLOTS_MAX {
                continue;
            }
            let slot = Slot::new(peer.key, index, line, &agreement.extensions);
            peer.slots.push(SlotIndex::new(self.slots.insert(slot)));
        }
    }

    /// Removes a peer with its publications and slots.
    pub fn remove_peer(&mut self, key: PeerKey) {
        let Some(index) = self.seat(key) else { return };
        let Some(peer) = self.peers.get(index.at()) else { return };
        let published: Vec<_> = peer.lines.iter().filter_map(|line| line.publication).collect();
        let slots = peer.slots.clone();
        published.into_iter().for_each(|publication| self.end(publication));
        for slot in slots {
            self.clear_slot(slot);
            self.slots.try_remove(slot.at());
        }
        self.peers.try_remove(index.at());
        self.changed.retain(|changed| *changed != index);
        self.due.forget_peer(index);
        if let Some(seat) = self.seats.get_mut(key.0 as usize) {
            *seat = None;
        }
    }

    /// Whether the room has no peers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.peers.is_empty()
    }

    /// Forwards what arrives on a sending m-line from now on, as this publication. Sound goes to everybody else's
    /// audio slots by loudness (`always_heard`, and the sound of a screen, before all others); pictures go where they
    /// are shown. Ignored where the peer or the m-line is not there, or is of the other kind than the source. An m-line
    /// carries one publication: an earlier one ends.
    pub fn publish(&mut self, key: PeerKey, mid: Mid, id: PublicationId, source: Source, always_heard: bool) {
        let Some(owner) = self.seat(key) else { return };
        let Some(line_index) = self.peers.get(owner.at()).and_then(|peer| peer.line(mid)) else { return };
        let Some(line) = self.peers.get(owner.at()).and_then(|peer| peer.lines.get(usize::from(line_index))) else {
            return;
        };
        if (line.kind == MediaKind::Audio) != source.is_audio() {
            return;
        }
        let (payloads, encodings, before) = (line.payloads.clone(), line.encodings.len(), line.publication);
        if let Some(before) = before {
            self.end(before);
        }
        self.unpublish(id);
        let publication = Publication {
            id,
            owner,
            line: line_index,
            source,
            always_heard: always_heard || source == Source::ScreenAudio,
            clock_rate: payloads.first().map_or(90_000, |map| map.codec.clock_rate()),
            payloads,
            feeds: std::iter::repeat_with(Feed::default).take(encodings).collect(),
            order: (0..encodings as u8).collect(),
            slots: Vec::new(),
            loudness: Loudness::default(),
        };
        let index = PublicationIndex::new(self.publications.insert(publication));
        self.by_id.insert(id, index);
        if let Some(line) = self.peers.get_mut(owner.at()).and_then(|peer| peer.lines.get_mut(usize::from(line_index)))
        {
            line.publication = Some(index);
        }
        self.rank_encodings(index);
        if source.is_audio() {
            self.voices.order.push(index);
            self.assign_all_voices();
        }
    }

    /// Ends a publication: nothing more of it comes out, not even repairs.
    pub fn unpublish(&mut self, publication: PublicationId) {
        if let Some(index) = self.by_id.get(&publication).copied() {
            self.end(index);
        }
    }

    fn end(&mut self, index: PublicationIndex) {
        let Some(publication) = self.publications.get(index.at()) else { return };
        let (id, owner, line, audio) =
            (publication.id, publication.owner, publication.line, publication.source.is_audio());
        publication.slots.clone().into_iter().for_each(|slot| self.clear_slot(slot));
        self.publications.try_remove(index.at());
        self.burst.forget(index);
        self.by_id.remove(&id);
        if let Some(line) = self.peers.get_mut(owner.at()).and_then(|peer| peer.lines.get_mut(usize::from(line))) {
            line.publication = None;
            line.encodings.iter_mut().for_each(|encoding| encoding.keyframes.withdraw());
        }
        if audio {
            self.voices.forget(index, id);
            self.assign_all_voices();
        }
    }

    /// Shows a publication in a video slot, or nothing. `max_height` is the height in pixels at which it is drawn.
    /// A publication that is not there, is not video, or has no codec in common with the slot leaves the slot empty.
    pub fn show(&mut self, key: PeerKey, mid: Mid, publication: Option<PublicationId>, max_height: Option<u16>) {
        let Some(peer) = self.seat(key).and_then(|index| self.peers.get(index.at())) else { return };
        let own = peer.slots.iter().copied().find(|slot| {
            let slot = self.slots.get(slot.at());
            slot.is_some_and(|slot| slot.mid == mid && slot.open && slot.kind == MediaKind::Video)
        });
        let Some(slot) = own else { return };
        let index = publication.and_then(|id| self.by_id.get(&id)).copied();
        let index = index.filter(|index| self.can_show(slot, *index));
        if let Some(slot) = self.slots.get_mut(slot.at()) {
            slot.max_height = max_height;
        }
        self.fill_slot(slot, index);
        self.review_slot(slot);
    }

    /// Bounds what a peer is sent.
    pub fn limit(&mut self, key: PeerKey, limit: ReceiveLimit) {
        let Some(index) = self.seat(key) else { return };
        let Some(peer) = self.peers.get_mut(index.at()) else { return };
        peer.limit = limit;
        peer.slots.clone().into_iter().for_each(|slot| self.review_slot(slot));
    }

    /// The next thing to tell, if any. Bounded: what changes twice before it is asked for is told once.
    pub fn poll_event(&mut self) -> Option<Event> {
        while let Some(index) = self.changed.pop_front() {
            let Some(peer) = self.peers.get_mut(index.at()) else { continue };
            peer.slots_told = false;
            let open = peer.slots.iter().filter_map(|slot| self.slots.get(slot.at())).filter(|slot| slot.open);
            let shown = |slot: &Slot| Some(self.publications.get(slot.publication?.at())?.id);
            let slots = open.map(|slot| (slot.mid, shown(slot))).collect();
            return Some(Event::SlotsChanged { key: peer.key, peer: peer.id, slots });
        }
        self.voices.changed.take().map(|publications| Event::Speaking { publications })
    }

    pub(super) fn publication_mut(&mut self, id: PublicationId) -> Option<&mut Publication> {
        let index = self.by_id.get(&id)?;
        self.publications.get_mut(index.at())
    }

    pub(super) fn seat(&self, key: PeerKey) -> Option<PeerIndex> {
        self.seats.get(key.0 as usize).copied().flatten()
    }

    pub(super) fn advance(&mut self, now: Instant) -> RoomTime {
        self.now = self.now.max(self.clock.at(now));
        self.now
    }

    /// Whether a slot can play a publication of its own kind.
    pub(super) fn can_show(&self, slot: SlotIndex, publication: PublicationIndex) -> bool {
        let Some(slot) = self.slots.get(slot.at()) else { return false };
        let Some(publication) = self.publications.get(publication.at()) else { return false };
        let line = self.peers.get(publication.owner.at());
        let line = line.and_then(|peer| peer.lines.get(usize::from(publication.line)));
        let in_use = line.and_then(|line| line.encodings.iter().find_map(|encoding| encoding.payload_index));
        let same_kind = (slot.kind == MediaKind::Audio) == publication.source.is_audio();
        same_kind && slot.can_play(&publication.payloads, in_use)
    }

    /// Puts a publication into a slot, or empties it.
    pub(super) fn fill_slot(&mut self, index: SlotIndex, publication: Option<PublicationIndex>) {
        let Some(slot) = self.slots.get(index.at()) else { return };
        if slot.publication == publication {
            return;
        }
        self.clear_slot(index);
        let Some(target) = publication else { return };
        let (Some(slot), Some(shown)) = (self.slots.get_mut(index.at()), self.publications.get_mut(target.at())) else {
            return;
        };
        slot.publication = Some(target);
        slot.map_payloads(&shown.payloads);
        shown.slots.push(index);
        let peer = slot.peer;
        self.note_slots_changed(peer);
    }

    /// Takes a slot out of everything it listens to.
    pub(super) fn clear_slot(&mut self, index: SlotIndex) {
        let Some(slot) = self.slots.get_mut(index.at()) else { return };
        let Some(before) = slot.publication.take() else { return };
        slot.listening = None;
        slot.waiting = None;
        slot.cap = None;
        slot.held_back = false;
        slot.forget_runs();
        self.burst.forget_joiner(index);
        if let Some(publication) = self.publications.get_mut(before.at()) {
            drop_slot(&mut publication.slots, index);
            for feed in &mut publication.feeds {
                drop_slot(&mut feed.listeners, index);
                drop_slot(&mut feed.waiting, index);
            }
        }
        let peer = slot.peer;
        self.note_slots_changed(peer);
    }

    /// A slot's or a publication's payloads changed.
    pub(super) fn remap(&mut self, index: SlotIndex) {
        let Some(target) = self.slots.get(index.at()).and_then(|slot| slot.publication) else { return };
        if !self.can_show(index, target) {
            return self.clear_slot(index);
        }
        if let (Some(slot), Some(shown)) = (self.slots.get_mut(index.at()), self.publications.get(target.at())) {
            slot.map_payloads(&shown.payloads);
        }
    }

    fn note_slots_changed(&mut self, index: PeerIndex) {
        let Some(peer) = self.peers.get_mut(index.at()) else { return };
        if !std::mem::replace(&mut peer.slots_told, true) {
            self.changed.push_back(index);
        }
    }

    /// Asks for a keyframe on behalf of whoever waits for one.
    pub(super) fn want_keyframe(&mut self, which: EncodingRef, urgency: Urgency) {
        let encoding = self.peers.get_mut(which.peer.at());
        let encoding = encoding.and_then(|peer| peer.encoding_mut(which.line, which.encoding));
        if let Some(encoding) = encoding {
            encoding.keyframes.ask(urgency);
            self.due.note_asking(which, encoding.keyframes.due());
        }
    }

    /// Does what is due. Cheap where nothing is.
    pub fn handle_timeout(&mut self, now: Instant, sink: &mut impl Sink) {
        let now = self.advance(now);
        self.run_timers(now, sink);
    }

    /// When [`Room::handle_timeout`] wants to be called next; an instant that has passed means at once.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.peers.is_empty() {
            return None;
        }
        let next = self.burst.due().map_or(self.due.next(), |due| due.min(self.due.next()));
        Some(self.clock.instant(next))
    }
}
