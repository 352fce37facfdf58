//! What a minute's figures and a lesson's minutes come to.

use super::cause::{self, Cause, CauseCode};
use super::figures::{LinkSums, Minute, Part, ParticipantMinute};
use super::score::{self, PictureParts, Score, SpeechParts};
use crate::ids::ParticipantId;
use crate::protocol::ConnectionType;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// One minute of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct MinuteReview {
    pub at: Timestamp,
    /// The mean over trainees, each by how long they were there; `None` where none heard or saw anything.
    pub speech: Option<Score>,
    pub picture: Option<Score>,
    /// The parts, as means over the same; what was measured by most counts as measured.
    pub speech_parts: Option<SpeechParts>,
    pub picture_parts: Option<PictureParts>,
    /// How many trainees had a media connection.
    pub trainees: u32,
    /// What trainers send, of the one who fares worst; `None` where none sends.
    pub trainer_uplink: Option<LinkSums>,
    pub participants: Vec<ParticipantReview>,
    /// Who lost most comes first.
    pub causes: Vec<MinuteCause>,
}

/// One participant's minute, or all of a lesson's.
#[derive(Clone, Debug, PartialEq)]
pub struct ParticipantReview {
    pub participant: ParticipantId,
    pub part: Part,
    pub seconds: u32,
    pub speech: Option<(Score, SpeechParts)>,
    pub picture: Option<(Score, PictureParts)>,
    pub gets_lowest: bool,
    pub connection: Option<ConnectionType>,
    pub cause: Option<Cause>,
}

/// What a cause took of one minute.
#[derive(Clone, Debug, PartialEq)]
pub struct MinuteCause {
    /// With the numbers of whom it hit worst.
    pub cause: Cause,
    /// What those whom it hit are connected by, where that matters and is known.
    pub connection: Option<ConnectionType>,
    pub trainees: u32,
    /// Their time in this minute, together.
    pub trainee_seconds: u64,
}

/// A lesson's minutes together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LessonReview {
    /// Means over its minutes, of which each counts as much; parts over all time of all trainees.
    pub speech: Option<Score>,
    pub picture: Option<Score>,
    pub speech_parts: Option<SpeechParts>,
    pub picture_parts: Option<PictureParts>,
    pub minutes: Vec<MinuteReview>,
    pub participants: Vec<ParticipantSum>,
    /// What took most comes first.
    pub causes: Vec<LostMinutes>,
}

/// One participant's lesson. Scores are means of their minutes' scores, parts are over all of their time.
#[derive(Clone, Debug, PartialEq)]
pub struct ParticipantSum {
    pub review: ParticipantReview,
    /// How many minutes were below [`Score::GOOD`] in speech.
    pub speech_below: u32,
    pub picture_below: u32,
    /// How many seconds each cause took, the most first.
    pub lost: Vec<(CauseCode, u64)>,
}

/// What a cause took of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct LostMinutes {
    pub worst: Cause,
    pub connection: Option<ConnectionType>,
    /// In how many minutes of the lesson it hit anybody.
    pub minutes: u32,
    /// What it took of all trainees together.
    pub trainee_seconds: u64,
}

/// What one minute comes to; also for one that is not over.
#[must_use]
pub fn minute(figures: &Minute) -> MinuteReview {
    let uplink = cause::trainers_uplink(figures);
    let trainer_loses = uplink.map_or(0.0, |trainer| trainer.up.lost_percent());
    let before_ms = uplink.map_or(0, score::one_way_ms);
    let participants: Vec<ParticipantReview> =
        figures.participants.iter().map(|one| review(one, before_ms, trainer_loses)).collect();
    let trainees = || participants.iter().filter(|one| one.part == Part::Trainee && one.seconds > 0);
    MinuteReview {
        at: figures.at,
        speech: Score::mean(trainees().filter_map(|one| Some((one.speech?.0, one.seconds)))),
        picture: Score::mean(trainees().filter_map(|one| Some((one.picture?.0, one.seconds)))),
        speech_parts: SpeechParts::mean(trainees().filter_map(speech_of)),
        picture_parts: PictureParts::mean(trainees().filter_map(picture_of)),
        trainees: u32::try_from(trainees().count()).unwrap_or(u32::MAX),
        trainer_uplink: uplink.map(|trainer| trainer.up),
        causes: causes_of(figures, &participants),
        participants,
    }
}

fn speech_of(one: &ParticipantReview) -> Option<(SpeechParts, u32)> {
    Some((one.speech?.1, one.seconds))
}

fn picture_of(one: &ParticipantReview) -> Option<(PictureParts, u32)> {
    Some((one.picture?.1, one.seconds))
}

fn review(figures: &ParticipantMinute, before_ms: u32, trainer_loses: f64) -> ParticipantReview {
    // Trainers hear trainees: what lies before them is not the trainer's way.
    let (before_ms, trainer_loses) = if figures.part == Part::Trainer { (0, 0.0) } else { (before_ms, trainer_loses) };
    let speech = SpeechParts::of(figures, before_ms);
    let picture = PictureParts::of(figures);
    ParticipantReview {
        participant: figures.participant,
        part: figures.part,
        seconds: figures.seconds,
        speech: speech.map(|parts| (parts.score(), parts)),
        picture: picture.map(|parts| (parts.score(), parts)),
        gets_lowest: cause::gets_lowest(figures),
        connection: figures.client.connection,
        cause: cause::of_participant(figures, speech.as_ref(), picture.as_ref(), trainer_loses),
    }
}

fn causes_of(figures: &Minute, participants: &[ParticipantReview]) -> Vec<MinuteCause> {
    let mut causes: BTreeMap<(CauseCode, Option<ConnectionType>), MinuteCause> = BTreeMap::new();
    let lowest = cause::lowest_layer(figures);
    for one in participants.iter().filter(|one| one.part == Part::Trainee) {
        // Whose picture is small for a cause of their own is that cause's.
        let Some(cause) = one.cause.or(lowest.filter(|_| one.gets_lowest)) else { continue };
        let connection = cause.code().connection(one.connection);
        let entry = causes.entry((cause.code(), connection));
        let sum = entry.or_insert(MinuteCause { cause, connection, trainees: 0, trainee_seconds: 0 });
        sum.cause = sum.cause.worse(cause);
        sum.trainees = sum.trainees.saturating_add(1);
        sum.trainee_seconds = sum.trainee_seconds.saturating_add(one.seconds.into());
    }
    let mut causes: Vec<MinuteCause> = causes.into_values().collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.trainee_seconds));
    causes
}

/// What a lesson's minutes come to.
#[must_use]
pub fn lesson(minutes: &[Minute]) -> LessonReview {
    let reviews: Vec<MinuteReview> = minutes.iter().map(minute).collect();
    let mut people: BTreeMap<ParticipantId, Sum<'_>> = BTreeMap::new();
    let mut causes: BTreeMap<(CauseCode, Option<ConnectionType>), LostMinutes> = BTreeMap::new();
    for (figures, review) in minutes.iter().zip(&reviews) {
        for (one, reviewed) in figures.participants.iter().zip(&review.participants) {
            people.entry(one.participant).or_insert_with(|| Sum::new(one)).add(one, reviewed);
        }
        for MinuteCause { cause, connection, trainee_seconds, .. } in &review.causes {
            let entry = causes.entry((cause.code(), *connection));
            let fresh = LostMinutes { worst: *cause, connection: *connection, minutes: 0, trainee_seconds: 0 };
            let lost = entry.or_insert(fresh);
            lost.worst = lost.worst.worse(*cause);
            lost.minutes = lost.minutes.saturating_add(1);
            lost.trainee_seconds = lost.trainee_seconds.saturating_add(*trainee_seconds);
        }
    }
    let trainees = || {
        let all = reviews.iter().flat_map(|minute| &minute.participants);
        all.filter(|one| one.part == Part::Trainee && one.seconds > 0)
    };
    let speech_parts = SpeechParts::mean(trainees().filter_map(speech_of));
    let picture_parts = PictureParts::mean(trainees().filter_map(picture_of));
    let mut causes: Vec<LostMinutes> = causes.into_values().collect();
    causes.sort_by_key(|lost| std::cmp::Reverse(lost.trainee_seconds));
    LessonReview {
        speech: Score::mean(reviews.iter().filter_map(|minute| Some((minute.speech?, 1)))),
        picture: Score::mean(reviews.iter().filter_map(|minute| Some((minute.picture?, 1)))),
        speech_parts,
        picture_parts,
        participants: people.into_values().map(Sum::finish).collect(),
        minutes: reviews,
        causes,
    }
}

/// A participant's lesson while it is being summed up.
struct Sum<'a> {
    all: ParticipantMinute,
    minutes: Vec<&'a ParticipantReview>,
}

impl<'a> Sum<'a> {
    fn new(one: &ParticipantMinute) -> Self {
        Self { all: ParticipantMinute::new(one.participant, one.part), minutes: Vec::new() }
    }

    fn add(&mut self, one: &ParticipantMinute, reviewed: &'a ParticipantReview) {
        self.all.absorb(one);
        self.minutes.push(reviewed);
    }

    fn finish(self) -> ParticipantSum {
        let minutes = || self.minutes.iter();
        let speech = Score::mean(minutes().filter_map(|one| Some((one.speech?.0, one.seconds))));
        let picture = Score::mean(minutes().filter_map(|one| Some((one.picture?.0, one.seconds))));
        let below = |score: Option<Score>| score.is_some_and(|score| score < Score::GOOD);
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let speech_below = count(minutes().filter(|one| below(one.speech.map(|(score, _)| score))).count());
        let picture_below = count(minutes().filter(|one| below(one.picture.map(|(score, _)| score))).count());
        let mut lost: BTreeMap<CauseCode, u64> = BTreeMap::new();
        for one in minutes() {
            if let Some(cause) = one.cause {
                *lost.entry(cause.code()).or_default() += u64::from(one.seconds);
            }
        }
        let mut lost: Vec<(CauseCode, u64)> = lost.into_iter().collect();
        lost.sort_by_key(|(_, seconds)| std::cmp::Reverse(*seconds));
        let worst = lost.first().map(|(code, _)| *code);
        let of_code = minutes().filter_map(|one| one.cause).filter(|cause| Some(cause.code()) == worst);
        let cause = of_code.reduce(Cause::worse);
        // The delay before the server is each minute's own: its mean over them is the lesson's.
        let delays = minutes().filter_map(|one| one.speech.map(|(_, parts)| parts.delay_ms));
        let delay_ms = mean(delays);
        let parts = SpeechParts::of(&self.all, 0).map(|parts| SpeechParts { delay_ms, ..parts });
        let review = ParticipantReview {
            participant: self.all.participant,
            part: self.all.part,
            seconds: self.all.seconds,
            speech: speech.zip(parts),
            picture: picture.zip(PictureParts::of(&self.all)),
            gets_lowest: cause::gets_lowest(&self.all),
            connection: self.all.client.connection,
            cause,
        };
        ParticipantSum { review, speech_below, picture_below, lost }
    }
}

fn mean(values: impl Iterator<Item = u32>) -> u32 {
    let (sum, count) = values.fold((0_u64, 0_u64), |(sum, count), value| (sum + u64::from(value), count + 1));
    u32::try_from(sum.checked_div(count).unwrap_or(0)).unwrap_or(u32::MAX)
}
