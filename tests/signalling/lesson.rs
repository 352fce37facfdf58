//! What happens in a lesson, as its participants hear it.

use crate::support::Server;
use crate::support::client::{Client, End};
use qism::ids::EventSeq;
use qism::protocol::{ByeReason, ClientMessage, Command, ErrorCode, Phase, Role, RoomEvent, ServerMessage};
use sqlx::{Connection, Executor, SqliteConnection};
use std::time::Duration;

#[tokio::test]
async fn what_is_said_is_in_the_log_before_it_is_acknowledged() {
    let (server, schools) = Server::start().await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let observer = server.visitor(&schools.first, Role::Committee, "x").await;
    let mut amina = Client::join(&server, &amina).await;
    let mut observer = Client::join(&server, &observer).await;
    amina.ask(Command::Say { text: " صباح الخير ".into() }).await.expect("said");
    let log = server.store.of(schools.first.institution).events_after(schools.first.id, EventSeq(0), 100).await;
    let said = log.expect("the log").into_iter().find_map(|entry| match entry.event {
        RoomEvent::Said { text, .. } => Some(text),
        _ => None,
    });
    assert_eq!(said.as_deref(), Some("صباح الخير"));
    let heard = observer
        .event(|event| match event {
            RoomEvent::Said { text, .. } => Some(text.clone()),
            _ => None,
        })
        .await;
    assert_eq!(heard, "صباح الخير");
    assert_eq!(observer.ask(Command::Say { text: "x".into() }).await, Err(ErrorCode::Forbidden));
}

#[tokio::test]
async fn hands_and_floor_go_their_way() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let participant = amina.participant;
    let mut trainer = Client::join(&server, &trainer).await;
    let mut amina = Client::join(&server, &amina).await;
    assert_eq!(trainer.ask(Command::GiveFloor { participant }).await, Err(ErrorCode::LessonNotStarted));
    trainer.ask(Command::StartLesson {}).await.expect("start");
    amina.event(|event| matches!(event, RoomEvent::LessonStarted {}).then_some(())).await;
    amina.ask(Command::RaiseHand {}).await.expect("raise");
    trainer.event(|event| matches!(event, RoomEvent::HandRaised { .. }).then_some(())).await;
    trainer.ask(Command::GiveFloor { participant }).await.expect("give");
    amina.event(|event| matches!(event, RoomEvent::FloorGiven { .. }).then_some(())).await;
    amina.ask(Command::TakeFloor { participant }).await.expect("give up");
    trainer.event(|event| matches!(event, RoomEvent::FloorTaken { .. }).then_some(())).await;
    assert_eq!(server.metric("qism_room_events_total{event=\"floor_given\"}"), 1);
    assert!(server.metric("qism_room_commits_total{result=\"ok\"}") >= 5);
}

#[tokio::test]
async fn who_is_removed_is_out_and_barred() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let out = Client::join(&server, &amina).await;
    trainer.ask(Command::Remove { participant: amina.participant }).await.expect("remove");
    assert_eq!(out.ended().await, End { bye: Some(ByeReason::Removed), code: Some(4002) });
    let until_barred = async {
        while server.auth.issue_ticket(&amina.session, amina.lesson, amina.participant).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, until_barred).await.expect("barred in the register too");
}

#[tokio::test]
async fn a_ping_is_answered_and_figures_are_for_those_who_watch_over_the_lesson() {
    let (server, schools) = Server::start().await;
    let observer = server.visitor(&schools.first, Role::Committee, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut observer = Client::join(&server, &observer).await;
    let mut amina = Client::join(&server, &amina).await;
    let figures = |message: &ServerMessage| matches!(message, ServerMessage::Figures { .. }).then_some(());
    observer.until(figures).await;
    observer.until(figures).await;
    amina.send(&ClientMessage::Ping { at: 12.5 }).await;
    let pong = |message: &ServerMessage| match message {
        ServerMessage::Pong { at } => Some(*at),
        ServerMessage::Figures { .. } => panic!("figures for a trainee"),
        _ => None,
    };
    assert_eq!(amina.until(pong).await, 12.5);
}

#[tokio::test]
async fn a_lesson_is_on_air_in_the_register_once_it_is_in_the_room() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let mut trainer = Client::join(&server, &trainer).await;
    trainer.ask(Command::StartLesson {}).await.expect("start");
    let record = server.store.lesson(schools.first.id).await.expect("the store").expect("the lesson");
    assert!(matches!(record.phase, Phase::Live { .. }));
    assert_eq!(server.store.lessons_on_air().await.expect("the store").len(), 1);
}

#[tokio::test]
async fn what_cannot_be_stored_did_not_happen() {
    let (server, schools) = Server::start().await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut amina = Client::join(&server, &amina).await;
    let mut other = SqliteConnection::connect(server.database().to_str().expect("text")).await.expect("the file");
    other.execute("BEGIN IMMEDIATE").await.expect("hold the database");
    let refused = amina.ask(Command::Say { text: "lost".into() }).await;
    assert_eq!(refused, Err(ErrorCode::StoreUnavailable));
    other.execute("ROLLBACK").await.expect("let go");
    let until_back = async {
        while amina.ask(Command::RaiseHand {}).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, until_back).await.expect("the room recovers by itself");
    let log = server.store.of(schools.first.institution).events_after(schools.first.id, EventSeq(0), 100).await;
    let log = log.expect("the log");
    assert!(log.iter().all(|entry| !matches!(entry.event, RoomEvent::Said { .. })), "{log:?}");
    assert!(log.iter().any(|entry| matches!(entry.event, RoomEvent::HandRaised { .. })), "{log:?}");
    assert!(server.metric("qism_room_commits_total{result=\"failed\"}") >= 1);
}
