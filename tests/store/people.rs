//! People as their institution keeps them: found, changed, merged, and forgotten.

use crate::courses::by;
use crate::ledgers::settle;
use crate::own::there;
use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, school};
use qism::ids::{
    AccountLinkId, ApplicationId, EventSeq, FeedId, GroupId, InvitationId, MailId, ParticipantId, PersonId, SessionId,
};
use qism::protocol::{ParticipantKind, Phase, Role, RoomEvent};
use qism::store::{
    DumpSink, Feed, Group, InstitutionStore, Invitation, InvitationPurpose, LoggedEvent, NewAccount, NewAccountLink,
    NewApplication, NewMail, PeopleFilter, PersonRecord, PersonStanding, Place, RoleWord, Roles, SecretHash,
    SessionRecord, Spent, Store, StoreError, person_search,
};
use qism::text::Language;
use std::time::Duration;
use uuid::Uuid;

const TRAINER: Roles = Roles { trainer: true, trainee: false, committee: false, administrator: false };
const TRAINEE: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };
const HOUR_US: i64 = 3_600_000_000;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x4_000 + number)
}

/// An account without sign-in name, mail and number.
pub fn account(number: u128, name: &str, roles: Roles) -> NewAccount {
    NewAccount {
        id: PersonId(id(number)),
        name: name.into(),
        sign_in: None,
        mail: None,
        language: None,
        external_id: None,
        roles,
        search: String::new(),
    }
}

pub async fn add(of: &InstitutionStore, account: NewAccount) -> PersonId {
    let NewAccount { name, sign_in, mail, external_id, .. } = &account;
    let search = person_search(name, sign_in.as_deref(), mail.as_deref(), external_id.as_deref());
    let account = NewAccount { search, ..account };
    of.create_account(&account, &by("person.create")).await.expect("an account");
    account.id
}

async fn names(of: &InstitutionStore, filter: PeopleFilter) -> Vec<String> {
    let mut names: Vec<String> =
        of.people(&filter, None, 100).await.expect("people").into_iter().map(|person| person.name).collect();
    // Which letters come first is the database's matter.
    names.sort();
    names
}

fn search(words: &str) -> PeopleFilter {
    PeopleFilter { search: words.into(), ..PeopleFilter::default() }
}

async fn the(of: &InstitutionStore, person: PersonId) -> PersonRecord {
    of.person(person).await.expect("an answer").expect("the person")
}

async fn signed_in(store: &Store, school: &School, number: u8, person: PersonId) -> SecretHash {
    let session = SessionRecord {
        id: SessionId(id(0x100 + u128::from(number))),
        created_at: STARTS_AT,
        expires_at: ENDS_AT,
        revoked_at: None,
    };
    let secret = SecretHash([number; 32]);
    school.of(store).create_member_session(&session, &secret, person, None, "Firefox").await.expect("a session");
    secret
}

async fn is_open(store: &Store, secret: &SecretHash) -> bool {
    store.session_by_secret(secret).await.expect("an answer").expect("the session").revoked_at.is_none()
}

pub async fn a_person_is_found_changed_and_disabled(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let ahmed = NewAccount {
        sign_in: Some("ahmed".into()),
        mail: Some("Ahmed@example.org".into()),
        ..account(1, "أحمد الكهربائيّ", TRAINER)
    };
    let ahmed = add(&of, ahmed).await;
    let salma = NewAccount { external_id: Some("F 12".into()), ..account(2, "Salma Ouchén", TRAINEE) };
    let salma = add(&of, salma).await;
    of.add_member(ours.group, salma, &by("group.join")).await.expect("a member");
    let twice = NewAccount { sign_in: Some("ahmed".into()), ..account(3, "Ahmed II", TRAINER) };
    assert!(matches!(theirs.of(&store).create_account(&twice, &by("x")).await, Err(StoreError::Conflict)));
    let twice = NewAccount { external_id: Some("F 12".into()), ..account(3, "Salma II", TRAINEE) };
    assert!(matches!(of.create_account(&twice, &by("x")).await, Err(StoreError::Conflict)));
    add(&theirs.of(&store), twice).await;

    for words in ["احمد كهربا", "كهربائي", "ahm", "example org"] {
        assert_eq!(names(&of, search(words)).await, ["أحمد الكهربائيّ"], "{words}");
    }
    for words in ["OUCHEN", "ouchén salm", "f 12", "12"] {
        assert_eq!(names(&of, search(words)).await, ["Salma Ouchén"], "{words}");
    }
    assert_eq!(names(&of, search("chen")).await, Vec::<String>::new(), "words begin so");
    assert_eq!(names(&of, search("%")).await.len(), 3, "a sign of no word is no question");
    let role = PeopleFilter { role: Some(RoleWord::Trainee), ..PeopleFilter::default() };
    assert_eq!(names(&of, role).await, ["Salma Ouchén"]);
    let group = PeopleFilter { group: Some(ours.group), ..PeopleFilter::default() };
    assert_eq!(names(&of, group.clone()).await, ["Salma Ouchén"]);
    assert_eq!(names(&theirs.of(&store), group).await, Vec::<String>::new());
    let mut paged = Vec::new();
    while let Some(next) =
        of.people(&PeopleFilter::default(), paged.last().cloned(), 1).await.expect("a page").into_iter().next()
    {
        paged.push((next.name, next.id.to_string()));
    }
    assert_eq!(paged.len(), 3, "{paged:?}");

    let before = the(&of, ahmed).await;
    let wanted = PersonRecord { name: "أحمد بنعلي".into(), mail: None, ..before.clone() };
    of.change_person(&wanted, &by("person.change")).await.expect("changed");
    assert_eq!(the(&of, ahmed).await, PersonRecord { version: 2, ..wanted.clone() });
    assert_eq!(names(&of, search("كهربائي")).await, Vec::<String>::new(), "it is found by what it is now");
    assert_eq!(names(&of, search("بن")).await, ["أحمد بنعلي"]);
    assert!(matches!(of.change_person(&before, &by("person.change")).await, Err(StoreError::Stale)));
    let foreign = theirs.of(&store).change_person(&wanted, &by("person.change")).await;
    assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");
    let taken = PersonRecord { sign_in: Some("ahmed".into()), ..the(&of, salma).await };
    assert!(matches!(of.change_person(&taken, &by("person.change")).await, Err(StoreError::Conflict)));

    let session = signed_in(&store, &ours, 9, ahmed).await;
    let disabled = PersonRecord { disabled_at: Some(STARTS_AT), ..the(&of, ahmed).await };
    of.change_person(&disabled, &by("person.disable")).await.expect("disabled");
    assert!(!is_open(&store, &session).await);
    let standing = |standing| PeopleFilter { standing: Some(standing), ..PeopleFilter::default() };
    assert_eq!(names(&of, standing(PersonStanding::Disabled)).await, ["أحمد بنعلي"]);
    assert_eq!(names(&of, standing(PersonStanding::Active)).await.len(), 2);
    assert_eq!(names(&of, standing(PersonStanding::Erased)).await, Vec::<String>::new());
    assert_eq!(theirs.of(&store).person(ahmed).await.expect("an answer"), None);
    assert_eq!(of.everybody().await.expect("everybody").len(), 3);
}

fn own_invitation(school: &School, number: u128) -> Invitation {
    Invitation {
        id: InvitationId(id(number)),
        institution: school.institution,
        lesson: school.lesson,
        role: Role::Trainee,
        purpose: InvitationPurpose::Join,
        name: Some("سلمى أوشن".into()),
        expires_at: ENDS_AT,
        revoked_at: None,
    }
}

/// A place of somebody's own in the lesson, and their way in.
async fn come_in(store: &Store, school: &School, number: u8, person: PersonId) -> ParticipantId {
    let of = school.of(store);
    let invitation = own_invitation(school, 0x200 + u128::from(number));
    let secret = SecretHash([0x80 + number; 32]);
    of.own_invitation(&invitation, person, &secret, STARTS_AT).await.expect("a way in");
    signed_in(store, school, number, person).await;
    let place = Place {
        participant: ParticipantId(id(0x300 + u128::from(number))),
        invitation: invitation.id,
        person: Some(person),
        name: "سلمى أوشن".into(),
        ..school.place(0, Some(SessionId(id(0x100 + u128::from(number)))))
    };
    of.create_place(&place).await.expect("a place");
    place.participant
}

pub async fn two_accounts_of_one_person_become_one(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let old = NewAccount { sign_in: Some("salma".into()), ..account(1, "سلمى أوشن", TRAINER) };
    let old = add(&of, old).await;
    let new = NewAccount { mail: Some("salma@example.org".into()), ..account(2, "Salma Ouchen", TRAINEE) };
    let new = add(&of, new).await;
    let other = Group { id: GroupId(id(0x50)), course: ours.course, name: "فوج 3".into() };
    of.add_group(&other, Some(1), &by("group.create")).await.expect("a group");
    for (group, person) in [(ours.group, old), (ours.group, new), (other.id, old)] {
        of.add_member(group, person, &by("group.join")).await.expect("a member");
    }
    // Both came into one lesson; the old account was there longer.
    let places = [come_in(&store, &ours, 1, old).await, come_in(&store, &ours, 2, new).await];
    of.add_spending(&[(places[0], Spent { down: 10, up: 1 }), (places[1], Spent { down: 20, up: 2 })])
        .await
        .expect("spent");
    let ended = LoggedEvent { seq: EventSeq(1), at: ENDS_AT, event: RoomEvent::LessonEnded {} };
    of.append_events(ours.lesson, &[ended], Phase::Ended { since: ENDS_AT }).await.expect("over");
    settle(&of, ours.lesson, &[(old, there(HOUR_US)), (new, there(HOUR_US / 2))], ENDS_AT).await.expect("settled");
    of.link_identity(old, "https://id.example", "salma", &by("identity.link")).await.expect("linked");
    of.add_course_trainer(ours.course, old, &by("course.trainer")).await.expect("a trainer");

    let refused = theirs.of(&store).merge_person(old, new, &by("person.merge")).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    assert!(matches!(of.merge_person(new, new, &by("person.merge")).await, Err(StoreError::Conflict)));
    let refused = of.merge_person(theirs.trainer, new, &by("person.merge")).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    of.merge_person(old, new, &by("person.merge")).await.expect("merged");

    let merged = the(&of, old).await;
    assert_eq!((merged.merged_into, merged.sign_in), (Some(new), None));
    let kept = the(&of, new).await;
    let expected = Roles { trainer: true, ..TRAINEE };
    assert_eq!((kept.sign_in.as_deref(), kept.mail.as_deref()), (Some("salma"), Some("salma@example.org")));
    assert_eq!((kept.name.as_str(), kept.roles), ("Salma Ouchen", expected));
    assert_eq!(names(&of, PeopleFilter::default()).await, ["Salma Ouchen", "فاطمة الزهراء الإدريسي"]);
    let planned = ENDS_AT.micros() - STARTS_AT.micros();
    let presence = of.presence(new, STARTS_AT, ENDS_AT).await.expect("a sum");
    assert_eq!((presence.planned_us, presence.present_us), (planned, HOUR_US), "the longer of the two");
    assert_eq!(of.presence(old, STARTS_AT, ENDS_AT).await.expect("a sum").present_us, 0);
    assert_eq!(of.spending(new, STARTS_AT, ENDS_AT).await.expect("a sum").bytes, 33);
    for place in places {
        let place = of.place(place).await.expect("an answer").expect("the place");
        assert_eq!(place.person, Some(new));
    }
    for group in [ours.group, other.id] {
        let members = of.members(group, None, 10).await.expect("members");
        assert_eq!(members.iter().map(|member| member.person).collect::<Vec<_>>(), [new]);
    }
    let owner = store.account_by_identity("https://id.example", "salma").await.expect("an answer");
    assert_eq!(owner.map(|owner| owner.person), Some(new));
    assert!(of.is_course_trainer(new, ours.course).await.expect("an answer"));
    // The old account's ways in are closed, the new one's are open.
    assert_eq!(
        [is_open(&store, &SecretHash([1; 32])).await, is_open(&store, &SecretHash([2; 32])).await],
        [false, true]
    );
    let ways = [0x201, 0x202].map(|number| InvitationId(id(number)));
    let closed = of.invitation(ways[0]).await.expect("an answer").expect("the invitation");
    assert_eq!((closed.revoked_at, closed.name), (Some(STARTS_AT), None));
    assert!(of.invitation(ways[1]).await.expect("an answer").expect("the invitation").revoked_at.is_none());
    let again = of.merge_person(old, new, &by("person.merge")).await;
    assert!(matches!(again, Err(StoreError::Missing)), "{again:?}");
}

#[derive(Default)]
struct Lines(Vec<String>);

impl DumpSink for Lines {
    fn line(&mut self, table: &'static str, json: &str) -> std::io::Result<()> {
        self.0.push(format!("{table}: {json}"));
        Ok(())
    }
}

/// What of the whole database says one of these.
async fn said(store: &Store, words: &[&str]) -> Vec<String> {
    let mut lines = Lines::default();
    store.dump(&mut lines).await.expect("a dump");
    lines.0.retain(|line| words.iter().any(|word| line.contains(word)));
    lines.0
}

const TRACES: [&str; 6] = ["أوشن", "Ouchen", "salma", "0600112233", "Bonjour", "Firefox"];

/// Leaves a trace of somebody everywhere.
async fn live_here(store: &Store, school: &School, person: PersonId) -> ParticipantId {
    let of = school.of(store);
    of.add_member(school.group, person, &by("group.join")).await.expect("a member");
    let place = come_in(store, school, 1, person).await;
    let joined = RoomEvent::Joined {
        participant: place,
        name: "سلمى أوشن".into(),
        role: Role::Trainee,
        kind: ParticipantKind::Person,
    };
    let events = [
        RoomEvent::Joined {
            participant: ParticipantId(id(0x999)),
            name: "يوسف".into(),
            role: Role::Trainee,
            kind: ParticipantKind::Person,
        },
        joined,
        RoomEvent::Said { participant: place, text: "نعم".into() },
    ];
    let log: Vec<LoggedEvent> = (1..)
        .zip(events)
        .map(|(seq, event)| LoggedEvent { seq: EventSeq(seq), at: STARTS_AT.plus(Duration::from_secs(seq)), event })
        .collect();
    of.append_events(school.lesson, &log, Phase::Ended { since: ENDS_AT }).await.expect("a log");
    settle(&of, school.lesson, &[(person, there(HOUR_US))], ENDS_AT).await.expect("settled");
    of.link_identity(person, "https://id.example", "salma-at-the-provider", &by("identity.link"))
        .await
        .expect("linked");
    let feed = Feed { id: FeedId(id(0x60)), person };
    of.create_feed(&feed, &SecretHash([60; 32]), &by("feed.create")).await.expect("a feed");
    let link = NewAccountLink { id: AccountLinkId(id(0x61)), person, expires_at: ENDS_AT };
    of.create_account_link(&link, &SecretHash([61; 32]), None, &by("link.create")).await.expect("a link");
    let application = NewApplication {
        id: ApplicationId(id(0x62)),
        course: school.course,
        person: Some(person),
        name: "Salma Ouchen".into(),
        mail: Some("salma@example.org".into()),
        phone: Some("0600112233".into()),
        message: "Bonjour".into(),
        language: Language::French,
    };
    of.apply(&application, &SecretHash([62; 32]), &by("application.create")).await.expect("an application");
    for (number, person) in [(0x63, Some(person)), (0x64, None)] {
        let mail = NewMail {
            id: MailId(id(number)),
            person,
            recipient: "salma@example.org".into(),
            subject: "Bonjour".into(),
            body: "Bonjour Salma Ouchen".into(),
            created_at: STARTS_AT,
        };
        of.queue_mail(&[mail]).await.expect("a mail");
    }
    place
}

pub async fn who_is_erased_leaves_a_pseudonym_and_nothing_else(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    scratch.execute("UPDATE course SET offered = TRUE").await;
    let person = NewAccount {
        sign_in: Some("salma.ouchen".into()),
        mail: Some("salma@example.org".into()),
        external_id: Some("salma-12".into()),
        language: Some("ar".into()),
        ..account(1, "سلمى أوشن", TRAINEE)
    };
    let person = add(&of, person).await;
    // Two accounts of hers were merged before, one into the other.
    let earlier = add(&of, account(2, "Salma Ouchen", TRAINEE)).await;
    let earliest = add(&of, account(3, "S. Ouchen", TRAINEE)).await;
    of.merge_person(earliest, earlier, &by("person.merge")).await.expect("merged");
    let place = live_here(&store, &ours, person).await;
    of.merge_person(earlier, person, &by("person.merge")).await.expect("merged");
    assert!(said(&store, &TRACES).await.len() > 10, "there is much to forget");

    let refused = theirs.of(&store).erase_person(person, "متدرب 1", &by("person.erase")).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    assert_eq!(the(&of, person).await.name, "سلمى أوشن");
    of.erase_person(person, "متدرب 1", &by("person.erase")).await.expect("erased");
    assert_eq!(said(&store, &TRACES).await, Vec::<String>::new());
    of.erase_person(person, "متدرب 2", &by("person.erase")).await.expect("erased already");

    let erased = the(&of, person).await;
    assert_eq!((erased.name.as_str(), erased.erased_at), ("متدرب 1", Some(STARTS_AT)));
    for merged in [earlier, earliest] {
        let merged = the(&of, merged).await;
        assert_eq!((merged.name.as_str(), merged.merged_into), ("متدرب 1", Some(person)));
    }
    // What she did stays, under the pseudonym.
    let presence = of.presence(person, STARTS_AT, ENDS_AT).await.expect("a sum");
    assert_eq!(presence.present_us, HOUR_US);
    let members = of.members(ours.group, None, 10).await.expect("members");
    assert_eq!(members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["متدرب 1"]);
    assert_eq!(of.place(place).await.expect("an answer").expect("the place").name, "متدرب 1");
    let log = of.events_after(ours.lesson, EventSeq(0), 10).await.expect("the log");
    let joined: Vec<&str> = log
        .iter()
        .filter_map(|logged| match &logged.event {
            RoomEvent::Joined { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!((joined, log.len()), (vec!["يوسف", "متدرب 1"], 3), "others keep their names");
    assert_eq!(
        store.account_by_identity("https://id.example", "salma-at-the-provider").await.expect("an answer"),
        None
    );
    assert_eq!(store.feed_owner(&SecretHash([60; 32])).await.expect("an answer"), None);
    assert!(!is_open(&store, &SecretHash([1; 32])).await);
    assert!(matches!(of.change_person(&erased, &by("person.change")).await, Err(StoreError::Missing)));
    let standing = PeopleFilter { standing: Some(PersonStanding::Erased), ..PeopleFilter::default() };
    assert_eq!(names(&of, standing).await, ["متدرب 1"]);
    assert_eq!(names(&of, PeopleFilter::default()).await, ["فاطمة الزهراء الإدريسي"]);
}
