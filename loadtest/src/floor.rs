//! The floor: what it costs this machine to seal and send the same packets in the same runs, and nothing else.

use crate::report::RunShape;
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What is sent, and where to.
#[derive(Clone, Debug)]
pub struct FloorPlan {
    /// Sockets that are being read meanwhile.
    pub destinations: Vec<SocketAddr>,
    /// What the viewers saw on the wire.
    pub shapes: Vec<RunShape>,
    /// How long to send.
    pub seconds: u64,
    /// The core to send from: the server's.
    pub core: Option<usize>,
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

/// Sends by the plan, from a thread of its own, and measures that thread's CPU time.
///
/// # Errors
/// Where it can't be measured.
pub fn measure(plan: &FloorPlan) -> Result<Floor> {
    bail!("the floor of {} destinations is not measured yet", plan.destinations.len())
}
