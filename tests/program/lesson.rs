//! A lesson in the whole program, which is killed in the middle of it.

use crate::process::{Server, call};
use futures_util::{SinkExt, StreamExt};
use qism::protocol::{
    ByeReason, ClientMessage, Command, PROTOCOL_VERSION, Phase, Role, RoomSnapshot, SUBPROTOCOL, ServerMessage,
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_in_a_lesson_is_there_after_kill_9() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::demo(folder.path());
    let browser = Browser::accept(&server, "trainer", None);
    let (mut socket, snapshot) = browser.enter(&server).await;
    assert_eq!((snapshot.phase, snapshot.chat.len()), (Phase::Planned, 0));
    done(&mut socket, 1, Command::StartLesson {}).await;
    done(&mut socket, 2, Command::Say { text: "هل تسمعونني؟".into() }).await;
    server.kill();
    drop(socket);

    let server = Server::demo(folder.path());
    let (mut socket, snapshot) = browser.enter(&server).await;
    assert!(matches!(snapshot.phase, Phase::Live { .. }), "{:?}", snapshot.phase);
    let said: Vec<&str> = snapshot.chat.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(said, ["هل تسمعونني؟"]);
    assert_eq!(snapshot.chat[0].participant.to_string(), browser.participant);
    let me = snapshot.participants.iter().find(|one| one.id.to_string() == browser.participant).expect("the trainer");
    assert_eq!((me.role, me.name.as_str()), (Role::Trainer, "فاطمة الزهراء الإدريسي"));
    done(&mut socket, 1, Command::Say { text: "عدنا".into() }).await;
    let guest = Browser::accept(&server, "trainee", Some("سلمى"));
    let (_, snapshot) = guest.enter(&server).await;
    assert_eq!(snapshot.chat.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_says_so_to_everybody_and_ends() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::demo(folder.path());
    let browser = Browser::accept(&server, "trainer", None);
    let (mut socket, _) = browser.enter(&server).await;
    let stopped = tokio::task::spawn_blocking(move || server.terminate());
    let reason = heard(&mut socket, |message| match message {
        ServerMessage::Bye { reason } => Some(reason),
        _ => None,
    });
    assert_eq!(reason.await, ByeReason::ServerStopping);
    let (code, text) = tokio::time::timeout(PATIENCE, stopped).await.expect("in time").expect("no panic");
    assert_eq!(code, Some(0), "{text}");
}

/// A browser with a session: what it keeps over a reload, a drop, or a restart of the server.
pub struct Browser {
    cookie: String,
    pub lesson: String,
    pub participant: String,
}

impl Browser {
    pub fn accept(server: &Server, who: &str, name: Option<&str>) -> Self {
        let demo = server.demo_json();
        let (_, secret) = demo["links"][who].as_str().and_then(|link| link.split_once('#')).expect("a link");
        let body = json!({ "invitation": secret, "name": name });
        let (head, card) = call(server, "/api/sessions", "", &body);
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect(&head);
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        Self {
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
            lesson: text(&card["lesson"]["id"]),
            participant: text(&card["participant"]),
        }
    }

    /// Gets a ticket and enters the room as somebody new to it.
    pub async fn enter(&self, server: &Server) -> (WebSocketStream<TcpStream>, Box<RoomSnapshot>) {
        let path = format!("/api/lessons/{}/participants/{}/tickets", self.lesson, self.participant);
        let (_, ticket) = call(server, &path, &self.cookie, &json!({}));
        let ticket = ticket["ticket"].as_str().expect("a ticket").to_owned();
        let mut request = format!("ws://{}/ws", server.authority()).into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        let stream = TcpStream::connect(server.authority()).await.expect("connected");
        let (mut socket, _) = client_async(request, stream).await.expect("a WebSocket");
        send(&mut socket, &ClientMessage::Hello { protocol: PROTOCOL_VERSION, ticket, resume: None }).await;
        let welcomed = heard(&mut socket, |message| match message {
            ServerMessage::Welcome { snapshot, .. } => Some(snapshot),
            _ => None,
        });
        let snapshot = welcomed.await.expect("a snapshot");
        (socket, snapshot)
    }
}

/// Asks the room for something and waits until it is acknowledged.
pub async fn done(socket: &mut WebSocketStream<TcpStream>, id: u32, command: Command) {
    send(socket, &ClientMessage::Command { id, command }).await;
    heard(socket, |message| match message {
        ServerMessage::Ok { id: of } if of == id => Some(()),
        ServerMessage::Error { message, .. } => panic!("{message}"),
        _ => None,
    })
    .await;
}

async fn send(socket: &mut WebSocketStream<TcpStream>, message: &ClientMessage) {
    let text = serde_json::to_string(message).expect("JSON");
    socket.send(Message::text(text)).await.expect("sent");
}

/// Waits for the first message that `wanted` takes.
async fn heard<T>(socket: &mut WebSocketStream<TcpStream>, wanted: impl Fn(ServerMessage) -> Option<T>) -> T {
    let waited = tokio::time::timeout(PATIENCE, async {
        loop {
            let message = socket.next().await.expect("the connection holds").expect("a message");
            let Message::Text(text) = message else { continue };
            if let Some(found) = wanted(serde_json::from_str(&text).expect("a message of the protocol")) {
                return found;
            }
        }
    });
    waited.await.expect("in time")
}
