//! What a packet costs a shard without any I/O: opened alone, opened and sealed for one, and a frame's fan-out to many;
//! beside each what copying and sealing the same bytes costs alone. `cargo bench -p loadtest`.
//!
//! CPU time of this thread is counted, so that neighbours on the machine matter little. Rounds of both kinds take
//! turns, and the median round counts.

use bytes::BytesMut;
use loadtest::client::frame::Frame;
use loadtest::client::sdp::{self, Credentials, Line};
use loadtest::client::transport::{Identity, Transport};
use loadtest::client::wire::OwnHeader;
use qism::ids::{LessonId, PeerId, PublicationId};
use qism::peer::{Identity as ServerIdentity, LocalSide, Path, Transport as PathTransport, answer};
use qism::protocol::Source;
use qism::rtp::{Mid, Ssrc};
use qism::shard::{Command, Outgoing, Shard};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A frame of a 720p lesson: six packets.
const FRAME: Frame = Frame { picture_id: 0, keyframe: false, width: 1_280, height: 720, bytes: 6_252 };
const FRAME_INTERVAL: Duration = Duration::from_millis(33);
const ROUNDS: usize = 9;
/// About how many packets one round sends, whatever the number of subscribers.
const PACKETS_A_ROUND: usize = 60_000;
/// Virtual time in which the handshakes have to be done.
const TICK: Duration = Duration::from_millis(5);
const TICKS_MAX: usize = 2_000;
const VIDEO_SSRC: u32 = 77;
const TAG_BYTES: usize = 16;

fn main() {
    println!("{:<34}{:>12}{:>16}{:>10}", "per packet, CPU ns", "shard", "copy and seal", "ratio");
    let alone = round_of(0);
    print_row("open, nobody to send to", alone, None);
    let (one, raw) = (round_of(1), raw_round(1));
    print_row("open + rewrite + seal, one", one, None);
    print_row("rewrite + seal, one", one - alone, Some(raw));
    for subscribers in [200, 1_000] {
        let (shard, raw) = fan_out(subscribers);
        print_row(&format!("fan-out to {subscribers}"), shard, Some(raw));
    }
}

fn print_row(name: &str, shard_ns: f64, raw_ns: Option<f64>) {
    match raw_ns {
        Some(raw) => println!("{name:<34}{shard_ns:>12.0}{raw:>16.0}{:>10.2}", shard_ns / raw),
        None => println!("{name:<34}{shard_ns:>12.0}{:>16}{:>10}", "", ""),
    }
}

/// The median cost of a packet with this many subscribers: per packet out, or per packet in where there is none.
fn round_of(subscribers: usize) -> f64 {
    let mut class = Class::new(subscribers);
    median((0..ROUNDS).map(|_| class.round()).collect())
}

fn raw_round(destinations: usize) -> f64 {
    let mut raw = Raw::new(destinations);
    median((0..ROUNDS).map(|_| raw.round()).collect())
}

/// Shard and raw seal, in turn.
fn fan_out(subscribers: usize) -> (f64, f64) {
    let (mut class, mut raw) = (Class::new(subscribers), Raw::new(subscribers));
    let (shard, raw): (Vec<f64>, Vec<f64>) = (0..ROUNDS).map(|_| (class.round(), raw.round())).unzip();
    (median(shard), median(raw))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU time of this thread.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

/// One publisher and its subscribers in one room of a real shard.
struct Class {
    now: Instant,
    shard: Shard,
    identity: Arc<ServerIdentity>,
    clients: Vec<Transport>,
    subscribers: usize,
    sequence: u16,
    frames: u32,
}

impl Class {
    fn new(subscribers: usize) -> Self {
        let now = start();
        let identity = Arc::new(ServerIdentity::generate().expect("an identity"));
        let shard = Shard::new(Arc::clone(&identity), now);
        let mut class = Self { now, shard, identity, clients: Vec::new(), subscribers, sequence: 0, frames: 0 };
        let clients = Arc::new(Identity::new().expect("a certificate"));
        class.join(&clients, Line::Sends(Source::Screen));
        for _ in 0..subscribers {
            class.join(&clients, Line::VideoSlot);
        }
        class.connect();
        class.show();
        // The first frame is a keyframe and turns every slot on; the next bring memory into place.
        for _ in 0..10 {
            class.frame();
        }
        class
    }

    fn packets(&self) -> usize {
        FRAME.sizes().len()
    }

    fn join(&mut self, identity: &Arc<Identity>, line: Line) {
        let number = self.clients.len();
        let server: SocketAddr = "192.0.2.1:7000".parse().expect("an address");
        let own = Credentials::random();
        let offer = sdp::offer(&[line], &own, &identity.fingerprint);
        let local = LocalSide {
            addresses: &[server],
            fingerprint: self.identity.fingerprint(),
            credentials: qism::peer::Credentials {
                ufrag: format!("server{number}"),
                password: format!("{number:0>24}"),
            },
            first_ssrc: Ssrc(10_000 + 100 * number as u32),
            session_number: 1,
        };
        let answered = answer(&offer, local, None).expect("an answer");
        let remote = sdp::Answer::parse(&answered.sdp).expect("an answer that the client understands").remote;
        let (peer, room) = (PeerId(number as u64), LessonId(uuid::Uuid::nil()));
        self.shard.handle_command(self.now, Command::Connect { peer, room, session: Arc::new(answered.session) });
        let transport = Transport::new(self.now, Arc::clone(identity), own, remote, server);
        self.clients.push(transport.expect("a transport"));
    }

    /// Carries checks and handshakes to and fro until everybody is in.
    fn connect(&mut self) {
        for _ in 0..TICKS_MAX {
            self.now += TICK;
            for number in 0..self.clients.len() {
                let mut out = Vec::new();
                self.clients[number].handle_timeout(self.now, &mut out).expect("the handshake goes on");
                self.carry(number, out);
            }
            if self.shard.poll_timeout() <= self.now {
                self.shard.handle_timeout(self.now);
                self.deliver();
            }
            if self.clients.iter().all(Transport::is_connected) {
                return;
            }
        }
        panic!("not everybody is connected");
    }

    fn carry(&mut self, number: usize, datagrams: Vec<BytesMut>) {
        for mut datagram in datagrams {
            self.shard.handle_datagram(self.now, path(number), &mut datagram);
            self.deliver();
        }
    }

    /// To the clients, and what they answer back, until nobody has anything to say.
    fn deliver(&mut self) {
        let mut sent: Vec<(usize, Vec<u8>)> = Vec::new();
        self.drain(|outgoing| {
            for run in outgoing.runs() {
                let number = usize::from(run.path.remote.port()) - 1_000;
                sent.extend(outgoing.datagrams_of(run).map(|datagram| (number, datagram.to_vec())));
            }
        });
        while self.shard.poll_event().is_some() {}
        for (number, datagram) in sent {
            let mut out = Vec::new();
            self.clients[number].handle_datagram(self.now, &datagram, &mut out).expect("the handshake goes on");
            self.carry(number, out);
        }
    }

    /// Hands over all that the shard has to send, as an adapter does.
    fn drain(&mut self, mut send: impl FnMut(&Outgoing)) {
        loop {
            let more = self.shard.fan_out(self.now);
            send(self.shard.outgoing());
            self.shard.clear_outgoing(0);
            if !more {
                break;
            }
        }
    }

    fn show(&mut self) {
        let (peer, publication) = (PeerId(0), PublicationId(1));
        let mid = || Mid::parse("0").expect("a mid");
        let publish = Command::Publish { peer, mid: mid(), publication, source: Source::Screen, always_heard: false };
        self.shard.handle_command(self.now, publish);
        for number in 1..=self.subscribers {
            let (peer, slot) = (PeerId(number as u64), mid());
            let show = Command::Show { peer, slot, publication: Some(publication), max_height: None };
            self.shard.handle_command(self.now, show);
        }
        self.deliver();
    }

    /// Publishes one frame; the result is how many datagrams left the shard, and what it used for that.
    fn frame(&mut self) -> (usize, Duration) {
        self.now += FRAME_INTERVAL;
        // Consent lasts 30 s: everybody renews it in time.
        for number in 0..self.clients.len() {
            let mut out = Vec::new();
            self.clients[number].handle_timeout(self.now, &mut out).expect("consent");
            self.carry(number, out);
        }
        if self.shard.poll_timeout() <= self.now {
            self.shard.handle_timeout(self.now);
        }
        self.deliver();
        let mut datagrams = self.sealed_frame();
        let mut sent = 0;
        let before = cpu();
        for datagram in &mut datagrams {
            self.shard.handle_datagram(self.now, path(0), datagram);
        }
        self.drain(|outgoing| sent += black_box(outgoing).datagram_count() as usize);
        let used = cpu() - before;
        while self.shard.poll_event().is_some() {}
        (sent, used)
    }

    fn sealed_frame(&mut self) -> Vec<BytesMut> {
        let frame = Frame { picture_id: (self.frames & 0x7fff) as u16, keyframe: self.frames == 0, ..FRAME };
        // A keyframe is larger; what is measured are the others.
        let sizes = FRAME.sizes();
        let last = sizes.len() - 1;
        let mut sealed = Vec::with_capacity(sizes.len());
        for (place, size) in sizes.into_iter().enumerate() {
            self.sequence = self.sequence.wrapping_add(1);
            let header = OwnHeader {
                payload_type: sdp::VP8,
                marker: place == last,
                sequence: self.sequence,
                timestamp: self.frames.wrapping_mul(2_970),
                ssrc: VIDEO_SSRC,
                mid: "0",
                transport_sequence: self.sequence,
                ..OwnHeader::default()
            };
            let mut packet = Vec::new();
            header.write(&mut packet);
            frame.write(place, size, &mut packet);
            sealed.push(self.clients[0].seal_rtp(&packet).expect("sealed"));
        }
        self.frames = self.frames.wrapping_add(1);
        sealed
    }

    /// CPU nanoseconds a packet out, or a packet in where nobody listens.
    fn round(&mut self) -> f64 {
        let each = self.packets() * self.subscribers.max(1);
        let frames = (PACKETS_A_ROUND / each).clamp(1, 2_000);
        let (mut used, mut packets) = (Duration::ZERO, 0);
        for _ in 0..frames {
            let (sent, cpu) = self.frame();
            assert!(sent == each || self.subscribers == 0, "{sent} packets left instead of {each}");
            packets += each;
            used += cpu;
        }
        used.as_nanos() as f64 / packets as f64
    }
}

/// The least that forwarding is: a copy of each packet for each destination, sealed in place, a key for each.
struct Raw {
    keys: Vec<LessSafeKey>,
    payload: Vec<u8>,
    arena: Vec<u8>,
    sealed: u64,
}

impl Raw {
    fn new(destinations: usize) -> Self {
        let key = |number: usize| {
            let mut key = [0x17; 16];
            key.iter_mut().zip(number.to_be_bytes()).for_each(|(byte, own)| *byte ^= own);
            LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key"))
        };
        let header = 28;
        let payload = vec![0x5a; header + FRAME.sizes()[0]];
        Self { keys: (0..destinations).map(key).collect(), payload, arena: Vec::new(), sealed: 0 }
    }

    /// CPU nanoseconds a packet.
    fn round(&mut self) -> f64 {
        let each = FRAME.sizes().len() * self.keys.len();
        let frames = (PACKETS_A_ROUND / each).clamp(1, 2_000);
        let before = cpu();
        for _ in 0..frames {
            for _ in 0..FRAME.sizes().len() {
                self.arena.clear();
                for number in 0..self.keys.len() {
                    self.seal(number);
                }
                black_box(&self.arena);
            }
        }
        (cpu() - before).as_nanos() as f64 / (frames * each) as f64
    }

    fn seal(&mut self, number: usize) {
        self.sealed += 1;
        let start = self.arena.len();
        self.arena.extend_from_slice(&self.payload);
        self.arena.reserve(TAG_BYTES);
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&self.sealed.to_be_bytes());
        let (header, body) = self.arena[start..].split_at_mut(28);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.keys[number].seal_in_place_separate_tag(nonce, Aad::from(&*header), body).expect("sealed");
        self.arena.extend_from_slice(tag.as_ref());
    }
}

fn path(client: usize) -> Path {
    let remote = SocketAddr::from(([198, 51, 100, 1], 1_000 + client as u16));
    Path { transport: PathTransport::Udp, remote, local: None }
}

/// Virtual time needs some instant to start from.
#[expect(clippy::disallowed_methods, reason = "the origin of virtual time")]
fn start() -> Instant {
    Instant::now()
}
