//! The timetable's arithmetic: when lessons are, whether they collide, where they would fit, and how a calendar is told.
//!
//! It owns recurrence ([`rule`], [`series`]), the meeting of spans ([`conflicts`]), calendar pages ([`week`]) and the
//! calendar feed's text ([`ical`]). It stores nothing, asks nobody for the time, and refuses what has no end. A lesson's
//! wall time is reckoned in its zone with the zone data that is compiled in, so every machine gives the same instants.

pub mod conflicts;
pub mod ical;
pub mod rule;
pub mod series;
pub mod span;
pub mod week;
pub mod zone;

pub use conflicts::{Busy, Conflict, Resource, Wanted};
pub use rule::{Rule, RuleFault};
pub use series::{Holiday, Occurrence, Series, SeriesDraft, SeriesFault};
pub use span::Span;
pub use zone::Zone;
