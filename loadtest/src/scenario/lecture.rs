//! `lecture`: one trainer, many who watch and listen.

use super::janus;
use super::joining::{Entrant, Joins, Media, join_all};
use super::outcome::{Outcome, memory};
use super::person::{Part, Participant, start_lesson};
use super::stage::Stage;
use super::{VOICE_RATE, picture_rate};
use crate::client::publisher::{CAMERA_RATE, SCREEN_BPS, SCREEN_RATE};
use crate::options::{Kind, Options};
use crate::report::Report;
use anyhow::{Context, Result};
use clap::Args;
use qism::protocol::Source;
use std::time::Duration;

/// One trainer's 720p camera (in three encodings) and voice, and many viewers.
#[derive(Args, Clone, Debug)]
pub struct LectureOptions {
    #[command(flatten)]
    pub options: Options,
    /// How many watch
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub viewers: usize,
    /// The trainer shows a screen too, beside the camera
    #[arg(long)]
    pub screen: bool,
    /// Viewers listen only
    #[arg(long, conflicts_with = "screen")]
    pub audio_only: bool,
}

/// A lecture whose trainer is in the room.
pub struct Lecture {
    _trainer: Participant,
    shows: Shows,
}

/// What viewers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    Camera,
    CameraAndScreen,
    Nothing,
}

impl Lecture {
    /// Puts the first room's lesson on air, with its trainer.
    ///
    /// # Errors
    /// Where the trainer does not get in.
    pub async fn begin(stage: &Stage, shows: Shows) -> Result<Self> {
        let room = stage.rooms.first().context("a room")?;
        start_lesson(stage, &room.trainer).await.context("the lesson can't be started")?;
        let sources: &[Source] = match shows {
            Shows::CameraAndScreen => &[Source::Microphone, Source::Camera, Source::Screen],
            Shows::Camera | Shows::Nothing => &[Source::Microphone, Source::Camera],
        };
        let part = Part::publisher(sources, 0);
        let trainer = Participant::join(stage, &room.trainer, "Trainer", part).await;
        Ok(Self { _trainer: trainer.context("the trainer does not get in")?, shows })
    }

    /// Viewers come in.
    pub async fn admit(
        &self,
        stage: &Stage,
        viewers: usize,
        over: Option<Duration>,
        measured: bool,
    ) -> (Vec<Participant>, Joins) {
        let link = stage.rooms.first().map(|room| room.trainee.clone()).unwrap_or_default();
        let video_slots = match self.shows {
            Shows::Camera => 1,
            Shows::CameraAndScreen => 2,
            Shows::Nothing => 0,
        };
        let part = Part { measured, ..Part::viewer(video_slots) };
        let entrants = (0..viewers).map(|number| Entrant {
            link: link.clone(),
            name: format!("Trainee {number}"),
            part: part.clone(),
        });
        join_all(stage, entrants.collect(), over, Media::Expected).await
    }

    /// How many packets a second one viewer is to receive.
    #[must_use]
    pub fn rate(&self, stage: &Stage) -> f64 {
        rate(stage, self.shows)
    }
}

/// How many packets a second somebody who is shown this is to receive.
#[must_use]
pub fn rate(stage: &Stage, shows: Shows) -> f64 {
    let camera = picture_rate(stage.bitrate_bps, CAMERA_RATE);
    let pictures = match shows {
        Shows::Nothing => 0.0,
        Shows::Camera => camera,
        Shows::CameraAndScreen => camera + picture_rate(SCREEN_BPS, SCREEN_RATE),
    };
    VOICE_RATE + pictures
}

/// Holds the lecture.
///
/// # Errors
/// Where there is no server, or its trainer does not get in; what happens to viewers is in the report.
pub async fn run(lecture: &LectureOptions) -> Result<Report> {
    if lecture.options.target.target == Kind::Janus {
        return janus::run(lecture).await;
    }
    let stage = Stage::set(&lecture.options, 1).await?;
    let shows = match (lecture.screen, lecture.audio_only) {
        (true, _) => Shows::CameraAndScreen,
        (_, true) => Shows::Nothing,
        _ => Shows::Camera,
    };
    let held = Lecture::begin(&stage, shows).await?;
    let before_kib = stage.server_kib();
    let (viewers, joins) = held.admit(&stage, lecture.viewers, None, true).await;
    stage.settle(held.rate(&stage) * viewers.len() as f64).await?;
    let window = stage.measure(lecture.options.seconds).await?;
    let memory = memory(before_kib, stage.server_kib(), viewers.len());
    let keyframe_requests = stage.driver.look().await?.keyframe_requests;
    let floor = stage.floor(&lecture.options, &window).await?;
    let outcome = Outcome {
        scenario: if shows == Shows::Nothing { "lecture-audio" } else { "lecture" },
        viewers: lecture.viewers,
        publishers: 1,
        joins,
        window,
        floor,
        memory,
        keyframe_requests,
    };
    outcome.report(&stage, &lecture.options)
}
