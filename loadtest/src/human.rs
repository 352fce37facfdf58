//! A report as a table for people.

use crate::report::{HopQuantiles, JoinQuantiles, Report};
use std::fmt::{self, Display, Formatter};

/// Failures that are spelled out for people; the JSON has them all.
const FAILURES_SHOWN_MAX: usize = 10;

/// Shapes of runs that are spelled out.
const SHAPES_SHOWN_MAX: usize = 5;

impl Report {
    /// Whether the run says what it is meant to say.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.refused.is_none() && self.failures.is_empty()
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, value: fmt::Arguments<'_>| writeln!(f, "{name:<15} {value}");
        let (machine, parameters, delivered) = (&self.machine, &self.parameters, &self.delivered);
        row("scenario", format_args!("{} on {}", self.scenario, self.target))?;
        row(
            "machine",
            format_args!(
                "{}, {} cores, {} MiB, Linux {}",
                machine.cpu, machine.cores, machine.memory_mib, machine.kernel
            ),
        )?;
        row(
            "class",
            format_args!(
                "{} viewers, {} publishers, {} rooms, {} kbit/s, {} s",
                parameters.viewers,
                parameters.publishers,
                parameters.rooms,
                parameters.bitrate_kbps,
                parameters.seconds
            ),
        )?;
        row("sealed with", format_args!("{}", self.seal))?;
        row(
            "delivered",
            format_args!(
                "{} packets ({} video, {} audio), {:.0} a second",
                delivered.packets, delivered.video_packets, delivered.audio_packets, delivered.packets_per_second
            ),
        )?;
        match &self.cpu {
            Some(cpu) => row(
                "server's CPU",
                format_args!(
                    "{:.2} µs a packet ({:.2} user, {:.2} system), {:.1} % of a core",
                    cpu.us_per_packet, cpu.user_us_per_packet, cpu.system_us_per_packet, cpu.server_percent
                ),
            )?,
            None => row("server's CPU", format_args!("unknown: only --spawn sees the server's process"))?,
        }
        if let Some(floor) = &self.floor {
            let (ratio, packet) = (self.ratio.unwrap_or_default(), floor.us_per_packet);
            row("floor", format_args!("{packet:.2} µs a packet; the server is at {ratio:.2} times"))?;
        }
        if let Some(percent) = self.neighbours_percent {
            row("other programs", format_args!("{percent:.1} % of the server's core"))?;
        }
        row("load test's CPU", format_args!("{:.1} %", self.client_percent))?;
        row(
            "lost",
            format_args!(
                "{:.4} %; {} repaired, {} twice, {} out of order",
                self.loss_percent, self.repaired, self.duplicates, self.reordered
            ),
        )?;
        let HopQuantiles { p50, p99, p999 } = self.hop_ms;
        row("hop", format_args!("{p50:.2} ms p50, {p99:.2} ms p99, {p999:.2} ms p99.9"))?;
        row("join", format_args!("{}", self.join_ms))?;
        row("first packet", format_args!("{}", self.first_packet_ms))?;
        if let Some(memory) = &self.memory {
            row(
                "server's memory",
                format_args!(
                    "{} KiB before, {} KiB with all, {:.1} KiB each",
                    memory.before_kib, memory.with_viewers_kib, memory.per_viewer_kib
                ),
            )?;
        }
        row("keyframes asked", format_args!("{}", self.keyframe_requests))?;
        for shape in self.sizes.iter().take(SHAPES_SHOWN_MAX) {
            let (bytes, length, share) = (shape.datagram_bytes, shape.run_length, shape.share * 100.0);
            row("on the wire", format_args!("{share:4.1} % in runs of {length} × {bytes} bytes"))?;
        }
        for failure in self.failures.iter().take(FAILURES_SHOWN_MAX) {
            row("failed", format_args!("{failure}"))?;
        }
        let more = self.failures.len().saturating_sub(FAILURES_SHOWN_MAX);
        if more > 0 {
            row("failed", format_args!("and {more} more"))?;
        }
        match &self.refused {
            Some(reason) => row("REFUSED", format_args!("{reason}")),
            None => Ok(()),
        }
    }
}

impl Display for JoinQuantiles {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} ms p50, {:.0} ms p95, {:.0} ms p99", self.p50, self.p95, self.p99)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_why_a_result_is_none() {
        let mut report = Report { scenario: "lecture".to_owned(), ..Report::default() };
        assert!(report.is_valid());
        assert!(!report.to_string().contains("REFUSED"));
        report.refused = Some("too much".to_owned());
        report.failures = (0..12).map(|number| format!("failure {number}")).collect();
        assert!(!report.is_valid());
        let text = report.to_string();
        assert!(text.contains("REFUSED         too much") && text.contains("and 2 more"), "{text}");
    }
}
