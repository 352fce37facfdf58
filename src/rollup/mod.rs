//! What lessons come to: by day, course, group and trainer of an institution.
//!
//! A lesson's [`Facts`] are made from its record, its log and its minutes, and from nothing else; [`Rollup`] adds up those
//! of many. Facts that change replace what they were, so sums are kept as lessons are settled and corrected, and are what
//! adding everything up anew gives: whole numbers alone are added.
//!
//! Owns the sums and the rates made of them; refuses to know where facts come from and who may see them.

pub mod calendar;
mod facts;
pub mod risk;
mod sums;
#[cfg(test)]
mod tests;
pub mod view;

pub use calendar::Per;
pub use facts::{Facts, Given, Reception, Tool, Tools};
pub use sums::{By, Key, LATE_AFTER_US, Rollup, Subject, Sums, ToolCounts};
