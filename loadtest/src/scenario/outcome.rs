//! From what a scenario found to its report.

use super::joining::Joins;
use super::stage::{Stage, Window};
use crate::floor::Floor;
use crate::options::Options;
use crate::report::{Cpu, Delivered, Machine, Memory, Parameters, Report};
use anyhow::Result;

/// From this CPU use on, in percent, the load test was the bottleneck.
const SATURATED_PERCENT: f64 = 92.0;

/// What a scenario found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub scenario: &'static str,
    pub viewers: usize,
    pub publishers: usize,
    pub joins: Joins,
    pub window: Window,
    pub floor: Option<Floor>,
    pub memory: Option<Memory>,
    pub keyframe_requests: u64,
}

impl Outcome {
    /// The report, with what went wrong on the stage.
    ///
    /// # Errors
    /// Never in practice: where the clock has no date.
    pub fn report(self, stage: &Stage, options: &Options) -> Result<Report> {
        let Self { window, joins, floor, .. } = self;
        let packets = window.counted.arrivals.packets();
        let seconds = window.elapsed.as_secs_f64().max(1e-3);
        let cpu = window.server.map(|server| {
            let per_packet = |time: std::time::Duration| time.as_secs_f64() * 1e6 / packets.max(1) as f64;
            let measures = packets > 0;
            Cpu {
                user_us_per_packet: if measures { per_packet(server.user) } else { 0.0 },
                system_us_per_packet: if measures { per_packet(server.system) } else { 0.0 },
                us_per_packet: if measures { per_packet(server.all()) } else { 0.0 },
                server_percent: server.all().as_secs_f64() * 100.0 / seconds,
            }
        });
        let ratio = cpu.zip(floor).filter(|(cpu, floor)| cpu.us_per_packet > 0.0 && floor.us_per_packet > 0.0);
        if window.counted.unopened > 0 {
            stage.failures.note(format!("{} packets could not be opened", window.counted.unopened));
        }
        Ok(Report {
            scenario: self.scenario.to_owned(),
            target: "qism".to_owned(),
            command: std::env::args().collect::<Vec<_>>().join(" "),
            commit: commit(),
            started_at: stage.started_at.clone(),
            machine: Machine::own(),
            parameters: Parameters {
                viewers: self.viewers,
                publishers: self.publishers,
                // Janus has one, which is not a lesson of ours.
                rooms: stage.rooms.len().max(1),
                bitrate_kbps: options.bitrate,
                seconds: window.timeline.len() as u64,
            },
            // The only one that the clients offer: without it there is no handshake.
            seal: "AEAD_AES_128_GCM".to_owned(),
            delivered: Delivered {
                packets,
                video_packets: window.counted.arrivals.video_packets,
                audio_packets: window.counted.arrivals.audio_packets,
                bytes: window.counted.arrivals.bytes,
                packets_per_second: packets as f64 / seconds,
            },
            cpu,
            client_percent: window.client_percent,
            floor,
            ratio: ratio.map(|(cpu, floor)| cpu.us_per_packet / floor.us_per_packet),
            loss_percent: window.totals.loss_percent(),
            duplicates: window.totals.duplicates,
            reordered: window.totals.reordered,
            repaired: window.totals.repaired,
            neighbours_percent: window.neighbours_percent,
            hop_ms: window.notes.hop_ms,
            join_ms: joins.join_ms(),
            first_packet_ms: joins.first_packet_ms(),
            memory: self.memory,
            keyframe_requests: self.keyframe_requests,
            refused: refusal(window.client_percent),
            failures: stage.failures.take(),
            timeline: window.timeline,
            hop_histogram: window.notes.hop_histogram,
            sizes: window.notes.sizes,
        })
    }
}

/// The commit of the sources that this program was built from, with a mark where they were changed since.
fn commit() -> String {
    let sources = env!("CARGO_MANIFEST_DIR");
    let described = std::process::Command::new("git").args(["-C", sources, "describe", "--always", "--dirty"]).output();
    let described = described.ok().filter(|output| output.status.success());
    described.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn refusal(client_percent: f64) -> Option<String> {
    (client_percent > SATURATED_PERCENT).then(|| {
        format!(
            "the load test itself was the bottleneck: it used {client_percent:.0} % of its core, of which \
             {SATURATED_PERCENT} % is the most that a result may stand on"
        )
    })
}

/// What the server's memory has become with so many viewers.
#[must_use]
pub fn memory(before_kib: Option<u64>, with_viewers_kib: Option<u64>, viewers: usize) -> Option<Memory> {
    let (before_kib, with_viewers_kib) = before_kib.zip(with_viewers_kib)?;
    let grown = with_viewers_kib as f64 - before_kib as f64;
    Some(Memory { before_kib, with_viewers_kib, per_viewer_kib: grown / viewers.max(1) as f64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saturated_load_test_refuses_its_result() {
        assert!(refusal(92.0).is_none());
        assert!(refusal(99.4).is_some_and(|reason| reason.contains("99 %")));
    }

    #[test]
    fn memory_is_told_for_each_viewer() {
        let memory = memory(Some(20_000), Some(52_000), 1_000).expect("both are known");
        assert!((memory.per_viewer_kib - 32.0).abs() < 1e-9);
        assert!(super::memory(None, Some(1), 1).is_none());
    }
}
