use super::relay::{ShardId, ShardSet};
use crate::ids::{LessonId, PeerId, PublicationId};
use crate::media::{self, ReceiveLimit};
use crate::peer::Session;
use crate::protocol::{LimitedBy, LinkFigures, ReceivedLayer, Source, TransportKind};
use crate::rtp::Mid;
use crate::units::Bitrate;
use std::sync::Arc;

/// What the services tell a shard. A command about a peer or publication that is not there (any more) is ignored:
/// both sides race by nature.
#[derive(Clone, Debug)]
pub enum Command {
    /// A peer whose offer was answered; its first authenticated connectivity check brings its address.
    Connect { peer: PeerId, room: LessonId, session: Arc<Session> },
    /// The peer offered again (an ICE restart, more slots); `session` is the whole new agreement.
    Renegotiate { peer: PeerId, session: Arc<Session> },
    /// The peer's media ends at once.
    Disconnect { peer: PeerId },
    /// What arrives on this sending m-line is forwarded to the room from now on, as this publication. A trainer's
    /// voice is `always_heard`: it has an audio slot whoever else is louder.
    Publish { peer: PeerId, mid: Mid, publication: PublicationId, source: Source, always_heard: bool },
    /// Nothing more of this publication reaches anybody.
    Unpublish { room: LessonId, publication: PublicationId },
    /// Shows a publication in a video slot, or nothing.
    Show { peer: PeerId, slot: Mid, publication: Option<PublicationId>, max_height: Option<u16> },
    /// Bounds what the peer is sent.
    Receive { peer: PeerId, limit: ReceiveLimit },
    /// What the peer publishes is handed to these other shards from now on, and to no others. This and the two below
    /// come from [`super::Placement`] alone.
    Relay { peer: PeerId, to: ShardSet },
    /// A peer of the room that has its transport on another shard publishes: what that shard hands over is forwarded
    /// here, as far as `Publish` says of the same peer. Said again, it is the peer's whole new agreement.
    Mirror { peer: PeerId, room: LessonId, origin: ShardId, session: Arc<Session> },
    /// The peer publishes nothing more, or is gone.
    Unmirror { peer: PeerId },
}

/// What a shard tells the services.
#[derive(Clone, Debug)]
pub enum Event {
    /// Media can flow: ICE, DTLS and SRTP are up.
    Connected { peer: PeerId, transport: TransportKind },
    /// The peer is gone from this shard.
    Disconnected { peer: PeerId, cause: DisconnectCause },
    /// What the peer's slots, sound and pictures, show from now on; all of them.
    SlotsChanged { peer: PeerId, slots: Vec<(Mid, Option<PublicationId>)> },
    /// Who speaks in a room, loudest first; at most 4 times a second.
    Speaking { room: LessonId, publications: Vec<PublicationId> },
    /// Once a second.
    Figures(Box<Figures>),
}

/// Why a shard let a peer go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DisconnectCause {
    /// It was told to.
    Commanded,
    /// No authenticated connectivity check for 30 s (RFC 7675), or none at all in the first 30 s.
    ConsentExpired,
    /// The DTLS handshake failed, or the certificate is not the one that the offer named.
    HandshakeFailed,
    /// The peer said goodbye (DTLS `close_notify`).
    ClosedByPeer,
    /// The shard has as many peers as it may.
    Full,
}

/// One shard's figures over the last second.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Which shard, from 0.
    pub shard: u32,
    pub peers: Vec<PeerFigures>,
    pub publications: Vec<PublicationMeasure>,
    /// Totals since the shard started.
    pub counters: ShardCounters,
    /// What waits for slow receivers over TCP, in bytes; the adapter says it.
    pub tcp_bytes_waiting: u64,
}

/// One peer's link over the last second.
#[derive(Clone, Debug)]
pub struct PeerFigures {
    pub peer: PeerId,
    pub room: LessonId,
    pub transport: TransportKind,
    pub uplink: LinkFigures,
    /// Packets from the peer that did not come by themselves, repaired or not, in percent of those sent.
    pub uplink_missed_percent: f32,
    pub downlink: LinkFigures,
    pub round_trip_ms: Option<u32>,
    pub limited_by: LimitedBy,
    /// The encoding that it gets of its most important picture, where it gets one.
    pub layer: Option<ReceivedLayer>,
    /// From the peer since it connected, in bytes.
    pub bytes_up: u64,
    /// To the peer since it connected, in bytes.
    pub bytes_down: u64,
}

/// One publication over the last second.
#[derive(Clone, Debug)]
pub struct PublicationMeasure {
    pub publication: PublicationId,
    pub room: LessonId,
    /// For each encoding that arrives, lowest first; empty on shards that only mirror its publisher.
    pub encodings: Vec<Bitrate>,
    /// How many slots of this shard show it.
    pub receivers: u32,
    /// Its publisher's transport is on another shard.
    pub mirrored: bool,
}

/// What a shard has counted since it started. Every field is a metric of the same name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShardCounters {
    pub datagrams_received: u64,
    pub bytes_received: u64,
    pub datagrams_sent: u64,
    /// Runs of datagrams that left as one buffer each, single datagrams among them.
    pub runs_sent: u64,
    pub bytes_sent: u64,
    pub rtp_received: u64,
    pub rtp_forwarded: u64,
    pub rtcp_received: u64,
    /// Handshakes that ended with AEAD_AES_128_GCM.
    pub handshakes_gcm: u64,
    /// Handshakes that ended with AES_CM_128_HMAC_SHA1_80, because the client has no GCM.
    pub handshakes_cm: u64,
    pub handshakes_failed: u64,
    pub keyframe_requests_received: u64,
    pub keyframe_requests_sent: u64,
    /// First pictures that were sent from the cache, without a keyframe of their own.
    pub keyframes_from_cache: u64,
    pub nacks_received: u64,
    pub packets_retransmitted: u64,
    /// Packets and sender reports handed to other shards, one for each shard.
    pub relay_sent: u64,
    /// Packets and sender reports that other shards handed over. `rtp_received` and `rtcp_received` count them too.
    pub relay_received: u64,
    /// Datagrams from an address that passed no authenticated check.
    pub dropped_unknown_address: u64,
    /// Neither STUN, DTLS, RTP nor RTCP.
    pub dropped_not_media: u64,
    /// STUN that does not parse, names no peer, or whose integrity does not hold.
    pub dropped_bad_stun: u64,
    /// DTLS that does not parse or came out of place.
    pub dropped_bad_dtls: u64,
    /// SRTP or SRTCP whose authentication failed.
    pub dropped_bad_auth: u64,
    /// SRTP or SRTCP seen before.
    pub dropped_replayed: u64,
    /// RTP or RTCP that is malformed inside a good seal.
    pub dropped_malformed: u64,
    /// RTP of a source that nobody may hear or see.
    pub dropped_not_published: u64,
    /// RTP that belongs to no m-line, or of a source beyond the number that a peer may have.
    pub dropped_unknown_source: u64,
    /// RTP that came twice, or too late to be of use to anybody.
    pub dropped_late: u64,
    /// What did not fit the send queue.
    pub dropped_send_queue: u64,
    /// CPU time of the shard's thread, user and system together; the adapter says it.
    pub cpu_microseconds: u64,
    /// What did not fit the way to another shard.
    pub dropped_relay: u64,
}

impl ShardCounters {
    /// Adds what a room's media counted.
    pub(super) fn add_media(&mut self, media: &media::Counters) {
        self.rtp_received += media.rtp_received;
        self.rtp_forwarded += media.rtp_forwarded;
        self.rtcp_received += media.rtcp_received;
        self.keyframe_requests_received += media.keyframe_requests_received;
        self.keyframe_requests_sent += media.keyframe_requests_sent;
        self.keyframes_from_cache += media.keyframes_from_cache;
        self.nacks_received += media.nacks_received;
        self.packets_retransmitted += media.packets_retransmitted;
        self.dropped_malformed += media.dropped_malformed;
        self.dropped_not_published += media.dropped_not_published;
        self.dropped_unknown_source += media.dropped_unknown_source;
        self.dropped_late += media.dropped_late;
    }
}
