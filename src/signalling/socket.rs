//! The WebSocket as a connection uses it: text out in bounded pieces and with one flush for many messages.

use crate::protocol::CLIENT_MESSAGE_BYTES_MAX;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// How much of a connection is read at once, in bytes. The buffer is held for as long as the connection is: most
/// messages are heartbeats, and the library's own 128 KiB would be the larger part of what a viewer costs in memory.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// How much is collected before it is written without a flush, in bytes.
const WRITE_BUFFER_BYTES: usize = 4 * 1024;

/// The largest frame, in bytes; a larger message goes out in several (RFC 6455 §5.4). The buffer to write from keeps
/// the size of the largest frame it ever held, and a `welcome` lists everybody: whole, it would cost each of 1,000
/// viewers 128 KiB for as long as they stay.
const FRAME_BYTES_MAX: usize = 4 * 1024;

/// One end of a WebSocket.
pub(super) struct Socket<S> {
    stream: WebSocketStream<S>,
    /// Set while the last frame of a message is still to come; no other message may begin then.
    is_amid_message: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// A socket whose handshake is done.
    pub async fn open(stream: S) -> Self {
        let config = WebSocketConfig::default()
            .max_message_size(Some(CLIENT_MESSAGE_BYTES_MAX))
            .max_frame_size(Some(CLIENT_MESSAGE_BYTES_MAX))
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES);
        let stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        Self { stream, is_amid_message: false }
    }

    /// Takes a message to send; [`Socket::flush`] sees to it that it goes out. Where the future is dropped the message
    /// may be half sent, and nothing but [`Socket::close`] may follow.
    pub async fn feed(&mut self, text: Bytes) -> Result<(), Error> {
        let mut rest = text;
        let mut opcode = OpCode::Data(Data::Text);
        loop {
            let piece = rest.split_to(rest.len().min(FRAME_BYTES_MAX));
            let is_last = rest.is_empty();
            self.is_amid_message = true;
            self.stream.feed(Message::Frame(Frame::message(piece, opcode, is_last))).await?;
            opcode = OpCode::Data(Data::Continue);
            if is_last {
                self.is_amid_message = false;
                return Ok(());
            }
        }
    }

    pub async fn flush(&mut self) -> Result<(), Error> {
        self.stream.flush().await
    }

    /// Sends one message, unless the one before is half sent: then it can't follow.
    pub async fn send(&mut self, text: Bytes) -> Result<(), Error> {
        if self.is_amid_message {
            return Ok(());
        }
        self.feed(text).await?;
        self.flush().await
    }

    /// What came in; nothing once the connection is over. Nothing is lost where the future is dropped.
    pub async fn recv(&mut self) -> Option<Result<Message, Error>> {
        self.stream.next().await
    }

    /// Begins the closing handshake.
    pub async fn close(&mut self, frame: CloseFrame) -> Result<(), Error> {
        self.stream.send(Message::Close(Some(frame))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::pin::Pin;
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll};
    use tokio::io::{DuplexStream, ReadBuf, duplex};

    /// A stream that notes how many bytes each write had.
    struct Noted {
        stream: DuplexStream,
        writes: Arc<Mutex<Vec<usize>>>,
    }

    impl AsyncRead for Noted {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.stream).poll_read(cx, into)
        }
    }

    impl AsyncWrite for Noted {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
            if let Poll::Ready(Ok(count)) = &written {
                self.writes.lock().expect("not poisoned").push(*count);
            }
            written
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.stream).poll_flush(cx)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.stream).poll_shutdown(cx)
        }
    }

    /// A socket, a client at its other end, and the sizes of the socket's writes.
    async fn pair() -> (Socket<Noted>, WebSocketStream<DuplexStream>, Arc<Mutex<Vec<usize>>>) {
        let (ours, theirs) = duplex(1 << 20);
        let writes = Arc::default();
        let socket = Socket::open(Noted { stream: ours, writes: Arc::clone(&writes) }).await;
        (socket, WebSocketStream::from_raw_socket(theirs, Role::Client, None).await, writes)
    }

    async fn heard(client: &mut WebSocketStream<DuplexStream>) -> Message {
        client.next().await.expect("open").expect("no fault")
    }

    #[tokio::test]
    async fn what_is_fed_together_is_written_once() {
        let (mut socket, mut client, writes) = pair().await;
        for number in 0..20 {
            socket.feed(format!("{{\"number\":{number}}}").into()).await.expect("fed");
        }
        assert_eq!(writes.lock().expect("not poisoned").len(), 0);
        socket.flush().await.expect("flushed");
        assert_eq!(writes.lock().expect("not poisoned").len(), 1);
        for number in 0..20 {
            assert_eq!(heard(&mut client).await, Message::text(format!("{{\"number\":{number}}}")));
        }
    }

    #[tokio::test]
    async fn a_large_message_needs_no_large_buffer() {
        let (mut socket, mut client, writes) = pair().await;
        // Two bytes each, from an odd place on: frames end within characters.
        let large = format!("x{}", "ق".repeat(60_000));
        socket.send(large.clone().into()).await.expect("sent");
        socket.send("{}".into()).await.expect("sent");
        let largest = writes.lock().expect("not poisoned").iter().copied().max();
        assert!(largest.is_some_and(|bytes| bytes <= 16 * 1024), "{largest:?}");
        assert_eq!(heard(&mut client).await, Message::text(large));
        assert_eq!(heard(&mut client).await, Message::text("{}"));
    }

    #[tokio::test]
    async fn after_half_a_message_only_the_close_follows() {
        let (ours, theirs) = duplex(1_024);
        let mut socket = Socket::open(ours).await;
        let mut client = WebSocketStream::from_raw_socket(theirs, Role::Client, None).await;
        let stuck = tokio::time::timeout(std::time::Duration::from_millis(20), socket.feed(vec![b'x'; 50_000].into()));
        assert!(stuck.await.is_err(), "nobody reads");
        let read = tokio::spawn(async move { heard(&mut client).await });
        socket.send("{\"type\":\"bye\"}".into()).await.expect("left out");
        let close = CloseFrame { code: 4005.into(), reason: "too_slow".into() };
        socket.close(close.clone()).await.expect("closed");
        assert_eq!(read.await.expect("read"), Message::Close(Some(close)));
    }
}
