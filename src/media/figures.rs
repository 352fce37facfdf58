//! What is measured, for those who watch.

use super::PeerKey;
use super::room::Room;
use crate::ids::PublicationId;
use crate::protocol::{LimitedBy, LinkFigures, ReceivedLayer};
use crate::rtp::MediaKind;
use crate::units::Bitrate;
use std::time::{Duration, Instant};

/// One peer's link since the last time it was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PeerFigures {
    /// Bytes are counted without the seal, UDP and IP.
    pub uplink: LinkFigures,
    /// Packets from the peer that did not come by themselves, repaired or not, in percent of those sent.
    pub uplink_missed_percent: f32,
    /// Loss and jitter as the peer's last reports tell them.
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

/// One publication as it arrives now.
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
    /// First pictures that were sent from the cache, without a keyframe of their own.
    pub keyframes_from_cache: u64,
    /// NACK messages from receivers.
    pub nacks_received: u64,
    pub packets_retransmitted: u64,
    /// RTP or RTCP that does not parse.
    pub dropped_malformed: u64,
    /// RTP of a source that is not published.
    pub dropped_not_published: u64,
    /// RTP that belongs to no m-line.
    pub dropped_unknown_source: u64,
    /// RTP seen before, or too late to be of use to anybody.
    pub dropped_late: u64,
}

impl Room {
    /// A peer's figures since the last call for this peer; meant to be asked once a second.
    pub fn peer_figures(&mut self, now: Instant, key: PeerKey) -> Option<PeerFigures> {
        let now = self.advance(now);
        let index = self.seat(key)?;
        let limited_by = self.limited_by(now, index);
        let layer = self.received_layer(index);
        let sent = self.outgoing.get(index.at())?;
        let peer = self.peers.get_mut(index.at())?;
        let (mut expected, mut missed, mut lost, mut jitter) = (0, 0, 0, Duration::ZERO);
        for line in &mut peer.lines {
            let clock_rate = if line.kind == MediaKind::Audio { 48_000 } else { 90_000 };
            for encoding in &mut line.encodings {
                let came = encoding.reception.figures();
                expected += came.expected;
                missed += came.missed;
                lost += came.lost;
                if came.expected > 0 {
                    jitter = jitter.max(encoding.reception.jitter(clock_rate));
                }
            }
        }
        let uplink = LinkFigures {
            bitrate: Bitrate::of(peer.uplink.bytes, now.since(peer.uplink.since)),
            packets: peer.uplink.packets,
            lost_percent: percent(lost, expected),
            jitter_ms: millis(jitter),
        };
        peer.uplink = super::peer::Uplink { since: now, packets: 0, bytes: 0, ..peer.uplink };
        let before = peer.downlink.figured;
        let downlink = LinkFigures {
            bitrate: Bitrate::of(sent.bytes.saturating_sub(before.bytes), now.since(before.at)),
            packets: sent.packets.saturating_sub(before.packets),
            lost_percent: peer.downlink.lost_percent(now),
            jitter_ms: millis(peer.downlink.jitter),
        };
        peer.downlink.figured = super::downlink::Figured { at: now, packets: sent.packets, bytes: sent.bytes };
        let round_trip_ms = peer.downlink.round_trip.map(|trip| u32::try_from(trip.as_millis()).unwrap_or(u32::MAX));
        let (bytes_up, bytes_down) = (peer.uplink.bytes_ever, sent.bytes);
        let uplink_missed_percent = percent(missed, expected);
        Some(PeerFigures {
            uplink,
            uplink_missed_percent,
            downlink,
            round_trip_ms,
            limited_by,
            layer,
            bytes_up,
            bytes_down,
        })
    }

    /// Every publication's figures as they are now.
    pub fn publication_figures(&mut self, now: Instant) -> Vec<(PublicationId, PublicationFigures)> {
        let now = self.advance(now);
        let figures = self.publications.iter().map(|(_, publication)| {
            let line = self.peers.get(publication.owner.at());
            let line = line.and_then(|peer| peer.lines.get(usize::from(publication.line)));
            let ranked = publication.order.iter().filter_map(|encoding| line?.encodings.get(usize::from(*encoding)));
            let rates = ranked.map(|encoding| encoding.meter.rate(now));
            let encodings = rates.filter(|rate| *rate > Bitrate(0)).collect();
            let receivers = u32::try_from(publication.slots.len()).unwrap_or(u32::MAX);
            (publication.id, PublicationFigures { encodings, receivers })
        });
        figures.collect()
    }

    /// Totals since the room was made.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }
}

fn percent(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 * 100.0 / whole as f32 }
}

fn millis(duration: Duration) -> f32 {
    duration.as_secs_f32() * 1_000.0
}
