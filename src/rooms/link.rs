//! Participants' media connections, as their room sees them.

use super::Shared;
use super::devices::Device;
use super::slots::{Candidate, VideoSlot, fill};
use crate::auth::Refusal;
use crate::ids::{LessonId, ParticipantId, PeerId, PublicationId};
use crate::net::{Accepted, OfferRejected};
use crate::peer::Session;
use crate::protocol::{
    AUDIO_SLOTS_MAX, ErrorCode, OfferedSource, Quality, SlotShown, Source, VIDEO_SLOTS_MAX, WatchedSlot,
};
use crate::rtp::{MediaKind, Mid};
use crate::shard::{Command, ReceiveLimit};
use std::collections::BTreeMap;
use std::sync::Arc;

// What `welcome` promises is what an answer keeps.
const _: () = assert!(VIDEO_SLOTS_MAX as usize == crate::peer::VIDEO_SLOTS_MAX);
const _: () = assert!(AUDIO_SLOTS_MAX as usize == crate::peer::AUDIO_SLOTS_MAX);

/// How many slots one `watch` may name.
const WATCHED_MAX: usize = VIDEO_SLOTS_MAX as usize;

/// What a participant receives and sends, and how they want it.
#[derive(Default)]
pub(super) struct Link {
    pub peer: Option<PeerLink>,
    /// The certificates of a connection that is gone: another offer of the same can't bring it back.
    pub ended: Vec<String>,
    pub quality: Quality,
    pub watched: Vec<(Mid, Option<PublicationId>, Option<u16>)>,
    /// The newest `slots` message, for a client that comes back to a connection that still stands.
    pub slots: Vec<SlotShown>,
    /// Set where this is an encoder or player.
    pub device: Option<Device>,
}

/// A connection to the media plane.
pub(super) struct PeerLink {
    pub id: PeerId,
    pub session: Arc<Session>,
    /// The certificates of the offer: an offer with others is another connection's.
    pub fingerprints: Vec<String>,
    pub sources: BTreeMap<Source, Mid>,
    shown: Vec<Shown>,
    limit: ReceiveLimit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    mid: Mid,
    publication: Option<PublicationId>,
    max_height: Option<u16>,
}

impl PeerLink {
    pub fn new(id: PeerId, session: Arc<Session>, offer: &str, sources: BTreeMap<Source, Mid>) -> Self {
        let fingerprints = fingerprints(offer);
        let mut link = Self { id, session, fingerprints, sources, shown: Vec::new(), limit: ReceiveLimit::default() };
        link.follow_slots();
        link
    }

    /// Takes over what a further offer agreed on.
    pub fn renew(&mut self, session: Arc<Session>, sources: BTreeMap<Source, Mid>) {
        self.session = session;
        self.sources = sources;
        self.follow_slots();
    }

    /// Keeps what the slots show that are still there, and adds the new ones, empty.
    fn follow_slots(&mut self) {
        let slots = self.session.agreement.slots.iter().filter(|slot| slot.kind == MediaKind::Video);
        let shown = slots.map(|slot| {
            let known = self.shown.iter().find(|shown| shown.mid == slot.mid).copied();
            known.unwrap_or(Shown { mid: slot.mid, publication: None, max_height: None })
        });
        self.shown = shown.collect();
    }
}

impl Link {
    pub fn watch(&mut self, slots: &[WatchedSlot]) -> Result<(), Refusal> {
        if slots.len() > WATCHED_MAX {
            return Err(refusal(ErrorCode::BadMessage, format!("Name at most {WATCHED_MAX} slots.")));
        }
        let parsed: Option<Vec<_>> =
            slots.iter().map(|slot| Some((Mid::parse(&slot.mid).ok()?, slot.publication, slot.max_height))).collect();
        let parsed = parsed.ok_or_else(|| refusal(ErrorCode::BadMessage, "A slot's mid is not one.".into()))?;
        self.watched = parsed;
        Ok(())
    }

    /// The commands after which the media plane shows this participant what it should.
    pub fn show(&mut self, own: ParticipantId, candidates: &[Candidate]) -> Vec<Command> {
        let Some(peer) = &mut self.peer else { return Vec::new() };
        let mut commands = Vec::new();
        let limit = match self.quality {
            Quality::Automatic => ReceiveLimit::Best,
            Quality::Economy | Quality::VoiceOnly => ReceiveLimit::Smallest,
        };
        if limit != peer.limit {
            peer.limit = limit;
            commands.push(Command::Receive { peer: peer.id, limit });
        }
        let watched = |mid: Mid| self.watched.iter().find(|(watched, ..)| *watched == mid);
        let slots: Vec<VideoSlot> = peer
            .shown
            .iter()
            .map(|shown| VideoSlot {
                mid: shown.mid,
                shows: shown.publication,
                watched: watched(shown.mid).and_then(|(_, publication, _)| *publication),
            })
            .collect();
        let filled = fill(&slots, candidates, own, self.quality);
        for (shown, publication) in peer.shown.iter_mut().zip(filled) {
            let max_height = watched(shown.mid).and_then(|(_, _, max_height)| *max_height);
            let wanted = Shown { mid: shown.mid, publication, max_height };
            if *shown != wanted {
                *shown = wanted;
                commands.push(Command::Show { peer: peer.id, slot: wanted.mid, publication, max_height });
            }
        }
        commands
    }
}

/// The sources that an offer names, by source.
pub(super) fn parse_sources(sources: &[OfferedSource]) -> Result<BTreeMap<Source, Mid>, Refusal> {
    let mut parsed = BTreeMap::new();
    for offered in sources {
        let mid = Mid::parse(&offered.mid)
            .map_err(|_| refusal(ErrorCode::OfferRejected, "A source's mid is not one.".into()))?;
        if parsed.insert(offered.source, mid).is_some() {
            return Err(refusal(ErrorCode::OfferRejected, format!("{:?} is named twice.", offered.source)));
        }
    }
    Ok(parsed)
}

/// Whether each source's m-line is one on which the client sends such media.
pub(super) fn check_sources(session: &Session, sources: &BTreeMap<Source, Mid>) -> Result<(), Refusal> {
    for (source, mid) in sources {
        let kind = if source.is_audio() { MediaKind::Audio } else { MediaKind::Video };
        if !session.agreement.sending.iter().any(|line| line.mid == *mid && line.kind == kind) {
            let detail = format!("{source:?} is said to be on m-line {mid}, which does not send {kind:?}.");
            return Err(refusal(ErrorCode::OfferRejected, detail));
        }
    }
    Ok(())
}

/// The certificate fingerprints of a description, in an order that does not depend on it.
pub(super) fn fingerprints(sdp: &str) -> Vec<String> {
    let lines = sdp.lines().filter_map(|line| line.trim_end().strip_prefix("a=fingerprint:"));
    let mut fingerprints: Vec<String> = lines.map(str::to_ascii_lowercase).collect();
    fingerprints.sort();
    fingerprints.dedup();
    fingerprints
}

/// Answers a new peer's offer; until it is ended, what the media plane says about it comes to this room.
pub(super) fn connect(shared: &Shared, lesson: LessonId, offer: &str) -> Result<(PeerId, Accepted), Refusal> {
    let peer = shared.media.new_peer();
    shared.peers.insert(peer, lesson);
    match shared.media.connect(peer, lesson, offer) {
        Ok(accepted) => Ok((peer, accepted)),
        Err(rejected) => {
            shared.peers.remove(&peer);
            Err(offer_refused(&rejected))
        }
    }
}

/// Ends a peer: nothing more is heard of it.
pub(super) fn disconnect(shared: &Shared, peer: PeerId) {
    shared.peers.remove(&peer);
    shared.media.send(Command::Disconnect { peer });
}

pub(super) fn offer_refused(rejected: &OfferRejected) -> Refusal {
    refusal(ErrorCode::OfferRejected, rejected.to_string())
}

pub(super) fn refusal(code: ErrorCode, detail: String) -> Refusal {
    Refusal { code, detail, field: None, retry_after: None }
}
