//! `loadtest lecture`: how a server carries a class.

use anyhow::{Context, Result, ensure};
use clap::{Args, Parser, Subcommand};
use loadtest::demo::Demo;
use loadtest::class::{Class, hold};
use std::path::PathBuf;
use std::time::Duration;

/// Synthetic classes against a Qism server.
#[derive(Parser)]
#[command(name = "loadtest")]
struct Options {
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Subcommand)]
enum Scenario {
    /// One publisher, many viewers.
    Lecture(LectureOptions),
}

#[derive(Args)]
struct LectureOptions {
    /// The demo server's demo.json, in its data directory.
    #[arg(long, value_name = "FILE")]
    demo: PathBuf,
    /// Where the server is, if not where demo.json says: http://HOST:PORT.
    #[arg(long)]
    url: Option<String>,
    /// How many watch.
    #[arg(long, default_value_t = 10)]
    viewers: usize,
    /// How long they watch, after the last has joined.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Writes the report as JSON too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Options::parse().scenario {
        Scenario::Lecture(options) => lecture(options).await,
    }
}

async fn lecture(options: LectureOptions) -> Result<()> {
    let mut demo = Demo::read(&options.demo)?;
    if let Some(url) = options.url {
        url.trim_end_matches('/').clone_into(&mut demo.base_url);
    }
    let class = Class { viewers: options.viewers, duration: Duration::from_secs(options.seconds) };
    let report = hold(&demo, class).await?;
    print!("{report}");
    if let Some(file) = options.json {
        let json = serde_json::to_vec_pretty(&report)?;
        std::fs::write(&file, json).with_context(|| format!("write {}", file.display()))?;
    }
    ensure!(report.is_complete(), "not everybody got in and saw the lesson");
    Ok(())
}
