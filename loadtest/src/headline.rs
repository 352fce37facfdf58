//! The figures that every form of a report shows first: what each run cost and gave, in one table and one chart.

use crate::chart::{Axes, Pair, pairs};
use crate::figures::{count, figure, measured, percent};
use crate::report::{Report, RunShape};
use crate::table::{Row, Table};

/// In this order runs are shown; scenarios without a place come last.
const ORDER: [&str; 7] = ["lecture", "lecture-audio", "open-mics", "seminars", "storm", "idle", "churn"];

/// What a run is called: its scenario, what is special about it, and the server if it is not this project's.
#[must_use]
pub fn name(report: &Report) -> String {
    let mut name = match report.scenario.as_str() {
        "lecture-audio" => "lecture, voice only".to_owned(),
        scenario => scenario.to_owned(),
    };
    if report.parameters.rooms > 1 {
        name += &format!(", {} rooms", report.parameters.rooms);
    }
    if !matches!(report.target.as_str(), "" | "qism") {
        name += &format!(" ({})", report.target);
    }
    name
}

/// Puts runs into the order in which they are shown.
pub fn sort(reports: &mut [Report]) {
    let place = |report: &Report| ORDER.iter().position(|name| *name == report.scenario).unwrap_or(ORDER.len());
    let key = |report: &Report| (place(report), report.target == "janus", report.parameters.viewers, name(report));
    reports.sort_by_cached_key(key);
}

/// A row a run.
#[must_use]
pub fn table(reports: &[Report]) -> Table {
    let mut table = Table::new(&[
        "run",
        "viewers",
        "packets/s",
        "server CPU",
        "µs a packet",
        "user + system",
        "floor",
        "× floor",
        "lost",
        "hop p50 / p99 / p99.9, ms",
        "first packet p50 / p95 / p99, ms",
        "KiB a viewer",
    ]);
    table.rows = reports.iter().map(row).collect();
    table
}

fn row(report: &Report) -> Row {
    let failures = match report.failures.len() {
        0 => String::new(),
        1 => " (1 failure)".to_owned(),
        many => format!(" ({} failures)", count(many as u64)),
    };
    let lead = vec![name(report) + &failures, count(report.parameters.viewers as u64)];
    if let Some(why) = &report.refused {
        return Row::Remark { lead, remark: format!("refused: {why}") };
    }
    let mut cells = lead;
    let cpu = report.cpu.filter(|_| report.delivered.packets > 0);
    cells.push(figure(report.delivered.packets_per_second, 0));
    cells.push(or_dash(report.cpu.map(|cpu| percent(cpu.server_percent))));
    cells.push(or_dash(cpu.map(|cpu| measured(cpu.us_per_packet))));
    cells.push(or_dash(
        cpu.map(|cpu| format!("{} + {}", measured(cpu.user_us_per_packet), measured(cpu.system_us_per_packet))),
    ));
    cells.push(or_dash(report.floor.map(|floor| measured(floor.us_per_packet))));
    cells.push(or_dash(report.ratio.map(|ratio| figure(ratio, 2))));
    cells.push(percent(report.loss_percent));
    let (hop, first) = (report.hop_ms, report.first_packet_ms);
    cells.push(quantiles(&[hop.p50, hop.p99, hop.p999]));
    cells.push(quantiles(&[first.p50, first.p95, first.p99]));
    // People who come and go are told by how much a cycle leaves behind.
    let each = if report.scenario == "churn" { " a cycle" } else { "" };
    cells.push(or_dash(report.memory.map(|memory| measured(memory.per_viewer_kib) + each)));
    Row::Figures(cells)
}

fn quantiles(values: &[f64]) -> String {
    if values.iter().all(|value| *value == 0.0) {
        return or_dash(None);
    }
    values.iter().map(|value| measured(*value)).collect::<Vec<_>>().join(" / ")
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// What another server's packets cost in terms of ours, a sentence for each pair of runs of the same lesson.
#[must_use]
pub fn comparisons(reports: &[Report]) -> Vec<String> {
    let cost = |report: &Report| report.cpu.filter(|_| report.refused.is_none()).map(|cpu| cpu.us_per_packet);
    let others = reports.iter().filter(|report| report.target == "janus");
    let sentence = |other: &Report| {
        let is_same = |own: &&Report| {
            own.target == "qism" && own.scenario == other.scenario && own.parameters.viewers == other.parameters.viewers
        };
        let (ours, theirs) = (cost(reports.iter().find(is_same)?)?, cost(other)?);
        let (scenario, viewers) = (&other.scenario, count(other.parameters.viewers as u64));
        (ours > 0.0).then(|| {
            format!(
                "{scenario}, {viewers} viewers: {} µs a packet here, {} µs with Janus, {} times as much",
                measured(ours),
                measured(theirs),
                measured(theirs / ours)
            )
        })
    };
    others.filter_map(sentence).collect()
}

/// The CPU time of a packet, run by run, with the floor beside it. Runs that carry next to nothing, and runs that were
/// refused, have no bars.
#[must_use]
pub fn cpu_chart(reports: &[Report]) -> String {
    let bars: Vec<Pair> = reports.iter().filter_map(pair).collect();
    let axes = Axes {
        label: "CPU time of the server per packet, user and system, in microseconds, with the floor beside it",
        upward: "CPU µs per forwarded packet",
        across: "run, viewers",
        top_min: 1.0,
    };
    pairs(axes, &bars)
}

fn pair(report: &Report) -> Option<Pair> {
    let cpu = report.cpu.filter(|_| report.refused.is_none() && report.scenario != "idle")?;
    if report.delivered.packets == 0 {
        return None;
    }
    let mut names: Vec<String> = name(report).split(", ").map(str::to_owned).collect();
    names.truncate(2);
    names.push(count(report.parameters.viewers as u64));
    Some(Pair {
        names,
        user: cpu.user_us_per_packet,
        system: cpu.system_us_per_packet,
        floor: report.floor.map(|floor| floor.us_per_packet),
    })
}

/// The sizes and runs of what arrived, in words: `6 × 1 200 B (88 %), 1 × 130 B (12 %)`; the most frequent first.
#[must_use]
pub fn shapes(sizes: &[RunShape]) -> String {
    let mut sizes = sizes.to_vec();
    sizes.sort_by(|one, other| other.share.total_cmp(&one.share));
    let words = sizes.iter().take(SHAPES_SHOWN_MAX).map(|shape| {
        let RunShape { datagram_bytes, run_length, share } = shape;
        format!("{run_length} × {} B ({})", count(*datagram_bytes as u64), percent(share * 100.0))
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The rest is noise: a page is for people, the JSON has them all.
const SHAPES_SHOWN_MAX: usize = 4;
