//! What both ends measure, as it is written down.

use crate::support::client::Client;
use crate::support::members::{ADMINISTRATOR, COMMITTEE, TRAINEE, TRAINER};
use crate::support::sdp::{Line, offer};
use crate::support::{Lesson, PATIENCE, Server};
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use qism::protocol::{
    ClientMessage, Command, ConnectionType, ErrorCode, LimitedBy, LinkFigures, ReceivedLayer, ReceptionSummary, Role,
    ServerMessage, TransportKind,
};
use qism::quality::{Cause, Minute, Part};
use qism::shard::{Event, Figures, PeerFigures};
use qism::units::Bitrate;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tower::ServiceExt;

/// The lesson's minutes, once there is one.
async fn minutes(server: &Server, lesson: &Lesson) -> Vec<Minute> {
    let of = server.store.of(lesson.institution);
    let wait = async {
        loop {
            let minutes = of.quality_minutes(lesson.id).await.expect("minutes");
            if !minutes.is_empty() {
                return minutes;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, wait).await.expect("a minute in time")
}

fn summary() -> ReceptionSummary {
    ReceptionSummary {
        span_ms: 10_000,
        samples: 480_000,
        concealed_samples: 48_000,
        sound_packets: 450,
        sound_packets_lost: 50,
        picture_ms: 10_000,
        buffer_ms: Some(80),
        first_picture_ms: Some(900),
        connection: Some(ConnectionType::Cellular),
        ..ReceptionSummary::default()
    }
}

/// A second in which the shard measured one peer.
fn second(server: &Server, lesson: &Lesson, number: usize, lost_percent: f32) -> Event {
    let downlink = LinkFigures { bitrate: Bitrate::from_kbps(64), packets: 100, lost_percent, jitter_ms: 3.0 };
    let peer = PeerFigures {
        peer: server.media.peer(number),
        room: lesson.id,
        transport: TransportKind::Udp,
        uplink: LinkFigures::default(),
        uplink_missed_percent: 0.0,
        downlink,
        round_trip_ms: Some(80),
        limited_by: LimitedBy::Nothing,
        layer: Some(ReceivedLayer { rank: 1, of: 2 }),
        bytes_up: 0,
        bytes_down: 8_000,
    };
    Event::Figures(Box::new(Figures { peers: vec![peer], ..Figures::default() }))
}

async fn report(server: &Server, lesson: &Lesson, cookie: &str) -> (u16, Value) {
    let path = format!("/api/institutions/{}/lessons/{}/quality", lesson.institution, lesson.id);
    let request = Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request");
    let answer = server.router.clone().oneshot(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&body).expect("JSON"))
}

#[tokio::test]
async fn what_a_client_and_a_shard_measured_is_in_the_lessons_row_and_report() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let trainer = server.visitor(lesson, Role::Trainer, "x").await;
    let amina = server.visitor(lesson, Role::Trainee, "Amina").await;
    let amina_id = amina.participant;
    let mut trainer = Client::join(&server, &trainer).await;
    let mut amina = Client::join(&server, &amina).await;
    amina.offer(offer(2, "bbbb", &[Line::ReceivesAudio, Line::ReceivesVideo]), &[]).await.expect("an answer");
    // Before the lesson nothing is counted.
    amina.send(&ClientMessage::Quality { summary: summary() }).await;
    amina.ask(Command::RaiseHand {}).await.expect("heard after it");
    trainer.ask(Command::StartLesson {}).await.expect("on air");

    amina.send(&ClientMessage::Quality { summary: summary() }).await;
    amina.ask(Command::LowerHand { participant: amina_id }).await.expect("heard after it");
    server.media_says.send(second(&server, lesson, 0, 10.0)).await.expect("told");
    let now = trainer
        .until(|message| match message {
            ServerMessage::Figures { figures } => figures.speech.zip(figures.picture),
            _ => None,
        })
        .await;
    assert_eq!(now, (52.5, 100.0));
    server.clock.advance(Duration::from_secs(60));
    let minutes = minutes(&server, lesson).await;
    let [minute] = minutes.as_slice() else { panic!("{minutes:?}") };
    assert_eq!(minute.at.micros() % 60_000_000, 0);
    let [one] = minute.participants.as_slice() else { panic!("{minute:?}") };
    assert_eq!((one.participant, one.part, one.seconds), (amina_id, Part::Trainee, 1));
    assert_eq!((one.down.packets, one.down.lost_hundredths), (100, 1_000));
    assert_eq!((one.client.samples, one.client.concealed_samples, one.client.span_ms), (480_000, 48_000, 10_000));
    assert_eq!(one.client.connection, Some(ConnectionType::Cellular));
    let review = qism::quality::minute(minute);
    assert_eq!(review.participants[0].cause, Some(Cause::DownlinkLoses { lost_percent: 10.0 }));

    let committee = server.cookie(server.member(lesson.institution, COMMITTEE).await).await;
    let (status, told) = report(&server, lesson, &committee).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["speech"]["score"], 52.5);
    assert_eq!(told["speech"]["measured"], "client");
    assert_eq!(told["speech"]["missing_percent"], 10.0);
    assert_eq!(told["speech"]["delay_ms"], 120);
    assert_eq!(told["picture"]["score"], 100.0);
    assert_eq!(told["minutes"][0]["minute"], minute.at.micros());
    assert_eq!(told["minutes"][0]["trainees"], 1);
    assert!(told["participants"][0]["number"].as_u64().is_some_and(|number| number > 0), "as in the report: {told}");
    assert_eq!(told["participants"][0]["speech_below"], 1);
    assert_eq!(told["causes"][0]["code"], "downlink_loses");
    assert_eq!(told["causes"][0]["connection"], "cellular");
    assert_eq!(told["causes"][0]["lost_percent"], 10.0);
    assert_eq!(told["causes"][0]["lesson_us"], 60_000_000);
    assert_eq!(told["causes"][0]["trainees_us"], 1_000_000);
}

#[tokio::test]
async fn a_lessons_quality_is_for_who_watches_over_it_and_who_gives_it() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let own = server.member(lesson.institution, TRAINER).await;
    server.entrust(own).await;
    let trainee = server.member(lesson.institution, TRAINEE).await;
    server.enrol(trainee).await;
    let another = server.member(lesson.institution, TRAINER).await;
    let administrator = server.member(lesson.institution, ADMINISTRATOR).await;
    let elsewhere = server.member(schools.second.institution, ADMINISTRATOR).await;
    let mut seen = Vec::new();
    for member in [own, administrator, trainee, another, elsewhere] {
        seen.push(report(&server, lesson, &server.cookie(member).await).await.0);
    }
    assert_eq!(seen, [200, 200, 404, 404, 404]);
}

#[tokio::test]
async fn summaries_are_strict_and_no_more_than_come_in_time() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    let good = serde_json::to_value(ClientMessage::Quality { summary: summary() }).expect("JSON");
    for (field, value) in [("span_ms", "-1"), ("samples", "1.5"), ("heard", "1"), ("connection", "\"carrier_pigeon\"")]
    {
        let mut bad = good.clone();
        bad["summary"][field] = serde_json::from_str(value).expect("JSON");
        client.send_raw(Message::text(bad.to_string())).await;
        assert_eq!(client.complaint().await, ErrorCode::BadMessage, "{field}");
    }
    for _ in 0..20 {
        client.send(&ClientMessage::Quality { summary: summary() }).await;
    }
    assert_eq!(client.complaint().await, ErrorCode::RateLimited);
    client.ask(Command::RaiseHand {}).await.expect("the connection still works");
}
