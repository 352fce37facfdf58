use crate::scratch::{ENDS_AT, STARTS_AT, Scratch, school};
use qism::ids::{CourseId, GroupId, InstitutionId, LessonId, RegionId};
use qism::protocol::{LessonCard, Phase};
use qism::store::{Group, Institution, LessonRecord, NewLesson, StoreError};
use qism::time::Timestamp;
use uuid::Uuid;

pub async fn a_lesson_comes_back_with_everything_on_its_card(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let lesson = store.lesson(school.lesson).await.expect("an answer").expect("the lesson");
    let card = LessonCard {
        id: school.lesson,
        title: "دارة الشحن".into(),
        course: "كهرباء السيارات".into(),
        group: "فوج 2".into(),
        trainer: "فاطمة الزهراء الإدريسي".into(),
        institution: "معهد التكوين 1".into(),
        language: "ar".into(),
        starts_at: STARTS_AT,
        ends_at: ENDS_AT,
        time_zone: "Africa/Casablanca".into(),
    };
    assert_eq!(
        lesson,
        LessonRecord { institution: school.institution, card, phase: Phase::Planned, is_cancelled: false }
    );
    let unknown = LessonId(Uuid::from_u128(404));
    assert_eq!(store.lesson(unknown).await.expect("an answer"), None);
    store.ping().await.expect("it answers");
}

pub async fn what_refers_to_nothing_is_refused(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let nowhere = Uuid::from_u128(404);
    let institution = Institution {
        id: InstitutionId(Uuid::from_u128(1)),
        region: RegionId(nowhere),
        name: "Nulle part".into(),
        time_zone: "Africa/Casablanca".into(),
    };
    let refused = store.create_institution(&institution).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    let group = Group { id: GroupId(Uuid::from_u128(2)), course: CourseId(nowhere), name: "Groupe".into() };
    let refused = school.of(&store).create_group(&group).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    let again = Group { id: school.group, course: school.course, name: "Groupe".into() };
    let refused = school.of(&store).create_group(&again).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
}

pub async fn a_lesson_that_is_moved_has_its_new_times(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    let other = NewLesson {
        id: LessonId(Uuid::from_u128(8)),
        group: school.group,
        trainer: school.trainer,
        title: "البطارية".into(),
        starts_at: STARTS_AT,
        ends_at: ENDS_AT,
    };
    of.create_lesson(&other).await.expect("a second lesson");
    of.reschedule_lesson(school.lesson, ENDS_AT, Timestamp(ENDS_AT.0 + 1)).await.expect("moved");
    let moved = store.lesson(school.lesson).await.expect("an answer").expect("the lesson").card;
    assert_eq!((moved.starts_at, moved.ends_at), (ENDS_AT, Timestamp(ENDS_AT.0 + 1)));
    let stays = store.lesson(other.id).await.expect("an answer").expect("the other lesson").card;
    assert_eq!((stays.starts_at, stays.ends_at), (STARTS_AT, ENDS_AT));
}
