use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, school};
use qism::ids::{ApiKeyId, PersonId, SessionId};
use qism::store::{
    AccountOf, Change, ChangedBy, KeptAnswer, KnownRequest, NewAccount, NewApiKey, Roles, SecretHash, SessionRecord,
    Store, StoreError,
};
use qism::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

const ISSUER: &str = "https://sso.example.ma";

fn by(action: &'static str) -> Change {
    Change { at: STARTS_AT, actor: ChangedBy::System, action, subject: None, detail: serde_json::json!({}) }
}

async fn member(store: &Store, school: &School, number: u128, mail: &str) -> PersonId {
    let person = PersonId(Uuid::from_u128(700 + number));
    let account = NewAccount {
        id: person,
        name: "Salma Ouchen".into(),
        sign_in: Some(format!("salma.{number}")),
        mail: Some(mail.into()),
        language: None,
        external_id: None,
        roles: Roles { trainee: true, ..Roles::default() },
        search: "salma ouchen".into(),
    };
    school.of(store).create_account(&account, &by("person.create")).await.expect("an account");
    person
}

pub async fn an_identity_belongs_to_one_person(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let person = member(&store, &ours, 1, "Salma@Centre.example").await;
    let other = member(&store, &theirs, 2, "driss@centre.example").await;
    let account = Some(AccountOf { institution: ours.institution, person });
    assert_eq!(store.account_by_identity(ISSUER, "1").await.expect("an answer"), None);
    assert_eq!(store.account_by_mail("salma@CENTRE.example").await.expect("an answer"), account);
    let (of, of_them) = (ours.of(&store), theirs.of(&store));
    let mixed = of.link_identity(other, ISSUER, "1", &by("identity.link")).await;
    assert!(matches!(mixed, Err(StoreError::Missing)), "{mixed:?}");
    of.link_identity(person, ISSUER, "1", &by("identity.link")).await.expect("linked");
    let again = of_them.link_identity(other, ISSUER, "1", &by("identity.link")).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    assert_eq!(store.account_by_identity(ISSUER, "1").await.expect("an answer"), account);
    assert_eq!(store.account_by_identity("https://another.example", "1").await.expect("an answer"), None);
    assert_eq!(of.identities_of(person).await.expect("an answer").len(), 1);
    assert_eq!(of_them.identities_of(person).await.expect("an answer"), vec![]);
    let foreign = of_them.unlink_identity(person, ISSUER, &by("identity.unlink")).await;
    assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");
    of.unlink_identity(person, ISSUER, &by("identity.unlink")).await.expect("unlinked");
    assert_eq!(store.account_by_identity(ISSUER, "1").await.expect("an answer"), None);
    member(&store, &theirs, 3, "salma@centre.example").await;
    assert_eq!(store.account_by_mail("salma@centre.example").await.expect("an answer"), None, "two have it");
}

pub async fn a_key_is_found_by_its_secret_and_ended_by_its_institution(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, of_them) = (ours.of(&store), theirs.of(&store));
    let key = NewApiKey {
        id: ApiKeyId(Uuid::from_u128(710)),
        name: "Emplois du temps".into(),
        scopes: vec!["timetable:read".into(), "timetable:write".into()],
        created_by: PersonId(Uuid::from_u128(701)),
        expires_at: Some(ENDS_AT),
    };
    let secret = SecretHash([71; 32]);
    of.create_api_key(&key, &secret, &by("api_key.create")).await.expect("a key");
    let found = store.api_key_by_secret(&secret).await.expect("an answer").expect("the key");
    assert_eq!((found.institution, &found.scopes, found.last_used_at), (ours.institution, &key.scopes, None));
    assert!(found.holds(STARTS_AT) && !found.holds(ENDS_AT));
    assert!(store.api_key_by_secret(&SecretHash([72; 32])).await.expect("an answer").is_none());
    of.touch_api_key(key.id, STARTS_AT).await.expect("touched");
    assert_eq!(of.api_keys(None, 10).await.expect("an answer")[0].last_used_at, Some(STARTS_AT));
    assert_eq!(of_them.api_keys(None, 10).await.expect("an answer"), vec![]);
    for foreign in
        [of_them.revoke_api_key(key.id, &by("api_key.revoke")).await, of_them.touch_api_key(key.id, STARTS_AT).await]
    {
        assert!(matches!(foreign, Err(StoreError::Missing)), "{foreign:?}");
    }
    of.revoke_api_key(key.id, &by("api_key.revoke")).await.expect("revoked");
    assert!(!store.api_key_by_secret(&secret).await.expect("an answer").expect("the key").holds(STARTS_AT));
}

pub async fn a_request_is_noted_once_and_forgotten_with_time(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, of_them) = (ours.of(&store), theirs.of(&store));
    let (request, other) = (SecretHash([1; 32]), SecretHash([2; 32]));
    let never = Timestamp(0);
    let begin = async |request: &SecretHash| {
        of.begin_request("actor", "key", request, STARTS_AT, never).await.expect("an answer")
    };
    assert_eq!(begin(&request).await, KnownRequest::New);
    assert_eq!(begin(&request).await, KnownRequest::UnderWay);
    assert_eq!(begin(&other).await, KnownRequest::Other);
    let elsewhere = of_them.begin_request("actor", "key", &request, STARTS_AT, never).await;
    assert_eq!(elsewhere.expect("an answer"), KnownRequest::New);
    let answer = KeptAnswer { status: 201, headers: "[]".into(), body: "{\"id\":\"é\"}".into() };
    of.answer_request("actor", "key", &answer).await.expect("kept");
    assert_eq!(begin(&request).await, KnownRequest::Answered(answer));
    of.forget_request("actor", "key").await.expect("forgotten");
    assert_eq!(begin(&request).await, KnownRequest::New);
    let later = STARTS_AT.plus(Duration::from_secs(1));
    assert_eq!(store.forget_requests(later).await.expect("an answer"), 2);
    assert_eq!(begin(&other).await, KnownRequest::New);
    let late = of.begin_request("actor", "key", &request, later, later).await;
    assert_eq!(late.expect("an answer"), KnownRequest::New, "what is too old counts no more");
}

pub async fn a_code_is_used_once(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let person = member(&store, &ours, 1, "salma@centre.example").await;
    let (of, of_them) = (ours.of(&store), theirs.of(&store));
    let session = SessionId(Uuid::from_u128(720));
    let record = SessionRecord { id: session, created_at: STARTS_AT, expires_at: ENDS_AT, revoked_at: None };
    let secret = SecretHash([73; 32]);
    of.create_member_session(&record, &secret, person, None, "").await.expect("a session");
    of.begin_second_factor(person, "ABC").await.expect("begun");
    assert_eq!(of.pending_second_factor(person).await.expect("an answer").as_deref(), Some("ABC"));
    assert_eq!(of_them.pending_second_factor(person).await.expect("an answer"), None);
    let by_them = by("second_factor.add");
    for (at, secret) in [(&of, "ABD"), (&of_them, "ABC")] {
        let refused = at.confirm_second_factor(person, session, secret, 5, "[]", &by_them).await;
        assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    }
    of.confirm_second_factor(person, session, "ABC", 5, "[\"a\",\"b\"]", &by_them).await.expect("confirmed");
    let member = store.member_by_session(&secret, STARTS_AT).await.expect("an answer").expect("theirs");
    assert!(member.has_second_factor && member.gave_second_factor);
    for (at, step, is_good) in [(&of, 5, false), (&of_them, 6, false), (&of, 6, true), (&of, 6, false), (&of, 7, true)]
    {
        assert_eq!(at.use_second_factor(person, step).await.expect("an answer"), is_good, "{step}");
    }
    let replace = async |before: &str| {
        let by = by("second_factor.recovery_code");
        of.replace_recovery_codes(person, before, "[\"b\"]", &by).await.expect("an answer")
    };
    assert!(!replace("[\"a\"]").await);
    assert!(replace("[\"a\",\"b\"]").await);
    assert!(!replace("[\"a\",\"b\"]").await);
    of.remove_second_factor(person, &by("second_factor.remove")).await.expect("removed");
    assert!(!of.use_second_factor(person, 8).await.expect("an answer"));
    assert_eq!(of.credential(person).await.expect("an answer").expect("theirs").totp, None);
}
