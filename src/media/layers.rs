//! Which encoding each slot gets: what its picture's size asks for, what its receiver's network carries, and what
//! arrives at all.

use super::clock::RoomTime;
use super::keyframes::Urgency;
use super::peer::{EncodingRef, Line};
use super::publication::{Publication, drop_slot};
use super::room::{ReceiveLimit, Room};
use super::{PeerIndex, PublicationIndex, SlotIndex};
use crate::protocol::{LimitedBy, ReceivedLayer, Source};
use crate::rtp::MediaKind;
use crate::units::Bitrate;
use std::time::Duration;

/// An encoding that is this far behind its siblings has been switched off by its publisher.
pub(super) const SILENT_AFTER: Duration = Duration::from_millis(900);

/// The largest encoding with which a receiver begins of whose network nothing is known.
const START_BITRATE: Bitrate = Bitrate::from_kbps(600);

impl Room {
    fn line_of(&self, publication: &Publication) -> Option<&Line> {
        self.peers.get(publication.owner.at())?.lines.get(usize::from(publication.line))
    }

    /// Puts a publication's encodings in order of size: by height where all that arrive tell it, else by rate once all
    /// are measured, until then as the offer named them. Those that never arrived come last.
    pub(super) fn rank_encodings(&mut self, index: PublicationIndex) {
        let Some(publication) = self.publications.get(index.at()) else { return };
        let Some(line) = self.line_of(publication) else { return };
        let arrived = || line.encodings.iter().filter(|encoding| encoding.last_arrival.is_some());
        let by_height = arrived().all(|encoding| encoding.height.is_some());
        let by_rate = arrived().all(|encoding| encoding.meter.last_rate() > Bitrate(0));
        let mut order: Vec<u8> = (0..line.encodings.len() as u8).collect();
        order.sort_by_key(|encoding| {
            line.encodings.get(usize::from(*encoding)).map(|encoding| {
                let height = encoding.height.filter(|_| by_height);
                let rate = Some(encoding.meter.last_rate()).filter(|_| by_rate);
                (encoding.last_arrival.is_none(), height, rate)
            })
        });
        if let Some(publication) = self.publications.get_mut(index.at()) {
            publication.order = order;
        }
    }

    pub(super) fn review_publication(&mut self, index: PublicationIndex) {
        let Some(publication) = self.publications.get(index.at()) else { return };
        publication.slots.clone().into_iter().for_each(|slot| self.review_slot(slot));
    }

    /// Chooses the encoding for a slot anew.
    pub(super) fn review_slot(&mut self, index: SlotIndex) {
        let Some(slot) = self.slots.get(index.at()) else { return };
        let Some(publication) = slot.publication.and_then(|shown| self.publications.get(shown.at())) else { return };
        let (Some(line), Some(peer)) = (self.line_of(publication), self.peers.get(slot.peer.at())) else { return };
        let ranks = Ranks::of(publication, line, self.now);
        let wanted = match peer.limit {
            ReceiveLimit::Smallest => 0,
            ReceiveLimit::Best => ranks.for_height(slot.max_height),
        };
        let cap = match slot.cap {
            Some(cap) => cap,
            None if peer.downlink.steps.is_burnt(self.now) => 0,
            None => ranks.for_rate(START_BITRATE),
        };
        let chosen = ranks.nearest(wanted.min(cap));
        let held_back = chosen.is_some() && chosen < ranks.nearest(wanted);
        let target = chosen.and_then(|rank| publication.order.get(rank).copied());
        if let Some(slot) = self.slots.get_mut(index.at()) {
            // Until something arrives there is nothing to base a start on.
            slot.cap = chosen.map(|_| cap);
            slot.held_back = held_back;
        }
        if let Some(target) = target {
            self.aim(index, target);
        }
    }

    /// Makes a slot switch to an encoding at its next keyframe, and asks for that.
    fn aim(&mut self, index: SlotIndex, target: u8) {
        let Some(slot) = self.slots.get_mut(index.at()) else { return };
        let Some(publication) = slot.publication.and_then(|shown| self.publications.get_mut(shown.at())) else {
            return;
        };
        let next = if slot.listening == Some(target) { None } else { Some(target) };
        if slot.waiting == next {
            return;
        }
        if let Some(before) = slot.waiting.and_then(|before| publication.feed_mut(before)) {
            drop_slot(&mut before.waiting, index);
        }
        slot.waiting = next;
        let Some(feed) = next.and_then(|next| publication.feed_mut(next)) else { return };
        feed.waiting.push(index);
        let peer = self.peers.get_mut(slot.peer.at());
        if peer.is_some_and(|peer| !std::mem::replace(&mut peer.begins, true)) {
            self.due.note_beginning(slot.peer);
        }
        let begins = slot.kind == MediaKind::Video && slot.listening.is_none();
        if begins && feed.fresh_keyframe(self.now, slot.last_sent()).is_some() {
            self.burst.note_joiner(index);
        } else if slot.kind == MediaKind::Video {
            let which = EncodingRef { peer: publication.owner, line: publication.line, encoding: target };
            self.want_keyframe(which, if begins { Urgency::Picture } else { Urgency::Change });
        }
    }

    /// Steps a receiver's pictures up or down by how its link fares; once a second.
    pub(super) fn review_layers(&mut self, now: RoomTime, index: PeerIndex) {
        let Some(peer) = self.peers.get(index.at()) else { return };
        let slots = peer.slots.clone();
        let pictures = self.pictures(&slots);
        let sending = Bitrate(pictures.iter().map(|picture| picture.rate.bps()).sum());
        let overloaded = peer.downlink.is_overloaded(now, sending);
        let calm = !overloaded && peer.downlink.is_calm(now);
        let mut steps = peer.downlink.steps;
        steps.forgive(now);
        if !calm {
            steps.note_unrest(now);
        }
        let estimate = peer.downlink.estimate(now);
        if overloaded && steps.may_step_down(now) {
            // Even where there is nothing to take, what comes next had better start small.
            steps.stepped_down(now);
            let stepped = self.step_down(&pictures, sending, estimate);
            if let Some(peer) = self.peers.get_mut(index.at()).filter(|_| stepped) {
                peer.downlink.forget_overload();
            }
        } else if calm && steps.may_step_up(now) && self.step_up(&pictures) {
            steps.stepped_up(now);
        }
        if let Some(peer) = self.peers.get_mut(index.at()) {
            peer.downlink.steps = steps;
        }
        slots.into_iter().for_each(|slot| self.review_slot(slot));
    }

    /// The pictures that a receiver gets, the most important first: the screen, then in the order of its slots.
    fn pictures(&self, slots: &[SlotIndex]) -> Vec<Picture> {
        let mut pictures: Vec<Picture> = slots.iter().filter_map(|slot| self.picture(*slot)).collect();
        pictures.sort_by_key(|picture| !picture.screen);
        pictures
    }

    fn picture(&self, index: SlotIndex) -> Option<Picture> {
        let slot = self.slots.get(index.at()).filter(|slot| slot.kind == MediaKind::Video)?;
        let publication = self.publications.get(slot.publication?.at())?;
        let line = self.line_of(publication)?;
        let rank = publication.rank(slot.waiting.or(slot.listening)?)?;
        let rate_at = |rank: usize| {
            let encoding = line.encodings.get(usize::from(*publication.order.get(rank)?))?;
            Some(encoding.meter.rate(self.now))
        };
        Some(Picture {
            slot: index,
            screen: publication.source == Source::Screen,
            rank,
            rate: rate_at(rank)?,
            rate_below: rank.checked_sub(1).and_then(rate_at).unwrap_or_default(),
            held_back: slot.held_back,
        })
    }

    /// Takes one step from the least important picture that has one; and more while the estimate is known to be
    /// exceeded. Whether there was any.
    fn step_down(&mut self, pictures: &[Picture], sending: Bitrate, estimate: Option<Bitrate>) -> bool {
        let mut expected = sending.bps();
        let mut stepped = false;
        for picture in pictures.iter().rev().filter(|picture| picture.rank > 0) {
            if stepped && estimate.is_none_or(|estimate| expected <= estimate.bps()) {
                break;
            }
            if let Some(slot) = self.slots.get_mut(picture.slot.at()) {
                slot.cap = Some(picture.rank - 1);
                stepped = true;
                expected = expected.saturating_sub(picture.rate.bps().saturating_sub(picture.rate_below.bps()));
            }
        }
        stepped
    }

    /// Gives one more step to the most important picture that is held back.
    fn step_up(&mut self, pictures: &[Picture]) -> bool {
        let Some(picture) = pictures.iter().find(|picture| picture.held_back) else { return false };
        let Some(slot) = self.slots.get_mut(picture.slot.at()) else { return false };
        // Where the next encoding does not arrive, the one after it has its turn.
        slot.cap = Some(slot.cap.map_or(picture.rank, |cap| cap.max(picture.rank)) + 1);
        true
    }

    /// The encoding of a receiver's most important picture, among those that arrive.
    pub(super) fn received_layer(&self, index: PeerIndex) -> Option<ReceivedLayer> {
        let peer = self.peers.get(index.at())?;
        let shown = self.pictures(&peer.slots).into_iter().next()?;
        let publication = self.publications.get(self.slots.get(shown.slot.at())?.publication?.at())?;
        let line = self.line_of(publication)?;
        let arrives = |place: &u8| {
            let encoding = line.encodings.get(usize::from(*place));
            encoding.is_some_and(|encoding| encoding.meter.rate(self.now) > Bitrate(0))
        };
        let below = publication.order.iter().take(shown.rank).filter(|place| arrives(place)).count();
        let of = publication.order.iter().filter(|place| arrives(place)).count();
        // Before the first rate is measured, what it gets is all that there is.
        let rank = u8::try_from(below).unwrap_or(u8::MAX);
        Some(ReceivedLayer { rank, of: u8::try_from(of).unwrap_or(u8::MAX).max(rank.saturating_add(1)) })
    }

    pub(super) fn limited_by(&self, now: RoomTime, index: PeerIndex) -> LimitedBy {
        let Some(peer) = self.peers.get(index.at()) else { return LimitedBy::Nothing };
        let shown = || peer.slots.iter().filter_map(|slot| self.slots.get(slot.at()));
        if shown().any(|slot| slot.held_back) || peer.downlink.is_overloaded(now, Bitrate(0)) {
            return LimitedBy::Network;
        }
        let has_choice = shown().filter_map(|slot| self.publications.get(slot.publication?.at()));
        let mut has_choice = has_choice.filter(|publication| publication.feeds.len() > 1);
        match peer.limit {
            ReceiveLimit::Smallest if has_choice.next().is_some() => LimitedBy::Choice,
            _ => LimitedBy::Nothing,
        }
    }
}

/// A picture that a receiver gets.
struct Picture {
    slot: SlotIndex,
    screen: bool,
    rank: usize,
    rate: Bitrate,
    rate_below: Bitrate,
    held_back: bool,
}

/// The encodings of a publication from the smallest to the largest, as far as a choice needs to know them.
struct Ranks {
    count: usize,
    ranks: [Rank; super::ENCODINGS_MAX],
}

#[derive(Clone, Copy, Default)]
struct Rank {
    active: bool,
    height: Option<u16>,
    rate: Bitrate,
}

impl Ranks {
    fn of(publication: &Publication, line: &Line, now: RoomTime) -> Self {
        let mut ranks = [Rank::default(); super::ENCODINGS_MAX];
        for (place, encoding) in ranks.iter_mut().zip(&publication.order) {
            if let Some(found) = line.encodings.get(usize::from(*encoding)) {
                let active = line.is_active(*encoding, SILENT_AFTER);
                *place = Rank { active, height: found.height, rate: found.meter.rate(now) };
            }
        }
        Self { count: publication.order.len().min(super::ENCODINGS_MAX), ranks }
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = (usize, &Rank)> + '_ {
        self.ranks.iter().enumerate().take(self.count)
    }

    /// The smallest that fills a height, or the largest there is.
    fn for_height(&self, height: Option<u16>) -> usize {
        let fills = |rank: &Rank| height.is_some_and(|needed| rank.height.is_some_and(|own| own >= needed));
        let fitting = self.all().filter(|(_, rank)| rank.active).find(|(_, rank)| fills(rank)).map(|(at, _)| at);
        fitting.unwrap_or(self.count.saturating_sub(1))
    }

    /// The largest within a rate, or the smallest there is. What has not been measured counts as too large.
    fn for_rate(&self, rate: Bitrate) -> usize {
        let within = |rank: &Rank| rank.active && rank.rate > Bitrate(0) && rank.rate <= rate;
        self.all().rev().find(|(_, rank)| within(rank)).map_or(0, |(at, _)| at)
    }

    /// The largest that arrives and is not above `rank`; else the smallest that arrives.
    fn nearest(&self, rank: usize) -> Option<usize> {
        let arriving = || self.all().filter(|(_, own)| own.active).map(|(at, _)| at);
        arriving().rfind(|at| *at <= rank).or_else(|| arriving().next())
    }
}
