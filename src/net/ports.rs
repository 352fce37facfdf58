//! The two sockets of a shard, on one port number.

use super::tcp::Tcp;
use super::udp::Udp;
use std::io;
use std::net::SocketAddr;

/// How many numbers are tried where any will do: the kernel picks one that is free for UDP, and TCP may have it taken.
const TRIES_MAX: usize = 64;

/// Opens UDP and passive ICE-TCP on one number; where `listen` says port 0, on any number that is free for both.
/// `listen_tcp` opens the second.
///
/// # Errors
/// Where a socket can't be opened; where any number will do, once none of [`TRIES_MAX`] was free for both.
pub(super) fn open(
    listen: SocketAddr,
    mut listen_tcp: impl FnMut(SocketAddr) -> io::Result<Tcp>,
) -> io::Result<(Udp, Tcp)> {
    let mut tries = if listen.port() == 0 { TRIES_MAX } else { 1 };
    loop {
        let udp = Udp::bind(listen)?;
        let address = SocketAddr::new(listen.ip(), udp.local_address().port());
        tries -= 1;
        match listen_tcp(address) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries > 0 => {}
            tcp => return Ok((udp, tcp?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Opens the ports where somebody else has TCP on the first `taken` numbers; says how many were tried.
    fn open_where_taken(listen: SocketAddr, taken: usize) -> (io::Result<(Udp, Tcp)>, usize) {
        let mut others = Vec::new();
        let mut tried = 0;
        let opened = open(listen, |address| {
            tried += 1;
            if tried <= taken {
                match TcpListener::bind(address) {
                    Ok(listener) => others.push(listener),
                    // Really another program's.
                    Err(error) => assert_eq!(error.kind(), io::ErrorKind::AddrInUse),
                }
            }
            Tcp::listen(address, 0)
        });
        (opened, tried)
    }

    #[test]
    fn where_any_port_will_do_one_that_is_free_for_both_is_found() {
        for listen in ["127.0.0.1:0", "0.0.0.0:0"] {
            let (opened, tried) = open_where_taken(listen.parse().expect("an address"), 3);
            let (udp, mut tcp) = opened.expect("a port");
            assert!(tried > 3, "{tried}");
            let both = (udp.local_address().port(), tcp.listener().local_addr().expect("an address").port());
            assert_eq!(both.0, both.1);
        }
    }

    #[test]
    fn a_port_that_was_asked_for_and_is_taken_is_said_at_once() {
        let free = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
        let (opened, tried) = open_where_taken(free, 1);
        assert_eq!(opened.err().map(|error| error.kind()), Some(io::ErrorKind::AddrInUse));
        assert_eq!(tried, 1);
    }

    #[test]
    fn looking_for_a_port_ends() {
        let (opened, tried) = open_where_taken("127.0.0.1:0".parse().expect("an address"), usize::MAX);
        assert_eq!(opened.err().map(|error| error.kind()), Some(io::ErrorKind::AddrInUse));
        assert_eq!(tried, TRIES_MAX);
    }
}
