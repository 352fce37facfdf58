//! The floor: what it costs this machine to seal and send the same packets in the same runs, and nothing else.

use crate::report::RunShape;
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// The hidden subcommand that [`measure`] starts this program with.
pub const SUBCOMMAND: &str = "floor-sender";

/// What is sent, and where to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FloorPlan {
    /// Sockets that are being read meanwhile.
    pub destinations: Vec<SocketAddr>,
    /// What the viewers saw on the wire.
    pub shapes: Vec<RunShape>,
    /// How long to send.
    pub seconds: u64,
    /// The core to send from: the server's.
    pub core: Option<usize>,
    /// How fast, in bursts of one run to every destination, as a frame gives them; without it as fast as the core can.
    /// The two differ by what waking up costs and by what the caches keep.
    pub packets_per_second: Option<f64>,
}

/// What a packet costs at least.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Floor {
    /// User and system together.
    pub us_per_packet: f64,
    /// Of it, per packet too.
    pub user_us: f64,
    pub system_us: f64,
    /// How many were sent.
    pub packets: u64,
}

/// Sends by the plan from a process of its own, and measures that process's CPU time. Blocks for as long as the plan says.
///
/// # Errors
/// Where the process can't be started or can't carry out the plan; the text says why.
pub fn measure(plan: &FloorPlan) -> Result<Floor> {
    let program = std::env::current_exe().context("this program's own path")?;
    let mut child = Command::new(program)
        .arg(SUBCOMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("start the process that measures the floor")?;
    let text = serde_json::to_vec(plan)?;
    // Taken, so that it is closed and the child sees the plan's end.
    let written = child.stdin.take().context("the child's input")?.write_all(&text);
    let output = child.wait_with_output().context("wait for the floor")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the floor could not be measured: {}", complaint.trim());
    written.context("hand over the plan")?;
    serde_json::from_slice(&output.stdout).context("the floor does not parse")
}
