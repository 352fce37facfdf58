//! `seminars`: many small rooms in which everybody shows a camera and speaks.

use super::joining::{Entrant, Media, join_all};
use super::outcome::{Outcome, memory};
use super::person::{AUDIO_SLOTS, Part, start_lesson};
use super::stage::Stage;
use super::{VOICE_RATE, picture_rate};
use crate::client::publisher::CAMERA_RATE;
use crate::options::Options;
use crate::report::Report;
use anyhow::Result;
use clap::Args;
use qism::protocol::{Source, VIDEO_SLOTS_MAX};

/// Rooms in which everybody sees and hears everybody.
#[derive(Args, Clone, Debug)]
pub struct SeminarsOptions {
    #[command(flatten)]
    pub options: Options,
    /// How many rooms
    #[arg(long, value_name = "M", default_value_t = 20)]
    pub rooms: usize,
    /// How many in each
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=9))]
    pub people: u8,
}

const _: () = assert!(VIDEO_SLOTS_MAX == 8, "nine people have eight others");

/// Holds the seminars.
///
/// # Errors
/// Where there is no server with so many lessons; what happens to people is in the report.
pub async fn run(seminars: &SeminarsOptions) -> Result<Report> {
    let stage = Stage::set(&seminars.options, seminars.rooms).await?;
    for room in &stage.rooms {
        start_lesson(&stage, &room.trainer).await?;
    }
    let others = usize::from(seminars.people) - 1;
    // Trainers need no floor to publish.
    let part = Part::publisher(&[Source::Microphone, Source::Camera], others).measured();
    let entrants = stage.rooms.iter().flat_map(|room| {
        (0..seminars.people).map(|number| Entrant {
            link: room.trainer.clone(),
            name: format!("Person {number}"),
            part: part.clone(),
        })
    });
    let before_kib = stage.server_kib();
    // The first of a room has nobody to see yet, so nobody waits for media one by one.
    let (people, joins) = join_all(&stage, entrants.collect(), None, Media::None).await;
    let pictures = picture_rate(stage.bitrate_bps, CAMERA_RATE) * others as f64;
    let rate = pictures + VOICE_RATE * others.min(AUDIO_SLOTS) as f64;
    stage.settle(rate * people.len() as f64).await?;
    let window = stage.measure(seminars.options.seconds).await?;
    let memory = memory(before_kib, stage.server_kib(), people.len());
    let keyframe_requests = stage.driver.look().await?.keyframe_requests;
    let floor = stage.floor(&seminars.options, &window).await?;
    let all = seminars.rooms * usize::from(seminars.people);
    let outcome = Outcome {
        scenario: "seminars",
        viewers: all,
        publishers: all,
        joins,
        window,
        floor,
        memory,
        keyframe_requests,
    };
    outcome.report(&stage, &seminars.options)
}
