//! Which addresses an answer announces.

use std::net::{IpAddr, SocketAddr};

/// How many addresses an answer announces at most: each costs a client checks.
const ANNOUNCED_MAX: usize = 8;

/// The addresses at which clients may reach `port`, best first: the public ones that the administrator named, then the
/// machine's own, IPv4 before IPv6; its loopback addresses only where it has no other, or listens on nothing else.
/// Read anew for each answer: a laptop changes networks.
pub(super) fn announced(listen: IpAddr, port: u16, public: &[IpAddr]) -> Vec<SocketAddr> {
    let mut addresses: Vec<IpAddr> = public.to_vec();
    if listen.is_unspecified() {
        let mut own: Vec<IpAddr> = if_addrs::get_if_addrs()
            .map(|interfaces| interfaces.into_iter().map(|interface| interface.ip()).collect())
            .unwrap_or_default();
        own.retain(|address| !is_link_local(*address));
        own.sort_by_key(|address| (address.is_loopback(), address.is_ipv6()));
        if own.iter().any(|address| !address.is_loopback()) {
            own.retain(|address| !address.is_loopback());
        }
        addresses.extend(own);
    } else {
        addresses.push(listen);
    }
    let mut seen = Vec::new();
    addresses.retain(|address| {
        let new = !seen.contains(address);
        seen.push(*address);
        new
    });
    addresses.truncate(ANNOUNCED_MAX);
    addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect()
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_comes_first_and_nothing_twice() {
        let public: IpAddr = "203.0.113.7".parse().expect("an address");
        let listen: IpAddr = "127.0.0.1".parse().expect("an address");
        let announced = announced(listen, 7, &[public, public]);
        assert_eq!(announced, [SocketAddr::new(public, 7), SocketAddr::new(listen, 7)]);
    }

    #[test]
    fn a_machine_announces_at_least_one_address() {
        assert!(!announced("0.0.0.0".parse().expect("an address"), 7, &[]).is_empty());
    }
}
