//! The bound on HTTP and WebSocket connections.

use axum_server::accept::Accept;
use std::future::{Ready, ready};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many connections are open at once; a further one is closed at once. Each costs a file descriptor, and media and
/// the database need some too.
pub const CONNECTIONS_MAX: usize = 15_000;

/// The descriptors to ask the system for; it grants at most its own hard limit.
const DESCRIPTORS_WANTED: u64 = 20_000;

const _: () = assert!((CONNECTIONS_MAX as u64) < DESCRIPTORS_WANTED);

/// Lets so many connections in, each for as long as it is open.
#[derive(Clone)]
pub struct Gate {
    free: Arc<Semaphore>,
}

impl Gate {
    pub fn new(connections: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(connections)) }
    }
}

impl<S> Accept<TcpStream, S> for Gate {
    type Stream = Admitted;
    type Service = S;
    type Future = Ready<io::Result<(Admitted, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() else {
            tracing::warn!("a connection was closed: as many are open as may be");
            return ready(Err(io::Error::other("too many connections")));
        };
        // Signalling messages are small and must not wait for one another (Nagle).
        let opened = stream.set_nodelay(true);
        ready(opened.map(|()| (Admitted { stream, _permit: permit }, service)))
    }
}

/// A connection with its place.
pub struct Admitted {
    stream: TcpStream,
    _permit: OwnedSemaphorePermit,
}

impl AsyncRead for Admitted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Admitted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Takes as many file descriptors as the system grants: shells and services usually start with 1,024.
pub fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(DESCRIPTORS_WANTED, |maximum| maximum.min(DESCRIPTORS_WANTED));
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit of open files stays low");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_place_is_free_again_when_its_connection_is_gone() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let gate = Gate::new(1);
        let come = async || {
            let _client = TcpStream::connect(address).await.expect("connected");
            let (stream, _) = listener.accept().await.expect("accepted");
            gate.accept(stream, ()).into_inner()
        };
        let first = come().await.expect("there is room");
        assert!(come().await.is_err());
        drop(first);
        come().await.expect("there is room again");
    }

    #[test]
    fn the_limit_of_open_files_is_raised() {
        use rustix::process::{Resource, getrlimit};
        raise_descriptor_limit();
        let limit = getrlimit(Resource::Nofile);
        let wanted = limit.maximum.map_or(DESCRIPTORS_WANTED, |maximum| maximum.min(DESCRIPTORS_WANTED));
        assert!(limit.current.is_none_or(|current| current >= wanted), "{limit:?}");
    }
}
