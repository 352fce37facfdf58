//! How much data a room's participants spend: read off the media plane each second, written down about each minute.

use super::dispatch::RoomFigures;
use super::task::RoomTask;
use crate::ids::{ParticipantId, PeerId};
use crate::store::Spent;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How often what was spent is written down; what a crash may lose of it.
const WRITE_EVERY: Duration = Duration::from_secs(60);

/// What was spent and is not written down yet.
#[derive(Default)]
pub(super) struct Ledger {
    /// What each connection had spent when it was last heard of. As many as the room has peers.
    heard: HashMap<PeerId, Spent>,
    owed: BTreeMap<ParticipantId, Spent>,
    written_at: Option<Instant>,
    /// Somebody left: what they spent is not to wait.
    is_due: bool,
}

impl Ledger {
    /// Takes in what a shard says of its peers.
    pub fn take(&mut self, figures: &RoomFigures, who: impl Fn(PeerId) -> Option<ParticipantId>) {
        for peer in &figures.peers {
            let Some(participant) = who(peer.peer) else { continue };
            let now = Spent { down: peer.bytes_down, up: peer.bytes_up };
            let before = self.heard.insert(peer.peer, now).unwrap_or_default();
            let owed = self.owed.entry(participant).or_default();
            owed.down = owed.down.saturating_add(now.down.saturating_sub(before.down));
            owed.up = owed.up.saturating_add(now.up.saturating_sub(before.up));
        }
    }

    /// A connection is gone.
    pub fn forget(&mut self, peer: PeerId) {
        self.is_due |= self.heard.remove(&peer).is_some();
    }

    /// What is to be written down now, if anything is.
    pub fn due(&mut self, now: Instant) -> Vec<(ParticipantId, Spent)> {
        let last = *self.written_at.get_or_insert(now);
        if !self.is_due && now.duration_since(last) < WRITE_EVERY {
            return Vec::new();
        }
        self.written_at = Some(now);
        self.is_due = false;
        self.all()
    }

    /// All that is not written down.
    pub fn all(&mut self) -> Vec<(ParticipantId, Spent)> {
        let owed = std::mem::take(&mut self.owed);
        owed.into_iter().filter(|(_, spent)| *spent != Spent::default()).collect()
    }
}

impl RoomTask {
    /// Writes down what was spent where it is time to. Nobody waits for it: a minute of figures is worth less than a
    /// room that stands still while the disk is slow.
    pub(super) fn write_spending(&mut self, now: Instant) {
        let spent = self.spending.due(now);
        if spent.is_empty() {
            return;
        }
        let (store, lesson) = (self.log.store().clone(), self.lesson);
        tokio::spawn(async move {
            if let Err(error) = store.add_spending(&spent).await {
                tracing::warn!(%lesson, %error, "what was spent in the last minute is not counted");
            }
        });
    }

    /// Writes down the rest, before the room is closed.
    pub(super) async fn write_last_spending(&mut self) {
        let spent = self.spending.all();
        if let Err(error) = self.log.store().add_spending(&spent).await {
            tracing::warn!(lesson = %self.lesson, %error, "what was spent in the last minute is not counted");
        }
    }

    /// Works out who was there how long, once the lesson is over.
    pub(super) fn settle_attendance(&self) {
        let (shared, lesson, institution) = (Arc::clone(&self.shared), self.lesson, self.log.store().institution());
        tokio::spawn(async move { super::attendance::settle(&shared, institution, lesson).await });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LessonId;
    use crate::protocol::{LimitedBy, LinkFigures, TransportKind};
    use crate::shard::PeerFigures;
    use uuid::Uuid;

    fn figures(peer: u64, down: u64, up: u64) -> RoomFigures {
        let peer = PeerFigures {
            peer: PeerId(peer),
            room: LessonId(Uuid::nil()),
            transport: TransportKind::Udp,
            uplink: LinkFigures::default(),
            uplink_missed_percent: 0.0,
            downlink: LinkFigures::default(),
            round_trip_ms: None,
            limited_by: LimitedBy::Nothing,
            layer: None,
            bytes_up: up,
            bytes_down: down,
        };
        RoomFigures { peers: vec![peer], ..RoomFigures::default() }
    }

    fn amina(peer: PeerId) -> Option<ParticipantId> {
        (peer.0 < 3).then_some(ParticipantId(Uuid::from_u128(1)))
    }

    #[tokio::test]
    async fn what_is_spent_is_written_once_a_minute_and_once_only() {
        let start = Instant::now();
        let mut ledger = Ledger::default();
        assert_eq!(ledger.due(start), []);
        ledger.take(&figures(1, 1_000, 10), amina);
        ledger.take(&figures(1, 1_500, 30), amina);
        ledger.take(&figures(7, 9_000, 9_000), amina);
        assert_eq!(ledger.due(start + WRITE_EVERY / 2), []);
        let amina_owes = |down, up| vec![(ParticipantId(Uuid::from_u128(1)), Spent { down, up })];
        assert_eq!(ledger.due(start + WRITE_EVERY), amina_owes(1_500, 30));
        assert_eq!(ledger.due(start + WRITE_EVERY * 2), []);
        ledger.take(&figures(1, 1_600, 30), amina);
        // Another connection begins at nothing.
        ledger.take(&figures(2, 40, 0), amina);
        assert_eq!(ledger.due(start + WRITE_EVERY * 3), amina_owes(140, 0));
    }

    #[tokio::test]
    async fn what_somebody_spent_is_written_when_they_leave() {
        let start = Instant::now();
        let mut ledger = Ledger::default();
        ledger.due(start);
        ledger.take(&figures(1, 1_000, 10), amina);
        ledger.forget(PeerId(1));
        assert_eq!(ledger.due(start).len(), 1);
        ledger.forget(PeerId(1));
        assert_eq!(ledger.due(start), []);
    }
}
