//! `idle`: many are connected, and nobody sends.

use super::joining::{Entrant, Media, join_all};
use super::outcome::{Outcome, memory};
use super::person::{Part, start_lesson};
use super::stage::Stage;
use crate::options::Options;
use crate::report::Report;
use anyhow::{Context, Result};
use clap::Args;

/// Connected people and no media: what the server's CPU does then.
#[derive(Args, Clone, Debug)]
pub struct IdleOptions {
    #[command(flatten)]
    pub options: Options,
    /// How many are connected
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub viewers: usize,
}

/// Connects everybody and waits.
///
/// # Errors
/// Where there is no server; what happens to people is in the report.
pub async fn run(idle: &IdleOptions) -> Result<Report> {
    let stage = Stage::set(&idle.options, 1).await?;
    let room = stage.rooms.first().context("a room")?;
    start_lesson(&stage, &room.trainer).await?;
    let before_kib = stage.server_kib();
    let entrants = (0..idle.viewers).map(|number| Entrant {
        link: room.trainee.clone(),
        name: format!("Trainee {number}"),
        part: Part::viewer(1),
    });
    let (people, joins) = join_all(&stage, entrants.collect(), None, Media::None).await;
    let window = stage.measure(idle.options.seconds).await?;
    let memory = memory(before_kib, stage.server_kib(), people.len());
    let outcome = Outcome { scenario: "idle", viewers: idle.viewers, joins, window, memory, ..Outcome::default() };
    outcome.report(&stage, &idle.options)
}
