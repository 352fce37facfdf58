//! Certificates: read from PEM files, or of the server's own making for a local network.

use super::files::write_private;
use super::machine;
use crate::config::{Config, TlsMode};
use crate::time::Timestamp;
use anyhow::{Context, bail};
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use x509_parser::prelude::{FromDer, X509Certificate};

/// How long a certificate of our own making is good. Apple's systems refuse longer ones than 825 days.
const SELF_SIGNED_LIFETIME: Duration = Duration::from_secs(800 * DAY_S);

/// A certificate of our own making is made again this long before it ends.
const SELF_SIGNED_RENEWAL: Duration = Duration::from_secs(30 * DAY_S);

const DAY_S: u64 = 24 * 3_600;

/// Where a certificate and its key are.
pub struct Files {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// When a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// The files in force; none where TLS is off.
pub fn files(config: &Config) -> Option<Files> {
    match config.tls.mode {
        TlsMode::Off => None,
        TlsMode::Files => Some(Files { cert: config.tls.cert.clone()?, key: config.tls.key.clone()? }),
        TlsMode::SelfSigned => Some(Files {
            cert: config.server.data_dir.join("tls-cert.pem"),
            key: config.server.data_dir.join("tls-key.pem"),
        }),
    }
}

/// What the server needs for TLS, a self-signed certificate made where there is none that is good for long enough;
/// `None` where TLS is off.
///
/// # Errors
/// Where the files can't be read or written, or do not belong together.
pub fn prepare(config: &Config, now: Timestamp) -> anyhow::Result<Option<Arc<ServerConfig>>> {
    let Some(files) = files(config) else { return Ok(None) };
    if config.tls.mode == TlsMode::SelfSigned && !lasts(&files, now) {
        make_self_signed(&files, &names(config), now)?;
        tracing::info!(certificate = %files.cert.display(), "made a self-signed certificate");
    }
    load(&files).map(Some)
}

/// Reads the files as they are now.
///
/// # Errors
/// Where they can't be read, or do not belong together.
pub fn load(files: &Files) -> anyhow::Result<Arc<ServerConfig>> {
    let (chain, key) = read(files)?;
    let mut server = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS can't be set up")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| format!("the certificate {} can't be used", files.cert.display()))?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(server))
}

/// The certificate with what signed it, and its key, which are seen to belong together.
pub fn read(files: &Files) -> anyhow::Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let cert = files.cert.display();
    let unreadable = |error: rustls::pki_types::pem::Error| match error {
        rustls::pki_types::pem::Error::Io(error) => anyhow::anyhow!("{error}"),
        error => anyhow::anyhow!("it is not PEM ({error})"),
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect)
        .map_err(unreadable)
        .with_context(|| format!("the certificate {cert} can't be read"))?;
    if chain.is_empty() {
        bail!("{cert} holds no certificate: it must be PEM, with the server's own certificate first");
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(unreadable)
        .with_context(|| format!("the private key {} can't be read", files.key.display()))?;
    match CertifiedKey::from_der(chain.clone(), key.clone_key(), &default_provider()) {
        Ok(_) => Ok((chain, key)),
        Err(rustls::Error::InconsistentKeys(_)) => {
            bail!(
                "the private key {} is not the one of the certificate {cert}: name both of one pair",
                files.key.display()
            )
        }
        Err(error) => Err(error).with_context(|| format!("the certificate {cert} or its key can't be used")),
    }
}

/// When the first certificate of the file is good.
pub fn validity(certificate: &CertificateDer<'_>) -> anyhow::Result<Validity> {
    let (_, certificate) = X509Certificate::from_der(certificate).context("the certificate can't be read")?;
    let time = |seconds: i64| Timestamp(seconds.saturating_mul(1_000_000));
    let validity = certificate.validity();
    Ok(Validity { from: time(validity.not_before.timestamp()), until: time(validity.not_after.timestamp()) })
}

/// Whether browsers accept the certificate for this host.
pub fn is_for(certificate: &CertificateDer<'_>, host: &str) -> bool {
    let certificate = ParsedCertificate::try_from(certificate);
    let name = ServerName::try_from(host);
    match (certificate, name) {
        (Ok(certificate), Ok(name)) => verify_server_name(&certificate, &name).is_ok(),
        _ => false,
    }
}

/// Whether there is a certificate that is good for a while.
fn lasts(files: &Files, now: Timestamp) -> bool {
    let Ok((chain, _)) = read(files) else { return false };
    let validity = chain.first().and_then(|certificate| validity(certificate).ok());
    validity.is_some_and(|validity| validity.from <= now && now.plus(SELF_SIGNED_RENEWAL) < validity.until)
}

/// All names under which browsers of the local network may ask for this server.
fn names(config: &Config) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if let Some(host) = machine::host_name() {
        names.push(format!("{host}.local"));
        names.push(host);
    }
    names.extend(machine::addresses().iter().map(ToString::to_string));
    if !config.server.listen.ip().is_unspecified() {
        names.push(config.server.listen.ip().to_string());
    }
    names.extend(config.server.base_url.as_deref().and_then(host).map(ToOwned::to_owned));
    names.sort();
    names.dedup();
    names
}

/// The host of `https://host:port`, an IPv6 address without its brackets.
pub fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(host, _)| host),
        None => Some(rest.split_once(':').map_or(rest, |(host, _)| host)),
    }
}

fn make_self_signed(files: &Files, names: &[String], now: Timestamp) -> anyhow::Result<()> {
    let key = KeyPair::generate().context("no key can be made")?;
    let mut params = CertificateParams::new(names).context("no certificate can be made")?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Qism");
    params.distinguished_name = name;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // From yesterday on: the clocks of a class differ.
    let (year, month, day_of_month) = day(Timestamp(now.micros().saturating_sub(i64::try_from(DAY_S)? * 1_000_000)))?;
    params.not_before = rcgen::date_time_ymd(year, month, day_of_month);
    let (year, month, day_of_month) = day(now.plus(SELF_SIGNED_LIFETIME))?;
    params.not_after = rcgen::date_time_ymd(year, month, day_of_month);
    let certificate = params.self_signed(&key).context("no certificate can be made")?;
    let write = |path: &Path, pem: String| {
        write_private(path, pem.as_bytes()).with_context(|| format!("{} can't be written", path.display()))
    };
    write(&files.key, key.serialize_pem())?;
    write(&files.cert, certificate.pem())
}

/// Year, month and day in UTC.
fn day(at: Timestamp) -> anyhow::Result<(i32, u8, u8)> {
    let date = jiff::Timestamp::from_microsecond(at.micros())?.to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok((date.year().into(), u8::try_from(date.month())?, u8::try_from(date.day())?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const NOW: Timestamp = Timestamp(1_795_597_200_000_000);

    fn self_signed(folder: &Path) -> (Config, Files) {
        let mut config = Config::default();
        config.server.data_dir = folder.to_owned();
        config.server.base_url = Some("https://class.lan:8443".into());
        config.tls.mode = TlsMode::SelfSigned;
        let files = files(&config).expect("files");
        (config, files)
    }

    #[test]
    fn a_self_signed_certificate_is_made_once_and_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (config, files) = self_signed(folder.path());
        assert!(prepare(&config, NOW).expect("made").is_some());
        let mode = std::fs::metadata(&files.key).expect("the key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let (chain, _) = read(&files).expect("a pair");
        let made = validity(&chain[0]).expect("dates");
        assert!(made.from <= NOW && NOW.plus(Duration::from_secs(790 * DAY_S)) < made.until);
        prepare(&config, NOW.plus(Duration::from_secs(700 * DAY_S))).expect("kept");
        assert_eq!(read(&files).expect("a pair").0, chain);
        prepare(&config, NOW.plus(Duration::from_secs(780 * DAY_S))).expect("made again");
        assert_ne!(read(&files).expect("a pair").0, chain);
    }

    #[test]
    fn a_self_signed_certificate_names_this_machine() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (config, files) = self_signed(folder.path());
        prepare(&config, NOW).expect("made");
        let (chain, _) = read(&files).expect("a pair");
        for name in ["localhost", "127.0.0.1", "class.lan"] {
            assert!(is_for(&chain[0], name), "{name}");
        }
        assert!(!is_for(&chain[0], "elsewhere.example"));
    }

    #[test]
    fn what_is_wrong_with_files_is_said() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (config, pair) = self_signed(folder.path());
        prepare(&config, NOW).expect("made");
        let other = tempfile::tempdir().expect("a temporary folder");
        let (config, strange) = self_signed(other.path());
        prepare(&config, NOW).expect("made");
        let text = |cert: &Path, key: &Path| {
            let error = load(&Files { cert: cert.to_owned(), key: key.to_owned() }).expect_err("a fault");
            format!("{error:#}")
        };
        let missing = folder.path().join("missing.pem");
        assert!(text(&missing, &pair.key).contains("missing.pem can't be read"), "{}", text(&missing, &pair.key));
        assert!(text(&pair.cert, &missing).contains("missing.pem can't be read"));
        assert!(text(&pair.cert, &strange.key).contains("is not the one of the certificate"));
        assert!(text(&pair.key, &pair.key).contains("holds no certificate"), "{}", text(&pair.key, &pair.key));
        let nonsense = folder.path().join("nonsense.pem");
        std::fs::write(&nonsense, "-----BEGIN CERTIFICATE-----\nnonsense\n").expect("a file");
        assert!(text(&nonsense, &pair.key).contains("it is not PEM"), "{}", text(&nonsense, &pair.key));
    }

    #[test]
    fn hosts_are_read_from_urls() {
        for (url, expected) in [
            ("https://class.example", Some("class.example")),
            ("http://localhost:8080", Some("localhost")),
            ("https://[2001:db8::1]:8443", Some("2001:db8::1")),
            ("class.example", None),
        ] {
            assert_eq!(host(url), expected);
        }
    }
}
