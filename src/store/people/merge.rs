//! Two accounts of one person become one.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::records::{Change, StoreError};
use super::{PersonRecord, PersonRow, people};
use crate::ids::PersonId;

/// What moves from one person ($2) to another ($3) of the institution ($1). Where both have the same row, it stays one.
const MOVES: &[&str] = &[
    "UPDATE identity SET person = $3 WHERE institution = $1 AND person = $2",
    "INSERT INTO course_trainer (institution, course, person)
     SELECT institution, course, CAST($3 AS TEXT) FROM course_trainer WHERE institution = $1 AND person = $2
     ON CONFLICT DO NOTHING",
    "INSERT INTO group_member (institution, course_group, person, since)
     SELECT institution, course_group, CAST($3 AS TEXT), since FROM group_member
     WHERE institution = $1 AND person = $2
     ON CONFLICT DO NOTHING",
    // Somebody who was in one lesson by both accounts was there as long as the longer of the two says, at the least.
    "INSERT INTO attendance (institution, lesson, person, present_us, away_us, dropped_us, first_at, last_at)
     SELECT institution, lesson, CAST($3 AS TEXT), present_us, away_us, dropped_us, first_at, last_at FROM attendance
     WHERE institution = $1 AND person = $2
     ON CONFLICT (institution, lesson, person) DO UPDATE SET
         present_us = excluded.present_us, away_us = excluded.away_us, dropped_us = excluded.dropped_us,
         first_at = excluded.first_at, last_at = excluded.last_at
         WHERE excluded.present_us > attendance.present_us",
    "INSERT INTO announcement_read (institution, person, announcement, read_at)
     SELECT institution, CAST($3 AS TEXT), announcement, read_at FROM announcement_read
     WHERE institution = $1 AND person = $2
     ON CONFLICT DO NOTHING",
    "UPDATE lesson_series SET trainer = $3, version = version + 1 WHERE institution = $1 AND trainer = $2",
    // What both were in, and what one of them gave, is counted anew.
    "UPDATE lesson SET counted = FALSE WHERE institution = $1 AND counted AND id IN
         (SELECT lesson FROM attendance WHERE institution = $1 AND person = $2)",
    "UPDATE lesson SET trainer = $3, counted = FALSE, version = version + 1 WHERE institution = $1 AND trainer = $2",
    "UPDATE lesson SET planned_trainer = $3 WHERE institution = $1 AND planned_trainer = $2",
    // Each has one way into a lesson for each part in it; the other's is closed below.
    "UPDATE invitation SET person = $3 WHERE institution = $1 AND person = $2 AND NOT EXISTS
         (SELECT 1 FROM invitation AS own WHERE own.institution = invitation.institution
              AND own.lesson = invitation.lesson AND own.role = invitation.role AND own.person = $3)",
    "UPDATE place SET person = $3 WHERE institution = $1 AND person = $2",
    "UPDATE application SET person = $3 WHERE institution = $1 AND person = $2",
    "UPDATE announcement SET author = $3 WHERE institution = $1 AND author = $2",
    "UPDATE alarm SET taken_by = $3 WHERE institution = $1 AND taken_by = $2",
    "UPDATE alarm_comment SET author = $3 WHERE institution = $1 AND author = $2",
    "UPDATE mail SET person = $3 WHERE institution = $1 AND person = $2",
    "UPDATE calendar_feed SET person = $3 WHERE institution = $1 AND person = $2",
    "UPDATE report_view SET person = $3 WHERE institution = $1 AND person = $2",
    // Whoever was merged into the one is now of the other.
    "UPDATE person SET merged_into = $3 WHERE institution = $1 AND merged_into = $2",
];

/// What is left of the merged account, and by what it could be signed in to.
const LEFT: &[&str] = &[
    "DELETE FROM course_trainer WHERE institution = $1 AND person = $2",
    "DELETE FROM group_member WHERE institution = $1 AND person = $2",
    "DELETE FROM attendance WHERE institution = $1 AND person = $2",
    "DELETE FROM announcement_read WHERE institution = $1 AND person = $2",
    "DELETE FROM account_link WHERE institution = $1 AND person = $2",
    "DELETE FROM credential WHERE institution = $1 AND person = $2",
];

impl InstitutionStore {
    /// Merges `from` into `into`: what one had is the other's, whose own name, sign-in name, mail and number stand where
    /// there are any. Nobody signs in to `from` any more.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where one of them is no account of this institution; [`StoreError::Conflict`] where they
    /// are the same.
    pub async fn merge_person(&self, from: PersonId, into: PersonId, by: &Change) -> Result<(), StoreError> {
        const PERSON: &str = people!(
            "WHERE person.institution = $1 AND person.id = $2 AND person.erased_at IS NULL
               AND person.merged_into IS NULL"
        );
        const MERGED: &str = "UPDATE person SET sign_in = NULL, mail = NULL, external_id = NULL, search = '',
                                  is_administrator = FALSE, is_committee = FALSE, merged_into = $3,
                                  version = version + 1
                              WHERE institution = $1 AND id = $2";
        const TAKEN_IN: &str = "UPDATE person SET sign_in = $3, mail = $4, external_id = $5, language = $6,
                                    is_trainer = $7, is_trainee = $8, search = $9, version = version + 1
                                WHERE institution = $1 AND id = $2";
        const SESSIONS: &str = "UPDATE session SET revoked_at = COALESCE(revoked_at, $3)
                                WHERE institution = $1 AND person = $2";
        const INVITATIONS: &str = "UPDATE invitation SET revoked_at = COALESCE(revoked_at, $3), name = NULL
                                   WHERE institution = $1 AND person = $2";
        if from == into {
            return Err(StoreError::Conflict);
        }
        let (institution, old, new) = (self.institution.to_string(), from.to_string(), into.to_string());
        changing!(self, by, tx => {
            let mut pair = Vec::with_capacity(2);
            for person in [&old, &new] {
                let row: Option<PersonRow> = sqlx::query_as(PERSON)
                    .bind(&institution)
                    .bind(person)
                    .fetch_optional(&mut *tx).await.map_err(failed)?;
                pair.push(PersonRecord::try_from(row.ok_or(StoreError::Missing)?)?);
            }
            let (Some(kept), Some(gone)) = (pair.pop(), pair.pop()) else { return Err(StoreError::Missing) };
            for sql in MOVES {
                sqlx::query(*sql)
                    .bind(&institution)
                    .bind(&old)
                    .bind(&new)
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            for sql in LEFT {
                sqlx::query(*sql).bind(&institution).bind(&old).execute(&mut *tx).await.map_err(failed)?;
            }
            for sql in [SESSIONS, INVITATIONS] {
                sqlx::query(sql)
                    .bind(&institution)
                    .bind(&old)
                    .bind(by.at.micros())
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            sqlx::query(MERGED)
                .bind(&institution)
                .bind(&old)
                .bind(&new)
                .execute(&mut *tx).await.map_err(failed)?;
            let whole = taken_in(kept, gone);
            sqlx::query(TAKEN_IN)
                .bind(&institution)
                .bind(&new)
                .bind(&whole.sign_in)
                .bind(&whole.mail)
                .bind(&whole.external_id)
                .bind(&whole.language)
                .bind(whole.roles.trainer)
                .bind(whole.roles.trainee)
                .bind(whole.search())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }
}

/// One account with what the other knew besides. Powers over others do not move: who has them by one account only gets
/// them by a change that says so.
fn taken_in(mut kept: PersonRecord, gone: PersonRecord) -> PersonRecord {
    kept.sign_in = kept.sign_in.or(gone.sign_in);
    kept.mail = kept.mail.or(gone.mail);
    kept.external_id = kept.external_id.or(gone.external_id);
    kept.language = kept.language.or(gone.language);
    kept.roles.trainer |= gone.roles.trainer;
    kept.roles.trainee |= gone.roles.trainee;
    kept
}
