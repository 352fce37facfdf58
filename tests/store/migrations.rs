//! Databases of every version that was released, with a school in them, opened by this one.

use crate::courses::by;
use crate::scratch::{ENDS_AT, STARTS_AT, Scratch};
use qism::ids::{
    CourseId, EventSeq, GroupId, InstitutionId, InvitationId, LessonId, ParticipantId, PersonId, SessionId,
};
use qism::protocol::{LeaveReason, ParticipantKind, Phase, Role, RoomEvent, Source};
use qism::store::{
    CourseFilter, GroupFilter, InstitutionFilter, InvitationPurpose, LessonFilter, LoggedEvent, NewAccount,
    NewAccountLink, PeopleFilter, PersonRecord, Roles, SecretHash, Store,
};
use qism::time::Timestamp;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection};
use std::time::Duration;
use uuid::Uuid;

/// The steps of the versions that were released, as these ran them.
const RELEASED: [(i64, &str, &str); 2] = [
    (1, "school", include_str!("../../migrations/0001_school.sql")),
    (2, "places", include_str!("../../migrations/0002_places.sql")),
];

/// Two schools as the first versions wrote them. The first has a lesson that is over, one on air and one to come, ways
/// into them, people and a device in them, and what happened there.
const SCHOOLS: &str = r#"
    INSERT INTO region (id, name) VALUES ('00000000-0000-0001-0000-000000000001', 'Souss-Massa');
    INSERT INTO institution (id, region, name, time_zone) VALUES
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0001-0000-000000000001',
         'المعهد المتخصّص للتكنولوجيا', 'Africa/Casablanca'),
        ('00000000-0000-0002-0000-000000000002', '00000000-0000-0001-0000-000000000001',
         'ISTA Inezgane', 'Africa/Casablanca');
    INSERT INTO person (id, institution, name) VALUES
        ('00000000-0000-0003-0000-000000000001', '00000000-0000-0002-0000-000000000001', 'فاطمة الزهراء الإدريسي'),
        ('00000000-0000-0003-0000-000000000002', '00000000-0000-0002-0000-000000000002', 'Rachid Aït Élie'),
        ('00000000-0000-0003-0000-000000000003', '00000000-0000-0002-0000-000000000001', 'يوسف');
    INSERT INTO course (id, institution, title, language) VALUES
        ('00000000-0000-0004-0000-000000000001', '00000000-0000-0002-0000-000000000001', 'كهرباء السيّارات', 'ar'),
        ('00000000-0000-0004-0000-000000000002', '00000000-0000-0002-0000-000000000002', 'Soudage à l''arc', 'fr');
    INSERT INTO course_group (id, institution, course, name) VALUES
        ('00000000-0000-0005-0000-000000000001', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0004-0000-000000000001', 'فوج ٢'),
        ('00000000-0000-0005-0000-000000000002', '00000000-0000-0002-0000-000000000002',
         '00000000-0000-0004-0000-000000000002', 'Équipe A');
    INSERT INTO lesson (id, institution, course_group, trainer, title, starts_at, ends_at, phase, phase_since, last_seq)
    VALUES
        ('00000000-0000-0006-0000-000000000001', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0005-0000-000000000001', '00000000-0000-0003-0000-000000000001', 'دارة الشحن',
         1795597200000000, 1795602600000000, 'ended', 1795602000000000, 6),
        ('00000000-0000-0006-0000-000000000002', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0005-0000-000000000001', '00000000-0000-0003-0000-000000000001', 'المنوّب',
         1795683600000000, 1795689000000000, 'live', 1795683600000000, 3),
        ('00000000-0000-0006-0000-000000000003', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0005-0000-000000000001', '00000000-0000-0003-0000-000000000001', 'البطارية',
         1795770000000000, 1795775400000000, 'planned', NULL, 0),
        ('00000000-0000-0006-0000-000000000004', '00000000-0000-0002-0000-000000000002',
         '00000000-0000-0005-0000-000000000002', '00000000-0000-0003-0000-000000000002', 'Le cordon',
         1795597200000000, 1795602600000000, 'planned', NULL, 0);
    INSERT INTO invitation (id, institution, lesson, role, purpose, name, secret_hash, expires_at, revoked_at) VALUES
        ('00000000-0000-0007-0000-000000000001', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0006-0000-000000000002', 'trainee', 'join', NULL,
         '0101010101010101010101010101010101010101010101010101010101010101', 1795689000000000, NULL),
        ('00000000-0000-0007-0000-000000000002', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0006-0000-000000000002', 'trainer', 'whip', 'كاميرا الورشة',
         '0202020202020202020202020202020202020202020202020202020202020202', 1795689000000000, 1795683700000000);
    INSERT INTO session (id, secret_hash, created_at, expires_at, revoked_at) VALUES
        ('00000000-0000-0008-0000-000000000001',
         '0303030303030303030303030303030303030303030303030303030303030303', 1795683600000000, 1798275600000000, NULL);
    INSERT INTO place (participant, institution, lesson, session, invitation, role, kind, name, barred_at) VALUES
        ('00000000-0000-0009-0000-000000000001', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0006-0000-000000000002', '00000000-0000-0008-0000-000000000001',
         '00000000-0000-0007-0000-000000000001', 'trainee', 'person', 'يوسف', NULL),
        ('00000000-0000-0009-0000-000000000002', '00000000-0000-0002-0000-000000000001',
         '00000000-0000-0006-0000-000000000002', NULL,
         '00000000-0000-0007-0000-000000000002', 'trainer', 'device', 'كاميرا الورشة', 1795683700000000);
    INSERT INTO room_event (institution, lesson, seq, at, event) VALUES
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000001', 1, 1795597200000000,
         '{"type":"lesson_started"}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000001', 2, 1795597201000000,
         '{"type":"joined","participant":"00000000-0000-0009-0000-000000000007","name":"Salma","role":"trainee","kind":"person"}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000001', 3, 1795597202000000,
         '{"type":"said","participant":"00000000-0000-0009-0000-000000000007","text":"السلام عليكم 😀"}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000001', 4, 1795597203000000,
         '{"type":"publication_started","publication":7,"participant":"00000000-0000-0009-0000-000000000007","source":"microphone"}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000001', 5, 1795602000000000,
         '{"type":"left","participant":"00000000-0000-0009-0000-000000000007","reason":"left","since":1795601999000000}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000001', 6, 1795602000000000,
         '{"type":"lesson_ended"}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000002', 1, 1795683600000000,
         '{"type":"lesson_started"}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000002', 2, 1795683601000000,
         '{"type":"joined","participant":"00000000-0000-0009-0000-000000000001","name":"يوسف","role":"trainee","kind":"person"}'),
        ('00000000-0000-0002-0000-000000000001', '00000000-0000-0006-0000-000000000002', 3, 1795683602000000,
         '{"type":"hand_raised","participant":"00000000-0000-0009-0000-000000000001"}');
"#;

fn id(table: u128, number: u128) -> Uuid {
    Uuid::from_u128(table << 64 | number)
}

const DAY: Duration = Duration::from_secs(86_400);

/// A database as the version with these steps left it.
async fn written_by(scratch: &Scratch, version: i64) {
    let steps = RELEASED.iter().filter(|(step, ..)| *step <= version).map(|&(version, description, sql)| {
        Migration::new(version, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let migrator = Migrator::with_migrations(steps.collect());
    if let Some(path) = scratch.url.strip_prefix("sqlite:") {
        let mut connection = SqliteConnection::connect(&format!("sqlite:{path}?mode=rwc")).await.expect("a file");
        migrator.run(&mut connection).await.expect("the schema of then");
        connection.execute(sqlx::raw_sql(SCHOOLS)).await.expect("the schools of then");
        connection.close().await.expect("written");
    } else {
        let mut connection = PgConnection::connect(&scratch.url).await.expect("the database");
        migrator.run(&mut connection).await.expect("the schema of then");
        connection.execute(sqlx::raw_sql(SCHOOLS)).await.expect("the schools of then");
        connection.close().await.expect("written");
    }
}

pub async fn a_school_of_the_first_version_is_all_there(scratch: Scratch) {
    written_by(&scratch, 1).await;
    is_all_there(&scratch).await;
}

pub async fn a_school_of_the_second_version_is_all_there(scratch: Scratch) {
    written_by(&scratch, 2).await;
    is_all_there(&scratch).await;
}

async fn is_all_there(scratch: &Scratch) {
    let store = scratch.open().await;
    lessons_are_there(&store).await;
    ways_in_are_there(&store).await;
    records_are_found(&store).await;
    people_get_accounts(&store).await;
    // Once more: it is brought up to date once.
    store.close().await;
    drop(store);
    lessons_are_there(&scratch.open().await).await;
}

async fn lessons_are_there(store: &Store) {
    let of = store.of(InstitutionId(id(2, 1)));
    let filter = LessonFilter {
        from: STARTS_AT,
        to: ENDS_AT.plus(DAY * 3),
        trainer: Some(PersonId(id(3, 1))),
        group: None,
        venue: None,
        course: Some(CourseId(id(4, 1))),
    };
    let lessons = of.timetable(&filter, None, 10).await.expect("the timetable");
    let titles: Vec<&str> = lessons.iter().map(|lesson| lesson.title.as_str()).collect();
    assert_eq!(titles, ["دارة الشحن", "المنوّب", "البطارية"]);
    let first = &lessons[0];
    assert_eq!((first.zone.name(), first.wall().to_string()), ("Africa/Casablanca", "2026-11-25T09:00:00".to_owned()));
    assert_eq!((first.trainer.name.as_str(), first.group.name.as_str()), ("فاطمة الزهراء الإدريسي", "فوج ٢"));
    assert_eq!((first.series, first.venue.is_none(), first.improvised, first.version), (None, true, false, 1));
    assert_eq!(first.phase, Phase::Ended { since: Timestamp(1_795_602_000_000_000) });
    let card = store.lesson(LessonId(id(6, 1))).await.expect("an answer").expect("the lesson");
    assert_eq!((card.card.title.as_str(), card.card.starts_at), ("دارة الشحن", STARTS_AT));
    let on_air: Vec<LessonId> =
        store.lessons_on_air().await.expect("an answer").iter().map(|lesson| lesson.card.id).collect();
    assert_eq!(on_air, [LessonId(id(6, 2))]);
    let unsettled = store.unsettled_lessons().await.expect("an answer");
    assert_eq!(unsettled.iter().map(|lesson| lesson.lesson).collect::<Vec<_>>(), [LessonId(id(6, 1))]);

    let salma = ParticipantId(id(9, 7));
    let events = [
        (0, RoomEvent::LessonStarted {}),
        (
            1,
            RoomEvent::Joined {
                participant: salma,
                name: "Salma".into(),
                role: Role::Trainee,
                kind: ParticipantKind::Person,
            },
        ),
        (2, RoomEvent::Said { participant: salma, text: "السلام عليكم 😀".into() }),
    ];
    let log = of.events_after(LessonId(id(6, 1)), EventSeq(0), 100).await.expect("the log");
    let expected: Vec<LoggedEvent> = (1..)
        .zip(events)
        .map(|(seq, (after, event))| LoggedEvent {
            seq: EventSeq(seq),
            at: STARTS_AT.plus(Duration::from_secs(after)),
            event,
        })
        .collect();
    assert_eq!((&log[..3], log.len()), (&expected[..], 6));
    assert!(matches!(&log[3].event, RoomEvent::PublicationStarted { source: Source::Microphone, .. }), "{log:?}");
    assert!(matches!(&log[4].event, RoomEvent::Left { reason: LeaveReason::Left, .. }), "{log:?}");
    // The room of then goes on.
    let other = store.of(InstitutionId(id(2, 2)));
    assert_eq!(other.events_after(LessonId(id(6, 1)), EventSeq(0), 100).await.expect("an answer"), vec![]);
}

async fn ways_in_are_there(store: &Store) {
    let open = store.invitation_by_secret(&SecretHash([1; 32])).await.expect("an answer").expect("the link");
    assert_eq!((open.id, open.role, open.purpose), (InvitationId(id(7, 1)), Role::Trainee, InvitationPurpose::Join));
    assert!(open.holds(STARTS_AT));
    let closed = store.invitation_by_secret(&SecretHash([2; 32])).await.expect("an answer").expect("the link");
    assert!(!closed.holds(STARTS_AT.plus(DAY * 2)) && closed.name.as_deref() == Some("كاميرا الورشة"));
    let session = store.session_by_secret(&SecretHash([3; 32])).await.expect("an answer").expect("the session");
    assert!(session.holds(STARTS_AT.plus(DAY)));
    let of = store.of(InstitutionId(id(2, 1)));
    let place = of.place_of(SessionId(id(8, 1)), open.id).await.expect("an answer").expect("the place");
    assert_eq!((place.participant, place.name.as_str(), place.person), (ParticipantId(id(9, 1)), "يوسف", None));
    let device = of.place(ParticipantId(id(9, 2))).await.expect("an answer").expect("the device");
    assert_eq!((device.kind, device.barred_at.is_some()), (ParticipantKind::Device, true));
    let links = of.guest_links(LessonId(id(6, 2)), None, 10).await.expect("links");
    assert_eq!(links.iter().map(|link| (link.id, link.used)).collect::<Vec<_>>(), [(open.id, 1)]);
}

async fn records_are_found(store: &Store) {
    let filter = |search: &str| InstitutionFilter { search: search.into(), ..InstitutionFilter::default() };
    for (search, name) in [("معهد متخصص", "المعهد المتخصّص للتكنولوجيا"), ("inez", "ISTA Inezgane")]
    {
        let found = store.institutions(&filter(search), None, 10).await.expect("institutions");
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), [name], "{search}");
    }
    let ours = store.of(InstitutionId(id(2, 1)));
    let theirs = store.of(InstitutionId(id(2, 2)));
    let course = CourseFilter { search: "كهربا سيارات".into(), ..CourseFilter::default() };
    assert_eq!(ours.courses(&course, None, 10).await.expect("courses").len(), 1);
    assert_eq!(theirs.courses(&course, None, 10).await.expect("courses").len(), 0);
    let group = GroupFilter { search: "equipe soudage".into(), ..GroupFilter::default() };
    let groups = theirs.groups(&group, None, 10).await.expect("groups");
    assert_eq!(groups.iter().map(|group| group.id).collect::<Vec<_>>(), [GroupId(id(5, 2))]);
    let person = PeopleFilter { search: "rachid elie".into(), ..PeopleFilter::default() };
    let people = theirs.people(&person, None, 10).await.expect("people");
    assert_eq!(people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Rachid Aït Élie"]);
}

/// Who gave lessons is a trainer, and others are what their administrator says.
async fn people_get_accounts(store: &Store) {
    let of = store.of(InstitutionId(id(2, 1)));
    let trainer = of.person(PersonId(id(3, 1))).await.expect("an answer").expect("the trainer");
    assert_eq!(trainer.roles, Roles { trainer: true, ..Roles::default() });
    assert!(of.is_trainer(trainer.id).await.expect("an answer"));
    let other = of.person(PersonId(id(3, 3))).await.expect("an answer").expect("somebody");
    assert_eq!((other.roles, other.has_password, other.sign_in.as_deref()), (Roles::default(), false, None));
    assert!(!store.has_administrator().await.expect("an answer"), "the first start offers a link");

    let named = PersonRecord { sign_in: Some("fatima".into()), ..trainer.clone() };
    of.change_person(&named, &by("person.change")).await.expect("changed");
    let link = NewAccountLink { id: qism::ids::AccountLinkId(id(10, 1)), person: trainer.id, expires_at: ENDS_AT };
    of.create_account_link(&link, &SecretHash([9; 32]), None, &by("link.create")).await.expect("a link");
    of.accept_account_link(link.id, trainer.id, "$hash", &by("password.set")).await.expect("accepted");
    let credential = store.credential_by_sign_in("fatima").await.expect("an answer").expect("theirs");
    assert_eq!(credential.password.as_deref(), Some("$hash"));
    let trainee = NewAccount {
        id: PersonId(id(3, 9)),
        name: "Amina".into(),
        sign_in: None,
        mail: None,
        language: None,
        external_id: None,
        roles: Roles { trainee: true, ..Roles::default() },
        search: "amina".into(),
    };
    of.create_account(&trainee, &by("person.create")).await.expect("an account");
    of.add_member(GroupId(id(5, 1)), trainee.id, &by("group.join")).await.expect("a place");
    let own = of.own_lessons(trainee.id, STARTS_AT, ENDS_AT.plus(DAY * 3)).await.expect("lessons");
    assert_eq!(own.len(), 3);
    assert_eq!(of.audit_before(None, 10).await.expect("the log").len(), 5, "the audit log begins");
}
