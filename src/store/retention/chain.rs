//! Deleting the old end of an audit log, so that the rest still verifies.
//!
//! The anchor says which entry was the last to go, and its hash, from which the chain goes on. An entry that is still
//! there says the same: whoever only cuts the log off and writes an anchor is found out by verifying.

use super::super::InstitutionStore;
use super::super::audit::{self, PRUNED};
use super::super::fault::failed;
use super::super::records::StoreError;
use super::{Retention, by_the_rule, count_gone};
use crate::retention::Kind;
use crate::time::Timestamp;

/// How many entries go in one step.
const ENTRIES_AT_ONCE: i64 = 1_000;

impl InstitutionStore {
    pub(super) async fn entries_due(&self, by: &Retention, now: Timestamp) -> Result<u64, StoreError> {
        // The first that stays ends it: times of entries may go back a little, their numbers never do.
        const SQL: &str = "
            SELECT COALESCE((SELECT seq FROM audit_entry WHERE institution = $1 AND at >= $2 ORDER BY seq LIMIT 1),
                            (SELECT MAX(seq) FROM audit_entry WHERE institution = $1), 1)
                   - COALESCE((SELECT MIN(seq) FROM audit_entry WHERE institution = $1), 1)";
        let entries: i64 = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(by.periods.of(Kind::Audit).cutoff(false, now).micros())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(u64::try_from(entries).unwrap_or_default())
    }

    pub(super) async fn delete_entries(&self, by: &Retention, now: Timestamp) -> Result<bool, StoreError> {
        const OLDEST: &str = "SELECT seq, at, hash FROM audit_entry WHERE institution = $1 ORDER BY seq LIMIT $2";
        const DELETE: &str = "DELETE FROM audit_entry WHERE institution = $1 AND seq <= $2";
        const ANCHOR: &str = "INSERT INTO audit_anchor (institution, seq, hash, at) VALUES ($1, $2, $3, $4)
                              ON CONFLICT (institution) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,
                                  at = excluded.at";
        let institution = self.institution.to_string();
        let before = by.periods.of(Kind::Audit).cutoff(false, now).micros();
        in_transaction!(self, tx => {
            audit::Ledger::lock(&mut *tx, &institution).await?;
            let oldest: Vec<(i64, i64, String)> = sqlx::query_as(OLDEST)
                .bind(&institution)
                .bind(ENTRIES_AT_ONCE)
                .fetch_all(&mut *tx).await.map_err(failed)?;
            match oldest.iter().take_while(|(_, at, _)| *at < before).last() {
                None => false,
                Some((seq, _, hash)) => {
                    let detail = serde_json::json!({ "through": seq, "hash": hash });
                    let told = by_the_rule(now, PRUNED, detail);
                    audit::append(&mut *tx, &institution, &told).await?;
                    let deleted = sqlx::query(DELETE)
                        .bind(&institution)
                        .bind(seq)
                        .execute(&mut *tx).await.map_err(failed)?;
                    sqlx::query(ANCHOR)
                        .bind(&institution)
                        .bind(seq)
                        .bind(hash)
                        .bind(now.micros())
                        .execute(&mut *tx).await.map_err(failed)?;
                    count_gone!(tx, &institution, Kind::Audit, deleted.rows_affected());
                    true
                }
            }
        })
    }
}
