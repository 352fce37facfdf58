//! A shard's thread: waits for datagrams, commands and time, and carries what the shard answers.

use super::directory::{Directory, ShardLink};
use super::ports;
use super::relay::RelayEnds;
use super::tcp::Tcp;
use super::udp::Udp;
use crate::peer::{Identity, Transport};
use crate::shard::{Command, Event, Shard, ShardId};
use mio::{Events, Interest, Poll, Token, Waker};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How many commands wait for a shard. It drains them all at every turn, so a full queue means that its thread hangs;
/// what comes over is refused and logged.
const COMMANDS_MAX: usize = 64 * 1024;
/// How many batches of datagrams are read before commands and timers have their turn.
const BATCHES_MAX: usize = 8;
/// How long to wait before a services' queue that was full is tried again.
const RETRY: Duration = Duration::from_millis(10);
/// The least time between two turns in a stream of datagrams, such as the feedback of a class: each would otherwise cost
/// a wake-up and a system call of its own. A single datagram is handled at once.
const TURN: Duration = Duration::from_millis(1);
/// Where the next datagram has to be waited for less than this, it is one of a stream.
const STREAM: Duration = Duration::from_micros(300);
/// How often TCP connections that proved nothing are looked for.
const SWEEP: Duration = Duration::from_secs(5);
/// The DTLS crate joins handshake fragments by recursion; this holds the most that a peer may send, many times over.
const STACK_BYTES: usize = 8 * 1024 * 1024;

const WAKE: Token = Token(0);
const UDP: Token = Token(1);
const LISTENER: Token = Token(2);
const FIRST_CONNECTION: usize = 3;

/// The services' end of a shard's thread.
pub(super) struct ShardHandle {
    waker: Arc<Waker>,
    closing: Arc<AtomicBool>,
    pub address: SocketAddr,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl ShardHandle {
    /// Opens the sockets and starts the thread; the link is how commands reach it.
    pub fn start(
        number: u32,
        listen: SocketAddr,
        identity: Arc<Identity>,
        events: mpsc::Sender<Event>,
        directory: Arc<Directory>,
        relay: RelayEnds,
    ) -> io::Result<(Self, ShardLink)> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let (mut udp, mut tcp) = ports::open(listen, |address| Tcp::listen(address, FIRST_CONNECTION))?;
        let address = SocketAddr::new(listen.ip(), udp.local_address().port());
        poll.registry().register(udp.socket(), UDP, Interest::READABLE)?;
        poll.registry().register(tcp.listener(), LISTENER, Interest::READABLE)?;
        let (commands, inbox) = sync_channel(COMMANDS_MAX);
        let closing = Arc::new(AtomicBool::new(false));
        let thread = ShardThread {
            number,
            poll,
            udp,
            tcp,
            shard: Shard::new(identity, now()),
            inbox,
            closing: Arc::clone(&closing),
            events,
            directory,
            relay,
            relay_is_full: false,
            held: None,
            swept_at: now(),
        };
        let thread = std::thread::Builder::new()
            .name(format!("shard-{}", address.port()))
            .stack_size(STACK_BYTES)
            .spawn(move || thread.run())?;
        let link = ShardLink { commands, waker: Arc::clone(&waker) };
        Ok((Self { waker, closing, address, thread: Mutex::new(Some(thread)) }, link))
    }
}

impl Drop for ShardHandle {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        let _ = self.waker.wake();
        if let Some(thread) = self.thread.lock().ok().and_then(|mut thread| thread.take()) {
            let _ = thread.join();
        }
    }
}

struct ShardThread {
    /// Which shard this is, from 0: its figures say so.
    number: u32,
    poll: Poll,
    udp: Udp,
    tcp: Tcp,
    shard: Shard,
    inbox: Receiver<Command>,
    /// Nobody has the media plane any more.
    closing: Arc<AtomicBool>,
    events: mpsc::Sender<Event>,
    directory: Arc<Directory>,
    relay: RelayEnds,
    /// Something for another shard waits until that has read what it was handed before.
    relay_is_full: bool,
    /// An event that the services' queue had no place for.
    held: Option<Event>,
    swept_at: Instant,
}

impl ShardThread {
    fn run(mut self) {
        let mut events = Events::with_capacity(256);
        let (mut udp_waits, mut relay_waits) = (true, false);
        let (mut turned_at, mut in_stream) = (now(), false);
        loop {
            let in_haste = udp_waits || relay_waits || self.tcp.has_unfinished();
            if in_stream && !in_haste {
                rest(TURN.saturating_sub(now().saturating_duration_since(turned_at)));
            }
            let timeout = if in_haste { Duration::ZERO } else { self.patience() };
            let waits_since = now();
            if let Err(error) = self.poll.poll(&mut events, Some(timeout))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "a shard can't wait for its sockets; its peers are lost");
                return;
            }
            let now = now();
            in_stream = now.saturating_duration_since(waits_since) < STREAM;
            turned_at = now;
            for event in &events {
                match event.token() {
                    WAKE => {}
                    UDP => udp_waits = true,
                    LISTENER => self.tcp.accept(now, self.poll.registry()),
                    token => self.tcp.ready(token),
                }
            }
            self.take_commands(now);
            if self.closing.load(Ordering::Acquire) {
                return;
            }
            relay_waits = self.receive_relay(now);
            if udp_waits {
                udp_waits = self.receive(now);
            }
            self.receive_tcp(now);
            if now >= self.shard.poll_timeout() {
                self.shard.handle_timeout(now);
            }
            if now.saturating_duration_since(self.swept_at) >= SWEEP {
                self.sweep(now);
            }
            self.send();
            self.report();
        }
    }

    fn patience(&self) -> Duration {
        let until = self.shard.poll_timeout().saturating_duration_since(now()).min(SWEEP);
        if self.held.is_some() || self.relay_is_full { until.min(RETRY) } else { until }
    }

    fn take_commands(&mut self, now: Instant) {
        for _ in 0..COMMANDS_MAX {
            let Ok(command) = self.inbox.try_recv() else { return };
            self.shard.handle_command(now, command);
        }
    }

    /// Takes what other shards handed over; `true` where more may wait.
    fn receive_relay(&mut self, now: Instant) -> bool {
        for _ in 0..BATCHES_MAX {
            let Some((from, relay)) = self.relay.receive() else { return false };
            for message in relay.messages() {
                self.shard.handle_relay(now, from, relay.read(message));
            }
            self.relay.give_back(from, relay);
            self.send();
        }
        true
    }

    /// `true` where more may wait.
    fn receive(&mut self, now: Instant) -> bool {
        for _ in 0..BATCHES_MAX {
            let Self { udp, shard, .. } = self;
            let more = udp.receive(|path, datagram| shard.handle_datagram(now, path, datagram));
            match more {
                Ok(true) => {}
                Ok(false) => return false,
                Err(error) => {
                    tracing::warn!(%error, "receiving datagrams failed");
                    return false;
                }
            }
            self.send();
        }
        true
    }

    fn receive_tcp(&mut self, now: Instant) {
        let Self { tcp, shard, .. } = self;
        for closed in tcp.read(|path, datagram| shard.handle_datagram(now, path, datagram)) {
            shard.handle_path_closed(closed);
        }
    }

    fn sweep(&mut self, now: Instant) {
        self.swept_at = now;
        let Self { tcp, shard, .. } = self;
        for closed in tcp.close_unproven(now, |path| shard.knows_path(path)) {
            shard.handle_path_closed(closed);
        }
    }

    /// Sends all that is to be sent, a cache's worth at a time, after what other shards are to have: their threads work
    /// at the same time.
    fn send(&mut self) {
        self.relay_is_full = self.relay.send(&mut self.shard, &self.directory);
        loop {
            // Anew each time: a long fan-out must not date its last packets at its start.
            let more = self.shard.fan_out(now());
            self.flush();
            if !more {
                return;
            }
        }
    }

    fn flush(&mut self) {
        let outgoing = self.shard.outgoing();
        if outgoing.is_empty() {
            return;
        }
        let mut refused = self.udp.send(outgoing);
        for run in outgoing.runs().iter().filter(|run| run.path.transport == Transport::Tcp) {
            for datagram in outgoing.datagrams_of(run) {
                refused += u64::from(!self.tcp.send(run.path, datagram));
            }
        }
        self.shard.clear_outgoing(refused);
    }

    fn report(&mut self) {
        while let Some(mut event) = self.held.take().or_else(|| self.shard.poll_event()) {
            if let Event::Figures(figures) = &mut event {
                figures.shard = self.number;
                figures.counters.cpu_microseconds = cpu_microseconds();
                figures.tcp_bytes_waiting = self.tcp.bytes_waiting();
            }
            if !self.note_in_directory(&event) {
                continue;
            }
            match self.events.try_send(event) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(Event::Figures(_))) => {}
                Err(mpsc::error::TrySendError::Full(event)) => {
                    self.held = Some(event);
                    return;
                }
                Err(mpsc::error::TrySendError::Closed(_)) => return,
            }
        }
    }

    /// Tells the directory what it must know; `false` where another shard tells the services the same.
    fn note_in_directory(&self, event: &Event) -> bool {
        match event {
            Event::Disconnected { peer, .. } => self.directory.with(|placement| placement.peer_gone(*peer)),
            Event::Speaking { room, .. } => {
                let own = ShardId(u8::try_from(self.number).unwrap_or(u8::MAX));
                return self.directory.with(|placement| placement.speaks_for(own, *room));
            }
            Event::Connected { .. } | Event::SlotsChanged { .. } | Event::Figures(_) => {}
        }
        true
    }
}

#[expect(clippy::disallowed_methods, reason = "what is waited for is that more comes; the bound is a turn")]
fn rest(span: Duration) {
    if !span.is_zero() {
        std::thread::sleep(span);
    }
}

/// What this thread has used so far.
fn cpu_microseconds() -> u64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    used.tv_sec.unsigned_abs() * 1_000_000 + used.tv_nsec.unsigned_abs() / 1_000
}

/// The one place where the media plane reads the clock.
#[expect(clippy::disallowed_methods, reason = "adapters read the clock and tell the shard")]
pub(super) fn now() -> Instant {
    Instant::now()
}
