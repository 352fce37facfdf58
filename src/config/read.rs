//! Reading a configuration file, and saying what is wrong with it.

use super::section::Section;
use super::{
    Config, Log, Mail, Media, OidcProvider, SHARDS_MAX, Server, SignIn, Store, Tls, TlsMode, Traces, Webhooks,
};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

/// What is wrong with a configuration; one line for each fault, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ConfigError(pub Vec<String>);

impl ConfigError {
    fn one(fault: String) -> Self {
        Self(vec![fault])
    }
}

impl Config {
    /// Reads a configuration file. Paths in it are relative to the file's own folder.
    ///
    /// # Errors
    /// Where it can't be read, is no TOML, has an option that is not known, or a value that can't be.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::one(format!("{} can't be read: {error}", path.display())))?;
        let named = |fault: String| format!("{}: {fault}", path.display());
        let mut config = Self::parse(&text).map_err(|error| ConfigError(error.0.into_iter().map(named).collect()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.server.data_dir = folder.join(&config.server.data_dir);
        config.tls.cert = config.tls.cert.map(|path| folder.join(path));
        config.tls.key = config.tls.key.map(|path| folder.join(path));
        for provider in &mut config.sign_in.oidc {
            provider.client_secret_file = provider.client_secret_file.take().map(|path| folder.join(path));
        }
        Ok(config)
    }

    /// Reads a configuration from TOML.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let table: toml::Table = text.parse().map_err(|error| ConfigError::one(format!("{error}")))?;
        let unknown = unknown_keys(&table);
        if !unknown.is_empty() {
            return Err(ConfigError(unknown));
        }
        let config: Self = toml::from_str(text).map_err(|error| ConfigError::one(format!("{error}")))?;
        let faults = config.faults();
        if faults.is_empty() { Ok(config) } else { Err(ConfigError(faults)) }
    }

    /// What can't work however the machine is set up.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(url) = &self.server.base_url
            && !is_origin(url)
        {
            faults.push(format!(
                "server.base_url = {url:?} must be http:// or https:// and a host, with nothing after it"
            ));
        }
        if self.tls.mode == TlsMode::Files {
            for (name, path) in [("cert", &self.tls.cert), ("key", &self.tls.key)] {
                if path.is_none() {
                    faults.push(format!("tls.mode = \"files\" needs tls.{name}: name the PEM file"));
                }
            }
        }
        if self.media.shards == 0 || self.media.shards > SHARDS_MAX {
            faults.push(format!("media.shards = {} must be 1 to {SHARDS_MAX}", self.media.shards));
        } else if usize::from(self.media.port) + self.media.shards > usize::from(u16::MAX) + 1 {
            faults.push("media.port plus media.shards goes beyond port 65535: lower one".to_owned());
        }
        if self.media.room_peers_per_shard == 0 {
            faults.push("media.room_peers_per_shard = 0 must be at least 1".to_owned());
        }
        if self.mail.host.is_some() && self.mail.from.is_none() {
            faults.push("mail.host needs mail.from: name the sender's address".to_owned());
        }
        if self.mail.from.as_deref().is_some_and(|from| crate::text::Mail::parse(from).is_err()) {
            faults.push("mail.from is no mail address; write for example \"classes@example.ma\"".to_owned());
        }
        faults.extend(self.sign_in.oidc.iter().enumerate().flat_map(|(index, provider)| {
            let is_first = self.sign_in.oidc.iter().take(index).all(|other| other.name != provider.name);
            provider_fault(provider, is_first).map(|fault| format!("sign_in.oidc {:?}: {fault}", provider.name))
        }));
        for origin in self.webhooks.allow.iter().filter(|origin| !is_origin(origin)) {
            faults.push(format!(
                "webhooks.allow has {origin:?}, which must be http:// or https:// and a host, with nothing after it"
            ));
        }
        if self.ports_meet() {
            faults.push(format!(
                "server.listen and media.port both take TCP port {}: choose another for one",
                self.server.listen.port()
            ));
        }
        if let Some(address) = self.media.public_addresses.iter().find(|address| address.is_unspecified()) {
            faults.push(format!("media.public_addresses has {address}, which reaches nothing: name real addresses"));
        }
        if let Some(url) = &self.store.url
            && !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.0.starts_with(scheme))
        {
            faults.push("store.url must be sqlite:PATH or postgres://USER@HOST/DATABASE".to_owned());
        }
        if let Err(error) = self.log.filter.parse::<tracing_subscriber::filter::Targets>() {
            faults.push(format!("log.filter = {:?} can't be read: {error}", self.log.filter));
        }
        faults
    }

    fn ports_meet(&self) -> bool {
        let (http, media) = (self.server.listen, self.media_listen());
        let ports = usize::from(media.port())..usize::from(media.port()) + self.media.shards;
        media.port() != 0 && ports.contains(&usize::from(http.port())) && addresses_meet(http, media.ip())
    }
}

/// What can't work with a sign-in provider; the first thing only.
fn provider_fault(provider: &OidcProvider, is_first: bool) -> Option<&'static str> {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let OidcProvider { name, issuer, client_id, client_secret, client_secret_file, create, institution, .. } = provider;
    if name.is_empty() || name.len() > 40 || !name.bytes().all(is_name) {
        return Some("its name has small letters, digits and hyphens, 40 at most");
    }
    if !is_first {
        return Some("another provider has this name: choose another");
    }
    let loopback = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
    if !issuer.starts_with("https://") && !loopback.iter().any(|start| issuer.starts_with(start)) {
        return Some("its issuer must begin with https:// (http:// on this machine alone)");
    }
    if client_id.is_empty() {
        return Some("it needs client_id: the name that the provider knows this server by");
    }
    if client_secret.is_some() && client_secret_file.is_some() {
        return Some("it has client_secret and client_secret_file: keep one");
    }
    match (create, institution.as_deref().map(|id| id.parse::<crate::ids::InstitutionId>().is_ok())) {
        (Some(_), None) => Some("create needs institution: the id of where accounts are made"),
        (None, Some(_)) => Some("institution says where accounts are made: it needs create"),
        (_, Some(false)) => Some("institution is no id; its page and its address have it"),
        _ => None,
    }
}

fn addresses_meet(http: SocketAddr, media: IpAddr) -> bool {
    http.ip().is_unspecified() || media.is_unspecified() || http.ip() == media
}

/// Whether this is a scheme and a host, and a port at most.
fn is_origin(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '"', '<', '>', '\\']) && !host.starts_with(':')
    })
}

/// The sections' names and the names of their fields.
fn known() -> [(&'static str, Vec<&'static str>); 9] {
    [
        ("server", names::<Server>()),
        ("tls", names::<Tls>()),
        ("media", names::<Media>()),
        ("store", names::<Store>()),
        ("mail", names::<Mail>()),
        ("webhooks", names::<Webhooks>()),
        ("sign_in", names::<SignIn>()),
        ("log", names::<Log>()),
        ("traces", names::<Traces>()),
    ]
}

fn names<S: Section>() -> Vec<&'static str> {
    S::FIELDS.iter().map(|field| field.name).collect()
}

/// One line for each section and key that is not known, with the nearest one that is.
fn unknown_keys(table: &toml::Table) -> Vec<String> {
    let known = known();
    let sections: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for (section, content) in table {
        let Some((_, fields)) = known.iter().find(|(name, _)| name == section) else {
            let fault = match content {
                toml::Value::Table(_) => format!("unknown section [{section}]"),
                _ => format!("unknown key `{section}` outside the sections"),
            };
            faults.push(format!("{fault}; {}", suggestion(section, &sections, "sections")));
            continue;
        };
        let toml::Value::Table(content) = content else {
            faults.push(format!("`{section}` is a section: write [{section}] on a line of its own"));
            continue;
        };
        for key in content.keys().filter(|key| !fields.contains(&key.as_str())) {
            faults.push(format!("unknown key `{key}` in [{section}]; {}", suggestion(key, fields, "keys")));
        }
    }
    faults
}

fn suggestion(word: &str, known: &[&str], what: &str) -> String {
    let nearest = known.iter().map(|name| (distance(word, name), *name)).min();
    match nearest {
        // Further than half of the word is no typing error.
        Some((distance, name)) if distance * 2 <= name.len().max(word.len()) => format!("did you mean `{name}`?"),
        _ => format!("the {what} are {}", known.join(", ")),
    }
}

/// How many characters to add, remove or change to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, one) in from.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (other, above) in to.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(one != *other);
            diagonal = *above;
            left = changed.min(diagonal + 1).min(left + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_levenshteins() {
        for (from, to, expected) in
            [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("lisen", "listen", 1), ("url", "url", 0)]
        {
            assert_eq!((distance(from, to), distance(to, from)), (expected, expected), "{from} {to}");
        }
    }
}
