//! The audit log: who changed what, one chain for each institution. An entry's hash covers the one before, so that no
//! entry can be changed or left out without the rest showing it. Its old end may be deleted by the rule
//! (`store/retention/chain.rs`); then the chain begins at an anchor, which an entry of the rest names.

use super::fault::failed;
use super::records::{AuditEntry, AuditFault, Change, ChangedBy, StoreError};
use super::rows::{hex_digest, id};
use super::{InstitutionStore, Store};
use crate::ids::{ApiKeyId, InstitutionId, PersonId};
use crate::time::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

/// What the first entry's hash covers in place of one before.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The action of the entry that says up to where, and with which last hash, entries were deleted by the rule.
pub(super) const PRUNED: &str = "retention.audit";

/// How many entries verifying reads at a time.
const VERIFY_CHUNK: u32 = 1_000;

/// A connection within a transaction that writes the log.
pub(super) trait Ledger {
    /// Keeps other changes of this institution waiting until the transaction ends.
    async fn lock(&mut self, institution: &str) -> Result<(), StoreError>;
    /// The last entry's position and hash.
    async fn head(&mut self, institution: &str) -> Result<Option<(i64, String)>, StoreError>;
    async fn insert(&mut self, institution: &str, row: &AuditRow) -> Result<(), StoreError>;
}

/// Appends what `by` says to an institution's log.
pub(super) async fn append(connection: &mut impl Ledger, institution: &str, by: &Change) -> Result<(), StoreError> {
    let (last, previous) = connection.head(institution).await?.unwrap_or_else(|| (0, BEGINNING.into()));
    let (actor_kind, actor) = actor_columns(by.actor);
    let detail = by.detail.to_string();
    let mut row = AuditRow {
        seq: last.saturating_add(1),
        at: by.at.micros(),
        actor_kind: actor_kind.into(),
        actor,
        action: by.action.into(),
        subject: by.subject.clone(),
        detail,
        hash: String::new(),
    };
    row.hash = row.hash_after(institution, &previous);
    connection.insert(institution, &row).await
}

macro_rules! ledger {
    ($connection:ty, lock $lock:block with $this:ident, $institution:ident) => {
        impl Ledger for $connection {
            async fn lock(&mut self, $institution: &str) -> Result<(), StoreError> {
                let $this = self;
                $lock
            }

            async fn head(&mut self, institution: &str) -> Result<Option<(i64, String)>, StoreError> {
                const SQL: &str = "SELECT seq, hash FROM audit_entry WHERE institution = $1 ORDER BY seq DESC LIMIT 1";
                sqlx::query_as(SQL).bind(institution).fetch_optional(self).await.map_err(failed)
            }

            async fn insert(&mut self, institution: &str, row: &AuditRow) -> Result<(), StoreError> {
                const SQL: &str = "INSERT INTO audit_entry
                                       (institution, seq, at, actor_kind, actor, action, subject, detail, hash)
                                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
                let query = sqlx::query(SQL)
                    .bind(institution)
                    .bind(row.seq)
                    .bind(row.at)
                    .bind(&row.actor_kind)
                    .bind(&row.actor)
                    .bind(&row.action)
                    .bind(&row.subject)
                    .bind(&row.detail)
                    .bind(&row.hash);
                query.execute(self).await.map_err(failed)?;
                Ok(())
            }
        }
    };
}

// SQLite has one writer at a time anyway.
ledger!(SqliteConnection, lock { let _ = (this, institution); Ok(()) } with this, institution);
ledger!(PgConnection, lock {
    let lock = sqlx::query("SELECT pg_advisory_xact_lock(1, hashtext($1))").bind(institution);
    lock.execute(this).await.map_err(failed)?;
    Ok(())
} with this, institution);

#[derive(FromRow)]
pub(super) struct AuditRow {
    seq: i64,
    at: i64,
    actor_kind: String,
    actor: Option<String>,
    action: String,
    subject: Option<String>,
    detail: String,
    hash: String,
}

impl AuditRow {
    /// Whether it says that entries were deleted up to this one, which had this hash.
    fn names(&self, seq: i64, hash: &str) -> bool {
        let said = || serde_json::from_str::<serde_json::Value>(&self.detail).unwrap_or_default();
        self.action == PRUNED && said() == serde_json::json!({ "through": seq, "hash": hash })
    }

    /// SHA-256 of the hash before and every column, each with its length before it, so that no two entries read alike.
    fn hash_after(&self, institution: &str, previous: &str) -> String {
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let parts = [
            previous,
            institution,
            &seq,
            &at,
            &self.actor_kind,
            self.actor.as_deref().unwrap_or_default(),
            &self.action,
            self.subject.as_deref().unwrap_or_default(),
            &self.detail,
        ];
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part.as_bytes());
        }
        hex_digest(context.finish().as_ref())
    }
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let actor = match (row.actor_kind.as_str(), &row.actor) {
            ("person", Some(person)) => ChangedBy::Person(PersonId(id_of(person)?)),
            ("key", Some(key)) => ChangedBy::Key(ApiKeyId(id_of(key)?)),
            ("system", None) => ChangedBy::System,
            _ => return Err(StoreError::Unreadable(format!("audit entry {} is by nobody known", row.seq))),
        };
        let detail = serde_json::from_str(&row.detail)
            .map_err(|_| StoreError::Unreadable(format!("audit entry {} has no readable detail", row.seq)))?;
        Ok(Self {
            seq: row.seq,
            at: Timestamp(row.at),
            actor,
            action: row.action,
            subject: row.subject,
            detail,
            hash: row.hash,
        })
    }
}

fn id_of(text: &str) -> Result<uuid::Uuid, StoreError> {
    id::<PersonId>(text).map(|person| person.0)
}

fn actor_columns(actor: ChangedBy) -> (&'static str, Option<String>) {
    match actor {
        ChangedBy::Person(person) => ("person", Some(person.to_string())),
        ChangedBy::Key(key) => ("key", Some(key.to_string())),
        ChangedBy::System => ("system", None),
    }
}

impl Store {
    /// The institutions that have an audit log.
    pub async fn institutions_audited(&self) -> Result<Vec<InstitutionId>, StoreError> {
        const SQL: &str = "SELECT id FROM institution
                           WHERE EXISTS (SELECT 1 FROM audit_entry WHERE audit_entry.institution = institution.id)
                           ORDER BY id";
        let ids: Vec<String> = reading!(self, on => sqlx::query_scalar(SQL).fetch_all(on)).map_err(failed)?;
        ids.iter().map(|text| id(text)).collect()
    }
}

impl InstitutionStore {
    /// Notes something that changed no record, such as a look at one.
    pub async fn note_in_audit(&self, by: &Change) -> Result<(), StoreError> {
        changing!(self, by, _tx => {})
    }

    /// At most `limit` entries before `before` (all where it is absent), the newest first.
    pub async fn audit_before(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        const SQL: &str = "SELECT seq, at, actor_kind, actor, action, subject, detail, hash FROM audit_entry
                           WHERE institution = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
        let rows: Vec<AuditRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(before.unwrap_or(i64::MAX))
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(AuditEntry::try_from).collect()
    }

    /// Computes the whole chain again, from its anchor where its old end was deleted; gives how many entries it has, or the
    /// first that does not fit. An anchor that no entry names does not.
    pub async fn verify_audit(&self) -> Result<Result<u64, AuditFault>, StoreError> {
        const SQL: &str = "SELECT seq, at, actor_kind, actor, action, subject, detail, hash FROM audit_entry
                           WHERE institution = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        const ANCHOR: &str = "SELECT seq, hash FROM audit_anchor WHERE institution = $1";
        let institution = self.institution.to_string();
        let anchor: Option<(i64, String)> =
            reading!(self, on => sqlx::query_as(ANCHOR).bind(&institution).fetch_optional(on)).map_err(failed)?;
        let mut is_named = anchor.is_none();
        let (first, beginning) = anchor.unwrap_or_else(|| (0, BEGINNING.to_owned()));
        let (mut last, mut previous) = (first, beginning.clone());
        loop {
            let rows: Vec<AuditRow> = reading!(self, on => sqlx::query_as(SQL)
                .bind(&institution)
                .bind(last)
                .bind(i64::from(VERIFY_CHUNK))
                .fetch_all(on))
            .map_err(failed)?;
            if rows.is_empty() {
                let entries = u64::try_from(last.saturating_sub(first)).unwrap_or_default();
                return Ok(if is_named { Ok(entries) } else { Err(AuditFault { seq: first, missing: true }) });
            }
            for row in rows {
                if row.seq != last.saturating_add(1) {
                    return Ok(Err(AuditFault { seq: last.saturating_add(1), missing: true }));
                }
                if row.hash_after(&institution, &previous) != row.hash {
                    return Ok(Err(AuditFault { seq: row.seq, missing: false }));
                }
                is_named |= row.names(first, &beginning);
                (last, previous) = (row.seq, row.hash);
            }
        }
    }
}
