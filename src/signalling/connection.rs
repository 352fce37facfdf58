use super::handshake::OpenSocket;
use super::limits::Limits;
use super::{CLOSE_WITHIN, HELLO_WITHIN, Signalling, WRITE_WITHIN};
use crate::auth::Refusal;
use crate::ids::EventSeq;
use crate::protocol::{
    ByeReason, CLIENT_MESSAGE_BYTES_MAX, ClientMessage, ErrorCode, HEARTBEAT_TIMEOUT_MS, PROTOCOL_VERSION,
    ServerMessage,
};
use crate::rooms::{Outbox, Seat};
use crate::time::Timestamp;
use bytes::Bytes;
use std::io::ErrorKind;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tracing::Instrument;

const HEARTBEAT_TIMEOUT: Duration = Duration::from_millis(HEARTBEAT_TIMEOUT_MS);

/// RFC 6455 §7.4.1: a message too big to process.
const MESSAGE_TOO_BIG: u16 = 1009;

/// How many messages go out before the connection reads again; those that wait beyond it come next.
const DELIVERED_AT_ONCE_MAX: usize = 256;

/// How a connection came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// The server closes, and says why.
    Bye(ByeReason),
    /// A message was larger than the protocol allows.
    TooBig,
    /// The client closed, or the network did.
    Dropped,
}

impl Ending {
    fn word(self) -> &'static str {
        match self {
            Self::Bye(reason) => reason.word(),
            Self::TooBig => "too_big",
            Self::Dropped => "dropped",
        }
    }
}

/// What came in.
enum Incoming {
    Text(Utf8Bytes),
    /// A sign of life without content.
    Nothing,
    Ended(Ending),
}

/// Serves one connection from its hello to its end, and says how it ended.
pub async fn serve(signalling: &Signalling, socket: OpenSocket) -> &'static str {
    let heard = Heard { at: signalling.clock.now(), instant: Instant::now() };
    let limits = Limits::new(heard.instant);
    let mut connection = Connection { signalling, socket, heard, limits };
    let ending = match connection.begin().await {
        Ok((seat, outbox)) => connection.take_part(seat, outbox).await,
        Err(ending) => ending,
    };
    connection.close(ending).await;
    ending.word()
}

/// The client's last sign of life, by both clocks.
#[derive(Clone, Copy)]
struct Heard {
    at: Timestamp,
    instant: Instant,
}

struct Connection<'a> {
    signalling: &'a Signalling,
    socket: OpenSocket,
    heard: Heard,
    limits: Limits,
}

impl Connection<'_> {
    /// Reads `hello`, takes its ticket and joins the room.
    async fn begin(&mut self) -> Result<(Seat, Outbox), Ending> {
        let deadline = Instant::now() + HELLO_WITHIN;
        let text = loop {
            match timeout_at(deadline, self.receive()).await {
                Err(_) => return Err(Ending::Bye(ByeReason::Silent)),
                Ok(Incoming::Nothing) => {}
                Ok(Incoming::Ended(ending)) => return Err(ending),
                Ok(Incoming::Text(text)) => break text,
            }
        };
        let Ok(ClientMessage::Hello { protocol, ticket, resume }) = serde_json::from_str(&text) else {
            self.signalling.insight.websocket_message("bad");
            return Err(self.refuse(ErrorCode::BadMessage, "Say hello first.").await);
        };
        self.signalling.insight.websocket_message("hello");
        if protocol != PROTOCOL_VERSION {
            let detail = format!("This server speaks version {PROTOCOL_VERSION}; reload the page.");
            return Err(self.refuse(ErrorCode::UnsupportedProtocol, &detail).await);
        }
        match enter(self.signalling, &ticket, resume.map(|resume| resume.after)).await {
            Ok(entered) => Ok(entered),
            Err(refusal) => Err(self.refuse(refusal.code, &refusal.detail).await),
        }
    }

    /// Carries messages both ways until either side ends it.
    async fn take_part(&mut self, seat: Seat, mut outbox: Outbox) -> Ending {
        let ending = self.carry(&seat, &mut outbox).await;
        // Before the outbox goes, so that the room hears of the last sign of life and not of a mere absence. Where
        // the room ended the connection itself, this is one that it no longer knows.
        let _ = seat.lost(self.heard.at).await;
        ending
    }

    async fn carry(&mut self, seat: &Seat, outbox: &mut Outbox) -> Ending {
        loop {
            seat.heard(self.heard.at);
            let silent_at = self.heard.instant + HEARTBEAT_TIMEOUT;
            let incoming = tokio::select! {
                message = outbox.next() => match message {
                    Some(message) => match self.deliver(message, outbox).await {
                        Ok(()) => continue,
                        Err(ending) => return ending,
                    },
                    None => return Ending::Bye(outbox.reason().unwrap_or(ByeReason::ServerStopping)),
                },
                incoming = self.receive() => incoming,
                () = sleep_until(silent_at) => {
                    // While a message was being sent nothing was read: what waits to be read is a sign of life.
                    match timeout(Duration::ZERO, self.receive()).await {
                        Ok(incoming) => incoming,
                        Err(_) => return Ending::Bye(ByeReason::Silent),
                    }
                }
            };
            let result = match incoming {
                Incoming::Nothing => continue,
                Incoming::Ended(ending) => return ending,
                Incoming::Text(text) => self.act(seat, &text, outbox).await,
            };
            if let Err(ending) = result {
                return ending;
            }
        }
    }

    async fn act(&mut self, seat: &Seat, text: &str, outbox: &mut Outbox) -> Result<(), Ending> {
        let now = Instant::now();
        let Ok(message) = serde_json::from_str::<ClientMessage>(text) else {
            self.signalling.insight.websocket_message("bad");
            return self.bear_bad_message("This is not a message of the protocol.", outbox).await;
        };
        self.signalling.insight.websocket_message(message.kind());
        if !self.limits.allow(&message, now) {
            let id = match &message {
                ClientMessage::Command { id, .. } | ClientMessage::Offer { id, .. } => Some(*id),
                _ => None,
            };
            self.complain(id, ErrorCode::RateLimited, "Too many requests; wait before the next.", outbox).await?;
            return if self.limits.bear_excess(now) { Ok(()) } else { Err(Ending::Bye(ByeReason::Protocol)) };
        }
        let asked = match message {
            ClientMessage::Hello { .. } => return self.bear_bad_message("Say hello only once.", outbox).await,
            ClientMessage::Ping { at } => return self.deliver(encode(&ServerMessage::Pong { at }), outbox).await,
            ClientMessage::Command { id, command } => seat.command(id, command).await,
            ClientMessage::Offer { id, sdp, sources } => seat.offer(id, sdp, sources).await,
            ClientMessage::Watch { slots } => seat.watch(slots).await,
            ClientMessage::Receive { quality } => seat.receive(quality).await,
            ClientMessage::Quality { summary } => seat.summarize(summary).await,
            ClientMessage::Leave {} => seat.leave().await,
        };
        // A room that is gone has closed the outbox, which says why.
        asked.or(Ok(()))
    }

    async fn bear_bad_message(&mut self, detail: &str, outbox: &mut Outbox) -> Result<(), Ending> {
        self.complain(None, ErrorCode::BadMessage, detail, outbox).await?;
        if self.limits.bear_bad_message(Instant::now()) { Ok(()) } else { Err(Ending::Bye(ByeReason::Protocol)) }
    }

    async fn complain(
        &mut self,
        id: Option<u32>,
        code: ErrorCode,
        detail: &str,
        outbox: &mut Outbox,
    ) -> Result<(), Ending> {
        self.signalling.insight.websocket_refusal(code.word());
        self.deliver(encode(&ServerMessage::Error { id, code, message: detail.to_owned() }), outbox).await
    }

    /// Refuses a client that is not in the room: the error, then the end.
    async fn refuse(&mut self, code: ErrorCode, detail: &str) -> Ending {
        self.signalling.insight.websocket_refusal(code.word());
        let error = encode(&ServerMessage::Error { id: None, code, message: detail.to_owned() });
        let _ = timeout(CLOSE_WITHIN, self.socket.send(error)).await;
        Ending::Bye(match code {
            ErrorCode::Removed => ByeReason::Removed,
            ErrorCode::LessonEnded => ByeReason::LessonEnded,
            _ => ByeReason::Protocol,
        })
    }

    /// Sends a message and what waits behind it, with one flush; unless the client does not read.
    async fn deliver(&mut self, message: Bytes, outbox: &mut Outbox) -> Result<(), Ending> {
        let mut messages = vec![message];
        while messages.len() < DELIVERED_AT_ONCE_MAX
            && let Some(message) = outbox.next_ready()
        {
            messages.push(message);
        }
        let write = async {
            for message in messages {
                in_time(self.socket.feed(message)).await?;
            }
            in_time(self.socket.flush()).await
        };
        tokio::select! {
            written = write => written,
            () = outbox.cut() => Err(Ending::Bye(ByeReason::TooSlow)),
        }
    }

    async fn receive(&mut self) -> Incoming {
        let incoming = match self.socket.recv().await {
            None | Some(Ok(Message::Close(_))) => Incoming::Ended(Ending::Dropped),
            Some(Err(Error::Capacity(_))) => Incoming::Ended(Ending::TooBig),
            // What this machine gave up is no sign of the other.
            Some(Err(Error::Io(error))) if is_ours(error.kind()) => return Incoming::Ended(Ending::Dropped),
            Some(Err(_)) => Incoming::Ended(Ending::Dropped),
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            // Not JSON, whatever is in it.
            Some(Ok(Message::Binary(_))) => Incoming::Text(Utf8Bytes::default()),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Incoming::Nothing,
        };
        // The end of a connection is a sign too: a tab that is killed, its machine closes at once.
        self.heard = Heard { at: self.signalling.clock.now(), instant: Instant::now() };
        incoming
    }

    /// The last words, and a moment for the client to close in turn.
    async fn close(mut self, ending: Ending) {
        let frame = match ending {
            Ending::Dropped => return,
            Ending::TooBig => {
                let reason = Utf8Bytes::from(format!("a message has at most {CLIENT_MESSAGE_BYTES_MAX} bytes"));
                CloseFrame { code: MESSAGE_TOO_BIG.into(), reason }
            }
            Ending::Bye(reason) => {
                let bye = encode(&ServerMessage::Bye { reason });
                let _ = timeout(CLOSE_WITHIN, self.socket.send(bye)).await;
                CloseFrame { code: reason.close_code().into(), reason: Utf8Bytes::from_static(reason.word()) }
            }
        };
        let last = async {
            if self.socket.close(frame).await.is_ok() {
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        let _ = timeout(CLOSE_WITHIN, last).await;
    }
}

async fn enter(signalling: &Signalling, ticket: &str, resume: Option<EventSeq>) -> Result<(Seat, Outbox), Refusal> {
    let admission = signalling.auth.redeem_ticket(ticket).await?;
    let hello = signalling.insight.join_said_hello(admission.participant);
    signalling.rooms.join(&admission, resume).instrument(hello).await
}

/// Whether it is the own machine that ended a connection, because nothing came any more.
fn is_ours(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable)
}

fn encode(message: &ServerMessage) -> Bytes {
    Bytes::from(serde_json::to_vec(message).unwrap_or_default())
}

/// What the client takes no part of within [`WRITE_WITHIN`] is too much for it.
async fn in_time(write: impl Future<Output = Result<(), Error>>) -> Result<(), Ending> {
    match timeout(WRITE_WITHIN, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Ending::Dropped),
        Err(_) => Err(Ending::Bye(ByeReason::TooSlow)),
    }
}
