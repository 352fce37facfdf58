//! Shards with real peers over a simulated network; what shards hand each other arrives at once.

use super::client::{Client, Received, fingerprint};
use super::network::{Conditions, Network, Travelling};
use super::video::{Encoder, Viewer};
use qism::ids::{LessonId, PeerId, PublicationId};
use qism::peer::{Credentials, Identity, LocalSide, Path, Transport, answer};
use qism::protocol::Source;
use qism::rtp::{Mid, Ssrc};
use qism::shard::{Command, Event, Placement, Relay, Relayed, Shard, ShardId};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("an identity")));

pub const TICK: Duration = Duration::from_millis(5);
/// No shard may have more on its way than this in any of these small worlds.
const UNDER_WAY_MAX: usize = 20_000;

/// What a member sends and watches.
pub struct Member {
    shard: usize,
    cut: bool,
    pub encoders: Vec<Encoder>,
    pub viewers: Vec<Viewer>,
}

pub struct World {
    pub now: Instant,
    pub shards: Vec<Shard>,
    pub events: Vec<Event>,
    /// The way between shards takes nothing.
    pub relay_full: bool,
    /// For each peer and shard, how many packets that shard was handed of it.
    pub relayed: BTreeMap<(PeerId, ShardId), usize>,
    placement: Placement,
    network: Network,
    clients: Vec<(Client, Member)>,
}

/// The m-lines of an offer.
#[derive(Clone, Copy)]
pub enum Line {
    SendsVideo { simulcast: bool, ssrc: u32 },
    ReceivesVideo,
}

pub fn room(number: u64) -> LessonId {
    LessonId(uuid::Uuid::from_u64_pair(1, number))
}

pub fn mid(number: usize) -> Mid {
    Mid::parse(number.to_string()).expect("a mid")
}

impl World {
    pub fn new(seed: u64, conditions: Conditions) -> Self {
        Self::with_shards(seed, conditions, 1, usize::MAX)
    }

    /// A room has `room_peers` on one shard before others are used.
    pub fn with_shards(seed: u64, conditions: Conditions, shards: usize, room_peers: usize) -> Self {
        let now = start();
        Self {
            now,
            shards: (0..shards).map(|_| Shard::new(Arc::clone(&IDENTITY), now)).collect(),
            events: Vec::new(),
            relay_full: false,
            relayed: BTreeMap::new(),
            placement: Placement::new(shards, room_peers),
            network: Network::new(seed, conditions),
            clients: Vec::new(),
        }
    }

    /// Adds a client that offers these lines; its index is also its peer id.
    pub fn join(&mut self, room: LessonId, lines: &[Line]) -> usize {
        use SrtpProtectionProfile as Profile;
        self.join_with(room, lines, &[Profile::Srtp_Aes128_Cm_Hmac_Sha1_80, Profile::Srtp_Aead_Aes_128_Gcm])
    }

    pub fn join_with(&mut self, room: LessonId, lines: &[Line], profiles: &[SrtpProtectionProfile]) -> usize {
        let number = self.clients.len();
        let server: SocketAddr = "192.0.2.1:7000".parse().expect("an address");
        let local = LocalSide {
            addresses: &[server],
            fingerprint: IDENTITY.fingerprint(),
            credentials: Credentials { ufrag: format!("server{number}"), password: format!("{number:0>24}") },
            first_ssrc: Ssrc(10_000 + 100 * number as u32),
            session_number: 1,
        };
        let answered = answer(&offer(number, lines), local, None).expect("an answer");
        let session = Arc::new(answered.session.clone());
        let peer = PeerId(number as u64);
        self.placement.connect(self.placement.choose(room), peer, room, session);
        self.tell_shards();
        let viewers = answered
            .session
            .agreement
            .slots
            .iter()
            .map(|slot| Viewer::new(self.now, slot.ssrc.0, slot.rtx_ssrc.expect("RTX").0))
            .collect();
        let client = Client::new(self.now, answered.session, server, profiles);
        let shard = self.shard_of(number).at();
        self.clients.push((client, Member { shard, cut: false, encoders: Vec::new(), viewers }));
        number
    }

    /// Takes a command as the services give it.
    pub fn command(&mut self, command: Command) {
        self.placement.handle_command(command);
        self.tell_shards();
    }

    fn tell_shards(&mut self) {
        while let Some((shard, command)) = self.placement.poll_command() {
            self.shards[shard.at()].handle_command(self.now, command);
        }
    }

    /// The shard that has a client.
    pub fn shard_of(&self, client: usize) -> ShardId {
        self.placement.shard_of(PeerId(client as u64)).expect("a client that is connected")
    }

    pub fn client(&self, number: usize) -> &Client {
        &self.clients[number].0
    }

    pub fn member(&mut self, number: usize) -> &mut Member {
        &mut self.clients[number].1
    }

    pub fn publish(&mut self, peer: usize, line: usize, publication: u64) {
        self.command(Command::Publish {
            peer: PeerId(peer as u64),
            mid: mid(line),
            publication: PublicationId(publication),
            source: Source::Camera,
            always_heard: false,
        });
    }

    pub fn show(&mut self, peer: usize, line: usize, publication: Option<u64>, max_height: Option<u16>) {
        let publication = publication.map(PublicationId);
        self.command(Command::Show { peer: PeerId(peer as u64), slot: mid(line), publication, max_height });
    }

    pub fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        while self.now < end {
            self.now += TICK;
            self.tick();
        }
    }

    /// Runs until something holds; fails after `limit`.
    pub fn run_until(&mut self, limit: Duration, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let end = self.now + limit;
        while !holds(self) {
            assert!(self.now < end, "{what} did not come within {limit:?}");
            self.now += TICK;
            self.tick();
        }
    }

    fn tick(&mut self) {
        let now = self.now;
        while let Some(arrived) = self.network.arrived(now) {
            match arrived {
                Travelling::ToServer { from, mut bytes } => {
                    // What still comes from a client that was let go reaches the shard that had it.
                    let shard = self.clients[from].1.shard;
                    self.shards[shard].handle_datagram(now, path(from), &mut bytes);
                    self.carry();
                }
                Travelling::ToClient { to, bytes } => self.deliver(to, &bytes),
            }
        }
        for shard in &mut self.shards {
            if shard.poll_timeout() <= now {
                shard.handle_timeout(now);
            }
        }
        self.carry();
        for number in 0..self.clients.len() {
            self.act(number);
        }
        assert!(self.network.under_way() < UNDER_WAY_MAX, "the network is flooded");
    }

    /// Takes what the shards want to hand each other, send and tell.
    fn carry(&mut self) {
        let mut relay = Relay::default();
        while self.hand_over(&mut relay) {}
        for shard in &mut self.shards {
            loop {
                let more = shard.fan_out(self.now);
                let outgoing = shard.outgoing();
                for run in outgoing.runs() {
                    let to = usize::from(run.path.remote.port()) - 1000;
                    for datagram in outgoing.datagrams_of(run) {
                        self.network.send(self.now, Travelling::ToClient { to, bytes: datagram.to_vec() });
                    }
                }
                shard.clear_outgoing(0);
                if !more {
                    break;
                }
            }
        }
        for number in 0..self.shards.len() {
            while let Some(event) = self.shards[number].poll_event() {
                match &event {
                    Event::Disconnected { peer, .. } => self.placement.peer_gone(*peer),
                    Event::Speaking { room, .. } if !self.placement.speaks_for(shard_id(number), *room) => continue,
                    _ => {}
                }
                self.events.push(event);
            }
        }
        self.tell_shards();
    }

    /// Hands over what waits now; `false` where nothing did.
    fn hand_over(&mut self, relay: &mut Relay) -> bool {
        let mut any = false;
        for from in 0..self.shards.len() {
            relay.clear();
            self.shards[from].swap_relay(relay);
            for message in relay.messages() {
                any = true;
                for to in message.to.iter() {
                    assert_ne!(to, shard_id(from), "nothing is handed to oneself");
                    if self.relay_full {
                        self.shards[from].relay_refused(relay, message);
                        continue;
                    }
                    if let Relayed::Rtp { peer, .. } = relay.read(message) {
                        *self.relayed.entry((peer, to)).or_default() += 1;
                    }
                    self.shards[from].note_relayed(u64::from(message.is_media()));
                    self.shards[to.at()].handle_relay(self.now, shard_id(from), relay.read(message));
                }
            }
        }
        any
    }

    fn deliver(&mut self, to: usize, bytes: &[u8]) {
        let now = self.now;
        let (client, member) = &mut self.clients[to];
        match client.handle(now, bytes) {
            Some(Received::Rtp(packet)) => member.viewers.iter_mut().for_each(|viewer| viewer.handle_rtp(now, &packet)),
            Some(Received::Rtcp(compound)) => {
                for encoder in &mut member.encoders {
                    for repair in encoder.handle_rtcp(&compound) {
                        client.send_rtp(&repair);
                    }
                }
            }
            None => {}
        }
    }

    /// What a camera sends now, sealed by its member, without its being carried anywhere.
    pub fn sealed(&mut self, number: usize, encoder: &mut Encoder) -> Vec<Vec<u8>> {
        let client = &mut self.clients[number].0;
        encoder.tick(self.now).iter().for_each(|packet| client.send_rtp(packet));
        client.poll_transmit()
    }

    /// The client falls silent for good.
    pub fn cut(&mut self, client: usize) {
        self.clients[client].1.cut = true;
    }

    /// An RTP packet as a client would send it.
    pub fn seal(&mut self, client: usize, packet: &[u8]) -> Vec<u8> {
        let (client, _) = &mut self.clients[client];
        client.send_rtp(packet);
        client.poll_transmit().pop().expect("a sealed packet")
    }

    fn act(&mut self, number: usize) {
        let now = self.now;
        let (client, member) = &mut self.clients[number];
        if member.cut {
            return;
        }
        client.handle_timeout(now);
        if client.is_connected() {
            for encoder in &mut member.encoders {
                for packet in encoder.tick(now) {
                    client.send_rtp(&packet);
                }
            }
            for viewer in &mut member.viewers {
                for compound in viewer.tick(now) {
                    client.send_rtcp(&compound);
                }
            }
        }
        for bytes in client.poll_transmit() {
            self.network.send(now, Travelling::ToServer { from: number, bytes });
        }
    }
}

pub fn shard_id(number: usize) -> ShardId {
    ShardId(u8::try_from(number).expect("few shards"))
}

pub fn path(client: usize) -> Path {
    let remote = SocketAddr::from(([198, 51, 100, 1], 1000 + client as u16));
    Path { transport: Transport::Udp, remote, local: None }
}

/// Virtual time needs some instant to start from.
#[allow(clippy::disallowed_methods, reason = "the origin of virtual time")]
fn start() -> Instant {
    Instant::now()
}

fn offer(number: usize, lines: &[Line]) -> String {
    let mids: Vec<String> = (0..lines.len()).map(|line| line.to_string()).collect();
    let mut text = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\na=ice-ufrag:client{number}\r\n\
         a=ice-pwd:{number:0>22}\r\na=fingerprint:{}\r\na=setup:actpass\r\n",
        mids.join(" "),
        fingerprint()
    );
    for (line, mid) in lines.iter().zip(&mids) {
        text += &format!(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n\
             a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\n\
             a=fmtp:97 apt=96\r\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
             a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n\
             a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"
        );
        match line {
            Line::SendsVideo { simulcast: true, .. } => {
                text += "a=sendonly\r\na=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send q;h;f\r\n";
            }
            Line::SendsVideo { simulcast: false, ssrc } => {
                text += &format!(
                    "a=sendonly\r\na=ssrc-group:FID {ssrc} {}\r\na=ssrc:{ssrc} cname:c\r\na=ssrc:{} cname:c\r\n",
                    ssrc + 1,
                    ssrc + 1
                );
            }
            Line::ReceivesVideo => text += "a=recvonly\r\n",
        }
    }
    text
}
