//! How long what is known of people is kept: kinds of records, their periods, and which table holds what.
//!
//! Owns the rules; refuses to know where records are, who changes a period, and when anything is deleted. No dates of
//! birth are kept for it: whether a lesson's people count as minors is said of its group, or of the whole institution.

mod tables;

pub use tables::{Keeping, TABLES};

use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// Nothing is kept longer.
pub const DAYS_MAX: u16 = 3_650;

const DAY: Duration = Duration::from_secs(86_400);

/// How long sessions and links are kept once they can't be used any more.
pub const SPENT_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// How long it is known who has read an announcement.
pub const READS_KEPT: Duration = Duration::from_secs(365 * 86_400);

/// The hours of the night, by an institution's own clock, in which its records are looked through.
const QUIET_HOURS: std::ops::Range<i8> = 2..5;

/// A run is not made again before this.
const APART: Duration = Duration::from_secs(20 * 3_600);

/// An institution that is new to this, as all are after an upgrade, has so long to say its periods before the first run.
pub const FIRST_AFTER: Duration = Duration::from_secs(7 * 86_400);

/// From then on it is made at any hour: the server was off at night, or new.
const OVERDUE: Duration = Duration::from_secs(48 * 3_600);

/// What has one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What happened in a lesson's room: its log with the chat, places with their names, ways in.
    Room,
    /// Who was there for how long: attendance, and what was sealed of it.
    Attendance,
    /// A lesson's minutes, as each place received them.
    Quality,
    /// Alarms about lessons, and what was said of them.
    Alarms,
    /// Applications that were decided.
    Applications,
    /// Mail that was sent, or could not be.
    Mail,
    /// What other programs were told.
    Deliveries,
    /// Who changed and looked at what.
    Audit,
}

/// How long something is kept, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub days: u16,
    /// Where it is about minors.
    pub minors_days: u16,
}

impl Period {
    /// In days, for minors or for others.
    #[must_use]
    pub fn of(self, minors: bool) -> u16 {
        if minors { self.minors_days } else { self.days }
    }

    /// What is older than this goes.
    #[must_use]
    pub fn cutoff(self, minors: bool, now: Timestamp) -> Timestamp {
        let length = DAY.saturating_mul(self.of(minors).into()).as_micros();
        Timestamp(now.micros().saturating_sub(i64::try_from(length).unwrap_or(i64::MAX)))
    }
}

impl Kind {
    /// All of them, in the order in which they are looked through: a lesson's log goes before its attendance.
    pub const ALL: [Self; 8] = [
        Self::Room,
        Self::Quality,
        Self::Attendance,
        Self::Alarms,
        Self::Applications,
        Self::Mail,
        Self::Deliveries,
        Self::Audit,
    ];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Attendance => "attendance",
            Self::Quality => "quality",
            Self::Alarms => "alarms",
            Self::Applications => "applications",
            Self::Mail => "mail",
            Self::Deliveries => "deliveries",
            Self::Audit => "audit",
        }
    }

    /// The kind that this word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it is kept for minors for another time than for others: where it is about trainees.
    #[must_use]
    pub fn knows_minors(self) -> bool {
        matches!(self, Self::Room | Self::Attendance | Self::Quality | Self::Applications)
    }

    /// The period where an institution says nothing (docs/RETENTION.md says why).
    #[must_use]
    pub fn standard(self) -> Period {
        let (days, minors_days) = match self {
            Self::Room | Self::Quality => (365, 90),
            Self::Attendance => (1_825, 730),
            Self::Alarms => (730, 730),
            Self::Applications => (180, 90),
            Self::Mail | Self::Deliveries => (30, 30),
            Self::Audit => (1_825, 1_825),
        };
        Period { days, minors_days }
    }

    /// The shortest and the longest period that an institution may say, in days.
    #[must_use]
    pub fn bounds(self) -> (u16, u16) {
        match self {
            Self::Room | Self::Quality | Self::Alarms | Self::Applications => (30, DAYS_MAX),
            // A committee compares a term with the one before.
            Self::Attendance => (180, DAYS_MAX),
            Self::Mail | Self::Deliveries => (7, 365),
            Self::Audit => (365, DAYS_MAX),
        }
    }
}

/// Why periods can't be as they are wished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Shorter or longer than the kind allows.
    OutOfBounds { least: u16, most: u16 },
    /// Minors' records would be kept longer than others'.
    LongerForMinors,
    /// A kind that minors have no other period of.
    NotOfMinors,
    /// A lesson's log would be kept longer than what follows from it.
    LongerThanAttendance,
}

/// An institution's periods: what it said, and the standard where it said nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Periods(BTreeMap<Kind, Period>);

impl Periods {
    #[must_use]
    pub fn of(&self, kind: Kind) -> Period {
        self.0.get(&kind).copied().unwrap_or_else(|| kind.standard())
    }

    /// What differs from the standard.
    pub fn said(&self) -> impl Iterator<Item = (Kind, Period)> {
        self.0.iter().map(|(kind, period)| (*kind, *period))
    }

    /// As they were kept; what this program would not take any more is the standard again.
    #[must_use]
    pub fn kept(said: impl IntoIterator<Item = (Kind, Period)>) -> Self {
        let mut periods = Self::default();
        for (kind, period) in said {
            periods.say(kind, period);
        }
        if periods.check().is_ok() { periods } else { Self::default() }
    }

    /// Says a kind's period.
    pub fn say(&mut self, kind: Kind, period: Period) {
        if period == kind.standard() {
            self.0.remove(&kind);
        } else {
            self.0.insert(kind, period);
        }
    }

    /// Whether they can be held to.
    ///
    /// # Errors
    /// What is wrong with which kinds, in their order.
    pub fn check(&self) -> Result<(), Vec<(Kind, Fault)>> {
        let mut faults = Vec::new();
        for kind in Kind::ALL {
            let Period { days, minors_days } = self.of(kind);
            let (least, most) = kind.bounds();
            let attendance = self.of(Kind::Attendance);
            if [days, minors_days].iter().any(|days| !(least..=most).contains(days)) {
                faults.push((kind, Fault::OutOfBounds { least, most }));
            } else if !kind.knows_minors() && minors_days != days {
                faults.push((kind, Fault::NotOfMinors));
            } else if minors_days > days {
                faults.push((kind, Fault::LongerForMinors));
            } else if kind == Kind::Room && (days > attendance.days || minors_days > attendance.minors_days) {
                faults.push((kind, Fault::LongerThanAttendance));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// Whether an institution's records are to be looked through now; `last` is when that was done last, or when the time to
/// say its periods is over, and `hour` the hour by its own clock.
#[must_use]
pub fn is_due(last: Timestamp, now: Timestamp, hour: i8) -> bool {
    let is_past = |wait: Duration| now >= last.plus(wait);
    is_past(OVERDUE) || (is_past(APART) && QUIET_HOURS.contains(&hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_597_200_000_000);

    fn with(kind: Kind, days: u16, minors_days: u16) -> Periods {
        let mut periods = Periods::default();
        periods.say(kind, Period { days, minors_days });
        periods
    }

    #[test]
    fn the_standard_can_be_held_to_and_is_short_for_minors() {
        assert_eq!(Periods::default().check(), Ok(()));
        for kind in Kind::ALL {
            let Period { days, minors_days } = kind.standard();
            assert_eq!(minors_days < days, kind.knows_minors(), "{kind:?}");
            assert_eq!(Kind::parse(kind.word()), Some(kind));
        }
    }

    #[test]
    fn periods_have_bounds() {
        for kind in Kind::ALL {
            let (least, most) = kind.bounds();
            assert!(least >= 7 && most <= DAYS_MAX);
            let fault = Fault::OutOfBounds { least, most };
            assert!(with(kind, least - 1, least - 1).check().unwrap_err().contains(&(kind, fault)), "{kind:?}");
            assert!(with(kind, most + 1, least).check().unwrap_err().contains(&(kind, fault)), "{kind:?}");
        }
        assert_eq!(with(Kind::Quality, 90, 91).check(), Err(vec![(Kind::Quality, Fault::LongerForMinors)]));
        assert_eq!(with(Kind::Audit, 1_000, 999).check(), Err(vec![(Kind::Audit, Fault::NotOfMinors)]));
        assert_eq!(with(Kind::Attendance, 364, 200).check(), Err(vec![(Kind::Room, Fault::LongerThanAttendance)]));
        assert_eq!(with(Kind::Room, 1_825, 731).check(), Err(vec![(Kind::Room, Fault::LongerThanAttendance)]));
        assert_eq!(with(Kind::Room, 1_825, 730).check(), Ok(()));
    }

    #[test]
    fn what_was_kept_and_can_not_be_held_to_is_the_standard() {
        let said = [(Kind::Room, Period { days: 60, minors_days: 30 })];
        assert_eq!(Periods::kept(said).of(Kind::Room).of(true), 30);
        let beyond = [(Kind::Room, Period { days: 60, minors_days: 3 })];
        assert_eq!(Periods::kept(beyond), Periods::default());
    }

    #[test]
    fn a_period_is_whole_days_back() {
        let day = 86_400_000_000;
        let period = Kind::Room.standard();
        assert_eq!(period.cutoff(false, NOW), Timestamp(NOW.micros() - 365 * day));
        assert_eq!(period.cutoff(true, NOW), Timestamp(NOW.micros() - 90 * day));
    }

    #[test]
    fn a_run_is_made_at_night_or_where_it_was_missed() {
        let ago = |hours: i64| Timestamp(NOW.micros() - hours * 3_600_000_000);
        let cases = [
            (ago(-1), 3, false),
            (ago(24), 3, true),
            (ago(24), 12, false),
            (ago(24), 5, false),
            (ago(19), 3, false),
            (ago(48), 12, true),
        ];
        for (last, hour, due) in cases {
            assert_eq!(is_due(last, NOW, hour), due, "{last:?} at {hour}");
        }
    }
}
