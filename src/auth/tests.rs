//! The doorkeeper before a real database, its clock in the test's hand.

use super::guesses::GUESSES_MAX;
use super::*;
use crate::ids::{CourseId, EventSeq, GroupId, InvitationId, PersonId, RegionId};
use crate::protocol::{RoomEvent, SessionCard};
use crate::store::{Course, Group, Institution, InvitationPurpose, LoggedEvent, NewLesson, Person, Region};
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

const START: Timestamp = Timestamp(1_795_597_200_000_000);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A clock that stands still until it is moved.
struct HeldClock(AtomicI64);

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// A lesson with an invitation of each kind.
struct Door {
    auth: Auth,
    clock: Arc<HeldClock>,
    institution: InstitutionId,
    lesson: LessonId,
    trainer: (InvitationId, String),
    trainee: (InvitationId, String),
    whip: (InvitationId, String),
    _folder: tempfile::TempDir,
}

impl Door {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("qism.db").display());
        let store = Store::open(&url).await.expect("a store");
        let clock = Arc::new(HeldClock(AtomicI64::new(START.0)));
        let (institution, lesson) = school(&store).await;
        let auth = Auth::new(store, clock.clone());
        let invite = async |role, purpose, name| invite(auth.store(), institution, lesson, role, purpose, name).await;
        let trainer = invite(Role::Trainer, InvitationPurpose::Join, Some("Fatima-Zahra El Idrissi")).await;
        let trainee = invite(Role::Trainee, InvitationPurpose::Join, None).await;
        let whip = invite(Role::Trainer, InvitationPurpose::Whip, None).await;
        Self { clock, institution, lesson, trainer, trainee, whip, auth, _folder: folder }
    }

    fn pass(&self, time: Duration) {
        self.clock.0.store(self.clock.now().plus(time).0, Ordering::Relaxed);
    }

    async fn end_lesson(&self) {
        let at = self.clock.now();
        let event = LoggedEvent { seq: EventSeq(1), at, event: RoomEvent::LessonEnded {} };
        let of = self.auth.store().of(self.institution);
        of.append_events(self.lesson, &[event], Phase::Ended { since: at }).await.expect("ended");
    }

    /// A guest who joins in a new browser: the card and the browser's session secret.
    async fn guest(&self, name: &str) -> (SessionCard, String) {
        let (card, secret) = self.auth.start_session(&self.trainee.1, Some(name), None).await.expect("a place");
        (card, secret.expect("a new session"))
    }

    async fn ticket(&self, card: &SessionCard, session: &str) -> Result<String, Refusal> {
        let ticket = self.auth.issue_ticket(session, self.lesson, card.participant).await?;
        assert_eq!(ticket.expires_in_s, 60);
        Ok(ticket.ticket)
    }
}

async fn school(store: &Store) -> (InstitutionId, LessonId) {
    let id = Uuid::from_u128;
    let region = Region { id: RegionId(id(1)), name: "Souss-Massa".into() };
    let institution = Institution {
        id: InstitutionId(id(2)),
        region: region.id,
        name: "Institut".into(),
        time_zone: "Africa/Casablanca".into(),
    };
    let person = Person { id: PersonId(id(3)), name: "Fatima-Zahra El Idrissi".into() };
    let course = Course { id: CourseId(id(4)), title: "Électricité".into(), language: "fr".into() };
    let group = Group { id: GroupId(id(5)), course: course.id, name: "Groupe 2".into() };
    let lesson = NewLesson {
        id: LessonId(id(6)),
        group: group.id,
        trainer: person.id,
        title: "Le circuit de charge".into(),
        starts_at: START,
        ends_at: START.plus(HOUR),
    };
    store.create_region(&region).await.expect("a region");
    store.create_institution(&institution).await.expect("an institution");
    let of = store.of(institution.id);
    of.create_person(&person).await.expect("a person");
    of.create_course(&course).await.expect("a course");
    of.create_group(&group).await.expect("a group");
    of.create_lesson(&lesson).await.expect("a lesson");
    (institution.id, lesson.id)
}

async fn invite(
    store: &Store,
    institution: InstitutionId,
    lesson: LessonId,
    role: Role,
    purpose: InvitationPurpose,
    name: Option<&str>,
) -> (InvitationId, String) {
    let secret = Secret::random().expect("randomness");
    let invitation = Invitation {
        id: InvitationId(new_id(START).expect("randomness")),
        institution,
        lesson,
        role,
        purpose,
        name: name.map(Into::into),
        expires_at: START.plus(40 * DAY),
        revoked_at: None,
    };
    store.of(institution).create_invitation(&invitation, &secret.hash()).await.expect("an invitation");
    (invitation.id, secret.text())
}

/// The code of a refusal.
fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ErrorCode {
    answer.expect_err("a refusal").code
}

#[tokio::test]
async fn a_guest_is_asked_for_a_name_once() {
    let door = Door::new().await;
    let card = door.auth.open_invitation(&door.trainee.1, None).await.expect("a card");
    assert_eq!((card.role, card.name, card.asks_name), (Role::Trainee, None, true));
    assert_eq!((card.lesson.id, card.phase), (door.lesson, Phase::Planned));
    for name in [None, Some(" \u{202E} ")] {
        assert_eq!(code(door.auth.start_session(&door.trainee.1, name, None).await), ErrorCode::NameInvalid);
    }
    let (place, session) = door.guest("  سلمى\u{202E}  أوشن ").await;
    assert_eq!((place.name.as_str(), place.role), ("سلمى أوشن", Role::Trainee));
    let card = door.auth.open_invitation(&door.trainee.1, Some(&session)).await.expect("a card");
    assert_eq!((card.name.as_deref(), card.asks_name), (Some("سلمى أوشن"), true));
}

#[tokio::test]
async fn the_same_browser_gets_the_same_place_each_time() {
    let door = Door::new().await;
    let (first, session) = door.guest("Salma").await;
    let again = door.auth.start_session(&door.trainee.1, None, Some(&session)).await.expect("a place");
    assert_eq!(again, (first.clone(), None));
    let (renamed, _) =
        door.auth.start_session(&door.trainee.1, Some("Salma O."), Some(&session)).await.expect("a place");
    assert_eq!((renamed.participant, renamed.name.as_str()), (first.participant, "Salma O."));
    let card = door.auth.session_card(&session, door.lesson, first.participant).await.expect("a card");
    assert_eq!(card, renamed);
    let (other, _) = door.guest("Salma").await;
    assert_ne!(other.participant, first.participant);
}

#[tokio::test]
async fn one_browser_may_hold_several_places() {
    let door = Door::new().await;
    let (trainee, session) = door.guest("Salma").await;
    let (trainer, new) =
        door.auth.start_session(&door.trainer.1, Some("an impostor"), Some(&session)).await.expect("a place");
    assert_eq!((trainer.role, trainer.name.as_str(), new), (Role::Trainer, "Fatima-Zahra El Idrissi", None));
    assert_ne!(trainer.participant, trainee.participant);
}

#[tokio::test]
async fn a_ticket_admits_once_to_its_own_place() {
    let door = Door::new().await;
    let (place, session) = door.guest("Salma").await;
    let ticket = door.ticket(&place, &session).await.expect("a ticket");
    let admission = door.auth.redeem_ticket(&ticket).await.expect("admitted");
    let expected = Admission {
        institution: door.institution,
        lesson: door.lesson,
        participant: place.participant,
        role: Role::Trainee,
        kind: ParticipantKind::Person,
        name: "Salma".into(),
    };
    assert_eq!(admission, expected);
    assert_eq!(code(door.auth.redeem_ticket(&ticket).await), ErrorCode::TicketInvalid);
    assert_eq!(code(door.auth.redeem_ticket("nonsense").await), ErrorCode::TicketInvalid);
    let stale = door.ticket(&place, &session).await.expect("a ticket");
    door.pass(TICKET_LIFETIME);
    assert_eq!(code(door.auth.redeem_ticket(&stale).await), ErrorCode::TicketInvalid);
}

#[tokio::test]
async fn a_session_opens_only_its_own_places() {
    let door = Door::new().await;
    let (mine, session) = door.guest("Salma").await;
    let (_, other) = door.guest("Driss").await;
    let elsewhere = LessonId(Uuid::from_u128(404));
    let ticket = |session: &str, lesson| {
        let (auth, session) = (door.auth.clone(), session.to_owned());
        async move { code(auth.issue_ticket(&session, lesson, mine.participant).await) }
    };
    assert_eq!(ticket(&other, door.lesson).await, ErrorCode::SessionInvalid);
    assert_eq!(ticket("", door.lesson).await, ErrorCode::SessionInvalid);
    assert_eq!(ticket(&session, elsewhere).await, ErrorCode::LessonUnknown);
    let card = door.auth.session_card(&other, door.lesson, mine.participant).await;
    assert_eq!(code(card), ErrorCode::SessionInvalid);
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_or_when_it_is_revoked() {
    let door = Door::new().await;
    let (place, session) = door.guest("Salma").await;
    let (other, ended) = door.guest("Driss").await;
    let pending = door.ticket(&other, &ended).await.expect("a ticket");
    door.auth.end_session(&ended).await.expect("ended");
    assert_eq!(code(door.ticket(&other, &ended).await), ErrorCode::SessionInvalid);
    assert_eq!(code(door.auth.redeem_ticket(&pending).await), ErrorCode::SessionInvalid);
    door.pass(SESSION_LIFETIME - Duration::from_secs(1));
    door.ticket(&place, &session).await.expect("a ticket on the last day");
    door.pass(Duration::from_secs(1));
    assert_eq!(code(door.ticket(&place, &session).await), ErrorCode::SessionInvalid);
    let (_, new) = door.auth.start_session(&door.trainee.1, Some("Salma"), Some(&session)).await.expect("a place");
    assert!(new.is_some_and(|new| new != session));
}

#[tokio::test]
async fn who_was_removed_does_not_come_back_by_any_way_they_had() {
    let door = Door::new().await;
    let (place, session) = door.guest("Driss").await;
    let (stays, other) = door.guest("Salma").await;
    let pending = door.ticket(&place, &session).await.expect("a ticket");
    let ticket = door.ticket(&place, &session).await.expect("a ticket");
    let admission = door.auth.redeem_ticket(&ticket).await.expect("admitted");
    door.auth.bar(&admission).await.expect("barred");
    assert_eq!(code(door.auth.redeem_ticket(&pending).await), ErrorCode::Removed);
    assert_eq!(code(door.ticket(&place, &session).await), ErrorCode::Removed);
    assert_eq!(code(door.auth.session_card(&session, door.lesson, place.participant).await), ErrorCode::Removed);
    assert_eq!(code(door.auth.open_invitation(&door.trainee.1, Some(&session)).await), ErrorCode::Removed);
    let again = door.auth.start_session(&door.trainee.1, Some("Driss"), Some(&session)).await;
    assert_eq!(code(again), ErrorCode::Removed);
    door.ticket(&stays, &other).await.expect("the others stay");
}

#[tokio::test]
async fn an_invitation_that_ended_lets_nobody_in_or_back() {
    let door = Door::new().await;
    let (place, session) = door.guest("Salma").await;
    let pending = door.ticket(&place, &session).await.expect("a ticket");
    let of = door.auth.store().of(door.institution);
    of.revoke_invitation(door.trainee.0, START).await.expect("revoked");
    assert_eq!(code(door.auth.redeem_ticket(&pending).await), ErrorCode::InvitationInvalid);
    assert_eq!(code(door.ticket(&place, &session).await), ErrorCode::InvitationInvalid);
    assert_eq!(code(door.auth.open_invitation(&door.trainee.1, None).await), ErrorCode::InvitationInvalid);
    door.auth.open_invitation(&door.trainer.1, None).await.expect("the trainer's is another");
    door.pass(40 * DAY);
    assert_eq!(code(door.auth.open_invitation(&door.trainer.1, None).await), ErrorCode::InvitationInvalid);
}

#[tokio::test]
async fn a_lesson_that_is_over_is_shown_but_not_entered() {
    let door = Door::new().await;
    let (place, session) = door.guest("Salma").await;
    let pending = door.ticket(&place, &session).await.expect("a ticket");
    door.end_lesson().await;
    let ended = Phase::Ended { since: START };
    let card = door.auth.open_invitation(&door.trainee.1, None).await.expect("a card");
    assert_eq!(card.phase, ended);
    let card = door.auth.session_card(&session, door.lesson, place.participant).await.expect("a card");
    assert_eq!(card.phase, ended);
    let newcomer = door.auth.start_session(&door.trainee.1, Some("Driss"), None).await;
    assert_eq!(code(newcomer), ErrorCode::LessonEnded);
    assert_eq!(code(door.auth.redeem_ticket(&pending).await), ErrorCode::LessonEnded);
    assert_eq!(code(door.ticket(&place, &session).await), ErrorCode::LessonEnded);
    let device = door.auth.admit_device(&door.whip.1, door.lesson, InvitationPurpose::Whip).await;
    assert_eq!(code(device), ErrorCode::LessonEnded);
}

#[tokio::test]
async fn each_device_is_a_participant_of_its_own() {
    let door = Door::new().await;
    let admit = async |token: &str, lesson, purpose| door.auth.admit_device(token, lesson, purpose).await;
    let first = admit(&door.whip.1, door.lesson, InvitationPurpose::Whip).await.expect("admitted");
    let second = admit(&door.whip.1, door.lesson, InvitationPurpose::Whip).await.expect("admitted");
    assert_ne!(first.participant, second.participant);
    assert_eq!((first.kind, first.role, first.name.as_str()), (ParticipantKind::Device, Role::Trainer, "WHIP"));
    let elsewhere = LessonId(Uuid::from_u128(404));
    let refused = [
        admit(&door.whip.1, door.lesson, InvitationPurpose::Whep).await,
        admit(&door.whip.1, elsewhere, InvitationPurpose::Whip).await,
        admit(&door.trainee.1, door.lesson, InvitationPurpose::Whip).await,
        admit(&door.trainee.1, door.lesson, InvitationPurpose::Join).await,
        admit("", door.lesson, InvitationPurpose::Whip).await,
    ];
    for answer in refused {
        assert_eq!(code(answer), ErrorCode::InvitationInvalid);
    }
    let browser = door.auth.start_session(&door.whip.1, Some("a browser"), None).await;
    assert_eq!(code(browser), ErrorCode::InvitationInvalid);
}

#[tokio::test]
async fn a_lesson_gives_away_so_many_places_and_keeps_those_it_gave() {
    let mut door = Door::new().await;
    door.auth = Auth::with_places(door.auth.store().clone(), door.clock.clone(), 2);
    let (_, session) = door.guest("Salma").await;
    door.auth.admit_device(&door.whip.1, door.lesson, InvitationPurpose::Whip).await.expect("the second place");
    let third = door.auth.start_session(&door.trainee.1, Some("Driss"), None).await;
    assert_eq!(code(third), ErrorCode::TooMany);
    let device = door.auth.admit_device(&door.whip.1, door.lesson, InvitationPurpose::Whip).await;
    assert_eq!(code(device), ErrorCode::TooMany);
    door.auth.start_session(&door.trainee.1, None, Some(&session)).await.expect("a place that was given stays");
}

#[tokio::test]
async fn guessing_is_slowed_and_never_keeps_out_who_has_a_link() {
    let door = Door::new().await;
    let guess = Secret::random().expect("randomness").text();
    for _ in 0..GUESSES_MAX {
        assert_eq!(code(door.auth.open_invitation(&guess, None).await), ErrorCode::InvitationInvalid);
    }
    assert_eq!(code(door.auth.open_invitation(&guess, None).await), ErrorCode::RateLimited);
    door.auth.open_invitation(&door.trainee.1, None).await.expect("a good link works all the while");
}

#[tokio::test]
async fn a_store_that_is_gone_is_said_without_its_reasons() {
    let door = Door::new().await;
    door.auth.store().close().await;
    let refusal = door.auth.open_invitation(&door.trainee.1, None).await.expect_err("a refusal");
    assert_eq!(refusal.code, ErrorCode::StoreUnavailable);
    assert!(!refusal.detail.contains("database"), "{refusal}");
}
