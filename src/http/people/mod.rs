//! People and their accounts.

mod account;
mod export;
pub(super) mod sign_in;

use super::Shared;
use super::account::RoleSet;
use super::acting::{Acting, Duty, Scope, SignedIn, Who};
use super::extract::{Ids, JsonBody};
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned, present};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::{InstitutionId, PersonId};
use crate::protocol::Problem;
use crate::store::{
    NewAccount, PeopleFilter, PersonRecord, PersonStanding, Reach, RoleWord, Roles, StoreError, person_search,
};
use crate::text::{Language, Line, Mail, Name, SignInName};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::{IntoParams, OpenApi, ToSchema};

/// The longest number of an institution's register, in Unicode scalar values.
const EXTERNAL_ID_CHARS_MAX: usize = 64;

const READ: Access = Access::Within(Duty::Oversight, Some(Scope::ReadPeople));
const WRITE: Access = Access::Within(Duty::Administrator, Some(Scope::WritePeople));
/// What gives somebody a way in, or takes it: not for other programs.
const OWN_HAND: Access = Access::Within(Duty::Administrator, None);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/people",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/people/{person}",
            methods: &[("GET", READ), ("PATCH", WRITE), ("DELETE", OWN_HAND)],
            handler: get(one).patch(change).delete(account::erase),
        },
        Route {
            path: "/api/institutions/{institution}/people/{person}/disable",
            methods: &[("POST", WRITE)],
            handler: post(account::disable),
        },
        Route {
            path: "/api/institutions/{institution}/people/{person}/enable",
            methods: &[("POST", WRITE)],
            handler: post(account::enable),
        },
        Route {
            path: "/api/institutions/{institution}/people/{person}/link",
            methods: &[("POST", OWN_HAND)],
            handler: post(account::link),
        },
        Route {
            path: "/api/institutions/{institution}/people/{person}/merge",
            methods: &[("POST", OWN_HAND)],
            handler: post(account::merge),
        },
        Route {
            path: "/api/institutions/{institution}/people/{person}/export",
            methods: &[("GET", OWN_HAND)],
            handler: get(export::of_person),
        },
        Route { path: "/api/me/export", methods: &[("GET", Access::SignedIn)], handler: get(export::of_oneself) },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(
    list,
    create,
    one,
    change,
    account::erase,
    account::disable,
    account::enable,
    account::link,
    account::merge,
    export::of_person,
    export::of_oneself,
))]
pub(super) struct Described;

/// Somebody with an account.
#[derive(Serialize, ToSchema)]
pub struct PersonCard {
    id: String,
    name: String,
    sign_in: Option<String>,
    mail: Option<String>,
    /// `ar`, `fr` or `en`.
    language: Option<String>,
    /// The institution's own number for them.
    external_id: Option<String>,
    roles: RoleSet,
    /// Whether they set a password; who did not needs a link.
    has_password: bool,
    created_at: i64,
    /// Since when they can't sign in.
    disabled_at: Option<i64>,
    /// Since when the name is a pseudonym.
    erased_at: Option<i64>,
    /// Whose account took this one in.
    merged_into: Option<String>,
    /// Whether they see who people are in the reports of institutions that theirs reaches; their own shows them anyway.
    sees_names: bool,
}

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// 1 to 80 characters.
    name: String,
    /// 3 to 64 of `a-z 0-9 . _ - @ +`; made from the mail address or the name where it is absent.
    sign_in: Option<String>,
    mail: Option<String>,
    /// `ar`, `fr` or `en`.
    language: Option<String>,
    /// At most 64 characters.
    external_id: Option<String>,
    roles: RoleSet,
}

/// What is to be changed of a person; what is absent stays, what is null goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    name: Option<String>,
    sign_in: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    mail: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    language: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    external_id: Option<Option<String>>,
    roles: Option<RoleSet>,
    /// Whether they see names in the reports and on the board of institutions that theirs reaches. For the ministry's
    /// administrators.
    sees_names: Option<bool>,
}

/// Which people are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PeopleQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Words of the name, the number, the sign-in name or the mail address, however they are written.
    search: Option<String>,
    /// `trainer`, `trainee`, `committee` or `administrator`.
    role: Option<String>,
    /// Only members of this group.
    group: Option<String>,
    /// `active`, `disabled` or `erased`; active and disabled ones unless said.
    standing: Option<String>,
}

impl From<PersonRecord> for Versioned<PersonCard> {
    fn from(person: PersonRecord) -> Self {
        Self { version: person.version, record: card(person) }
    }
}

fn card(person: PersonRecord) -> PersonCard {
    PersonCard {
        id: person.id.to_string(),
        name: person.name,
        sign_in: person.sign_in,
        mail: person.mail,
        language: person.language,
        external_id: person.external_id,
        roles: person.roles.into(),
        has_password: person.has_password,
        created_at: person.created_at.micros(),
        disabled_at: person.disabled_at.map(Timestamp::micros),
        erased_at: person.erased_at.map(Timestamp::micros),
        merged_into: person.merged_into.map(|into| into.to_string()),
        sees_names: person.sees_names,
    }
}

/// The institution's people.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/people", tag = "people",
    params(("institution" = String, Path), PeopleQuery),
    responses((status = 200, body = Page<PersonCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<PeopleQuery>) -> Result<Json<Page<PersonCard>>, Refused> {
    let mut fields = Fields::default();
    let role = query.role.and_then(|role| {
        fields.word("role", &role, RoleWord::ALL.into_iter().find(|known| known.word() == role), "unknown_role")
    });
    let standing = query.standing.and_then(|standing| {
        let known = PersonStanding::ALL.into_iter().find(|known| known.word() == standing);
        fields.word("standing", &standing, known, "unknown_standing")
    });
    let group = query.group.and_then(|group| fields.word("group", &group, group.parse().ok(), "unknown_group"));
    fields.done()?;
    let page = PageQuery { after: query.after, limit: query.limit, search: query.search };
    let limit = page.limit()?;
    let filter = PeopleFilter { role, group, standing, search: page.search.clone().unwrap_or_default() };
    let people = acting.store.people(&filter, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(people, limit, |person| (person.name.clone(), person.id.to_string()), card)))
}

/// Makes an account; a link (`…/link`) lets its owner set a password.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/people", tag = "people",
    params(("institution" = String, Path)), request_body = NewPerson,
    responses((status = 201, body = PersonCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(
    acting: Acting,
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<NewPerson>,
) -> Result<Created<PersonCard>, Refused> {
    let id = PersonId(new_id(acting.at)?);
    let mut person = blank(id, acting.at);
    let change = PersonChange {
        name: Some(asked.name),
        sign_in: asked.sign_in,
        mail: Some(asked.mail),
        language: Some(asked.language),
        external_id: Some(asked.external_id),
        roles: Some(asked.roles),
        sees_names: None,
    };
    apply(&mut person, change)?;
    acting.may_change([person.roles])?;
    if person.sign_in.is_none() {
        let store = &shared.app.store;
        let free = sign_in::free(store, id, &person.name, person.mail.as_deref(), &HashSet::new()).await?;
        person.sign_in = Some(free);
    }
    let by = acting.change("person.create", id, serde_json::json!({ "roles": role_words(person.roles) }));
    match acting.store.create_account(&account_of(&person), &by).await {
        Err(StoreError::Conflict) => return Err(sign_in::taken(&shared.app.store, &person).await),
        created => created?,
    }
    let location = format!("/api/institutions/{}/people/{id}", acting.institution);
    Ok(Created { location, version: person.version, record: card(person) })
}

/// One person.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/people/{person}", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = PersonCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(acting: Acting, Ids(_, person): Ids<InstitutionId, PersonId>) -> Result<Versioned<PersonCard>, Refused> {
    Ok(there(&acting, person).await?.into())
}

/// Changes a person; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/people/{person}", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path), ("If-Match" = String, Header)),
    request_body = PersonChange,
    responses((status = 200, body = PersonCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, person): Ids<InstitutionId, PersonId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<PersonChange>,
) -> Result<Versioned<PersonCard>, Refused> {
    let mut wanted = there(&acting, person).await?;
    if !wanted.is_there() {
        return Err(Refused::no_record());
    }
    let before = wanted.roles;
    if asked.sees_names.is_some_and(|sees| sees != wanted.sees_names) {
        may_show_names(&acting)?;
    }
    apply(&mut wanted, asked)?;
    acting.may_change([before, wanted.roles])?;
    wanted.version = version;
    let detail = serde_json::json!({ "roles": role_words(wanted.roles), "sees_names": wanted.sees_names });
    let by = acting.change("person.change", person, detail);
    match write(&acting, wanted.clone(), &by).await {
        Err(StoreError::Conflict) => Err(sign_in::taken(&shared.app.store, &wanted).await),
        Err(StoreError::Stale) => Err(Refused::stale(card(there(&acting, person).await?))),
        written => written.map(Into::into).map_err(Into::into),
    }
}

/// Who sees names from above is for the ministry's administrators to say.
fn may_show_names(acting: &Acting) -> Result<(), Refused> {
    match &acting.who {
        Who::Person(member) if member.reach == Reach::Ministry && member.roles.administrator => Ok(()),
        Who::Person(_) => Err(Refused::forbidden()),
        Who::Key(_) => Err(Refused::needs_person()),
    }
}

/// Writes a person; gives them as they are now.
async fn write(acting: &Acting, wanted: PersonRecord, by: &crate::store::Change) -> Result<PersonRecord, StoreError> {
    acting.store.change_person(&wanted, by).await?;
    Ok(PersonRecord { version: wanted.version.saturating_add(1), ..wanted })
}

async fn there(acting: &Acting, person: PersonId) -> Result<PersonRecord, Refused> {
    acting.store.person(person).await?.ok_or_else(Refused::no_record)
}

/// An account of which nothing is known yet.
pub(super) fn blank(id: PersonId, now: Timestamp) -> PersonRecord {
    PersonRecord {
        id,
        name: String::new(),
        sign_in: None,
        mail: None,
        language: None,
        external_id: None,
        roles: Roles::default(),
        has_password: false,
        created_at: now,
        disabled_at: None,
        erased_at: None,
        merged_into: None,
        sees_names: false,
        version: 1,
    }
}

pub(super) fn account_of(person: &PersonRecord) -> NewAccount {
    let (sign_in, mail) = (person.sign_in.as_deref(), person.mail.as_deref());
    NewAccount {
        id: person.id,
        name: person.name.clone(),
        sign_in: person.sign_in.clone(),
        mail: person.mail.clone(),
        language: person.language.clone(),
        external_id: person.external_id.clone(),
        roles: person.roles,
        search: person_search(&person.name, sign_in, mail, person.external_id.as_deref()),
    }
}

fn apply(person: &mut PersonRecord, asked: PersonChange) -> Result<(), Refused> {
    let mut fields = Fields::default();
    if let Some(name) = asked.name {
        person.name = fields.take("name", Name::parse(&name)).map(String::from).unwrap_or_default();
    }
    if let Some(sign_in) = asked.sign_in {
        person.sign_in = fields.take("sign_in", SignInName::parse(&sign_in)).map(String::from);
    }
    if let Some(mail) = asked.mail {
        person.mail = mail.and_then(|mail| fields.take("mail", Mail::parse(&mail))).map(String::from);
    }
    if let Some(language) = asked.language {
        person.language = language.and_then(|language| {
            let known = Language::parse(&language).ok().map(|language| language.tag().to_owned());
            fields.word("language", &language, known, "unknown_language")
        });
    }
    if let Some(number) = asked.external_id {
        let parsed =
            number.and_then(|number| fields.take("external_id", Line::<EXTERNAL_ID_CHARS_MAX>::parse(&number)));
        person.external_id = parsed.map(String::from);
    }
    if let Some(sees_names) = asked.sees_names {
        person.sees_names = sees_names;
    }
    if let Some(RoleSet { trainer, trainee, committee, administrator }) = asked.roles {
        person.roles = Roles { trainer, trainee, committee, administrator };
        if person.roles == Roles::default() {
            fields.fault("roles", "empty", "Give at least one role.");
        }
    }
    fields.done()
}

/// The roles for the audit log.
pub(super) fn role_words(roles: Roles) -> Vec<&'static str> {
    let all = [
        (roles.trainer, RoleWord::Trainer),
        (roles.trainee, RoleWord::Trainee),
        (roles.committee, RoleWord::Committee),
        (roles.administrator, RoleWord::Administrator),
    ];
    all.into_iter().filter(|(has, _)| *has).map(|(_, role)| role.word()).collect()
}
