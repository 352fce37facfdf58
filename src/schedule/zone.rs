//! A time zone by its IANA name, and what a wall time in it means.
//!
//! Only the zone data that is compiled in is read, never the machine's: a feed, a page and a conflict must agree wherever
//! they are computed.

use crate::time::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// The longest zone name that is looked up, in bytes; the longest that exists has 32.
const NAME_MAX: usize = 64;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone that exists, such as `Africa/Casablanca`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone of this name: choose one such as Africa/Casablanca")]
pub struct ZoneUnknown;

impl ZoneUnknown {
    /// The stable word for this fault.
    #[must_use]
    pub fn word(&self) -> &'static str {
        "zone_unknown"
    }
}

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone of an IANA name; letter case does not matter.
    ///
    /// # Errors
    ///
    /// When no zone has that name.
    pub fn parse(name: &str) -> Result<Self, ZoneUnknown> {
        if name.len() > NAME_MAX {
            return Err(ZoneUnknown);
        }
        let zone = ZONES.get(name).map_err(|_| ZoneUnknown)?;
        if zone.is_unknown() || zone.iana_name().is_none() {
            return Err(ZoneUnknown);
        }
        Ok(Self(zone))
    }

    /// Every name that [`Zone::parse`] knows, in alphabetical order: what a person chooses from.
    #[must_use]
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = ZONES.available().map(|name| name.to_string()).collect();
        names.sort();
        names
    }

    /// The name, in the database's own letter case.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The instant at which clocks in this zone show `wall`.
    ///
    /// Where they skip it, it is read with the offset before the gap; where they show it twice, the first is meant
    /// (RFC 5545 §3.3.5). Wall times beyond what can be represented give the last instant that can.
    #[must_use]
    pub fn instant(&self, wall: DateTime) -> Timestamp {
        let instant = self.0.to_timestamp(wall).unwrap_or(match wall.year() {
            year if year < 0 => jiff::Timestamp::MIN,
            _ => jiff::Timestamp::MAX,
        });
        Timestamp(instant.as_microsecond())
    }

    /// What clocks in this zone show at an instant; the nearest that can be represented.
    #[must_use]
    pub fn wall(&self, at: Timestamp) -> DateTime {
        let instant = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or(match at.micros() {
            micros if micros < 0 => jiff::Timestamp::MIN,
            _ => jiff::Timestamp::MAX,
        });
        self.0.to_datetime(instant)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = ZoneUnknown;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::parse(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn instant(zone: &str, wall: DateTime) -> String {
        let at = Zone::parse(zone).expect("a zone").instant(wall);
        jiff::Timestamp::from_microsecond(at.micros()).expect("an instant").to_string()
    }

    #[test]
    fn a_zone_is_known_by_its_name_in_any_letter_case() {
        assert_eq!(Zone::parse("africa/casablanca").expect("a zone").name(), "Africa/Casablanca");
        assert_eq!(Zone::parse("UTC").expect("a zone"), Zone::utc());
        assert!(Zone::names().iter().any(|name| name == "Asia/Riyadh"));
    }

    #[test]
    fn a_zone_that_does_not_exist_is_refused() {
        for name in ["", "Africa/Rabat", "Etc/Unknown", "../../etc/passwd", "Europe/Paris\0", &"x".repeat(10_000)] {
            assert_eq!(Zone::parse(name), Err(ZoneUnknown), "{name}");
        }
    }

    #[test]
    fn a_wall_time_that_clocks_skip_is_read_with_the_offset_before() {
        let wall = date(2027, 3, 14).at(2, 30, 0, 0);
        assert_eq!(instant("America/New_York", wall), "2027-03-14T07:30:00Z");
    }

    #[test]
    fn of_a_wall_time_that_comes_twice_the_first_is_meant() {
        let wall = date(2026, 11, 1).at(1, 30, 0, 0);
        assert_eq!(instant("America/New_York", wall), "2026-11-01T05:30:00Z");
    }

    #[test]
    fn moroccan_clocks_go_back_for_ramadan() {
        // Ramadan 1447: from the third Sunday of February to the fourth of March 2026.
        assert_eq!(instant("Africa/Casablanca", date(2026, 2, 12).at(8, 0, 0, 0)), "2026-02-12T07:00:00Z");
        assert_eq!(instant("Africa/Casablanca", date(2026, 3, 5).at(8, 0, 0, 0)), "2026-03-05T08:00:00Z");
        assert_eq!(instant("Africa/Casablanca", date(2026, 4, 2).at(8, 0, 0, 0)), "2026-04-02T07:00:00Z");
    }

    #[test]
    fn what_cannot_be_represented_gives_the_nearest_that_can() {
        let zone = Zone::parse("Pacific/Apia").expect("a zone");
        assert!(zone.instant(DateTime::MAX) > zone.instant(date(9000, 1, 1).at(0, 0, 0, 0)));
        assert!(zone.wall(Timestamp(i64::MAX)) > zone.wall(Timestamp(i64::MIN)));
    }
}
