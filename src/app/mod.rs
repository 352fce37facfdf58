//! The program: what each command does, and the one place where everything is wired together.

mod clock;
mod connections;
mod demo;
mod doctor;
mod files;
mod logging;
mod machine;
mod serve;
mod tls;

use crate::cli::{Cli, Command, ConfigCommand};
use crate::config::Config;
use anyhow::Context;
use std::process::ExitCode;

/// Runs the command that was given.
///
/// # Errors
/// Why it could not be done; the text says what to do.
pub fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Command::Config(ConfigCommand::Print) => {
            print!("{}", Config::documented());
            Ok(ExitCode::SUCCESS)
        }
        Command::Config(ConfigCommand::Check { file }) => {
            Config::read(file)?;
            println!("{} can be used", file.display());
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve(serve) => {
            let config = serve.configured.resolve()?;
            logging::start(&config.log)?;
            runtime()?.block_on(serve::serve(config, serve.demo))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor(doctor) => {
            let config = doctor.configured.resolve()?;
            let healthy = runtime()?.block_on(doctor::examine(&config));
            Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the system gives no threads")
}
