//! Hostile and mistaken messages over HTTP and the WebSocket.

use loadtest::demo::invitation_of;
use loadtest::http::{Request, send};
use loadtest::link::{Link, Refused};
use loadtest::place::Place;
use loadtest::server::Server;
use qism::protocol::{Command, ErrorCode, Problem, RoomEvent, ServerMessage, Source};
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// Within this the server must have said something, or closed.
const BOUND: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_one_client_sends_the_others_go_on() {
    let mut server = Server::start().await.expect("a server");
    let (mut trainer, _) = enter(&server, &server.demo.links.trainer, "Trainer").await;
    let (mut bystander, _) = enter(&server, &server.demo.links.trainee, "Bystander").await;

    let half = r#"{"type":"hello","protocol":1,"tick"#;
    let before_hello = r#"{"type":"command","id":1,"command":{"type":"end_lesson"}}"#;
    let unknown_field = r#"{"type":"hello","protocol":1,"ticket":"x","resume":null,"admin":true}"#;
    for (what, message) in [
        ("half a JSON", Message::text(half)),
        ("a command before hello", Message::text(before_hello)),
        ("an unknown field", Message::text(unknown_field)),
        ("bytes", Message::binary(vec![0xff; 100])),
        ("no message at all", Message::text("")),
        ("deep nesting", Message::text("[".repeat(50_000))),
        ("10 MB", Message::text("x".repeat(10 * 1024 * 1024))),
    ] {
        let mut link = Link::open(&server.demo.base_url).await.expect("a WebSocket");
        // The server may close before all of it is written.
        let _ = link.send_raw(message).await;
        let said = until_closed(&mut link).await;
        assert!(said.iter().all(|code| *code == ErrorCode::BadMessage), "{what}: {said:?}");
        assert!(what == "10 MB" || !said.is_empty(), "{what}: closed without a word");
    }

    // Those who were there have felt nothing.
    trainer.command(Command::Say { text: "still here".to_owned() }).await.expect("the chat");
    let heard = |message: &ServerMessage| matches!(message, ServerMessage::Event { event: RoomEvent::Said { text, .. }, .. } if text == "still here");
    bystander.wait_for(heard).await.expect("the chat reaches a bystander");
    assert!(server.is_running().expect("a process"), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_opens_one_door_once() {
    let server = Server::start().await.expect("a server");
    let place = take_place(&server, &server.demo.links.trainee, "Trainee").await;
    let ticket = place.ticket().await.expect("a ticket");
    let (_link, _) = Link::enter(&server.demo.base_url, ticket.clone()).await.expect("the first time");
    assert_eq!(refusal(Link::enter(&server.demo.base_url, ticket).await), ErrorCode::TicketInvalid);
    let invented = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    assert_eq!(refusal(Link::enter(&server.demo.base_url, invented).await), ErrorCode::TicketInvalid);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_may_do_what_it_may_and_no_more() {
    let server = Server::start().await.expect("a server");
    let (mut trainer, _) = enter(&server, &server.demo.links.trainer, "Trainer").await;
    let (mut trainee, welcome) = enter(&server, &server.demo.links.trainee, "Trainee").await;
    let (mut committee, _) = enter(&server, &server.demo.links.committee, "Observer").await;
    let ServerMessage::Welcome { participant, .. } = welcome else { panic!("no welcome: {welcome:?}") };

    for command in [
        Command::StartLesson {},
        Command::EndLesson {},
        Command::GiveFloor { participant },
        Command::MuteAll {},
        Command::LowerAllHands {},
        Command::Remove { participant },
    ] {
        let what = format!("{command:?}");
        assert_eq!(refusal(trainee.command(command).await), ErrorCode::Forbidden, "a trainee: {what}");
    }
    for command in [
        Command::EndLesson {},
        Command::Say { text: "hello".to_owned() },
        Command::RaiseHand {},
        Command::Remove { participant },
    ] {
        let what = format!("{command:?}");
        assert_eq!(refusal(committee.command(command).await), ErrorCode::Forbidden, "the committee: {what}");
    }
    // Without the floor, or a source that was offered, nothing of a trainee's is sent to anybody.
    let code = refusal(trainee.command(Command::Publish { source: Source::Microphone }).await);
    assert!(matches!(code, ErrorCode::Forbidden | ErrorCode::SourceUnknown), "{code:?}");

    let nonsense = trainee.offer("v=0\r\nm=nonsense\r\n".to_owned(), Vec::new()).await;
    assert_eq!(refusal(nonsense), ErrorCode::OfferRejected);

    // After all these refusals the connections are as good as before.
    trainer.command(Command::StartLesson {}).await.expect("a trainer's right");
    trainee.command(Command::RaiseHand {}).await.expect("a trainee's right");
    trainer.command(Command::GiveFloor { participant }).await.expect("a trainer's right");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_name_what_is_not_there_are_refused() {
    let server = Server::start().await.expect("a server");
    let nowhere = "018f0000-0000-7000-8000-00000000dead";
    let lesson = &server.demo.lesson;
    let too_long = format!(r#"{{"invitation":"{}"}}"#, "x".repeat(10 * 1024 * 1024));
    let cases = [
        ("GET", format!("/api/lessons/{nowhere}/participants/{nowhere}"), "", 401..=404),
        ("POST", format!("/api/lessons/{nowhere}/participants/{nowhere}/tickets"), "", 401..=404),
        ("POST", format!("/api/lessons/{lesson}/participants/{nowhere}/tickets"), "", 401..=404),
        ("POST", format!("/whip/{nowhere}"), "", 400..=415),
        ("DELETE", format!("/whip/{lesson}/{nowhere}"), "", 401..=404),
        ("POST", "/api/invitations/open".to_owned(), r#"{"invitation":"nonsense"}"#, 401..=404),
        ("POST", "/api/invitations/open".to_owned(), r#"{"invitation":"#, 400..=422),
        ("POST", "/api/invitations/open".to_owned(), r#"{"invitation":"x","admin":true}"#, 400..=422),
        ("POST", "/api/sessions".to_owned(), too_long.as_str(), 413..=413),
        ("POST", "/api/nothing".to_owned(), "{}", 404..=404),
    ];
    for (method, path, body, expected) in cases {
        let headers = [("content-type", "application/json"), ("origin", server.demo.base_url.as_str())];
        let request = Request { method, path: &path, headers: &headers, body: body.as_bytes() };
        let reply = match send(&server.demo.base_url, request).await {
            Ok(reply) => reply,
            // A server that answers without reading 10 MB cuts the connection, which may cost its answer.
            Err(_) if body.len() > 1_000_000 => continue,
            Err(error) => panic!("{method} {path}: {error:#}"),
        };
        assert!(expected.contains(&reply.status), "{method} {path}: {} {}", reply.status, reply.text());
        let problem: Problem = serde_json::from_slice(&reply.body)
            .unwrap_or_else(|error| panic!("{method} {path}: no problem+json ({error}): {}", reply.text()));
        assert_eq!(problem.status, reply.status, "{method} {path}");
        assert!(!problem.detail.is_empty(), "{method} {path}: nothing says what to do");
    }
    assert_eq!(server.look_up("/healthz").await.expect("an answer").status, 200);
}

async fn take_place(server: &Server, link: &str, name: &str) -> Place {
    let invitation = invitation_of(link).expect("an invitation");
    Place::take(&server.demo.base_url, invitation, name).await.expect("a place")
}

async fn enter(server: &Server, link: &str, name: &str) -> (Link, ServerMessage) {
    let ticket = take_place(server, link, name).await.ticket().await.expect("a ticket");
    Link::enter(&server.demo.base_url, ticket).await.expect("a link")
}

/// The code with which something was refused.
fn refusal<T>(outcome: anyhow::Result<T>) -> ErrorCode {
    let Err(error) = outcome else { panic!("this was allowed") };
    match error.downcast_ref::<Refused>() {
        Some(refused) => refused.code,
        None => panic!("not refused, but: {error:#}"),
    }
}

/// The errors that come until the server closes, which it must.
async fn until_closed(link: &mut Link) -> Vec<ErrorCode> {
    let mut said = Vec::new();
    loop {
        match timeout(BOUND, link.next()).await.expect("the server closes the connection") {
            Ok(ServerMessage::Error { code, .. }) => said.push(code),
            Ok(ServerMessage::Bye { .. }) => {}
            Ok(other) => panic!("a stranger was told {other:?}"),
            Err(_) => return said,
        }
    }
}
