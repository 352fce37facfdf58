//! A client of the WebSocket.

use super::{PATIENCE, Server, Visitor};
use futures_util::{SinkExt, StreamExt};
use qism::ids::{EventSeq, ParticipantId};
use qism::protocol::{
    ByeReason, ClientMessage, Command, ErrorCode, OfferedSource, PROTOCOL_VERSION, Resume, RoomEvent, RoomSnapshot,
    SUBPROTOCOL, ServerMessage, Source,
};
use std::collections::VecDeque;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub bye: Option<ByeReason>,
    pub code: Option<u16>,
}

pub struct Client {
    socket: WebSocketStream<TcpStream>,
    pub participant: ParticipantId,
    /// The newest event heard.
    pub seq: EventSeq,
    pub snapshot: Option<Box<RoomSnapshot>>,
    next_id: u32,
    /// Heard while waiting for something else.
    set_aside: VecDeque<ServerMessage>,
}

pub fn request(address: SocketAddr, origin: Option<&str>, protocol: Option<&'static str>) -> Request<()> {
    let mut request = format!("ws://{address}/ws").into_client_request().expect("a request");
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", HeaderValue::from_str(origin).expect("a header"));
    }
    if let Some(protocol) = protocol {
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(protocol));
    }
    request
}

/// Opens a WebSocket without saying anything.
pub async fn open(address: SocketAddr) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let request = request(address, None, Some(SUBPROTOCOL));
    client_async(request, stream).await.expect("a WebSocket").0
}

/// Opens a WebSocket at a path, with these headers.
///
/// # Errors
/// Where the server does not open it.
pub async fn open_at(
    address: SocketAddr,
    path: &str,
    protocol: &'static str,
    headers: &[(&'static str, &str)],
) -> Result<WebSocketStream<TcpStream>, Error> {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let mut request = format!("ws://{address}{path}").into_client_request().expect("a request");
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(protocol));
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a header"));
    }
    client_async(request, stream).await.map(|(socket, _)| socket)
}

pub fn text(message: &ClientMessage) -> Message {
    Message::text(serde_json::to_string(message).expect("JSON"))
}

pub fn hello(ticket: String, resume: Option<EventSeq>) -> ClientMessage {
    ClientMessage::Hello { protocol: PROTOCOL_VERSION, ticket, resume: resume.map(|after| Resume { after }) }
}

/// Reads until the end, and says how it was.
pub async fn read_to_end(socket: &mut WebSocketStream<TcpStream>) -> (Vec<ServerMessage>, End) {
    let mut heard = Vec::new();
    let mut end = End { bye: None, code: None };
    loop {
        let next = timeout(PATIENCE, socket.next()).await.expect("the server closes");
        match next {
            Some(Ok(Message::Text(text))) => {
                let message: ServerMessage = serde_json::from_str(&text).expect("a message of the protocol");
                if let ServerMessage::Bye { reason } = message {
                    end.bye = Some(reason);
                }
                heard.push(message);
            }
            Some(Ok(Message::Close(frame))) => end.code = frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) | None => return (heard, end),
            Some(Err(_)) => return (heard, end),
        }
    }
}

impl Client {
    /// Comes in by a new ticket.
    pub async fn join(server: &Server, visitor: &Visitor) -> Self {
        Self::join_with(server, visitor, None).await
    }

    pub async fn join_with(server: &Server, visitor: &Visitor, resume: Option<EventSeq>) -> Self {
        let ticket = server.ticket(visitor).await;
        let mut socket = open(server.address).await;
        socket.send(text(&hello(ticket, resume))).await.expect("say hello");
        let mut client = Self {
            socket,
            participant: visitor.participant,
            seq: resume.unwrap_or_default(),
            snapshot: None,
            next_id: 1,
            set_aside: VecDeque::new(),
        };
        match client.next().await {
            ServerMessage::Welcome { participant, snapshot, .. } => {
                assert_eq!(participant, visitor.participant);
                if let Some(snapshot) = &snapshot {
                    client.seq = snapshot.seq;
                }
                client.snapshot = snapshot;
            }
            other => panic!("{other:?} instead of a welcome"),
        }
        client
    }

    pub async fn send(&mut self, message: &ClientMessage) {
        self.socket.send(text(message)).await.expect("send");
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.expect("send");
    }

    /// The next message; events must follow on one another.
    pub async fn next(&mut self) -> ServerMessage {
        loop {
            let next = timeout(PATIENCE, self.socket.next()).await.expect("a message in time");
            let message = match next.expect("still open").expect("no fault") {
                Message::Text(text) => serde_json::from_str(&text).expect("a message of the protocol"),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => continue,
            };
            if let ServerMessage::Event { seq, .. } = &message {
                assert_eq!(*seq, self.seq.next(), "an event is missing or came twice");
                self.seq = *seq;
            }
            return message;
        }
    }

    /// The first message that `pick` takes; the others are set aside for later.
    pub async fn until<T>(&mut self, pick: impl Fn(&ServerMessage) -> Option<T>) -> T {
        if let Some(index) = self.set_aside.iter().position(|message| pick(message).is_some()) {
            let message = self.set_aside.remove(index).expect("it is there");
            return pick(&message).expect("it was picked");
        }
        loop {
            let message = self.next().await;
            if let Some(picked) = pick(&message) {
                return picked;
            }
            self.set_aside.push_back(message);
        }
    }

    pub async fn event<T>(&mut self, pick: impl Fn(&RoomEvent) -> Option<T>) -> T {
        self.until(|message| match message {
            ServerMessage::Event { event, .. } => pick(event),
            _ => None,
        })
        .await
    }

    /// Asks for something and awaits the answer.
    pub async fn ask(&mut self, command: Command) -> Result<(), ErrorCode> {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&ClientMessage::Command { id, command }).await;
        self.until(|message| match message {
            ServerMessage::Ok { id: answered } if *answered == id => Some(Ok(())),
            ServerMessage::Error { id: Some(answered), code, .. } if *answered == id => Some(Err(*code)),
            _ => None,
        })
        .await
    }

    pub async fn offer(&mut self, sdp: String, sources: &[(&str, Source)]) -> Result<String, ErrorCode> {
        let id = self.next_id;
        self.next_id += 1;
        let sources =
            sources.iter().map(|(mid, source)| OfferedSource { mid: (*mid).to_owned(), source: *source }).collect();
        self.send(&ClientMessage::Offer { id, sdp, sources }).await;
        self.until(|message| match message {
            ServerMessage::Answer { id: answered, sdp } if *answered == id => Some(Ok(sdp.clone())),
            ServerMessage::Error { id: Some(answered), code, .. } if *answered == id => Some(Err(*code)),
            _ => None,
        })
        .await
    }

    /// What came as an error without a request.
    pub async fn complaint(&mut self) -> ErrorCode {
        self.until(|message| match message {
            ServerMessage::Error { id: None, code, .. } => Some(*code),
            _ => None,
        })
        .await
    }

    pub async fn ended(mut self) -> End {
        read_to_end(&mut self.socket).await.1
    }

    /// Goes without a word, as a network does.
    pub fn vanish(self) {
        drop(self.socket);
    }

    pub fn socket(&mut self) -> &mut WebSocketStream<TcpStream> {
        &mut self.socket
    }
}
