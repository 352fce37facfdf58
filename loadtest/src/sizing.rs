//! How big a server has to be, computed from measured runs.
//!
//! With `c` CPU microseconds a packet and `p` packets a second and viewer, one core carries
//! `LOAD × 1 000 000 / (c × p)` viewers. Nothing is guessed: without a run there is no row.

use crate::figures::{figure, measured};
use crate::headline;
use crate::report::Report;
use crate::table::{Row, Table};

/// How much of a core is planned for: what is left carries joins, bursts and the rest of the system.
const LOAD: f64 = 0.7;
/// Ethernet, IPv4 and UDP headers of one datagram, in bytes.
const HEADERS_BYTES: f64 = 14.0 + 20.0 + 8.0;
/// The sizes of institutions that the second table is for, in viewers at the same time.
const VIEWERS: [u32; 5] = [100, 300, 1_000, 3_000, 10_000];

/// What one viewer of a measured run costs.
struct Need {
    name: String,
    packets_per_second: f64,
    us_per_packet: f64,
    /// On the wire, headers included.
    kbps: f64,
    kib: Option<f64>,
}

impl Need {
    /// `None` for a run that measured nothing of the server, or carried nothing.
    fn of(report: &Report) -> Option<Self> {
        let cpu = report.cpu.filter(|cpu| report.refused.is_none() && cpu.us_per_packet > 0.0)?;
        let viewers = report.parameters.viewers as f64;
        let delivered = &report.delivered;
        if viewers < 1.0 || delivered.packets == 0 || delivered.packets_per_second <= 0.0 {
            return None;
        }
        let packets_per_second = delivered.packets_per_second / viewers;
        let bytes_a_packet = delivered.bytes as f64 / delivered.packets as f64 + HEADERS_BYTES;
        Some(Self {
            name: headline::name(report),
            packets_per_second,
            us_per_packet: cpu.us_per_packet,
            kbps: packets_per_second * bytes_a_packet * 8.0 / 1_000.0,
            kib: report.memory.map(|memory| memory.per_viewer_kib),
        })
    }

    fn viewers_per_core(&self) -> f64 {
        LOAD * 1_000_000.0 / (self.us_per_packet * self.packets_per_second)
    }
}

/// Both tables as Markdown; a sentence where nothing was measured yet.
#[must_use]
pub fn markdown(reports: &[Report]) -> String {
    let needs = largest_of_each(reports);
    if needs.is_empty() {
        return "Nothing was measured yet: `make bench` fills this in.\n".to_owned();
    }
    let mut text = per_core(&needs).markdown();
    // The lecture is what most lessons are; its run comes first.
    if let Some(need) = needs.first() {
        text += &format!("\nFor {}, as measured:\n\n{}", need.name, by_viewers(need).markdown());
    }
    text
}

/// Of each kind of run the one with the most viewers: small runs share their fixed costs among few. Runs that hold
/// no lesson (idle, churn, storm) and other servers' are left out.
fn largest_of_each(reports: &[Report]) -> Vec<Need> {
    let mut largest: Vec<&Report> = Vec::new();
    for report in reports {
        let is_lesson = matches!(report.scenario.as_str(), "lecture" | "lecture-audio" | "open-mics" | "seminars");
        if !is_lesson || report.target == "janus" || Need::of(report).is_none() {
            continue;
        }
        match largest.iter_mut().find(|known| headline::name(known) == headline::name(report)) {
            Some(known) if known.parameters.viewers >= report.parameters.viewers => {}
            Some(known) => *known = report,
            None => largest.push(report),
        }
    }
    largest.into_iter().filter_map(Need::of).collect()
}

fn per_core(needs: &[Need]) -> Table {
    let mut table = Table::new(&[
        "lesson",
        "packets/s a viewer",
        "kbit/s a viewer",
        "CPU µs a packet",
        "viewers a core at 70 %",
        "Mbit/s out at that",
        "MiB for viewers at that",
    ]);
    for need in needs {
        let viewers = need.viewers_per_core().floor();
        table.rows.push(Row::Figures(vec![
            need.name.clone(),
            measured(need.packets_per_second),
            measured(need.kbps),
            measured(need.us_per_packet),
            figure(viewers, 0),
            figure(viewers * need.kbps / 1_000.0, 0),
            mebibytes(need, viewers),
        ]));
    }
    table
}

fn by_viewers(need: &Need) -> Table {
    let mut table = Table::new(&["viewers at the same time", "cores at 70 %", "Mbit/s out", "MiB for viewers"]);
    for viewers in VIEWERS.map(f64::from) {
        let cores = viewers / need.viewers_per_core();
        table.rows.push(Row::Figures(vec![
            figure(viewers, 0),
            // Rounded up: half a tenth too much is better than too little.
            figure((cores * 10.0).ceil() / 10.0, 1),
            figure((viewers * need.kbps / 1_000.0).ceil(), 0),
            mebibytes(need, viewers),
        ]));
    }
    table
}

fn mebibytes(need: &Need, viewers: f64) -> String {
    need.kib.map_or_else(|| "–".to_owned(), |kib| figure((viewers * kib / 1_024.0).ceil(), 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Cpu, Delivered, Memory, Parameters};

    fn lecture(viewers: usize, us_per_packet: f64) -> Report {
        Report {
            scenario: "lecture".into(),
            target: "qism".into(),
            parameters: Parameters { viewers, ..Parameters::default() },
            delivered: Delivered {
                packets: 1_000,
                video_packets: 900,
                bytes: 958_000,
                packets_per_second: 100.0 * viewers as f64,
                ..Delivered::default()
            },
            cpu: Some(Cpu { us_per_packet, ..Cpu::default() }),
            memory: Some(Memory { per_viewer_kib: 32.0, ..Memory::default() }),
            ..Report::default()
        }
    }

    #[test]
    fn a_core_carries_what_the_formula_says() {
        // 0.7 s of CPU a second, 100 packets of 7 µs a viewer: 1,000 viewers; 1,000 bytes on the wire: 800 kbit/s.
        let need = Need::of(&lecture(500, 7.0)).expect("a need");
        assert_eq!(need.viewers_per_core().round(), 1_000.0);
        assert_eq!(need.kbps.round(), 800.0);
        assert_eq!(mebibytes(&need, 1_000.0), "32");
    }

    #[test]
    fn the_largest_run_counts_and_refused_ones_do_not() {
        let mut refused = lecture(2_000, 1.0);
        refused.refused = Some("the load test was at its limit".into());
        let needs = largest_of_each(&[lecture(200, 9.0), lecture(1_000, 7.0), refused]);
        assert_eq!(needs.iter().map(|need| need.us_per_packet).collect::<Vec<_>>(), [7.0]);
    }

    #[test]
    fn without_a_run_nothing_is_claimed() {
        assert!(markdown(&[]).starts_with("Nothing was measured"));
    }
}
