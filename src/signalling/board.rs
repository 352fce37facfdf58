//! One reader's connection to the committees' board.
//!
//! The session that opened it is read again every minute: who signed out, or no longer oversees what they did, is told
//! nothing more.

use super::handshake::OpenSocket;
use super::limits::{BAD_MESSAGES, Bucket, CHOICES, SIGNS};
use super::{CLOSE_WITHIN, Signalling};
use crate::board::{Reader, View};
use crate::protocol::{BOARD_MESSAGE_BYTES_MAX, BoardMessage, BoardRequest, ByeReason, HEARTBEAT_TIMEOUT_MS};
use bytes::Bytes;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

/// How many boards are read at once; the next is refused.
pub const READERS_MAX: usize = 2_000;

/// How often the session is read again.
const SESSION_READ_EVERY: Duration = Duration::from_secs(60);

/// How long a reader may take over what is sent at once: the whole board of a country is some 400 kB.
const WRITE_WITHIN: Duration = Duration::from_secs(30);

/// RFC 6455 §7.4.1: a message too big to process.
const MESSAGE_TOO_BIG: u16 = 1009;

const HEARTBEAT_TIMEOUT: Duration = Duration::from_millis(HEARTBEAT_TIMEOUT_MS);

/// How a connection came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Bye(ByeReason),
    TooBig,
    Dropped,
}

/// What came in.
enum Incoming {
    Text(Utf8Bytes),
    /// A sign of life without content.
    Nothing,
}

struct Connection<'a> {
    signalling: &'a Signalling,
    socket: OpenSocket,
    reader: Reader,
    view: View,
    /// The session's secret.
    session: String,
    choices: Bucket,
    signs: Bucket,
    bad_messages: Bucket,
}

/// Serves a reader to their end, and says how it ended.
pub async fn serve(signalling: &Signalling, socket: OpenSocket, session: String, view: View) -> &'static str {
    let now = Instant::now();
    let mut connection = Connection {
        signalling,
        socket,
        reader: signalling.board.reader(view),
        view,
        session,
        choices: Bucket::new(CHOICES, now),
        signs: Bucket::new(SIGNS, now),
        bad_messages: Bucket::new(BAD_MESSAGES, now),
    };
    let Err(ending) = connection.carry().await;
    connection.close(ending).await;
    match ending {
        Ending::Bye(reason) => reason.word(),
        Ending::TooBig => "too_big",
        Ending::Dropped => "dropped",
    }
}

impl Connection<'_> {
    async fn carry(&mut self) -> Result<std::convert::Infallible, Ending> {
        let mut heard = Instant::now();
        let mut checked_at = self.signalling.clock.now();
        self.tell().await?;
        loop {
            tokio::select! {
                goes_on = self.reader.beat() => {
                    if !goes_on {
                        return Err(Ending::Bye(ByeReason::ServerStopping));
                    }
                    let now = self.signalling.clock.now();
                    if now.since(checked_at) >= SESSION_READ_EVERY {
                        checked_at = now;
                        self.check().await?;
                    }
                    self.tell().await?;
                }
                incoming = self.socket.recv() => {
                    heard = Instant::now();
                    if let Incoming::Text(text) = understood(incoming)? {
                        self.act(&text).await?;
                    }
                }
                () = sleep_until(heard + HEARTBEAT_TIMEOUT) => {
                    // While a message was being sent nothing was read: what waits to be read is a sign of life.
                    let waiting = timeout(Duration::ZERO, self.socket.recv()).await;
                    let waiting = waiting.map_err(|_| Ending::Bye(ByeReason::Silent))?;
                    heard = Instant::now();
                    if let Incoming::Text(text) = understood(waiting)? {
                        self.act(&text).await?;
                    }
                }
            }
        }
    }

    /// Tells the reader what they have not seen.
    async fn tell(&mut self) -> Result<(), Ending> {
        let messages = self.reader.messages();
        self.send(&messages).await
    }

    async fn act(&mut self, text: &str) -> Result<(), Ending> {
        let now = Instant::now();
        if text.len() > BOARD_MESSAGE_BYTES_MAX {
            return Err(Ending::TooBig);
        }
        match serde_json::from_str(text) {
            Ok(BoardRequest::Look { institution, lesson }) if self.choices.take(now) => {
                if let Err(error) = self.reader.look(institution, lesson).await {
                    tracing::error!(%error, "a look at a lesson with names can't be noted: it is not shown");
                }
                self.tell().await
            }
            Ok(BoardRequest::Ping {}) if self.signs.take(now) => {
                let pong = self.reader.pong();
                self.send(&[pong]).await
            }
            // One that asks too often, or what is no request.
            _ if self.bad_messages.take(now) => Ok(()),
            _ => Err(Ending::Bye(ByeReason::Protocol)),
        }
    }

    /// Whether the session still sees what it saw.
    async fn check(&mut self) -> Result<(), Ending> {
        match self.signalling.auth.member(&self.session).await {
            Ok(member) if member.as_ref().and_then(View::of) == Some(self.view) => Ok(()),
            Ok(_) => Err(Ending::Bye(ByeReason::Removed)),
            // The store does not answer: the next look asks again.
            Err(error) => {
                tracing::warn!(error = error.code.word(), "the session of a board's reader can't be read");
                Ok(())
            }
        }
    }

    async fn send(&mut self, messages: &[BoardMessage]) -> Result<(), Ending> {
        if messages.is_empty() {
            return Ok(());
        }
        let write = async {
            for message in messages {
                self.socket.feed(Bytes::from(serde_json::to_vec(message).unwrap_or_default())).await?;
            }
            self.socket.flush().await
        };
        match timeout(WRITE_WITHIN, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Ending::Dropped),
            Err(_) => Err(Ending::Bye(ByeReason::TooSlow)),
        }
    }

    async fn close(mut self, ending: Ending) {
        let frame = match ending {
            Ending::Dropped => return,
            Ending::TooBig => CloseFrame {
                code: MESSAGE_TOO_BIG.into(),
                reason: Utf8Bytes::from(format!("a message has at most {BOARD_MESSAGE_BYTES_MAX} bytes")),
            },
            Ending::Bye(reason) => {
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

fn understood(incoming: Option<Result<Message, Error>>) -> Result<Incoming, Ending> {
    match incoming {
        Some(Err(Error::Capacity(_))) => Err(Ending::TooBig),
        None | Some(Err(_)) | Some(Ok(Message::Close(_))) => Err(Ending::Dropped),
        Some(Ok(Message::Text(text))) => Ok(Incoming::Text(text)),
        // Not JSON, whatever is in it.
        Some(Ok(Message::Binary(_))) => Ok(Incoming::Text(Utf8Bytes::default())),
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(Incoming::Nothing),
    }
}
