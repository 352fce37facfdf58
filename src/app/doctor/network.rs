//! Ports and addresses.

use super::Finding;
use crate::app::machine;
use crate::config::Config;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

pub fn page_port(listen: SocketAddr) -> Finding {
    match TcpListener::bind(listen) {
        Ok(_) => Finding::ok(format!("{listen} is free for pages and signalling")),
        Err(error) => {
            Finding::problem(format!("{listen} (pages and signalling) {}", not_bound(&error, "server.listen")))
        }
    }
}

pub fn media_ports(config: &Config) -> Vec<Finding> {
    let first = config.media_listen();
    let ports = (first.port()..=u16::MAX).take(config.media.shards);
    let mut faults = Vec::new();
    for port in ports.clone() {
        let address = SocketAddr::new(first.ip(), port);
        if let Err(error) = UdpSocket::bind(address) {
            faults.push(Finding::problem(format!("UDP {address} (media) {}", not_bound(&error, "media.port"))));
        }
        if let Err(error) = TcpListener::bind(address) {
            faults.push(Finding::problem(format!("TCP {address} (media) {}", not_bound(&error, "media.port"))));
        }
    }
    if !faults.is_empty() {
        return faults;
    }
    let ports: Vec<String> = ports.map(|port| port.to_string()).collect();
    vec![Finding::ok(format!(
        "port {} is free for media over UDP and TCP; see that the firewall lets both in",
        ports.join(", ")
    ))]
}

fn not_bound(error: &std::io::Error, option: &str) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => {
            format!("is in use; stop what uses it (a Qism that runs already?), or choose another with {option}")
        }
        ErrorKind::PermissionDenied => format!(
            "needs more rights than this user has; take a port from 1024 up with {option}, or allow it with \
             CAP_NET_BIND_SERVICE"
        ),
        ErrorKind::AddrNotAvailable => {
            "is not an address of this machine; name one that is, or 0.0.0.0 for all".to_owned()
        }
        _ => format!("can't be opened: {error}"),
    }
}

/// Whether clients from elsewhere can find the media.
pub fn reachable(config: &Config, own: &[IpAddr]) -> Finding {
    let public = &config.media.public_addresses;
    if !public.is_empty() {
        let named: Vec<String> = public.iter().map(ToString::to_string).collect();
        return Finding::ok(format!("media is announced at {}", named.join(", ")));
    }
    let listen = config.media.address;
    if listen.is_loopback() || (listen.is_unspecified() && own.is_empty()) {
        return Finding::warning(
            "media reaches this machine only; for a class, connect it to a network and listen there (media.address)",
        );
    }
    let announced: Vec<IpAddr> = if listen.is_unspecified() { own.to_vec() } else { vec![listen] };
    if announced.iter().all(|address| machine::is_private(*address)) {
        let own: Vec<String> = announced.iter().map(ToString::to_string).collect();
        return Finding::warning(format!(
            "this machine has private addresses only ({}): trainees outside its network get no sound or picture unless \
             media.public_addresses names the address the internet reaches it at",
            own.join(", ")
        ));
    }
    Finding::ok("this machine has a public address for media")
}
