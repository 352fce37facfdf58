//! Who was in a lesson, when and how, to the second, as its log tells it.
//!
//! Owns the one function by which presence is ever worked out: reports, exports, rates and whoever checks them later
//! all call it. Refuses clocks, stores and rules of an institution: whether somebody whose page was hidden counts as
//! present is for those to say who make a rate of it.

mod account;
pub mod ledger;
mod person;
#[cfg(test)]
mod tests;

pub use account::{Account, account, account_until};
pub use person::PersonAccount;

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// From when until when; the end is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    /// How long it is, in microseconds; nothing where it ends before it begins.
    #[must_use]
    pub fn length_us(self) -> i64 {
        self.to.micros().saturating_sub(self.from.micros()).max(0)
    }

    /// What both have in common, where they have anything.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from < both.to).then_some(both)
    }
}

/// How somebody was there. The better comes first: of several devices of one person, the best counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpellKind {
    /// Connected, with the lesson before their eyes.
    Present,
    /// Connected, with the page hidden: another window before it, or a screen that is off.
    Away,
    /// Not connected any more, and not gone yet: from the last sign of life until the return or, where there is none,
    /// for ten seconds.
    Dropped,
}

/// A time during which somebody was there in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spell {
    pub kind: SpellKind,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Spell {
    /// When it was.
    #[must_use]
    pub fn span(self) -> Span {
        Span { from: self.from, to: self.to }
    }
}
