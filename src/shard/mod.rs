//! Peers and media of many rooms on one thread: told the time, handed datagrams, drained of datagrams and events.
//!
//! A shard shares nothing. The services reach it by [`Command`]s and hear from it by [`Event`]s. A room that outgrows
//! its shard is on several: [`Placement`] says which and what each is told, `audience` and `mirrors` are the two ends
//! of what they hand each other, a [`Relay`].

mod audience;
mod command;
mod demux;
mod figures;
mod mirrors;
mod outgoing;
mod placement;
mod relay;
mod timers;

pub use crate::media::ReceiveLimit;
pub use command::{Command, DisconnectCause, Event, Figures, PeerFigures, PublicationMeasure, ShardCounters};
pub use outgoing::{Outgoing, Run};
pub use placement::Placement;
pub use relay::{RELAY_BYTES_MAX, RELAY_MESSAGES_MAX, Relay, RelayMessage, Relayed, ShardId, ShardSet};

use crate::ids::{LessonId, PeerId, PublicationId};
use crate::media::{self, PeerKey};
use crate::peer::{Identity, Path, Peer, PeerEvent, Session, SrtpProfile, Transport};
use crate::protocol::{Source, TransportKind};
use crate::rtp::Mid;
use audience::Audience;
use mirrors::Mirrors;
use outgoing::SealingSink;
use slab::Slab;
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use timers::{Target, Timers};

/// The most peers of one shard; one more is refused with [`DisconnectCause::Full`]. At 64 KiB each they fit 256 MiB.
pub const PEERS_MAX: usize = 4_096;
/// How many m-lines of one peer may be published or shown at a time; a description has at most 32.
const WISHES_MAX: usize = 32;
/// How many events wait to be polled. Figures are left out first; the rest only follows from commands and checks, so
/// it stays far below.
const EVENTS_MAX: usize = 64 * 1024;
const FIGURES_INTERVAL: Duration = Duration::from_secs(1);

const _: () = assert!(PEERS_MAX * 4 <= EVENTS_MAX);

/// Many rooms' peers and media, on one thread.
///
/// Feed it [`Self::handle_command`], [`Self::handle_datagram`], [`Self::handle_path_closed`] and
/// [`Self::handle_relay`]; call [`Self::handle_timeout`] when [`Self::poll_timeout`] is due. After any of them take
/// what is for other shards ([`Self::swap_relay`]), and call [`Self::fan_out`] until it says that nothing is left, each
/// time sending what [`Self::outgoing`] holds and clearing it; then drain
/// [`Self::poll_event`].
pub struct Shard {
    identity: Arc<Identity>,
    peers: Slab<Entry>,
    rooms: Slab<RoomEntry>,
    by_id: HashMap<PeerId, PeerKey>,
    by_ufrag: HashMap<String, PeerKey>,
    by_path: HashMap<Path, PeerKey>,
    by_lesson: HashMap<LessonId, usize>,
    timers: Timers,
    figures_at: Instant,
    outgoing: Outgoing,
    /// Rooms with media that has not left; each at most once.
    forwarding: Vec<usize>,
    mirrors: Mirrors,
    relay: Relay,
    events: VecDeque<Event>,
    /// What this shard counted itself, and the media counters of rooms that are gone.
    counters: ShardCounters,
}

/// One peer, and what the services want of it.
struct Entry {
    id: PeerId,
    room: usize,
    peer: Peer,
    wishes: Wishes,
    /// The names under which its checks come: the current one, and before it that of before an ICE restart.
    ufrags: Vec<String>,
    is_in_room: bool,
    audience: Audience,
}

/// What the services asked for. Kept because it may be asked before the peer, or the publication, is there.
#[derive(Default)]
struct Wishes {
    published: Vec<Published>,
    shown: Vec<Shown>,
    limit: media::ReceiveLimit,
}

#[derive(Clone, Copy, Debug)]
struct Published {
    mid: Mid,
    publication: PublicationId,
    source: Source,
    always_heard: bool,
}

impl Published {
    /// An m-line carries one publication, and a publication is on one m-line.
    fn is_replaced_by(&self, other: &Self) -> bool {
        self.mid == other.mid || self.publication == other.publication
    }
}

#[derive(Clone, Copy)]
struct Shown {
    slot: Mid,
    publication: Option<PublicationId>,
    max_height: Option<u16>,
}

struct RoomEntry {
    lesson: LessonId,
    media: media::Room,
    peers: Vec<PeerKey>,
    /// In the list of those with media that has not left.
    is_forwarding: bool,
    mirrors: Vec<PeerKey>,
}

impl Shard {
    /// An empty shard.
    #[must_use]
    pub fn new(identity: Arc<Identity>, now: Instant) -> Self {
        Self {
            identity,
            peers: Slab::new(),
            rooms: Slab::new(),
            by_id: HashMap::new(),
            by_ufrag: HashMap::new(),
            by_path: HashMap::new(),
            by_lesson: HashMap::new(),
            timers: Timers::default(),
            figures_at: now + FIGURES_INTERVAL,
            outgoing: Outgoing::default(),
            forwarding: Vec::new(),
            mirrors: Mirrors::default(),
            relay: Relay::default(),
            events: VecDeque::new(),
            counters: ShardCounters::default(),
        }
    }

    /// Carries out a command; what names something unknown is ignored.
    pub fn handle_command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Connect { peer, room, session } => self.connect(now, peer, room, session),
            Command::Renegotiate { peer, session } => self.renegotiate(peer, session),
            Command::Disconnect { peer } => {
                if let Some(key) = self.by_id.get(&peer).copied() {
                    self.disconnect(now, key, DisconnectCause::Commanded);
                }
            }
            Command::Publish { peer, mid, publication, source, always_heard } => {
                self.publish(peer, Published { mid, publication, source, always_heard });
            }
            Command::Unpublish { room, publication } => self.unpublish(room, publication),
            Command::Show { peer, slot, publication, max_height } => {
                self.show(peer, Shown { slot, publication, max_height });
            }
            Command::Receive { peer, limit } => self.receive(peer, limit),
            Command::Relay { peer, to } => self.relay_to(peer, to),
            Command::Mirror { peer, room, origin, session } => self.mirror(peer, room, origin, &session),
            Command::Unmirror { peer } => self.unmirror(peer),
        }
    }

    /// What is to be sent, sealed and addressed.
    #[must_use]
    pub fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    /// What [`Self::outgoing`] held has been sent, but for `refused` datagrams that the network would not take.
    pub fn clear_outgoing(&mut self, refused: u64) {
        self.counters.datagrams_sent += self.outgoing.datagram_count().saturating_sub(refused);
        self.counters.runs_sent += self.outgoing.runs().len() as u64;
        self.counters.dropped_send_queue += refused;
        self.counters.bytes_sent += self.outgoing.bytes().len() as u64;
        self.counters.dropped_send_queue += self.outgoing.take_overflowed();
        self.outgoing.clear();
    }

    /// Seals media for its receivers, as much as should leave at a time; whether more is left.
    pub fn fan_out(&mut self, now: Instant) -> bool {
        while let Some(room) = self.forwarding.last().copied() {
            let mut more = false;
            self.with_room(now, room, |media, sink| more = media.fan_out(now, sink));
            if more {
                return true;
            }
            self.forwarding.retain(|other| *other != room);
            if let Some(entry) = self.rooms.get_mut(room) {
                entry.is_forwarding = false;
            }
            if self.outgoing.is_full() {
                return !self.forwarding.is_empty();
            }
        }
        false
    }

    /// The next thing to tell the services.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Instant {
        self.timers.next().map_or(self.figures_at, |next| next.min(self.figures_at))
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Instant) {
        // One pass over what was due at the start: something that asks to be called at once waits for the next call.
        for target in self.timers.take_due(now) {
            match target {
                Target::Peer(key) => self.peer_timeout(now, key),
                Target::Room(room) => {
                    self.with_room(now, room, |media, sink| media.handle_timeout(now, sink));
                    self.tell_wanted(now, room);
                }
            }
        }
        if now >= self.figures_at {
            self.figures_at = now + FIGURES_INTERVAL;
            self.collect_figures(now);
        }
    }

    fn connect(&mut self, now: Instant, id: PeerId, lesson: LessonId, session: Arc<Session>) {
        if self.by_id.contains_key(&id) {
            return;
        }
        if self.peers.len() >= PEERS_MAX || self.by_ufrag.contains_key(&session.local.ufrag) {
            self.tell(Event::Disconnected { peer: id, cause: DisconnectCause::Full });
            return;
        }
        let room = self.room_of(now, lesson);
        let ufrag = session.local.ufrag.clone();
        let peer = Peer::new(session, Arc::clone(&self.identity), now);
        let (wishes, audience, ufrags) = (Wishes::default(), Audience::default(), vec![ufrag.clone()]);
        let slot = self.peers.insert(Entry { id, room, peer, wishes, ufrags, is_in_room: false, audience });
        let key = PeerKey(u32::try_from(slot).unwrap_or(u32::MAX));
        self.by_id.insert(id, key);
        self.by_ufrag.insert(ufrag, key);
        if let Some(room) = self.rooms.get_mut(room) {
            room.peers.push(key);
        }
        self.schedule_peer(key);
    }

    /// The place of a lesson's room, which begins with its first peer.
    fn room_of(&mut self, now: Instant, lesson: LessonId) -> usize {
        if let Some(room) = self.by_lesson.get(&lesson) {
            return *room;
        }
        let (peers, mirrors) = (Vec::new(), Vec::new());
        let media = media::Room::new(now);
        let room = self.rooms.insert(RoomEntry { lesson, media, peers, mirrors, is_forwarding: false });
        self.by_lesson.insert(lesson, room);
        self.mirrors_enter(lesson, room);
        room
    }

    fn renegotiate(&mut self, id: PeerId, session: Arc<Session>) {
        let Some(key) = self.by_id.get(&id).copied() else { return };
        let Some(entry) = self.peers.get_mut(index(key)) else { return };
        if !entry.ufrags.contains(&session.local.ufrag) {
            entry.ufrags.push(session.local.ufrag.clone());
            self.by_ufrag.insert(session.local.ufrag.clone(), key);
            // The name of before the last restart still counts; older ones do not.
            if entry.ufrags.len() > 2 {
                self.by_ufrag.remove(&entry.ufrags.remove(0));
            }
        }
        entry.peer.renegotiate(Arc::clone(&session));
        if entry.is_in_room
            && let Some(room) = self.rooms.get_mut(entry.room)
        {
            room.media.update_peer(key, &session.agreement);
            entry.wishes.apply(key, &mut room.media);
            let room = entry.room;
            self.refresh_room(room);
        }
    }

    fn publish(&mut self, id: PeerId, published: Published) {
        let Some((key, entry)) = find(&self.by_id, &mut self.peers, id) else {
            return self.publish_mirrored(id, published);
        };
        let wishes = &mut entry.wishes.published;
        wishes.retain(|other| !other.is_replaced_by(&published));
        if wishes.len() >= WISHES_MAX {
            return;
        }
        wishes.push(published);
        let room = entry.room;
        if entry.is_in_room {
            self.start_publication(key, room, published);
        }
    }

    /// Starts forwarding, and fills the slots that waited for it.
    fn start_publication(&mut self, key: PeerKey, room_index: usize, published: Published) {
        let Some(room) = self.rooms.get_mut(room_index) else { return };
        let Published { mid, publication, source, always_heard } = published;
        room.media.publish(key, mid, publication, source, always_heard);
        for key in &room.peers {
            let Some(entry) = self.peers.get(index(*key)).filter(|entry| entry.is_in_room) else { continue };
            for shown in entry.wishes.shown.iter().filter(|shown| shown.publication == Some(publication)) {
                room.media.show(*key, shown.slot, shown.publication, shown.max_height);
            }
        }
        self.refresh_room(room_index);
    }

    fn unpublish(&mut self, lesson: LessonId, publication: PublicationId) {
        self.unpublish_mirrored(lesson, publication);
        let Some(room_index) = self.by_lesson.get(&lesson).copied() else { return };
        let Some(room) = self.rooms.get_mut(room_index) else { return };
        room.media.unpublish(publication);
        for key in &room.peers {
            if let Some(entry) = self.peers.get_mut(index(*key)) {
                entry.wishes.published.retain(|other| other.publication != publication);
                entry.audience.forget(publication);
            }
        }
        self.refresh_room(room_index);
    }

    fn show(&mut self, id: PeerId, shown: Shown) {
        let Some((key, entry)) = find(&self.by_id, &mut self.peers, id) else { return };
        entry.wishes.shown.retain(|other| other.slot != shown.slot);
        if entry.wishes.shown.len() >= WISHES_MAX {
            return;
        }
        entry.wishes.shown.push(shown);
        if entry.is_in_room
            && let Some(room) = self.rooms.get_mut(entry.room)
        {
            room.media.show(key, shown.slot, shown.publication, shown.max_height);
            let room = entry.room;
            self.refresh_room(room);
        }
    }

    fn receive(&mut self, id: PeerId, limit: ReceiveLimit) {
        let Some((key, entry)) = find(&self.by_id, &mut self.peers, id) else { return };
        entry.wishes.limit = limit;
        if entry.is_in_room
            && let Some(room) = self.rooms.get_mut(entry.room)
        {
            room.media.limit(key, entry.wishes.limit);
            let room = entry.room;
            self.refresh_room(room);
        }
    }

    /// The transport is up: the peer's media joins the room.
    fn enter_room(&mut self, key: PeerKey, profile: SrtpProfile) {
        match profile {
            SrtpProfile::AeadAes128Gcm => self.counters.handshakes_gcm += 1,
            SrtpProfile::Aes128CmHmacSha1_80 => self.counters.handshakes_cm += 1,
        }
        let Some(entry) = self.peers.get_mut(index(key)) else { return };
        let Some(room) = self.rooms.get_mut(entry.room) else { return };
        entry.is_in_room = true;
        room.media.add_peer(key, entry.id, &entry.peer.session().agreement);
        entry.wishes.apply(key, &mut room.media);
        let (peer, room) = (entry.id, entry.room);
        let transport = transport_kind(&entry.peer);
        for published in entry.wishes.published.clone() {
            self.start_publication(key, room, published);
        }
        self.tell(Event::Connected { peer, transport });
        self.refresh_room(room);
    }

    fn disconnect(&mut self, now: Instant, key: PeerKey, cause: DisconnectCause) {
        let Some(mut entry) = self.peers.try_remove(index(key)) else { return };
        entry.peer.close(now);
        self.outgoing.push_handshake(&mut entry.peer);
        self.by_id.remove(&entry.id);
        for ufrag in &entry.ufrags {
            self.by_ufrag.remove(ufrag);
        }
        for path in entry.peer.paths() {
            // An address that another peer has proven since is that peer's.
            if self.by_path.get(&path) == Some(&key) {
                self.by_path.remove(&path);
            }
        }
        self.timers.forget(Target::Peer(key));
        if let Some(room) = self.rooms.get_mut(entry.room) {
            room.media.remove_peer(key);
            room.peers.retain(|other| *other != key);
            if room.peers.is_empty() {
                self.close_room(entry.room);
            } else {
                self.refresh_room(entry.room);
            }
        }
        self.tell(Event::Disconnected { peer: entry.id, cause });
    }

    fn close_room(&mut self, room: usize) {
        let Some(closed) = self.rooms.try_remove(room) else { return };
        self.by_lesson.remove(&closed.lesson);
        self.timers.forget(Target::Room(room));
        self.forwarding.retain(|other| *other != room);
        self.counters.add_media(&closed.media.counters());
    }

    fn peer_timeout(&mut self, now: Instant, key: PeerKey) {
        if let Some(entry) = self.peers.get_mut(index(key)) {
            entry.peer.handle_timeout(now);
            self.after_transport(now, key);
        }
    }

    /// Sends what a peer's transport wrote, and follows what it came to.
    fn after_transport(&mut self, now: Instant, key: PeerKey) {
        let Some(entry) = self.peers.get_mut(index(key)) else { return };
        self.outgoing.push_handshake(&mut entry.peer);
        match entry.peer.poll_event() {
            Some(PeerEvent::Connected(profile)) => self.enter_room(key, profile),
            Some(PeerEvent::Closed) => return self.disconnect(now, key, DisconnectCause::ClosedByPeer),
            Some(PeerEvent::ConsentExpired) => return self.disconnect(now, key, DisconnectCause::ConsentExpired),
            Some(PeerEvent::Failed(error)) => {
                tracing::info!(%error, "a media handshake failed");
                self.counters.handshakes_failed += 1;
                return self.disconnect(now, key, DisconnectCause::HandshakeFailed);
            }
            None => {}
        }
        self.schedule_peer(key);
    }

    fn schedule_peer(&mut self, key: PeerKey) {
        if let Some(at) = self.peers.get(index(key)).and_then(|entry| entry.peer.poll_timeout()) {
            self.timers.schedule(Target::Peer(key), at);
        }
    }

    /// Runs a room's media over the sealing sink. A fault of the media logic ends this room's peers, not the process.
    fn with_room(&mut self, now: Instant, room: usize, run: impl FnOnce(&mut media::Room, &mut SealingSink<'_>)) {
        let Some(entry) = self.rooms.get_mut(room) else { return };
        let Self { peers, outgoing, mirrors, relay, .. } = self;
        let mut sink = SealingSink { peers, outgoing, mirrors, relay };
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&mut entry.media, &mut sink)));
        if outcome.is_err() {
            tracing::error!("a fault in a room's media; its peers are disconnected");
            for key in std::mem::take(&mut entry.peers) {
                self.disconnect(now, key, DisconnectCause::Commanded);
            }
            self.close_room(room);
            return;
        }
        self.refresh_room(room);
        if let Some(entry) = self.rooms.get_mut(room).filter(|entry| !entry.is_forwarding)
            && entry.media.has_fan_out(now)
        {
            entry.is_forwarding = true;
            self.forwarding.push(room);
        }
    }

    /// Takes up what a room's media wants next: to be called, to tell.
    fn refresh_room(&mut self, room: usize) {
        let Some(entry) = self.rooms.get_mut(room) else { return };
        if let Some(at) = entry.media.poll_timeout() {
            self.timers.schedule(Target::Room(room), at);
        }
        while let Some(event) = entry.media.poll_event() {
            let event = match event {
                media::Event::SlotsChanged { peer, slots, .. } => Event::SlotsChanged { peer, slots },
                media::Event::Speaking { publications } => Event::Speaking { room: entry.lesson, publications },
            };
            if self.events.len() < EVENTS_MAX {
                self.events.push_back(event);
            }
        }
    }

    fn tell(&mut self, event: Event) {
        if self.events.len() < EVENTS_MAX {
            self.events.push_back(event);
        }
    }
}

impl Wishes {
    /// Says again what is to be shown and how much; publications are started apart, since others wait for them.
    fn apply(&self, key: PeerKey, media: &mut media::Room) {
        media.limit(key, self.limit);
        for shown in &self.shown {
            media.show(key, shown.slot, shown.publication, shown.max_height);
        }
    }
}

fn index(key: PeerKey) -> usize {
    usize::try_from(key.0).unwrap_or(usize::MAX)
}

fn find<'a>(
    by_id: &HashMap<PeerId, PeerKey>,
    peers: &'a mut Slab<Entry>,
    id: PeerId,
) -> Option<(PeerKey, &'a mut Entry)> {
    let key = *by_id.get(&id)?;
    Some((key, peers.get_mut(index(key))?))
}

fn transport_kind(peer: &Peer) -> TransportKind {
    match peer.path().map(|path| path.transport) {
        None => TransportKind::None,
        Some(Transport::Udp) => TransportKind::Udp,
        Some(Transport::Tcp) => TransportKind::Tcp,
    }
}
