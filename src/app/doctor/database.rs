//! Whether the database opens.

use super::Finding;
use crate::config::Config;
use crate::protocol::Phase;
use crate::store::{Store, StoreError};
use crate::time::Timestamp;
use std::time::Duration;

/// A database whose newest lesson started this far in the future tells of a clock that went back.
const CLOCK_SLACK: Duration = Duration::from_secs(3_600);

pub async fn examine(config: &Config, opened: Result<Store, StoreError>, now: Timestamp) -> Vec<Finding> {
    let kind = if config.store_url().starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
    let store = match opened {
        Ok(store) => store,
        Err(error) => return vec![Finding::problem(error.to_string())],
    };
    let mut findings = vec![Finding::ok(format!("the {kind} database opens and is up to date"))];
    match store.lessons_on_air().await {
        Ok(lessons) => {
            let late = lessons.iter().any(|lesson| {
                matches!(
                    lesson.phase,
                    Phase::Live { since } if now.plus(CLOCK_SLACK) < since
                )
            });
            if late {
                findings.push(Finding::problem(
                    "a lesson on air started in the future by this clock: set the clock before serving",
                ));
            }
        }
        Err(error) => findings.push(Finding::problem(error.to_string())),
    }
    store.close().await;
    findings
}
