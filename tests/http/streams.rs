//! WHIP (RFC 9725) and WHEP.

use crate::support::client::Client;
use crate::support::sdp::{Line, offer};
use crate::support::{Lesson, PATIENCE, Server};
use crate::{Answer, Headers, ask};
use qism::protocol::{Command, ErrorCode, ParticipantKind, Role, RoomEvent, Source};
use qism::shard;
use std::time::Duration;

const SENDS: [Line; 2] = [Line::SendsAudio, Line::SendsVideo];
const RECEIVES: [Line; 2] = [Line::ReceivesAudio, Line::ReceivesVideo];
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

async fn post(server: &Server, path: &str, token: &str, sdp: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("content-type", "application/sdp"), ("authorization", bearer.as_str())];
    ask(&server.router, "POST", path, &headers, sdp).await
}

async fn patch(server: &Server, path: &str, token: &str, if_match: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", FRAGMENT), ("authorization", bearer.as_str())];
    if !if_match.is_empty() {
        headers.push(("if-match", if_match));
    }
    ask(&server.router, "PATCH", path, &headers, body).await
}

async fn delete(server: &Server, path: &str, token: &str) -> u16 {
    let bearer = format!("Bearer {token}");
    ask(&server.router, "DELETE", path, &[("authorization", bearer.as_str())], "").await.status.as_u16()
}

fn whip(lesson: &Lesson) -> String {
    format!("/whip/{}", lesson.id)
}

#[tokio::test]
async fn two_encoders_are_two_trainers_pictures_and_leave_when_they_end() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let trainer = server.visitor(lesson, Role::Trainer, "x").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let mut sessions = Vec::new();
    for number in 0..2 {
        let answer = post(&server, &whip(lesson), &lesson.whip, &offer(number, &format!("enc{number}"), &SENDS)).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/sdp");
        assert!(answer.text().contains("a=recvonly") && answer.text().contains("a=candidate:"), "{}", answer.text());
        assert!(answer.header("etag").starts_with('"'));
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        sessions.push(answer.header("location").to_owned());
        trainer
            .event(|event| match event {
                RoomEvent::Joined { kind: ParticipantKind::Device, role: Role::Trainer, .. } => Some(()),
                _ => None,
            })
            .await;
        for expected in [Source::Microphone, Source::Camera] {
            let started = |event: &RoomEvent| match event {
                RoomEvent::PublicationStarted { source, .. } => Some(*source),
                _ => None,
            };
            assert_eq!(trainer.event(started).await, expected);
        }
    }
    let published = server.media.all().into_iter().filter(|c| matches!(c, shard::Command::Publish { .. })).count();
    assert_eq!(published, 4);
    for session in &sessions {
        assert_eq!(delete(&server, session, &schools.second.whip).await, 403);
        assert_eq!(delete(&server, session, &lesson.whip).await, 200);
        assert_eq!(delete(&server, session, &lesson.whip).await, 404, "it is gone");
        trainer.event(|event| matches!(event, RoomEvent::Left { .. }).then_some(())).await;
    }
    let ended = server.media.all().into_iter().filter(|c| matches!(c, shard::Command::Disconnect { .. })).count();
    assert_eq!(ended, 2);
}

#[tokio::test]
async fn a_player_is_shown_what_there_is_to_see() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    post(&server, &whip(lesson), &lesson.whip, &offer(1, "encoder", &SENDS)).await;
    let answer = post(&server, &format!("/whep/{}", lesson.id), &lesson.whep, &offer(2, "player", &RECEIVES)).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    assert!(answer.header("location").starts_with("/whep/"));
    assert!(answer.text().contains("a=sendonly"), "{}", answer.text());
    let shown = server.media.all().into_iter().any(
        |command| matches!(command, shard::Command::Show { slot, publication: Some(_), .. } if slot.as_str() == "1"),
    );
    assert!(shown, "the encoder's picture in the player's slot");
}

#[tokio::test]
async fn a_device_whose_media_never_comes_is_not_there_for_long() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let trainer = server.visitor(lesson, Role::Trainer, "x").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let answer = post(&server, &whip(lesson), &lesson.whip, &offer(1, "encoder", &SENDS)).await;
    let session = answer.header("location").to_owned();
    // As a trainer removes any device, so that the test need not wait for consent to expire.
    let device = session.rsplit('/').next().expect("an id").parse().expect("an id");
    trainer.ask(Command::Remove { participant: device }).await.expect("remove");
    assert_eq!(delete(&server, &session, &lesson.whip).await, 404);
    let back = post(&server, &whip(lesson), &lesson.whip, &offer(1, "encoder", &SENDS)).await;
    assert_eq!(back.status.as_u16(), 201, "another device by the same token");
}

#[tokio::test]
async fn candidates_are_taken_and_a_restart_answers_with_new_credentials() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let answer = post(&server, &whip(lesson), &lesson.whip, &offer(1, "encoder", &SENDS)).await;
    let (session, etag) = (answer.header("location").to_owned(), answer.header("etag").to_owned());
    let candidate = "a=ice-ufrag:encoder\r\na=ice-pwd:encoder0123456789012345678901\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
                     a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n";
    let taken = patch(&server, &session, &lesson.whip, &etag, candidate).await;
    assert_eq!((taken.status.as_u16(), taken.body.len()), (204, 0));
    let cases = [("", candidate, 428), ("\"another\"", candidate, 412), (etag.as_str(), "nonsense", 400)];
    for (if_match, body, status) in cases {
        let answer = patch(&server, &session, &lesson.whip, if_match, body).await;
        assert_eq!(answer.status.as_u16(), status, "{if_match}");
        answer.problem();
    }
    let fresh = "a=ice-ufrag:fresh\r\na=ice-pwd:fresh01234567890123456789\r\n";
    let restarted = patch(&server, &session, &lesson.whip, "*", fresh).await;
    assert_eq!(restarted.status.as_u16(), 200, "{}", restarted.text());
    assert_eq!(restarted.header("content-type"), FRAGMENT);
    assert_ne!(restarted.header("etag"), etag);
    let ufrag = restarted.header("etag").trim_matches('"').to_owned();
    let body = restarted.text();
    assert!(body.contains(&format!("a=ice-ufrag:{ufrag}\r\n")) && body.contains("a=candidate:"), "{body}");
    assert_eq!(patch(&server, &session, &lesson.whip, &etag, candidate).await.status.as_u16(), 412);
    let bad = "a=ice-ufrag:x\r\na=ice-pwd:short\r\n";
    let refused = patch(&server, &session, &lesson.whip, "*", bad).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (422, ErrorCode::OfferRejected));
    assert_eq!(delete(&server, &session, &lesson.whip).await, 200, "the session went on all the while");
}

#[tokio::test]
async fn what_an_encoder_does_wrong_is_said() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let good = offer(1, "encoder", &SENDS);
    let path = whip(lesson);
    let bearer = format!("Bearer {}", lesson.whip);
    let authorised = ("authorization", bearer.as_str());
    let sdp = ("content-type", "application/sdp");
    let unknown = format!("/whip/{}", uuid::Uuid::nil());
    let five = offer(1, "encoder", &[Line::SendsVideo, Line::SendsVideo, Line::SendsVideo]);
    let both = offer(1, "encoder", &[Line::SendsAudio, Line::ReceivesVideo]);
    let receives = offer(1, "encoder", &RECEIVES);
    let cases: [(&str, Headers<'_>, &str, u16); 11] = [
        (&path, &[sdp], &good, 401),
        (&path, &[sdp, ("authorization", "Basic abc")], &good, 401),
        (&path, &[sdp, ("authorization", "Bearer wrong")], &good, 401),
        (&unknown, &[sdp, authorised], &good, 401),
        (&path, &[authorised], &good, 415),
        (&path, &[authorised, sdp, ("accept", "text/html")], &good, 406),
        (&path, &[sdp, authorised], "", 400),
        (&path, &[sdp, authorised], "v=0\r\nnonsense", 422),
        (&path, &[sdp, authorised], &five, 422),
        (&path, &[sdp, authorised], &both, 422),
        (&path, &[sdp, authorised], &receives, 422),
    ];
    for (path, headers, body, status) in cases {
        let answer = ask(&server.router, "POST", path, headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}: {}", answer.text());
        answer.problem();
        assert_eq!(answer.header("www-authenticate"), if status == 401 { "Bearer" } else { "" });
    }
    let asked = ask(&server.router, "OPTIONS", &path, &[("origin", "http://studio.example")], "").await;
    assert_eq!((asked.status.as_u16(), asked.header("accept-post")), (204, "application/sdp"));
    assert!(asked.header("access-control-allow-headers").contains("Authorization"));
    assert!(asked.header("access-control-expose-headers").contains("Location"));
}

#[tokio::test]
async fn an_ended_lesson_takes_no_encoder() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let trainer = server.visitor(lesson, Role::Trainer, "x").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let encoder = post(&server, &whip(lesson), &lesson.whip, &offer(1, "encoder", &SENDS)).await;
    trainer.ask(Command::StartLesson {}).await.expect("start");
    trainer.ask(Command::EndLesson {}).await.expect("end");
    assert_eq!(delete(&server, encoder.header("location"), &lesson.whip).await, 404, "it left with the others");
    let late = post(&server, &whip(lesson), &lesson.whip, &offer(1, "late", &SENDS)).await;
    assert_eq!((late.status.as_u16(), late.problem()), (409, ErrorCode::LessonEnded));
}

/// The server hears nothing of this encoder: no check ever comes, and after 30 s its consent is over.
#[tokio::test]
async fn an_encoder_that_never_connects_leaves_by_itself() {
    let (server, schools) = Server::start().await;
    let lesson = &schools.first;
    let observer = server.visitor(lesson, Role::Committee, "x").await;
    let mut observer = Client::join(&server, &observer).await;
    post(&server, &whip(lesson), &lesson.whip, &offer(1, "encoder", &SENDS)).await;
    let left = async {
        let mut beat = tokio::time::interval(Duration::from_secs(2));
        loop {
            tokio::select! {
                _ = beat.tick() => observer.send(&qism::protocol::ClientMessage::Ping { at: 0.0 }).await,
                message = observer.next() => {
                    if let qism::protocol::ServerMessage::Event { event: RoomEvent::Left { .. }, .. } = message { return; }
                }
            }
        }
    };
    tokio::time::timeout(PATIENCE + Duration::from_secs(35), left).await.expect("gone within 30 s and a little");
}
