//! Clients that do what they should not: the lesson goes on.

use crate::support::client::{Client, End, hello, open, read_to_end, request, text};
use crate::support::{PATIENCE, Server, Visitor};
use futures_util::{SinkExt, StreamExt};
use qism::ids::EventSeq;
use qism::protocol::{
    ByeReason, CLIENT_MESSAGE_BYTES_MAX, ClientMessage, Command, ErrorCode, Role, RoomEvent, SUBPROTOCOL,
};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

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
        if client.socket().send(text(&raise)).await.is_err() {
            break;
        }
    }
    assert_eq!(client.ended().await.bye, Some(ByeReason::Protocol));
}

/// A connection that gives signs of life and reads nothing, with as small a buffer as can be had.
async fn join_and_never_read(server: &Server, visitor: &Visitor) -> WebSocketStream<TcpStream> {
    let plain = TcpSocket::new_v4().expect("a socket");
    plain.set_recv_buffer_size(4_096).expect("a small buffer");
    let stream = plain.connect(server.address).await.expect("a connection");
    let request = request(server.address, None, Some(SUBPROTOCOL));
    let (mut socket, _) = client_async(request, stream).await.expect("a WebSocket");
    let ticket = server.ticket(visitor).await;
    socket.send(text(&hello(ticket, None))).await.expect("hello");
    socket
}

#[tokio::test]
async fn who_does_not_read_is_cut_and_the_others_feel_nothing() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let observer = server.visitor(&schools.first, Role::Committee, "x").await;
    let idle = server.visitor(&schools.first, Role::Trainee, "Idle").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let mut observer = Client::join(&server, &observer).await;
    let mut idle_socket = join_and_never_read(&server, &idle).await;
    let words = "ق".repeat(2_000);
    let flood = async {
        // The chat has a rate for each: many write a little.
        for number in 0..400 {
            let writer = server.visitor(&schools.first, Role::Trainee, &format!("W{number}")).await;
            let mut writer = Client::join(&server, &writer).await;
            for _ in 0..10 {
                writer.ask(Command::Say { text: words.clone() }).await.expect("said");
            }
            writer.send(&ClientMessage::Leave {}).await;
            let _ = idle_socket.send(text(&ClientMessage::Ping { at: 0.0 })).await;
            if server.metric("qism_websocket_closed_total{reason=\"too_slow\"}") > 0 {
                return;
            }
        }
        panic!("who does not read was never cut");
    };
    let stay = |mut client: Client| async move {
        let mut beat = tokio::time::interval(Duration::from_secs(2));
        loop {
            tokio::select! {
                _ = beat.tick() => client.send(&ClientMessage::Ping { at: 0.0 }).await,
                // Panics where an event is missing or the connection ends.
                _ = client.next() => {}
            }
        }
    };
    let observed = observer.ask(Command::RaiseHand {}).await;
    assert_eq!(observed, Err(ErrorCode::Forbidden));
    trainer.ask(Command::StartLesson {}).await.expect("start");
    tokio::select! {
        () = flood => {}
        () = stay(observer) => {}
        () = stay(trainer) => {}
    }
    let lost = server.store.of(schools.first.institution).events_after(schools.first.id, EventSeq(0), 10_000).await;
    let lost = lost.expect("the log").into_iter().filter_map(|entry| match entry.event {
        RoomEvent::ConnectionLost { participant, .. } => Some(participant),
        _ => None,
    });
    assert_eq!(lost.collect::<Vec<_>>(), [idle.participant], "only who did not read");
}

#[tokio::test]
async fn a_second_hello_is_nonsense() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut client = Client::join(&server, &visitor).await;
    let ticket = server.ticket(&visitor).await;
    client.send(&hello(ticket, None)).await;
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
