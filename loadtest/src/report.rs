//! What a run found. The names are stable: pages, charts and comparisons of runs read them.

use crate::floor::Floor;
use serde::{Deserialize, Serialize};

/// A whole run. Everything counted lies in the measured window, unless said otherwise.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// `lecture`, `lecture-audio`, `seminars`, `open-mics`, `storm`, `churn` or `idle`.
    pub scenario: String,
    /// The kind of server: `qism` or `janus`.
    pub target: String,
    /// The command line of the run.
    pub command: String,
    /// The commit that the load test was built from; empty where it is not known.
    pub commit: String,
    /// When the run started, as RFC 3339 in UTC.
    pub started_at: String,
    pub machine: Machine,
    pub parameters: Parameters,
    /// How media was sealed: the SRTP profile that the handshakes agreed on.
    #[serde(default)]
    pub seal: String,
    pub delivered: Delivered,
    /// Of the server; absent where its process can't be seen.
    pub cpu: Option<Cpu>,
    /// CPU of the load test itself, in percent of the cores that it may use; of its busiest thread's core where that is
    /// more.
    pub client_percent: f64,
    /// What other programs used of the server's core meanwhile, in percent: where it is not next to nothing, times and
    /// loss are theirs too. Absent where the server has no core of its own.
    #[serde(default)]
    pub neighbours_percent: Option<f64>,
    /// What the same packets cost when they are only sealed and sent; absent where it was not measured.
    pub floor: Option<Floor>,
    /// The server's CPU per packet divided by the floor's.
    pub ratio: Option<f64>,
    /// Packets that never arrived, in percent of those that should have.
    pub loss_percent: f64,
    /// Packets that arrived more than once.
    pub duplicates: u64,
    /// Packets that arrived after one that was sent later.
    #[serde(default)]
    pub reordered: u64,
    /// Packets that arrived only when they were asked for; they are not lost.
    #[serde(default)]
    pub repaired: u64,
    /// From a packet's sending to its arrival at a viewer, both in this process.
    pub hop_ms: HopQuantiles,
    /// From the first request to a connection that can carry media.
    pub join_ms: JoinQuantiles,
    /// From the first request to the first media packet: a picture's for who is shown pictures.
    pub first_packet_ms: JoinQuantiles,
    /// Of the server; absent where its process can't be seen. `churn` tells it per cycle.
    pub memory: Option<Memory>,
    /// Keyframes that the server asked the publishers for, over the whole run; in a storm, since its begin.
    pub keyframe_requests: u64,
    /// Why the figures say nothing about the server; absent where they do.
    pub refused: Option<String>,
    /// What went wrong, in sentences.
    pub failures: Vec<String>,
    pub timeline: Vec<Second>,
    /// Upper bounds rise; buckets without a packet are left out.
    pub hop_histogram: Vec<Bucket>,
    /// What the wire looked like to the viewers; the shares add up to 1.
    pub sizes: Vec<RunShape>,
}

/// Where the run took place.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Machine {
    pub cpu: String,
    pub cores: usize,
    pub kernel: String,
    pub memory_mib: u64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Parameters {
    pub viewers: usize,
    pub publishers: usize,
    pub rooms: usize,
    /// Of the main picture that one viewer receives.
    pub bitrate_kbps: u32,
    /// How long the measured window was.
    pub seconds: u64,
}

/// What arrived at all viewers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Delivered {
    pub packets: u64,
    pub video_packets: u64,
    pub audio_packets: u64,
    /// Of UDP payload.
    pub bytes: u64,
    pub packets_per_second: f64,
}

/// The server's CPU time, from the kernel's accounting, divided by the packets delivered.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Cpu {
    pub user_us_per_packet: f64,
    pub system_us_per_packet: f64,
    pub us_per_packet: f64,
    /// Of one core.
    pub server_percent: f64,
}

/// In milliseconds; 0 where nothing was measured.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct HopQuantiles {
    pub p50: f64,
    pub p99: f64,
    pub p999: f64,
}

/// In milliseconds; 0 where nothing was measured.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct JoinQuantiles {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
}

/// The server's resident memory, in KiB.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    pub before_kib: u64,
    pub with_viewers_kib: u64,
    pub per_viewer_kib: f64,
}

/// One second of the measured window.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Second {
    /// From 0 up.
    pub second: u64,
    pub packets: u64,
    pub lost: u64,
    /// Of one core; absent where the server's process can't be seen.
    pub server_percent: Option<f64>,
    pub client_percent: f64,
}

/// Packets whose hop took at most this long, and longer than the bucket before says.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Bucket {
    pub up_to_us: u64,
    pub count: u64,
}

/// A run of datagrams of one size that arrived together: what one segmented send makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunShape {
    /// UDP payload of each datagram, seals included.
    pub datagram_bytes: usize,
    /// How many datagrams; 1 where no run formed.
    pub run_length: usize,
    /// The share of all packets that arrived in such runs, 0 to 1.
    pub share: f64,
}
