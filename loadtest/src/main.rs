//! `loadtest SCENARIO`: how a server carries classes.

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use loadtest::options::Options;
use loadtest::page::page;
use loadtest::report::Report;
use loadtest::scenario::{churn, idle, lecture, open_mics, pages, seminars, storm};
use loadtest::summary::SummaryOptions;
use loadtest::{floor_sender, summary};
use std::process::ExitCode;

/// Synthetic classes against a Qism server.
#[derive(Parser)]
#[command(name = "loadtest", disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Subcommand)]
enum Scenario {
    Lecture(lecture::LectureOptions),
    Seminars(seminars::SeminarsOptions),
    OpenMics(open_mics::OpenMicsOptions),
    Storm(storm::StormOptions),
    Churn(churn::ChurnOptions),
    Idle(idle::IdleOptions),
    Pages(pages::PagesOptions),
    /// From the JSON of several runs to a page, a chart and the tables of the documents
    Summary(SummaryOptions),
    /// What the load test starts by itself to measure the floor: a plan on its input, the floor on its output
    #[command(hide = true)]
    FloorSender,
}

/// One thread signals, so that the cores of a run stay those that it was given; the clients have another.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    match Line::parse().scenario {
        Scenario::Lecture(options) => hand_in(lecture::run(&options).await?, &options.options),
        Scenario::Seminars(options) => hand_in(seminars::run(&options).await?, &options.options),
        Scenario::OpenMics(options) => hand_in(open_mics::run(&options).await?, &options.options),
        Scenario::Storm(options) => hand_in(storm::run(&options).await?, &options.options),
        Scenario::Churn(options) => hand_in(churn::run(&options).await?, &options.options),
        Scenario::Idle(options) => hand_in(idle::run(&options).await?, &options.options),
        Scenario::Pages(options) => pages::run(&options).await.map(|()| ExitCode::SUCCESS),
        Scenario::Summary(options) => summary::write(&options).map(|()| ExitCode::SUCCESS),
        Scenario::FloorSender => floor_sender::run(std::io::stdin(), std::io::stdout()).map(|()| ExitCode::SUCCESS),
    }
}

/// Prints and writes the report; whether it stands is the exit code.
fn hand_in(report: Report, options: &Options) -> Result<ExitCode> {
    print!("{report}");
    if let Some(file) = &options.json {
        let json = serde_json::to_vec_pretty(&report)?;
        std::fs::write(file, json).with_context(|| format!("write {}", file.display()))?;
    }
    if let Some(file) = &options.html {
        std::fs::write(file, page(std::slice::from_ref(&report)))
            .with_context(|| format!("write {}", file.display()))?;
    }
    Ok(if report.is_valid() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
