//! Clients that do what they should not: the lesson goes on.

use crate::support::client::{Client, End, open, read_to_end};
use crate::support::{PATIENCE, Server};
use futures_util::{SinkExt, StreamExt};
use qism::protocol::{ByeReason, CLIENT_MESSAGE_BYTES_MAX, ClientMessage, Command, ErrorCode, Role, ServerMessage};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn nonsense_is_answered_and_borne_for_a_while() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    for nonsense in [
        r#"{"type":"command","id":1,"command":{"type":"say","text":"x","loud":true}}"#,
        r#"{"type":"command","id":1,"command":{"type":"fly"}}"#,
        r#"{"type":"command","id":-1,"command":{"type":"raise_hand"}}"#,
        r#"{"type":"ping""#,
        "[[[[[[[[",
    ] {
        client.send_raw(Message::text(nonsense)).await;
        assert_eq!(client.complaint().await, ErrorCode::BadMessage);
    }
    client.ask(Command::RaiseHand {}).await.expect("the connection still works");
    for _ in 0..20 {
        let _ = client.socket().send(Message::text("?")).await;
    }
    assert_eq!(client.ended().await, End { bye: Some(ByeReason::Protocol), code: Some(4006) });
    assert!(server.metric("qism_websocket_messages_total{kind=\"bad\"}") >= 6);
}

#[tokio::test]
async fn a_message_too_big_ends_the_connection() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    client.send_raw(Message::text(" ".repeat(CLIENT_MESSAGE_BYTES_MAX + 1))).await;
    assert_eq!(client.ended().await.code, Some(1009));
    let mut stranger = open(server.address).await;
    let _ = stranger.send(Message::text("x".repeat(10_000_000))).await;
    let (_, end) = read_to_end(&mut stranger).await;
    assert!(end.bye.is_none(), "{end:?}");
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_wait() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    let mut results = Vec::new();
    for _ in 0..15 {
        results.push(client.ask(Command::Say { text: "x".into() }).await);
    }
    assert!(results.first() == Some(&Ok(())) && results.last() == Some(&Err(ErrorCode::RateLimited)), "{results:?}");
    client.ask(Command::RaiseHand {}).await.expect("other things are not held up");
    assert!(server.metric("qism_websocket_refusals_total{code=\"rate_limited\"}") >= 1);
}

#[tokio::test]
async fn who_does_not_listen_is_cut() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    for id in 0..600 {
        let raise = ClientMessage::Command { id, command: Command::RaiseHand {} };
        if client.socket().send(crate::support::client::text(&raise)).await.is_err() {
            break;
        }
    }
    assert_eq!(client.ended().await.bye, Some(ByeReason::Protocol));
}

/// More than the sockets' buffers hold: what the others write must fill the queue of who does not read.
#[tokio::test]
async fn who_does_not_read_is_cut_and_the_others_feel_nothing() {
    let (server, schools) = Server::start().await;
    let observer = server.visitor(&schools.first, Role::Committee, "x").await;
    let mut reader = Client::join(&server, &observer).await;
    let idle = server.visitor(&schools.first, Role::Trainee, "Idle").await;
    let idle = Client::join(&server, &idle).await;
    let text = "ق".repeat(2_000);
    let flood = async {
        // Ten messages each, for the chat has a rate; 8 kB each.
        for number in 0..220 {
            let writer = server.visitor(&schools.first, Role::Trainee, &format!("W{number}")).await;
            let mut writer = Client::join(&server, &writer).await;
            for _ in 0..10 {
                writer.ask(Command::Say { text: text.clone() }).await.expect("said");
            }
            writer.send(&ClientMessage::Leave {}).await;
            if server.metric("qism_websocket_closed_total{reason=\"too_slow\"}") > 0 {
                return;
            }
        }
        panic!("who does not read was never cut");
    };
    let read = async {
        let mut beat = tokio::time::interval(std::time::Duration::from_secs(2));
        loop {
            tokio::select! {
                _ = beat.tick() => reader.send(&ClientMessage::Ping { at: 0.0 }).await,
                message = reader.next() => {
                    if let ServerMessage::Bye { .. } = message { return; }
                }
            }
        }
    };
    tokio::select! {
        () = flood => {}
        () = read => panic!("the reader was cut"),
    }
    reader.ask(Command::RaiseHand {}).await.expect_err("still there, and refused as ever");
    drop(idle);
}

#[tokio::test]
async fn a_second_hello_is_nonsense() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    let ticket = server.ticket(&visitor).await;
    client.send(&crate::support::client::hello(ticket, None)).await;
    assert_eq!(client.complaint().await, ErrorCode::BadMessage);
}

#[tokio::test]
async fn control_frames_are_signs_of_life() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    client.send_raw(Message::Ping(vec![1].into())).await;
    let pong = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(Ok(Message::Pong(data))) = client.socket().next().await {
                return data;
            }
        }
    });
    assert_eq!(pong.await.expect("a pong").as_ref(), [1]);
}
