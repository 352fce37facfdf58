//! Losing the connection, the network, the server; and coming back.

use crate::support::Server;
use crate::support::client::{Client, End};
use qism::protocol::{ByeReason, Command, LeaveReason, Phase, Presence, Role, RoomEvent};
use std::time::Duration;

fn left(event: &RoomEvent) -> Option<LeaveReason> {
    match event {
        RoomEvent::Left { reason, .. } => Some(*reason),
        _ => None,
    }
}

#[tokio::test]
async fn who_returns_hears_what_was_missed_once() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let gone = Client::join(&server, &amina).await;
    let seq = gone.seq;
    gone.vanish();
    trainer.event(|event| matches!(event, RoomEvent::ConnectionLost { .. }).then_some(())).await;
    for text in ["one", "two"] {
        trainer.ask(Command::Say { text: text.into() }).await.expect("said");
    }
    // `Client` checks that each event follows on the one before, from `seq` on.
    let mut back = Client::join_with(&server, &amina, Some(seq)).await;
    assert!(back.snapshot.is_none());
    for expected in ["one", "two"] {
        let said = |event: &RoomEvent| match event {
            RoomEvent::Said { text, .. } => Some(text.clone()),
            _ => None,
        };
        assert_eq!(back.event(said).await, expected);
    }
    back.event(|event| matches!(event, RoomEvent::Returned { .. }).then_some(())).await;
    trainer.event(|event| matches!(event, RoomEvent::Returned { .. }).then_some(())).await;
}

#[tokio::test]
async fn who_missed_too_much_gets_the_whole_room() {
    let (server, schools) = Server::start().await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let first = Client::join(&server, &amina).await;
    let future = Client::join_with(&server, &amina, Some(qism::ids::EventSeq(first.seq.0 + 50))).await;
    assert!(future.snapshot.is_some(), "a log that this server does not have");
}

#[tokio::test]
async fn nobody_is_counted_as_present_for_longer_than_they_were() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let gone = Client::join(&server, &amina).await;
    gone.vanish();
    let lost_at = trainer
        .event(|event| match event {
            RoomEvent::ConnectionLost { since, .. } => Some(*since),
            _ => None,
        })
        .await;
    server.clock.advance(Duration::from_secs(10));
    let (reason, since) = trainer
        .event(|event| match event {
            RoomEvent::Left { reason, since, .. } => Some((*reason, *since)),
            _ => None,
        })
        .await;
    assert_eq!((reason, since), (LeaveReason::Lost, lost_at));
}

#[tokio::test]
async fn a_silent_client_is_lost_since_its_last_sign_of_life() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let silent = Client::join(&server, &amina).await;
    let end = tokio::spawn(silent.ended());
    let mut beat = tokio::time::interval(Duration::from_secs(2));
    let lost = loop {
        tokio::select! {
            _ = beat.tick() => trainer.send(&qism::protocol::ClientMessage::Ping { at: 0.0 }).await,
            message = trainer.next() => {
                if let qism::protocol::ServerMessage::Event { at, event: RoomEvent::ConnectionLost { since, .. }, .. } = message {
                    break at.since(since);
                }
            }
        }
    };
    assert!(lost >= Duration::from_secs(8) && lost < Duration::from_secs(10), "{lost:?}");
    assert_eq!(end.await.expect("read"), End { bye: Some(ByeReason::Silent), code: Some(4004) });
}

#[tokio::test]
async fn after_a_crash_the_lesson_goes_on_where_it_was() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let karim = server.visitor(&schools.first, Role::Trainee, "Karim").await;
    let mut first = Client::join(&server, &trainer).await;
    let second = Client::join(&server, &amina).await;
    let _third = Client::join(&server, &karim).await;
    first.ask(Command::StartLesson {}).await.expect("start");
    first.ask(Command::Say { text: "before".into() }).await.expect("said");
    first.ask(Command::GiveFloor { participant: amina.participant }).await.expect("give");
    let seq = second.seq;

    let server = server.crash_and_restart().await;
    let mut first = Client::join(&server, &trainer).await;
    let room = first.snapshot.take().expect("the whole room");
    assert!(matches!(room.phase, Phase::Live { .. }));
    assert_eq!(room.chat.first().map(|message| message.text.as_str()), Some("before"));
    assert_eq!(room.floor.len(), 1);
    let amina_now = room.participants.iter().find(|p| p.id == amina.participant).expect("known");
    assert!(matches!(amina_now.presence, Presence::Lost { .. }));
    let mut second = Client::join_with(&server, &amina, Some(seq)).await;
    assert!(second.snapshot.is_none(), "what was missed reaches back before the crash");
    second.event(|event| matches!(event, RoomEvent::ServerRestarted { .. }).then_some(())).await;
    second.event(|event| matches!(event, RoomEvent::Returned { .. }).then_some(())).await;
    server.clock.advance(Duration::from_secs(11));
    assert_eq!(first.event(left).await, LeaveReason::ServerRestarted, "Karim did not come back");
}

#[tokio::test]
async fn a_stop_says_goodbye_and_notes_when_it_was() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let mut first = Client::join(&server, &trainer).await;
    first.ask(Command::StartLesson {}).await.expect("start");
    server.rooms.stop().await;
    assert_eq!(first.ended().await, End { bye: Some(ByeReason::ServerStopping), code: Some(4007) });
    let log = server.store.of(schools.first.institution).events_after(schools.first.id, Default::default(), 100).await;
    let last = log.expect("the log").pop().expect("an event");
    assert!(matches!(last.event, RoomEvent::ConnectionLost { .. }), "{last:?}");
    let server = server.crash_and_restart().await;
    let again = Client::join(&server, &trainer).await;
    assert!(matches!(again.snapshot.expect("the room").phase, Phase::Live { .. }));
}
