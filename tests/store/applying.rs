//! Who applies for a course, who waits, and who moves up; and who is told what.

use crate::courses::{TRAINER, account, by, with_two_places};
use crate::scratch::{STARTS_AT, School, Scratch, school};
use qism::ids::{AnnouncementId, ApplicationId, PersonId, RegionId};
use qism::store::{
    Announcement, ApplicationStatus, Audience, Change, CourseRecord, Listener, NewApplication, Reach, Roles,
    SecretHash, Store, StoreError,
};
use qism::text::Language;
use qism::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

pub fn after(seconds: u64) -> Timestamp {
    STARTS_AT.plus(Duration::from_secs(seconds))
}

/// Applies as `number`, that many seconds after the first.
async fn apply(store: &Store, ours: &School, number: u8) -> ApplicationId {
    let application = NewApplication {
        id: ApplicationId(Uuid::from_u128(u128::from(number))),
        course: ours.course,
        person: None,
        name: format!("Applicant {number}"),
        mail: Some(format!("applicant-{number}@example.org")),
        phone: None,
        message: String::new(),
        language: Language::French,
    };
    let change = Change { at: after(number.into()), ..by("application.create") };
    ours.of(store).apply(&application, &SecretHash([number; 32]), &change).await.expect("applied");
    application.id
}

fn fresh(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0xF00 << 64 | number))
}

async fn status(store: &Store, ours: &School, application: ApplicationId) -> ApplicationStatus {
    ours.of(store).application(application).await.expect("an answer").expect("there").status
}

pub async fn who_is_accepted_gets_an_account_and_a_place(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let application = apply(&store, &ours, 1).await;
    let found = store.application_by_secret(&SecretHash([1; 32])).await.expect("an answer").expect("there");
    assert_eq!((found.id, found.status, found.person), (application, ApplicationStatus::New, None));
    let change = by("application.accept");
    let stale = of.accept_application(application, 7, ours.group, fresh(1), &change).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    of.accept_application(application, 1, ours.group, fresh(1), &change).await.expect("accepted");
    let accepted = of.application(application).await.expect("an answer").expect("there");
    assert_eq!((accepted.person, accepted.group), (Some(fresh(1)), Some(ours.group)));
    assert!(of.is_member(ours.group, fresh(1)).await.expect("an answer"));
    let person = of.person(fresh(1)).await.expect("an answer").expect("an account");
    assert_eq!(person.sign_in.as_deref(), Some("applicant-1@example.org"));
    assert!(person.roles.trainee && !person.has_password);
    let again = of.accept_application(application, accepted.version, ours.group, fresh(2), &change).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
}

pub async fn a_sign_in_name_that_another_institution_has_is_not_taken_twice(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    for (number, school) in [(1, &theirs), (2, &ours)] {
        let application = NewApplication {
            id: ApplicationId(Uuid::from_u128(number)),
            course: school.course,
            person: None,
            name: "Leila".into(),
            mail: Some("leila@example.org".into()),
            phone: None,
            message: String::new(),
            language: Language::English,
        };
        let secret = SecretHash([u8::try_from(number).expect("small"); 32]);
        school.of(&store).apply(&application, &secret, &by("application.create")).await.expect("applied");
        let accept = by("application.accept");
        let of = school.of(&store);
        of.accept_application(application.id, 1, school.group, fresh(number), &accept).await.expect("accepted");
    }
    let second = ours.of(&store).person(fresh(2)).await.expect("an answer").expect("an account");
    assert!(second.sign_in.as_deref().is_some_and(|name| name.starts_with("trainee-")), "{:?}", second.sign_in);
}

pub async fn the_waiting_list_moves_up_in_its_order(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let course = with_two_places(&store, &ours).await;
    let mut applications = Vec::new();
    for number in 1..=5 {
        applications.push(apply(&store, &ours, number).await);
    }
    let change = by("application.decide");
    for (index, application) in applications.iter().enumerate().take(2) {
        let person = fresh(u128::try_from(index).expect("small"));
        of.accept_application(*application, 1, ours.group, person, &change).await.expect("accepted");
    }
    let full = of.accept_application(applications[2], 1, ours.group, fresh(9), &change).await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    // Put on the list in the other order: who applied first is first all the same.
    for application in [applications[4], applications[3], applications[2]] {
        of.put_on_waiting_list(application, 1, None, &change).await.expect("waits");
    }
    assert_eq!(of.move_up(ours.course, fresh(10), &change).await.expect("an answer"), None);

    of.remove_member(ours.group, fresh(0), &by("group.remove_member")).await.expect("removed");
    let moved = of.move_up(ours.course, fresh(10), &change).await.expect("an answer").expect("somebody moves up");
    assert_eq!(moved.id, applications[2]);
    assert_eq!(of.move_up(ours.course, fresh(11), &change).await.expect("an answer"), None);

    of.withdraw_application(applications[1], &by("application.withdraw")).await.expect("withdrawn");
    assert!(!of.is_member(ours.group, fresh(1)).await.expect("an answer"));
    let moved = of.move_up(ours.course, fresh(11), &change).await.expect("an answer").expect("somebody moves up");
    assert_eq!(moved.id, applications[3]);

    let raised = CourseRecord { capacity: Some(3), ..course };
    of.change_course(&raised, &by("course.change")).await.expect("raised");
    let moved = of.move_up(ours.course, fresh(12), &change).await.expect("an answer").expect("somebody moves up");
    assert_eq!(moved.id, applications[4]);
    assert_eq!(status(&store, &ours, applications[4]).await, ApplicationStatus::Accepted);
    assert_eq!(of.move_up(ours.course, fresh(13), &change).await.expect("an answer"), None);
    let entries = of.audit_before(None, 1).await.expect("the log");
    assert_eq!(entries[0].subject, Some(applications[4].to_string()));
}

pub async fn another_institution_decides_nothing(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let application = apply(&store, &theirs, 1).await;
    let (of, change) = (ours.of(&store), by("application.decide"));
    assert_eq!(of.application(application).await.expect("an answer"), None);
    assert_eq!(of.applications(None, None, None, 10).await.expect("an answer"), []);
    let changes = [
        of.accept_application(application, 1, theirs.group, fresh(1), &change).await,
        of.put_on_waiting_list(application, 1, None, &change).await,
        of.refuse_application(application, 1, "no", &change).await,
        of.withdraw_application(application, &change).await,
        of.move_up(theirs.course, fresh(1), &change)
            .await
            .map(|moved| assert_eq!(moved, None))
            .and(Err(StoreError::Missing)),
    ];
    for change in changes {
        assert!(matches!(change, Err(StoreError::Missing)), "{change:?}");
    }
    // Their application, our group.
    let own = apply_elsewhere(&store, &ours).await;
    let mixed = of.accept_application(own, 1, theirs.group, fresh(2), &change).await;
    assert!(matches!(mixed, Err(StoreError::Missing)), "{mixed:?}");
    assert_eq!(status(&store, &theirs, application).await, ApplicationStatus::New);
}

async fn apply_elsewhere(store: &Store, ours: &School) -> ApplicationId {
    apply(store, ours, 77).await
}

pub fn announcement(number: u128, ours: &School, audience: Audience) -> Announcement {
    Announcement {
        id: AnnouncementId(Uuid::from_u128(number)),
        institution: ours.institution,
        institution_name: String::new(),
        audience,
        audience_name: None,
        title: format!("Announcement {number}"),
        body: "…".into(),
        author: Uuid::nil().to_string(),
        author_name: None,
        day: number.is_multiple_of(2).then(|| "2026-11-30".to_owned()),
        by_mail: false,
        published_at: after(u64::try_from(number).expect("small")),
        expires_at: None,
        withdrawn_at: None,
        version: 1,
    }
}

async fn told(store: &Store, listener: &Listener) -> Vec<u128> {
    let told = store.announcements_for(listener, after(1_000), None, 100).await.expect("announcements");
    told.into_iter().map(|told| told.announcement.id.0.as_u128()).collect()
}

pub async fn everybody_is_told_what_concerns_them(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    store.set_reach(theirs.institution, Reach::Ministry).await.expect("the ministry");
    let (our_region, their_region) = (region(1), region(2));
    let of = ours.of(&store);
    let trainer = account(&of, 500, TRAINER).await;
    let trainee = account(&of, 501, Roles { trainee: true, ..Roles::default() }).await;
    let other = account(&of, 502, Roles { trainee: true, ..Roles::default() }).await;
    of.add_course_trainer(ours.course, trainer, &by("course.add_trainer")).await.expect("teaches");
    of.add_member(ours.group, trainee, &by("group.add_member")).await.expect("follows");
    let publish = by("announcement.create");
    for (number, school, audience) in [
        (1, &ours, Audience::Institution),
        (2, &ours, Audience::Course(ours.course)),
        (3, &ours, Audience::Group(ours.group)),
        (4, &theirs, Audience::Institution),
        (5, &theirs, Audience::Region(our_region)),
        (6, &theirs, Audience::Region(their_region)),
        (7, &theirs, Audience::Ministry),
    ] {
        let made = announcement(number, school, audience);
        school.of(&store).announce(&made, &publish).await.expect("published");
    }
    let missing = of.announce(&announcement(8, &ours, Audience::Course(theirs.course)), &publish).await;
    assert!(matches!(missing, Err(StoreError::Missing)), "{missing:?}");

    let listener = |person| Listener { person, institution: ours.institution, region: our_region };
    assert_eq!(told(&store, &listener(trainer)).await, [7, 5, 3, 2, 1]);
    assert_eq!(told(&store, &listener(trainee)).await, [7, 5, 3, 2, 1]);
    assert_eq!(told(&store, &listener(other)).await, [7, 5, 1]);
    let days = ("2026-11-30", "2026-11-30");
    let announced = store.announced_days_for(&listener(trainee), after(1_000), days, 10).await.expect("days");
    assert_eq!(announced.iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>(), [2]);

    let read = AnnouncementId(Uuid::from_u128(7));
    of.read_announcement(trainee, read, after(1_000)).await.expect("read");
    of.read_announcement(trainee, read, after(1_001)).await.expect("read again");
    assert_eq!(store.unread_announcements(&listener(trainee), after(1_000)).await.expect("a count"), 4);
    assert_eq!(store.unread_announcements(&listener(trainer), after(1_000)).await.expect("a count"), 5);

    let withdrawn = Announcement { withdrawn_at: Some(after(9)), ..announcement(1, &ours, Audience::Institution) };
    of.change_announcement(&withdrawn, &by("announcement.change")).await.expect("withdrawn");
    assert!(matches!(of.change_announcement(&withdrawn, &publish).await, Err(StoreError::Stale)));
    let foreign = Announcement { institution: ours.institution, ..announcement(4, &theirs, Audience::Institution) };
    assert!(matches!(of.change_announcement(&foreign, &publish).await, Err(StoreError::Missing)));
    assert_eq!(told(&store, &listener(other)).await, [7, 5]);
}

/// As [`school`] numbers them.
fn region(number: u128) -> RegionId {
    RegionId(Uuid::from_u128(1 << 64 | number))
}
