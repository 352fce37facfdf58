//! The program: what each command does, and the one place where everything is wired together.

mod attendance;
mod audit;
mod backup;
mod clock;
mod connections;
mod demo;
mod doctor;
mod files;
mod logging;
mod machine;
mod providers;
mod retention;
mod seed;
mod serve;
mod sums;
mod tls;
mod top;
mod traces;

use crate::cli::{
    AttendanceCommand, AuditCommand, Backup, Cli, Command, ConfigCommand, ReportsCommand, Restore, RetentionCommand,
    Seed,
};
use crate::config::Config;
use crate::time::Clock;
use anyhow::Context;
use serve::DemoWish;
use std::io::Write;
use std::process::ExitCode;

/// Runs the command that was given.
///
/// # Errors
/// Why it could not be done; the text says what to do.
pub fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Command::Config(ConfigCommand::Print) => {
            say(Config::documented().trim_end());
            Ok(ExitCode::SUCCESS)
        }
        Command::Config(ConfigCommand::Check { file }) => {
            Config::read(file)?;
            say(&format!("{} can be used", file.display()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve(serve) => {
            let config = serve.configured.resolve()?;
            let runtime = runtime()?;
            let exporter = traces::Exporter::to(&config.traces, runtime.handle())?;
            logging::start(&config.log, exporter.as_ref())?;
            let wish = DemoWish { lessons: serve.demo_lessons, country: serve.demo_country };
            runtime.block_on(serve::serve(config, serve.demo.then_some(wish)))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Backup(Backup { configured, file }) => {
            let config = configured.resolve()?;
            runtime()?.block_on(backup::write(&config, file))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Restore(Restore { configured, file }) => {
            let config = configured.resolve()?;
            runtime()?.block_on(backup::restore(&config, file))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Seed(Seed { configured, institutions, trainees, lessons }) => {
            let config = configured.resolve()?;
            let size = seed::Size { institutions: *institutions, trainees: *trainees, lessons: *lessons };
            runtime()?.block_on(seed::write(&config, size))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit(AuditCommand::Verify { configured }) => {
            let config = configured.resolve()?;
            let intact = runtime()?.block_on(audit::verify(&config))?;
            Ok(if intact { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Attendance(AttendanceCommand::Verify { file, key }) => {
            Ok(if attendance::check(file, key)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Reports(ReportsCommand::Rebuild { configured }) => {
            let config = configured.resolve()?;
            runtime()?.block_on(sums::rebuild(&config))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Retention(RetentionCommand::Run { configured, dry_run }) => {
            let config = configured.resolve()?;
            let now = clock::SystemClock.now();
            runtime()?.block_on(retention::run(&config, now, *dry_run))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor(doctor) => {
            let config = doctor.configured.resolve()?;
            let findings = runtime()?.block_on(doctor::examine(&config));
            Ok(if doctor::report(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Top(top) => {
            runtime()?.block_on(top::watch(top))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints a line. Who reads may have gone away, which is no reason to stop serving: `println!` would panic.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the system gives no threads")
}
