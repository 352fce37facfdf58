//! The WebSocket to a room: hello, heartbeats, requests and their answers.

use crate::http::authority;
use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use qism::protocol::{
    ClientMessage, Command, ErrorCode, HEARTBEAT_INTERVAL_MS, OfferedSource, PROTOCOL_VERSION, SUBPROTOCOL,
    ServerMessage,
};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// From a request to its answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Messages that arrived while something else was waited for; the oldest are forgotten beyond it.
const UNREAD_MAX: usize = 4_096;

/// How much of a connection is read at once, in bytes; thousands of them are open in one process.
const READ_BUFFER_BYTES: usize = 8 * 1024;

/// One connection to a room. It sends heartbeats only while it is waited on.
pub struct Link {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heartbeat: tokio::time::Interval,
    opened_at: Instant,
    next_id: u32,
    unread: VecDeque<ServerMessage>,
}

/// A refusal of the server.
#[derive(Debug)]
pub struct Refused {
    pub code: ErrorCode,
    pub message: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused with {:?}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refused {}

impl Link {
    /// Opens the WebSocket without a word.
    ///
    /// # Errors
    /// Where the server does not accept it.
    pub async fn open(base_url: &str) -> Result<Self> {
        let mut request = format!("ws://{}/ws", authority(base_url)?).into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        request.headers_mut().insert("origin", HeaderValue::from_str(base_url)?);
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
        let connected = connect_async_with_config(request, Some(config), false).await;
        let (socket, _) = connected.context("open the WebSocket")?;
        let mut heartbeat = interval(Duration::from_millis(HEARTBEAT_INTERVAL_MS));
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self { socket, heartbeat, opened_at: Instant::now(), next_id: 1, unread: VecDeque::new() })
    }

    /// Opens it and says hello; the welcome comes back beside it.
    ///
    /// # Errors
    /// Where the ticket is refused.
    pub async fn enter(base_url: &str, ticket: String) -> Result<(Self, ServerMessage)> {
        let mut link = Self::open(base_url).await?;
        link.send(&ClientMessage::Hello { protocol: PROTOCOL_VERSION, ticket, resume: None }).await?;
        let welcome = link.wait_for(|message| matches!(message, ServerMessage::Welcome { .. })).await?;
        Ok((link, welcome))
    }

    /// # Errors
    /// Where the connection is gone.
    pub async fn send(&mut self, message: &ClientMessage) -> Result<()> {
        self.send_raw(Message::text(serde_json::to_string(message)?)).await
    }

    /// Sends anything, for those who test what the server makes of it.
    ///
    /// # Errors
    /// Where the connection is gone.
    pub async fn send_raw(&mut self, message: Message) -> Result<()> {
        Ok(self.socket.send(message).await?)
    }

    /// Offers a session description and waits for the answer's.
    ///
    /// # Errors
    /// Where the server refuses it ([`Refused`]).
    pub async fn offer(&mut self, sdp: String, sources: Vec<OfferedSource>) -> Result<String> {
        let id = self.new_id();
        self.send(&ClientMessage::Offer { id, sdp, sources }).await?;
        match self.wait_for(|message| answers(message, id)).await? {
            ServerMessage::Answer { sdp, .. } => Ok(sdp),
            other => bail!("an offer was answered with {other:?}"),
        }
    }

    /// Asks the room for something and waits until it is durable.
    ///
    /// # Errors
    /// Where the room refuses it ([`Refused`]).
    pub async fn command(&mut self, command: Command) -> Result<()> {
        let id = self.new_id();
        self.send(&ClientMessage::Command { id, command }).await?;
        self.wait_for(|message| answers(message, id)).await.map(|_| ())
    }

    /// The next message that fits, 15 s at most; what else arrives is kept for later calls.
    ///
    /// # Errors
    /// Where the server refuses a request ([`Refused`]), says goodbye, closes, or nothing that fits comes in time.
    pub async fn wait_for(&mut self, fits: impl Fn(&ServerMessage) -> bool) -> Result<ServerMessage> {
        if let Some(at) = self.unread.iter().position(&fits)
            && let Some(message) = self.unread.remove(at)
        {
            return refusals(message);
        }
        let deadline = Instant::now() + ANSWER_TIMEOUT;
        loop {
            let message = timeout_at(deadline, self.read()).await.context("the server did not answer in time")??;
            if fits(&message) || matches!(message, ServerMessage::Error { .. } | ServerMessage::Bye { .. }) {
                return refusals(message);
            }
            if self.unread.len() >= UNREAD_MAX {
                self.unread.pop_front();
            }
            self.unread.push_back(message);
        }
    }

    /// The next message, whatever it is, without a bound in time; heartbeats go out meanwhile.
    ///
    /// # Errors
    /// Where the connection ends.
    pub async fn next(&mut self) -> Result<ServerMessage> {
        match self.unread.pop_front() {
            Some(message) => Ok(message),
            None => self.read().await,
        }
    }

    /// Reads on without looking at what is said, and sends heartbeats, until the connection ends.
    ///
    /// # Errors
    /// Why it ended.
    pub async fn drain(&mut self) -> Result<()> {
        self.unread = VecDeque::new();
        loop {
            tokio::select! {
                _ = self.heartbeat.tick() => {
                    let at = self.opened_at.elapsed().as_secs_f64() * 1_000.0;
                    self.send(&ClientMessage::Ping { at }).await?;
                }
                received = self.socket.next() => match received {
                    None | Some(Ok(Message::Close(_))) => bail!("the server closed the connection"),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error).context("the connection broke"),
                }
            }
        }
    }

    async fn read(&mut self) -> Result<ServerMessage> {
        loop {
            let received = tokio::select! {
                _ = self.heartbeat.tick() => None,
                received = self.socket.next() => Some(received.context("the server closed the connection")?),
            };
            match received {
                None => {
                    let at = self.opened_at.elapsed().as_secs_f64() * 1_000.0;
                    self.send(&ClientMessage::Ping { at }).await?;
                }
                Some(Ok(Message::Text(text))) => {
                    let message: ServerMessage = serde_json::from_str(&text)
                        .with_context(|| format!("the server said what the protocol does not know: {text}"))?;
                    if !matches!(message, ServerMessage::Pong { .. }) {
                        return Ok(message);
                    }
                }
                Some(Ok(Message::Close(frame))) => bail!("the server closed the connection: {frame:?}"),
                Some(Ok(_)) => {}
                Some(Err(tungstenite::Error::ConnectionClosed)) => bail!("the connection is closed"),
                Some(Err(error)) => return Err(error).context("the connection broke"),
            }
        }
    }

    fn new_id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }
}

fn answers(message: &ServerMessage, to: u32) -> bool {
    match message {
        ServerMessage::Ok { id } | ServerMessage::Answer { id, .. } => *id == to,
        ServerMessage::Error { id, .. } => *id == Some(to),
        _ => false,
    }
}

fn refusals(message: ServerMessage) -> Result<ServerMessage> {
    match message {
        ServerMessage::Error { code, message, .. } => Err(Refused { code, message }.into()),
        ServerMessage::Bye { reason } => bail!("the server said goodbye: {reason:?}"),
        other => Ok(other),
    }
}
