//! Courses, their programmes, trainers and materials; what the public catalogue finds of them.

use crate::scratch::{STARTS_AT, School, Scratch, school};
use qism::ids::{CourseId, MaterialId, PersonId, UnitId};
use qism::store::{
    CatalogueFilter, Change, ChangedBy, CourseFilter, CourseRecord, CourseUnit, InstitutionStore, Material,
    MaterialContent, MaterialFile, NewAccount, Roles, Store, StoreError,
};
use qism::text::Language;
use qism::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

pub fn by(action: &'static str) -> Change {
    Change { at: STARTS_AT, actor: ChangedBy::System, action, subject: None, detail: serde_json::json!({}) }
}

pub fn course(number: u128, title: &str) -> CourseRecord {
    CourseRecord {
        id: CourseId(Uuid::from_u128(number)),
        title: title.into(),
        language: Language::Arabic,
        sector: "السيارات".into(),
        level: "تأهيل".into(),
        description: "Diagnostic, freinage et sécurité".into(),
        offered: true,
        apply_until: None,
        capacity: None,
        archived_at: None,
        version: 1,
    }
}

pub async fn account(of: &InstitutionStore, number: u128, roles: Roles) -> PersonId {
    let id = PersonId(Uuid::from_u128(number));
    let account = NewAccount {
        id,
        name: "Karim".into(),
        sign_in: Some(format!("account-{number}")),
        mail: Some(format!("account-{number}@example.org")),
        language: None,
        external_id: None,
        roles,
        search: "karim".into(),
    };
    of.create_account(&account, &by("person.create")).await.expect("an account");
    id
}

pub const TRAINER: Roles = Roles { trainer: true, trainee: false, committee: false, administrator: false };

async fn titles(of: &InstitutionStore, filter: CourseFilter) -> Vec<String> {
    of.courses(&filter, None, 100).await.expect("courses").into_iter().map(|course| course.title).collect()
}

pub async fn a_course_is_found_changed_and_archived(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let made = course(100, "كهرباء السيارات 2");
    of.add_course(&made, &by("course.create")).await.expect("made");
    assert_eq!(of.course(made.id).await.expect("an answer"), Some(made.clone()));
    assert!(matches!(of.add_course(&made, &by("course.create")).await, Err(StoreError::Conflict)));
    let asked = |search: &str| CourseFilter { search: search.into(), ..CourseFilter::default() };
    assert_eq!(titles(&of, asked("سيارات 2")).await, ["كهرباء السيارات 2"]);
    assert_eq!(titles(&of, asked("securite diag")).await, ["كهرباء السيارات 2"]);
    assert_eq!(titles(&of, asked("soudure")).await, Vec::<String>::new());

    let wanted = CourseRecord { title: "ميكانيك".into(), capacity: Some(20), ..made.clone() };
    of.change_course(&wanted, &by("course.change")).await.expect("changed");
    assert!(matches!(of.change_course(&wanted, &by("course.change")).await, Err(StoreError::Stale)));
    let archived = CourseRecord { archived_at: Some(STARTS_AT), version: 2, ..wanted };
    of.change_course(&archived, &by("course.change")).await.expect("archived");
    assert_eq!(titles(&of, asked("ميكانيك")).await, Vec::<String>::new());
    let gone = CourseFilter { archived: true, ..CourseFilter::default() };
    assert_eq!(titles(&of, gone).await, ["ميكانيك"]);
}

pub async fn a_programme_keeps_its_units_ids(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let unit = |number: u128, title: &str| CourseUnit {
        id: UnitId(Uuid::from_u128(number)),
        title: title.into(),
        planned_minutes: 90,
    };
    let (first, second) = (unit(200, "الدارة"), unit(201, "الشحن"));
    let programme = by("course.programme");
    of.replace_units(ours.course, 1, &[first.clone(), second.clone()], &programme).await.expect("written");
    let stale = of.replace_units(ours.course, 1, std::slice::from_ref(&first), &programme).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    of.replace_units(ours.course, 2, &[second.clone(), first.clone()], &programme).await.expect("turned round");
    assert_eq!(of.units_of(ours.course).await.expect("units"), [second, first]);
    let nowhere = CourseId(Uuid::from_u128(999));
    assert!(matches!(of.replace_units(nowhere, 1, &[], &programme).await, Err(StoreError::Missing)));
}

pub async fn only_trainers_of_the_institution_teach(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let trainer = account(&of, 300, TRAINER).await;
    let trainee = account(&of, 301, Roles { trainee: true, ..Roles::default() }).await;
    let stranger = account(&theirs.of(&store), 302, TRAINER).await;
    let change = by("course.add_trainer");
    for nobody in [trainee, stranger, PersonId(Uuid::from_u128(999))] {
        let added = of.add_course_trainer(ours.course, nobody, &change).await;
        assert!(matches!(added, Err(StoreError::Missing)), "{added:?}");
    }
    of.add_course_trainer(ours.course, trainer, &change).await.expect("added");
    of.add_course_trainer(ours.course, trainer, &change).await.expect("added again");
    assert!(of.is_of_course(trainer, ours.course).await.expect("an answer"));
    assert!(!of.is_of_course(trainee, ours.course).await.expect("an answer"));
    let own = CourseFilter { of: Some(trainer), ..CourseFilter::default() };
    assert_eq!(titles(&of, own).await, ["كهرباء السيارات"]);
    of.remove_course_trainer(ours.course, trainer, &change).await.expect("removed");
    assert!(!of.is_course_trainer(trainer, ours.course).await.expect("an answer"));
}

pub async fn a_course_of_another_institution_is_not_there(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, change) = (ours.of(&store), by("course.change"));
    let trainer = account(&of, 310, TRAINER).await;
    assert_eq!(of.course(theirs.course).await.expect("an answer"), None);
    assert_eq!(of.groups_of(theirs.course).await.expect("an answer"), []);
    let wanted = CourseRecord { id: theirs.course, ..course(0, "mixed") };
    let changes = [
        of.change_course(&wanted, &change).await,
        of.replace_units(theirs.course, 1, &[], &change).await,
        of.add_course_trainer(theirs.course, trainer, &change).await,
        of.add_material(&link(1, theirs.course), 0, &change).await.map(|_| ()),
        of.remove_material(theirs.course, MaterialId(Uuid::from_u128(1)), &change).await,
    ];
    for change in changes {
        assert!(matches!(change, Err(StoreError::Missing)), "{change:?}");
    }
}

fn link(number: u128, course: CourseId) -> Material {
    let content = MaterialContent::Link { url: "https://example.org/".into() };
    Material { id: MaterialId(Uuid::from_u128(number)), course, title: "درس".into(), content, created_at: STARTS_AT }
}

pub async fn files_stay_within_the_quota(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let file = |number: u128, bytes: u64| Material {
        content: MaterialContent::File(MaterialFile {
            file_name: "دليل.pdf".into(),
            media_type: "application/pdf".into(),
            bytes,
            content_hash: "00".repeat(32),
        }),
        ..link(number, ours.course)
    };
    let change = by("material.add");
    assert!(of.add_material(&file(1, 60), 100, &change).await.expect("an answer"));
    assert!(!of.add_material(&file(2, 41), 100, &change).await.expect("an answer"));
    assert!(of.add_material(&link(3, ours.course), 0, &change).await.expect("an answer"));
    assert_eq!(of.material_bytes().await.expect("an answer"), 60);
    assert_eq!(theirs.of(&store).material_bytes().await.expect("an answer"), 0);
    let there = of.materials(ours.course, None, 10).await.expect("materials");
    assert_eq!(there, [file(1, 60), link(3, ours.course)]);
    of.remove_material(ours.course, there[0].id, &change).await.expect("removed");
    assert!(of.add_material(&file(2, 100), 100, &change).await.expect("an answer"));
}

async fn offered(store: &Store, filter: CatalogueFilter, now: Timestamp) -> Vec<String> {
    let found = store.catalogue(&filter, now, None, 100).await.expect("the catalogue");
    found.into_iter().map(|course| course.title).collect()
}

pub async fn the_catalogue_finds_what_is_offered_by_beginnings_of_words(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (later, change) = (STARTS_AT.plus(Duration::from_secs(60)), by("course.create"));
    let closes = CourseRecord { apply_until: Some(later), ..course(400, "إلكترونيك") };
    let hidden = CourseRecord { offered: false, ..course(401, "إلكترونيك مخفي") };
    ours.of(&store).add_course(&closes, &change).await.expect("made");
    ours.of(&store).add_course(&hidden, &change).await.expect("made");
    let french = CourseRecord {
        language: Language::French,
        sector: "BTP".into(),
        description: String::new(),
        ..course(402, "Électricité du bâtiment")
    };
    theirs.of(&store).add_course(&french, &change).await.expect("made");

    let find = |search: &str| CatalogueFilter { search: search.into(), ..CatalogueFilter::default() };
    assert_eq!(offered(&store, find("الكترون"), STARTS_AT).await, ["إلكترونيك"]);
    assert_eq!(offered(&store, find("ELECTRI bat"), STARTS_AT).await, ["Électricité du bâtiment"]);
    assert_eq!(offered(&store, find("electri soudure"), STARTS_AT).await, Vec::<String>::new());
    // Their institution's name has a 2 in it.
    assert_eq!(offered(&store, find("معهد 2"), STARTS_AT).await, ["Électricité du bâtiment"]);
    assert_eq!(offered(&store, find(""), STARTS_AT).await.len(), 2);
    let sector = CatalogueFilter { sector: "BTP".into(), ..CatalogueFilter::default() };
    assert_eq!(offered(&store, sector, STARTS_AT).await, ["Électricité du bâtiment"]);
    let language = CatalogueFilter { language: Some(Language::Arabic), ..CatalogueFilter::default() };
    assert_eq!(offered(&store, language, STARTS_AT).await, ["إلكترونيك"]);
    assert_eq!(offered(&store, find("الكترون"), later).await, Vec::<String>::new());
    assert_eq!(store.offered_course(closes.id, later).await.expect("an answer"), None);

    let withdrawn = CourseRecord { offered: false, ..french };
    theirs.of(&store).change_course(&withdrawn, &change).await.expect("changed");
    assert_eq!(offered(&store, find("electri"), STARTS_AT).await, Vec::<String>::new());
}

/// For tests of those who apply: a group in which there are two places, of a course that takes as many as come.
pub async fn with_two_places(store: &Store, ours: &School) -> CourseRecord {
    let of = ours.of(store);
    let there = of.course(ours.course).await.expect("an answer").expect("the course");
    let wanted = CourseRecord { offered: true, capacity: Some(2), ..there };
    of.change_course(&wanted, &by("course.change")).await.expect("changed");
    CourseRecord { version: wanted.version + 1, ..wanted }
}
