//! `open-mics`: everybody in one room speaks, and hears the three loudest.

use super::VOICE_RATE;
use super::joining::{Entrant, Media, join_all};
use super::outcome::{Outcome, memory};
use super::person::{AUDIO_SLOTS, Part, start_lesson};
use super::stage::Stage;
use crate::options::Options;
use crate::report::Report;
use anyhow::{Context, Result};
use clap::Args;
use qism::protocol::Source;

/// One room in which everybody speaks.
#[derive(Args, Clone, Debug)]
pub struct OpenMicsOptions {
    #[command(flatten)]
    pub options: Options,
    /// How many speak
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(2..=128))]
    pub speakers: u16,
}

/// Lets everybody speak.
///
/// # Errors
/// Where there is no server; what happens to people is in the report.
pub async fn run(open_mics: &OpenMicsOptions) -> Result<Report> {
    let stage = Stage::set(&open_mics.options, 1).await?;
    let room = stage.rooms.first().context("a room")?;
    start_lesson(&stage, &room.trainer).await?;
    let speakers = usize::from(open_mics.speakers);
    // Trainers need no floor to publish.
    let part = Part::publisher(&[Source::Microphone], 0).measured();
    let entrants = (0..speakers).map(|number| Entrant {
        link: room.trainer.clone(),
        name: format!("Speaker {number}"),
        part: part.clone(),
    });
    let before_kib = stage.server_kib();
    // The first has nobody to hear yet, so nobody waits for media one by one.
    let (people, joins) = join_all(&stage, entrants.collect(), None, Media::None).await;
    let heard = AUDIO_SLOTS.min(speakers - 1) as f64;
    stage.settle(VOICE_RATE * heard * people.len() as f64).await?;
    let window = stage.measure(open_mics.options.seconds).await?;
    let memory = memory(before_kib, stage.server_kib(), people.len());
    let keyframe_requests = stage.driver.look().await?.keyframe_requests;
    let floor = stage.floor(&open_mics.options, &window).await?;
    let outcome = Outcome {
        scenario: "open-mics",
        viewers: speakers,
        publishers: speakers,
        joins,
        window,
        floor,
        memory,
        keyframe_requests,
    };
    outcome.report(&stage, &open_mics.options)
}
