use crate::scratch::{ENDS_AT, STARTS_AT, Scratch, invitation, school, session};
use qism::ids::{InvitationId, SessionId};
use qism::protocol::Role;
use qism::store::{Invitation, InvitationPurpose, SecretHash, SessionRecord, StoreError};
use qism::time::Timestamp;
use uuid::Uuid;

pub async fn a_session_has_one_place_by_one_invitation(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    let session = session(&store, 1).await;
    assert_eq!(of.place_of(session, school.invitation).await.expect("an answer"), None);
    let attempts: Vec<_> = (1..=4)
        .map(|participant| {
            let (of, place) = (of.clone(), school.place(participant, Some(session)));
            tokio::spawn(async move { of.create_place(&place).await.map(|()| place) })
        })
        .collect();
    let mut taken = Vec::new();
    for attempt in attempts {
        match attempt.await.expect("no panic") {
            Ok(place) => taken.push(place),
            Err(StoreError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(taken.len(), 1);
    let held = of.place_of(session, school.invitation).await.expect("an answer");
    assert_eq!(held.as_ref(), taken.first());
    let participant = taken[0].participant;
    of.rename_place(participant, "يوسف أمزيان").await.expect("renamed");
    assert_eq!(of.place(participant).await.expect("an answer").expect("the place").name, "يوسف أمزيان");
}

pub async fn devices_have_as_many_places_as_they_come(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    for participant in 1..=3 {
        let place = school.place(participant, None);
        of.create_place(&place).await.expect("a place");
        assert_eq!(of.place(place.participant).await.expect("an answer"), Some(place));
    }
    assert_eq!(of.places_in(school.lesson).await.expect("an answer"), 3);
}

pub async fn a_barred_place_stays_barred_since_the_first_time(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    let (barred, other) = (school.place(1, None), school.place(2, None));
    of.create_place(&barred).await.expect("a place");
    of.create_place(&other).await.expect("a place");
    of.bar_place(barred.participant, STARTS_AT).await.expect("barred");
    of.bar_place(barred.participant, ENDS_AT).await.expect("barred again");
    assert_eq!(of.place(barred.participant).await.expect("an answer").expect("it").barred_at, Some(STARTS_AT));
    assert_eq!(of.place(other.participant).await.expect("an answer").expect("it").barred_at, None);
    let nobody = school.place(404, None).participant;
    assert!(matches!(of.bar_place(nobody, STARTS_AT).await, Err(StoreError::Missing)));
}

pub async fn an_invitation_is_found_by_its_secret_only(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    let named = Invitation {
        role: Role::Committee,
        purpose: InvitationPurpose::Whep,
        name: Some("لجنة التتبع".into()),
        ..invitation(school.institution, school.lesson, InvitationId(Uuid::from_u128(70)))
    };
    let secret = SecretHash(std::array::from_fn(|index| u8::try_from(index * 8).expect("a byte")));
    of.create_invitation(&named, &secret).await.expect("an invitation");
    assert_eq!(store.invitation_by_secret(&secret).await.expect("an answer"), Some(named.clone()));
    assert_eq!(of.invitation(named.id).await.expect("an answer"), Some(named.clone()));
    let first = store.invitation_by_secret(&school.secret).await.expect("an answer").expect("the first");
    assert_eq!(first.id, school.invitation);
    assert_eq!(store.invitation_by_secret(&SecretHash([0; 32])).await.expect("an answer"), None);

    let twice = Invitation { id: InvitationId(Uuid::from_u128(71)), ..named.clone() };
    assert!(matches!(of.create_invitation(&twice, &secret).await, Err(StoreError::Conflict)));
    of.renew_invitation(named.id, Timestamp(ENDS_AT.0 + 1)).await.expect("renewed");
    of.revoke_invitation(named.id, STARTS_AT).await.expect("revoked");
    of.revoke_invitation(named.id, ENDS_AT).await.expect("revoked again");
    let ended = store.invitation_by_secret(&secret).await.expect("an answer").expect("it");
    assert_eq!((ended.expires_at, ended.revoked_at), (Timestamp(ENDS_AT.0 + 1), Some(STARTS_AT)));
}

pub async fn a_session_that_was_revoked_says_so(scratch: Scratch) {
    let store = scratch.open().await;
    let (first, second) = (session(&store, 1).await, session(&store, 2).await);
    store.revoke_session(first, STARTS_AT).await.expect("revoked");
    store.revoke_session(first, ENDS_AT).await.expect("revoked again");
    let record = |id, revoked_at| SessionRecord { id, created_at: STARTS_AT, expires_at: ENDS_AT, revoked_at };
    let by = async |secret: u8| store.session_by_secret(&SecretHash([secret; 32])).await.expect("an answer");
    assert_eq!(by(1).await, Some(record(first, Some(STARTS_AT))));
    assert_eq!(by(2).await, Some(record(second, None)));
    assert_eq!(by(3).await, None);
    assert_eq!(store.session(first).await.expect("an answer"), by(1).await);
    let nobody = SessionId(Uuid::from_u128(404));
    assert_eq!(store.session(nobody).await.expect("an answer"), None);
    assert!(matches!(store.revoke_session(nobody, STARTS_AT).await, Err(StoreError::Missing)));
}
