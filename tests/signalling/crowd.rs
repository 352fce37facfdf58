//! Many come and go at once: what they hear of one another comes in bundles, and is whole all the same.

use crate::support::Server;
use crate::support::client::{Client, End};
use qism::ids::{EventSeq, ParticipantId};
use qism::protocol::{ByeReason, ClientMessage, Command, Role, RoomEvent, ServerMessage};

/// How many come at once.
const CROWD: u64 = 40;

/// Reads until this event; `Client` checks that each follows on the one before.
async fn hear_up_to(client: &mut Client, seq: EventSeq) {
    while client.seq < seq {
        client.next().await;
    }
}

fn joined(event: &RoomEvent) -> Option<ParticipantId> {
    match event {
        RoomEvent::Joined { participant, .. } => Some(*participant),
        _ => None,
    }
}

#[tokio::test]
async fn who_comes_in_with_a_crowd_hears_of_everybody_once() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let mut first = Client::join(&server, &trainer).await;
    let begin = first.seq;
    let mut visitors = Vec::new();
    for number in 0..CROWD {
        visitors.push(server.visitor(&schools.first, Role::Trainee, &format!("V{number}")).await);
    }
    let arrivals = visitors.iter().map(|visitor| async {
        let client = Client::join(&server, visitor).await;
        let seq = client.seq;
        client.vanish();
        // Some of what they missed has not been told to anybody yet.
        let client = Client::join_with(&server, visitor, Some(seq)).await;
        assert!(client.snapshot.is_none());
        client
    });
    let mut clients = futures_util::future::join_all(arrivals).await;
    first.ask(Command::StartLesson {}).await.expect("start");
    first.event(|event| matches!(event, RoomEvent::LessonStarted {}).then_some(())).await;
    assert!(first.seq.0 >= begin.0 + CROWD, "{:?}", first.seq);
    for client in &mut clients {
        hear_up_to(client, first.seq).await;
    }
}

#[tokio::test]
async fn what_must_not_wait_comes_after_what_came_before_it() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let one = server.visitor(&schools.first, Role::Trainee, "One").await;
    let two = server.visitor(&schools.first, Role::Trainee, "Two").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let _one = Client::join(&server, &one).await;
    let mut late = Client::join(&server, &two).await;
    late.ask(Command::RaiseHand {}).await.expect("raised");
    trainer.event(|event| matches!(event, RoomEvent::HandRaised { .. }).then_some(())).await;
    // Both were set aside on the way to the hand.
    assert_eq!(trainer.event(joined).await, one.participant);
    assert_eq!(trainer.event(joined).await, two.participant);
}

#[tokio::test]
async fn who_leaves_hears_all_that_came_before() {
    let (server, schools) = Server::start().await;
    let one = server.visitor(&schools.first, Role::Trainee, "One").await;
    let two = server.visitor(&schools.first, Role::Trainee, "Two").await;
    let mut leaver = Client::join(&server, &one).await;
    // One comes soon after the other: of the second nobody is told at once.
    let _two = Client::join(&server, &two).await;
    leaver.send(&ClientMessage::Leave {}).await;
    assert_eq!(leaver.event(joined).await, two.participant);
    leaver.event(|event| matches!(event, RoomEvent::Left { .. }).then_some(())).await;
    leaver.until(|message| matches!(message, ServerMessage::Bye { .. }).then_some(())).await;
    assert_eq!(leaver.ended().await, End { bye: None, code: Some(ByeReason::Left.close_code()) });
}
