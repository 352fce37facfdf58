//! The schema's steps, in order. They expand, then contract, and are never edited once landed.

use super::fault::failed;
use super::records::StoreError;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

/// Version, what it brings, and the SQL, which both databases understand.
const STEPS: &[(i64, &str, &str)] = &[
    (1, "school", include_str!("../../migrations/0001_school.sql")),
    (2, "places", include_str!("../../migrations/0002_places.sql")),
    (3, "institutions", include_str!("../../migrations/0003_institutions.sql")),
    (4, "catalogue_choices", include_str!("../../migrations/0004_catalogue_choices.sql")),
    (5, "brought_lessons", include_str!("../../migrations/0005_brought_lessons.sql")),
    (6, "without_accounts", include_str!("../../migrations/0006_without_accounts.sql")),
    (7, "presence", include_str!("../../migrations/0007_presence.sql")),
    (8, "ledger", include_str!("../../migrations/0008_ledger.sql")),
    (9, "board", include_str!("../../migrations/0009_board.sql")),
    (10, "quality", include_str!("../../migrations/0010_quality.sql")),
    (11, "sums", include_str!("../../migrations/0011_sums.sql")),
    (12, "report_views", include_str!("../../migrations/0012_report_views.sql")),
    (13, "retention", include_str!("../../migrations/0013_retention.sql")),
    (14, "deleted_invitations", include_str!("../../migrations/0014_deleted_invitations.sql")),
];

pub(super) fn migrator() -> Migrator {
    let steps = STEPS.iter().map(|&(version, description, sql)| {
        Migration::new(version, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect())
}

/// Fails where a database's schema is not this program's, without changing it.
pub(super) async fn check<C>(connection: &mut C) -> Result<(), StoreError>
where
    C: Migrate,
{
    let applied = connection.list_applied_migrations("_sqlx_migrations").await.map_err(migration_failed)?;
    let version = applied.iter().map(|step| step.version).max().unwrap_or(0);
    let ours = STEPS.last().map_or(0, |step| step.0);
    if version > ours {
        return Err(migration_failed(MigrateError::VersionMissing(version)));
    }
    if version < ours {
        return Err(StoreError::Unavailable(
            "the database was made by an older Qism; start this one's server on it once, then try again".into(),
        ));
    }
    Ok(())
}

pub(super) fn migration_failed(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Unavailable(format!(
            "the database was made by a newer Qism (its schema has step {version}, this one ends at {}); install that \
             version again, or restore the backup that was made before the upgrade",
            STEPS.last().map_or(0, |step| step.0),
        )),
        MigrateError::VersionMismatch(version) => StoreError::Unavailable(format!(
            "step {version} of the database's schema is not this program's; it was made by another build of Qism: use \
             that one, or another database"
        )),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failed(error),
        error => StoreError::Unavailable(format!("the database's schema can't be brought up to date: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_migration_file_is_a_step_with_its_number() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder of migrations")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .collect();
        files.sort();
        let steps: Vec<String> = STEPS.iter().map(|(version, name, _)| format!("{version:04}_{name}.sql")).collect();
        assert_eq!(files, steps);
    }
}
