use crate::scratch::{ENDS_AT, STARTS_AT, Scratch, chat, invitation, school, session};
use qism::ids::{EventSeq, GroupId, InvitationId, LessonId};
use qism::protocol::Phase;
use qism::store::{Group, NewLesson, Place, SecretHash, StoreError};
use uuid::Uuid;

/// Everything that the store seen from one institution offers, tried on what belongs to another.
pub async fn another_institution_sees_and_changes_nothing(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let session = session(&store, 1).await;
    let place = theirs.place(1, Some(session));
    theirs.of(&store).create_place(&place).await.expect("their place");
    let live = Phase::Live { since: STARTS_AT };
    theirs.of(&store).append_events(theirs.lesson, &chat(1, 3), live).await.expect("their log");

    let of = ours.of(&store);
    assert_eq!(of.place(place.participant).await.expect("an answer"), None);
    assert_eq!(of.place_of(session, theirs.invitation).await.expect("an answer"), None);
    assert_eq!(of.invitation(theirs.invitation).await.expect("an answer"), None);
    assert_eq!(of.places_in(theirs.lesson).await.expect("an answer"), 0);
    assert_eq!(of.events_after(theirs.lesson, EventSeq(0), 100).await.expect("an answer"), vec![]);
    let changes = [
        of.append_events(theirs.lesson, &chat(4, 1), Phase::Ended { since: ENDS_AT }).await,
        of.append_events(theirs.lesson, &chat(1, 1), Phase::Ended { since: ENDS_AT }).await,
        of.rename_place(place.participant, "somebody else").await,
        of.bar_place(place.participant, STARTS_AT).await,
        of.renew_invitation(theirs.invitation, STARTS_AT).await,
        of.revoke_invitation(theirs.invitation, STARTS_AT).await,
        of.reschedule_lesson(theirs.lesson, ENDS_AT, ENDS_AT).await,
    ];
    for change in changes {
        assert!(matches!(change, Err(StoreError::Missing)), "{change:?}");
    }
    let of_them = theirs.of(&store);
    assert_eq!(of_them.place(place.participant).await.expect("an answer"), Some(place));
    assert_eq!(of_them.events_after(theirs.lesson, EventSeq(0), 100).await.expect("an answer"), chat(1, 3));
    let invitation = of_them.invitation(theirs.invitation).await.expect("an answer").expect("their invitation");
    assert_eq!((invitation.expires_at, invitation.revoked_at), (ENDS_AT, None));
    let lesson = store.lesson(theirs.lesson).await.expect("an answer").expect("their lesson");
    assert_eq!((lesson.institution, lesson.phase, lesson.card.starts_at), (theirs.institution, live, STARTS_AT));
}

pub async fn rows_of_two_institutions_do_not_mix(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let session = session(&store, 1).await;
    let place = ours.place(1, Some(session));
    let id = Uuid::from_u128(50);
    let lesson = NewLesson {
        id: LessonId(id),
        group: ours.group,
        trainer: ours.trainer,
        title: "mixed".into(),
        starts_at: STARTS_AT,
        ends_at: ENDS_AT,
    };
    let secret = SecretHash([50; 32]);
    let mixed = [
        of.create_place(&theirs.place(2, Some(session))).await,
        of.create_place(&Place { lesson: theirs.lesson, ..place.clone() }).await,
        of.create_place(&Place { invitation: theirs.invitation, ..place.clone() }).await,
        of.create_group(&Group { id: GroupId(id), course: theirs.course, name: "mixed".into() }).await,
        of.create_lesson(&NewLesson { group: theirs.group, ..lesson.clone() }).await,
        of.create_lesson(&NewLesson { trainer: theirs.trainer, ..lesson.clone() }).await,
        of.create_invitation(&invitation(ours.institution, theirs.lesson, InvitationId(id)), &secret).await,
        of.create_invitation(&invitation(theirs.institution, theirs.lesson, InvitationId(id)), &secret).await,
    ];
    for (index, answer) in mixed.into_iter().enumerate() {
        assert!(matches!(answer, Err(StoreError::Missing)), "number {index}: {answer:?}");
    }
    of.create_place(&place).await.expect("what is all ours is taken");
    of.create_lesson(&lesson).await.expect("what is all ours is taken");
}
