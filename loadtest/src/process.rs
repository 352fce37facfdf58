//! What the kernel accounts to a process or a thread: CPU time and memory.

use anyhow::{Context, Result};
use std::time::Duration;

/// How many of the kernel's ticks a second has: what `sysconf(_SC_CLK_TCK)` says on every Linux.
const TICKS_PER_SECOND: u64 = 100;

/// CPU time since the start of a process or thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuTime {
    pub user: Duration,
    pub system: Duration,
}

impl CpuTime {
    #[must_use]
    pub fn all(&self) -> Duration {
        self.user + self.system
    }

    #[must_use]
    pub fn since(&self, earlier: Self) -> Self {
        Self { user: self.user.saturating_sub(earlier.user), system: self.system.saturating_sub(earlier.system) }
    }

    /// Of a process, all its threads together.
    ///
    /// # Errors
    /// Where there is no such process.
    pub fn of_process(pid: u32) -> Result<Self> {
        read(&format!("/proc/{pid}/stat"))
    }

    /// Of one thread of this process.
    ///
    /// # Errors
    /// Where there is no such thread.
    pub fn of_own_thread(thread: u32) -> Result<Self> {
        read(&format!("/proc/self/task/{thread}/stat"))
    }
}

/// Resident memory of a process, in KiB.
///
/// # Errors
/// Where there is no such process.
pub fn resident_kib(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = std::fs::read_to_string(&path).with_context(|| format!("read {path}"))?;
    resident(&status).with_context(|| format!("{path} has no VmRSS"))
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn read(path: &str) -> Result<CpuTime> {
    let stat = std::fs::read_to_string(path).with_context(|| format!("read {path}"))?;
    parse(&stat).with_context(|| format!("{path} is not as proc(5) says"))
}

/// proc(5): utime and stime are fields 14 and 15; the second is in parentheses and may have anything in it.
fn parse(stat: &str) -> Option<CpuTime> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut ticks = || Some(Duration::from_millis(fields.next()?.parse::<u64>().ok()? * 1_000 / TICKS_PER_SECOND));
    Some(CpuTime { user: ticks()?, system: ticks()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programs_name_does_not_shift_the_fields() {
        let stat = "12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 4 0 100 1000 10";
        let expected = CpuTime { user: Duration::from_millis(1_500), system: Duration::from_millis(250) };
        assert_eq!(parse(stat), Some(expected));
        assert_eq!(parse("12 (a) S 1"), None);
        assert_eq!(resident("Name:\tx\nVmRSS:\t    1234 kB\n"), Some(1_234));
    }

    #[test]
    fn this_process_has_used_memory_and_time() {
        let pid = std::process::id();
        assert!(resident_kib(pid).expect("memory") > 100);
        CpuTime::of_process(pid).expect("time");
    }
}
