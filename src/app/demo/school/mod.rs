//! The demo school: a ministry, its regions, institutions of every kind, and one of them in full: courses, groups, a
//! timetable that goes on from week to week, announcements, applications and attendance, in Arabic and French. All
//! names are invented.
//!
//! What is there already stays as it is, whoever changed it; each start adds what the weeks around it lack.

mod courses;
mod office;
mod past;
mod people;
mod timetable;

use crate::auth::Secret;
use crate::ids::{GroupId, InstitutionId, LessonId, PersonId};
use crate::store::{NewLesson, Rows, Store, StoreError};
use crate::time::Timestamp;
use serde_json::{Map, Value, json};
use std::time::Duration;
use uuid::Uuid;

pub use people::{ACCOUNTS, Account};

const LESSON: Duration = Duration::from_secs(90 * 60);

/// The institution of the lesson on air.
pub const INSTITUTION: InstitutionId = InstitutionId(id(2));
/// The trainer who gives it, as their link names them.
pub const TRAINER: &str = "فاطمة الزهراء الإدريسي";
/// The observer of the committee, as their link names them.
pub const OBSERVER: &str = "سعاد بناني";
/// What encoders and players are called in its room.
pub const CAMERA: &str = "كاميرا الورشة";
pub const PLAYER: &str = "شاشة القاعة";

const MINISTRY: InstitutionId = InstitutionId(id(100));
const KENITRA: InstitutionId = InstitutionId(id(3));
const MARRAKECH: InstitutionId = InstitutionId(id(101));
const CASABLANCA: InstitutionId = InstitutionId(id(102));
const LYON: InstitutionId = InstitutionId(id(103));

const GROUP: GroupId = GroupId(id(30));
const PERSON: PersonId = PersonId(id(10));
const ZONE: &str = "Africa/Casablanca";

/// The demo's own ids: the same in every demo, since an id opens nothing.
const fn id(number: u32) -> Uuid {
    Uuid::from_u128(0x019a_a000_0000_7000_8000_0000_0000_0000 | number as u128)
}

/// A record by its columns.
fn row(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(columns) => columns,
        _ => Map::new(),
    }
}

/// SHA-256 of a secret, as the store keeps it.
fn hash_of(secret: &Secret) -> String {
    secret.hash().0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the school where it is not there yet, and its timetable around this moment. `secrets` is what the secrets of
/// invitations and applications are derived from, which nobody is told.
///
/// Gives the lesson that was over last.
pub async fn write(store: &Store, now: Timestamp, secrets: &Secret) -> Result<Option<LessonId>, StoreError> {
    let weeks = timetable::Weeks::around(now);
    let mut tables = institutions();
    tables.extend(people::tables());
    tables.extend(courses::tables(&weeks));
    tables.extend(office::tables(&weeks, secrets));
    let (timetable, newest) = timetable::tables(&weeks, secrets);
    tables.extend(timetable);
    store.add_missing(&tables).await?;
    for account in people::named() {
        store.give_account(PersonId(id(account.number)), account.sign_in, account.roles).await?;
    }
    store.end_unentered(now).await?;
    Ok(newest)
}

/// Plans the lesson that is on air now, or moves it to now.
pub async fn write_lesson(store: &Store, lesson: LessonId, starts_at: Timestamp) -> Result<(), StoreError> {
    let of = store.of(INSTITUTION);
    let ends_at = starts_at.plus(LESSON);
    let title = "دارة الشحن".into();
    there(of.create_lesson(&NewLesson { id: lesson, group: GROUP, trainer: PERSON, title, starts_at, ends_at }).await)?;
    of.reschedule_lesson(lesson, starts_at, ends_at).await
}

/// What is there already is as it should be.
fn there(created: Result<(), StoreError>) -> Result<(), StoreError> {
    match created {
        Err(StoreError::Conflict) => Ok(()),
        other => other,
    }
}

fn institutions() -> Vec<Rows> {
    let regions = [(1, "الرباط سلا القنيطرة"), (6, "مراكش آسفي"), (7, "الدار البيضاء سطات"), (8, "الشركاء في الخارج")];
    let regions = regions.map(|(number, name)| row(json!({ "id": id(number).to_string(), "name": name })));
    let all = [
        (MINISTRY, 1, "قطاع التكوين المهني", "public", "ministry", "ar", ZONE),
        (INSTITUTION, 1, "معهد التكوين في مهن السيارات، سلا", "public", "institution", "ar", ZONE),
        (KENITRA, 1, "Institut spécialisé de technologie appliquée, Kénitra", "public", "institution", "fr", ZONE),
        (MARRAKECH, 6, "مركز التكوين في الفندقة والسياحة، مراكش", "public", "institution", "ar", ZONE),
        (CASABLANCA, 7, "École privée des métiers du bâtiment, Casablanca", "private", "institution", "fr", ZONE),
        (LYON, 8, "Lycée professionnel des Alpes, Lyon", "partner", "institution", "fr", "Europe/Paris"),
    ];
    let institutions = all.map(|(institution, region, name, kind, reach, language, zone)| {
        row(json!({
            "id": institution.to_string(), "region": id(region).to_string(), "name": name, "time_zone": zone,
            "kind": kind, "reach": reach, "language": language, "search": search(name),
        }))
    });
    vec![("region", regions.into()), ("institution", institutions.into())]
}

/// The words by which a record is found.
fn search(text: &str) -> String {
    crate::text::words(text).collect::<Vec<_>>().join(" ")
}
