//! The configuration file: one struct for each section, a line of documentation for each option, defaults in code,
//! and no option that is not known.

mod print;
mod read;
mod section;

pub use read::ConfigError;
pub use section::{Field, Section};

use section::section;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The most shards: as [`crate::net::MediaPlane`] bounds them.
pub const SHARDS_MAX: usize = 64;

/// How many media connections of one lesson a shard has before others are used, where the file does not say: a class
/// stays on one shard, and a lecture of some hundreds is already work for several cores.
pub const ROOM_PEERS_PER_SHARD: usize = 250;

/// The whole configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub tls: Tls,
    pub media: Media,
    pub store: Store,
    pub mail: Mail,
    pub webhooks: Webhooks,
    pub sign_in: SignIn,
    pub log: Log,
    pub traces: Traces,
}

section! {
    /// Pages, calls and signalling.
    Server {
        /// The address and port that serve people. 127.0.0.1 is this machine only; 0.0.0.0 is every network it is in,
        /// over IPv4, and [::] over IPv4 and IPv6.
        listen: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
        /// Where people reach the server, as they type it, without a slash at the end. Links are made of it.
        /// Set it for a real deployment, for example "https://class.example.ma"; left out, it follows from `listen`.
        base_url: Option<String> = None,
        /// The folder of everything that this server keeps: the SQLite database, a self-signed certificate,
        /// the files that courses teach with.
        data_dir: PathBuf = PathBuf::from("data"),
        /// The addresses of proxies that stand in front of this server, for example ["127.0.0.1"]. What they say in
        /// X-Forwarded-For about where a request comes from is believed; nobody else's word is.
        trusted_proxies: Vec<IpAddr> = Vec::new(),
        /// The addresses that may read the figures under /metrics besides this machine, for example ["10.0.0.5"].
        metrics_for: Vec<IpAddr> = Vec::new(),
        /// How much an institution's files may take in the data folder, in MB: what its courses teach with.
        materials_mb: u64 = 5 * 1024,
    }
}

section! {
    /// Encryption of pages and signalling. Browsers give cameras and microphones only to pages that came over TLS,
    /// or from this machine itself. (Media is always encrypted.)
    Tls {
        /// "off": plain HTTP, for this machine only or behind a proxy that does TLS.
        /// "files": the certificate and key named below.
        /// "self_signed": a certificate of the server's own making, for a local network; each browser warns once.
        mode: TlsMode = TlsMode::Off,
        /// The certificate and what it was signed with, in PEM. For mode "files".
        cert: Option<PathBuf> = None,
        /// The certificate's private key, in PEM. For mode "files".
        key: Option<PathBuf> = None,
    }
}

section! {
    /// Sound and pictures.
    Media {
        /// The address that receives media; 0.0.0.0 is every network this machine is in, over IPv4 and IPv6.
        address: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        /// The port that receives media, over UDP and, for networks that block UDP, over TCP. Open both in the firewall.
        /// The second shard takes the next port, and so on.
        port: u16 = 8443,
        /// The addresses under which the internet reaches this machine, where it has only private ones itself (NAT),
        /// for example ["203.0.113.7"]. The port must be forwarded unchanged.
        public_addresses: Vec<IpAddr> = Vec::new(),
        /// How many threads forward media, one port each; 1 to 64. More than the machine's cores serve no purpose.
        shards: usize = 1,
        /// How many of one lesson's media connections a shard has before the next go to another shard, which then gets
        /// everything that is published from the first. Matters for lessons larger than this alone.
        room_peers_per_shard: usize = ROOM_PEERS_PER_SHARD,
    }
}

section! {
    /// The database.
    Store {
        /// "sqlite:PATH", or "postgres://USER:PASSWORD@HOST/DATABASE". Left out: SQLite in the data folder.
        url: Option<Hidden> = None,
    }
}

section! {
    /// Mail that the server sends: invitations, announcements, what was cancelled. Off until `host` is named.
    Mail {
        /// The mail server that takes it (SMTP), for example "mail.example.ma".
        host: Option<String> = None,
        /// Its port: usually 587 with "starttls", 465 with "tls".
        port: u16 = 587,
        /// "starttls": encrypted once connected, and not without; "tls": encrypted from the start; "none": a mail server
        /// on this machine.
        encryption: MailEncryption = MailEncryption::StartTls,
        /// The user to sign in as, where the mail server wants one.
        user: Option<String> = None,
        /// The user's password.
        password: Option<Hidden> = None,
        /// The sender's address, for example "classes@example.ma"; the institution's name stands beside it.
        from: Option<String> = None,
    }
}

section! {
    /// Addresses that institutions have told what happens.
    Webhooks {
        /// Servers that may be called although they are of your own networks or speak plain HTTP: each scheme, host and
        /// port, for example ["https://registry.school.lan", "http://127.0.0.1:9000"]. All others are called by https
        /// and on the public internet only.
        allow: Vec<String> = Vec::new(),
    }
}

section! {
    /// How people with an account sign in.
    SignIn {
        /// A second factor, which is a code of an authenticator app.
        /// "required": administrators and committees that reach further than one institution must have one.
        /// "offered": who wants one has it.
        second_factor: SecondFactor = SecondFactor::Required,
        /// OpenID providers at which people may sign in too, each a section [[sign_in.oidc]] of its own with the keys
        /// name (as addresses have it, for example "ministry"), label (on its button), issuer ("https://…", exactly as
        /// the provider calls itself), client_id, and client_secret_file or client_secret; and, where they are needed:
        /// algorithm ("RS256", "PS256", "ES256" or "EdDSA": how it signs ID tokens; RS256 unless said),
        /// gives_second_factor (true: who signs in there gave one), create = "trainee" with institution = "ID" (who has
        /// no account here gets one there). The provider is to be told the address
        /// BASE_URL/api/oidc/NAME/callback.
        oidc: Vec<OidcProvider> = Vec::new(),
    }
}

section! {
    /// What the server says about its work, on standard error.
    Log {
        /// How much: "error", "warn", "info", "debug" or "trace"; also per module, for example "info,qism::peer=debug".
        filter: String = "info".to_owned(),
        /// "text" for people, "json" for programs.
        format: LogFormat = LogFormat::Text,
    }
}

section! {
    /// Traces of requests and joins, for OpenTelemetry. They hold ids, routes and times, no names, addresses or secrets.
    Traces {
        /// The collector that takes them (OTLP over HTTP, port 4318 by custom), for example "http://127.0.0.1:4318" or
        /// "https://collector.example.ma". Without it nothing is traced.
        collector: Option<String> = None,
    }
}

/// How pages are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    Off,
    Files,
    SelfSigned,
}

/// Whom the operator wants to have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    Required,
    Offered,
}

/// An OpenID provider at which people may sign in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcProvider {
    /// As addresses name it: small letters, digits and hyphens.
    pub name: String,
    /// As its button names it; its name unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// As the provider calls itself, exactly.
    pub issuer: String,
    pub client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Hidden>,
    /// A file with the secret alone in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,
    #[serde(default)]
    pub algorithm: OidcAlgorithm,
    #[serde(default)]
    pub gives_second_factor: bool,
    /// What becomes of somebody without an account here; refused unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create: Option<OidcCreates>,
    /// The institution's id where accounts are made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
}

/// How a provider signs ID tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OidcAlgorithm {
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// The account that somebody without one gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OidcCreates {
    Trainee,
}

/// How the way to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailEncryption {
    StartTls,
    Tls,
    None,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// Text that may hold a password: `Debug` does not show it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Config {
    /// The database's URL: the configured one, or SQLite in the data folder.
    #[must_use]
    pub fn store_url(&self) -> String {
        match &self.store.url {
            Some(url) => url.0.clone(),
            None => format!("sqlite:{}", self.server.data_dir.join("qism.db").display()),
        }
    }

    /// Where media is received: shard 0's port.
    #[must_use]
    pub fn media_listen(&self) -> SocketAddr {
        SocketAddr::new(self.media.address, self.media.port)
    }

    /// Whether people reach the server over TLS, its own or a proxy's.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.tls.mode != TlsMode::Off || self.server.base_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

#[cfg(test)]
mod tests;
