//! `churn`: people join and leave, again and again; what the server keeps of them shows in its memory.

use super::joining::Joins;
use super::lecture::{Lecture, Shows};
use super::outcome::{Outcome, memory};
use super::person::{Part, Participant};
use super::stage::Stage;
use crate::demo::invitation_of;
use crate::options::Options;
use crate::place::Place;
use crate::report::Report;
use anyhow::{Context, Result};
use clap::Args;
use futures_util::future::join_all;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The share of the cycles after which memory is first looked at: caches and allocators have then grown to their size.
const WARM_UP: f64 = 0.2;

/// How long the server is left alone before its memory is looked at: who was lost is forgotten after 10 s.
const REST: Duration = Duration::from_secs(12);

/// People who join and leave, again and again. Memory is told per cycle.
#[derive(Args, Clone, Debug)]
pub struct ChurnOptions {
    #[command(flatten)]
    pub options: Options,
    /// How many times somebody joins and leaves
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub cycles: usize,
    /// How many people do so; each comes back to the same place
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub people: u16,
}

/// Lets people come and go.
///
/// # Errors
/// Where there is no server, or the lecture does not begin; joins that fail are in the report.
pub async fn run(churn: &ChurnOptions) -> Result<Report> {
    let stage = Stage::set(&churn.options, 1).await?;
    let _held = Lecture::begin(&stage, Shows::Camera).await?;
    let invitation = stage.rooms.first().map(|room| room.trainee.clone()).context("a room")?;
    let mut places = Vec::new();
    for number in 0..churn.people {
        let name = format!("Trainee {number}");
        places.push(Place::take(&stage.base_url, invitation_of(&invitation)?, &name).await?);
    }
    let warm_up = (churn.cycles as f64 * WARM_UP) as usize;
    cycles(&stage, &places, warm_up).await;
    sleep(REST).await;
    let before_kib = stage.server_kib();
    let counted = churn.cycles - warm_up;
    let (joins, window) = {
        let cycling = cycles(&stage, &places, counted);
        tokio::pin!(cycling);
        // The window is as long as the options say; the cycles go on beyond it.
        let window = stage.measure(churn.options.seconds);
        tokio::pin!(window);
        let (joins, window) = tokio::join!(cycling, window);
        (joins, window?)
    };
    sleep(REST).await;
    let memory = memory(before_kib, stage.server_kib(), counted);
    let keyframe_requests = stage.driver.look().await?.keyframe_requests;
    let outcome = Outcome {
        scenario: "churn",
        viewers: usize::from(churn.people),
        publishers: 1,
        joins,
        window,
        floor: None,
        memory,
        keyframe_requests,
    };
    outcome.report(&stage, &churn.options)
}

/// So many cycles, shared among the places.
async fn cycles(stage: &Stage, places: &[Place], count: usize) -> Joins {
    let done = AtomicUsize::new(0);
    let joins = Mutex::new(Joins { asked: count, ..Joins::default() });
    let one_by_one = places.iter().map(async |place| {
        while done.fetch_add(1, Ordering::Relaxed) < count {
            match cycle(stage, place).await {
                Ok((joined_in, first_packet_in)) => {
                    if let Ok(mut joins) = joins.lock() {
                        joins.joined_in.push(joined_in);
                        joins.first_packet_in.push(first_packet_in);
                    }
                }
                Err(error) => stage.failures.note(format!("a cycle failed: {error:#}")),
            }
        }
    });
    join_all(one_by_one).await;
    joins.into_inner().unwrap_or_default()
}

async fn cycle(stage: &Stage, place: &Place) -> Result<(Duration, Duration)> {
    let mut participant = Participant::enter(stage, place, Instant::now(), Part::viewer(1)).await?;
    let first_packet_in = participant.first_packet().await?;
    let joined_in = participant.joined_in;
    participant.leave().await;
    Ok((joined_in, first_packet_in))
}
