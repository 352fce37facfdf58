//! Passive ICE-TCP (RFC 6544): the same port number as UDP, for networks that let no UDP through. Datagrams travel
//! with a length before each (RFC 4571).

use super::udp::{bind, canonical};
use crate::peer::{Path, Transport};
use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use slab::Slab;
use socket2::{Protocol, Type};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The most connections of one shard.
const CONNECTIONS_MAX: usize = 1_024;
/// The largest frame that is read; a media datagram is never larger.
const FRAME_BYTES_MAX: usize = 2_048;
/// What may wait for a slow receiver, in bytes: about a second of the lowest encodings. What comes over is dropped, as
/// a full queue in a router would.
const SEND_BYTES_MAX: usize = 256 * 1024;
/// How long a connection may stay without a check that proves it a peer's.
const UNPROVEN: Duration = Duration::from_secs(10);
const BACKLOG: i32 = 128;
/// How many reads one connection gets before the others have their turn.
const READS_MAX: usize = 16;

pub(super) struct Tcp {
    listener: TcpListener,
    connections: Slab<Connection>,
    by_remote: HashMap<SocketAddr, usize>,
    /// Connections that had more to read than one turn gives: readiness is told once, so they are remembered.
    unfinished: Vec<usize>,
    first_token: usize,
}

struct Connection {
    stream: TcpStream,
    remote: SocketAddr,
    opened_at: Instant,
    received: Vec<u8>,
    waiting: Vec<u8>,
}

impl Tcp {
    /// Listens; connections get tokens from `first_token` up.
    pub fn listen(listen: SocketAddr, first_token: usize) -> io::Result<Self> {
        let (socket, _) = bind(listen, Type::STREAM, Protocol::TCP)?;
        socket.listen(BACKLOG)?;
        let listener = TcpListener::from_std(socket.into());
        Ok(Self { listener, connections: Slab::new(), by_remote: HashMap::new(), unfinished: Vec::new(), first_token })
    }

    pub fn listener(&mut self) -> &mut TcpListener {
        &mut self.listener
    }

    /// Accepts what waits.
    pub fn accept(&mut self, now: Instant, registry: &Registry) {
        while let Ok((mut stream, remote)) = self.listener.accept() {
            if self.connections.len() >= CONNECTIONS_MAX {
                continue;
            }
            let _ = stream.set_nodelay(true);
            let remote = canonical(remote);
            let place = self.connections.vacant_entry();
            let token = Token(self.first_token + place.key());
            if registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE).is_err() {
                continue;
            }
            self.by_remote.insert(remote, place.key());
            place.insert(Connection { stream, remote, opened_at: now, received: Vec::new(), waiting: Vec::new() });
        }
    }

    /// A connection is ready: it has its turn at the next [`Self::read`].
    pub fn ready(&mut self, token: Token) {
        if let Some(key) = token.0.checked_sub(self.first_token)
            && !self.unfinished.contains(&key)
        {
            self.unfinished.push(key);
        }
    }

    /// Whether connections wait for their turn.
    pub fn has_unfinished(&self) -> bool {
        !self.unfinished.is_empty()
    }

    /// Reads and writes what connections are ready for; hands each datagram over. Returns the paths that closed.
    pub fn read(&mut self, mut take: impl FnMut(Path, &mut [u8])) -> Vec<Path> {
        let mut closed = Vec::new();
        for key in std::mem::take(&mut self.unfinished) {
            let Some(connection) = self.connections.get_mut(key) else { continue };
            let path = connection.path();
            match connection.flush().and_then(|()| connection.read(|frame| take(path, frame))) {
                Ok(true) => self.unfinished.push(key),
                Ok(false) => {}
                Err(_) => closed.extend(self.close(key)),
            }
        }
        closed
    }

    /// Queues a datagram; the result is whether it had place.
    pub fn send(&mut self, path: Path, datagram: &[u8]) -> bool {
        let Some(connection) = self.by_remote.get(&path.remote).and_then(|key| self.connections.get_mut(*key)) else {
            return false;
        };
        let Ok(length) = u16::try_from(datagram.len()) else { return false };
        if connection.waiting.len() + datagram.len() + 2 > SEND_BYTES_MAX {
            return false;
        }
        connection.waiting.extend(length.to_be_bytes());
        connection.waiting.extend(datagram);
        // A failed write is seen as readiness, and ends the connection there.
        let _ = connection.flush();
        true
    }

    /// What waits for slow receivers.
    pub fn bytes_waiting(&self) -> u64 {
        self.connections.iter().map(|(_, connection)| connection.waiting.len() as u64).sum()
    }

    /// Closes connections that have proven nothing; returns their paths.
    pub fn close_unproven(&mut self, now: Instant, is_proven: impl Fn(Path) -> bool) -> Vec<Path> {
        let unproven: Vec<usize> = self
            .connections
            .iter()
            .filter(|(_, connection)| now.saturating_duration_since(connection.opened_at) > UNPROVEN)
            .filter(|(_, connection)| !is_proven(connection.path()))
            .map(|(key, _)| key)
            .collect();
        unproven.into_iter().filter_map(|key| self.close(key)).collect()
    }

    fn close(&mut self, key: usize) -> Option<Path> {
        let connection = self.connections.try_remove(key)?;
        if self.by_remote.get(&connection.remote) == Some(&key) {
            self.by_remote.remove(&connection.remote);
        }
        Some(connection.path())
    }
}

impl Connection {
    fn path(&self) -> Path {
        Path { transport: Transport::Tcp, remote: self.remote, local: None }
    }

    fn flush(&mut self) -> io::Result<()> {
        while !self.waiting.is_empty() {
            match self.stream.write(&self.waiting) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => drop(self.waiting.drain(..written.min(self.waiting.len()))),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// `true` where more may wait.
    fn read(&mut self, mut take: impl FnMut(&mut [u8])) -> io::Result<bool> {
        let mut buffer = [0; 8 * 1024];
        for _ in 0..READS_MAX {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(length) => {
                    self.received.extend_from_slice(buffer.get(..length).unwrap_or_default());
                    self.take_frames(&mut take)?;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn take_frames(&mut self, take: &mut impl FnMut(&mut [u8])) -> io::Result<()> {
        let mut start = 0;
        while let Some(header) = self.received.get(start..start + 2) {
            let length = header.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
            if length > FRAME_BYTES_MAX {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let Some(frame) = self.received.get_mut(start + 2..start + 2 + length) else { break };
            take(frame);
            start += 2 + length;
        }
        self.received.drain(..start);
        Ok(())
    }
}
