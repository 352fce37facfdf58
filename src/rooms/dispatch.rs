//! Brings what the media plane says to the rooms it concerns.

use super::Shared;
use crate::classroom::CONNECTED_MAX;
use crate::ids::{LessonId, PeerId, PublicationId};
use crate::rtp::Mid;
use crate::shard::{DisconnectCause, Event, Figures, PeerFigures, PublicationMeasure};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many events of the media plane wait for one room: every participant's slots may change at once, and again
/// before the room has come to it.
pub(super) const MEDIA_QUEUE: usize = 4 * CONNECTED_MAX;

/// How much of that queue is kept for what is not said again.
const REPEATED_HEADROOM: usize = 2 * CONNECTED_MAX;

const _: () = assert!(REPEATED_HEADROOM < MEDIA_QUEUE);

/// What a room hears from the media plane.
pub(super) enum Notice {
    Disconnected { peer: PeerId, cause: DisconnectCause },
    Slots { peer: PeerId, slots: Vec<(Mid, Option<PublicationId>)> },
    Speaking { publications: Vec<PublicationId> },
    Figures(RoomFigures),
}

/// One shard's figures, as far as they are of one room.
#[derive(Default)]
pub(super) struct RoomFigures {
    pub shard: u32,
    pub peers: Vec<PeerFigures>,
    pub publications: Vec<PublicationMeasure>,
}

/// Runs until the media plane ends.
pub(super) async fn run(shared: Arc<Shared>, mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        match event {
            Event::Connected { peer, transport } => {
                tracing::debug!(%peer, ?transport, "media connected");
                shared.insight.media_connected(peer, transport);
            }
            Event::Disconnected { peer, cause } => {
                shared.insight.media_disconnected(peer);
                if let Some((_, room)) = shared.peers.remove(&peer) {
                    tell(&shared, room, Notice::Disconnected { peer, cause });
                }
            }
            Event::SlotsChanged { peer, slots } => {
                let room = shared.peers.get(&peer).map(|room| *room);
                if let Some(room) = room {
                    tell(&shared, room, Notice::Slots { peer, slots });
                }
            }
            Event::Speaking { room, publications } => tell(&shared, room, Notice::Speaking { publications }),
            Event::Figures(figures) => {
                shared.insight.shard(&figures);
                for (room, figures) in by_room(*figures) {
                    tell(&shared, room, Notice::Figures(figures));
                }
            }
        }
    }
}

/// Hands a room what concerns it. Where its queue runs full, what is said again within a second is dropped first, and
/// never that a peer is gone.
fn tell(shared: &Shared, room: LessonId, notice: Notice) {
    let media = shared.rooms.get(&room).map(|handle| handle.media.clone());
    // A room that is not there (any more) has nobody whom this concerns.
    let Some(media) = media else { return };
    let repeats = matches!(notice, Notice::Speaking { .. } | Notice::Figures(_));
    if repeats && media.capacity() < REPEATED_HEADROOM {
        shared.insight.media_event_dropped();
        return;
    }
    match media.try_send(notice) {
        Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
        Err(mpsc::error::TrySendError::Full(notice @ Notice::Disconnected { .. })) => {
            // As many of these wait as the room has peers, at most.
            tokio::spawn(async move { media.send(notice).await });
        }
        Err(mpsc::error::TrySendError::Full(_)) => shared.insight.media_event_dropped(),
    }
}

fn by_room(figures: Figures) -> HashMap<LessonId, RoomFigures> {
    let shard = figures.shard;
    let mut rooms: HashMap<LessonId, RoomFigures> = HashMap::new();
    let fresh = || RoomFigures { shard, ..RoomFigures::default() };
    for peer in figures.peers {
        rooms.entry(peer.room).or_insert_with(fresh).peers.push(peer);
    }
    for publication in figures.publications {
        rooms.entry(publication.room).or_insert_with(fresh).publications.push(publication);
    }
    rooms
}
