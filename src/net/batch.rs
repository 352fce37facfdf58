//! Datagrams out in batches: many with one system call (sendmmsg), and runs of one size for one receiver as a single
//! buffer that the kernel cuts (UDP GSO).
//!
//! This is the crate's one module with unsafe code: the kernel's structures hold pointers. All of them point into
//! arrays of the same stack frame or into the caller's arena, and none outlives the call.
#![expect(unsafe_code, reason = "sendmmsg and control messages have no safe interface; this is the reviewed place")]

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::SockAddr;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

/// How many messages one system call takes. Measured elsewhere, more gains nothing.
pub const MESSAGES_MAX: usize = 64;

/// The most datagrams that one run may hold; the kernel's own limit (`UDP_MAX_SEGMENTS`).
pub const SEGMENTS_MAX: usize = 64;

/// How long one call waits for a full socket to take more. A network card that is behind paces us so; what it does not
/// take by then is refused rather than kept, since media gets no better with age.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };

/// What goes to one receiver with one message: a datagram, or a run of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub to: SocketAddr,
    /// The address of ours that it comes from, where the machine has several.
    pub from: Option<IpAddr>,
    /// Where its bytes stand in the arena.
    pub range: Range<usize>,
    /// The size of each datagram of a run but the last, which may be shorter, in bytes; 0 where it is one datagram.
    pub segment: u16,
}

impl Message {
    /// How many datagrams it is.
    #[must_use]
    pub fn datagrams(&self) -> usize {
        match self.segment {
            0 => 1,
            segment => self.range.len().div_ceil(usize::from(segment)),
        }
    }

    /// The datagrams of a run, one by one.
    fn singly(&self) -> impl Iterator<Item = Self> + '_ {
        let step = if self.segment == 0 { self.range.len().max(1) } else { usize::from(self.segment) };
        self.range.clone().step_by(step).map(move |start| Self {
            range: start..(start + step).min(self.range.end),
            segment: 0,
            ..self.clone()
        })
    }
}

/// What came of a call, in datagrams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub datagrams: u64,
    /// Datagrams that the kernel would not take.
    pub refused: u64,
    /// System calls that it took.
    pub calls: u64,
}

/// Sends batches on one socket, and remembers what its kernel can do.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    runs: bool,
}

impl Default for Batch {
    fn default() -> Self {
        Self { runs: true }
    }
}

impl Batch {
    /// Sends runs as runs until the kernel says that it can't.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends the datagrams of every run one by one, as for a kernel without GSO.
    #[must_use]
    pub fn without_runs() -> Self {
        Self { runs: false }
    }

    /// Sends all messages, in order. What the kernel refuses is counted; nothing is sent twice.
    pub fn send(&mut self, socket: impl AsFd, arena: &[u8], messages: &[Message]) -> Sent {
        let socket = socket.as_fd();
        let mut sent = Sent::default();
        let mut rest = messages;
        while let Some(first) = rest.first() {
            if !self.runs && first.segment != 0 {
                send_singly(socket, arena, first, &mut sent);
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let alike = if self.runs { rest.len() } else { rest.iter().take_while(|one| one.segment == 0).count() };
            let now = rest.get(..alike.min(MESSAGES_MAX)).unwrap_or_default();
            match send_some(socket, arena, now, &mut sent) {
                Outcome::Taken(count) => rest = rest.get(count..).unwrap_or_default(),
                Outcome::Refused(error) => {
                    // EIO: the device can't cut runs, and never will. EINVAL: it can't on this path (its MTU is small).
                    let cannot_cut = matches!(error, Some(libc::EIO | libc::EINVAL)) && first.segment != 0;
                    self.runs &= !(cannot_cut && error == Some(libc::EIO));
                    if cannot_cut {
                        send_singly(socket, arena, first, &mut sent);
                    } else {
                        sent.refused += first.datagrams() as u64;
                    }
                    rest = rest.get(1..).unwrap_or_default();
                }
                Outcome::Full => {
                    sent.refused += rest.iter().map(|message| message.datagrams() as u64).sum::<u64>();
                    return sent;
                }
            }
        }
        sent
    }
}

/// What became of the first messages of a list.
enum Outcome {
    /// So many were taken, at least one.
    Taken(usize),
    /// The first was not, for this reason.
    Refused(Option<i32>),
    /// The socket is full, and stayed so.
    Full,
}

fn send_singly(socket: BorrowedFd<'_>, arena: &[u8], run: &Message, sent: &mut Sent) {
    for datagram in run.singly() {
        if !matches!(send_some(socket, arena, std::slice::from_ref(&datagram), sent), Outcome::Taken(_)) {
            sent.refused += 1;
        }
    }
}

/// Offers the messages (at most [`MESSAGES_MAX`]) to the kernel once, and again where it was only busy.
fn send_some(socket: BorrowedFd<'_>, arena: &[u8], messages: &[Message], sent: &mut Sent) -> Outcome {
    let mut waited = false;
    loop {
        sent.calls += 1;
        match sendmmsg(socket, arena, messages) {
            Ok(0) => return Outcome::Refused(None),
            Ok(count) => {
                let taken = messages.iter().take(count);
                sent.datagrams += taken.map(|message| message.datagrams() as u64).sum::<u64>();
                return Outcome::Taken(count);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if waited || !becomes_writable(socket) {
                    return Outcome::Full;
                }
                waited = true;
            }
            Err(error) => return Outcome::Refused(error.raw_os_error()),
        }
    }
}

fn becomes_writable(socket: BorrowedFd<'_>) -> bool {
    let mut waiting = [PollFd::from_borrowed_fd(socket, PollFlags::OUT)];
    poll(&mut waiting, Some(&PATIENCE)).is_ok_and(|ready| ready > 0)
}

/// Room for the two control messages of one datagram: its segment size and its source address.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
struct Control([u8; CONTROL_BYTES]);

const CONTROL_BYTES: usize = 64;

const _: () = {
    // SAFETY: CMSG_SPACE only computes.
    let needed = unsafe { libc::CMSG_SPACE(2) + libc::CMSG_SPACE(size_of::<libc::in6_pktinfo>() as u32) };
    assert!(needed as usize <= CONTROL_BYTES);
    assert!(size_of::<libc::in_pktinfo>() <= size_of::<libc::in6_pktinfo>());
    assert!(align_of::<libc::cmsghdr>() <= 8);
};

/// One sendmmsg of the first [`MESSAGES_MAX`] messages; gives how many the kernel took.
fn sendmmsg(socket: BorrowedFd<'_>, arena: &[u8], messages: &[Message]) -> io::Result<usize> {
    // SAFETY: all-zero is a valid value of these C structures of integers and pointers.
    let (mut headers, mut pieces): ([libc::mmsghdr; MESSAGES_MAX], [libc::iovec; MESSAGES_MAX]) =
        unsafe { (std::mem::zeroed(), std::mem::zeroed()) };
    let mut controls = [Control([0; CONTROL_BYTES]); MESSAGES_MAX];
    let mut names: [Option<SockAddr>; MESSAGES_MAX] = [const { None }; MESSAGES_MAX];
    let places = headers.iter_mut().zip(&mut pieces).zip(controls.iter_mut().zip(&mut names));
    let mut count = 0;
    for (message, ((header, piece), (control, name))) in messages.iter().zip(places) {
        let bytes = arena.get(message.range.clone()).unwrap_or_default();
        piece.iov_base = bytes.as_ptr().cast_mut().cast();
        piece.iov_len = bytes.len();
        let name = name.insert(SockAddr::from(message.to));
        let header = &mut header.msg_hdr;
        header.msg_name = name.as_ptr().cast_mut().cast();
        header.msg_namelen = name.len();
        header.msg_iov = piece;
        header.msg_iovlen = 1;
        if message.segment != 0 || message.from.is_some() {
            header.msg_control = control.0.as_mut_ptr().cast();
            header.msg_controllen = CONTROL_BYTES as _;
            header.msg_controllen = write_control(header, message) as _;
        }
        count += 1;
    }
    // SAFETY: the first `count` headers are filled in above; every pointer in them is to `arena`, `pieces`, `controls` or
    // `names`, which live until the call returns. The kernel reads through `msg_iov` and `msg_name` and writes only
    // `msg_len` of the headers.
    let taken = unsafe { libc::sendmmsg(socket.as_raw_fd(), headers.as_mut_ptr(), count, 0) };
    usize::try_from(taken).map_err(|_| io::Error::last_os_error())
}

/// Writes a message's control messages into the room that its header points to; gives the bytes used.
fn write_control(header: &libc::msghdr, message: &Message) -> usize {
    let mut used = 0;
    // SAFETY: the header's control room is `CONTROL_BYTES` long and aligned for `cmsghdr`; the constant above proves that
    // both messages fit, so `first` is not null, `next` stays inside, and each data part has room for its value.
    unsafe {
        let mut place = libc::CMSG_FIRSTHDR(header);
        let mut put = |level: i32, kind: i32, value: *const u8, length: usize| {
            (*place).cmsg_level = level;
            (*place).cmsg_type = kind;
            (*place).cmsg_len = libc::CMSG_LEN(length as u32) as _;
            std::ptr::copy_nonoverlapping(value, libc::CMSG_DATA(place), length);
            used += libc::CMSG_SPACE(length as u32) as usize;
            place = place.cast::<u8>().add(libc::CMSG_SPACE(length as u32) as usize).cast();
        };
        if message.segment != 0 {
            let segment = &raw const message.segment;
            put(libc::SOL_UDP, libc::UDP_SEGMENT, segment.cast(), size_of::<u16>());
        }
        match message.from {
            Some(IpAddr::V4(from)) => {
                let source = libc::in_addr { s_addr: u32::from_ne_bytes(from.octets()) };
                let info =
                    libc::in_pktinfo { ipi_ifindex: 0, ipi_spec_dst: source, ipi_addr: libc::in_addr { s_addr: 0 } };
                put(libc::IPPROTO_IP, libc::IP_PKTINFO, (&raw const info).cast(), size_of::<libc::in_pktinfo>());
            }
            Some(IpAddr::V6(from)) => {
                let source = libc::in6_addr { s6_addr: from.octets() };
                let info = libc::in6_pktinfo { ipi6_addr: source, ipi6_ifindex: 0 };
                put(libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, (&raw const info).cast(), size_of::<libc::in6_pktinfo>());
            }
            None => {}
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;
    use std::time::Duration;

    fn socket(address: &str) -> UdpSocket {
        let socket = UdpSocket::bind(address).expect("a socket");
        socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        socket
    }

    fn heard(socket: &UdpSocket, count: usize) -> Vec<Vec<u8>> {
        let one = |_| {
            let mut buffer = [0; 2_000];
            let (length, _) = socket.recv_from(&mut buffer).expect("a datagram");
            buffer[..length].to_vec()
        };
        (0..count).map(one).collect()
    }

    /// Runs of several sizes and single datagrams to two receivers; with their order for each.
    #[test]
    fn with_and_without_runs_the_same_datagrams_arrive() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let arena: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
            for mut batch in [Batch::new(), Batch::without_runs()] {
                let (sender, one, other) = (socket(address), socket(address), socket(address));
                let (mut messages, mut expected) = (Vec::new(), [Vec::new(), Vec::new()]);
                let mut at = 0;
                // More than one system call's worth.
                for number in 0..MESSAGES_MAX + 20 {
                    let run = number % 4;
                    let (segment, length) = if run == 0 { (0, 100) } else { (300, 300 * run + 17) };
                    let range = at..at + length;
                    at += length;
                    let step = if segment == 0 { length } else { 300 };
                    expected[number % 2].extend(arena[range.clone()].chunks(step).map(<[u8]>::to_vec));
                    let to = if number % 2 == 0 { &one } else { &other }.local_addr().expect("an address");
                    messages.push(Message { to, from: None, range, segment });
                }
                let total: usize = expected.iter().map(Vec::len).sum();
                let sent = batch.send(&sender, &arena, &messages);
                assert_eq!((sent.datagrams, sent.refused), (total as u64, 0), "{batch:?} on {address}");
                for (receiver, expected) in [(&one, &expected[0]), (&other, &expected[1])] {
                    assert_eq!(&heard(receiver, expected.len()), expected, "{batch:?} on {address}");
                }
                assert_eq!(sent.calls, if batch.runs { 2 } else { sent.calls });
            }
        }
    }

    #[test]
    fn what_the_kernel_refuses_is_counted_and_the_rest_goes_out() {
        let (sender, receiver) = (socket("127.0.0.1:0"), socket("127.0.0.1:0"));
        let to = receiver.local_addr().expect("an address");
        let arena = vec![7; 100_000];
        let message = |range, to, segment| Message { to, from: None, range, segment };
        let messages = [
            message(0..10, to, 0),
            // Larger than a datagram can be, and to where this socket can't send.
            message(0..90_000, to, 0),
            message(0..20, "[2001:db8::1]:9".parse().expect("an address"), 0),
            message(0..30, to, 0),
            // Outside the arena: nothing is read there.
            message(99_999..100_001, to, 0),
        ];
        let sent = Batch::new().send(&sender, &arena, &messages);
        assert_eq!((sent.datagrams, sent.refused), (3, 2));
        assert_eq!(heard(&receiver, 3).iter().map(Vec::len).collect::<Vec<_>>(), [10, 30, 0]);
    }

    #[test]
    fn a_source_address_and_a_run_go_together() {
        let (sender, receiver) = (socket("0.0.0.0:0"), socket("127.0.0.1:0"));
        let from = "127.0.0.3".parse().expect("an address");
        let to = receiver.local_addr().expect("an address");
        let message = Message { to, from: Some(from), range: 0..450, segment: 200 };
        let sent = Batch::new().send(&sender, &[1; 450], &[message]);
        assert_eq!((sent.datagrams, sent.calls), (3, 1));
        let mut buffer = [0; 500];
        for length in [200, 200, 50] {
            let (received, address) = receiver.recv_from(&mut buffer).expect("a datagram");
            assert_eq!((received, address.ip()), (length, from));
        }
    }
}
