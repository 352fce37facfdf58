//! `qism doctor`: what would stop a class from working, and what to do about it.

mod database;
mod host;
mod network;
mod pages;

use super::clock::SystemClock;
use super::{machine, say};
use crate::config::Config;
use crate::store::{Store, StoreError};
use crate::time::{Clock, Timestamp};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// A class works, but not for everybody or not for long.
    Warning,
    /// A class does not work.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub verdict: Verdict,
    /// What was found and, where it is not in order, what to do; one line.
    pub text: String,
}

impl Finding {
    fn ok(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, text: text.into() }
    }

    fn warning(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warning, text: text.into() }
    }

    fn problem(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Problem, text: text.into() }
    }
}

/// Looks at everything.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let now = SystemClock.now();
    let mut findings = Vec::new();
    findings.extend(host::examine(config, now));
    findings.extend(in_use_or_free(config, now).await);
    findings.push(network::reachable(config, &machine::addresses()));
    findings.extend(pages::examine(config, now));
    findings
}

/// Prints what was found; true where nothing stops a class.
pub fn report(findings: &[Finding]) -> bool {
    for finding in findings {
        let word = match finding.verdict {
            Verdict::Ok => "ok     ",
            Verdict::Warning => "warning",
            Verdict::Problem => "problem",
        };
        say(&format!("{word}  {}", finding.text));
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let (problems, warnings) = (count(Verdict::Problem), count(Verdict::Warning));
    match (problems, warnings) {
        (0, 0) => say("Nothing stands in the way of a class."),
        (0, warnings) => say(&format!("A class works; look at the warnings ({warnings}).")),
        (problems, _) => say(&format!("A class does not work yet; see to the problems ({problems}).")),
    }
    problems == 0
}

/// The database and the ports, unless a server has them all by this very configuration.
async fn in_use_or_free(config: &Config, now: Timestamp) -> Vec<Finding> {
    let opened = Store::open(&config.store_url()).await;
    if let Err(StoreError::Held(_)) = opened
        && network::page_port(config.server.listen).verdict == Verdict::Problem
    {
        let text = "a Qism serves with this configuration already: its database and ports are not tried";
        return vec![Finding::ok(text)];
    }
    let mut findings = database::examine(config, opened, now).await;
    findings.push(network::page_port(config.server.listen));
    findings.extend(network::media_ports(config));
    findings
}

#[cfg(test)]
mod tests;
