//! Who stands at the door: a browser with one of this server's own pages, from an address.

use super::extract::header;
use super::problem::Refused;
use super::{HttpOptions, Shared, cookie, places};
use crate::auth::Browser;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use std::net::{IpAddr, SocketAddr};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A browser that shows one of this server's own pages; a page of another origin is refused.
pub struct OwnBrowser {
    says: String,
    session: Option<String>,
    address: Option<IpAddr>,
}

impl OwnBrowser {
    /// As `auth` wants to know it.
    pub fn browser(&self) -> Browser<'_> {
        Browser { says: &self.says, session: self.session.as_deref(), address: self.address }
    }
}

impl FromRequestParts<Shared> for OwnBrowser {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refused> {
        places::own_page(&parts.headers, shared)?;
        let options = &shared.app.options;
        Ok(Self {
            says: header(&parts.headers, &header::USER_AGENT).unwrap_or_default().to_owned(),
            session: cookie::session(&parts.headers, options).map(str::to_owned),
            address: address(parts, options),
        })
    }
}

/// Where a request comes from, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A program on this machine, and no proxy that stands for others.
    ThisMachine,
    Address(IpAddr),
    Unknown,
}

/// Finds out where a request comes from.
pub fn from(parts: &Parts, options: &HttpOptions) -> From {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let forwarded = parts.headers.contains_key(&FORWARDED_FOR) || parts.headers.contains_key(header::FORWARDED);
    match address(parts, options) {
        Some(address) => From::Address(address),
        None if !forwarded && peer.is_some_and(|peer| peer.is_loopback()) => From::ThisMachine,
        None => From::Unknown,
    }
}

/// The address that tells one visitor from others. Behind a proxy that the configuration does not name it is not known:
/// then the proxy's is everybody's, which `None` stands for where the proxy is on this machine.
fn address(parts: &Parts, options: &HttpOptions) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let peer = peer.ip().to_canonical();
    if !options.trusted_proxies.contains(&peer) {
        return (!peer.is_loopback()).then_some(peer);
    }
    // Each proxy adds whom it heard from at the end; what stands before the last that is not ours may be invented.
    let hops = parts.headers.get_all(&FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
    let last = hops.iter().rev().map(|hop| hop.parse::<IpAddr>().ok().map(|address| address.to_canonical()));
    last.into_iter().find(|hop| hop.is_none_or(|hop| !options.trusted_proxies.contains(&hop))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn seen(peer: &str, forwarded: &[&str]) -> Option<String> {
        let (parts, options) = asked(peer, forwarded);
        address(&parts, &options).map(|address| address.to_string())
    }

    fn asked(peer: &str, forwarded: &[&str]) -> (Parts, HttpOptions) {
        let mut request = Request::builder();
        for value in forwarded {
            request = request.header(FORWARDED_FOR, *value);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 40_000)));
        let trusted_proxies = vec!["127.0.0.1".parse().expect("an address"), "10.0.0.2".parse().expect("an address")];
        (parts, HttpOptions { trusted_proxies, ..HttpOptions::default() })
    }

    #[test]
    fn a_program_of_this_machine_is_told_from_a_proxy_for_others() {
        let seen_from = |peer: &str, forwarded: &[&str]| {
            let (parts, options) = asked(peer, forwarded);
            from(&parts, &options)
        };
        let visitor = From::Address("198.51.100.1".parse().expect("an address"));
        assert_eq!(seen_from("127.0.0.1", &[]), From::ThisMachine);
        assert_eq!(seen_from("::1", &[]), From::ThisMachine);
        assert_eq!(seen_from("127.0.0.1", &["198.51.100.1"]), visitor);
        assert_eq!(seen_from("198.51.100.1", &["127.0.0.1"]), visitor);
        assert_eq!(seen_from("::1", &["198.51.100.1"]), From::Unknown, "a proxy that is not named");
    }

    #[test]
    fn only_proxies_that_are_trusted_say_who_is_behind_them() {
        assert_eq!(seen("192.0.2.7", &["198.51.100.1"]).as_deref(), Some("192.0.2.7"));
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(seen("::ffff:127.0.0.1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, 198.51.100.1", "10.0.0.2"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, nonsense"]), None);
        assert_eq!(seen("127.0.0.1", &[]), None);
        assert_eq!(seen("::1", &["198.51.100.1"]), None, "a proxy on this machine that is not named is nobody");
    }
}
