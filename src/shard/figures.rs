//! What a shard measures and counts, put together once a second.

use super::{EVENTS_MAX, Event, Figures, PeerFigures, PublicationMeasure, Shard, ShardCounters, index, transport_kind};
use std::time::Instant;

impl Shard {
    pub(super) fn collect_figures(&mut self, now: Instant) {
        let mut figures = Figures { counters: self.counters(), ..Figures::default() };
        for (_, room) in &mut self.rooms {
            for key in &room.peers {
                let Some(entry) = self.peers.get(index(*key)) else { continue };
                let Some(measured) = room.media.peer_figures(now, *key) else { continue };
                figures.peers.push(PeerFigures {
                    peer: entry.id,
                    room: room.lesson,
                    transport: transport_kind(&entry.peer),
                    uplink: measured.uplink,
                    uplink_missed_percent: measured.uplink_missed_percent,
                    downlink: measured.downlink,
                    round_trip_ms: measured.round_trip_ms,
                    limited_by: measured.limited_by,
                    layer: measured.layer,
                    bytes_up: measured.bytes_up,
                    bytes_down: measured.bytes_down,
                });
            }
            for (publication, measured) in room.media.publication_figures(now) {
                let mirrored = self.mirrors.has(room, publication);
                figures.publications.push(PublicationMeasure {
                    publication,
                    room: room.lesson,
                    encodings: if mirrored { Vec::new() } else { measured.encodings },
                    receivers: measured.receivers,
                    mirrored,
                });
            }
        }
        if self.events.len() < EVENTS_MAX / 2 {
            self.events.push_back(Event::Figures(Box::new(figures)));
        }
    }

    /// What this shard has counted since it started.
    #[must_use]
    pub fn counters(&self) -> ShardCounters {
        let mut counters = self.counters;
        for (_, room) in &self.rooms {
            counters.add_media(&room.media.counters());
        }
        counters
    }
}
