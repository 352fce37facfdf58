//! `storm`: a whole class joins a lecture at once, while some watch it already.

use super::lecture::{Lecture, Shows};
use super::outcome::{Outcome, memory};
use super::stage::Stage;
use crate::options::Options;
use crate::report::Report;
use anyhow::Result;
use clap::Args;
use std::time::Duration;

/// How long after the last join is measured on: late first packets fall into it.
const AFTERMATH_SECONDS: u64 = 3;

/// Many join a lecture within seconds. Loss is that of those who watched before.
#[derive(Args, Clone, Debug)]
pub struct StormOptions {
    #[command(flatten)]
    pub options: Options,
    /// How many join
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub viewers: usize,
    /// In how many seconds
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub over: u64,
    /// How many watch already
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub steady: usize,
}

/// Lets the storm come.
///
/// # Errors
/// Where there is no server, or the lecture does not begin; joins that fail are in the report.
pub async fn run(storm: &StormOptions) -> Result<Report> {
    let stage = Stage::set(&storm.options, 1).await?;
    let held = Lecture::begin(&stage, Shows::Camera).await?;
    let (steady, _) = held.admit(&stage, storm.steady, None, true).await;
    stage.settle(held.rate(&stage) * steady.len() as f64).await?;
    let before_kib = stage.server_kib();
    let asked_before = stage.driver.look().await?.keyframe_requests;
    let over = Duration::from_secs(storm.over);
    let (window, (joined, joins)) = tokio::join!(
        stage.measure(storm.over + AFTERMATH_SECONDS),
        held.admit(&stage, storm.viewers, Some(over), false)
    );
    let window = window?;
    if joins.first_packet_in.len() < joins.asked {
        let missed = joins.asked - joins.first_packet_in.len();
        stage.failures.note(format!("{missed} of {} who joined got no media", joins.asked));
    }
    let memory = memory(before_kib, stage.server_kib(), joined.len());
    let keyframe_requests = stage.driver.look().await?.keyframe_requests - asked_before;
    let floor = stage.floor(&storm.options, &window).await?;
    let outcome = Outcome {
        scenario: "storm",
        viewers: storm.viewers,
        publishers: 1,
        joins,
        window,
        floor,
        memory,
        keyframe_requests,
    };
    outcome.report(&stage, &storm.options)
}
