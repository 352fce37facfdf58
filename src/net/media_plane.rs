//! The services' handle on the media plane.

use super::addresses::announced;
use super::directory::Directory;
use super::relay::ways;
use super::shard_thread::ShardHandle;
use crate::ids::{LessonId, PeerId};
use crate::peer::{Answered, Credentials, Identity, LocalSide, Session, answer, candidates};
use crate::rtp::Ssrc;
use crate::shard::{Command, Event, Placement, ShardId};
use ring::rand::{SecureRandom, SystemRandom};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;
use uuid::Uuid;

/// How many events wait for the services; figures are left out first, the rest then waits in the shards.
const EVENTS_MAX: usize = 8 * 1024;
/// The most shards of one process.
const SHARDS_MAX: usize = 64;

const _: () = assert!(SHARDS_MAX <= ShardId::COUNT_MAX);

/// How the media plane is set up.
#[derive(Clone, Debug)]
pub struct MediaPlaneOptions {
    /// Where media is received, UDP and passive ICE-TCP alike; shard n listens on this port plus n. A port of 0 takes
    /// any free one.
    pub listen: SocketAddr,
    /// The addresses to announce as candidates where the machine's own are not the ones clients reach (NAT).
    pub public_addresses: Vec<IpAddr>,
    /// How many shards, one thread each.
    pub shards: usize,
    /// How many peers of one room a shard has before the room's next peers go to other shards.
    pub room_peers_per_shard: usize,
}

/// A handle on the running media plane; cheap to clone. The shards' threads end with the last one.
#[derive(Clone)]
pub struct MediaPlane {
    inner: Arc<Inner>,
}

struct Inner {
    options: MediaPlaneOptions,
    identity: Arc<Identity>,
    shards: Vec<ShardHandle>,
    directory: Arc<Directory>,
    next_peer: AtomicU64,
    random: SystemRandom,
}

/// An offer that was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The answer's SDP.
    pub answer: String,
    /// Keep it to answer the same peer's next offer.
    pub session: Arc<Session>,
}

/// ICE that was restarted without an offer.
#[derive(Clone, Debug)]
pub struct IceRestarted {
    /// Keep it in place of the one before.
    pub session: Arc<Session>,
    /// The server's `candidate` attributes, without `a=`.
    pub candidates: Vec<String>,
}

/// Why an offer can't be used; the text says which part.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OfferRejected(pub String);

/// Why the media plane does not start; the text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl MediaPlane {
    /// Opens the sockets and starts the shards' threads. Events of all shards arrive on one channel, each shard's in
    /// order; where it overflows, figures are dropped first.
    ///
    /// # Errors
    /// Where a port can't be opened.
    pub fn start(options: MediaPlaneOptions) -> Result<(Self, mpsc::Receiver<Event>), StartError> {
        if options.shards == 0 || options.shards > SHARDS_MAX {
            return Err(StartError(format!("media.shards must be 1 to {SHARDS_MAX}, not {}", options.shards)));
        }
        let identity = Arc::new(Identity::generate().map_err(|error| StartError(error.to_string()))?);
        let (sender, events) = mpsc::channel(EVENTS_MAX);
        let directory = Arc::new(Directory::new(Placement::new(options.shards, options.room_peers_per_shard)));
        let (mut shards, mut links) = (Vec::with_capacity(options.shards), Vec::with_capacity(options.shards));
        for (number, relay) in ways(options.shards).into_iter().enumerate() {
            let listen = shard_address(options.listen, number)?;
            let name = u32::try_from(number).unwrap_or(u32::MAX);
            let (identity, directory) = (Arc::clone(&identity), Arc::clone(&directory));
            let started = ShardHandle::start(name, listen, identity, sender.clone(), directory, relay);
            let (shard, link) = started.map_err(|error| {
                StartError(format!(
                    "the media port {listen} can't be opened (UDP and TCP): {error}. Stop what uses it, or choose \
                     another with --media-port or media.port"
                ))
            })?;
            shards.push(shard);
            links.push(link);
        }
        directory.link(links);
        let random = SystemRandom::new();
        let inner = Inner { options, identity, shards, directory, next_peer: AtomicU64::new(1), random };
        Ok((Self { inner: Arc::new(inner) }, events))
    }

    /// The address where shard 0 receives media.
    #[must_use]
    pub fn local_address(&self) -> SocketAddr {
        self.inner.shards.first().map_or(self.inner.options.listen, |shard| shard.address)
    }

    /// Where each shard receives media, in their order.
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.inner.shards.iter().map(|shard| shard.address).collect()
    }

    /// An id that nothing else has.
    pub(super) fn random_id(&self) -> Result<Uuid, OfferRejected> {
        Ok(Uuid::from_u128(u128::from_be_bytes(self.inner.random_bytes()?)))
    }

    /// A peer id that no other peer of this process has.
    #[must_use]
    pub fn new_peer(&self) -> PeerId {
        PeerId(self.inner.next_peer.fetch_add(1, Ordering::Relaxed))
    }

    /// Answers a new peer's offer and connects it to a room.
    ///
    /// # Errors
    /// Where the offer can't be used.
    pub fn connect(&self, peer: PeerId, room: LessonId, offer: &str) -> Result<Accepted, OfferRejected> {
        let inner = &self.inner;
        let shard = inner.directory.with(|placement| placement.choose(room));
        let accepted = inner.answer(shard, offer, None)?;
        let session = Arc::clone(&accepted.session);
        inner.directory.with(|placement| placement.connect(shard, peer, room, session));
        Ok(accepted)
    }

    /// Answers a connected peer's next offer: an ICE restart, or more slots.
    ///
    /// # Errors
    /// Where the offer can't be used; the connection stays as it was.
    pub fn renegotiate(&self, peer: PeerId, previous: &Session, offer: &str) -> Result<Accepted, OfferRejected> {
        let shard = self.inner.placed(peer)?;
        let accepted = self.inner.answer(shard, offer, Some(previous))?;
        self.send(Command::Renegotiate { peer, session: Arc::clone(&accepted.session) });
        Ok(accepted)
    }

    /// Restarts a connected peer's ICE under the client's new credentials, without an offer.
    ///
    /// # Errors
    /// Where the credentials can't be used; the connection stays as it was.
    pub fn restart_ice(
        &self,
        peer: PeerId,
        previous: &Session,
        ufrag: &str,
        password: &str,
    ) -> Result<IceRestarted, OfferRejected> {
        let shard = self.inner.placed(peer)?;
        let local = self.inner.credentials()?;
        let session = previous.restart_ice(ufrag, password, local).map_err(|error| OfferRejected(error.0))?;
        let session = Arc::new(session);
        self.send(Command::Renegotiate { peer, session: Arc::clone(&session) });
        Ok(IceRestarted { session, candidates: candidates(&self.inner.addresses(shard)) })
    }

    /// Hands a command to the shards it concerns. Never blocks. Peers are connected by [`Self::connect`] alone.
    pub fn send(&self, command: Command) {
        self.inner.directory.with(|placement| placement.handle_command(command));
    }
}

impl Inner {
    fn placed(&self, peer: PeerId) -> Result<ShardId, OfferRejected> {
        let shard = self.directory.with(|placement| placement.shard_of(peer));
        shard.ok_or_else(|| OfferRejected("the media connection is gone: offer anew".to_owned()))
    }

    fn addresses(&self, shard: ShardId) -> Vec<SocketAddr> {
        let Some(shard) = self.shards.get(shard.at()) else { return Vec::new() };
        announced(shard.address.ip(), shard.address.port(), &self.options.public_addresses)
    }

    fn answer(&self, shard: ShardId, offer: &str, previous: Option<&Session>) -> Result<Accepted, OfferRejected> {
        let numbers: [u8; 12] = self.random_bytes()?;
        let [s0, s1, s2, s3, n0, n1, n2, n3, n4, n5, n6, n7] = numbers;
        let local = LocalSide {
            addresses: &self.addresses(shard),
            fingerprint: self.identity.fingerprint(),
            credentials: self.credentials()?,
            first_ssrc: Ssrc(u32::from_be_bytes([s0, s1, s2, s3])),
            // RFC 8829 §5.2.1: a 64-bit number whose highest bit is zero.
            session_number: u64::from_be_bytes([n0, n1, n2, n3, n4, n5, n6, n7]) >> 1,
        };
        let Answered { sdp, session } = answer(offer, local, previous).map_err(|error| OfferRejected(error.0))?;
        Ok(Accepted { answer: sdp, session: Arc::new(session) })
    }

    /// 96 random bits of user name, so that no two peers of a shard share one, and 192 of password.
    fn credentials(&self) -> Result<Credentials, OfferRejected> {
        let ufrag: [u8; 12] = self.random_bytes()?;
        let password: [u8; 24] = self.random_bytes()?;
        Ok(Credentials { ufrag: hex(&ufrag), password: hex(&password) })
    }

    fn random_bytes<const N: usize>(&self) -> Result<[u8; N], OfferRejected> {
        let mut bytes = [0; N];
        self.random
            .fill(&mut bytes)
            .map_err(|_| OfferRejected("the system gives no randomness: try again".to_owned()))?;
        Ok(bytes)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn shard_address(listen: SocketAddr, number: usize) -> Result<SocketAddr, StartError> {
    if listen.port() == 0 {
        return Ok(listen);
    }
    let port = u16::try_from(number).ok().and_then(|number| listen.port().checked_add(number));
    let port = port.ok_or_else(|| StartError("media.port plus media.shards goes beyond port 65535".to_owned()))?;
    Ok(SocketAddr::new(listen.ip(), port))
}
