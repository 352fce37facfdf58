//! What people do with their own day.

use crate::ledgers::{sealing, settle};
use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, school, session};
use qism::ids::{FeedId, GroupId, InvitationId, LessonId, ParticipantId, PersonId, RegionId};
use qism::protocol::{Phase, Role, RoomEvent};
use qism::store::{
    Attended, Change, ChangedBy, Feed, GuestLink, Improvised, Invitation, InvitationPurpose, LoggedEvent, NewAccount,
    NewLesson, Part, Place, Presence, Reach, Reader, Roles, SecretHash, Spent, Store, StoreError,
};
use qism::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

const TRAINEE: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };
const HOUR_US: i64 = 3_600_000_000;

fn by() -> Change {
    Change { at: STARTS_AT, actor: ChangedBy::System, action: "test", subject: None, detail: serde_json::json!({}) }
}

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x100 + number))
}

async fn account(store: &Store, school: &School, number: u128, roles: Roles) -> PersonId {
    let account = NewAccount {
        id: person(number),
        name: format!("سلمى {number}"),
        sign_in: Some(format!("salma-{number}")),
        mail: None,
        language: None,
        external_id: None,
        roles,
        search: String::new(),
    };
    school.of(store).create_account(&account, &by()).await.expect("an account");
    account.id
}

/// A trainee of the school's group.
async fn trainee(scratch: &Scratch, store: &Store, school: &School) -> PersonId {
    let trainee = account(store, school, 1, TRAINEE).await;
    scratch
        .execute(
            "INSERT INTO group_member (institution, course_group, person, since)
             SELECT institution, '00000000-0000-0005-0000-000000000001', id, 0 FROM person WHERE sign_in = 'salma-1'",
        )
        .await;
    assert_eq!(school.group, GroupId(Uuid::from_u128(5 << 64 | 1)));
    trainee
}

fn own_invitation(school: &School, id: u128) -> Invitation {
    Invitation {
        id: InvitationId(Uuid::from_u128(id)),
        institution: school.institution,
        lesson: school.lesson,
        role: Role::Trainee,
        purpose: InvitationPurpose::Join,
        name: Some("سلمى".into()),
        expires_at: ENDS_AT,
        revoked_at: None,
    }
}

pub async fn a_timetable_has_the_lessons_of_the_groups_and_those_that_one_gives(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let trainee = trainee(&scratch, &store, &ours).await;
    let of = ours.of(&store);
    let later = Timestamp(STARTS_AT.micros() + 24 * HOUR_US);
    let lesson = NewLesson {
        id: LessonId(Uuid::from_u128(77)),
        group: ours.group,
        trainer: ours.trainer,
        title: "المنوّب".into(),
        starts_at: later,
        ends_at: later.plus(Duration::from_secs(5_400)),
    };
    of.create_lesson(&lesson).await.expect("a lesson");
    let first = of.own_lessons(trainee, STARTS_AT, later).await.expect("lessons");
    assert_eq!(first.iter().map(|l| (l.id, l.part)).collect::<Vec<_>>(), [(ours.lesson, Part::Trainee)]);
    assert_eq!((first[0].course_title.as_str(), first[0].group_name.as_str()), ("كهرباء السيارات", "فوج 2"));
    let both = of.own_lessons(ours.trainer, STARTS_AT, later.plus(Duration::from_secs(1))).await.expect("lessons");
    assert_eq!(both.iter().map(|l| l.part).collect::<Vec<_>>(), [Part::Trainer, Part::Trainer]);
    assert_eq!(of.own_lessons(trainee, Timestamp(0), STARTS_AT).await.expect("lessons"), []);
    assert_eq!(theirs.of(&store).own_lessons(trainee, STARTS_AT, later).await.expect("none"), []);

    let next = of.next_lesson(trainee, STARTS_AT, STARTS_AT, later).await.expect("a look");
    assert_eq!(next.map(|l| l.id), Some(ours.lesson));
    let week = later.plus(Duration::from_secs(604_800));
    let next = of.next_lesson(trainee, ENDS_AT, STARTS_AT, week).await.expect("a look");
    assert_eq!(next.map(|l| l.id), Some(lesson.id), "the first is over by the clock");
    let live = LoggedEvent { seq: qism::ids::EventSeq(1), at: STARTS_AT, event: RoomEvent::LessonStarted {} };
    of.append_events(ours.lesson, &[live], Phase::Live { since: STARTS_AT }).await.expect("on air");
    let next = of.next_lesson(trainee, ENDS_AT, STARTS_AT, week).await.expect("a look");
    assert_eq!(next.map(|l| l.id), Some(ours.lesson), "it is still on air");
    assert_eq!(of.lessons_count(STARTS_AT, week).await.expect("counts"), [2, 1, 0]);
    let overview = of.lessons_overview(trainee, STARTS_AT, week).await.expect("lessons");
    assert_eq!(overview.iter().map(|l| l.id).collect::<Vec<_>>(), [ours.lesson, lesson.id]);
    assert_eq!(theirs.of(&store).lessons_count(STARTS_AT, later).await.expect("counts"), [1, 0, 0]);
}

pub async fn a_lesson_that_somebody_else_gives_stands_with_both_trainers(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let other = account(&store, &ours, 1, Roles { trainer: true, ..Roles::default() }).await;
    scratch
        .execute(
            "UPDATE lesson SET planned_trainer = trainer,
                               trainer = (SELECT id FROM person WHERE sign_in = 'salma-1')",
        )
        .await;
    let of = ours.of(&store);
    let his = of.own_lessons(ours.trainer, STARTS_AT, ENDS_AT).await.expect("lessons");
    assert_eq!((his[0].part, his[0].trainer), (Part::Replaced, other));
    let hers = of.own_lessons(other, STARTS_AT, ENDS_AT).await.expect("lessons");
    assert_eq!((hers[0].part, hers[0].planned_trainer.as_deref()), (Part::Trainer, Some("فاطمة الزهراء الإدريسي")));
    assert_eq!(of.next_lesson(ours.trainer, STARTS_AT, STARTS_AT, ENDS_AT).await.expect("a look"), None);
}

pub async fn a_standing_follows_what_somebody_is_now(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let trainee = trainee(&scratch, &store, &ours).await;
    let role = async |person, lesson| store.standing(person, lesson).await.expect("a look").and_then(|s| s.role());
    assert_eq!(role(trainee, ours.lesson).await, Some(Role::Trainee));
    assert_eq!(role(ours.trainer, ours.lesson).await, Some(Role::Trainer));
    assert_eq!(role(trainee, theirs.lesson).await, None);
    assert_eq!(role(theirs.trainer, ours.lesson).await, None);
    assert_eq!(store.standing(trainee, LessonId(Uuid::from_u128(99))).await.expect("a look"), None);

    let committee = Roles { committee: true, ..Roles::default() };
    let observer = account(&store, &theirs, 2, committee).await;
    assert_eq!(role(observer, theirs.lesson).await, Some(Role::Committee));
    assert_eq!(role(observer, ours.lesson).await, None);
    store.set_reach(theirs.institution, Reach::Region).await.expect("its reach");
    assert_eq!(role(observer, ours.lesson).await, None, "another region's");
    store.set_reach(theirs.institution, Reach::Ministry).await.expect("its reach");
    assert_eq!(role(observer, ours.lesson).await, Some(Role::Committee));

    scratch.execute("DELETE FROM group_member").await;
    assert_eq!(role(trainee, ours.lesson).await, None);
    scratch.execute("UPDATE person SET disabled_at = 1").await;
    assert_eq!(store.standing(ours.trainer, ours.lesson).await.expect("a look"), None);
}

pub async fn somebodys_own_invitation_is_one_however_often_it_is_made(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let trainee = trainee(&scratch, &store, &ours).await;
    let of = ours.of(&store);
    let first = own_invitation(&ours, 500);
    let made = of.own_invitation(&first, trainee, &SecretHash([50; 32]), STARTS_AT).await.expect("made");
    assert_eq!(made, first);
    let later = ENDS_AT.plus(Duration::from_secs(60));
    let again = Invitation { expires_at: later, name: Some("سلمى أوشن".into()), ..own_invitation(&ours, 501) };
    let made = of.own_invitation(&again, trainee, &SecretHash([51; 32]), STARTS_AT).await.expect("made");
    assert_eq!(made, Invitation { id: first.id, ..again });
    let asked = of.invitation_owner(first.id).await.expect("a look");
    assert_eq!(asked, Some(trainee));
    assert_eq!(of.invitation_owner(ours.invitation).await.expect("a look"), None);
    assert_eq!(theirs.of(&store).invitation_owner(first.id).await.expect("a look"), None);
    let refused = theirs.of(&store).own_invitation(&first, trainee, &SecretHash([52; 32]), STARTS_AT).await;
    assert!(matches!(refused, Err(StoreError::Missing)));
}

pub async fn what_is_spent_adds_up_over_a_persons_places(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let trainee = trainee(&scratch, &store, &ours).await;
    let of = ours.of(&store);
    let session = session(&store, 9).await;
    of.own_invitation(&own_invitation(&ours, 500), trainee, &SecretHash([50; 32]), STARTS_AT).await.expect("made");
    let invitation = InvitationId(Uuid::from_u128(500));
    let mine = Place { invitation, person: Some(trainee), ..ours.place(901, Some(session)) };
    let guests = ours.place(902, None);
    of.create_place(&mine).await.expect("a place");
    of.create_place(&guests).await.expect("a place");
    assert_eq!(of.place(mine.participant).await.expect("a look"), Some(mine.clone()));
    let spent = |down, up| Spent { down, up };
    let nobody = ParticipantId(Uuid::from_u128(999));
    let both = [(mine.participant, spent(1_000, 10)), (guests.participant, spent(7, 7)), (nobody, spent(1, 1))];
    of.add_spending(&both).await.expect("added");
    of.add_spending(&[(mine.participant, spent(500, 0))]).await.expect("added");
    theirs.of(&store).add_spending(&[(mine.participant, spent(9, 9))]).await.expect("passed over");
    let found = of.spending(trainee, STARTS_AT, ENDS_AT).await.expect("a sum");
    assert_eq!((found.bytes, found.limit), (1_510, None));
    assert_eq!(of.spending(trainee, ENDS_AT, Timestamp(i64::MAX)).await.expect("a sum").bytes, 0);
    of.set_data_limit(trainee, Some(5_000_000), &by()).await.expect("set");
    assert_eq!(of.spending(trainee, STARTS_AT, ENDS_AT).await.expect("a sum").limit, Some(5_000_000));
    assert_eq!(theirs.of(&store).spending(trainee, STARTS_AT, ENDS_AT).await.expect("a sum").bytes, 0);
    let refused = theirs.of(&store).set_data_limit(trainee, None, &by()).await;
    assert!(matches!(refused, Err(StoreError::Missing)));
}

/// Somebody who was present for so long, and nothing else.
pub fn there(present_us: i64) -> Attended {
    Attended { present_us, ..Attended::default() }
}

pub async fn attendance_is_written_once_and_summed_by_month(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let trainee = trainee(&scratch, &store, &ours).await;
    let of = ours.of(&store);
    let ended = LoggedEvent { seq: qism::ids::EventSeq(1), at: ENDS_AT, event: RoomEvent::LessonEnded {} };
    of.append_events(ours.lesson, &[ended], Phase::Ended { since: ENDS_AT }).await.expect("over");
    let unsettled = store.unsettled_lessons().await.expect("lessons");
    assert_eq!(
        unsettled.iter().map(|l| (l.institution, l.lesson)).collect::<Vec<_>>(),
        [(ours.institution, ours.lesson)]
    );
    let planned = ENDS_AT.micros() - STARTS_AT.micros();
    let presence = of.presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum");
    assert_eq!(presence, Presence { planned_us: planned, present_us: 0 });
    for _ in 0..2 {
        settle(&of, ours.lesson, &[(trainee, there(HOUR_US))], ENDS_AT).await.expect("written");
    }
    assert_eq!(store.unsettled_lessons().await.expect("lessons"), []);
    let presence = of.presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum");
    assert_eq!(presence, Presence { planned_us: planned, present_us: HOUR_US });
    assert_eq!(of.own_lessons(trainee, STARTS_AT, ENDS_AT).await.expect("lessons")[0].present_us, Some(HOUR_US));
    settle(&of, ours.lesson, &[(trainee, there(1))], ENDS_AT).await.expect("nothing new");
    assert_eq!(
        of.presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum").present_us,
        HOUR_US,
        "what is sealed stays"
    );
    scratch.execute("UPDATE attendance SET present_us = 356400000000").await;
    assert_eq!(of.presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum").present_us, planned, "no more than all");
    assert_eq!(theirs.of(&store).presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum"), Presence::default());
    let foreign =
        theirs.of(&store).settle_attendance(ours.lesson, &[], &sealing(&of, ours.lesson).await, ENDS_AT).await;
    assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");
    scratch.execute("UPDATE attendance SET present_us = 3600000000, away_us = 7").await;
    assert_eq!(of.presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum").present_us, HOUR_US + 7, "away counts");
    scratch.execute("UPDATE institution SET away_counts = FALSE").await;
    assert_eq!(of.presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum").present_us, HOUR_US, "not by this rule");
    assert_eq!(of.own_lessons(trainee, STARTS_AT, ENDS_AT).await.expect("lessons")[0].present_us, Some(HOUR_US));
    scratch.execute("UPDATE group_member SET since = 9000000000000000").await;
    assert_eq!(of.presence(trainee, STARTS_AT, ENDS_AT).await.expect("a sum"), Presence::default());
}

pub async fn a_calendar_feed_is_found_by_its_newest_secret_only(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let trainee = trainee(&scratch, &store, &ours).await;
    let of = ours.of(&store);
    assert_eq!(of.feed_since(trainee).await.expect("a look"), None);
    for number in [61, 62] {
        let feed = Feed { id: FeedId(Uuid::from_u128(number)), person: trainee };
        of.create_feed(&feed, &SecretHash([number as u8; 32]), &by()).await.expect("a feed");
    }
    assert_eq!(of.feed_since(trainee).await.expect("a look"), Some(STARTS_AT));
    assert_eq!(store.feed_owner(&SecretHash([61; 32])).await.expect("a look"), None);
    let owner = store.feed_owner(&SecretHash([62; 32])).await.expect("a look").expect("an owner");
    assert_eq!(
        (owner.person, owner.institution, owner.time_zone.as_str()),
        (trainee, ours.institution, "Africa/Casablanca")
    );
    of.revoke_feed(trainee, &by()).await.expect("revoked");
    assert_eq!(store.feed_owner(&SecretHash([62; 32])).await.expect("a look"), None);
    assert_eq!(of.feed_since(trainee).await.expect("a look"), None);
    let feed = Feed { id: FeedId(Uuid::from_u128(63)), person: trainee };
    of.create_feed(&feed, &SecretHash([63; 32]), &by()).await.expect("a feed");
    scratch.execute("UPDATE person SET disabled_at = 1").await;
    assert_eq!(store.feed_owner(&SecretHash([63; 32])).await.expect("a look"), None);
}

pub async fn guest_links_are_a_lessons_own_and_nobodys_account(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let trainee = trainee(&scratch, &store, &ours).await;
    let of = ours.of(&store);
    of.own_invitation(&own_invitation(&ours, 500), trainee, &SecretHash([50; 32]), STARTS_AT).await.expect("made");
    let link = GuestLink {
        id: InvitationId(Uuid::from_u128(700)),
        lesson: ours.lesson,
        role: Role::Trainer,
        name: Some("Karim".into()),
        created_at: STARTS_AT,
        expires_at: ENDS_AT,
        revoked_at: None,
        used: 0,
    };
    of.create_guest_link(&link, &SecretHash([70; 32]), &by()).await.expect("a link");
    let listed = of.guest_links(ours.lesson, None, 10).await.expect("links");
    // The school's own link for trainees is one without a name.
    assert_eq!(listed.iter().map(|l| l.id).collect::<Vec<_>>(), [ours.invitation, link.id]);
    assert_eq!(listed[1], link);
    let after = Some((listed[0].created_at.micros(), listed[0].id.to_string()));
    assert_eq!(of.guest_links(ours.lesson, after, 10).await.expect("links").len(), 1);
    assert_eq!(of.guest_links_open(ours.lesson, STARTS_AT).await.expect("a count"), 2);
    assert_eq!(of.guest_links_open(ours.lesson, ENDS_AT).await.expect("a count"), 0);
    let found = store.invitation_by_secret(&SecretHash([70; 32])).await.expect("a look").expect("an invitation");
    assert!(found.holds(STARTS_AT) && found.role == Role::Trainer);
    let elsewhere = theirs.of(&store);
    assert_eq!(elsewhere.guest_links(ours.lesson, None, 10).await.expect("links"), []);
    assert!(matches!(elsewhere.revoke_guest_link(ours.lesson, link.id, &by()).await, Err(StoreError::Missing)));
    assert!(elsewhere.create_guest_link(&link, &SecretHash([71; 32]), &by()).await.is_err());
    let own = InvitationId(Uuid::from_u128(500));
    assert!(matches!(of.revoke_guest_link(ours.lesson, own, &by()).await, Err(StoreError::Missing)));
    of.revoke_guest_link(ours.lesson, link.id, &by()).await.expect("revoked");
    let found = store.invitation_by_secret(&SecretHash([70; 32])).await.expect("a look").expect("an invitation");
    assert!(!found.holds(STARTS_AT));
    assert_eq!(of.guest_links(ours.lesson, None, 10).await.expect("links").len(), 1);
}

pub async fn an_improvised_lesson_says_what_is_in_its_way(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    scratch.execute("INSERT INTO course_trainer (institution, course, person) SELECT course.institution, course.id, person.id FROM course JOIN person ON person.institution = course.institution").await;
    let groups = of.trained_groups(ours.trainer).await.expect("groups");
    assert_eq!(groups.iter().map(|g| (g.id, g.course)).collect::<Vec<_>>(), [(ours.group, ours.course)]);
    assert_eq!(of.trained_groups(theirs.trainer).await.expect("groups"), []);
    let starts_at = STARTS_AT.plus(Duration::from_secs(600));
    let lesson = Improvised {
        id: LessonId(Uuid::from_u128(800)),
        group: ours.group,
        trainer: ours.trainer,
        title: "مراجعة".into(),
        starts_at,
        ends_at: starts_at.plus(Duration::from_secs(5_400)),
    };
    let in_the_way = of.in_the_way_of(&lesson).await.expect("a look");
    assert_eq!(in_the_way.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [ours.lesson]);
    of.create_improvised(&lesson, &by()).await.expect("a lesson");
    let record = store.lesson(lesson.id).await.expect("a look").expect("the lesson");
    assert_eq!((record.phase, record.card.title.as_str()), (Phase::Planned, "مراجعة"));
    let tomorrow = Improvised {
        starts_at: ENDS_AT.plus(Duration::from_secs(86_400)),
        ends_at: Timestamp(i64::MAX),
        ..lesson.clone()
    };
    assert_eq!(of.in_the_way_of(&tomorrow).await.expect("a look"), []);
    let elsewhere = Improvised { id: LessonId(Uuid::from_u128(801)), ..lesson };
    let refused = theirs.of(&store).create_improvised(&elsewhere, &by()).await;
    assert!(matches!(refused, Err(StoreError::Missing)));
}

pub async fn announcements_reach_those_whom_they_are_for(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let trainee = trainee(&scratch, &store, &ours).await;
    // Each by the second institution but the first; the trainee is of the first one's group.
    scratch
        .execute(
            "INSERT INTO announcement (id, institution, audience, audience_id, title, body, author, by_mail, published_at,
                                       expires_at, withdrawn_at)
             SELECT '00000000-0000-0000-0000-00000000000' || letter, institution.id, audience, audience_id, letter, 'body',
                    'nobody', FALSE, at, expires_at, withdrawn_at
             FROM institution JOIN (
                 SELECT '1' AS letter, 'ours' AS of, 'institution' AS audience,
                        '00000000-0000-0002-0000-000000000001' AS audience_id, 10 AS at,
                        CAST(NULL AS BIGINT) AS expires_at, CAST(NULL AS BIGINT) AS withdrawn_at
                 UNION ALL SELECT '2', 'theirs', 'ministry', '00000000-0000-0002-0000-000000000002', 20, NULL, NULL
                 UNION ALL SELECT '3', 'theirs', 'region', '00000000-0000-0001-0000-000000000001', 30, NULL, NULL
                 UNION ALL SELECT '4', 'theirs', 'region', '00000000-0000-0001-0000-000000000002', 40, NULL, NULL
                 UNION ALL SELECT '5', 'theirs', 'institution', '00000000-0000-0002-0000-000000000002', 50, NULL, NULL
                 UNION ALL SELECT '6', 'ours', 'group', '00000000-0000-0005-0000-000000000001', 60, NULL, NULL
                 UNION ALL SELECT '7', 'ours', 'course', '00000000-0000-0004-0000-000000000001', 70, NULL, NULL
                 UNION ALL SELECT '8', 'ours', 'institution', '00000000-0000-0002-0000-000000000001', 80, 90, NULL
                 UNION ALL SELECT '9', 'ours', 'institution', '00000000-0000-0002-0000-000000000001', 80, NULL, 85
             ) AS what ON (what.of = 'theirs') = (institution.id = '00000000-0000-0002-0000-000000000002')",
        )
        .await;
    let reader =
        Reader { person: trainee, institution: ours.institution, region: RegionId(Uuid::from_u128(1 << 64 | 1)) };
    let titles = async |reader, since, now, limit| {
        let notices = store.notices(reader, Timestamp(since), Timestamp(now), limit).await.expect("announcements");
        notices.into_iter().map(|notice| (notice.title, notice.is_read)).collect::<Vec<_>>()
    };
    let unread = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), false)).collect::<Vec<_>>();
    assert_eq!(titles(reader, 0, 100, 10).await, unread(&["7", "6", "3", "2", "1"]));
    assert_eq!(titles(reader, 0, 85, 2).await, unread(&["8", "7"]));
    assert_eq!(titles(reader, 20, 100, 10).await, unread(&["7", "6", "3"]));
    let other = Reader {
        person: theirs.trainer,
        institution: theirs.institution,
        region: RegionId(Uuid::from_u128(1 << 64 | 2)),
    };
    assert_eq!(titles(other, 0, 100, 10).await, unread(&["5", "4", "2"]));
    scratch.execute("INSERT INTO announcement_read SELECT institution, id, '00000000-0000-0000-0000-000000000007', 1 FROM person WHERE sign_in = 'salma-1'").await;
    assert_eq!(titles(reader, 60, 100, 10).await, [("7".to_owned(), true)]);
}

pub async fn a_guests_places_go_over_to_who_signs_in(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let (before, after) = (session(&store, 1).await, session(&store, 2).await);
    let place = ours.place(901, Some(before));
    of.create_place(&place).await.expect("a place");
    store.replace_session(&SecretHash([1; 32]), after, STARTS_AT).await.expect("moved");
    let moved = of.place_of(after, ours.invitation).await.expect("a look");
    assert_eq!(moved, Some(Place { session: Some(after), ..place }));
}
