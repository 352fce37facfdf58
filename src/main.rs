//! The program `qism`.

use clap::Parser;
use qism::app;
use qism::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    match app::run(&Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("qism: {error:#}");
            ExitCode::FAILURE
        }
    }
}
