use std::collections::BTreeMap;

/// What a server's metrics said at one moment, in Prometheus' text format 0.0.4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// By name, then by labels as they are written.
    series: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Figures {
    /// Reads what can be read; lines of another shape are left out.
    pub fn read(text: &str) -> Self {
        let mut series: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((key, value)) = line.rsplit_once(' ') else { continue };
            let (name, labels) = key.split_once('{').unwrap_or((key, ""));
            if let Ok(value) = value.parse() {
                series.entry(name.to_owned()).or_default().insert(labels.trim_end_matches('}').to_owned(), value);
            }
        }
        Self { series }
    }

    /// The sum of a metric's series whose labels have all of these, as `name="value"`.
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let has_all = |has: &str| labels.iter().all(|label| has.split(',').any(|one| one == *label));
        let of_name = self.series.get(name).into_iter().flatten();
        // Not `sum`, by which nothing comes to -0.
        of_name.filter(|(has, _)| has_all(has)).fold(0.0, |sum, (_, value)| sum + value)
    }

    /// The values of a label over a metric's series, in order.
    pub fn values_of(&self, name: &str, label: &str) -> Vec<String> {
        let labels = self.series.get(name).into_iter().flatten().flat_map(|(labels, _)| labels.split(','));
        let values = labels.filter_map(|one| one.strip_prefix(label)?.strip_prefix("=\"")?.strip_suffix('"'));
        let mut values: Vec<String> = values.map(str::to_owned).collect();
        values.sort_by_key(|value| (value.len(), value.clone()));
        values.dedup();
        values
    }

    /// The upper bound, in seconds, of the bucket in which this share of what a histogram counted since `before` ended.
    /// `None` where nothing was counted.
    pub fn quantile_since(&self, before: &Self, name: &str, share: f64) -> Option<f64> {
        let name = format!("{name}_bucket");
        let mut counts: Vec<(f64, f64)> = Vec::new();
        for bound in self.values_of(&name, "le") {
            let label = format!("le=\"{bound}\"");
            let since = self.sum(&name, &[&label]) - before.sum(&name, &[&label]);
            counts.push((bound.replace("+Inf", "inf").parse().ok()?, since));
        }
        counts.sort_by(|one, other| one.0.total_cmp(&other.0));
        let all = counts.last()?.1;
        (all > 0.0).then_some(())?;
        counts.into_iter().find(|(_, count)| *count >= all * share).map(|(bound, _)| bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "took_bucket{le=\"0.1\",route=\"a\"} 5\ntook_bucket{le=\"1.0\",route=\"a\"} 5\ntook_bucket{le=\"+Inf\",route=\"a\"} 5\n";

    #[test]
    fn series_are_read_and_summed() {
        let text = "# HELP q_rooms Rooms\n# TYPE q_rooms gauge\nq_rooms 3\nq_in{shard=\"10\",way=\"udp\"} 1\nq_in{shard=\"2\",way=\"udp\"} 2.5\nnonsense\n";
        let figures = Figures::read(text);
        assert_eq!(figures.sum("q_rooms", &[]), 3.0);
        assert_eq!(figures.sum("q_in", &[]), 3.5);
        assert_eq!(figures.sum("q_in", &["shard=\"2\""]), 2.5);
        assert_eq!(figures.sum("q_in", &["shard=\"1\""]), 0.0);
        assert_eq!(figures.values_of("q_in", "shard"), ["2", "10"]);
    }

    #[test]
    fn what_a_share_stayed_under_is_of_what_came_since() {
        let before = Figures::read(BEFORE);
        let after = BEFORE.replace("\"0.1\",route=\"a\"} 5", "\"0.1\",route=\"a\"} 14").replace("} 5\n", "} 15\n");
        let after = Figures::read(&after);
        assert_eq!(after.quantile_since(&before, "took", 0.5), Some(0.1));
        assert_eq!(after.quantile_since(&before, "took", 0.95), Some(1.0));
        assert_eq!(before.quantile_since(&before, "took", 0.5), None);
        assert_eq!(before.quantile_since(&before, "other", 0.5), None);
    }
}
