//! Which shard has which peer of which room, and therefore what each shard is told.
//!
//! Owns the truth about who is where. The services speak of peers and rooms as if there were one shard; a room's peers
//! may be on several, and then each shard that hosts some of them mirrors the publishers of all others. Refuses media,
//! threads and locks.

use super::relay::{ShardId, ShardSet};
use super::{Command, PEERS_MAX, Published, WISHES_MAX};
use crate::ids::{LessonId, PeerId};
use crate::peer::Session;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Where every peer is.
///
/// Feed it [`Self::connect`], [`Self::handle_command`] and [`Self::peer_gone`]; after each, drain
/// [`Self::poll_command`] and hand every command to its shard in that order, before anything else is fed.
#[derive(Debug)]
pub struct Placement {
    /// How many peers each shard has.
    load: Vec<usize>,
    room_peers_per_shard: usize,
    peers: HashMap<PeerId, Placed>,
    rooms: HashMap<LessonId, RoomPlaces>,
    /// Drained after every call, so it holds what follows from one: at most what a room's publishers have published.
    told: VecDeque<(ShardId, Command)>,
}

#[derive(Debug)]
struct Placed {
    room: LessonId,
    shard: ShardId,
    session: Arc<Session>,
    published: Vec<Published>,
}

/// The shards of one room.
#[derive(Debug, Default)]
struct RoomPlaces {
    /// Those that host peers of it, each with how many.
    hosts: Vec<(ShardId, usize)>,
    /// Its peers that publish something.
    publishers: Vec<PeerId>,
}

impl RoomPlaces {
    fn peers_on(&self, shard: ShardId) -> usize {
        self.hosts.iter().find(|(host, _)| *host == shard).map_or(0, |(_, peers)| *peers)
    }

    fn hosts(&self) -> ShardSet {
        self.hosts.iter().map(|(host, _)| *host).collect()
    }
}

impl Placement {
    /// For so many shards (at least one, at most [`ShardId::COUNT_MAX`]); a room has so many peers on one shard before
    /// others are used.
    #[must_use]
    pub fn new(shards: usize, room_peers_per_shard: usize) -> Self {
        Self {
            load: vec![0; shards.clamp(1, ShardId::COUNT_MAX)],
            room_peers_per_shard: room_peers_per_shard.max(1),
            peers: HashMap::new(),
            rooms: HashMap::new(),
            told: VecDeque::new(),
        }
    }

    /// The shard for a room's next peer: its home shard; where that has its fill of the room, another that the room is
    /// on already, since each further shard costs a relay of everything; then the one with the fewest peers.
    #[must_use]
    pub fn choose(&self, room: LessonId) -> ShardId {
        let count = self.load.len() as u128;
        let home = ShardId(u8::try_from(room.0.as_u128() % count).unwrap_or_default());
        let places = self.rooms.get(&room);
        let of_room = |shard: ShardId| places.map_or(0, |places| places.peers_on(shard));
        let load = |shard: ShardId| self.load.get(shard.at()).copied().unwrap_or(usize::MAX);
        let has_room = |shard: &ShardId| load(*shard) < PEERS_MAX;
        let below = |shard: &ShardId| has_room(shard) && of_room(*shard) < self.room_peers_per_shard;
        if below(&home) {
            return home;
        }
        let hosting = places.into_iter().flat_map(|places| places.hosts.iter().map(|(host, _)| *host));
        let all = || (0..=u8::MAX).map(ShardId).take(self.load.len()).filter(has_room);
        let least = |shard: &ShardId| (load(*shard), *shard);
        hosting
            .filter(below)
            .min_by_key(least)
            .or_else(|| all().filter(below).min_by_key(least))
            .or_else(|| all().min_by_key(|shard| (of_room(*shard), load(*shard), *shard)))
            .unwrap_or(home)
    }

    #[must_use]
    pub fn shard_of(&self, peer: PeerId) -> Option<ShardId> {
        self.peers.get(&peer).map(|placed| placed.shard)
    }

    /// Whether this shard speaks for a room where several could: the first that hosts it does.
    #[must_use]
    pub fn speaks_for(&self, shard: ShardId, room: LessonId) -> bool {
        let first = self.rooms.get(&room).and_then(|places| places.hosts.iter().map(|(host, _)| *host).min());
        first.is_none_or(|first| first == shard)
    }

    /// The next command, and the shard that it is for.
    pub fn poll_command(&mut self) -> Option<(ShardId, Command)> {
        self.told.pop_front()
    }

    /// Connects a peer to a room on a shard, as [`Self::choose`] named it.
    pub fn connect(&mut self, shard: ShardId, peer: PeerId, room: LessonId, session: Arc<Session>) {
        if self.peers.contains_key(&peer) {
            return;
        }
        let places = self.rooms.entry(room).or_default();
        match places.hosts.iter_mut().find(|(host, _)| *host == shard) {
            Some((_, peers)) => *peers += 1,
            None => {
                places.hosts.push((shard, 1));
                for publisher in places.publishers.clone() {
                    self.mirror_on(publisher, shard);
                    self.tell_audience(publisher);
                }
            }
        }
        if let Some(load) = self.load.get_mut(shard.at()) {
            *load += 1;
        }
        let placed = Placed { room, shard, session: Arc::clone(&session), published: Vec::new() };
        self.peers.insert(peer, placed);
        self.tell(shard, Command::Connect { peer, room, session });
    }

    /// Takes a command of the services. What only this type may say, and connecting, is ignored.
    pub fn handle_command(&mut self, command: Command) {
        match command {
            Command::Connect { .. } | Command::Relay { .. } | Command::Mirror { .. } | Command::Unmirror { .. } => {}
            Command::Renegotiate { peer, session } => self.renegotiate(peer, session),
            Command::Disconnect { peer } => {
                let shard = self.shard_of(peer);
                self.peer_gone(peer);
                if let Some(shard) = shard {
                    self.tell(shard, Command::Disconnect { peer });
                }
            }
            Command::Publish { peer, mid, publication, source, always_heard } => {
                self.publish(peer, Published { mid, publication, source, always_heard });
            }
            Command::Unpublish { room, publication } => self.unpublish(room, publication),
            Command::Show { peer, .. } | Command::Receive { peer, .. } => {
                if let Some(shard) = self.shard_of(peer) {
                    self.tell(shard, command);
                }
            }
        }
    }

    /// A shard let a peer go by itself, or is about to.
    pub fn peer_gone(&mut self, peer: PeerId) {
        let Some(placed) = self.peers.get(&peer) else { return };
        let (room, shard) = (placed.room, placed.shard);
        if !placed.published.is_empty() {
            self.end_publisher(peer);
        }
        self.peers.remove(&peer);
        if let Some(load) = self.load.get_mut(shard.at()) {
            *load = load.saturating_sub(1);
        }
        let Some(places) = self.rooms.get_mut(&room) else { return };
        if let Some((_, peers)) = places.hosts.iter_mut().find(|(host, _)| *host == shard) {
            *peers = peers.saturating_sub(1);
        }
        let before = places.hosts.len();
        places.hosts.retain(|(_, peers)| *peers > 0);
        if places.hosts.is_empty() {
            self.rooms.remove(&room);
        } else if places.hosts.len() < before {
            for publisher in places.publishers.clone() {
                self.tell(shard, Command::Unmirror { peer: publisher });
                self.tell_audience(publisher);
            }
        }
    }

    fn renegotiate(&mut self, peer: PeerId, session: Arc<Session>) {
        let Some(placed) = self.peers.get_mut(&peer) else { return };
        placed.session = Arc::clone(&session);
        let (shard, publishes) = (placed.shard, !placed.published.is_empty());
        self.tell(shard, Command::Renegotiate { peer, session });
        if publishes {
            for other in self.audience(peer).iter() {
                self.tell_mirror(peer, other);
            }
        }
    }

    fn publish(&mut self, peer: PeerId, published: Published) {
        let Some(placed) = self.peers.get_mut(&peer) else { return };
        placed.published.retain(|other| !other.is_replaced_by(&published));
        if placed.published.len() >= WISHES_MAX {
            return;
        }
        placed.published.push(published);
        let (room, shard) = (placed.room, placed.shard);
        let publishers = &mut self.rooms.entry(room).or_default().publishers;
        let is_new = !publishers.contains(&peer);
        if is_new {
            publishers.push(peer);
        }
        let others = self.audience(peer);
        self.tell(shard, published.command(peer));
        for other in others.iter() {
            if is_new {
                self.tell_mirror(peer, other);
            }
            self.tell(other, published.command(peer));
        }
        if is_new && !others.is_empty() {
            self.tell_audience(peer);
        }
    }

    fn unpublish(&mut self, room: LessonId, publication: crate::ids::PublicationId) {
        let Some(places) = self.rooms.get(&room) else { return };
        let is_its = |peer: &&PeerId| {
            let placed = self.peers.get(peer);
            placed.is_some_and(|placed| placed.published.iter().any(|own| own.publication == publication))
        };
        let owner = places.publishers.iter().find(is_its).copied();
        for host in places.hosts().iter() {
            self.tell(host, Command::Unpublish { room, publication });
        }
        let Some(owner) = owner else { return };
        let Some(placed) = self.peers.get_mut(&owner) else { return };
        placed.published.retain(|own| own.publication != publication);
        if placed.published.is_empty() {
            self.end_publisher(owner);
        }
    }

    /// A peer publishes nothing more.
    fn end_publisher(&mut self, peer: PeerId) {
        let others = self.audience(peer);
        let Some(placed) = self.peers.get(&peer) else { return };
        let shard = placed.shard;
        if let Some(places) = self.rooms.get_mut(&placed.room) {
            places.publishers.retain(|other| *other != peer);
        }
        if others.is_empty() {
            return;
        }
        self.tell(shard, Command::Relay { peer, to: ShardSet::default() });
        for other in others.iter() {
            self.tell(other, Command::Unmirror { peer });
        }
    }

    /// The shards that host the peer's room, but for its own.
    fn audience(&self, peer: PeerId) -> ShardSet {
        let Some(placed) = self.peers.get(&peer) else { return ShardSet::default() };
        let places = self.rooms.get(&placed.room);
        places.map(RoomPlaces::hosts).unwrap_or_default().without(placed.shard)
    }

    fn tell_audience(&mut self, peer: PeerId) {
        let to = self.audience(peer);
        if let Some(shard) = self.shard_of(peer) {
            self.tell(shard, Command::Relay { peer, to });
        }
    }

    fn tell_mirror(&mut self, peer: PeerId, on: ShardId) {
        let Some(placed) = self.peers.get(&peer) else { return };
        let (room, origin, session) = (placed.room, placed.shard, Arc::clone(&placed.session));
        self.tell(on, Command::Mirror { peer, room, origin, session });
    }

    /// Tells a shard all of a publisher that it did not have.
    fn mirror_on(&mut self, peer: PeerId, shard: ShardId) {
        self.tell_mirror(peer, shard);
        let published = self.peers.get(&peer).map(|placed| placed.published.clone()).unwrap_or_default();
        for published in published {
            self.tell(shard, published.command(peer));
        }
    }

    fn tell(&mut self, shard: ShardId, command: Command) {
        self.told.push_back((shard, command));
    }
}

impl Published {
    fn command(self, peer: PeerId) -> Command {
        let Self { mid, publication, source, always_heard } = self;
        Command::Publish { peer, mid, publication, source, always_heard }
    }
}

#[cfg(test)]
mod tests;
