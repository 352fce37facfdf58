//! One person's time in a lesson, with however many devices.

use super::{Span, Spell, SpellKind};
use crate::time::Timestamp;

/// How one person was in a lesson while it was on air. Lengths are in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonAccount {
    /// In order, apart from each other, and neighbours of different kinds.
    pub spells: Vec<Spell>,
    pub present_us: i64,
    pub away_us: i64,
    pub dropped_us: i64,
    /// How much of what they were present was within the planned time.
    pub planned_present_us: i64,
    /// How much of what they were away was within the planned time.
    pub planned_away_us: i64,
    /// How often their connection was lost and they had no other.
    pub drops: u32,
    /// When they were first there; absent where they never were.
    pub first_at: Option<Timestamp>,
    /// When they were last there (present or away).
    pub last_at: Option<Timestamp>,
}

impl PersonAccount {
    /// Sums up spells as [`merged`] gives them.
    pub(super) fn new(spells: Vec<Spell>, planned: Span) -> Self {
        let mut sums = Self::default();
        let mut before = None;
        for spell in &spells {
            let length = spell.span().length_us();
            let within = spell.span().common(planned).map_or(0, Span::length_us);
            match spell.kind {
                SpellKind::Present => {
                    sums.present_us = sums.present_us.saturating_add(length);
                    sums.planned_present_us = sums.planned_present_us.saturating_add(within);
                }
                SpellKind::Away => {
                    sums.away_us = sums.away_us.saturating_add(length);
                    sums.planned_away_us = sums.planned_away_us.saturating_add(within);
                }
                SpellKind::Dropped => {
                    sums.dropped_us = sums.dropped_us.saturating_add(length);
                    // A drop that the server's own absence cuts in two is one.
                    if before != Some(SpellKind::Dropped) {
                        sums.drops = sums.drops.saturating_add(1);
                    }
                }
            }
            if spell.kind != SpellKind::Dropped {
                sums.first_at = sums.first_at.or(Some(spell.from));
                sums.last_at = Some(spell.to);
            }
            before = Some(spell.kind);
        }
        Self { spells, ..sums }
    }
}

/// Spells of several devices as those of one person: at each instant the best of them counts.
pub(super) fn merged(spells: impl Iterator<Item = Spell>) -> Vec<Spell> {
    let mut edges: Vec<(Timestamp, SpellKind, i32)> = Vec::new();
    for spell in spells.filter(|spell| spell.from < spell.to) {
        edges.push((spell.from, spell.kind, 1));
        edges.push((spell.to, spell.kind, -1));
    }
    edges.sort_unstable_by_key(|(at, ..)| *at);
    let mut whole: Vec<Spell> = Vec::new();
    // How many devices are present, away and dropped, between one edge and the next.
    let mut devices = [(SpellKind::Present, 0), (SpellKind::Away, 0), (SpellKind::Dropped, 0)];
    let mut from = Timestamp(i64::MIN);
    for (at, kind, step) in edges {
        let best = devices.iter().find(|(_, count)| *count > 0).map(|(best, _)| *best);
        if let Some(best) = best.filter(|_| from < at) {
            match whole.last_mut() {
                Some(last) if last.kind == best && last.to == from => last.to = at,
                _ => whole.push(Spell { kind: best, from, to: at }),
            }
        }
        from = at;
        for (other, count) in &mut devices {
            if *other == kind {
                *count += step;
            }
        }
    }
    whole
}
