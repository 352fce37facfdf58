//! What this machine is called, and where it is reached.

use crate::config::Config;
use std::net::{IpAddr, SocketAddr};

/// The machine's own addresses that other machines could reach, IPv4 first; without loopback and link-local ones.
pub fn addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut addresses: Vec<IpAddr> = interfaces
        .into_iter()
        .filter(|interface| !interface.is_loopback() && !interface.is_link_local())
        .map(|interface| interface.ip())
        .collect();
    addresses.sort_by_key(|address| (address.is_ipv6(), is_private(*address)));
    addresses
}

/// The machine's name in its own network.
pub fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    plain.then(|| name.to_owned())
}

/// Whether the internet can't reach this address (RFC 1918, RFC 6598, RFC 4193, loopback, link-local).
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && (64..128).contains(&second);
            address.is_private() || address.is_loopback() || address.is_link_local() || shared
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_loopback() || address.is_unicast_link_local(),
    }
}

/// Where people reach the server that listens at `listen`: what the configuration says, or the best guess.
pub fn base_url(config: &Config, listen: SocketAddr) -> String {
    if let Some(url) = &config.server.base_url {
        return url.clone();
    }
    let scheme = if config.is_secure() { "https" } else { "http" };
    let host = match listen.ip() {
        // To browsers, pages of `localhost` are secure without TLS.
        ip if ip.is_loopback() => "localhost".to_owned(),
        ip if ip.is_unspecified() => addresses().first().map_or("localhost".to_owned(), |ip| in_url(*ip)),
        ip => in_url(ip),
    };
    match (scheme, listen.port()) {
        ("http", 80) | ("https", 443) => format!("{scheme}://{host}"),
        (_, port) => format!("{scheme}://{host}:{port}"),
    }
}

fn in_url(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TlsMode;

    #[test]
    fn the_base_url_follows_from_where_the_server_listens() {
        let mut config = Config::default();
        let base = |config: &Config, listen: &str| base_url(config, listen.parse().expect("an address"));
        assert_eq!(base(&config, "127.0.0.1:8080"), "http://localhost:8080");
        assert_eq!(base(&config, "[::1]:80"), "http://localhost");
        assert_eq!(base(&config, "[2001:db8::1]:8080"), "http://[2001:db8::1]:8080");
        config.tls.mode = TlsMode::SelfSigned;
        assert_eq!(base(&config, "192.0.2.1:443"), "https://192.0.2.1");
        config.server.base_url = Some("https://class.example".into());
        assert_eq!(base(&config, "0.0.0.0:8080"), "https://class.example");
    }

    #[test]
    fn private_addresses_are_known() {
        for address in ["10.1.2.3", "192.168.0.1", "172.31.0.1", "100.64.0.1", "127.0.0.1", "fd00::1", "::1", "fe80::1"]
        {
            assert!(is_private(address.parse().expect("an address")), "{address}");
        }
        for address in ["203.0.113.7", "100.128.0.1", "172.32.0.1", "2001:db8::1"] {
            assert!(!is_private(address.parse().expect("an address")), "{address}");
        }
    }
}
