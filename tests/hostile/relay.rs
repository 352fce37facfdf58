//! A UDP relay between one client and the server, from whose proven address an attacker can send too.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// How many of the client's packets are kept to be sent again.
const KEPT_MAX: usize = 64;

/// Dropping it cuts the line.
pub struct Relay {
    client_side: SocketAddr,
    /// Its datagrams reach the server from the address that the client's checks have proven.
    pub server_side: Arc<UdpSocket>,
    kept: Arc<Mutex<Vec<Vec<u8>>>>,
    task: JoinHandle<()>,
}

impl Relay {
    pub async fn to(server: SocketAddr) -> Self {
        let client_socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket");
        let server_side = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket");
        server_side.connect(server).await.expect("the server's address");
        let client_side = client_socket.local_addr().expect("an address");
        let server_side = Arc::new(server_side);
        let kept = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(carry(client_socket, Arc::clone(&server_side), Arc::clone(&kept)));
        Self { client_side, server_side, kept, task }
    }

    /// An answer that names this relay instead of the server.
    pub fn rewrite(&self, answer: &str) -> String {
        let mut named = false;
        let mut lines = Vec::new();
        for line in answer.lines() {
            if !line.starts_with("a=candidate:") {
                lines.push(line.to_owned());
            } else if !named {
                named = true;
                let SocketAddr::V4(own) = self.client_side else { unreachable!("bound to an IPv4 address") };
                lines.push(format!("a=candidate:1 1 udp 2130706431 {} {} typ host", own.ip(), own.port()));
            }
        }
        lines.join("\r\n") + "\r\n"
    }

    /// Sealed media that the client has sent.
    pub fn kept(&self) -> Vec<Vec<u8>> {
        self.kept.lock().expect("no panic while it was held").clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(client_socket: UdpSocket, server_side: Arc<UdpSocket>, kept: Arc<Mutex<Vec<Vec<u8>>>>) {
    let (mut up, mut down) = ([0; 2_048], [0; 2_048]);
    let mut client = None;
    loop {
        tokio::select! {
            received = client_socket.recv_from(&mut up) => {
                let Ok((length, from)) = received else { continue };
                client = Some(from);
                let datagram = &up[..length];
                // RFC 7983: media by its first byte, RTCP (RFC 5761) by its second.
                if length > 40 && (128..192).contains(&datagram[0]) && !(192..224).contains(&datagram[1]) {
                    let mut kept = kept.lock().expect("no panic while it was held");
                    if kept.len() < KEPT_MAX {
                        kept.push(datagram.to_vec());
                    }
                }
                let _ = server_side.send(datagram).await;
            }
            received = server_side.recv(&mut down) => {
                let (Ok(length), Some(client)) = (received, client) else { continue };
                let _ = client_socket.send_to(&down[..length], client).await;
            }
        }
    }
}

/// The server's media address in its answer: the port of its first UDP candidate, on this machine.
pub fn media_address(answer: &str) -> SocketAddr {
    let port = answer
        .lines()
        .filter_map(|line| line.strip_prefix("a=candidate:"))
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .find(|fields| fields.get(2).is_some_and(|transport| transport.eq_ignore_ascii_case("udp")))
        .and_then(|fields| fields.get(5)?.parse().ok())
        .expect("an answer with a UDP candidate");
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// A value of the answer, such as `ice-ufrag`.
pub fn value_of(answer: &str, name: &str) -> String {
    let line = answer.lines().find_map(|line| line.strip_prefix("a=")?.strip_prefix(name)?.strip_prefix(':'));
    line.expect("an answer with ICE credentials").to_owned()
}
