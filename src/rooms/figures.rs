//! A lesson's live figures, put together from what the shards say.

use super::dispatch::RoomFigures;
use crate::ids::{ParticipantId, PeerId};
use crate::protocol::{LessonFigures, LimitedBy, ParticipantFigures, Publication, PublicationFigures, ServerMessage};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// For how many of its beats a shard that says nothing more still counts.
const SILENT_BEATS_MAX: u8 = 3;

/// Round trips are told in steps of this, so that a client hears of changes and not of noise.
const ROUND_TRIP_STEP_MS: u32 = 20;

/// The newest figures of each shard that serves the room.
#[derive(Default)]
pub(super) struct Figures {
    shards: BTreeMap<u32, (RoomFigures, u8)>,
    /// What each participant was told last about their own reception.
    told: HashMap<ParticipantId, Reception>,
}

/// A participant's reception in the steps in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reception {
    limited_by: LimitedBy,
    lost_percent: u8,
    round_trip_ms: Option<u32>,
}

impl Figures {
    pub fn take(&mut self, figures: RoomFigures) {
        self.shards.insert(figures.shard, (figures, 0));
    }

    /// To be called once a second.
    pub fn beat(&mut self) {
        self.shards.retain(|_, (_, silent)| {
            *silent = silent.saturating_add(1);
            *silent <= SILENT_BEATS_MAX
        });
    }

    pub fn forget(&mut self, participant: ParticipantId) {
        self.told.remove(&participant);
    }

    pub fn lesson(
        &self,
        at: Timestamp,
        who: impl Fn(PeerId) -> Option<ParticipantId>,
        publications: &[Publication],
    ) -> LessonFigures {
        let mut participants: Vec<ParticipantFigures> = self
            .peers()
            .filter_map(|peer| {
                Some(ParticipantFigures {
                    participant: who(peer.peer)?,
                    transport: peer.transport,
                    uplink: peer.uplink,
                    downlink: peer.downlink,
                    round_trip_ms: peer.round_trip_ms,
                })
            })
            .collect();
        participants.sort_by_key(|figures| figures.participant);
        let publications = publications.iter().map(|p| self.publication(p)).collect();
        LessonFigures { at, participants, publications, speech: None, picture: None }
    }

    fn publication(&self, publication: &Publication) -> PublicationFigures {
        let mut figures = PublicationFigures {
            publication: publication.id,
            participant: publication.participant,
            source: publication.source,
            encodings: Vec::new(),
            receivers: 0,
        };
        let shards = self.shards.values().flat_map(|(shard, _)| &shard.publications);
        for measure in shards.filter(|measure| measure.publication == publication.id) {
            figures.receivers = figures.receivers.saturating_add(measure.receivers);
            // Every shard that relays it measures the same encodings.
            if figures.encodings.len() < measure.encodings.len() {
                figures.encodings.clone_from(&measure.encodings);
            }
        }
        figures
    }

    /// Who is to be told that their reception changed, and how it is.
    pub fn receptions(&mut self, who: impl Fn(PeerId) -> Option<ParticipantId>) -> Vec<(ParticipantId, ServerMessage)> {
        let measured: Vec<(ParticipantId, Reception)> = self
            .peers()
            .filter_map(|peer| {
                let reception = Reception {
                    limited_by: peer.limited_by,
                    lost_percent: peer.downlink.lost_percent.clamp(0.0, 100.0).round() as u8,
                    round_trip_ms: peer.round_trip_ms.map(|ms| ms / ROUND_TRIP_STEP_MS * ROUND_TRIP_STEP_MS),
                };
                Some((who(peer.peer)?, reception))
            })
            .collect();
        let changed =
            measured.into_iter().filter(|(id, reception)| self.told.insert(*id, *reception) != Some(*reception));
        changed
            .map(|(participant, reception)| {
                let message = ServerMessage::Reception {
                    limited_by: reception.limited_by,
                    lost_percent: f32::from(reception.lost_percent),
                    round_trip_ms: reception.round_trip_ms,
                };
                (participant, message)
            })
            .collect()
    }

    /// Whose network keeps something back from them.
    pub fn limited_by_network(&self) -> BTreeSet<PeerId> {
        self.peers().filter(|peer| peer.limited_by == LimitedBy::Network).map(|peer| peer.peer).collect()
    }

    fn peers(&self) -> impl Iterator<Item = &crate::shard::PeerFigures> {
        self.shards.values().flat_map(|(figures, _)| &figures.peers)
    }
}
