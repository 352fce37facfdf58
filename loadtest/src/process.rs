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

/// How long one core has been busy, whoever kept it so; time that the hypervisor took away included.
///
/// # Errors
/// Where there is no such core.
pub fn core_busy(core: usize) -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/stat").context("read /proc/stat")?;
    busy(&stat, core).with_context(|| format!("/proc/stat has no core {core}"))
}

/// proc(5): user, nice, system, idle, iowait, irq, softirq, steal.
fn busy(stat: &str, core: usize) -> Option<Duration> {
    let name = format!("cpu{core} ");
    let line = stat.lines().find_map(|line| line.strip_prefix(&name))?;
    let fields: Vec<u64> = line.split_whitespace().map_while(|field| field.parse().ok()).collect();
    let [user, nice, system, _idle, _iowait, irq, softirq, steal, ..] = fields.as_slice() else { return None };
    Some(ticks(user + nice + system + irq + softirq + steal))
}

fn ticks(count: u64) -> Duration {
    Duration::from_millis(count * 1_000 / TICKS_PER_SECOND)
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
    let mut next = || fields.next()?.parse().ok().map(ticks);
    Some(CpuTime { user: next()?, system: next()? })
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
    fn a_core_is_busy_with_all_but_waiting() {
        let stat = "cpu  9 9 9 9 9 9 9 9 0 0\ncpu1 1 2 3 100 50 4 5 6 0 0\ncpu11 0 0 0 0 0 0 0 0 0 0\n";
        assert_eq!(busy(stat, 1), Some(Duration::from_millis(210)));
        assert_eq!(busy(stat, 2), None);
    }

    #[test]
    fn this_process_has_used_memory_and_time() {
        let pid = std::process::id();
        assert!(resident_kib(pid).expect("memory") > 100);
        CpuTime::of_process(pid).expect("time");
    }
}
