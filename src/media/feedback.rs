//! What comes back: reports, repairs and keyframes asked for, estimates; and publishers' own reports.

use super::clock::RoomTime;
use super::keyframes::{KeyframeRequest, Urgency};
use super::peer::EncodingRef;
use super::room::Room;
use super::timeline::Timeline;
use super::{PeerIndex, PeerKey, Sink, SlotIndex};
use crate::rtp::rtcp::{Compound, NackPairs, ReportBlock, Rtcp, SenderInfo};
use crate::rtp::{MediaKind, Ssrc};
use std::time::{Duration, Instant};

/// How many packets of a compound are looked at. Browsers send about ten at most.
const PACKETS_MAX: usize = 64;

/// How many report blocks of one report are looked at: as many as it can hold.
const BLOCKS_MAX: usize = 31;

/// How many numbers of one NACK are looked at; a receiver that misses more needs a keyframe.
const NACKED_MAX: usize = 256;

/// What a round trip is taken for before it is measured.
const ROUND_TRIP_UNKNOWN: Duration = Duration::from_millis(100);

impl Room {
    /// Takes a decrypted compound RTCP packet of a peer.
    pub fn handle_rtcp(&mut self, now: Instant, key: PeerKey, compound: &[u8], sink: &mut impl Sink) {
        let now = self.advance(now);
        let Some(peer) = self.seat(key) else { return };
        self.counters.rtcp_received += 1;
        for packet in Compound::new(compound).take(PACKETS_MAX) {
            match packet {
                Ok(packet) => self.take_rtcp(now, peer, packet, sink),
                Err(_) => self.counters.dropped_malformed += 1,
            }
        }
        self.ask_for_keyframes(now, sink);
    }

    fn take_rtcp(&mut self, now: RoomTime, from: PeerIndex, packet: Rtcp<'_>, sink: &mut impl Sink) {
        match packet {
            Rtcp::SenderReport { sender, info, blocks } => {
                self.take_sender_report(now, from, sender, &info);
                self.take_reports(now, from, blocks);
            }
            Rtcp::ReceiverReport { blocks, .. } => self.take_reports(now, from, blocks),
            Rtcp::Nack { media, pairs } => self.repair(now, from, media, pairs, sink),
            Rtcp::PictureLoss { media } => self.picture_lost(now, from, media),
            Rtcp::FullIntra { sources } => sources.for_each(|media| self.picture_lost(now, from, media)),
            Rtcp::Remb(remb) => {
                if let Some(peer) = self.peers.get_mut(from.at()) {
                    peer.downlink.note_remb(now, remb.bitrate);
                }
            }
            Rtcp::TransportFeedback(feedback) => {
                if let (Some(peer), Some(outgoing)) = (self.peers.get_mut(from.at()), self.outgoing.get(from.at())) {
                    peer.downlink.note_feedback(now, &feedback, outgoing);
                }
            }
            // Browsers say goodbye when a source merely pauses, and go on with the same SSRC without naming its mid again.
            Rtcp::Bye { .. } | Rtcp::Other => {}
        }
    }

    /// A publisher tells which time its media clock shows.
    fn take_sender_report(&mut self, now: RoomTime, from: PeerIndex, sender: Ssrc, info: &SenderInfo) {
        let Some(peer) = self.peers.get_mut(from.at()) else { return };
        let Some(route) = peer.demux.find(sender).filter(|route| !route.repair) else { return };
        let clock_rate = peer.lines.get(usize::from(route.line)).map_or(90_000, |line| match line.kind {
            MediaKind::Audio => 48_000,
            MediaKind::Video => 90_000,
        });
        let Some(encoding) = peer.encoding_mut(route.line, route.encoding) else { return };
        encoding.reception.note_sender_report(now, info.ntp);
        // Before the first frame, and while a source is switched off, some senders report a zero time.
        if info.ntp.0 != 0 {
            encoding.timeline = Some(Timeline::new(info.ntp, info.timestamp, clock_rate));
            peer.clock_offset.note(now, info.ntp);
        }
    }

    fn take_reports(&mut self, now: RoomTime, from: PeerIndex, blocks: impl Iterator<Item = ReportBlock>) {
        let Some(peer) = self.peers.get(from.at()) else { return };
        let own = blocks.take(BLOCKS_MAX).filter_map(|block| {
            let slots = peer.slots.iter().filter_map(|slot| self.slots.get(slot.at()));
            let slot = slots.filter(|slot| slot.packets > 0).find(|slot| slot.ssrc == block.ssrc)?;
            let clock_rate = if slot.kind == MediaKind::Audio { 48_000 } else { 90_000 };
            Some((block, clock_rate))
        });
        let own: Vec<_> = own.collect();
        if let Some(peer) = self.peers.get_mut(from.at()).filter(|_| !own.is_empty()) {
            peer.downlink.note_reports(now, &own);
        }
    }

    fn slot_of(&self, peer: PeerIndex, ssrc: Ssrc) -> Option<SlotIndex> {
        let slots = self.peers.get(peer.at())?.slots.iter().copied();
        slots.into_iter().find(|slot| self.slots.get(slot.at()).is_some_and(|slot| slot.ssrc == ssrc))
    }

    pub(super) fn round_trip(&self, peer: PeerIndex) -> Duration {
        let measured = self.peers.get(peer.at()).and_then(|peer| peer.downlink.round_trip);
        measured.unwrap_or(ROUND_TRIP_UNKNOWN)
    }

    /// A receiver cannot go on without a keyframe.
    fn picture_lost(&mut self, now: RoomTime, from: PeerIndex, media: Ssrc) {
        self.counters.keyframe_requests_received += 1;
        let round_trip = self.round_trip(from);
        let Some(slot) = self.slot_of(from, media).and_then(|slot| self.slots.get(slot.at())) else { return };
        let Some(encoding) = slot.waiting.or(slot.listening) else { return };
        // It asked before it can have seen the keyframe that it was just sent.
        if slot.waiting.is_none() && slot.keyframe_at.is_some_and(|sent| now.since(sent) < round_trip) {
            return;
        }
        let Some(publication) = slot.publication.and_then(|index| self.publications.get(index.at())) else { return };
        let which = EncodingRef { peer: publication.owner, line: publication.line, encoding };
        self.want_keyframe(which, Urgency::Picture);
    }

    /// Sends again what a receiver misses, as far as it is there. What is not has been lost on the way here too, and is
    /// forwarded in its place once its publisher repairs it.
    fn repair(&mut self, now: RoomTime, from: PeerIndex, media: Ssrc, pairs: NackPairs<'_>, sink: &mut impl Sink) {
        self.counters.nacks_received += 1;
        let round_trip = self.round_trip(from);
        let measured = self.peers.get(from.at()).and_then(|peer| peer.downlink.round_trip).unwrap_or_default();
        let Some(index) = self.slot_of(from, media) else { return };
        let (Some(slot), Some(outgoing)) = (self.slots.get_mut(index.at()), self.outgoing.get_mut(from.at())) else {
            return;
        };
        let Some(publication) = slot.publication.and_then(|index| self.publications.get(index.at())) else { return };
        for seq in pairs.lost().take(NACKED_MAX) {
            let Some(index) = slot.index(seq) else { continue };
            let Some((run, place)) = slot.origin(index) else { continue };
            let Some(feed) = publication.feeds.get(usize::from(run.encoding)) else { continue };
            let Some(packet) = feed.cache.find(now, place) else { continue };
            // The request left before the packet can have been there: it was missing here too, has just been repaired,
            // and is on its way.
            if feed.cache.stored_at(place).is_some_and(|at| now.since(at) < measured * 9 / 10) {
                continue;
            }
            if slot.resends.allow(now, index, round_trip) && slot.resend(now, &run, &packet, outgoing, sink) {
                self.counters.packets_retransmitted += 1;
            }
        }
    }

    /// Whether anybody would use a keyframe that this encoding is asked for.
    pub(super) fn is_awaited(&self, which: EncodingRef) -> bool {
        let line = self.peers.get(which.peer.at()).and_then(|peer| peer.lines.get(usize::from(which.line)));
        let publication = line.and_then(|line| line.publication).and_then(|index| self.publications.get(index.at()));
        let feed = publication.and_then(|publication| publication.feeds.get(usize::from(which.encoding)));
        feed.is_some_and(super::publication::Feed::is_wanted)
    }

    pub(super) fn keyframes_of(&mut self, which: EncodingRef) -> Option<(Ssrc, &mut KeyframeRequest)> {
        let encoding = self.peers.get_mut(which.peer.at())?.encoding_mut(which.line, which.encoding)?;
        Some((encoding.ssrc?, &mut encoding.keyframes))
    }
}
