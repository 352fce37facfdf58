//! From a header and a log to the results.

use super::lines::{Header, Listed, PersonResult, Results};
use crate::attendance::{Account, account, account_until};
use crate::protocol::LoggedEvent;
use crate::time::Timestamp;

/// What the whole log of a lesson says of its people.
#[must_use]
pub fn results(header: &Header, events: &[LoggedEvent]) -> Results {
    by_person(header, account(header.planned, events))
}

/// What the log of a lesson that is on air says so far: who is there now has been until `now`.
#[must_use]
pub fn results_until(header: &Header, events: &[LoggedEvent], now: Timestamp) -> Results {
    by_person(header, account_until(header.planned, events, now))
}

fn by_person(header: &Header, account: Account) -> Results {
    let people = header.people.iter().map(|listed| of_person(&account, listed, header.away_counts)).collect();
    Results { on_air: account.on_air, people }
}

fn of_person(account: &Account, listed: &Listed, away_counts: bool) -> PersonResult {
    let theirs = account.of(&listed.participants);
    let away_us = if away_counts { theirs.away_us } else { 0 };
    PersonResult {
        number: listed.number,
        spells: theirs.spells,
        present_us: theirs.present_us,
        away_us: theirs.away_us,
        dropped_us: theirs.dropped_us,
        planned_present_us: theirs.planned_present_us,
        planned_away_us: theirs.planned_away_us,
        drops: theirs.drops,
        first_at: theirs.first_at,
        last_at: theirs.last_at,
        counted_us: theirs.present_us.saturating_add(away_us),
    }
}
