//! What the process takes of the machine, under the names that every Prometheus client has for it.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use std::fs;

/// Clock ticks a second in `/proc`: fixed on Linux whatever the kernel's own are (`man 5 proc`, USER_HZ).
const TICKS_PER_SECOND: f64 = 100.0;

/// Reads `/proc` whenever the metrics are read; where there is none, it has nothing to say.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        if let Some(seconds) = cpu_seconds(&stat) {
            let help = "CPU time of the process, user and system together";
            let family = encoder.encode_descriptor("process_cpu_seconds", help, None, MetricType::Counter)?;
            ConstCounter::new(seconds).encode(family)?;
        }
        let gauges = [
            ("process_resident_memory_bytes", "Memory that the process holds", resident_bytes(&status)),
            ("process_open_fds", "Files and sockets that are open", open_files()),
            ("process_threads", "Threads of the process", field(&status, "Threads:")),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                ConstGauge::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
            }
        }
        Ok(())
    }
}

/// Fields 14 and 15 of `/proc/self/stat`; what stands before the last bracket is the program's name.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

fn resident_bytes(status: &str) -> Option<u64> {
    field(status, "VmRSS:").map(|kilobytes| kilobytes.saturating_mul(1024))
}

fn field(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

fn open_files() -> Option<u64> {
    u64::try_from(fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_says_is_read() {
        let stat = "7 (q) (ism) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 5 0 100 1000 50";
        assert_eq!(cpu_seconds(stat), Some(3.0));
        assert_eq!(cpu_seconds("7"), None);
        assert_eq!(resident_bytes("Name:\tqism\nVmRSS:\t   2048 kB\nThreads:\t5\n"), Some(2 * 1024 * 1024));
        assert_eq!(field("Threads:\t5\n", "Threads:"), Some(5));
        assert!(open_files().is_some_and(|count| count > 0));
    }
}
