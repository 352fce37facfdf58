//! `qism audit verify`: whether the log of who changed what is as it was written.

use super::say;
use crate::config::Config;
use crate::store::{AuditFault, Store};

/// Verifies every institution's chain; tells whether all are intact.
///
/// # Errors
/// Where the store can't be read.
pub async fn verify(config: &Config) -> anyhow::Result<bool> {
    let store = Store::open_beside(&config.store_url()).await?;
    let (mut entries, mut chains, mut intact) = (0, 0, true);
    for institution in store.institutions_audited().await? {
        chains += 1;
        match store.of(institution).verify_audit().await? {
            Ok(verified) => entries += verified,
            Err(AuditFault { seq, missing }) => {
                intact = false;
                let what = if missing { "is not there" } else { "is not what was written" };
                say(&format!(
                    "institution {institution}: entry {seq} {what}; restore a backup from before, and ask who had the database"
                ));
            }
        }
    }
    if intact {
        say(&format!("the audit log is intact: {entries} entries of {chains} institutions"));
    }
    store.close().await;
    Ok(intact)
}
