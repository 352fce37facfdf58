//! Deleting what belongs to no lesson, and what can't be used any more.

use super::super::fault::failed;
use super::super::records::StoreError;
use super::super::{InstitutionStore, Store};
use super::{Retention, count_gone};
use crate::retention::{Kind, READS_KEPT, SPENT_KEPT};
use crate::time::Timestamp;
use std::time::Duration;

/// How many rows go in one step.
const ROWS_AT_ONCE: i64 = 500;

/// The rows of a kind that are older than $2.
macro_rules! old {
    ($select:literal, alarms) => {
        concat!("SELECT ", $select, " FROM alarm WHERE institution = $1 AND raised_at < $2 AND ended_at IS NOT NULL")
    };
    ($select:literal, applications) => {
        concat!(
            "SELECT ",
            $select,
            " FROM application WHERE institution = $1 AND decided_at < $2
              AND status IN ('accepted', 'refused', 'withdrawn')"
        )
    };
    ($select:literal, mail) => {
        concat!(
            "SELECT ",
            $select,
            " FROM mail WHERE institution = $1 AND created_at < $2 AND (sent_at IS NOT NULL OR failed_at IS NOT NULL)"
        )
    };
    ($select:literal, deliveries) => {
        concat!(
            "SELECT ",
            $select,
            " FROM webhook_delivery WHERE institution = $1 AND created_at < $2
              AND (delivered_at IS NOT NULL OR failed_at IS NOT NULL)"
        )
    };
}

macro_rules! delete {
    ($table:literal, $kind:ident) => {
        concat!("DELETE FROM ", $table, " WHERE institution = $1 AND id IN (", old!("id", $kind), " LIMIT $3)")
    };
}

fn count(kind: Kind) -> &'static str {
    match kind {
        Kind::Alarms => old!("COUNT(*)", alarms),
        Kind::Applications => old!("COUNT(*)", applications),
        Kind::Mail => old!("COUNT(*)", mail),
        _ => old!("COUNT(*)", deliveries),
    }
}

fn deletion(kind: Kind) -> &'static str {
    match kind {
        Kind::Alarms => delete!("alarm", alarms),
        Kind::Applications => delete!("application", applications),
        Kind::Mail => delete!("mail", mail),
        _ => delete!("webhook_delivery", deliveries),
    }
}

impl Store {
    /// Deletes sessions that ended a while ago and hold no place in a lesson any more, in small steps with `pause`
    /// between them; gives how many.
    pub async fn delete_spent_sessions(&self, now: Timestamp, pause: Duration) -> Result<u64, StoreError> {
        const PAGE: &str = "SELECT expires_at, id FROM session WHERE expires_at < $1 AND (expires_at, id) > ($2, $3)
                            ORDER BY expires_at, id LIMIT $4";
        const DELETE: &str = "DELETE FROM session WHERE expires_at < $1 AND (expires_at, id) > ($2, $3)
                                  AND (expires_at, id) <= ($4, $5)
                                  AND NOT EXISTS (SELECT 1 FROM place WHERE place.session = session.id)";
        let before = now.micros().saturating_sub(micros(SPENT_KEPT));
        let (mut after, mut gone) = ((i64::MIN, String::new()), 0_u64);
        loop {
            let page: Vec<(i64, String)> = reading!(self, on => sqlx::query_as(PAGE)
                .bind(before)
                .bind(after.0)
                .bind(&after.1)
                .bind(ROWS_AT_ONCE)
                .fetch_all(on))
            .map_err(failed)?;
            let Some(last) = page.into_iter().next_back() else { return Ok(gone) };
            let deleted = writing!(self, on => sqlx::query(DELETE)
                .bind(before)
                .bind(after.0)
                .bind(&after.1)
                .bind(last.0)
                .bind(&last.1)
                .execute(on))?;
            (after, gone) = (last, gone.saturating_add(deleted));
            tokio::time::sleep(pause).await;
        }
    }
}

impl InstitutionStore {
    pub(super) async fn rows_due(&self, kind: Kind, by: &Retention, now: Timestamp) -> Result<u64, StoreError> {
        let rows: i64 = reading!(self, on => sqlx::query_scalar(count(kind))
            .bind(self.institution.to_string())
            .bind(by.periods.of(kind).cutoff(by.minors, now).micros())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(u64::try_from(rows).unwrap_or_default())
    }

    pub(super) async fn delete_rows(&self, kind: Kind, by: &Retention, now: Timestamp) -> Result<bool, StoreError> {
        const COMMENTS: &str = concat!(
            "DELETE FROM alarm_comment WHERE institution = $1 AND alarm IN (",
            old!("id", alarms),
            " ORDER BY raised_at, id LIMIT $3)"
        );
        const ALARMS: &str = concat!(
            "DELETE FROM alarm WHERE institution = $1 AND id IN (",
            old!("id", alarms),
            " ORDER BY raised_at, id LIMIT $3)"
        );
        let institution = self.institution.to_string();
        let before = by.periods.of(kind).cutoff(by.minors, now).micros();
        let steps: &[&'static str] = match kind {
            // The same alarms both times: their comments refer to them.
            Kind::Alarms => &[COMMENTS, ALARMS],
            _ => &[deletion(kind)],
        };
        in_transaction!(self, tx => {
            let (mut gone, mut last) = (0_u64, 0_u64);
            for sql in steps {
                let deleted = sqlx::query(*sql)
                    .bind(&institution)
                    .bind(before)
                    .bind(ROWS_AT_ONCE)
                    .execute(&mut *tx).await.map_err(failed)?;
                last = deleted.rows_affected();
                gone = gone.saturating_add(last);
            }
            count_gone!(tx, &institution, kind, gone);
            last > 0
        })
    }

    /// Links that set a password, long after they ended, and who read what was announced a year ago.
    pub(super) async fn delete_spent(&self, now: Timestamp) -> Result<bool, StoreError> {
        const LINKS: &str = "DELETE FROM account_link WHERE institution = $1 AND id IN (
                                 SELECT id FROM account_link WHERE institution = $1 AND expires_at < $2 LIMIT $3)";
        const READS: &str = "DELETE FROM announcement_read WHERE institution = $1 AND (person, announcement) IN (
                                 SELECT person, announcement FROM announcement_read
                                 WHERE institution = $1 AND read_at < $2 LIMIT $3)";
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            let mut gone = 0_u64;
            for (sql, kept) in [(LINKS, SPENT_KEPT), (READS, READS_KEPT)] {
                let deleted = sqlx::query(sql)
                    .bind(&institution)
                    .bind(now.micros().saturating_sub(micros(kept)))
                    .bind(ROWS_AT_ONCE)
                    .execute(&mut *tx).await.map_err(failed)?;
                gone = gone.saturating_add(deleted.rows_affected());
            }
            gone > 0
        })
    }
}

fn micros(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}
