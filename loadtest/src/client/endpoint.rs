//! One client as the driver has it: its socket, its transport, what it sends and receives.

use super::clock::{Epoch, Moment};
use super::driver::Plan;
use super::publisher::Publisher;
use super::tally::{Tally, Totals};
use super::transport::{Arrived, Identity, Transport};
use super::viewer::Viewer;
use super::wire::is_rtcp;
use anyhow::{Context, Result};
use bytes::BytesMut;
use mio::net::UdpSocket;
use quinn_udp::{RecvMeta, UdpSockRef, UdpSocketState};
use socket2::SockRef;
use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;

/// How many runs one system call receives at most, and the longest run, in bytes.
const BATCH: usize = 8;
const RUN_BYTES_MAX: usize = 64 * 1024;

/// What the kernel may hold for one client, in bytes: most of a second of 1.5 Mbit/s, as much as a browser asks for.
const KERNEL_BUFFER_BYTES: usize = 256 * 1024;

/// What all clients receive into, one after the other.
pub(super) struct Buffers {
    buffers: [Vec<u8>; BATCH],
    meta: [RecvMeta; BATCH],
}

impl Default for Buffers {
    fn default() -> Self {
        Self {
            buffers: std::array::from_fn(|_| vec![0; RUN_BYTES_MAX]),
            meta: std::array::from_fn(|_| RecvMeta::default()),
        }
    }
}

/// One client.
pub(super) struct Endpoint {
    pub socket: UdpSocket,
    state: UdpSocketState,
    pub address: SocketAddr,
    transport: Transport,
    viewer: Viewer,
    publisher: Publisher,
    /// Whether its loss counts.
    pub measured: bool,
    shows_pictures: bool,
    connected: Option<oneshot::Sender<Result<Instant>>>,
    first_packet: Option<oneshot::Sender<Instant>>,
    /// The time for which the driver has a timer.
    pub armed: Option<Instant>,
    out: Vec<BytesMut>,
}

impl Endpoint {
    /// Opens the socket on the interface that leads to the server.
    pub fn open(now: Instant, identity: Arc<Identity>, plan: Plan) -> Result<Self> {
        let server = plan.server;
        let socket = match plan.socket {
            Some(socket) => socket,
            None => socket_towards(server)?,
        };
        socket.set_nonblocking(true)?;
        let _ = SockRef::from(&socket).set_recv_buffer_size(KERNEL_BUFFER_BYTES);
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        let address = socket.local_addr()?;
        let transport = Transport::new(now, identity, plan.local, plan.answer.remote, server)?;
        Ok(Self {
            socket: UdpSocket::from_std(socket),
            state,
            address,
            transport,
            viewer: Viewer::new(now, plan.answer.repairs),
            publisher: Publisher::new(now, plan.sending),
            measured: plan.measured,
            shows_pictures: plan.shows_pictures,
            connected: Some(plan.connected),
            first_packet: Some(plan.first_packet),
            armed: None,
            out: Vec::new(),
        })
    }

    pub fn totals(&self) -> Totals {
        self.viewer.totals()
    }

    pub fn start(&mut self, now: Instant) {
        self.publisher.start(now);
    }

    pub fn stop(&mut self) {
        self.publisher.stop();
    }

    pub fn poll_timeout(&self) -> Instant {
        let mut next = self.transport.poll_timeout();
        if self.transport.is_connected() {
            next = next.min(self.viewer.poll_timeout());
            next = self.publisher.poll_timeout().map_or(next, |at| at.min(next));
        }
        next
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        let mut out = std::mem::take(&mut self.out);
        if let Err(error) = self.transport.handle_timeout(now.at, &mut out) {
            self.fail(error);
        }
        if self.transport.is_connected() {
            self.publisher.handle_timeout(now, &mut self.transport, &mut out);
            self.viewer.handle_timeout(now.at, &mut self.transport, &mut out);
        }
        self.send(out);
    }

    /// Receives until nothing waits.
    pub fn receive(&mut self, epoch: Epoch, buffers: &mut Buffers, tally: &mut Tally) {
        let mut out = std::mem::take(&mut self.out);
        let Buffers { buffers, meta } = buffers;
        loop {
            let mut slices = buffers.each_mut().map(|buffer| IoSliceMut::new(buffer));
            let received = match self.state.recv(UdpSockRef::from(&self.socket), &mut slices, meta) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // What an earlier datagram came to (ICMP), or a signal: nothing is wrong with this socket.
                Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::Interrupted) => {
                    continue;
                }
                Err(error) => {
                    self.fail(error.into());
                    break;
                }
            };
            let now = epoch.now();
            for (buffer, meta) in buffers.iter().zip(meta.iter()).take(received) {
                // What others send, such as a floor, is drained and not looked at.
                if meta.addr == self.transport.server() {
                    self.handle_run(now, buffer.get(..meta.len).unwrap_or_default(), meta.stride, tally, &mut out);
                }
            }
            // Fewer than fit: nothing waits, and the next arrival wakes the driver.
            if received < BATCH {
                break;
            }
        }
        self.send(out);
    }

    fn handle_run(&mut self, now: Moment, run: &[u8], stride: usize, tally: &mut Tally, out: &mut Vec<BytesMut>) {
        let stride = stride.max(1);
        let mut carries_media = false;
        for datagram in run.chunks(stride) {
            match self.transport.handle_datagram(now.at, datagram, out) {
                Ok(Arrived::Nothing) => {}
                Ok(Arrived::Connected) => {
                    if let Some(connected) = self.connected.take() {
                        let _ = connected.send(Ok(now.at));
                    }
                }
                Ok(Arrived::Media(packet)) if is_rtcp(packet) => self.handle_rtcp(now, packet, tally, out),
                Ok(Arrived::Media(packet)) => {
                    carries_media = true;
                    self.viewer.handle_rtp(now, packet, &mut self.transport, tally);
                }
                Err(error) => self.fail(error),
            }
        }
        if carries_media {
            tally.note_run(run.len(), stride);
            self.tell_first_packet();
        }
    }

    fn handle_rtcp(&mut self, now: Moment, packet: &[u8], tally: &mut Tally, out: &mut Vec<BytesMut>) {
        let Some(compound) = self.transport.open_rtcp(packet) else {
            tally.unopened += 1;
            return;
        };
        self.viewer.handle_rtcp(now.at, &compound);
        tally.keyframe_requests += self.publisher.handle_rtcp(now, &compound, &mut self.transport, out);
    }

    fn tell_first_packet(&mut self) {
        let first = if self.shows_pictures { self.viewer.first_video_at } else { self.viewer.first_audio_at };
        if let (Some(at), Some(_)) = (first, &self.first_packet)
            && let Some(first_packet) = self.first_packet.take()
        {
            let _ = first_packet.send(at);
        }
    }

    fn fail(&mut self, error: anyhow::Error) {
        if let Some(connected) = self.connected.take() {
            let _ = connected.send(Err(error));
        }
    }

    /// Sends, one system call each, as a browser does. What the kernel does not take is lost, as on a network.
    fn send(&mut self, mut out: Vec<BytesMut>) {
        for datagram in out.drain(..) {
            let _ = self.socket.send_to(&datagram, self.transport.server());
        }
        self.out = out;
    }
}

/// A socket on the interface that leads to the server.
fn socket_towards(server: SocketAddr) -> Result<std::net::UdpSocket> {
    let unspecified: SocketAddr = if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0; 8], 0).into() };
    let probe = std::net::UdpSocket::bind(unspecified)?;
    probe.connect(server).with_context(|| format!("no way to {server}"))?;
    Ok(std::net::UdpSocket::bind((probe.local_addr()?.ip(), 0))?)
}
