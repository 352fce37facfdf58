//! TLS, and whether browsers give pages a camera.

use super::Finding;
use crate::app::{machine, tls};
use crate::config::{Config, TlsMode};
use crate::time::Timestamp;
use std::net::IpAddr;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// A certificate that ends sooner is a warning: who renews every 90 days does so 30 days before.
const EXPIRY_WARNING_DAYS: u64 = 14;

pub fn examine(config: &Config, now: Timestamp) -> Vec<Finding> {
    let base_url = machine::base_url(config, config.server.listen);
    let mut findings = certificate(config, &base_url, now);
    findings.push(origin(config, &base_url));
    findings
}

fn certificate(config: &Config, base_url: &str, now: Timestamp) -> Vec<Finding> {
    let Some(files) = tls::files(config) else { return Vec::new() };
    if config.tls.mode == TlsMode::SelfSigned && !files.cert.exists() {
        return vec![Finding::ok("a self-signed certificate will be made at the first start")];
    }
    let read = tls::read(&files).and_then(|(chain, _)| {
        let first = chain.into_iter().next().ok_or_else(|| anyhow::anyhow!("no certificate"))?;
        let validity = tls::validity(&first)?;
        Ok((first, validity))
    });
    let (certificate, validity) = match read {
        Ok(read) => read,
        Err(error) => return vec![Finding::problem(format!("{error:#}"))],
    };
    let mut findings = vec![dates(validity, now)];
    if let Some(host) = tls::host(base_url)
        && !tls::is_for(&certificate, host)
    {
        let remedy = match config.tls.mode {
            TlsMode::SelfSigned => format!("remove {}, and the next start makes a new one", files.cert.display()),
            _ => "name one that is, or set server.base_url to the host it is for".to_owned(),
        };
        findings.push(Finding::problem(format!("the certificate is not for {host}; {remedy}")));
    }
    if config.tls.mode == TlsMode::SelfSigned {
        findings.push(Finding::warning(
            "the certificate is self-signed: each browser warns once, and its user must choose to go on",
        ));
    }
    findings
}

pub fn dates(validity: tls::Validity, now: Timestamp) -> Finding {
    if now < validity.from {
        return Finding::problem("the certificate is not good yet; look at the clock, or wait");
    }
    if validity.until <= now {
        return Finding::problem("the certificate has expired; renew it");
    }
    let days = validity.until.since(now).as_secs() / DAY.as_secs();
    if days < EXPIRY_WARNING_DAYS {
        return Finding::warning(format!("the certificate expires in {days} days; renew it"));
    }
    Finding::ok(format!("the certificate and its key belong together and are good for {days} days"))
}

/// Browsers give a camera and a microphone only to pages of secure origins.
pub fn origin(config: &Config, base_url: &str) -> Finding {
    let host = tls::host(base_url).unwrap_or_default();
    let here = host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if base_url.starts_with("https://") {
        if config.tls.mode == TlsMode::Off {
            return Finding::ok(format!(
                "{base_url} is a secure origin; the proxy must do TLS and pass WebSockets and the Host header on"
            ));
        }
        return Finding::ok(format!("{base_url} is a secure origin: browsers give it camera and microphone"));
    }
    if here {
        return Finding::warning(format!(
            "{base_url} works on this machine only; for other machines set server.listen, and [tls] so that browsers give \
             them camera and microphone"
        ));
    }
    Finding::problem(format!(
        "{base_url} is not a secure origin: browsers give it neither camera nor microphone; set [tls] mode to \
         \"self_signed\" for a local network or \"files\" for the internet, or put a proxy with TLS before it and name its \
         address in server.base_url"
    ))
}
