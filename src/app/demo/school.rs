//! The demo school: one region, two institutions, three courses, in Arabic and French.

use crate::ids::{CourseId, GroupId, InstitutionId, LessonId, PersonId, RegionId};
use crate::store::{Course, Group, Institution, NewLesson, Person, Region, Store, StoreError};
use crate::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

const HOUR: Duration = Duration::from_secs(3_600);
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

const REGION: RegionId = RegionId(id(1));
const OTHER_INSTITUTION: InstitutionId = InstitutionId(id(3));
const GROUP: GroupId = GroupId(id(30));
const PERSON: PersonId = PersonId(id(10));

/// The demo's own ids: the same in every demo, since an id opens nothing.
const fn id(number: u16) -> Uuid {
    Uuid::from_u128(0x019a_a000_0000_7000_8000_0000_0000_0000 | number as u128)
}

/// A lesson of the other courses, later today.
struct Later {
    lesson: LessonId,
    institution: InstitutionId,
    group: GroupId,
    trainer: PersonId,
    title: &'static str,
    in_hours: u32,
}

const LATER: [Later; 2] = [
    Later {
        lesson: LessonId(id(41)),
        institution: INSTITUTION,
        group: GroupId(id(31)),
        trainer: PersonId(id(11)),
        title: "Rédiger un rapport de stage",
        in_hours: 2,
    },
    Later {
        lesson: LessonId(id(42)),
        institution: OTHER_INSTITUTION,
        group: GroupId(id(32)),
        trainer: PersonId(id(12)),
        title: "Le cycle frigorifique",
        in_hours: 4,
    },
];

/// Writes the school where it is not there yet, and moves its other lessons to today.
pub async fn write(store: &Store, starts_at: Timestamp) -> Result<(), StoreError> {
    there(store.create_region(&Region { id: REGION, name: "الرباط سلا القنيطرة".into() }).await)?;
    for (id, name) in [
        (INSTITUTION, "معهد التكوين في مهن السيارات، سلا"),
        (OTHER_INSTITUTION, "Institut spécialisé de technologie appliquée, Kénitra"),
    ] {
        let time_zone = "Africa/Casablanca".into();
        there(store.create_institution(&Institution { id, region: REGION, name: name.into(), time_zone }).await)?;
    }
    for (institution, person, name) in [
        (INSTITUTION, PERSON, TRAINER),
        (INSTITUTION, PersonId(id(11)), "Hasnaa Mrini"),
        (OTHER_INSTITUTION, PersonId(id(12)), "Driss Cherkaoui"),
    ] {
        there(store.of(institution).create_person(&Person { id: person, name: name.into() }).await)?;
    }
    for (institution, course, title, language, group, group_name) in [
        (INSTITUTION, CourseId(id(20)), "كهرباء السيارات", "ar", GROUP, "فوج 2"),
        (INSTITUTION, CourseId(id(21)), "Français professionnel", "fr", GroupId(id(31)), "Groupe 1"),
        (OTHER_INSTITUTION, CourseId(id(22)), "Froid et climatisation", "fr", GroupId(id(32)), "Groupe A"),
    ] {
        let of = store.of(institution);
        there(of.create_course(&Course { id: course, title: title.into(), language: language.into() }).await)?;
        there(of.create_group(&Group { id: group, course, name: group_name.into() }).await)?;
    }
    for Later { lesson, institution, group, trainer, title, in_hours } in LATER {
        let starts_at = starts_at.plus(HOUR * in_hours);
        let ends_at = starts_at.plus(LESSON);
        let of = store.of(institution);
        let planned = NewLesson { id: lesson, group, trainer, title: title.into(), starts_at, ends_at };
        there(of.create_lesson(&planned).await)?;
        of.reschedule_lesson(lesson, starts_at, ends_at).await?;
    }
    Ok(())
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
