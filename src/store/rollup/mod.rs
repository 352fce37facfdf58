//! What lessons come to, kept added up for reports.
//!
//! A lesson counts once it is over: when it was settled or, where it never began, when its planned end has passed. What it
//! then comes to is kept beside it (`lesson_facts`), so that it can be taken off again, and added to three levels of sums:
//! by course, group and trainer, by institution, and by region. Facts are written where what they follow from is, in the
//! same transaction; what changes many lessons at once marks them as not counted, and the next look counts them anew.
//!
//! Owns what is read of a lesson and where its sums are; what they are is `crate::rollup`'s.

mod connection;
mod counting;
mod facts;
mod levels;
mod moving;
mod query;
mod rebuild;
mod rows;

pub use query::{ReportBy, ReportLine, ReportQuery};
pub use rebuild::Rebuilt;

pub(in crate::store) use connection::Counting;
pub(in crate::store) use counting::{count, count_figures, recount, uncount};
pub(in crate::store) use moving::move_sums;
