//! Datagrams in and out in batches.

use super::batch::{Batch, Message};
use crate::peer::{Path, Transport};
use crate::shard::Outgoing;
use mio::net::UdpSocket;
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSockRef, UdpSocketState};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The largest run of datagrams that the kernel hands over as one (GRO), in bytes.
const RECEIVE_BYTES: usize = 64 * 1024;
/// What the kernel may hold for us each way, in bytes: a second of 16 Mbit/s. It grants less where `net.core` says so.
const KERNEL_BUFFER_BYTES: usize = 2 * 1024 * 1024;

/// One shard's UDP socket.
pub(super) struct Udp {
    socket: UdpSocket,
    state: UdpSocketState,
    address: SocketAddr,
    /// The socket speaks IPv6 and carries IPv4 as mapped addresses.
    dual_stack: bool,
    buffers: Box<[[u8; RECEIVE_BYTES]; BATCH_SIZE]>,
    meta: [RecvMeta; BATCH_SIZE],
    batch: Batch,
    /// What is being sent; kept for its allocation.
    messages: Vec<Message>,
}

impl Udp {
    /// Opens a socket; an unspecified address means IPv4 and IPv6 both, where the machine has IPv6.
    pub fn bind(listen: SocketAddr) -> io::Result<Self> {
        let (socket, dual_stack) = bind(listen, Type::DGRAM, Protocol::UDP)?;
        let _ = socket.set_recv_buffer_size(KERNEL_BUFFER_BYTES);
        let _ = socket.set_send_buffer_size(KERNEL_BUFFER_BYTES);
        let socket: std::net::UdpSocket = socket.into();
        let address = socket.local_addr()?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        Ok(Self {
            socket: UdpSocket::from_std(socket),
            state,
            address,
            dual_stack,
            buffers: receive_buffers()?,
            meta: [RecvMeta::default(); BATCH_SIZE],
            batch: Batch::new(),
            messages: Vec::new(),
        })
    }

    pub fn socket(&mut self) -> &mut UdpSocket {
        &mut self.socket
    }

    pub fn local_address(&self) -> SocketAddr {
        self.address
    }

    /// Receives one batch and hands each datagram over. `false` where nothing waits any more: then readiness is told
    /// again when something comes.
    pub fn receive(&mut self, mut take: impl FnMut(Path, &mut [u8])) -> io::Result<bool> {
        let mut slices = self.buffers.each_mut().map(|buffer| IoSliceMut::new(buffer));
        let received = match self.state.recv(UdpSockRef::from(&self.socket), &mut slices, &mut self.meta) {
            Ok(received) => received,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            // What an earlier datagram to a port that closed came to (ICMP), or a signal: nothing is wrong with ours.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused | io::ErrorKind::Interrupted
                ) =>
            {
                return Ok(true);
            }
            Err(error) => return Err(error),
        };
        for (buffer, meta) in self.buffers.iter_mut().zip(&self.meta).take(received) {
            let path = Path { transport: Transport::Udp, remote: canonical(meta.addr), local: meta.dst_ip };
            let run = buffer.get_mut(..meta.len).unwrap_or_default();
            for datagram in run.chunks_mut(meta.stride.max(1)) {
                take(path, datagram);
            }
        }
        // A batch that is not full took all there was: to ask once more for nothing would be half of an idle server's
        // calls.
        Ok(received == BATCH_SIZE)
    }

    /// Sends what is for UDP; the result is how many datagrams the kernel would not take.
    pub fn send(&mut self, outgoing: &Outgoing) -> u64 {
        let dual_stack = self.dual_stack;
        let own = outgoing.runs().iter().filter(|run| run.path.transport == Transport::Udp);
        self.messages.clear();
        self.messages.extend(own.map(|run| Message {
            to: if dual_stack { mapped(run.path.remote) } else { run.path.remote },
            from: run.path.local,
            range: run.range.clone(),
            segment: if run.datagrams > 1 { run.segment } else { 0 },
        }));
        self.batch.send(&self.socket, outgoing.bytes(), &self.messages).refused
    }
}

/// Made on the heap: they are larger than a thread's stack.
fn receive_buffers() -> io::Result<Box<[[u8; RECEIVE_BYTES]; BATCH_SIZE]>> {
    let buffers: Box<[[u8; RECEIVE_BYTES]]> = vec![[0; RECEIVE_BYTES]; BATCH_SIZE].into_boxed_slice();
    buffers.try_into().map_err(|_| io::ErrorKind::OutOfMemory.into())
}

/// Opens a socket of either kind; the second value says whether it is dual-stack.
pub(super) fn bind(listen: SocketAddr, kind: Type, protocol: Protocol) -> io::Result<(Socket, bool)> {
    if listen.ip().is_unspecified() {
        let everywhere = SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), listen.port());
        let dual = Socket::new(Domain::IPV6, kind, Some(protocol)).and_then(|socket| {
            socket.set_only_v6(false)?;
            prepare(&socket, everywhere, kind)?;
            Ok(socket)
        });
        match dual {
            Ok(socket) => return Ok((socket, true)),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            // No IPv6 on this machine.
            Err(_) => {}
        }
    }
    let socket = Socket::new(Domain::for_address(listen), kind, Some(protocol))?;
    prepare(&socket, listen, kind)?;
    Ok((socket, false))
}

fn prepare(socket: &Socket, address: SocketAddr, kind: Type) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    if kind == Type::STREAM {
        // A restart must not wait for the last class's connections to leave TIME_WAIT.
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())
}

/// An IPv4 address that came in mapped form, as itself.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn mapped(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(v4) => SocketAddr::new(IpAddr::V6(v4.to_ipv6_mapped()), address.port()),
        IpAddr::V6(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_answer_comes_from_the_address_that_was_asked() {
        for listen in ["0.0.0.0:0", "127.0.0.2:0"] {
            let mut udp = Udp::bind(listen.parse().expect("an address")).expect("a socket");
            let client = std::net::UdpSocket::bind("127.0.0.1:0").expect("a client");
            // Connected, it hears nobody but the address it asked.
            client.connect(("127.0.0.2", udp.local_address().port())).expect("connected");
            client.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
            client.send(b"question").expect("sent");
            let mut outgoing = Outgoing::default();
            while outgoing.is_empty() {
                udp.receive(|path, datagram| outgoing.push(path, datagram)).expect("received");
            }
            assert_eq!(udp.send(&outgoing), 0);
            let mut buffer = [0; 64];
            let length = client.recv(&mut buffer).unwrap_or_else(|error| panic!("listening on {listen}: {error}"));
            assert_eq!(&buffer[..length], b"question");
        }
    }

    #[test]
    fn a_batch_that_is_not_full_was_the_last() {
        let mut udp = Udp::bind("127.0.0.1:0".parse().expect("an address")).expect("a socket");
        let client = std::net::UdpSocket::bind("127.0.0.1:0").expect("a client");
        client.connect(udp.local_address()).expect("connected");
        for _ in 0..BATCH_SIZE + 3 {
            client.send(b"datagram").expect("sent");
        }
        let mut taken = 0;
        assert!(udp.receive(|_, _| taken += 1).expect("received"), "{taken}");
        assert_eq!(taken, BATCH_SIZE);
        assert!(!udp.receive(|_, _| taken += 1).expect("received"));
        assert_eq!(taken, BATCH_SIZE + 3);
        assert!(!udp.receive(|_, _| taken += 1).expect("nothing"));
    }
}
