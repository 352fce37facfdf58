//! ICE-lite (RFC 8445 §2.5): answers connectivity checks, learns addresses from them alone, and lets consent expire
//! (RFC 7675).

use super::session::Credentials;
use rtc::crypto::RTCCryptoProvider;
use rtc::stun::attributes::{ATTR_MESSAGE_INTEGRITY, ATTR_USE_CANDIDATE, ATTR_USERNAME};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter};
use rtc::stun::xoraddr::XorMappedAddress;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// How long after the last authenticated check media may still be sent (RFC 7675 §5.1).
const CONSENT: Duration = Duration::from_secs(30);
/// The most addresses of one peer that are accepted at a time; the one unheard for longest makes place.
pub(super) const PATHS_MAX: usize = 8;
/// The largest check that is read, in bytes; real ones are about 110.
const CHECK_BYTES_MAX: usize = 548;

/// What carries datagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    Udp,
    /// ICE-TCP (RFC 6544), the server passive; one connection for each remote address.
    Tcp,
}

/// Where a peer is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path {
    pub transport: Transport,
    pub remote: SocketAddr,
    /// The address of ours that the client sends to, where the adapter knows it: answers must come from there, which on
    /// a machine with several addresses they would not by themselves.
    pub local: Option<IpAddr>,
}

/// A connectivity check that is well formed; nothing of it is proven yet.
#[derive(Debug)]
pub struct StunRequest {
    message: Message,
    username: String,
}

/// Why a STUN message is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StunRefused {
    #[error("not a well-formed binding request")]
    Malformed,
    #[error("the credentials are not this session's")]
    WrongCredentials,
    #[error("the integrity does not hold")]
    BadIntegrity,
}

impl StunRequest {
    /// Reads a binding request with user name and fingerprint.
    ///
    /// # Errors
    /// Where the datagram is anything else.
    pub fn parse(datagram: &[u8]) -> Result<Self, StunRefused> {
        if datagram.len() > CHECK_BYTES_MAX {
            return Err(StunRefused::Malformed);
        }
        let mut message = Message::new();
        message.unmarshal_binary(datagram).map_err(|_| StunRefused::Malformed)?;
        let whole = usize::try_from(message.length).ok().and_then(|length| length.checked_add(20));
        if message.typ != BINDING_REQUEST || whole != Some(datagram.len()) {
            return Err(StunRefused::Malformed);
        }
        FINGERPRINT.check(&message).map_err(|_| StunRefused::Malformed)?;
        let username = message.get(ATTR_USERNAME).map_err(|_| StunRefused::Malformed)?;
        let username = String::from_utf8(username).map_err(|_| StunRefused::Malformed)?;
        Ok(Self { message, username })
    }

    /// The receiver's half of the user name: it names the peer.
    #[must_use]
    pub fn local_ufrag(&self) -> &str {
        self.username.split(':').next().unwrap_or_default()
    }

    fn remote_ufrag(&self) -> Option<&str> {
        self.username.split_once(':').map(|(_, remote)| remote)
    }
}

/// What is known of one path.
#[derive(Clone, Copy, Debug)]
struct CheckedPath {
    path: Path,
    checked_at: Instant,
}

/// The ICE-lite agent of one peer.
#[derive(Debug)]
pub(super) struct Ice {
    local: Credentials,
    remote: Credentials,
    /// After a restart the old credentials hold until the first check under the new ones.
    before_restart: Option<(Credentials, Credentials)>,
    paths: Vec<CheckedPath>,
    selected: Option<Path>,
    consent_until: Instant,
}

impl Ice {
    pub fn new(local: Credentials, remote: Credentials, now: Instant) -> Self {
        Self {
            local,
            remote,
            before_restart: None,
            paths: Vec::with_capacity(1),
            selected: None,
            consent_until: now + CONSENT,
        }
    }

    pub fn restart(&mut self, local: Credentials, remote: Credentials) {
        if self.local == local && self.remote == remote {
            return;
        }
        let old = (std::mem::replace(&mut self.local, local), std::mem::replace(&mut self.remote, remote));
        self.before_restart = Some(old);
    }

    /// Where to send: the path that the client last nominated.
    pub fn selected(&self) -> Option<Path> {
        self.selected
    }

    /// Whether this path passed an authenticated check: nothing but checks is read from any other.
    pub fn accepts(&self, path: Path) -> bool {
        self.paths.iter().any(|checked| checked.path == path)
    }

    pub fn paths(&self) -> impl Iterator<Item = Path> + '_ {
        self.paths.iter().map(|checked| checked.path)
    }

    pub fn consent_until(&self) -> Instant {
        self.consent_until
    }

    /// A path closed (TCP).
    pub fn forget(&mut self, path: Path) {
        self.paths.retain(|checked| checked.path != path);
        if self.selected == Some(path) {
            self.selected = self.paths.iter().max_by_key(|checked| checked.checked_at).map(|checked| checked.path);
        }
    }

    /// Checks a request's integrity and answers it. The second value is a path that made place for this one.
    pub fn check(
        &mut self,
        now: Instant,
        path: Path,
        mut request: StunRequest,
        crypto: &dyn RTCCryptoProvider,
    ) -> Result<(Vec<u8>, Option<Path>), StunRefused> {
        let current = request.local_ufrag() == self.local.ufrag && request.remote_ufrag() == Some(&self.remote.ufrag);
        let credentials = if current {
            &self.local
        } else {
            let old = self.before_restart.as_ref();
            let (local, _) = old
                .filter(|(local, remote)| {
                    request.local_ufrag() == local.ufrag && request.remote_ufrag() == Some(&remote.ufrag)
                })
                .ok_or(StunRefused::WrongCredentials)?;
            local
        };
        let integrity = request.message.get(ATTR_MESSAGE_INTEGRITY).map_err(|_| StunRefused::BadIntegrity)?;
        if integrity.len() != 20 {
            return Err(StunRefused::BadIntegrity);
        }
        MessageIntegrity::check(&mut request.message, credentials.password.as_bytes(), crypto.crypto())
            .map_err(|_| StunRefused::BadIntegrity)?;
        let response = respond(&request.message, path.remote, credentials, crypto)?;
        if current {
            self.before_restart = None;
        }
        self.consent_until = now + CONSENT;
        let evicted = self.remember(now, path);
        if self.selected.is_none() || request.message.contains(ATTR_USE_CANDIDATE) {
            self.selected = Some(path);
        }
        Ok((response, evicted))
    }

    fn remember(&mut self, now: Instant, path: Path) -> Option<Path> {
        if let Some(known) = self.paths.iter_mut().find(|known| known.path == path) {
            known.checked_at = now;
            return None;
        }
        let mut evicted = None;
        if self.paths.len() >= PATHS_MAX {
            let selected = self.selected;
            let oldest = self
                .paths
                .iter()
                .enumerate()
                .filter(|(_, known)| Some(known.path) != selected)
                .min_by_key(|(_, known)| known.checked_at)
                .map(|(index, _)| index);
            evicted = oldest.map(|index| self.paths.swap_remove(index).path);
        }
        self.paths.push(CheckedPath { path, checked_at: now });
        evicted
    }
}

/// The success response (RFC 8445 §7.3.1): only after the request's integrity held, so nothing is amplified for
/// strangers.
fn respond(
    request: &Message,
    remote: SocketAddr,
    credentials: &Credentials,
    crypto: &dyn RTCCryptoProvider,
) -> Result<Vec<u8>, StunRefused> {
    let integrity =
        MessageIntegrity::new_short_term_integrity_with_provider(credentials.password.clone(), crypto.crypto());
    let address = XorMappedAddress { ip: remote.ip(), port: remote.port() };
    let setters: [Box<dyn Setter + '_>; 5] = [
        Box::new(BINDING_SUCCESS),
        Box::new(request.transaction_id),
        Box::new(address),
        Box::new(integrity),
        Box::new(FINGERPRINT),
    ];
    let mut response = Message::new();
    response.build(&setters).map_err(|_| StunRefused::Malformed)?;
    Ok(response.raw)
}
