//! Busy times, so ordered that what overlaps a span is found without looking at the rest.

use super::{Busy, Resource};
use crate::schedule::Span;
use crate::time::Timestamp;

/// Busy times sorted by who and start, read as a balanced tree: the middle of a range is its root. Beside each stands
/// the latest end of the range that it is the root of, so that a range that is over before a span starts is passed over.
pub(super) struct Index {
    sorted: Vec<Busy>,
    latest: Vec<Timestamp>,
}

impl Index {
    pub(super) fn new(busy: &[Busy]) -> Self {
        let mut sorted = busy.to_vec();
        sorted.sort_unstable();
        let mut latest = vec![Timestamp(i64::MIN); sorted.len()];
        for own in sorted.chunk_by(|a, b| a.who == b.who) {
            let from = own.first().map_or(0, |first| sorted.partition_point(|busy| busy < first));
            if let Some(latest) = latest.get_mut(from..from + own.len()) {
                note_latest(own, latest);
            }
        }
        Self { sorted, latest }
    }

    /// Tells `visit` what overlaps a span, by start, until it answers no.
    pub(super) fn overlapping(&self, who: Resource, span: Span, visit: &mut impl FnMut(&Busy) -> bool) {
        let from = self.sorted.partition_point(|busy| busy.who < who);
        let to = self.sorted.partition_point(|busy| busy.who <= who);
        if let (Some(own), Some(latest)) = (self.sorted.get(from..to), self.latest.get(from..to)) {
            walk(own, latest, span, visit);
        }
    }
}

fn note_latest(own: &[Busy], latest: &mut [Timestamp]) -> Timestamp {
    let middle = own.len() / 2;
    let Some((before, root, after)) = cut(own, middle) else { return Timestamp(i64::MIN) };
    let (latest_before, rest) = latest.split_at_mut(middle);
    let Some((at_root, latest_after)) = rest.split_first_mut() else { return Timestamp(i64::MIN) };
    let end = root.span.ends_at.max(note_latest(before, latest_before)).max(note_latest(after, latest_after));
    *at_root = end;
    end
}

fn walk(own: &[Busy], latest: &[Timestamp], span: Span, visit: &mut impl FnMut(&Busy) -> bool) -> bool {
    let middle = own.len() / 2;
    let Some((before, root, after)) = cut(own, middle) else { return true };
    let Some((latest_before, latest_of_all, latest_after)) = cut(latest, middle) else { return true };
    if *latest_of_all <= span.starts_at {
        return true;
    }
    if !walk(before, latest_before, span, visit) {
        return false;
    }
    if root.span.starts_at >= span.ends_at {
        return true;
    }
    if root.span.overlaps(span) && !visit(root) {
        return false;
    }
    walk(after, latest_after, span, visit)
}

fn cut<T>(items: &[T], middle: usize) -> Option<(&[T], &T, &[T])> {
    let (before, rest) = items.split_at_checked(middle)?;
    let (root, after) = rest.split_first()?;
    Some((before, root, after))
}
