//! Coming in, and being turned away.

use crate::support::client::{Client, End, hello, open, read_to_end, request, text};
use crate::support::{PATIENCE, Server};
use futures_util::SinkExt;
use qism::protocol::{
    AUDIO_SLOTS_MAX, ByeReason, ClientMessage, ErrorCode, Phase, Presence, Role, RoomEvent, SUBPROTOCOL, ServerMessage,
};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::{Error, Message};

fn error_code(heard: &[ServerMessage]) -> Option<ErrorCode> {
    heard.iter().find_map(|message| match message {
        ServerMessage::Error { id: None, code, .. } => Some(*code),
        _ => None,
    })
}

/// Says this first, and reads what comes of it.
async fn said_first(server: &Server, message: Message) -> (Option<ErrorCode>, End) {
    let mut socket = open(server.address).await;
    socket.send(message).await.expect("send");
    let (heard, end) = read_to_end(&mut socket).await;
    (error_code(&heard), end)
}

#[tokio::test]
async fn who_comes_in_gets_the_room_and_the_others_hear_of_it() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let trainee = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut first = Client::join(&server, &trainer).await;
    let snapshot = first.snapshot.take().expect("the whole room");
    assert_eq!(snapshot.lesson.title, "Le cordon");
    assert_eq!(snapshot.phase, Phase::Planned);
    let second = Client::join(&server, &trainee).await;
    let name = first
        .event(|event| match event {
            RoomEvent::Joined { participant, name, role: Role::Trainee, .. } if *participant == trainee.participant => {
                Some(name.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(name, "Amina");
    let present = second.snapshot.expect("the whole room").participants;
    assert_eq!(present.len(), 2);
    assert!(present.iter().all(|p| matches!(p.presence, Presence::Present { .. })));
    assert_eq!(server.metric("qism_participants{role=\"trainee\"}"), 1);
    assert_eq!(server.metric("qism_websocket_connections"), 2);
    assert_eq!(server.metric("qism_websocket_messages_total{kind=\"hello\"}"), 2);
}

#[tokio::test]
async fn the_welcome_says_what_an_offer_may_ask_for() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let ticket = server.ticket(&visitor).await;
    let mut socket = open(server.address).await;
    socket.send(text(&hello(ticket, None))).await.expect("hello");
    socket.send(text(&ClientMessage::Leave {})).await.expect("leave");
    let (heard, _) = read_to_end(&mut socket).await;
    let Some(ServerMessage::Welcome { audio_slots_max, role, .. }) = heard.first() else { panic!("{heard:?}") };
    assert_eq!((*audio_slots_max, *role), (AUDIO_SLOTS_MAX, Role::Trainee));
}

#[tokio::test]
async fn a_ticket_lets_in_once() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let ticket = server.ticket(&visitor).await;
    let mut socket = open(server.address).await;
    socket.send(text(&hello(ticket.clone(), None))).await.expect("hello");
    let refused = said_first(&server, text(&hello(ticket, None))).await;
    let protocol = End { bye: Some(ByeReason::Protocol), code: Some(4006) };
    assert_eq!(refused, (Some(ErrorCode::TicketInvalid), protocol.clone()));
    let old = server.ticket(&visitor).await;
    server.clock.advance(Duration::from_secs(61));
    assert_eq!(said_first(&server, text(&hello(old, None))).await, (Some(ErrorCode::TicketInvalid), protocol));
    assert_eq!(server.metric("qism_websocket_refusals_total{code=\"ticket_invalid\"}"), 2);
}

#[tokio::test]
async fn nothing_but_a_hello_of_this_version_opens_the_door() {
    let (server, _) = Server::start().await;
    for message in [
        Message::text("half a {\"jso"),
        Message::text("{}"),
        Message::binary(vec![1, 2, 3]),
        text(&ClientMessage::Ping { at: 1.0 }),
        Message::text(r#"{"type":"hello","protocol":1,"ticket":"x","resume":null,"extra":1}"#),
    ] {
        assert_eq!(said_first(&server, message).await.0, Some(ErrorCode::BadMessage));
    }
    let other = Message::text(r#"{"type":"hello","protocol":2,"ticket":"x","resume":null}"#);
    assert_eq!(said_first(&server, other).await.0, Some(ErrorCode::UnsupportedProtocol));
}

#[tokio::test]
async fn who_says_nothing_is_shown_out() {
    let (server, _) = Server::start().await;
    let mut socket = open(server.address).await;
    let (_, end) = read_to_end(&mut socket).await;
    assert_eq!(end, End { bye: Some(ByeReason::Silent), code: Some(4004) });
}

#[tokio::test]
async fn pages_of_others_and_other_protocols_are_not_served() {
    let (server, _) = Server::start().await;
    let own = format!("http://{}", server.address);
    let cases = [
        (Some("http://evil.example"), Some(SUBPROTOCOL), Some(403)),
        (Some("null"), Some(SUBPROTOCOL), Some(403)),
        (None, None, Some(400)),
        (None, Some("qism.v0"), Some(400)),
        (Some(own.as_str()), Some(SUBPROTOCOL), None),
    ];
    for (origin, protocol, expected) in cases {
        let stream = TcpStream::connect(server.address).await.expect("a connection");
        let status = match client_async(request(server.address, origin, protocol), stream).await {
            Ok(_) => None,
            Err(Error::Http(response)) => Some(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(status, expected, "{origin:?} {protocol:?}");
    }
}

#[tokio::test]
async fn the_newest_connection_replaces_the_older_without_an_event() {
    let (server, schools) = Server::start().await;
    let visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let older = Client::join(&server, &visitor).await;
    let seq = older.seq;
    let newer = Client::join(&server, &visitor).await;
    assert_eq!(older.ended().await, End { bye: Some(ByeReason::Replaced), code: Some(4001) });
    assert_eq!(newer.seq, seq);
}

#[tokio::test]
async fn who_leaves_is_gone_at_once() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let trainee = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut stays = Client::join(&server, &trainer).await;
    let mut leaves = Client::join(&server, &trainee).await;
    leaves.send(&ClientMessage::Leave {}).await;
    assert_eq!(leaves.ended().await, End { bye: Some(ByeReason::Left), code: Some(1000) });
    stays.event(|event| matches!(event, RoomEvent::Left { .. }).then_some(())).await;
}

#[tokio::test]
async fn an_ended_lesson_lets_nobody_in() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let trainee = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut first = Client::join(&server, &trainer).await;
    let second = Client::join(&server, &trainee).await;
    // Before the end, for after it.
    let late = server.ticket(&trainee).await;
    first.ask(qism::protocol::Command::StartLesson {}).await.expect("start");
    first.ask(qism::protocol::Command::EndLesson {}).await.expect("end");
    let over = End { bye: Some(ByeReason::LessonEnded), code: Some(4003) };
    assert_eq!(tokio::time::timeout(PATIENCE, second.ended()).await, Ok(over.clone()));
    assert_eq!(first.ended().await, over);
    assert_eq!(said_first(&server, text(&hello(late, None))).await, (Some(ErrorCode::LessonEnded), over));
}
