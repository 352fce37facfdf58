//! The thread that drives all clients of the process: waits for their sockets and their timers.

use super::clock::Epoch;
use super::endpoint::{Buffers, Endpoint};
use super::publisher::Sending;
use super::sdp::{Answer, Credentials};
use super::tally::{Arrivals, Tally, Totals};
use super::transport::Identity;
use crate::report::{Bucket, HopQuantiles, RunShape};
use anyhow::{Context, Result};
use mio::{Events, Interest, Poll, Token, Waker};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

const WAKE: Token = Token(0);

/// How long the thread waits at most: it also ends only when it wakes.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many sockets are served before timers have their turn.
const EVENTS_MAX: usize = 256;

/// The DTLS crate joins handshake fragments by recursion.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Which client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientKey(usize);

/// A client whose offer was answered.
pub struct Plan {
    pub local: Credentials,
    pub answer: Answer,
    /// Which of the answer's candidates is used.
    pub server: SocketAddr,
    /// Opened already where the server had to know its address; else one is opened.
    pub socket: Option<std::net::UdpSocket>,
    pub sending: Vec<Sending>,
    /// Whether its loss counts in [`Snapshot::totals`].
    pub measured: bool,
    /// Whether its first packet is the first of a picture, or else of sound.
    pub shows_pictures: bool,
    /// Told once media can flow, or why it can't.
    pub connected: oneshot::Sender<Result<Instant>>,
    pub first_packet: oneshot::Sender<Instant>,
}

/// How things stand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Snapshot {
    /// Since the beginning.
    pub arrivals: Arrivals,
    /// Of the measured clients, those that are gone included.
    pub totals: Totals,
    pub unopened: u64,
    pub keyframe_requests: u64,
    pub clients: usize,
}

/// What a window found that can't be had as a difference of snapshots.
#[derive(Clone, Debug, Default)]
pub struct WindowNotes {
    pub hop_ms: HopQuantiles,
    pub hop_histogram: Vec<Bucket>,
    pub sizes: Vec<RunShape>,
}

enum Command {
    Add(ClientKey, Box<Plan>),
    Start(ClientKey),
    Remove(ClientKey),
    /// Everybody stops sending.
    Stop,
    /// Begins a window.
    Begin(oneshot::Sender<Snapshot>),
    Look(oneshot::Sender<Snapshot>),
    /// Ends a window.
    End(oneshot::Sender<(Snapshot, WindowNotes)>),
    Addresses(oneshot::Sender<Vec<SocketAddr>>),
}

/// The handle to the thread; the thread ends with it.
pub struct Driver {
    pub epoch: Epoch,
    pub identity: Arc<Identity>,
    /// The thread, as the kernel numbers it.
    pub thread_id: u32,
    commands: Mutex<Option<Sender<Command>>>,
    waker: Waker,
    next_key: AtomicUsize,
    thread: Option<JoinHandle<()>>,
}

impl Driver {
    /// # Errors
    /// Where the system gives no thread or no way to wait for sockets.
    pub fn start() -> Result<Self> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKE)?;
        let (commands, inbox) = channel();
        let (epoch, identity) = (Epoch::default(), Arc::new(Identity::new()?));
        let mut running = Running {
            poll,
            inbox,
            epoch,
            identity: Arc::clone(&identity),
            clients: HashMap::new(),
            timers: BinaryHeap::new(),
            buffers: Buffers::default(),
            tally: Tally::new()?,
            gone: Totals::default(),
        };
        let (told, thread_id) = channel();
        let thread =
            std::thread::Builder::new().name("clients".to_owned()).stack_size(STACK_BYTES).spawn(move || {
                let _ = told.send(rustix::thread::gettid().as_raw_nonzero().get().unsigned_abs());
                running.run();
            })?;
        let thread_id = thread_id.recv().context("the clients' thread did not start")?;
        let (commands, next_key) = (Mutex::new(Some(commands)), AtomicUsize::new(1));
        Ok(Self { epoch, identity, thread_id, commands, waker, next_key, thread: Some(thread) })
    }

    fn send(&self, command: Command) {
        // A thread that is gone answers nothing, which its askers notice.
        if let Ok(commands) = self.commands.lock()
            && let Some(commands) = commands.as_ref()
        {
            let _ = commands.send(command);
        }
        let _ = self.waker.wake();
    }

    async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        self.send(question(answer));
        answered.await.context("the clients' thread has ended")
    }

    /// Connects a client.
    pub fn add(&self, plan: Plan) -> ClientKey {
        let key = ClientKey(self.next_key.fetch_add(1, Ordering::Relaxed));
        self.send(Command::Add(key, Box::new(plan)));
        key
    }

    /// Lets a client send.
    pub fn start_sending(&self, key: ClientKey) {
        self.send(Command::Start(key));
    }

    /// Lets everybody stop sending.
    pub fn stop_sending(&self) {
        self.send(Command::Stop);
    }

    /// Closes a client's socket without a word.
    pub fn remove(&self, key: ClientKey) {
        self.send(Command::Remove(key));
    }

    /// # Errors
    /// Where the thread has ended.
    pub async fn look(&self) -> Result<Snapshot> {
        self.ask(Command::Look).await
    }

    /// Begins a measured window.
    ///
    /// # Errors
    /// Where the thread has ended.
    pub async fn begin(&self) -> Result<Snapshot> {
        self.ask(Command::Begin).await
    }

    /// Ends a measured window.
    ///
    /// # Errors
    /// Where the thread has ended.
    pub async fn end(&self) -> Result<(Snapshot, WindowNotes)> {
        self.ask(Command::End).await
    }

    /// The addresses of all clients' sockets.
    ///
    /// # Errors
    /// Where the thread has ended.
    pub async fn addresses(&self) -> Result<Vec<SocketAddr>> {
        self.ask(Command::Addresses).await
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Ok(mut commands) = self.commands.lock() {
            *commands = None;
        }
        let _ = self.waker.wake();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread owns.
struct Running {
    poll: Poll,
    inbox: Receiver<Command>,
    epoch: Epoch,
    identity: Arc<Identity>,
    clients: HashMap<ClientKey, Endpoint>,
    /// One entry counts for each client: that of [`Endpoint::armed`]; older ones are passed over.
    timers: BinaryHeap<Reverse<(Instant, ClientKey)>>,
    buffers: Buffers,
    tally: Tally,
    /// Of measured clients that are gone.
    gone: Totals,
}

impl Running {
    fn run(&mut self) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        loop {
            if let Err(error) = self.poll.poll(&mut events, Some(self.patience()))
                && error.kind() != io::ErrorKind::Interrupted
            {
                return;
            }
            if !self.take_commands() {
                return;
            }
            for event in &events {
                let key = ClientKey(event.token().0);
                if let Some(client) = self.clients.get_mut(&key) {
                    client.receive(self.epoch, &mut self.buffers, &mut self.tally);
                    arm(&mut self.timers, key, client);
                }
            }
            self.handle_timeouts();
        }
    }

    fn patience(&self) -> Duration {
        let next = self.timers.peek().map(|Reverse((at, _))| *at);
        next.map_or(PATIENCE, |at| at.saturating_duration_since(self.epoch.now().at).min(PATIENCE))
    }

    fn handle_timeouts(&mut self) {
        let mut now = self.epoch.now();
        while let Some(Reverse((at, key))) = self.timers.peek().copied() {
            if at > now.at {
                // What was done took time; what has become due meanwhile is due now.
                now = self.epoch.now();
                if at > now.at {
                    return;
                }
            }
            self.timers.pop();
            if let Some(client) = self.clients.get_mut(&key).filter(|client| client.armed == Some(at)) {
                client.armed = None;
                client.handle_timeout(self.epoch.now());
                arm(&mut self.timers, key, client);
            }
        }
    }

    /// `false` once the handle is gone.
    fn take_commands(&mut self) -> bool {
        loop {
            match self.inbox.try_recv() {
                Ok(command) => self.handle(command),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::Add(key, plan) => self.add(key, *plan),
            Command::Start(key) => {
                let now = self.epoch.now().at;
                if let Some(client) = self.clients.get_mut(&key) {
                    client.start(now);
                    arm(&mut self.timers, key, client);
                }
            }
            Command::Remove(key) => {
                if let Some(client) = self.clients.remove(&key)
                    && client.measured
                {
                    self.gone += client.totals();
                }
            }
            Command::Stop => self.clients.values_mut().for_each(Endpoint::stop),
            Command::Begin(answer) => {
                self.tally.begin();
                let _ = answer.send(self.snapshot());
            }
            Command::Look(answer) => {
                let _ = answer.send(self.snapshot());
            }
            Command::End(answer) => {
                self.tally.notes = false;
                let notes = WindowNotes {
                    hop_ms: self.tally.hop_quantiles(),
                    hop_histogram: self.tally.hop_buckets(),
                    sizes: self.tally.shapes(),
                };
                let _ = answer.send((self.snapshot(), notes));
            }
            Command::Addresses(answer) => {
                let _ = answer.send(self.clients.values().map(|client| client.address).collect());
            }
        }
    }

    fn add(&mut self, key: ClientKey, plan: Plan) {
        match Endpoint::open(self.epoch.now().at, Arc::clone(&self.identity), plan) {
            Ok(mut client) => {
                let registered = self.poll.registry().register(&mut client.socket, Token(key.0), Interest::READABLE);
                if registered.is_ok() {
                    arm(&mut self.timers, key, &mut client);
                    self.clients.insert(key, client);
                }
            }
            // The plan's ends are dropped with it, which its askers notice.
            Err(error) => eprintln!("a client can't be opened: {error:#}"),
        }
    }

    fn snapshot(&self) -> Snapshot {
        let mut totals = self.gone;
        for client in self.clients.values().filter(|client| client.measured) {
            totals += client.totals();
        }
        Snapshot {
            arrivals: self.tally.arrivals,
            totals,
            unopened: self.tally.unopened,
            keyframe_requests: self.tally.keyframe_requests,
            clients: self.clients.len(),
        }
    }
}

/// Sets the client's timer, unless it has one that is as early.
fn arm(timers: &mut BinaryHeap<Reverse<(Instant, ClientKey)>>, key: ClientKey, client: &mut Endpoint) {
    let next = client.poll_timeout();
    if client.armed.is_none_or(|armed| next < armed) {
        client.armed = Some(next);
        timers.push(Reverse((next, key)));
    }
}
