use super::*;
use crate::ids::ParticipantId;
use crate::protocol::{ConnectionType, LimitedBy, LinkFigures, ReceivedLayer, ReceptionSummary, Role};
use crate::time::Timestamp;
use crate::units::Bitrate;
use proptest::prelude::*;
use uuid::Uuid;

const TRAINER: u128 = 1;

fn id(number: u128) -> ParticipantId {
    ParticipantId(Uuid::from_u128(number))
}

fn link(lost_percent: f32) -> LinkFigures {
    LinkFigures { bitrate: Bitrate::from_kbps(500), packets: 100, lost_percent, jitter_ms: 4.0 }
}

/// A second in which all is well.
fn calm() -> Second {
    Second {
        uplink: LinkFigures { packets: 1, ..link(0.0) },
        downlink: link(0.0),
        round_trip_ms: Some(60),
        limited_by: LimitedBy::Nothing,
        layer: Some(ReceivedLayer { rank: 2, of: 3 }),
    }
}

/// Ten seconds in which all is well, as a client sees them.
fn well() -> ReceptionSummary {
    ReceptionSummary {
        span_ms: 10_000,
        samples: 480_000,
        sound_packets: 500,
        picture_ms: 10_000,
        frames: 250,
        picture_packets: 800,
        buffer_ms: Some(60),
        ..ReceptionSummary::default()
    }
}

fn participant(number: u128, part: Part, second: &Second, summary: Option<ReceptionSummary>) -> ParticipantMinute {
    let mut one = ParticipantMinute::new(id(number), part);
    (0..60).for_each(|_| one.measure(second));
    if let Some(summary) = summary {
        (0..6).for_each(|_| one.hear(&summary));
    }
    one
}

fn trainer(lost_percent: f32) -> ParticipantMinute {
    participant(TRAINER, Part::Trainer, &Second { uplink: link(lost_percent), ..calm() }, None)
}

fn class(participants: Vec<ParticipantMinute>) -> Minute {
    Minute { at: Timestamp(1_800_000_000_000_000), participants }
}

/// A minute of a calm trainer and one trainee.
fn trainee(second: &Second, summary: Option<ReceptionSummary>) -> MinuteReview {
    minute(&class(vec![trainer(0.0), participant(2, Part::Trainee, second, summary)]))
}

fn cause_of(review: &MinuteReview) -> Option<Cause> {
    review.participants.iter().find(|one| one.part == Part::Trainee).and_then(|one| one.cause)
}

#[test]
fn a_calm_minute_is_the_best_and_has_no_cause() {
    for summary in [Some(well()), None] {
        let review = trainee(&calm(), summary);
        assert_eq!((review.speech, review.picture), (Some(Score::BEST), Some(Score::BEST)), "{review:?}");
        assert_eq!(review.causes, []);
        assert_eq!(review.trainees, 1);
    }
}

#[test]
fn speech_that_is_not_there_in_time_costs_what_the_document_says() {
    let concealed = |percent: u32| ReceptionSummary { concealed_samples: 4_800 * percent, ..well() };
    let scores = [1, 3, 10, 30].map(|percent| trainee(&calm(), Some(concealed(percent))).speech.map(Score::points));
    assert_eq!(scores, [Some(91.4), Some(78.1), Some(52.5), Some(28.8)]);
}

#[test]
fn silence_in_which_nothing_is_lost_is_no_loss() {
    let pause = ReceptionSummary { concealed_samples: 200_000, silent_samples: 200_000, ..well() };
    assert_eq!(trainee(&calm(), Some(pause)).speech, Some(Score::BEST));
    // The same silence, and 100 packets of 20 ms are missing in it: 96,000 samples of the 376,000 that were spoken.
    let outage = ReceptionSummary { sound_packets_lost: 100, ..pause };
    let review = trainee(&calm(), Some(outage));
    let (_, parts) = review.participants[1].speech.expect("speech");
    assert!((parts.missing_percent - 25.53).abs() < 0.01, "{parts:?}");
    let silent = ReceptionSummary { samples: 0, ..well() };
    assert_eq!(trainee(&calm(), Some(silent)).speech, None, "nobody spoke");
}

#[test]
fn what_a_client_does_not_say_is_estimated_from_loss() {
    let lossy = Second { downlink: link(5.0), ..calm() };
    let review = trainee(&lossy, None);
    let (score, parts) = review.participants[1].speech.expect("speech");
    assert_eq!((score.points(), parts.measured), (68.3, Measured::Server));
    let (score, parts) = review.participants[1].picture.expect("pictures");
    assert_eq!((score.points(), parts.measured, parts.frozen_percent.round()), (57.4, Measured::Server, 9.0));
    // A client whose resends and corrections made it good says so.
    let review = trainee(&lossy, Some(well()));
    assert_eq!((review.speech, review.picture), (Some(Score::BEST), Some(Score::BEST)));
    let mut one = participant(2, Part::Trainee, &lossy, None);
    one.hear(&well());
    let (_, parts) = minute(&class(vec![one])).participants[0].speech.expect("speech");
    assert_eq!(parts.measured, Measured::Server, "ten seconds are no minute");
}

#[test]
fn the_trainers_loss_is_everybodys_and_nobodys_own() {
    // Gaps before the server are gaps behind it, and trainees report them.
    let lossy = Second { downlink: link(8.0), ..calm() };
    let torn = ReceptionSummary { concealed_samples: 38_400, ..well() };
    let mut people = vec![trainer(8.0)];
    people.extend((2..27).map(|number| participant(number, Part::Trainee, &lossy, Some(torn))));
    let review = minute(&class(people));
    let expected = MinuteCause {
        cause: Cause::TrainerUplinkLoses { lost_percent: 8.0 },
        connection: None,
        trainees: 25,
        trainee_seconds: 25 * 60,
    };
    assert_eq!(review.causes, [expected]);
    assert_eq!(review.speech.map(Score::points), Some(57.8));
}

#[test]
fn one_trainees_loss_is_their_own() {
    let lossy = Second { downlink: link(9.0), ..calm() };
    let torn = ReceptionSummary { concealed_samples: 38_400, connection: Some(ConnectionType::Cellular), ..well() };
    let review = trainee(&lossy, Some(torn));
    assert_eq!(cause_of(&review), Some(Cause::DownlinkLoses { lost_percent: 9.0 }));
    assert_eq!(review.causes[0].connection, Some(ConnectionType::Cellular));
    let both = minute(&class(vec![trainer(3.0), participant(2, Part::Trainee, &lossy, Some(torn))]));
    assert_eq!(cause_of(&both), Some(Cause::DownlinkLoses { lost_percent: 6.0 }), "what is the trainer's is taken off");
}

#[test]
fn a_network_that_is_too_slow_is_told_from_one_that_loses() {
    let slow = Second { limited_by: LimitedBy::Network, layer: Some(ReceivedLayer { rank: 0, of: 3 }), ..calm() };
    let still = ReceptionSummary { frozen_ms: 200, ..well() };
    let review = trainee(&slow, Some(still));
    assert_eq!(review.picture.map(Score::points), Some(70.0));
    assert_eq!(cause_of(&review), Some(Cause::DownlinkSlow { kbps: 500 }));
}

#[test]
fn a_long_delay_is_a_cause() {
    let far = Second { round_trip_ms: Some(900), ..calm() };
    let review = trainee(&far, Some(ReceptionSummary { buffer_ms: Some(120), ..well() }));
    assert_eq!(review.speech.map(Score::points), Some(77.5), "450 and 30 and 120 ms");
    assert_eq!(cause_of(&review), Some(Cause::HighDelay { delay_ms: 600 }));
}

#[test]
fn a_picture_that_stands_still_without_loss_is_the_devices() {
    let still = ReceptionSummary { frozen_ms: 1_200, freezes: 3, frames: 60, ..well() };
    let review = trainee(&calm(), Some(still));
    assert_eq!(cause_of(&review), Some(Cause::DeviceSlow { frozen_percent: 12.0 }));
    assert_eq!(review.speech, Some(Score::BEST));
}

#[test]
fn many_who_get_the_smallest_picture_are_counted() {
    let small = Second { limited_by: LimitedBy::Network, layer: Some(ReceivedLayer { rank: 0, of: 3 }), ..calm() };
    let chosen = Second { limited_by: LimitedBy::Choice, ..small };
    let mut people = vec![trainer(0.0)];
    people.extend((10..22).map(|number| participant(number, Part::Trainee, &small, Some(well()))));
    people.extend((30..43).map(|number| participant(number, Part::Trainee, &chosen, Some(well()))));
    let review = minute(&class(people.clone()));
    assert_eq!(review.causes[0].cause, Cause::LowestLayer { receivers: 12, of: 25 });
    assert_eq!(review.causes[0].trainee_seconds, 12 * 60);
    people.drain(2..13);
    assert_eq!(minute(&class(people)).causes, [], "one is that one's matter");
}

#[test]
fn who_only_looks_on_counts_for_nothing() {
    let lossy = Second { downlink: link(30.0), ..calm() };
    let people = vec![trainer(0.0), participant(3, Part::Observer, &lossy, None)];
    let review = minute(&class(people));
    assert_eq!((review.speech, review.picture, review.trainees), (None, None, 0));
    assert_eq!(review.causes, []);
    assert_eq!(Part::of(Role::Trainee, true), Part::Observer);
    assert_eq!(Part::of(Role::Trainer, true), Part::Trainer);
}

#[test]
fn a_lesson_is_the_sum_of_its_minutes() {
    let lossy = Second { downlink: link(9.0), ..calm() };
    let torn = ReceptionSummary { concealed_samples: 48_000, ..well() };
    let calm_minute = class(vec![trainer(0.0), participant(2, Part::Trainee, &calm(), Some(well()))]);
    let lost_minute = class(vec![trainer(0.0), participant(2, Part::Trainee, &lossy, Some(torn))]);
    let review = lesson(&[calm_minute.clone(), lost_minute, calm_minute]);
    assert_eq!(review.speech.map(Score::points), Some(84.2), "the mean of 100, 52.5 and 100");
    assert_eq!(review.causes.len(), 1);
    assert_eq!((review.causes[0].minutes, review.causes[0].trainee_seconds), (1, 60));
    let sum = &review.participants[1];
    assert_eq!((sum.review.seconds, sum.speech_below, sum.picture_below), (180, 1, 0));
    assert_eq!(sum.lost, [(CauseCode::DownlinkLoses, 60)]);
    let (score, parts) = sum.review.speech.expect("speech");
    assert_eq!(score.points(), 84.2);
    assert!((parts.missing_percent - 10.0 / 3.0).abs() < 0.001, "{parts:?}");
    assert_eq!(lesson(&[]), LessonReview::default());
}

#[test]
fn figures_are_kept_as_they_are() {
    let torn = ReceptionSummary { concealed_samples: 9, first_picture_ms: Some(700), ..well() };
    let kept = class(vec![trainer(3.0), participant(2, Part::Trainee, &calm(), Some(torn))]);
    let json = serde_json::to_string(&kept).expect("JSON");
    assert_eq!(serde_json::from_str::<Minute>(&json).expect("figures"), kept);
    let one = serde_json::to_string(&participant(2, Part::Trainee, &calm(), Some(well()))).expect("JSON");
    assert!(one.len() < 420, "{} bytes: {one}", one.len());
    assert_eq!(Minute::begin(Timestamp(119_999_999)), Timestamp(60_000_000));
    assert_eq!(Minute::begin(Timestamp(-1)), Timestamp(-60_000_000));
}

fn any_second() -> impl Strategy<Value = Second> {
    let percent = prop_oneof![Just(f32::NAN), Just(f32::INFINITY), -10.0_f32..200.0];
    let layer = proptest::option::of((0_u8..4, 0_u8..4).prop_map(|(rank, of)| ReceivedLayer { rank, of }));
    (percent.clone(), percent, 0_u64..100_000, proptest::option::of(any::<u32>()), 0_u8..3, layer).prop_map(
        |(up, down, packets, round_trip_ms, limited, layer)| Second {
            uplink: LinkFigures { packets, jitter_ms: up, ..link(up) },
            downlink: LinkFigures { packets, bitrate: Bitrate(u64::MAX), ..link(down) },
            round_trip_ms,
            limited_by: [LimitedBy::Nothing, LimitedBy::Choice, LimitedBy::Network][usize::from(limited)],
            layer,
        },
    )
}

fn any_summary() -> impl Strategy<Value = ReceptionSummary> {
    let numbers = proptest::collection::vec(prop_oneof![0_u32..50_000, any::<u32>()], 14);
    (numbers, any::<bool>()).prop_map(|(n, says)| ReceptionSummary {
        span_ms: n[0],
        samples: n[1],
        concealed_samples: n[2],
        silent_samples: n[3],
        sound_packets: n[4],
        sound_packets_lost: n[5],
        picture_ms: n[6],
        frozen_ms: n[7],
        freezes: n[8],
        frames: n[9],
        picture_packets: n[10],
        picture_packets_lost: n[11],
        buffer_ms: says.then_some(n[12]),
        first_picture_ms: says.then_some(n[13]),
        connection: None,
    })
}

prop_compose! {
    fn any_participant()(
        number in 1_u128..6,
        part in 0_usize..3,
        seconds in proptest::collection::vec(any_second(), 0..5),
        summaries in proptest::collection::vec(any_summary(), 0..3),
    ) -> ParticipantMinute {
        let part = [Part::Trainee, Part::Trainer, Part::Observer][part];
        let mut one = ParticipantMinute::new(id(number), part);
        seconds.iter().for_each(|second| one.measure(second));
        summaries.iter().for_each(|summary| one.hear(summary));
        one
    }
}

fn any_speech() -> impl Strategy<Value = SpeechParts> {
    (0.0_f64..100.0, 0.0_f64..100.0, any::<u32>()).prop_map(|(missing_percent, lost_percent, delay_ms)| SpeechParts {
        measured: Measured::Client,
        missing_percent,
        lost_percent,
        delay_ms,
    })
}

fn any_picture() -> impl Strategy<Value = PictureParts> {
    (0.0_f64..100.0, 0.0_f64..100.0, proptest::option::of(any::<u32>())).prop_map(
        |(frozen_percent, held_percent, first_picture_ms)| PictureParts {
            measured: Measured::Client,
            frozen_percent,
            freezes: 0,
            lost_percent: 0.0,
            held_percent,
            first_picture_ms,
        },
    )
}

proptest! {
    #[test]
    fn whatever_was_measured_scores_are_scores_and_parts_are_numbers(
        people in proptest::collection::vec(any_participant(), 0..5),
    ) {
        let mut whole = class(Vec::new());
        for one in people {
            whole.absorb(class(vec![one]));
        }
        let review = minute(&whole);
        prop_assert!(review.speech <= Some(Score::BEST) && review.picture <= Some(Score::BEST));
        for one in &review.participants {
            if let Some((score, parts)) = one.speech {
                prop_assert!(score <= Score::BEST);
                prop_assert!((0.0..=100.0).contains(&parts.missing_percent), "{parts:?}");
                prop_assert!((0.0..=100.0).contains(&parts.lost_percent), "{parts:?}");
            }
            if let Some((score, parts)) = one.picture {
                prop_assert!(score <= Score::BEST);
                prop_assert!((0.0..=100.0).contains(&parts.frozen_percent), "{parts:?}");
                prop_assert!((0.0..=100.0).contains(&parts.held_percent), "{parts:?}");
            }
        }
        let json = serde_json::to_string(&whole).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Minute>(&json).expect("figures"), whole);
    }

    #[test]
    fn speech_never_gains_where_a_part_worsens(parts in any_speech(), more in 0.0_f64..50.0, ms in any::<u32>()) {
        let score = parts.score();
        let missing = SpeechParts { missing_percent: parts.missing_percent + more, ..parts };
        prop_assert!(missing.score() <= score);
        let later = SpeechParts { delay_ms: parts.delay_ms.saturating_add(ms), ..parts };
        prop_assert!(later.score() <= score);
    }

    #[test]
    fn pictures_never_gain_where_a_part_worsens(parts in any_picture(), more in 0.0_f64..50.0, ms in any::<u32>()) {
        let score = parts.score();
        let frozen = PictureParts { frozen_percent: parts.frozen_percent + more, ..parts };
        prop_assert!(frozen.score() <= score);
        let held = PictureParts { held_percent: parts.held_percent + more, ..parts };
        prop_assert!(held.score() <= score);
        let first = Some(parts.first_picture_ms.unwrap_or(0).saturating_add(ms));
        let later = PictureParts { first_picture_ms: first, ..parts };
        prop_assert!(later.score() <= score);
    }

    #[test]
    fn losing_more_never_sounds_better(one in any_participant(), more in 0_u64..1_000) {
        let before = SpeechParts::of(&one, 0).map(|parts| parts.score());
        let mut worse = one;
        worse.client.sound_packets_lost += more;
        prop_assert!(SpeechParts::of(&worse, 0).map(|parts| parts.score()) <= before);
        worse.down.lost_hundredths += more * 100;
        prop_assert!(SpeechParts::of(&worse, 0).map(|parts| parts.score()) <= before);
    }

    #[test]
    fn two_halves_of_a_minute_are_the_minute(
        seconds in proptest::collection::vec(any_second(), 0..6),
        summaries in proptest::collection::vec(any_summary(), 0..4),
        cut in 0_usize..6,
    ) {
        let of = |seconds: &[Second], summaries: &[ReceptionSummary]| {
            let mut one = ParticipantMinute::new(id(1), Part::Trainee);
            seconds.iter().for_each(|second| one.measure(second));
            summaries.iter().for_each(|summary| one.hear(summary));
            class(vec![one])
        };
        let (early, late) = (cut.min(seconds.len()), cut.min(summaries.len()));
        let mut halves = of(&seconds[..early], &summaries[..late]);
        halves.absorb(of(&seconds[early..], &summaries[late..]));
        prop_assert_eq!(halves, of(&seconds, &summaries));
    }
}
