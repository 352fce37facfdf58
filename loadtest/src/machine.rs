//! The machine that a run takes place on, and the division of its cores.

use crate::report::Machine;
use anyhow::{Context, Result};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

impl Machine {
    /// What this machine says about itself; what it does not say stays empty.
    #[must_use]
    pub fn own() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let cpuinfo = read("/proc/cpuinfo");
        let name = cpuinfo.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
        let memory = read("/proc/meminfo");
        let kib = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"));
        let kib = kib.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
        Self {
            cpu: name.map(|(_, name)| name.trim().to_owned()).unwrap_or_default(),
            cores: cpuinfo.lines().filter(|line| line.starts_with("processor")).count(),
            kernel: rustix::system::uname().release().to_string_lossy().into_owned(),
            memory_mib: kib.unwrap_or_default() / 1_024,
        }
    }
}

/// The cores that this process may use.
///
/// # Errors
/// Where the kernel does not say.
pub fn cores() -> Result<Vec<usize>> {
    let set = sched_getaffinity(None).context("ask for this process's cores")?;
    Ok((0..CpuSet::MAX_CPU).filter(|core| set.is_set(*core)).collect())
}

/// Keeps this thread, and those that it starts from now on, on these cores.
///
/// # Errors
/// Where the kernel refuses.
pub fn stay_on(cores: &[usize]) -> Result<()> {
    let mut set = CpuSet::new();
    cores.iter().for_each(|core| set.set(*core));
    sched_setaffinity(None, &set).with_context(|| format!("stay on cores {cores:?}"))
}

/// Lets this process have as many open files as the system allows: each client has two sockets.
pub fn raise_descriptor_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // What is refused shows when a socket can't be opened.
    let _ = setrlimit(Resource::Nofile, limit);
}
