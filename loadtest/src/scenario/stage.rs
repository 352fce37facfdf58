//! What every scenario stands on: the server that is tried, the clients' thread, and the measured window.

use super::progress::Progress;
use crate::client::driver::{Driver, Snapshot, WindowNotes};
use crate::client::tally::Totals;
use crate::client::voice::Voice;
use crate::demo::Links;
use crate::floor::{self, Floor, FloorPlan};
use crate::janus::Janus;
use crate::machine::{cores, raise_descriptor_limit, stay_on};
use crate::options::{Kind, Options};
use crate::process::{CpuTime, core_busy, resident_kib};
use crate::report::Second;
use crate::server::{Launch, Server};
use anyhow::{Context, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// The pitches of the voices, in hertz.
const PITCHES_HZ: [f32; 4] = [105.0, 140.0, 190.0, 225.0];

/// How far apart two who speak with the same voice are in it, in packets.
const VOICE_STEP: usize = 37;

/// How many failures are kept; what comes over only says that there were more.
const FAILURES_MAX: usize = 50;

/// How long everybody may take to receive what they should before the window begins: a server tries one larger picture
/// every few seconds, and people of a seminar have several.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(45);

/// The share of the packets that are to be expected from which on a class counts as settled.
const SETTLED: f64 = 0.95;

/// For how long sockets are drained before the floor is measured.
const DRAIN: Duration = Duration::from_millis(500);

/// How long the floor is measured.
const FLOOR_SECONDS: u64 = 3;

/// What went wrong, in sentences; the handle is cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Failures(Arc<Mutex<Vec<String>>>);

impl Failures {
    pub fn note(&self, failure: String) {
        if let Ok(mut failures) = self.0.lock()
            && failures.len() < FAILURES_MAX
        {
            failures.push(failure);
        }
    }

    #[must_use]
    pub fn take(&self) -> Vec<String> {
        self.0.lock().map(|mut failures| std::mem::take(&mut *failures)).unwrap_or_default()
    }
}

/// The server that is tried, and all that it is tried with.
pub struct Stage {
    pub base_url: String,
    pub rooms: Vec<Links>,
    pub driver: Arc<Driver>,
    pub bitrate_bps: u64,
    pub failures: Failures,
    /// RFC 3339, in UTC.
    pub started_at: String,
    pub progress: Progress,
    voices: Vec<Arc<Voice>>,
    next_voice: AtomicUsize,
    /// How many cores this process has.
    own_cores: usize,
    server_core: Option<usize>,
    server: Option<Started>,
}

/// A server that was started for this run.
enum Started {
    Qism(Box<Server>),
    Janus(Box<Janus>),
}

impl Started {
    fn pid(&self) -> Option<u32> {
        match self {
            Self::Qism(server) => server.pid(),
            Self::Janus(janus) => janus.pid(),
        }
    }
}

/// What a measured window found.
#[derive(Clone, Debug, Default)]
pub struct Window {
    pub elapsed: Duration,
    /// Of the window.
    pub counted: Snapshot,
    pub totals: Totals,
    pub notes: WindowNotes,
    /// Of the server; absent where its process can't be seen.
    pub server: Option<CpuTime>,
    /// What others used of the server's core, in percent.
    pub neighbours_percent: Option<f64>,
    /// Of this process's cores, or of its busiest thread's core where that is more.
    pub client_percent: f64,
    pub timeline: Vec<Second>,
}

/// The state of all counters at one moment.
#[derive(Clone, Copy)]
struct Reading {
    at: Instant,
    snapshot: Snapshot,
    server: Option<CpuTime>,
    server_core: Option<Duration>,
    own: CpuTime,
    thread: CpuTime,
}

impl Stage {
    /// Starts the server, where it is to be started, and the clients' thread.
    ///
    /// # Errors
    /// Where there is no server with so many rooms.
    pub async fn set(options: &Options, rooms: usize) -> Result<Self> {
        raise_descriptor_limit();
        let all = cores()?;
        let mut stage_cores = all.len();
        let mut server_core = None;
        let running = options.target.running()?;
        if running.is_none() {
            // The server alone on the last core, everything else on the others.
            if let [others @ .., last] = all.as_slice()
                && !others.is_empty()
            {
                stay_on(others)?;
                (stage_cores, server_core) = (others.len(), Some(*last));
            }
        }
        let (server, demo) = match (running, options.target.target) {
            (Some(demo), _) => (None, Some(demo)),
            (None, Kind::Janus) => (Some(Started::Janus(Box::new(Janus::start(server_core).await?))), None),
            (None, Kind::Qism) => {
                let program = options.target.server_bin.clone();
                let launch = Launch { program, core: server_core, lessons: rooms, ..Launch::default() };
                let server = Server::launch(&launch).await?;
                let demo = server.demo.clone();
                (Some(Started::Qism(Box::new(server))), Some(demo))
            }
        };
        let rooms = demo.as_ref().map(|demo| demo.rooms(rooms)).transpose()?.unwrap_or_default();
        let voices = PITCHES_HZ.iter().map(|pitch_hz| Voice::new(*pitch_hz).map(Arc::new));
        Ok(Self {
            rooms,
            base_url: demo.map(|demo| demo.base_url).unwrap_or_default(),
            driver: Arc::new(Driver::start()?),
            bitrate_bps: u64::from(options.bitrate) * 1_000,
            failures: Failures::default(),
            started_at: jiff::Timestamp::now().to_string(),
            progress: Progress::default(),
            voices: voices.collect::<Result<_>>()?,
            next_voice: AtomicUsize::new(0),
            own_cores: stage_cores,
            server_core,
            server,
        })
    }

    /// A voice and a place in it, each time another.
    #[must_use]
    pub fn next_voice(&self) -> (Arc<Voice>, usize) {
        let number = self.next_voice.fetch_add(1, Ordering::Relaxed);
        let voice = self.voices.get(number % self.voices.len().max(1)).cloned();
        // There are voices: the stage could not be set without.
        (voice.unwrap_or_default(), number * VOICE_STEP)
    }

    /// The Janus of this run, where it is Janus that is tried.
    #[must_use]
    pub fn janus(&self) -> Option<&Janus> {
        match &self.server {
            Some(Started::Janus(janus)) => Some(janus),
            _ => None,
        }
    }

    /// The server's resident memory, where its process can be seen.
    #[must_use]
    pub fn server_kib(&self) -> Option<u64> {
        resident_kib(self.server.as_ref()?.pid()?).ok()
    }

    /// Waits until this many packets a second arrive, or nearly, [`SETTLE_TIMEOUT`] at most; then says how many do not.
    ///
    /// # Errors
    /// Where the clients' thread has ended.
    pub async fn settle(&self, packets_per_second: f64) -> Result<()> {
        let deadline = Instant::now() + SETTLE_TIMEOUT;
        let mut before = self.driver.look().await?.arrivals.packets();
        loop {
            sleep(Duration::from_secs(1)).await;
            let packets = self.driver.look().await?.arrivals.packets();
            let rate = (packets - before) as f64;
            self.progress.show(&format!("settling: {rate:.0} of {packets_per_second:.0} packets/s"));
            if rate >= packets_per_second * SETTLED {
                return Ok(());
            }
            if Instant::now() >= deadline {
                let text = format!("only {rate:.0} of {packets_per_second:.0} packets a second arrive");
                self.failures.note(text);
                return Ok(());
            }
            before = packets;
        }
    }

    /// Measures for so many seconds.
    ///
    /// # Errors
    /// Where the clients' thread has ended.
    pub async fn measure(&self, seconds: u64) -> Result<Window> {
        let snapshot = self.driver.begin().await?;
        let first = self.reading(snapshot)?;
        let mut before = first;
        let mut timeline = Vec::new();
        for second in 0..seconds.max(1) {
            sleep_until(first.at + Duration::from_secs(second + 1)).await;
            let now = self.reading(self.driver.look().await?)?;
            timeline.push(self.second(second, &before, &now));
            let Second { packets, lost, client_percent, .. } = *timeline.last().context("a second")?;
            self.progress.show(&format!(
                "measuring: {} of {seconds} s, {packets} packets/s, {lost} lost, load test at {client_percent:.0} %",
                second + 1
            ));
            before = now;
        }
        let (snapshot, notes) = self.driver.end().await?;
        let last = self.reading(snapshot)?;
        self.progress.clear();
        let whole = self.second(0, &first, &last);
        let server = last.server.zip(first.server).map(|(last, first)| last.since(first));
        let busy = last.server_core.zip(first.server_core).map(|(last, first)| last.saturating_sub(first));
        let others = busy.zip(server).map(|(busy, server)| busy.saturating_sub(server.all()));
        Ok(Window {
            elapsed: last.at - first.at,
            counted: difference(&first.snapshot, &last.snapshot),
            totals: last.snapshot.totals - first.snapshot.totals,
            notes,
            server,
            neighbours_percent: others.map(|others| others.as_secs_f64() * 100.0 / (last.at - first.at).as_secs_f64()),
            client_percent: whole.client_percent,
            timeline,
        })
    }

    fn reading(&self, snapshot: Snapshot) -> Result<Reading> {
        let server = self.server.as_ref().and_then(Started::pid);
        Ok(Reading {
            at: Instant::now(),
            snapshot,
            server: server.map(CpuTime::of_process).transpose().context("the server has ended")?,
            server_core: self.server_core.map(core_busy).transpose()?,
            own: CpuTime::of_process(std::process::id())?,
            thread: CpuTime::of_own_thread(self.driver.thread_id)?,
        })
    }

    fn second(&self, second: u64, before: &Reading, now: &Reading) -> Second {
        let elapsed = (now.at - before.at).as_secs_f64().max(1e-3);
        let percent = |now: CpuTime, before: CpuTime| now.since(before).all().as_secs_f64() * 100.0 / elapsed;
        let own = percent(now.own, before.own) / self.own_cores.max(1) as f64;
        Second {
            second,
            packets: difference(&before.snapshot, &now.snapshot).arrivals.packets(),
            lost: (now.snapshot.totals - before.snapshot.totals).lost(),
            server_percent: now.server.zip(before.server).map(|(now, before)| percent(now, before)),
            client_percent: own.max(percent(now.thread, before.thread)),
        }
    }

    /// What the same packets cost when they are only sealed and sent, from the server's core to the same sockets. The
    /// clients' thread goes on draining them. Nothing where it can't be measured, which is said.
    ///
    /// # Errors
    /// Where the clients' thread has ended.
    pub async fn floor(&self, options: &Options, window: &Window) -> Result<Option<Floor>> {
        if options.no_floor {
            return Ok(None);
        }
        let shapes = window.notes.sizes.clone();
        self.driver.stop_sending();
        sleep(DRAIN).await;
        let destinations = self.driver.addresses().await?;
        if shapes.is_empty() || destinations.is_empty() {
            return Ok(None);
        }
        self.progress.show("measuring the floor");
        let rate = window.counted.arrivals.packets() as f64 / window.elapsed.as_secs_f64().max(1e-3);
        let plan = FloorPlan {
            destinations,
            shapes,
            seconds: FLOOR_SECONDS,
            core: self.server_core,
            packets_per_second: Some(rate),
        };
        let measured = tokio::task::spawn_blocking(move || floor::measure(&plan)).await?;
        self.progress.clear();
        if let Err(error) = &measured {
            eprintln!("no floor: {error:#}");
        }
        Ok(measured.ok())
    }
}

/// What happened between two snapshots.
fn difference(before: &Snapshot, now: &Snapshot) -> Snapshot {
    let mut difference = *now;
    let (arrivals, earlier) = (&mut difference.arrivals, &before.arrivals);
    arrivals.video_packets -= earlier.video_packets.min(arrivals.video_packets);
    arrivals.audio_packets -= earlier.audio_packets.min(arrivals.audio_packets);
    arrivals.bytes -= earlier.bytes.min(arrivals.bytes);
    difference.totals = now.totals - before.totals;
    difference.unopened -= before.unopened.min(difference.unopened);
    difference
}
