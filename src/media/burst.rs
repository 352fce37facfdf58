//! What has arrived and waits to leave: packets of one frame go to a receiver together, so that one buffer and one
//! encryption context serve them all and the kernel is handed a run.
//!
//! Owns which packets wait and how far they have been sent; the packets themselves stand in their feed's cache.

use super::cache::Cache;
use super::clock::RoomTime;
use super::keyframes::Urgency;
use super::outgoing::Outgoing;
use super::packet::MediaPacket;
use super::peer::{EncodingRef, Peer};
use super::positions::Place;
use super::publication::{Feed, Publication};
use super::room::Room;
use super::slot::Slot;
use super::{PublicationIndex, Sink, SlotIndex};
use crate::rtp::MediaKind;
use slab::Slab;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long a frame's first packets wait for its last. Senders that pace send a frame within a millisecond or two; what
/// comes later is another run.
const HOLD: Duration = Duration::from_millis(2);

/// How many stretches of packets wait in one room. What comes over is sent at once, alone.
const WAITING_MAX: usize = 64;

/// How many packets one stretch spans; the rest of a larger frame is a stretch of its own.
pub(super) const SPAN_MAX: usize = 32;

/// Packets of one encoding that wait, from the first to the last. Not every place between must have arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    publication: PublicationIndex,
    encoding: u8,
    first: Place,
    last: Place,
    since: RoomTime,
    /// The last one ends a frame.
    whole: bool,
}

impl Waiting {
    fn is_of(&self, publication: PublicationIndex, encoding: u8) -> bool {
        self.publication == publication && self.encoding == encoding
    }

    fn places(&self) -> impl Iterator<Item = Place> + use<> {
        (self.first.0..=self.last.0).map(Place)
    }
}

/// Everything of one room that waits.
#[derive(Debug, Default)]
pub(super) struct Burst {
    pictures: VecDeque<Waiting>,
    /// Sound leaves behind the pictures of the same receiver, as the shorter end of their run.
    sounds: VecDeque<Waiting>,
    /// Slots whose first picture is in the cache already.
    joiners: VecDeque<SlotIndex>,
    /// How many listeners of the first stretch have been served.
    served: usize,
}

impl Burst {
    /// Lets a packet wait that is newer than all before it; `false` where there is no room for more.
    pub(super) fn note(
        &mut self,
        now: RoomTime,
        (publication, encoding): (PublicationIndex, u8),
        kind: MediaKind,
        place: Place,
        ends_frame: bool,
    ) -> bool {
        let queue = match kind {
            MediaKind::Video => &mut self.pictures,
            MediaKind::Audio => &mut self.sounds,
        };
        // A stretch that some have been sent already is as long as they saw it.
        let open = self.served == 0;
        let latest = queue.iter_mut().rev().find(|waiting| open && waiting.is_of(publication, encoding));
        if let Some(latest) = latest.filter(|latest| place.0.saturating_sub(latest.first.0) < SPAN_MAX as u64) {
            latest.last = place;
            latest.whole = ends_frame;
            return true;
        }
        if queue.len() >= WAITING_MAX {
            return false;
        }
        queue.push_back(Waiting { publication, encoding, first: place, last: place, since: now, whole: ends_frame });
        true
    }

    /// Whether a packet leaves with those that wait.
    pub(super) fn covers(&self, publication: PublicationIndex, encoding: u8, place: Place) -> bool {
        self.of(publication, encoding).any(|waiting| waiting.first <= place && place <= waiting.last)
    }

    pub(super) fn of(&self, publication: PublicationIndex, encoding: u8) -> impl Iterator<Item = Waiting> + '_ {
        let all = self.pictures.iter().chain(&self.sounds).copied();
        all.filter(move |waiting| waiting.is_of(publication, encoding))
    }

    pub(super) fn forget(&mut self, publication: PublicationIndex) {
        self.pictures.retain(|waiting| waiting.publication != publication);
        self.sounds.retain(|waiting| waiting.publication != publication);
        self.served = 0;
    }

    /// A slot's first picture can come from the cache.
    pub(super) fn note_joiner(&mut self, slot: SlotIndex) {
        if !self.joiners.contains(&slot) {
            self.joiners.push_back(slot);
        }
    }

    pub(super) fn forget_joiner(&mut self, slot: SlotIndex) {
        self.joiners.retain(|other| *other != slot);
    }

    /// When [`Room::fan_out`] has something to do: at once where no frame is unfinished.
    pub(super) fn due(&self) -> Option<RoomTime> {
        if !self.joiners.is_empty() {
            return Some(RoomTime::default());
        }
        let all = || self.pictures.iter().chain(&self.sounds);
        let first = all().map(|waiting| waiting.since).min()?;
        Some(if all().all(|waiting| waiting.whole) { first } else { first.plus(HOLD) })
    }
}

impl Room {
    /// Whether [`Room::fan_out`] would send something.
    #[must_use]
    pub fn has_fan_out(&mut self, now: Instant) -> bool {
        let now = self.advance(now);
        self.burst.due().is_some_and(|due| due <= now)
    }

    /// Sends what has arrived to all who listen, until the sink is full or nothing is left; whether more is left.
    pub fn fan_out(&mut self, now: Instant, sink: &mut impl Sink) -> bool {
        let now = self.advance(now);
        if self.burst.due().is_none_or(|due| due > now) {
            return false;
        }
        while let Some(joiner) = self.burst.joiners.pop_front() {
            if self.send_first_picture(now, joiner, sink).is_none() {
                // What could have been its first picture has grown old meanwhile, or lacks a packet.
                self.want_keyframe_for(joiner);
            }
            if sink.is_full() {
                return true;
            }
        }
        loop {
            let sound = self.burst.pictures.is_empty();
            let queue = if sound { &self.burst.sounds } else { &self.burst.pictures };
            let Some(waiting) = queue.front().copied() else { return false };
            if !self.send_waiting(now, waiting, sink) {
                return true;
            }
            self.burst.served = 0;
            let queue = if sound { &mut self.burst.sounds } else { &mut self.burst.pictures };
            queue.pop_front();
        }
    }

    /// Sends a stretch of packets to the listeners that have not been served; whether all have been.
    fn send_waiting(&mut self, now: RoomTime, waiting: Waiting, sink: &mut impl Sink) -> bool {
        let Self { publications, peers, slots, outgoing, burst, counters, .. } = self;
        if burst.served == 0
            && let Some(feed) = feed_mut(publications, &waiting)
        {
            feed.cache.level(waiting.first, waiting.last);
        }
        let Some(feed) = feed(publications, &waiting) else { return true };
        let mut packets = [None; SPAN_MAX];
        let stored = waiting.places().filter_map(|place| feed.cache.find(now, place));
        packets.iter_mut().zip(stored).for_each(|(to, packet)| *to = Some(packet));
        let rides = !burst.sounds.is_empty() && !burst.pictures.is_empty();
        while let Some(index) = feed.listeners.get(burst.served) {
            burst.served += 1;
            let Some(slot) = slots.get_mut(index.at()) else { continue };
            let receiver = slot.peer;
            let Some(outgoing) = outgoing.get_mut(receiver.at()) else { continue };
            for packet in packets.iter().map_while(Option::as_ref) {
                counters.rtp_forwarded += u64::from(slot.forward_once(now, packet, outgoing, sink));
            }
            if rides && let Some(peer) = peers.get(receiver.at()) {
                let ride = Ride { now, sounds: &burst.sounds, publications, slots };
                counters.rtp_forwarded += ride.send(peer, outgoing, sink);
            }
            if sink.is_full() {
                return false;
            }
        }
        true
    }

    /// Begins a slot with the keyframe in the cache, and sends what has come since. `None` where that can't be.
    fn send_first_picture(&mut self, now: RoomTime, index: SlotIndex, sink: &mut impl Sink) -> Option<()> {
        let Self { publications, slots, outgoing, counters, .. } = self;
        let slot = slots.get_mut(index.at())?;
        let target = slot.waiting.filter(|_| slot.listening.is_none())?;
        let publication = publications.get_mut(slot.publication?.at())?;
        let clock_rate = publication.clock_rate;
        let feed = publication.feed_mut(target)?;
        let keyframe = feed.fresh_keyframe(now, slot.last_sent())?;
        let outgoing = outgoing.get_mut(slot.peer.at())?;
        let newest = feed.cache.newest()?;
        let first = feed.cache.find(now, keyframe)?;
        // What was shown before ends where it ended; the newest frame is the one of now.
        let behind = feed.cache.find(now, newest).map_or(0, |last| last.timestamp.wrapping_sub(first.timestamp));
        let at = slot.timestamp_after(now, first.timestamp.wrapping_add(behind), clock_rate).wrapping_sub(behind);
        slot.begin_run(now, target, &first, clock_rate, Some(at));
        slot.waiting = None;
        slot.listening = Some(target);
        super::publication::drop_slot(&mut feed.waiting, index);
        feed.listeners.push(index);
        for place in (keyframe.0..=newest.0).map(Place) {
            if let Some(packet) = feed.cache.find(now, place) {
                counters.rtp_forwarded += u64::from(slot.forward_once(now, &packet, outgoing, sink));
            }
        }
        counters.keyframes_from_cache += 1;
        Some(())
    }

    fn want_keyframe_for(&mut self, index: SlotIndex) {
        let Some(slot) = self.slots.get(index.at()) else { return };
        let (Some(encoding), Some(publication)) = (slot.waiting, slot.publication) else { return };
        if let Some(publication) = self.publications.get(publication.at()) {
            let which = EncodingRef { peer: publication.owner, line: publication.line, encoding };
            self.want_keyframe(which, Urgency::Picture);
        }
    }
}

/// The sound that leaves behind a receiver's pictures.
struct Ride<'a> {
    now: RoomTime,
    sounds: &'a VecDeque<Waiting>,
    publications: &'a Slab<Publication>,
    slots: &'a mut Slab<Slot>,
}

impl Ride<'_> {
    fn send(self, peer: &Peer, outgoing: &mut Outgoing, sink: &mut impl Sink) -> u64 {
        let mut forwarded = 0;
        for index in &peer.slots {
            let Some(slot) = self.slots.get_mut(index.at()).filter(|slot| slot.kind == MediaKind::Audio) else {
                continue;
            };
            let (Some(publication), Some(encoding)) = (slot.publication, slot.listening) else { continue };
            for waiting in self.sounds.iter().filter(|waiting| waiting.is_of(publication, encoding)) {
                let Some(feed) = feed(self.publications, waiting) else { continue };
                for packet in waiting.places().filter_map(|place| feed.cache.find(self.now, place)) {
                    forwarded += u64::from(slot.forward_once(self.now, &packet, outgoing, sink));
                }
            }
        }
        forwarded
    }
}

fn feed<'a>(publications: &'a Slab<Publication>, waiting: &Waiting) -> Option<&'a Feed> {
    publications.get(waiting.publication.at())?.feeds.get(usize::from(waiting.encoding))
}

fn feed_mut<'a>(publications: &'a mut Slab<Publication>, waiting: &Waiting) -> Option<&'a mut Feed> {
    publications.get_mut(waiting.publication.at())?.feed_mut(waiting.encoding)
}

/// Sends a slot what waits of an encoding that it is about to leave.
pub(super) fn send_rest(
    now: RoomTime,
    rest: impl Iterator<Item = Waiting>,
    cache: &Cache,
    slot: &mut Slot,
    outgoing: &mut Outgoing,
    sink: &mut impl Sink,
) -> u64 {
    let packets = rest.flat_map(|waiting| waiting.places()).filter_map(|place| cache.find(now, place));
    packets.map(|packet: MediaPacket<'_>| u64::from(slot.forward_once(now, &packet, outgoing, sink))).sum()
}
