//! One shard with real peers over a simulated network.

use super::client::{Client, Received, fingerprint};
use super::network::{Conditions, Network, Travelling};
use super::video::{Encoder, Viewer};
use qism::ids::{LessonId, PeerId, PublicationId};
use qism::peer::{Credentials, Identity, LocalSide, Path, Transport, answer};
use qism::protocol::Source;
use qism::rtp::{Mid, Ssrc};
use qism::shard::{Command, Event, Shard};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("an identity")));

pub const TICK: Duration = Duration::from_millis(5);
/// No shard may have more on its way than this in any of these small worlds.
const UNDER_WAY_MAX: usize = 20_000;

/// What a member sends and watches.
#[derive(Default)]
pub struct Member {
    pub encoders: Vec<Encoder>,
    pub viewers: Vec<Viewer>,
}

pub struct World {
    pub now: Instant,
    pub shard: Shard,
    pub events: Vec<Event>,
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
        let now = start();
        Self {
            now,
            shard: Shard::new(Arc::clone(&IDENTITY), now),
            events: Vec::new(),
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
        self.shard.handle_command(self.now, Command::Connect { peer: PeerId(number as u64), room, session });
        let viewers = answered
            .session
            .agreement
            .slots
            .iter()
            .map(|slot| Viewer::new(self.now, slot.ssrc.0, slot.rtx_ssrc.expect("RTX").0))
            .collect();
        let client = Client::new(self.now, answered.session, server, profiles);
        self.clients.push((client, Member { encoders: Vec::new(), viewers }));
        number
    }

    pub fn client(&self, number: usize) -> &Client {
        &self.clients[number].0
    }

    pub fn member(&mut self, number: usize) -> &mut Member {
        &mut self.clients[number].1
    }

    pub fn publish(&mut self, peer: usize, line: usize, publication: u64) {
        self.shard.handle_command(
            self.now,
            Command::Publish {
                peer: PeerId(peer as u64),
                mid: mid(line),
                publication: PublicationId(publication),
                source: Source::Camera,
                always_heard: false,
            },
        );
    }

    pub fn show(&mut self, peer: usize, line: usize, publication: Option<u64>, max_height: Option<u16>) {
        self.shard.handle_command(
            self.now,
            Command::Show {
                peer: PeerId(peer as u64),
                slot: mid(line),
                publication: publication.map(PublicationId),
                max_height,
            },
        );
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
                    self.shard.handle_datagram(now, path(from), &mut bytes);
                    self.carry();
                }
                Travelling::ToClient { to, bytes } => self.deliver(to, &bytes),
            }
        }
        if self.shard.poll_timeout() <= now {
            self.shard.handle_timeout(now);
        }
        self.carry();
        for number in 0..self.clients.len() {
            self.act(number);
        }
        assert!(self.network.under_way() < UNDER_WAY_MAX, "the network is flooded");
    }

    /// Takes what the shard wants to send.
    fn carry(&mut self) {
        loop {
            let more = self.shard.fan_out(self.now);
            let outgoing = self.shard.outgoing();
            for run in outgoing.runs() {
                let to = usize::from(run.path.remote.port()) - 1000;
                for datagram in outgoing.datagrams_of(run) {
                    self.network.send(self.now, Travelling::ToClient { to, bytes: datagram.to_vec() });
                }
            }
            self.shard.clear_outgoing(0);
            if !more {
                break;
            }
        }
        while let Some(event) = self.shard.poll_event() {
            self.events.push(event);
        }
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

    fn act(&mut self, number: usize) {
        let now = self.now;
        let (client, member) = &mut self.clients[number];
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
