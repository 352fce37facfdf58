//! The options that all scenarios share.

use crate::demo::{Demo, Links, Token, invitation_of};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;

/// The server that is tried, how long, and where the report goes.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    pub target: Target,
    /// What a viewer receives of the main picture, in kbit/s
    #[arg(long, value_name = "KBPS", default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(50..=20_000))]
    pub bitrate: u32,
    /// How long to measure, once everybody has joined and receives what they should
    #[arg(long, value_name = "S", default_value_t = 20)]
    pub seconds: u64,
    /// Leave out what the same packets cost when they are only sealed and sent
    #[arg(long)]
    pub no_floor: bool,
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report as a page with charts
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// What kind of server is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    #[default]
    Qism,
    /// Another project's server, for comparison; for a lecture only, and always started here
    Janus,
}

/// Which server. Without any of these, one is started.
#[derive(Args, Clone, Debug)]
pub struct Target {
    /// The kind of server
    #[arg(long, value_enum, default_value_t, conflicts_with_all = ["url", "demo", "trainer"])]
    pub target: Kind,
    /// A server's address, http://HOST:PORT; goes with --trainer and --trainee, or over what --demo says
    #[arg(long, value_name = "URL", conflicts_with = "spawn")]
    pub url: Option<String>,
    /// A trainer's invitation into a lesson: its link
    #[arg(long, value_name = "LINK", requires = "trainee")]
    pub trainer: Option<String>,
    /// A trainee's invitation into the same lesson: its link
    #[arg(long, value_name = "LINK", requires = "trainer")]
    pub trainee: Option<String>,
    /// The demo.json in the data folder of a server that runs with --demo
    #[arg(long, value_name = "FILE", conflicts_with_all = ["trainer", "spawn"])]
    pub demo: Option<PathBuf>,
    /// Start a server on one core and stay on the others; the only way to measure the server's CPU time and memory
    #[arg(long)]
    pub spawn: bool,
    /// The server's program for --spawn, if not the one beside this program or in QISM_BIN
    #[arg(long, value_name = "FILE", requires = "spawn")]
    pub server_bin: Option<PathBuf>,
}

impl Target {
    /// A server that runs already; nothing where one is to be started.
    ///
    /// # Errors
    /// Where what is said about it is not enough.
    pub fn running(&self) -> Result<Option<Demo>> {
        if self.spawn {
            return Ok(None);
        }
        let mut demo = match (&self.demo, &self.trainer, &self.trainee) {
            (Some(file), ..) => Demo::read(file)?,
            (None, Some(trainer), Some(trainee)) => by_links(trainer, trainee)?,
            _ if self.url.is_none() => return Ok(None),
            _ => anyhow::bail!("--url needs --trainer and --trainee with links into a lesson, or --demo"),
        };
        if let Some(url) = &self.url {
            url.trim_end_matches('/').clone_into(&mut demo.base_url);
        }
        Ok(Some(demo))
    }
}

fn by_links(trainer: &str, trainee: &str) -> Result<Demo> {
    invitation_of(trainee)?;
    invitation_of(trainer)?;
    let (base_url, _) = trainer.split_once("/join#").context("an invitation's link is http://HOST:PORT/join#…")?;
    let none = || Token { token: String::new() };
    Ok(Demo {
        base_url: base_url.to_owned(),
        lesson: String::new(),
        links: Links { trainer: trainer.to_owned(), trainee: trainee.to_owned(), committee: String::new() },
        whip: none(),
        whep: none(),
        lessons: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        target: Target,
    }

    fn target(words: &str) -> Target {
        Line::parse_from(format!("loadtest {words}").split_whitespace()).target
    }

    #[test]
    fn links_say_where_the_server_is_unless_an_address_does() {
        let links = "--trainer http://a:1/join#T --trainee http://a:1/join#S";
        let demo = target(links).running().expect("enough").expect("a server that runs");
        assert_eq!((demo.base_url.as_str(), demo.rooms(1).expect("a room").len()), ("http://a:1", 1));
        let demo =
            target(&format!("--url http://b:2/ {links}")).running().expect("enough").expect("a server that runs");
        assert_eq!(demo.base_url, "http://b:2");
        assert!(demo.rooms(2).is_err());
    }

    #[test]
    fn an_address_alone_is_not_enough_and_nothing_at_all_starts_a_server() {
        assert!(target("--url http://b:2").running().is_err());
        assert!(target("").running().expect("fine").is_none());
        assert!(target("--spawn").running().expect("fine").is_none());
    }
}
