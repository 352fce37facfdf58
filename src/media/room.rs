use super::{PeerKey, Sink};
use crate::ids::{PeerId, PublicationId};
use crate::protocol::{LimitedBy, LinkFigures, Source};
use crate::rtp::{Agreement, Mid};
use crate::units::Bitrate;
use std::time::Instant;

/// The media of one room on one shard.
///
/// Packets go in by [`Room::handle_rtp`] and [`Room::handle_rtcp`], time by [`Room::handle_timeout`]; what is to be
/// sent comes out through the [`Sink`] of the same call. Mutators ([`Room::publish`], [`Room::show`], …) send
/// nothing themselves: what follows from them (keyframe requests, reports) is due at once by
/// [`Room::poll_timeout`]. After any call, drain [`Room::poll_event`], then ask [`Room::poll_timeout`].
pub struct Room {}

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

/// One peer's link since the last time it was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PeerFigures {
    pub uplink: LinkFigures,
    pub downlink: LinkFigures,
    pub round_trip_ms: Option<u32>,
    pub limited_by: LimitedBy,
}

/// One publication since the last time it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicationFigures {
    /// For each encoding that arrives, lowest first.
    pub encodings: Vec<Bitrate>,
    /// How many slots show it.
    pub receivers: u32,
}

/// What a room has counted since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub rtp_received: u64,
    pub rtp_forwarded: u64,
    pub rtcp_received: u64,
    /// PLI and FIR from receivers.
    pub keyframe_requests_received: u64,
    /// PLI to publishers.
    pub keyframe_requests_sent: u64,
    /// NACK messages from receivers.
    pub nacks_received: u64,
    pub packets_retransmitted: u64,
    /// RTP or RTCP that does not parse.
    pub dropped_malformed: u64,
    /// RTP of a source that is not published.
    pub dropped_not_published: u64,
    /// RTP that belongs to no m-line, or of an SSRC beyond the number that a peer may have.
    pub dropped_unknown_source: u64,
    /// RTP seen before, or too late to be of use to anybody.
    pub dropped_late: u64,
}

impl Room {
    /// An empty room. Its RTCP timebase starts at `now`.
    #[must_use]
    pub fn new(_now: Instant) -> Self {
        Self {}
    }

    /// Adds a peer that is connected. A key that is already there is replaced.
    pub fn add_peer(&mut self, _key: PeerKey, _peer: PeerId, _agreement: &Agreement) {}

    /// Follows a peer's new agreement. M-lines (by mid) that stay keep all their state; new ones are added; ones that
    /// are gone fall silent but keep their sequence numbers, so that no SRTP index is ever used twice.
    pub fn update_peer(&mut self, _key: PeerKey, _agreement: &Agreement) {}

    /// Removes a peer with its publications and slots.
    pub fn remove_peer(&mut self, _key: PeerKey) {}

    /// Whether the room has no peers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        true
    }

    /// Forwards what arrives on a sending m-line from now on, as this publication. Sound goes to everybody else's
    /// audio slots by loudness (`always_heard`, and the sound of a screen, before all others); pictures go where they
    /// are shown. Ignored where the peer or the m-line is not there.
    pub fn publish(
        &mut self,
        _key: PeerKey,
        _mid: Mid,
        _publication: PublicationId,
        _source: Source,
        _always_heard: bool,
    ) {
    }

    /// Ends a publication: nothing more of it comes out, not even repairs.
    pub fn unpublish(&mut self, _publication: PublicationId) {}

    /// Shows a publication in a video slot, or nothing. `max_height` is the height in pixels at which it is drawn.
    /// A publication that is not there, is not video, or has no codec in common with the slot leaves the slot empty.
    pub fn show(&mut self, _key: PeerKey, _slot: Mid, _publication: Option<PublicationId>, _max_height: Option<u16>) {}

    /// Bounds what a peer is sent.
    pub fn limit(&mut self, _key: PeerKey, _limit: ReceiveLimit) {}

    /// Takes a decrypted RTP packet of a peer.
    pub fn handle_rtp(&mut self, _now: Instant, _key: PeerKey, _packet: &[u8], _sink: &mut impl Sink) {}

    /// Takes a decrypted compound RTCP packet of a peer.
    pub fn handle_rtcp(&mut self, _now: Instant, _key: PeerKey, _compound: &[u8], _sink: &mut impl Sink) {}

    /// Does what is due. Cheap where nothing is.
    pub fn handle_timeout(&mut self, _now: Instant, _sink: &mut impl Sink) {}

    /// When [`Room::handle_timeout`] wants to be called next; an instant that has passed means at once.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        None
    }

    /// The next thing to tell, if any. Bounded: what changes twice before it is asked for is told once.
    pub fn poll_event(&mut self) -> Option<Event> {
        None
    }

    /// A peer's figures since the last call for this peer; meant to be asked once a second.
    pub fn peer_figures(&mut self, _now: Instant, _key: PeerKey) -> Option<PeerFigures> {
        None
    }

    /// Every publication's figures since the last call; meant to be asked once a second.
    pub fn publication_figures(&mut self, _now: Instant) -> Vec<(PublicationId, PublicationFigures)> {
        Vec::new()
    }

    /// Totals since the room was made.
    #[must_use]
    pub fn counters(&self) -> Counters {
        Counters::default()
    }
}
