//! How well a lesson was received, and what took the rest.

use crate::http::acting::Acting;
use crate::http::extract::Ids;
use crate::http::problem::Refused;
use crate::http::reports::Facts;
use crate::ids::{InstitutionId, LessonId, ParticipantId};
use crate::protocol::{ConnectionType, Problem};
use crate::quality::{
    self, Cause, CauseCode, LessonReview, LinkSums, LostMinutes, Measured, MinuteCause, MinuteReview, Part,
    ParticipantSum, PictureParts, Score, SpeechParts,
};
use axum::Json;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How well a lesson was received. docs/QUALITY-SCORE.md says how scores are made; they go from 0 to 100.
#[derive(Serialize, ToSchema)]
pub struct LessonQuality {
    /// Means over the minutes; absent where nobody heard or saw anything.
    speech: Option<SpeechScore>,
    picture: Option<PictureScore>,
    /// In order; minutes in which nothing was measured are left out.
    minutes: Vec<QualityMinute>,
    participants: Vec<ParticipantQuality>,
    /// Why not everything arrived: what took most comes first.
    causes: Vec<LostToCause>,
}

/// How speech was heard.
#[derive(Serialize, ToSchema)]
pub struct SpeechScore {
    score: f64,
    /// `client`: the participants' own clients measured what was played; `server`: it is estimated from loss.
    #[schema(value_type = String)]
    measured: Measured,
    /// What was not there in time, in percent of what was spoken.
    missing_percent: f64,
    /// What was lost on the way, in percent of the packets.
    lost_percent: f64,
    /// From a trainer's microphone to the ear, in milliseconds.
    delay_ms: u32,
}

/// How pictures were seen.
#[derive(Serialize, ToSchema)]
pub struct PictureScore {
    score: f64,
    #[schema(value_type = String)]
    measured: Measured,
    /// How long the picture stood still, in percent of the time.
    frozen_percent: f64,
    freezes: u64,
    lost_percent: f64,
    /// How long the network kept a better picture back, in percent of the time.
    held_percent: f64,
    /// From when there was one to show to the first picture, in milliseconds.
    first_picture_ms: Option<u32>,
}

/// One minute.
#[derive(Serialize, ToSchema)]
pub struct QualityMinute {
    /// Its beginning, in microseconds since 1970-01-01T00:00:00Z: a whole minute of the clock.
    minute: i64,
    speech: Option<SpeechScore>,
    picture: Option<PictureScore>,
    /// How many trainees were connected.
    trainees: u32,
    /// What trainers sent, of the one who fared worst; absent where none did.
    trainer_uplink: Option<UplinkFigures>,
    causes: Vec<CauseOfMinute>,
}

/// One way, over a minute.
#[derive(Serialize, ToSchema)]
pub struct UplinkFigures {
    lost_percent: f64,
    packets: u64,
    /// The worst second's.
    jitter_ms: u32,
}

/// What a cause took of one minute.
#[derive(Serialize, ToSchema)]
pub struct CauseOfMinute {
    #[serde(flatten)]
    cause: CauseFigures,
    /// How many trainees it hit.
    trainees: u32,
    /// Their time, together, in microseconds.
    trainees_us: u64,
}

/// What a cause took of the lesson.
#[derive(Serialize, ToSchema)]
pub struct LostToCause {
    #[serde(flatten)]
    cause: CauseFigures,
    /// How long, in minutes in which it hit anybody, in microseconds.
    lesson_us: u64,
    /// What it took of all trainees together, in microseconds.
    trainees_us: u64,
}

/// A cause, with the numbers of the minute or participant whom it hit worst; those that are not its own are absent.
#[derive(Serialize, ToSchema)]
pub struct CauseFigures {
    /// `trainer_uplink_loses`, `downlink_loses`, `downlink_slow`, `high_delay`, `device_slow` or `lowest_layer`.
    #[schema(value_type = String)]
    code: CauseCode,
    /// What those whom it hit are connected by (`cellular`, `wifi`, `ethernet`, `other`), where it matters and is known.
    #[schema(value_type = Option<String>)]
    connection: Option<ConnectionType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kbps: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frozen_percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receivers: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<u32>,
}

/// One participant's lesson.
#[derive(Serialize, ToSchema)]
pub struct ParticipantQuality {
    /// The number that the lesson's report has for this person, who may have come with several browsers; absent of
    /// observers, encoders and players.
    number: Option<u32>,
    participant: String,
    /// `trainee`, `trainer` or `observer`.
    #[schema(value_type = String)]
    part: Part,
    /// How long there was a media connection, in microseconds.
    connected_us: u64,
    speech: Option<SpeechScore>,
    picture: Option<PictureScore>,
    /// How many minutes were below 80.
    speech_below: u32,
    picture_below: u32,
    /// Whether they got the smallest picture for most of the time because their network carried no more.
    gets_lowest: bool,
    #[schema(value_type = Option<String>)]
    connection: Option<ConnectionType>,
    /// What took most of theirs.
    cause: Option<CauseFigures>,
    /// What each cause took, the most first.
    lost: Vec<LostOwn>,
}

/// What a cause took of one participant's lesson.
#[derive(Serialize, ToSchema)]
pub struct LostOwn {
    #[schema(value_type = String)]
    code: CauseCode,
    lost_us: u64,
}

/// How well a lesson was received, minute by minute, by whom, and what took the rest. For a lesson on air, up to the
/// last whole minute.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/quality", tag = "timetable",
    operation_id = "lesson_quality",
    params(("institution" = String, Path), ("lesson" = String, Path)),
    responses((status = 200, body = LessonQuality), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn quality(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
) -> Result<Json<LessonQuality>, Refused> {
    let numbers = Facts::numbers(&acting, lesson).await?;
    let minutes = acting.store.quality_minutes(lesson).await?;
    Ok(Json(LessonQuality::of(quality::lesson(&minutes), &numbers)))
}

impl LessonQuality {
    fn of(review: LessonReview, numbers: &BTreeMap<ParticipantId, u32>) -> Self {
        Self {
            speech: review.speech.zip(review.speech_parts).map(SpeechScore::from),
            picture: review.picture.zip(review.picture_parts).map(PictureScore::from),
            minutes: review.minutes.into_iter().map(QualityMinute::from).collect(),
            participants: review.participants.into_iter().map(|sum| participant(numbers, sum)).collect(),
            causes: review.causes.into_iter().map(LostToCause::from).collect(),
        }
    }
}

impl From<MinuteReview> for QualityMinute {
    fn from(review: MinuteReview) -> Self {
        Self {
            minute: review.at.micros(),
            speech: review.speech.zip(review.speech_parts).map(SpeechScore::from),
            picture: review.picture.zip(review.picture_parts).map(PictureScore::from),
            trainees: review.trainees,
            trainer_uplink: review.trainer_uplink.map(UplinkFigures::from),
            causes: review.causes.into_iter().map(CauseOfMinute::from).collect(),
        }
    }
}

impl From<(Score, SpeechParts)> for SpeechScore {
    fn from((score, parts): (Score, SpeechParts)) -> Self {
        Self {
            score: score.points(),
            measured: parts.measured,
            missing_percent: tenths(parts.missing_percent),
            lost_percent: tenths(parts.lost_percent),
            delay_ms: parts.delay_ms,
        }
    }
}

impl From<(Score, PictureParts)> for PictureScore {
    fn from((score, parts): (Score, PictureParts)) -> Self {
        Self {
            score: score.points(),
            measured: parts.measured,
            frozen_percent: tenths(parts.frozen_percent),
            freezes: parts.freezes,
            lost_percent: tenths(parts.lost_percent),
            held_percent: tenths(parts.held_percent),
            first_picture_ms: parts.first_picture_ms,
        }
    }
}

impl From<LinkSums> for UplinkFigures {
    fn from(sums: LinkSums) -> Self {
        Self { lost_percent: tenths(sums.lost_percent()), packets: sums.packets, jitter_ms: sums.jitter_ms }
    }
}

impl From<MinuteCause> for CauseOfMinute {
    fn from(of: MinuteCause) -> Self {
        Self { cause: figures(of.cause, of.connection), trainees: of.trainees, trainees_us: micros(of.trainee_seconds) }
    }
}

impl From<LostMinutes> for LostToCause {
    fn from(lost: LostMinutes) -> Self {
        Self {
            cause: figures(lost.worst, lost.connection),
            lesson_us: micros(u64::from(lost.minutes) * 60),
            trainees_us: micros(lost.trainee_seconds),
        }
    }
}

fn participant(numbers: &BTreeMap<ParticipantId, u32>, sum: ParticipantSum) -> ParticipantQuality {
    let review = sum.review;
    ParticipantQuality {
        number: numbers.get(&review.participant).copied(),
        participant: review.participant.to_string(),
        part: review.part,
        connected_us: micros(review.seconds.into()),
        speech: review.speech.map(SpeechScore::from),
        picture: review.picture.map(PictureScore::from),
        speech_below: sum.speech_below,
        picture_below: sum.picture_below,
        gets_lowest: review.gets_lowest,
        connection: review.connection,
        cause: review.cause.map(|cause| figures(cause, None)),
        lost: sum.lost.into_iter().map(|(code, seconds)| LostOwn { code, lost_us: micros(seconds) }).collect(),
    }
}

fn figures(cause: Cause, connection: Option<ConnectionType>) -> CauseFigures {
    let mut figures = CauseFigures {
        code: cause.code(),
        connection,
        lost_percent: None,
        kbps: None,
        delay_ms: None,
        frozen_percent: None,
        receivers: None,
        of: None,
    };
    match cause {
        Cause::TrainerUplinkLoses { lost_percent } | Cause::DownlinkLoses { lost_percent } => {
            figures.lost_percent = Some(lost_percent);
        }
        Cause::DownlinkSlow { kbps } => figures.kbps = Some(kbps),
        Cause::HighDelay { delay_ms } => figures.delay_ms = Some(delay_ms),
        Cause::DeviceSlow { frozen_percent } => figures.frozen_percent = Some(frozen_percent),
        Cause::LowestLayer { receivers, of } => {
            figures.receivers = Some(receivers);
            figures.of = Some(of);
        }
    }
    figures
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn micros(seconds: u64) -> u64 {
    seconds.saturating_mul(1_000_000)
}
