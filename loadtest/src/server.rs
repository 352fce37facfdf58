//! A demo server of its own for one test or run: on free ports, with its data in a folder that goes with it.

use crate::demo::Demo;
use crate::http::{Reply, Request, send};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// How long a server may take to serve: it makes keys and a database first.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// How often it is looked at meanwhile.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// The program, if not the one that `QISM_BIN` names or that was built beside this one.
    pub program: Option<PathBuf>,
    /// The core that it stays on.
    pub core: Option<usize>,
    /// How many lessons are on air; 0 is 1 too.
    pub lessons: usize,
    /// The configuration file beneath the command line.
    pub config: String,
}

/// A running server; dropping it kills it.
pub struct Server {
    child: Child,
    folder: TempDir,
    pub demo: Demo,
}

impl Server {
    /// Starts the program that `QISM_BIN` names, or the one that was built beside the running test.
    ///
    /// # Errors
    /// Where there is no program, or it does not serve within 30 s.
    pub async fn start() -> Result<Self> {
        Self::launch(&Launch::default()).await
    }

    /// Starts a server in a certain way.
    ///
    /// # Errors
    /// Where there is no program, it can't be kept on its core, or it does not serve within 30 s.
    pub async fn launch(launch: &Launch) -> Result<Self> {
        let program = match &launch.program {
            Some(program) => program.clone(),
            None => program()?,
        };
        let folder = tempfile::Builder::new().prefix("qism-test-").tempdir()?;
        let file = folder.path().join("qism.toml");
        std::fs::write(&file, &launch.config)?;
        let mut command = match launch.core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", &core.to_string()]).arg(&program);
                command
            }
            None => Command::new(&program),
        };
        command.args(["serve", "--demo"]);
        if launch.lessons > 1 {
            command.args(["--demo-lessons", &launch.lessons.to_string()]);
        }
        let child = command
            .args(["--listen", "127.0.0.1:0", "--media-port", "0", "--data-dir"])
            .arg(folder.path())
            .arg("--config")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("log"))?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("start {}", program.display()))?;
        wait_until_ready(child, folder).await
    }

    /// The process, for the kernel's accounting of it; nothing once it has ended.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether the process still runs.
    ///
    /// # Errors
    /// Where the process can't be asked.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// `GET`s a path.
    ///
    /// # Errors
    /// Where the server does not answer.
    pub async fn look_up(&self, path: &str) -> Result<Reply> {
        send(&self.demo.base_url, Request { method: "GET", path, headers: &[], body: &[] }).await
    }

    /// The sum of a metric over all its labels; 0 where it is not there.
    ///
    /// # Errors
    /// Where the server does not answer.
    pub async fn metric(&self, name: &str) -> Result<f64> {
        let page = self.look_up("/metrics").await?;
        ensure!(page.status == 200, "/metrics was answered {}", page.status);
        Ok(page.text().lines().filter_map(|line| sample(line, name)).sum())
    }

    /// What the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

async fn wait_until_ready(mut child: Child, folder: TempDir) -> Result<Server> {
    let deadline = Instant::now() + START_TIMEOUT;
    let file = folder.path().join("demo.json");
    let log = |folder: &TempDir| std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
    loop {
        if let Some(status) = child.try_wait()? {
            anyhow::bail!("the server ended with {status}:\n{}", log(&folder));
        }
        // Written when the server is ready; half a file is not JSON.
        if let Ok(demo) = Demo::read(&file) {
            return Ok(Server { child, folder, demo });
        }
        ensure!(Instant::now() < deadline, "the server wrote no demo.json in time:\n{}", log(&folder));
        sleep(LOOK_INTERVAL).await;
    }
}

fn program() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("QISM_BIN") {
        return Ok(PathBuf::from(named));
    }
    // A test runs in target/PROFILE/deps, the load test in target/PROFILE.
    let own = std::env::current_exe()?;
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join("qism")).find(|path| is_file(path));
    beside.context("there is no server to test: `cargo build` first, or name one in QISM_BIN")
}

fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// The value of one line of Prometheus' text format, if it is a sample of this metric.
fn sample(line: &str, name: &str) -> Option<f64> {
    let rest = line.strip_prefix(name)?;
    let value = match rest.strip_prefix('{') {
        Some(labels) => labels.rsplit_once('}')?.1,
        None => rest.strip_prefix(' ')?,
    };
    value.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_told_from_its_neighbours() {
        assert_eq!(sample("a_total{shard=\"0\"} 12", "a_total"), Some(12.0));
        assert_eq!(sample("a_total 3.5 1700000000", "a_total"), Some(3.5));
        assert_eq!(sample("a_total_bytes 3", "a_total"), None);
        assert_eq!(sample("# HELP a_total of a", "a_total"), None);
    }
}
