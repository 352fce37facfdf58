//! What is due by time. One place for all of it: no timer belongs to a single peer.

use super::clock::RoomTime;
use super::keyframes::Urgency;
use super::missing::Hope;
use super::peer::{EncodingRef, Peer};
use super::publication::Feed;
use super::room::Room;
use super::slot::Slot;
use super::{PeerIndex, PublicationIndex, RTCP_BYTES_MAX, Sink, SlotIndex};
use crate::rtp::rtcp::RtcpWriter;
use std::time::Duration;

/// How often the room looks after everything that has no time of its own: feedback to publishers, who is heard, and
/// the reports and layers of a tenth of its peers.
const TICK: Duration = Duration::from_millis(100);

/// Every peer has its turn once in this many ticks: once a second.
const PHASES: usize = 10;

/// What is due, and when.
#[derive(Debug)]
pub(super) struct Due {
    tick: RoomTime,
    phase: usize,
    /// Peers with a slot that begins and has not been reported; each at most once.
    beginning: Vec<PeerIndex>,
    /// Peers whose packets are to be told; each at most once.
    feedback: Vec<PeerIndex>,
    /// Encodings of which a keyframe is wanted; each at most once.
    asking: Vec<EncodingRef>,
    ask_at: Option<RoomTime>,
    /// Encodings of which packets are missing; each at most once.
    missing: Vec<EncodingRef>,
    nack_at: Option<RoomTime>,
    /// A publisher's packets wait in such number that they are told at once.
    urgent: Option<PeerIndex>,
}

impl Due {
    pub(super) fn new(now: RoomTime) -> Self {
        Self {
            tick: now.plus(TICK),
            phase: 0,
            beginning: Vec::new(),
            feedback: Vec::new(),
            asking: Vec::new(),
            ask_at: None,
            missing: Vec::new(),
            nack_at: None,
            urgent: None,
        }
    }

    pub(super) fn next(&self) -> RoomTime {
        let urgent = self.urgent.map(|_| RoomTime::default());
        [self.ask_at, self.nack_at, urgent].into_iter().flatten().fold(self.tick, RoomTime::min)
    }

    pub(super) fn note_beginning(&mut self, peer: PeerIndex) {
        self.beginning.push(peer);
    }

    pub(super) fn note_feedback(&mut self, peer: PeerIndex) {
        if !self.feedback.contains(&peer) {
            self.feedback.push(peer);
        }
    }

    pub(super) fn note_urgent_feedback(&mut self, index: PeerIndex, peer: Option<&Peer>) {
        if peer.is_some_and(|peer| peer.arrivals.is_urgent()) {
            self.urgent = Some(index);
        }
    }

    pub(super) fn note_asking(&mut self, which: EncodingRef, at: Option<RoomTime>) {
        if !self.asking.contains(&which) {
            self.asking.push(which);
        }
        self.ask_at = earlier(self.ask_at, at);
    }

    pub(super) fn note_missing(&mut self, which: EncodingRef, at: RoomTime) {
        if !self.missing.contains(&which) {
            self.missing.push(which);
        }
        self.nack_at = earlier(self.nack_at, Some(at));
    }

    pub(super) fn forget_peer(&mut self, peer: PeerIndex) {
        self.feedback.retain(|other| *other != peer);
        self.beginning.retain(|other| *other != peer);
        self.asking.retain(|which| which.peer != peer);
        self.missing.retain(|which| which.peer != peer);
        if self.urgent == Some(peer) {
            self.urgent = None;
        }
    }
}

fn earlier(one: Option<RoomTime>, other: Option<RoomTime>) -> Option<RoomTime> {
    one.into_iter().chain(other).min()
}

impl Room {
    pub(super) fn run_timers(&mut self, now: RoomTime, sink: &mut impl Sink) {
        self.ask_for_keyframes(now, sink);
        self.ask_for_missing(now, sink);
        if let Some(peer) = self.due.urgent.take() {
            self.tell_arrivals(peer, sink);
        }
        if now >= self.due.tick {
            // After a long silence the ticks that were missed are not made up for.
            self.due.tick = now.plus(TICK);
            self.tick(now, sink);
        }
    }

    fn tick(&mut self, now: RoomTime, sink: &mut impl Sink) {
        for peer in std::mem::take(&mut self.due.feedback) {
            self.tell_arrivals(peer, sink);
        }
        self.review_voices(now);
        let phase = self.due.phase;
        self.due.phase = (phase + 1) % PHASES;
        if phase == 0 {
            self.review_publications();
        }
        let own_turn = self.peers.iter().map(|(at, _)| PeerIndex::new(at)).filter(|peer| peer.at() % PHASES == phase);
        for peer in own_turn.collect::<Vec<_>>() {
            self.review_layers(now, peer);
            self.report(now, peer, sink);
        }
        for peer in std::mem::take(&mut self.due.beginning) {
            self.report_first(now, peer, sink);
            self.follow_beginning(peer);
        }
    }

    /// Looks after a peer's slots until the first report of each: lip sync waits for it.
    pub(super) fn follow_beginning(&mut self, index: PeerIndex) {
        let Some(peer) = self.peers.get_mut(index.at()) else { return };
        let slots = peer.slots.iter().filter_map(|slot| self.slots.get(slot.at()));
        let begins = |slot: &Slot| slot.waiting.is_some() || (slot.packets > 0 && !slot.reported);
        peer.begins = slots.into_iter().any(begins);
        if peer.begins {
            self.due.note_beginning(index);
        }
    }

    /// Once a second: encodings in order, and nobody waits for a keyframe that nobody asks for.
    fn review_publications(&mut self) {
        let all: Vec<_> = self.publications.iter().map(|(at, _)| PublicationIndex::new(at)).collect();
        for index in all {
            self.rank_encodings(index);
            let Some(publication) = self.publications.get(index.at()) else { continue };
            let (peer, line) = (publication.owner, publication.line);
            if publication.source.is_audio() {
                continue;
            }
            let waited_for = publication.feeds.iter().zip(0u8..).filter(|(feed, _)| !feed.waiting.is_empty());
            let sees_nothing =
                |slot: &SlotIndex| self.slots.get(slot.at()).is_some_and(|slot| slot.listening.is_none());
            let urgency = |feed: &Feed| match feed.waiting.iter().any(sees_nothing) {
                true => Urgency::Picture,
                false => Urgency::Change,
            };
            let waited_for: Vec<_> = waited_for.map(|(feed, encoding)| (encoding, urgency(feed))).collect();
            for (encoding, urgency) in waited_for {
                self.want_keyframe(EncodingRef { peer, line, encoding }, urgency);
            }
        }
    }

    /// Sends the keyframe requests that are due: one for each encoding, however many wait.
    pub(super) fn ask_for_keyframes(&mut self, now: RoomTime, sink: &mut impl Sink) {
        if self.due.ask_at.is_none_or(|at| at > now) {
            return;
        }
        self.due.ask_at = None;
        for which in std::mem::take(&mut self.due.asking) {
            if !self.is_awaited(which) {
                if let Some((_, keyframes)) = self.keyframes_of(which) {
                    keyframes.withdraw();
                }
                continue;
            }
            // An encoding that has not arrived has no SSRC to name; what wakes it asks again.
            let Some((media, keyframes)) = self.keyframes_of(which) else { continue };
            if !keyframes.is_wanted() {
                continue;
            }
            let due = keyframes.due().is_some_and(|at| at <= now);
            if due {
                keyframes.note_sent(now);
            }
            let next = keyframes.due();
            self.due.note_asking(which, next);
            if due {
                self.counters.keyframe_requests_sent += 1;
                self.send_feedback(which.peer, sink, |compound, sender| {
                    compound.picture_loss(sender, media);
                });
            }
        }
    }

    /// Asks publishers for what is missing.
    fn ask_for_missing(&mut self, now: RoomTime, sink: &mut impl Sink) {
        if self.due.nack_at.is_none_or(|at| at > now) {
            return;
        }
        self.due.nack_at = None;
        let mut numbers = Vec::new();
        for which in std::mem::take(&mut self.due.missing) {
            let round_trip = self.round_trip(which.peer);
            let encoding = self.peers.get_mut(which.peer.at());
            let Some(encoding) = encoding.and_then(|peer| peer.encoding_mut(which.line, which.encoding)) else {
                continue;
            };
            let hope = encoding.missing.ask(now, round_trip, &mut numbers);
            let (next, media) = (encoding.missing.due(), encoding.ssrc);
            if let Some(next) = next {
                self.due.note_missing(which, next);
            }
            if hope == Hope::Lost {
                self.want_keyframe(which, Urgency::Picture);
            }
            if let Some(media) = media.filter(|_| !numbers.is_empty()) {
                self.send_feedback(which.peer, sink, |compound, sender| {
                    compound.nack(sender, media, numbers.iter().copied());
                });
            }
        }
    }

    /// Tells a publisher which of its packets came, and when.
    fn tell_arrivals(&mut self, index: PeerIndex, sink: &mut impl Sink) {
        let Some(peer) = self.peers.get_mut(index.at()) else { return };
        let lines = peer.lines.iter().flat_map(|line| &line.encodings);
        let Some(media) = lines.filter_map(|encoding| encoding.ssrc).next() else { return };
        let mut buffer = [0; RTCP_BYTES_MAX];
        // What waits is bounded, so a few messages tell it all.
        while !peer.arrivals.is_empty() {
            let mut compound = RtcpWriter::new(&mut buffer);
            compound.receiver_report(peer.own_ssrc, &[]);
            if peer.arrivals.report(&mut compound, peer.own_ssrc, media) {
                sink.rtcp(peer.key, compound.written());
            }
        }
    }

    fn send_feedback(
        &self,
        to: PeerIndex,
        sink: &mut impl Sink,
        write: impl FnOnce(&mut RtcpWriter<'_>, crate::rtp::Ssrc),
    ) {
        let Some(peer) = self.peers.get(to.at()) else { return };
        let mut buffer = [0; RTCP_BYTES_MAX];
        let mut compound = RtcpWriter::new(&mut buffer);
        // A compound starts with a report (RFC 3550 §6.1), for peers without reduced-size RTCP.
        compound.receiver_report(peer.own_ssrc, &[]);
        write(&mut compound, peer.own_ssrc);
        sink.rtcp(peer.key, compound.written());
    }
}
