use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, school, session};
use qism::ids::{AccountLinkId, InstitutionId, PersonId, RegionId, SessionId};
use qism::store::{
    Change, ChangedBy, FirstStart, Institution, NewAccount, NewAccountLink, Reach, Region, Roles, SecretHash,
    SessionRecord, Store, StoreError,
};
use qism::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

const PERSON: PersonId = PersonId(Uuid::from_u128(900));
const LINK: AccountLinkId = AccountLinkId(Uuid::from_u128(901));
const HASH: SecretHash = SecretHash([90; 32]);

fn by(action: &'static str) -> Change {
    by_at(action, STARTS_AT)
}

fn by_at(action: &'static str, at: Timestamp) -> Change {
    Change { at, actor: ChangedBy::System, action, subject: None, detail: serde_json::json!({}) }
}

fn account(id: PersonId) -> NewAccount {
    NewAccount {
        id,
        name: "سلمى أوشن".into(),
        sign_in: Some(format!("salma.{id}")),
        mail: None,
        language: Some("ar".into()),
        external_id: None,
        roles: Roles { trainee: true, ..Roles::default() },
        search: "سلمي اوشن".into(),
    }
}

async fn member(store: &Store, school: &School) {
    school.of(store).create_account(&account(PERSON), &by("person.create")).await.expect("an account");
}

async fn member_session(store: &Store, school: &School, number: u8) -> SessionId {
    let id = SessionId(Uuid::from_u128(910 + u128::from(number)));
    let record = SessionRecord { id, created_at: STARTS_AT, expires_at: ENDS_AT, revoked_at: None };
    let secret = SecretHash([100 + number; 32]);
    school.of(store).create_member_session(&record, &secret, PERSON, None, "Firefox").await.expect("a session");
    id
}

pub async fn a_link_sets_a_password_once_and_ends_what_was_open(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    member(&store, &ours).await;
    member_session(&store, &ours, 1).await;
    let link = NewAccountLink { id: LINK, person: PERSON, expires_at: ENDS_AT };
    let foreign = theirs.of(&store).create_account_link(&link, &HASH, None, &by("link.create")).await;
    assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");
    ours.of(&store).create_account_link(&link, &HASH, None, &by("link.create")).await.expect("a link");
    let found = store.account_link_by_secret(&HASH).await.expect("an answer").expect("the link");
    assert_eq!((found.id, found.institution, found.person), (LINK, ours.institution, PERSON));
    assert_eq!((found.name.as_str(), found.sign_in), ("سلمى أوشن", Some(format!("salma.{PERSON}"))));
    assert!(!found.institution_name.is_empty() && found.used_at.is_none());

    let foreign = theirs.of(&store).accept_account_link(LINK, PERSON, "$hash", &by("password.set")).await;
    assert!(matches!(foreign, Err(StoreError::Stale)), "{foreign:?}");
    let late = ours.of(&store).accept_account_link(LINK, PERSON, "$hash", &by_at("password.set", ENDS_AT)).await;
    assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
    ours.of(&store).accept_account_link(LINK, PERSON, "$hash", &by("password.set")).await.expect("accepted");
    let credential = store.credential_by_sign_in(&format!("salma.{PERSON}")).await.expect("an answer");
    assert_eq!(credential.expect("theirs").password.as_deref(), Some("$hash"));
    assert_eq!(ours.of(&store).sessions_of(PERSON, STARTS_AT).await.expect("an answer"), vec![]);
    let again = ours.of(&store).accept_account_link(LINK, PERSON, "$other", &by("password.set")).await;
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
    let entries = ours.of(&store).audit_before(None, 10).await.expect("the log");
    assert_eq!(
        entries.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>()[..2],
        ["password.set", "link.create"]
    );
}

pub async fn a_new_link_replaces_the_one_before(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    member(&store, &ours).await;
    let of = ours.of(&store);
    let link = NewAccountLink { id: LINK, person: PERSON, expires_at: ENDS_AT };
    of.create_account_link(&link, &HASH, None, &by("link.create")).await.expect("a link");
    let newer = NewAccountLink { id: AccountLinkId(Uuid::from_u128(902)), ..link };
    of.create_account_link(&newer, &SecretHash([91; 32]), None, &by("link.create")).await.expect("a link");
    let first = store.account_link_by_secret(&HASH).await.expect("an answer").expect("the link");
    let second = store.account_link_by_secret(&SecretHash([91; 32])).await.expect("an answer").expect("the link");
    assert!(!first.holds(STARTS_AT) && second.holds(STARTS_AT) && !second.holds(ENDS_AT));
}

pub async fn sessions_are_ended_one_by_one_or_all_but_one(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    member(&store, &ours).await;
    let (one, two, three) = (
        member_session(&store, &ours, 1).await,
        member_session(&store, &ours, 2).await,
        member_session(&store, &ours, 3).await,
    );
    let of = ours.of(&store);
    let later = STARTS_AT.plus(Duration::from_secs(600));
    of.touch_session(two, later).await.expect("touched");
    let open = of.sessions_of(PERSON, STARTS_AT).await.expect("an answer");
    assert_eq!(open.len(), 3);
    let second = open.iter().find(|session| session.id == two).expect("it is there");
    assert_eq!((second.last_seen_at, second.browser.as_str()), (later, "Firefox"));

    let foreign = [
        theirs.of(&store).end_session_of(PERSON, one, later).await,
        theirs.of(&store).touch_session(one, later).await,
        of.end_session_of(PersonId(Uuid::from_u128(1)), one, later).await,
    ];
    for answer in foreign {
        assert!(matches!(answer, Err(StoreError::Missing)), "{answer:?}");
    }
    theirs.of(&store).end_sessions_of(PERSON, None, later).await.expect("nothing to end");
    assert_eq!(theirs.of(&store).sessions_of(PERSON, STARTS_AT).await.expect("an answer"), vec![]);
    of.end_session_of(PERSON, one, later).await.expect("ended");
    let left = async || {
        let open = of.sessions_of(PERSON, STARTS_AT).await.expect("an answer");
        open.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(left().await, vec![two, three]);
    of.end_sessions_of(PERSON, Some(three), later).await.expect("ended");
    assert_eq!(left().await, vec![three]);
}

pub async fn a_guests_places_go_over_to_who_signs_in_and_a_members_do_not(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    member(&store, &ours).await;
    let guest = session(&store, 1).await;
    let place = ours.place(1, Some(guest));
    ours.of(&store).create_place(&place).await.expect("a place");
    let (first, second) = (member_session(&store, &ours, 1).await, member_session(&store, &ours, 2).await);
    store.replace_session(&SecretHash([1; 32]), first, STARTS_AT).await.expect("replaced");
    let of_place = async || {
        let place = ours.of(&store).place(place.participant).await.expect("an answer");
        place.expect("it is there").session
    };
    assert_eq!(of_place().await, Some(first));
    assert!(store.session(guest).await.expect("an answer").expect("it is there").revoked_at.is_some());
    store.replace_session(&SecretHash([101; 32]), second, STARTS_AT).await.expect("replaced");
    assert_eq!(of_place().await, Some(first));
    assert!(store.session(first).await.expect("an answer").expect("it is there").revoked_at.is_some());
}

pub async fn the_first_start_makes_all_or_nothing(scratch: Scratch) {
    let store = scratch.open().await;
    let other = school(&store, 1).await;
    assert!(!store.has_administrator().await.expect("an answer"));
    let region = Region { id: RegionId(Uuid::from_u128(920)), name: "وزارة".into() };
    let institution = Institution {
        id: InstitutionId(Uuid::from_u128(921)),
        region: region.id,
        name: "وزارة".into(),
        time_zone: "Africa/Casablanca".into(),
    };
    let first = FirstStart {
        region,
        institution: institution.clone(),
        language: "ar".into(),
        search: "وزاره".into(),
        administrator: account(PERSON),
        password: "$hash".into(),
    };
    let of = store.of(institution.id);
    let taken = NewAccount { sign_in: first.administrator.sign_in.clone(), ..account(PersonId(Uuid::from_u128(7))) };
    other.of(&store).create_account(&taken, &by("person.create")).await.expect("an account");
    let refused = of.start_first(&first, &by("institution.start")).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert_eq!(store.standing_of(institution.id).await.expect("an answer"), None);
    let elsewhere = store.of(other.institution).start_first(&first, &by("institution.start")).await;
    assert!(matches!(elsewhere, Err(StoreError::Missing)), "{elsewhere:?}");

    let free = FirstStart { administrator: NewAccount { sign_in: Some("rachid".into()), ..account(PERSON) }, ..first };
    of.start_first(&free, &by("institution.start")).await.expect("made");
    assert!(store.has_administrator().await.expect("an answer"));
    let record = SessionRecord {
        id: SessionId(Uuid::from_u128(930)),
        created_at: STARTS_AT,
        expires_at: ENDS_AT,
        revoked_at: None,
    };
    let secret = SecretHash([93; 32]);
    of.create_member_session(&record, &secret, PERSON, None, "").await.expect("a session");
    let member = store.member_by_session(&secret, STARTS_AT).await.expect("an answer").expect("the administrator");
    assert_eq!((member.reach, member.roles.administrator), (Reach::Ministry, true));
    assert_eq!(of.audit_before(None, 10).await.expect("the log").len(), 1);
}
