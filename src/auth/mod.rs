//! Who may come in: invitations, browser sessions, join tickets, device tokens.
//!
//! Owns secrets (made from the system's randomness, kept as hashes) and the checks of SECURITY: tickets are single
//! use, at most 60 s old, and bound to a place in a lesson; rights are read again from the store each time.

mod account_links;
mod accounts;
mod devices;
mod feeds;
mod first_start;
mod guesses;
mod joining;
mod keys;
mod name;
mod oidc;
mod password;
mod password_rules;
mod refusal;
mod second_factor;
mod secret;
mod sessions;
mod throttle;
mod tickets;
mod totp;

pub use account_links::AcceptLink;
pub use accounts::{Browser, SignIn};
pub use first_start::FirstAdministrator;
pub use keys::API_KEY_PREFIX;
pub use oidc::{Landed, NotLanded, ProviderCard, ProviderOptions, Returned, SigningAlgorithm, Started};
pub use password::PASSWORD_BYTES_MAX;
pub use password_rules::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, PasswordFault, check_password};
pub use refusal::Refusal;
pub use second_factor::Enrolment;
pub use secret::{NoRandomness, Secret, ledger_seed, new_id};
pub use tickets::TICKET_LIFETIME;

use crate::ids::{InstitutionId, LessonId, ParticipantId};
use crate::protocol::{ErrorCode, ParticipantKind, Phase, Role};
use crate::store::{Invitation, LessonRecord, Place, SecretHash, Store};
use crate::time::{Clock, Timestamp};
use first_start::FirstStartLink;
use guesses::Guesses;
use oidc::Providers;
use password::Passwords;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use throttle::{OF_ACCOUNT, OF_ADDRESS, Throttle};
use tickets::Tickets;

/// How long a browser's session is good.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);

/// How many places one lesson may give away, each visit of a device included. A class has some hundreds; more is
/// somebody who asks without end, and is refused.
pub const PLACES_PER_LESSON_MAX: u64 = 20_000;

/// The doorkeeper; cheap to clone.
#[derive(Clone)]
pub struct Auth {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    tickets: Mutex<Tickets>,
    guesses: Mutex<Guesses>,
    brakes: Mutex<Brakes>,
    first_start: Mutex<FirstStartLink>,
    providers: OnceLock<Providers>,
    passwords: Passwords,
    places_max: u64,
}

/// Who failed to sign in how often.
struct Brakes {
    accounts: Throttle<SecretHash>,
    addresses: Throttle<IpAddr>,
}

/// Somebody who may enter a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    pub institution: InstitutionId,
    pub lesson: LessonId,
    pub participant: ParticipantId,
    pub role: Role,
    pub kind: ParticipantKind,
    pub name: String,
}

impl From<Place> for Admission {
    fn from(place: Place) -> Self {
        let Place { participant, institution, lesson, role, kind, name, .. } = place;
        Self { institution, lesson, participant, role, kind, name }
    }
}

impl Auth {
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self::with_places(store, clock, PLACES_PER_LESSON_MAX)
    }

    fn with_places(store: Store, clock: Arc<dyn Clock>, places_max: u64) -> Self {
        let passwords = Passwords::new();
        let brakes = Brakes { accounts: Throttle::new(OF_ACCOUNT), addresses: Throttle::new(OF_ADDRESS) };
        let shared = Shared {
            store,
            clock,
            tickets: Mutex::default(),
            guesses: Mutex::default(),
            brakes: Mutex::new(brakes),
            first_start: Mutex::default(),
            providers: OnceLock::new(),
            passwords,
            places_max,
        };
        Self { shared: Arc::new(shared) }
    }

    /// Bars a participant whom a trainer removed: neither their session nor their tickets let them in again.
    ///
    /// # Errors
    /// Where it could not be made durable.
    pub async fn bar(&self, admission: &Admission) -> Result<(), Refusal> {
        Ok(self.store().of(admission.institution).bar_place(admission.participant, self.now()).await?)
    }

    /// A password as it is stored: a PHC string.
    ///
    /// # Errors
    /// Where the system has no randomness, or too many wait.
    pub async fn hash_password(&self, password: &str) -> Result<String, Refusal> {
        self.shared.passwords.hash(password).await
    }

    fn store(&self) -> &Store {
        &self.shared.store
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        // A panic can't have left it half changed: nothing in there calls out.
        self.shared.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn brakes(&self) -> MutexGuard<'_, Brakes> {
        // As with the tickets: nothing in there calls out.
        self.shared.brakes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who brings a secret that nobody was given: told less and less.
    fn wrong_secret(&self) -> Refusal {
        let allowed = self.shared.guesses.lock().unwrap_or_else(PoisonError::into_inner).allow(self.now());
        if allowed { Refusal::invitation_invalid() } else { Refusal::rate_limited() }
    }

    /// The invitation with this secret, where it holds now.
    async fn holding_invitation(&self, secret: &str) -> Result<Invitation, Refusal> {
        let now = self.now();
        if let Some(secret) = Secret::parse(secret)
            && let Some(invitation) = self.store().invitation_by_secret(&secret.hash()).await?
        {
            return if invitation.holds(now) { Ok(invitation) } else { Err(Refusal::invitation_invalid()) };
        }
        Err(self.wrong_secret())
    }

    /// Whether the place's holder may be in the lesson now, and the lesson.
    async fn rights(&self, place: &Place) -> Result<LessonRecord, Refusal> {
        if place.barred_at.is_some() {
            return Err(Refusal::new(ErrorCode::Removed, "the trainer removed you from this lesson"));
        }
        let invitation = self.store().of(place.institution).invitation(place.invitation).await?;
        if !invitation.is_some_and(|invitation| invitation.holds(self.now())) {
            return Err(Refusal::invitation_invalid());
        }
        if let Some(person) = place.person {
            let standing = self.store().standing(person, place.lesson).await?;
            if standing.is_none_or(|standing| standing.barred || standing.role() != Some(place.role)) {
                return Err(Refusal::no_part());
            }
        }
        self.lesson(place.lesson).await
    }

    /// Refuses where the lesson has given away as many places as it may.
    async fn has_room(&self, lesson: &LessonRecord) -> Result<(), Refusal> {
        let taken = self.store().of(lesson.institution).places_in(lesson.card.id).await?;
        if taken < self.shared.places_max {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::TooMany, "this lesson has no place left; ask who gives it"))
    }

    async fn lesson(&self, lesson: LessonId) -> Result<LessonRecord, Refusal> {
        let lesson = self.store().lesson(lesson).await?;
        lesson.ok_or_else(|| Refusal::new(ErrorCode::LessonUnknown, "no lesson has this id; ask for a new link"))
    }
}

/// Refuses where the lesson is over, or was called off.
fn takes_place(lesson: &LessonRecord) -> Result<(), Refusal> {
    match lesson.phase {
        Phase::Ended { .. } => Err(Refusal::new(ErrorCode::LessonEnded, "the lesson is over")),
        Phase::Planned | Phase::Live { .. } if lesson.is_cancelled => Err(Refusal::new(
            ErrorCode::LessonCancelled,
            "the lesson was called off; the timetable says when the next is",
        )),
        Phase::Planned | Phase::Live { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests;
