//! From the OpenMetrics text to Prometheus' older one, which more programs read.
//!
//! The two differ in what a counter is called: OpenMetrics describes `requests` and counts `requests_total`, the older
//! text describes what it counts. (prometheus.io, "Exposition formats"; OpenMetrics 1.0, "Counter".)

/// The same metrics in the text format 0.0.4.
pub(super) fn of(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut described: Option<(&str, &str)> = None;
    for line in open_metrics.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            described = help.split_once(' ');
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let Some((name, kind)) = kind.split_once(' ') else { continue };
            let (name, kind) = match kind {
                "counter" => (format!("{name}_total"), "counter"),
                "info" => (format!("{name}_info"), "gauge"),
                kind => (name.to_owned(), kind),
            };
            if let Some((_, help)) = described.take() {
                text.push_str(&format!("# HELP {name} {}\n", help.trim_end_matches('.')));
            }
            text.push_str(&format!("# TYPE {name} {kind}\n"));
        } else if !line.starts_with('#') {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_described_as_it_is_counted() {
        let open = "# HELP q_asked Requests.\n# TYPE q_asked counter\nq_asked_total{a=\"b\"} 3\n\
                    # HELP q_open Open.\n# TYPE q_open gauge\nq_open 1\n# EOF\n";
        let plain = "# HELP q_asked_total Requests\n# TYPE q_asked_total counter\nq_asked_total{a=\"b\"} 3\n\
                     # HELP q_open Open\n# TYPE q_open gauge\nq_open 1\n";
        assert_eq!(of(open), plain);
    }
}
