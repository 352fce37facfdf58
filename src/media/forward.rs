//! The path of a packet: from its publisher to every receiver.

use super::burst::{Burst, send_rest};
use super::cache::{CACHE_PACKETS, SOUND_PACKETS};
use super::clock::RoomTime;
use super::demux::Route;
use super::keyframes::Urgency;
use super::layers::SILENT_AFTER;
use super::missing::Hope;
use super::outgoing::Outgoing;
use super::packet::MediaPacket;
use super::peer::{Encoding, EncodingRef, Line, Settled};
use super::publication::{Feed, Publication, drop_slot};
use super::reception::{Arrived, Way};
use super::room::Room;
use super::slot::Slot;
use super::{PeerIndex, PeerKey, PublicationIndex, Sink, SlotIndex};
use crate::rtp::codec::{PayloadFacts, dependency_descriptor_starts_sequence};
use crate::rtp::{Codec, ExtendedSeq, KnownExtensions, MediaKind, RtpPacket, Seq};
use slab::Slab;
use std::time::Instant;

/// How many packets after a keyframe's late first packet are sent on at once. Where more have passed, the next
/// keyframe is awaited instead.
const CATCH_UP_PACKETS_MAX: u64 = 128;

/// What a packet carries, unwrapped where it is a repair.
struct Carried<'a> {
    seq: Seq,
    payload_index: u8,
    payload: &'a [u8],
    way: Way,
}

/// A packet that has been taken into its encoding's books.
struct Received {
    index: ExtendedSeq,
    /// Ahead of all before it.
    newest: bool,
    /// The encoding was not arriving before this packet, or arrives with another codec.
    awakened: bool,
    /// The source counts anew from this packet on.
    restarted: bool,
    /// Nothing in it, and it can be left out without a gap.
    skipped: bool,
}

/// A received packet with all that is known of it.
struct Incoming<'a, 'b> {
    which: EncodingRef,
    codec: Codec,
    packet: &'b RtpPacket<'a>,
    known: &'b KnownExtensions<'a>,
    carried: Carried<'a>,
    received: Received,
}

impl Room {
    /// Takes a decrypted RTP packet of a peer.
    pub fn handle_rtp(&mut self, now: Instant, key: PeerKey, packet: &[u8], sink: &mut impl Sink) {
        let now = self.advance(now);
        let Some(peer) = self.seat(key) else { return };
        self.counters.rtp_received += 1;
        let Ok(parsed) = RtpPacket::parse(packet) else {
            self.counters.dropped_malformed += 1;
            return;
        };
        self.take_rtp(now, peer, packet.len(), &parsed, sink);
        self.due.note_urgent_feedback(peer, self.peers.get(peer.at()));
        self.ask_for_keyframes(now, sink);
    }

    fn take_rtp(
        &mut self,
        now: RoomTime,
        owner: PeerIndex,
        length: usize,
        packet: &RtpPacket<'_>,
        sink: &mut impl Sink,
    ) {
        let Some(peer) = self.peers.get_mut(owner.at()) else { return };
        peer.uplink.packets += 1;
        peer.uplink.bytes += length as u64;
        peer.uplink.bytes_ever += length as u64;
        let known = peer.extensions.read(packet.extensions);
        if let Some(seq) = known.transport_sequence {
            peer.arrivals.note(now, seq);
            self.due.note_feedback(owner);
        }
        let Some(route) = peer.demux.origin(&peer.lines, &peer.extensions, packet, &known) else {
            self.counters.dropped_unknown_source += 1;
            return;
        };
        let Some(line) = peer.lines.get_mut(usize::from(route.line)).filter(|line| line.open) else {
            self.counters.dropped_unknown_source += 1;
            return;
        };
        let Some(carried) = unwrap(line, route, packet) else { return };
        let (publication, kind) = (line.publication, line.kind);
        let codec = line.payloads.get(usize::from(carried.payload_index)).map(|map| map.codec);
        let Some(codec) = codec else { return };
        let wanted = publication
            .and_then(|index| self.publications.get(index.at()))
            .and_then(|publication| publication.feeds.get(usize::from(route.encoding)))
            .is_some_and(Feed::is_wanted);
        let repairing = wanted && kind == MediaKind::Video;
        let Some(encoding) = line.encodings.get_mut(usize::from(route.encoding)) else { return };
        let Some(received) = receive(now, encoding, packet, &carried, codec, repairing, length) else {
            self.counters.dropped_late += 1;
            return;
        };
        let which = EncodingRef { peer: owner, line: route.line, encoding: route.encoding };
        if received.restarted {
            self.restart_feed(publication, which);
        }
        match publication {
            Some(_) if received.skipped => {}
            Some(publication) => {
                let incoming = Incoming { which, codec, packet, known: &known, carried, received };
                self.forward(now, publication, &incoming, sink);
            }
            None => self.counters.dropped_not_published += 1,
        }
        self.note_gaps(which);
    }

    /// Looks into a packet of a publication and hands it to its receivers.
    fn forward(
        &mut self,
        now: RoomTime,
        publication: PublicationIndex,
        incoming: &Incoming<'_, '_>,
        sink: &mut impl Sink,
    ) {
        let Incoming { which, codec, packet, known, carried, received } = incoming;
        if received.awakened {
            self.wake(publication);
        }
        let facts = PayloadFacts::read(*codec, carried.payload);
        let peer = self.peers.get_mut(which.peer.at());
        let Some(encoding) = peer.and_then(|peer| peer.encoding_mut(which.line, which.encoding)) else { return };
        let starts = starts_keyframe(encoding, &facts, known, packet.timestamp);
        if starts {
            encoding.keyframes.answered();
            encoding.missing.note_keyframe(received.index);
        }
        let taller = facts.height.is_some() && facts.height != encoding.height;
        encoding.height = facts.height.or(encoding.height);
        let Some(place) = encoding.positions.place(received.index) else {
            self.counters.dropped_late += 1;
            return;
        };
        if taller {
            self.rank_encodings(publication);
            self.review_publication(publication);
        }
        let media = MediaPacket {
            place,
            timestamp: packet.timestamp,
            marker: packet.marker,
            payload_index: carried.payload_index,
            ids: facts.ids,
            audio_level: known.audio_level,
            video_orientation: known.video_orientation,
            dependency_descriptor: known.dependency_descriptor,
            payload: carried.payload,
            padding: 0,
        };
        let Some(found) = self.publications.get_mut(publication.at()) else { return };
        let kind = codec.kind();
        if kind == MediaKind::Audio {
            found.loudness.note(now, known.audio_level, carried.payload.len());
        }
        let Some(feed) = found.feed_mut(which.encoding) else { return };
        let size = if kind == MediaKind::Video { CACHE_PACKETS } else { SOUND_PACKETS };
        let stored = feed.cache.store(now, &media, size);
        if starts {
            feed.keyframe = Some((media.place, now));
        }
        let mut fan = FanOut {
            now,
            encoding: which.encoding,
            burst: &mut self.burst,
            slots: &mut self.slots,
            outgoing: &mut self.outgoing,
            forwarded: 0,
        };
        if starts || kind == MediaKind::Audio {
            let line = self.peers.get(which.peer.at()).and_then(|peer| peer.lines.get(usize::from(which.line)));
            fan.switch(publication, found, line, &media, sink);
        }
        if let Some(feed) = found.feeds.get(usize::from(which.encoding)).filter(|feed| !feed.listeners.is_empty()) {
            let ends_frame = packet.marker || kind == MediaKind::Audio;
            let waits = stored
                && match received.newest {
                    true => fan.burst.note(now, (publication, which.encoding), kind, media.place, ends_frame),
                    false => fan.burst.covers(publication, which.encoding, media.place),
                };
            match (waits, received.newest) {
                (true, true) => {}
                (true, false) => fan.send_ahead(&feed.listeners, &media, sink),
                (false, _) => fan.send(&feed.listeners, &media, sink),
            }
            if starts && !received.newest {
                fan.catch_up(feed, &media, sink);
            }
        }
        self.counters.rtp_forwarded += fan.forwarded;
    }

    /// An encoding began to arrive, or to arrive with another codec.
    fn wake(&mut self, index: PublicationIndex) {
        self.rank_encodings(index);
        let Some(publication) = self.publications.get(index.at()) else { return };
        let audio = publication.source.is_audio();
        let slots = publication.slots.clone();
        slots.into_iter().for_each(|slot| self.remap(slot));
        self.review_publication(index);
        if audio {
            self.assign_all_voices();
        }
    }

    /// The source counts anew: whoever listens has to wait for a keyframe.
    fn restart_feed(&mut self, publication: Option<PublicationIndex>, which: EncodingRef) {
        let publication = publication.and_then(|index| self.publications.get_mut(index.at()));
        let Some(feed) = publication.and_then(|publication| publication.feed_mut(which.encoding)) else { return };
        feed.keyframe = None;
        let listeners = std::mem::take(&mut feed.listeners);
        for slot in &listeners {
            if let Some(slot) = self.slots.get_mut(slot.at()) {
                slot.listening = None;
                slot.forget_runs();
            }
        }
        listeners.into_iter().for_each(|slot| self.review_slot(slot));
    }

    /// Plans to ask for what is missing.
    fn note_gaps(&mut self, which: EncodingRef) {
        let encoding = self.peers.get(which.peer.at()).and_then(|peer| peer.encoding(which.line, which.encoding));
        if let Some(due) = encoding.and_then(|encoding| encoding.missing.due()) {
            self.due.note_missing(which, due);
        }
        let lost = self.peers.get_mut(which.peer.at());
        let lost = lost.and_then(|peer| peer.encoding_mut(which.line, which.encoding));
        if lost.is_some_and(|encoding| std::mem::take(&mut encoding.beyond_repair)) {
            self.want_keyframe(which, Urgency::Picture);
        }
    }
}

/// Finds out what a packet carries. `None` where its payload type does not belong to its source, or a repair carries
/// nothing (padding).
fn unwrap<'a>(line: &Line, route: Route, packet: &RtpPacket<'a>) -> Option<Carried<'a>> {
    let (payload_index, repair) = line.payload(packet.payload_type)?;
    match (route.repair, repair) {
        (false, false) => {
            Some(Carried { seq: packet.sequence, payload_index, payload: packet.payload, way: Way::Direct })
        }
        (true, true) => {
            // RFC 4588 §4: the original sequence number stands before the original payload.
            let (original, payload) = packet.payload.split_first_chunk::<2>()?;
            let seq = Seq(u16::from_be_bytes(*original));
            Some(Carried { seq, payload_index, payload, way: Way::Repair })
        }
        _ => None,
    }
}

/// Takes a packet into the books of its encoding. `None` where it is of no use to anybody.
fn receive(
    now: RoomTime,
    encoding: &mut Encoding,
    packet: &RtpPacket<'_>,
    carried: &Carried<'_>,
    codec: Codec,
    repairing: bool,
    length: usize,
) -> Option<Received> {
    if carried.way == Way::Direct && encoding.ssrc.replace(packet.ssrc).is_some_and(|before| before != packet.ssrc) {
        encoding.reception.start_over();
        encoding.start_over();
    }
    let arrived = encoding.reception.take(carried.seq, carried.way);
    let (index, newest) = match arrived {
        Arrived::Newest { index, after } => {
            let gap = after.filter(|_| repairing).map(|after| encoding.missing.note_gap(now, after, index));
            encoding.beyond_repair |= gap == Some(Hope::Lost);
            (index, true)
        }
        Arrived::Late { index } => (index, false),
        Arrived::Restarted { index } => {
            encoding.start_over();
            (index, true)
        }
        Arrived::Useless => return None,
    };
    let restarted = match encoding.settle(now) {
        Settled::Already => false,
        Settled::Now => true,
        Settled::NotYet => return None,
    };
    encoding.missing.found(index);
    if !repairing {
        encoding.missing.clear();
    }
    encoding.meter.count(now, length);
    if carried.way == Way::Direct {
        encoding.reception.note_transit(now, packet.timestamp, codec.clock_rate());
    }
    let skipped = carried.payload.is_empty() && newest;
    if skipped {
        encoding.positions.skip(index);
        return Some(Received { index, newest, awakened: false, restarted, skipped });
    }
    let silent = encoding.last_arrival.replace(now).is_none_or(|last| now.since(last) > SILENT_AFTER);
    if silent {
        encoding.arriving_since = now;
    }
    let other_codec = encoding.payload_index.replace(carried.payload_index) != Some(carried.payload_index);
    Some(Received { index, newest, awakened: silent || other_codec, restarted, skipped })
}

/// Whether decoding can begin with this packet. A keyframe starts once, whatever its later packets look like.
fn starts_keyframe(encoding: &mut Encoding, facts: &PayloadFacts, known: &KnownExtensions<'_>, timestamp: u32) -> bool {
    encoding.parameter_sets_seen |= facts.keyframe_start;
    let by_payload = facts.keyframe_start || (facts.bare_idr && !encoding.parameter_sets_seen);
    let by_descriptor = known.dependency_descriptor.is_some_and(dependency_descriptor_starts_sequence);
    let starts = (by_payload || by_descriptor) && encoding.last_keyframe != Some(timestamp);
    if starts {
        encoding.last_keyframe = Some(timestamp);
    }
    starts
}

/// One packet on its way to the receivers of its encoding.
struct FanOut<'a> {
    now: RoomTime,
    encoding: u8,
    burst: &'a mut Burst,
    slots: &'a mut Slab<Slot>,
    outgoing: &'a mut [Outgoing],
    forwarded: u64,
}

impl FanOut<'_> {
    /// Sends a packet to slots that listen to its encoding.
    fn send(&mut self, to: &[SlotIndex], media: &MediaPacket<'_>, sink: &mut impl Sink) {
        self.send_where(to, |_| true, media, sink);
    }

    /// Sends a packet that leaves with a burst to those for whom that is too late: they have been sent newer ones.
    fn send_ahead(&mut self, to: &[SlotIndex], media: &MediaPacket<'_>, sink: &mut impl Sink) {
        self.send_where(to, |slot| slot.is_beyond(media.place), media, sink);
    }

    fn send_where(
        &mut self,
        to: &[SlotIndex],
        wants: impl Fn(&Slot) -> bool,
        media: &MediaPacket<'_>,
        sink: &mut impl Sink,
    ) {
        for index in to {
            let Some(slot) = self.slots.get_mut(index.at()).filter(|slot| wants(slot)) else { continue };
            let Some(outgoing) = self.outgoing.get_mut(slot.peer.at()) else { continue };
            self.forwarded += u64::from(slot.forward(self.now, media, outgoing, sink));
        }
    }

    /// Turns those who wait for a keyframe of this encoding into its listeners, from this packet on.
    fn switch(
        &mut self,
        shown: PublicationIndex,
        publication: &mut Publication,
        line: Option<&Line>,
        media: &MediaPacket<'_>,
        sink: &mut impl Sink,
    ) {
        let clock_rate = publication.clock_rate;
        let Some(feed) = publication.feed_mut(self.encoding) else { return };
        let newest = feed.cache.newest().map_or(media.place.0, |newest| newest.0);
        if newest.saturating_sub(media.place.0) > CATCH_UP_PACKETS_MAX {
            return;
        }
        for index in std::mem::take(&mut feed.waiting) {
            let Some(slot) = self.slots.get_mut(index.at()) else { continue };
            let before = slot.listening.replace(self.encoding);
            slot.waiting = None;
            self.burst.forget_joiner(index);
            if let Some(left) = before.and_then(|before| publication.feeds.get(usize::from(before)))
                && let Some(outgoing) = self.outgoing.get_mut(slot.peer.at())
            {
                let rest = before.into_iter().flat_map(|before| self.burst.of(shown, before));
                self.forwarded += send_rest(self.now, rest, &left.cache, slot, outgoing, sink);
            }
            let by_reports = before.zip(line).and_then(|(before, line)| {
                let timeline = |encoding: u8| line.encodings.get(usize::from(encoding))?.timeline;
                let captured = timeline(self.encoding)?.micros_at(media.timestamp);
                Some(slot.run().timestamp(timeline(before)?.timestamp_at(captured)))
            });
            slot.begin_run(self.now, self.encoding, media, clock_rate, by_reports);
            if let Some(left) = before.and_then(|before| publication.feed_mut(before)) {
                drop_slot(&mut left.listeners, index);
            }
            if let Some(feed) = publication.feed_mut(self.encoding) {
                feed.listeners.push(index);
            }
        }
    }

    /// A keyframe's first packet came late: what came before it, those who began with it have not been sent.
    fn catch_up(&mut self, feed: &Feed, media: &MediaPacket<'_>, sink: &mut impl Sink) {
        let begun: Vec<SlotIndex> = feed
            .listeners
            .iter()
            .copied()
            .filter(|index| {
                self.slots
                    .get(index.at())
                    .is_some_and(|slot| slot.run().index(media.place) == Some(slot.newest_index()))
            })
            .collect();
        let newest = feed.cache.newest().map_or(media.place.0, |newest| newest.0);
        for place in media.place.0 + 1..=newest.min(media.place.0 + CATCH_UP_PACKETS_MAX) {
            if let Some(stored) = feed.cache.find(self.now, super::positions::Place(place)) {
                self.send(&begun, &stored, sink);
            }
        }
    }
}
