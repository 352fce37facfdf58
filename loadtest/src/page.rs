//! A report as one HTML file: no script, no font and no picture from elsewhere, so that it can be mailed and kept.

use crate::chart::{Axes, Line, STYLE, histogram, lines};
use crate::figures::{count, escaped, figure, measured, percent};
use crate::headline;
use crate::report::{Bucket, Machine, Report};
use crate::table::{Row, Table};
use std::collections::BTreeSet;

/// The page's own look; the charts bring theirs and the tokens.
const PAGE_STYLE: &str = include_str!("page.css");

/// The upper bounds of the histogram's bars, in milliseconds; one more bar is for all that took longer.
const HOP_BOUNDS_MS: [f64; 11] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

/// The whole page. Text from reports is escaped: they may come from anywhere.
#[must_use]
pub fn page(reports: &[Report]) -> String {
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Load test</title>\n<style>\n{STYLE}{PAGE_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Load test</h1>\n"
    );
    text += &format!("<p class=\"where\">{}</p>\n", escaped(&whereabouts(reports)));
    if reports.is_empty() {
        return text + "<p>There is no run to show yet.</p>\n</main>\n</body>\n</html>\n";
    }
    text += &wide("All runs", &headline::table(reports).html());
    text += "<section>\n<h2>CPU time of a packet</h2>\n<p>What the server used, divided by the packets that arrived. \
             The floor is what this machine needs to seal and send the same packets and nothing else, measured after \
             each run.</p>\n";
    text += &wide("CPU time of a packet, as a chart", &headline::cpu_chart(reports));
    for sentence in headline::comparisons(reports) {
        text += &format!("<p>{}.</p>\n", escaped(&sentence));
    }
    text += &twin(&cpu_table(reports));
    text += "</section>\n";
    for report in reports {
        text += &section(report);
    }
    text + WORDS + "</main>\n</body>\n</html>\n"
}

/// The chart of the CPU time of a packet as a picture of its own, for documents.
#[must_use]
pub fn svg_chart(reports: &[Report]) -> String {
    let chart = headline::cpu_chart(reports);
    // The style goes in as the first child; the wall behind, so that it reads on any page.
    match chart.split_once('>') {
        Some((start, rest)) => {
            format!(
                "{start}><style>{STYLE}</style><rect width=\"100%\" height=\"100%\" style=\"fill: var(--wall)\"/>{rest}\n"
            )
        }
        None => chart,
    }
}

/// Machine, kernel, commit and day in one sentence; where runs differ, all of them.
#[must_use]
pub fn whereabouts(reports: &[Report]) -> String {
    let all = |of: fn(&Report) -> String| {
        let values: BTreeSet<String> = reports.iter().map(of).filter(|value| !value.is_empty()).collect();
        values.into_iter().collect::<Vec<_>>().join("; ")
    };
    let day = |report: &Report| report.started_at.split('T').next().unwrap_or_default().to_owned();
    let parts = [
        all(|report| machine(&report.machine)),
        all(|report| match report.machine.kernel.as_str() {
            "" => String::new(),
            kernel => format!("Linux {kernel}"),
        }),
        all(|report| if report.commit.is_empty() { String::new() } else { format!("commit {}", report.commit) }),
        all(day),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn machine(machine: &Machine) -> String {
    if machine.cpu.is_empty() {
        return String::new();
    }
    let memory_gib = machine.memory_mib as f64 / 1_024.0;
    format!("{}, {} cores, {} GiB", machine.cpu, machine.cores, figure(memory_gib, 0))
}

fn section(report: &Report) -> String {
    let viewers = count(report.parameters.viewers as u64);
    let mut text = format!("<section>\n<h2>{}, {viewers} viewers</h2>\n", escaped(&headline::name(report)));
    if let Some(why) = &report.refused {
        text += &format!(
            "<p class=\"attention\"><strong>Refused.</strong> {} The figures below say nothing about the server.</p>\n",
            escaped(why)
        );
    }
    text += &format!("<p><code>{}</code></p>\n", escaped(&report.command));
    let on_wire = headline::shapes(&report.sizes);
    if !on_wire.is_empty() {
        text += &format!(
            "<p class=\"quiet\">On the wire, runs of: {}. Sealed with {}.</p>\n",
            escaped(&on_wire),
            escaped(&report.seal)
        );
    }
    if !report.failures.is_empty() {
        let items: String =
            report.failures.iter().take(FAILURES_SHOWN_MAX).map(|what| format!("<li>{}</li>", escaped(what))).collect();
        text += &format!(
            "<p class=\"attention\"><strong>{} failures</strong></p><ul>{items}</ul>\n",
            count(report.failures.len() as u64)
        );
    }
    text += "<div class=\"panels\">\n";
    text += &panel("Hop: from sending to arrival", &hop_chart(&report.hop_histogram), &hop_table(report));
    text += &panel("CPU over time", &cpu_over_time(report), &time_table(report));
    text += &panel("Loss over time", &loss_over_time(report), &loss_table(report));
    text + "</div>\n</section>\n"
}

/// The JSON has them all.
const FAILURES_SHOWN_MAX: usize = 10;

fn panel(title: &str, chart: &str, table: &Table) -> String {
    format!("<figure><figcaption>{}</figcaption>{chart}{}</figure>\n", escaped(title), twin(table))
}

/// The same figures as a table, for those who want to read them.
fn twin(table: &Table) -> String {
    format!(
        "<details><summary>As a table</summary><div class=\"wide\" role=\"region\" aria-label=\"Table\" tabindex=\"0\">{}</div></details>\n",
        table.html()
    )
}

/// What may be wider than the screen scrolls by itself, by keyboard too.
fn wide(label: &str, content: &str) -> String {
    format!("<div class=\"wide\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">{content}</div>\n", escaped(label))
}

fn cpu_table(reports: &[Report]) -> Table {
    let mut table = Table::new(&["run", "viewers", "user, µs", "system, µs", "floor, µs", "× floor"]);
    for report in reports {
        let Some(cpu) = report.cpu.filter(|_| report.refused.is_none() && report.delivered.packets > 0) else {
            continue;
        };
        let optional = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), measured);
        table.rows.push(Row::Figures(vec![
            headline::name(report),
            count(report.parameters.viewers as u64),
            measured(cpu.user_us_per_packet),
            measured(cpu.system_us_per_packet),
            optional(report.floor.map(|floor| floor.us_per_packet)),
            optional(report.ratio),
        ]));
    }
    table
}

/// The share of the packets, in percent, in each of the histogram's bars, up to the last that is not empty.
fn hop_shares(buckets: &[Bucket]) -> Vec<(String, f64)> {
    let all: u64 = buckets.iter().map(|bucket| bucket.count).sum();
    let mut counts = [0_u64; HOP_BOUNDS_MS.len() + 1];
    for bucket in buckets {
        let place = HOP_BOUNDS_MS.iter().position(|bound| bucket.up_to_us as f64 <= bound * 1_000.0);
        counts[place.unwrap_or(HOP_BOUNDS_MS.len())] += bucket.count;
    }
    let last = counts.iter().rposition(|count| *count > 0).map_or(0, |place| place + 1);
    let names = HOP_BOUNDS_MS.iter().map(|bound| format!("{bound}")).chain(["more".to_owned()]);
    names.zip(counts).take(last).map(|(name, count)| (name, count as f64 * 100.0 / all as f64)).collect()
}

fn hop_chart(buckets: &[Bucket]) -> String {
    let axes = Axes {
        label: "How long packets took from sending to arrival, in percent of all packets",
        upward: "% of packets",
        across: "ms at most",
        top_min: 1.0,
    };
    histogram(axes, &hop_shares(buckets))
}

fn hop_table(report: &Report) -> Table {
    let mut table = Table::new(&["ms at most", "share"]);
    let rows = hop_shares(&report.hop_histogram).into_iter();
    table.rows = rows.map(|(name, share)| Row::Figures(vec![name, percent(share)])).collect();
    let hop = report.hop_ms;
    for (name, value) in [("p50", hop.p50), ("p99", hop.p99), ("p99.9", hop.p999)] {
        table.rows.push(Row::Figures(vec![name.to_owned(), format!("{} ms", measured(value))]));
    }
    table
}

fn cpu_over_time(report: &Report) -> String {
    let axes = Axes {
        label: "CPU of server and load test, second by second, in percent",
        upward: "% of a core (load test: of its cores)",
        across: "seconds",
        top_min: 100.0,
    };
    let server = report.timeline.iter().map(|second| second.server_percent).collect();
    let client = report.timeline.iter().map(|second| Some(second.client_percent)).collect();
    lines(
        axes,
        &[
            Line { name: "server", class: "line-server", values: server },
            Line { name: "load test", class: "line-client", values: client },
        ],
    )
}

fn time_table(report: &Report) -> Table {
    let mut table = Table::new(&["second", "server", "load test"]);
    let rows = report.timeline.iter().map(|second| {
        let server = second.server_percent.map_or_else(|| "–".to_owned(), percent);
        Row::Figures(vec![second.second.to_string(), server, percent(second.client_percent)])
    });
    table.rows = rows.collect();
    table
}

fn loss_over_time(report: &Report) -> String {
    let axes = Axes {
        label: "Packets that never arrived, second by second, in percent",
        upward: "% lost",
        across: "seconds",
        top_min: 1.0,
    };
    let values = report.timeline.iter().map(|second| Some(share_lost(second.packets, second.lost))).collect();
    // What is well stays quiet.
    let class = if report.timeline.iter().any(|second| second.lost > 0) { "line-lost" } else { "line-server" };
    lines(axes, &[Line { name: "lost", class, values }])
}

fn loss_table(report: &Report) -> Table {
    let mut table = Table::new(&["second", "packets", "lost", "share"]);
    let rows = report.timeline.iter().map(|second| {
        let share = percent(share_lost(second.packets, second.lost));
        Row::Figures(vec![second.second.to_string(), count(second.packets), count(second.lost), share])
    });
    table.rows = rows.collect();
    table
}

fn share_lost(arrived: u64, lost: u64) -> f64 {
    if lost == 0 { 0.0 } else { lost as f64 * 100.0 / (arrived + lost) as f64 }
}

const WORDS: &str = "<section>\n<h2>What the words mean</h2>\n<dl>\n\
    <dt>µs a packet</dt><dd>CPU time of the server's process, by the kernel's accounting, divided by the packets that \
    arrived at all viewers. On one machine the kernel's receive path is charged to whoever sends, here and in the floor.</dd>\n\
    <dt>Floor</dt><dd>The same sizes in the same runs, sealed with AES-128-GCM and sent to the same sockets from the \
    server's core: nothing that forwards can cost less here.</dd>\n\
    <dt>Hop</dt><dd>From a packet's sending to its arrival at a viewer, both on one clock: server and both ways.</dd>\n\
    <dt>First packet</dt><dd>From a viewer's first request to its first media packet.</dd>\n\
    <dt>Refused</dt><dd>The load test itself was at its limit: such a run measures nothing.</dd>\n\
    </dl>\n</section>\n";
