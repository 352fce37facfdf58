//! The command line.

use crate::config::Config;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Qism: a virtual classroom server.
#[derive(Debug, Parser)]
#[command(name = "qism", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve lessons until SIGTERM or SIGINT
    Serve(Serve),
    /// Check a configuration file, or print the documented defaults
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write everything that the server keeps to one file, while it runs
    Backup(Backup),
    /// Fill an empty store from a backup
    Restore(Restore),
    /// Fill an empty store with an invented country, to try how the server carries one
    Seed(Seed),
    /// Check the log of who changed what
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Check what was sealed of a lesson; needs no server
    #[command(subcommand)]
    Attendance(AttendanceCommand),
    /// Look after the sums behind reports
    #[command(subcommand)]
    Reports(ReportsCommand),
    /// Delete what is older than institutions keep it
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Say what would stop a class from working, and what to do about it
    Doctor(Doctor),
    /// Show how a running server does, in this terminal; once, where the output is no terminal
    Top(Top),
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say whether a configuration file can be used
    Check {
        /// The file to check
        file: PathBuf,
    },
    /// Print every option with its documentation and default, as a configuration file
    Print,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub configured: Configured,
    /// Make a demo school with a lesson on air now, and print its links
    #[arg(long)]
    pub demo: bool,
    /// How many lessons of the demo are on air, each with links of its own in demo.json
    #[arg(long, value_name = "N", default_value_t = 1, requires = "demo", value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub demo_lessons: u16,
    /// Put the demo school into an invented country with 2,000 lessons on air, whose rooms are simulated, to look at the committees' board; the data folder must be empty at first
    #[arg(long, requires = "demo")]
    pub demo_country: bool,
}

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub configured: Stored,
    /// The file to write; it must not be there yet
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    pub configured: Stored,
    /// The backup
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Seed {
    #[command(flatten)]
    pub configured: Stored,
    /// How many institutions, over 58 regions
    #[arg(long, value_name = "N", default_value_t = 1_300, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    pub institutions: u32,
    /// How many trainees, in groups of 25
    #[arg(long, value_name = "N", default_value_t = 500_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub trainees: u32,
    /// How many lessons, over the weeks before and after this one
    #[arg(long, value_name = "N", default_value_t = 2_000_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    pub lessons: u32,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Compute every institution's chain again; fails at the first entry that was changed or taken out
    Verify {
        #[command(flatten)]
        configured: Stored,
    },
}

#[derive(Debug, Subcommand)]
pub enum AttendanceCommand {
    /// Verify a lesson's ledger: its seals, and that the results follow from the events; fails where anything does not match
    Verify {
        /// The ledger, as the server gave it out
        file: PathBuf,
        /// A key that you trust: its name, or the public key, in hexadecimal; may be given several times
        #[arg(long, value_name = "HEX")]
        key: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum ReportsCommand {
    /// Work out anew what every lesson comes to, and all sums of them, and say how many differed; while no server runs
    Rebuild {
        #[command(flatten)]
        configured: Stored,
    },
}

#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Delete it now, as a running server does by itself once a day; no server may be running
    Run {
        #[command(flatten)]
        configured: Stored,
        /// Only say what would be deleted; a server may be running
        #[arg(long)]
        dry_run: bool,
    },
}

/// Where the records are.
#[derive(Debug, Default, Args)]
pub struct Stored {
    /// The configuration file; without it, the defaults
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder that keeps the data [server.data_dir]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

impl Stored {
    /// The configuration in force, as [`Configured::resolve`] gives it.
    ///
    /// # Errors
    /// Where the file can't be used.
    pub fn resolve(&self) -> Result<Config, crate::config::ConfigError> {
        let Self { config, data_dir } = self;
        Configured { config: config.clone(), data_dir: data_dir.clone(), ..Configured::default() }.resolve()
    }
}

#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Debug, Args)]
pub struct Top {
    #[command(flatten)]
    pub configured: Configured,
    /// The server's address; without it, it follows from the configuration
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Print the figures once
    #[arg(long)]
    pub once: bool,
}

/// A configuration file, and what the command line overrides in it.
#[derive(Debug, Default, Args)]
pub struct Configured {
    /// The configuration file; without it, the defaults
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder that keeps the data [server.data_dir]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The address and port that serve people [server.listen]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// The port that receives media, over UDP and TCP [media.port]
    #[arg(long, value_name = "PORT")]
    pub media_port: Option<u16>,
}

impl Configured {
    /// The configuration in force: the file's, or the defaults, with the command line's options over it.
    ///
    /// # Errors
    /// Where the file or the whole can't be used.
    pub fn resolve(&self) -> Result<Config, crate::config::ConfigError> {
        let mut config = match &self.config {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        };
        if let Some(data_dir) = &self.data_dir {
            config.server.data_dir.clone_from(data_dir);
        }
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        if let Some(port) = self.media_port {
            config.media.port = port;
        }
        let faults = config.faults();
        if faults.is_empty() { Ok(config) } else { Err(crate::config::ConfigError(faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_fixed_names_are_there() {
        let words = "qism serve --demo --data-dir d --listen 127.0.0.1:9 --media-port 10";
        let cli = Cli::try_parse_from(words.split(' ')).expect("it can be read");
        let Command::Serve(serve) = cli.command else { panic!("not serve") };
        assert_eq!((serve.demo, serve.demo_lessons), (true, 1));
        let config = serve.configured.resolve().expect("it can be used");
        assert_eq!(config.server.data_dir, PathBuf::from("d"));
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:9");
        assert_eq!(config.media_listen().to_string(), "0.0.0.0:10");
    }

    #[test]
    fn a_demo_has_one_lesson_or_as_many_as_are_asked_for() {
        let parse = |words: &str| Cli::try_parse_from(words.split(' ')).map(|cli| cli.command);
        let Ok(Command::Serve(serve)) = parse("qism serve --demo --demo-lessons 20") else { panic!("not serve") };
        assert_eq!(serve.demo_lessons, 20);
        assert!(parse("qism serve --demo-lessons 20").is_err(), "only a demo has lessons of its own");
        assert!(parse("qism serve --demo --demo-lessons 0").is_err());
    }

    #[test]
    fn the_command_line_is_over_the_file_and_checked_with_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("qism.toml");
        std::fs::write(&path, "[media]\nport = 9000\nshards = 3\n").expect("a file");
        let over = Configured { config: Some(path), listen: "0.0.0.0:9002".parse().ok(), ..Configured::default() };
        let fault = over.resolve().expect_err("the ports meet").to_string();
        assert!(fault.contains("both take TCP port 9002"), "{fault}");
        let over = Configured { media_port: Some(9100), ..over };
        let config = over.resolve().expect("it can be used");
        assert_eq!((config.media.port, config.media.shards), (9100, 3));
    }
}
