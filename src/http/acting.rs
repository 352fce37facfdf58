//! Who asks, and what they may: every route declares its [`Access`], and the guard in front of it lets nobody else by.
//! A handler gets at an institution's records through [`Acting`] alone, which the guard makes.

use super::browser::{self, From};
use super::extract::header;
use super::problem::Refused;
use super::routes::Access;
use super::{Shared, cookie, idempotency, places};
use crate::auth::API_KEY_PREFIX;
use crate::ids::{ApiKeyId, InstitutionId, PersonId};
use crate::store::{Change, ChangedBy, InstitutionStore, Member, Reach, Roles};
use crate::time::Timestamp;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What somebody must be at the institution that a path names. Administrators and committees of an institution that
/// reaches further count as such in all that it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Anybody with an account there.
    Anyone,
    /// A trainer or an administrator.
    Staff,
    /// A committee's observer or an administrator.
    Oversight,
    /// Those who read reports of lessons: a committee's observer, an administrator, and a trainer, of whom the handler
    /// asks whether it is their lesson.
    Reports,
    Administrator,
    /// An administrator of the institution itself.
    OwnAdministrator,
}

impl Duty {
    /// Whether these roles suffice; `own` tells whether they are roles in the institution itself.
    #[must_use]
    pub fn allows(self, roles: Roles, own: bool) -> bool {
        let above = roles.administrator;
        match self {
            Self::Anyone => own || above || roles.committee,
            Self::Staff => above || (own && roles.trainer),
            Self::Oversight => above || roles.committee,
            Self::Reports => above || roles.committee || (own && roles.trainer),
            Self::Administrator => above,
            Self::OwnAdministrator => above && own,
        }
    }
}

/// What an API key may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    ReadPeople,
    WritePeople,
    ReadCourses,
    WriteCourses,
    ReadTimetable,
    WriteTimetable,
    ReadAnnouncements,
    WriteAnnouncements,
    ReadAlarms,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::ReadPeople,
        Self::WritePeople,
        Self::ReadCourses,
        Self::WriteCourses,
        Self::ReadTimetable,
        Self::WriteTimetable,
        Self::ReadAnnouncements,
        Self::WriteAnnouncements,
        Self::ReadAlarms,
    ];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadPeople => "people:read",
            Self::WritePeople => "people:write",
            Self::ReadCourses => "courses:read",
            Self::WriteCourses => "courses:write",
            Self::ReadTimetable => "timetable:read",
            Self::WriteTimetable => "timetable:write",
            Self::ReadAnnouncements => "announcements:read",
            Self::WriteAnnouncements => "announcements:write",
            Self::ReadAlarms => "alarms:read",
        }
    }
}

/// Whom the operator wants to have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactor {
    /// Nobody; who wants one has it.
    #[default]
    Offered,
    /// Administrators and committees that reach further than one institution.
    Required,
}

/// What somebody still lacks before they may do what they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// They have a second factor, and did not give it in this session.
    Code,
    /// They must have one.
    Enrolment,
}

impl Lacking {
    /// As it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Enrolment => "enrol",
        }
    }
}

impl SecondFactor {
    /// What a member lacks, if anything.
    #[must_use]
    pub fn lacking(self, member: &Member) -> Option<Lacking> {
        if member.gave_second_factor {
            return None;
        }
        if member.has_second_factor {
            return Some(Lacking::Code);
        }
        let reaches_others = member.reach != Reach::Institution && Duty::Oversight.allows(member.roles, true);
        (self == Self::Required && reaches_others).then_some(Lacking::Enrolment)
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Who {
    Person(Arc<Member>),
    /// Another program with a key of the institution.
    Key(ApiKeyId),
}

/// Somebody who may do what the route declares, at the institution that its path names (or their own).
#[derive(Clone)]
pub struct Acting {
    pub who: Who,
    pub institution: InstitutionId,
    /// When the request came.
    pub at: Timestamp,
    pub store: InstitutionStore,
}

impl Acting {
    /// What the audit log says of a change that is made now.
    pub fn change(&self, action: &'static str, subject: impl ToString, detail: serde_json::Value) -> Change {
        let actor = match &self.who {
            Who::Person(member) => ChangedBy::Person(member.person),
            Who::Key(key) => ChangedBy::Key(*key),
        };
        Change { at: self.at, actor, action, subject: Some(subject.to_string()), detail }
    }

    /// The person who asks, where it is one.
    pub fn person(&self) -> Option<PersonId> {
        match &self.who {
            Who::Person(member) => Some(member.person),
            Who::Key(_) => None,
        }
    }

    /// To be asked before somebody with these roles is made or changed: a key that may write people gives nobody power
    /// over others, and changes nobody who has it; else whoever holds it would be an administrator.
    ///
    /// # Errors
    /// [`crate::protocol::ErrorCode::NeedsPerson`] where it is a key that asks, and one of the roles has power.
    pub fn may_change(&self, roles: impl IntoIterator<Item = Roles>) -> Result<(), Refused> {
        let is_key = matches!(self.who, Who::Key(_));
        if is_key && roles.into_iter().any(Roles::has_power) { Err(Refused::needs_person()) } else { Ok(()) }
    }

    /// Whether who asks may do what this duty may: for answers that say more to some than to others.
    pub fn may(&self, duty: Duty) -> bool {
        match &self.who {
            Who::Person(member) => duty.allows(member.roles, member.institution == self.institution),
            Who::Key(_) => true,
        }
    }
}

impl FromRequestParts<Shared> for Acting {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Refused> {
        // Only the guard puts it there: a route that does not declare who may use it gets nothing.
        parts.extensions.get::<Self>().cloned().ok_or_else(Refused::not_signed_in)
    }
}

/// The person who signed in in this browser.
pub struct SignedIn(pub Arc<Member>);

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refused> {
        match Acting::from_request_parts(parts, state).await?.who {
            Who::Person(member) => Ok(Self(member)),
            Who::Key(_) => Err(Refused::forbidden()),
        }
    }
}

/// What a route declares, and what the guard needs to hold it.
#[derive(Clone)]
pub struct Guard {
    pub shared: Shared,
    pub methods: &'static [(&'static str, Access)],
}

/// Stands in front of a route.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let declared = guard.methods.iter().find(|(known, _)| *known == method);
    let access = match declared {
        Some((_, access)) => *access,
        // The router answers what is not declared.
        None => return next.run(request).await,
    };
    let (mut parts, body) = request.into_parts();
    let acting = match admit(&guard.shared, access, &mut parts).await {
        Ok(acting) => acting,
        Err(refused) => return refused.into_response(),
    };
    if let Some(acting) = &acting {
        parts.extensions.insert(acting.clone());
    }
    let request = Request::from_parts(parts, body);
    match acting {
        Some(acting) if may_repeat(access, &request) => idempotency::serve(&guard.shared, &acting, request, next).await,
        _ => next.run(request).await,
    }
}

/// Whether a request may be sent again without being done again.
fn may_repeat(access: Access, request: &Request) -> bool {
    matches!(access, Access::Within(..))
        && request.method() == Method::POST
        && request.headers().contains_key(&idempotency::IDEMPOTENCY_KEY)
}

async fn admit(shared: &Shared, access: Access, parts: &mut Parts) -> Result<Option<Acting>, Refused> {
    match access {
        Access::BeforeSecondFactor => {
            let member = member(shared, parts).await?;
            let institution = member.institution;
            Ok(Some(acting(shared, Who::Person(Arc::new(member)), institution)))
        }
        Access::SignedIn => {
            let member = whole_member(shared, parts).await?;
            let institution = member.institution;
            Ok(Some(acting(shared, Who::Person(Arc::new(member)), institution)))
        }
        Access::Overseer => {
            let member = whole_member(shared, parts).await?;
            if !Duty::Oversight.allows(member.roles, true) {
                return Err(Refused::forbidden());
            }
            let institution = member.institution;
            Ok(Some(acting(shared, Who::Person(Arc::new(member)), institution)))
        }
        Access::Above => {
            let member = whole_member(shared, parts).await?;
            if member.reach == Reach::Institution || !Duty::Oversight.allows(member.roles, true) {
                return Err(Refused::forbidden());
            }
            let institution = member.institution;
            Ok(Some(acting(shared, Who::Person(Arc::new(member)), institution)))
        }
        Access::AdministratorOf(reach) => {
            let member = whole_member(shared, parts).await?;
            if member.reach < reach || !Duty::Administrator.allows(member.roles, true) {
                return Err(Refused::forbidden());
            }
            let institution = member.institution;
            Ok(Some(acting(shared, Who::Person(Arc::new(member)), institution)))
        }
        Access::Within(duty, scope) => {
            if let Some(token) = bearer(parts) {
                return with_key(shared, parts, &token, scope).await.map(Some);
            }
            let member = whole_member(shared, parts).await?;
            let institution = named_institution(shared, parts).await?;
            if !reaches(shared, &member, institution).await? {
                // Whether it exists is not for them to know.
                return Err(Refused::no_record());
            }
            if !duty.allows(member.roles, member.institution == institution) {
                return Err(Refused::forbidden());
            }
            Ok(Some(acting(shared, Who::Person(Arc::new(member)), institution)))
        }
        Access::Operator => {
            let options = &shared.app.options;
            let may = match browser::from(parts, options) {
                From::ThisMachine => true,
                From::Address(address) => options.metrics_for.contains(&address),
                From::Unknown => false,
            };
            if may { Ok(None) } else { Err(Refused::not_an_operator()) }
        }
        // These bring what they need in the request itself, and their handlers look at it.
        Access::Anybody
        | Access::Invitation
        | Access::OwnPlace
        | Access::Ticket
        | Access::WhipToken
        | Access::WhepToken
        | Access::OwnDevice => Ok(None),
    }
}

fn acting(shared: &Shared, who: Who, institution: InstitutionId) -> Acting {
    Acting { who, institution, at: shared.app.clock.now(), store: shared.app.store.of(institution) }
}

/// The token of a program that brings one.
fn bearer(parts: &Parts) -> Option<String> {
    let value = header(&parts.headers, &header::AUTHORIZATION)?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.starts_with(API_KEY_PREFIX)).then(|| token.trim().to_owned())
}

/// A program with a key, which opens what its scopes say at its own institution, whatever that reaches.
async fn with_key(shared: &Shared, parts: &mut Parts, token: &str, scope: Option<Scope>) -> Result<Acting, Refused> {
    let key = shared.app.auth.api_key(token).await?.ok_or_else(Refused::key_invalid)?;
    let institution = named_institution(shared, parts).await?;
    if institution != key.institution {
        return Err(Refused::no_record());
    }
    match scope {
        Some(scope) if key.scopes.iter().any(|word| word == scope.word()) => {
            Ok(acting(shared, Who::Key(key.id), institution))
        }
        _ => Err(Refused::forbidden()),
    }
}

/// Who signed in in this browser; a page of another origin can ask nothing in their name.
async fn member(shared: &Shared, parts: &Parts) -> Result<Member, Refused> {
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        places::own_page(&parts.headers, shared)?;
    }
    let session = cookie::session(&parts.headers, &shared.app.options).ok_or_else(Refused::not_signed_in)?;
    let member = shared.app.auth.member(session).await?;
    member.ok_or_else(Refused::not_signed_in)
}

/// Who signed in in this browser, and lacks nothing.
async fn whole_member(shared: &Shared, parts: &Parts) -> Result<Member, Refused> {
    let member = member(shared, parts).await?;
    match shared.app.options.second_factor.lacking(&member) {
        None => Ok(member),
        Some(_) => Err(Refused::second_factor_needed()),
    }
}

async fn named_institution(shared: &Shared, parts: &mut Parts) -> Result<InstitutionId, Refused> {
    let params = RawPathParams::from_request_parts(parts, shared).await.map_err(|_| Refused::no_record())?;
    let named = params.iter().find(|(name, _)| *name == "institution");
    named.and_then(|(_, id)| id.parse().ok()).ok_or_else(Refused::no_record)
}

/// Whether an institution is the member's own, or one that theirs reaches.
pub async fn reaches(shared: &Shared, member: &Member, institution: InstitutionId) -> Result<bool, Refused> {
    if institution == member.institution {
        return Ok(true);
    }
    if member.reach == Reach::Institution {
        return Ok(false);
    }
    let standing = shared.app.store.standing_of(institution).await?;
    Ok(standing.is_some_and(|(region, reach)| member.reach.covers(member.region, region, reach)))
}
