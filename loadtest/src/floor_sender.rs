//! The process behind [`crate::floor`]: it seals and sends by a plan, and does nothing else.
//!
//! It is a process of its own so that nothing of the load test is in its CPU time. It owns one socket, one arena and
//! one key per destination; it refuses to look at what comes back.

use crate::floor::{Floor, FloorPlan};
use crate::machine::stay_on;
use crate::process::CpuTime;
use crate::report::RunShape;
use anyhow::{Context, Result, ensure};
use qism::net::batch::{Batch, Message};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// When this much is sealed it is sent, in bytes: it fits a core's second-level cache, and several runs to a call.
const ARENA_BYTES: usize = 256 * 1024;
/// The most that one segmented send may carry: a UDP datagram's payload, and the kernel's bound on segments.
const RUN_BYTES_MAX: usize = 65_507;
const RUN_LENGTH_MAX: usize = 64;
/// An RTP header without extensions (RFC 3550 §5.1), and the seal's tag (RFC 7714 §14.2).
const HEADER_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
/// Beyond this a plan is not what a network carries.
const DATAGRAM_BYTES_MAX: usize = 9_000;
const SOCKET_BUFFER_BYTES: usize = 4 * 1024 * 1024;

const _: () = assert!(DATAGRAM_BYTES_MAX > HEADER_BYTES + TAG_BYTES);
const _: () = assert!(DATAGRAM_BYTES_MAX <= RUN_BYTES_MAX);

/// Reads a [`FloorPlan`] as JSON, carries it out, and writes the [`Floor`] as JSON.
///
/// # Errors
/// Where the plan does not parse or can't be carried out.
pub fn run(mut plan: impl Read, mut result: impl Write) -> Result<()> {
    let mut text = String::new();
    plan.read_to_string(&mut text).context("read the plan")?;
    let floor = carry_out(&serde_json::from_str(&text).context("the plan does not parse")?)?;
    serde_json::to_writer(&mut result, &floor).context("write the floor")
}

/// Sends by the plan from this thread, which it pins to the plan's core, and measures what this process used.
///
/// # Errors
/// Where there is nothing to send, no socket, no such core, or the kernel took nothing.
pub fn carry_out(plan: &FloorPlan) -> Result<Floor> {
    ensure!(!plan.destinations.is_empty(), "the plan has no destination");
    if let Some(core) = plan.core {
        stay_on(&[core])?;
    }
    let mut mix = Mix::new(&plan.shapes)?;
    let mut sender = Sender::open(&plan.destinations)?;
    // The first burst brings pages and routes into place.
    sender.burst(mix.next());
    let lasting = Duration::from_secs(plan.seconds);
    let before = cpu_used()?;
    let started = now();
    let mut packets = 0_u64;
    while started.elapsed() < lasting {
        if let Some(rate) = plan.packets_per_second.filter(|rate| *rate > 0.0) {
            wait_until(started + Duration::from_secs_f64(packets as f64 / rate));
        }
        packets += sender.burst(mix.next());
    }
    ensure!(packets > 0, "the kernel took no packet");
    let used = cpu_used()?.since(before);
    let each = |time: Duration| time.as_secs_f64() * 1e6 / packets as f64;
    Ok(Floor { us_per_packet: each(used.all()), user_us: each(used.user), system_us: each(used.system), packets })
}

/// Which run comes next, so that over time every shape has its share of the packets.
struct Mix {
    /// A shape, its share of the runs, and how much of a run it is owed.
    shapes: Vec<(RunShape, f64, f64)>,
}

impl Mix {
    fn new(shapes: &[RunShape]) -> Result<Self> {
        let usable = shapes.iter().filter(|shape| shape.share > 0.0).map(|shape| sendable(*shape));
        let usable: Vec<RunShape> = usable.collect();
        let runs = |shape: &RunShape| shape.share / shape.run_length as f64;
        let all: f64 = usable.iter().map(runs).sum();
        ensure!(all > 0.0, "the plan has no packet to send");
        Ok(Self { shapes: usable.into_iter().map(|shape| (shape, runs(&shape) / all, 0.0)).collect() })
    }

    fn next(&mut self) -> RunShape {
        for (_, share, owed) in &mut self.shapes {
            *owed += *share;
        }
        let most = self.shapes.iter_mut().max_by(|(.., one), (.., other)| one.total_cmp(other));
        let (shape, _, owed) = most.expect("a mix has at least one shape");
        *owed -= 1.0;
        *shape
    }
}

/// The shape within what one datagram and one segmented send can be.
fn sendable(shape: RunShape) -> RunShape {
    let datagram_bytes = shape.datagram_bytes.clamp(HEADER_BYTES + TAG_BYTES + 1, DATAGRAM_BYTES_MAX);
    let longest = (RUN_BYTES_MAX / datagram_bytes).min(RUN_LENGTH_MAX);
    RunShape { datagram_bytes, run_length: shape.run_length.clamp(1, longest), share: shape.share }
}

/// One who is sent to. What is needed for a packet lies side by side, as in a server that is built for it.
struct Destination {
    key: LessSafeKey,
    to: SocketAddr,
    sealed: u64,
}

struct Sender {
    socket: UdpSocket,
    batch: Batch,
    destinations: Vec<Destination>,
    payload: Vec<u8>,
    arena: Vec<u8>,
    messages: Vec<Message>,
}

impl Sender {
    fn open(destinations: &[SocketAddr]) -> Result<Self> {
        let is_v6 = destinations.iter().any(SocketAddr::is_ipv6);
        let own: SocketAddr = if is_v6 { (Ipv6Addr::UNSPECIFIED, 0).into() } else { (Ipv4Addr::UNSPECIFIED, 0).into() };
        let socket = UdpSocket::bind(own).context("open a socket")?;
        rustix::net::sockopt::set_socket_send_buffer_size(&socket, SOCKET_BUFFER_BYTES).context("size the socket")?;
        let destinations: Result<Vec<Destination>> =
            destinations.iter().enumerate().map(|(number, to)| destination(number, *to)).collect();
        Ok(Self {
            socket,
            batch: Batch::new(),
            destinations: destinations?,
            payload: vec![0x5a; DATAGRAM_BYTES_MAX],
            arena: Vec::with_capacity(ARENA_BYTES + RUN_BYTES_MAX),
            messages: Vec::new(),
        })
    }

    /// One run to every destination; the result is how many datagrams the kernel took.
    fn burst(&mut self, shape: RunShape) -> u64 {
        let mut taken = 0;
        for number in 0..self.destinations.len() {
            self.seal_run(number, shape);
            if self.arena.len() >= ARENA_BYTES {
                taken += self.flush();
            }
        }
        taken + self.flush()
    }

    fn seal_run(&mut self, number: usize, shape: RunShape) {
        let Some(destination) = self.destinations.get_mut(number) else { return };
        let start = self.arena.len();
        for _ in 0..shape.run_length {
            destination.seal(&self.payload[..shape.datagram_bytes - HEADER_BYTES - TAG_BYTES], &mut self.arena);
        }
        let segment = if shape.run_length > 1 { u16::try_from(shape.datagram_bytes).unwrap_or(0) } else { 0 };
        self.messages.push(Message { to: destination.to, from: None, range: start..self.arena.len(), segment });
    }

    fn flush(&mut self) -> u64 {
        let sent = self.batch.send(&self.socket, &self.arena, &self.messages);
        self.arena.clear();
        self.messages.clear();
        sent.datagrams
    }
}

fn destination(number: usize, to: SocketAddr) -> Result<Destination> {
    let mut key = [0x17; 16];
    key.iter_mut().zip(number.to_be_bytes()).for_each(|(byte, own)| *byte ^= own);
    let key = UnboundKey::new(&AES_128_GCM, &key).ok().context("a key of 16 bytes is refused")?;
    Ok(Destination { key: LessSafeKey::new(key), to, sealed: 0 })
}

impl Destination {
    /// Appends one sealed packet with this payload.
    fn seal(&mut self, payload: &[u8], arena: &mut Vec<u8>) {
        self.sealed += 1;
        let count = self.sealed.to_be_bytes();
        let start = arena.len();
        // Version 2, a dynamic payload type, a sequence number; timestamp and SSRC are of no account.
        arena.extend([0x80, 96, count[6], count[7], 0, 0, 0, 0, 0, 0, 0, 1]);
        arena.extend(payload);
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&count);
        let (header, body) = arena[start..].split_at_mut(HEADER_BYTES);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.key.seal_in_place_separate_tag(nonce, Aad::from(&*header), body);
        arena.extend(tag.expect("a datagram is shorter than what one nonce may seal").as_ref());
    }
}

/// CPU time of this process: the sum to the nanosecond, divided as the kernel's ticks are.
fn cpu_used() -> Result<CpuTime> {
    let total = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let total = Duration::new(total.tv_sec.unsigned_abs(), u32::try_from(total.tv_nsec).unwrap_or(0));
    let ticks = CpuTime::of_process(std::process::id())?;
    let user_share = if ticks.all().is_zero() { 0.0 } else { ticks.user.as_secs_f64() / ticks.all().as_secs_f64() };
    let user = total.mul_f64(user_share);
    Ok(CpuTime { user, system: total.saturating_sub(user) })
}

#[expect(clippy::disallowed_methods, reason = "the load test measures real time")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "pacing is what is being measured: a server sleeps between bursts too")]
fn wait_until(due: Instant) {
    let left = due.saturating_duration_since(now());
    if !left.is_zero() {
        std::thread::sleep(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(datagram_bytes: usize, run_length: usize, share: f64) -> RunShape {
        RunShape { datagram_bytes, run_length, share }
    }

    #[test]
    fn every_shape_has_its_share_of_the_packets() {
        let mut mix = Mix::new(&[shape(1_200, 6, 0.75), shape(130, 1, 0.25)]).expect("a mix");
        let runs: Vec<usize> = (0..3_000).map(|_| mix.next().run_length).collect();
        let packets: usize = runs.iter().sum();
        let singles = runs.iter().filter(|length| **length == 1).count();
        let share = singles as f64 / packets as f64;
        assert!((share - 0.25).abs() < 0.01, "singles are {share} of the packets");
    }

    #[test]
    fn a_run_is_never_longer_than_one_segmented_send() {
        assert_eq!(sendable(shape(1_200, 900, 1.0)).run_length, 54);
        assert_eq!(sendable(shape(100, 900, 1.0)).run_length, RUN_LENGTH_MAX);
        assert_eq!(sendable(shape(0, 0, 1.0)), shape(29, 1, 1.0));
    }

    #[test]
    fn an_empty_mix_is_refused() {
        assert!(Mix::new(&[shape(1_200, 6, 0.0)]).is_err());
    }

    #[test]
    fn what_is_sent_arrives_in_its_sizes() {
        let listener = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        listener.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        let mut sender = Sender::open(&[listener.local_addr().expect("an address")]).expect("a sender");
        assert_eq!(sender.burst(shape(1_000, 3, 1.0)) + sender.burst(shape(130, 1, 1.0)), 4);
        let mut buffer = [0; 2_000];
        let sizes: Vec<usize> = (0..4).map(|_| listener.recv(&mut buffer).expect("a datagram")).collect();
        assert_eq!(sizes, [1_000, 1_000, 1_000, 130]);
    }
}
