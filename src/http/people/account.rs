//! What is done to an account as a whole: it is disabled, given a link, merged into another, erased.

use super::{PersonCard, card, there, write};
use crate::auth::{Secret, new_id};
use crate::http::Shared;
use crate::http::acting::Acting;
use crate::http::applications;
use crate::http::extract::{Ids, JsonBody};
use crate::http::idempotency::shown_once;
use crate::http::problem::Refused;
use crate::http::record::{Fields, Versioned};
use crate::ids::{AccountLinkId, InstitutionId, MailId, PersonId};
use crate::protocol::{ErrorCode, Problem};
use crate::store::{NewAccountLink, NewMail, PersonRecord, StoreError};
use crate::text::Language;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// How long a link is good: somebody on leave finds it still works.
const LINK_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3_600);

/// A link by which somebody sets their password, once.
#[derive(Serialize, ToSchema)]
pub struct LinkCard {
    /// To be given to its owner; it is not told again.
    url: String,
    expires_at: i64,
    /// Whether it was sent to their mail address too.
    mailed: bool,
}

/// The account that is to take the other in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInto {
    /// A person of the same institution.
    into: String,
}

/// Keeps somebody from signing in, at once: their sessions end.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/people/{person}/disable", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = PersonCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn disable(
    acting: Acting,
    Ids(_, person): Ids<InstitutionId, PersonId>,
) -> Result<Versioned<PersonCard>, Refused> {
    not_oneself(&acting, person)?;
    set_disabled(&acting, person, "person.disable", Some(acting.at)).await
}

/// Lets somebody sign in again.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/people/{person}/enable", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = PersonCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn enable(
    acting: Acting,
    Ids(_, person): Ids<InstitutionId, PersonId>,
) -> Result<Versioned<PersonCard>, Refused> {
    set_disabled(&acting, person, "person.enable", None).await
}

async fn set_disabled(
    acting: &Acting,
    person: PersonId,
    action: &'static str,
    disabled_at: Option<Timestamp>,
) -> Result<Versioned<PersonCard>, Refused> {
    let before = there(acting, person).await?;
    if !before.is_there() {
        return Err(Refused::no_record());
    }
    acting.may_change([before.roles])?;
    if before.disabled_at.is_some() == disabled_at.is_some() {
        return Ok(before.into());
    }
    let by = acting.change(action, person, serde_json::json!({}));
    match write(acting, PersonRecord { disabled_at, ..before }, &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(there(acting, person).await?))),
        written => written.map(Into::into).map_err(Into::into),
    }
}

/// Makes a link by which somebody sets their password: their first one, or another for one they forgot. Earlier links
/// of theirs are no longer good.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/people/{person}/link", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = LinkCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn link(
    acting: Acting,
    State(shared): State<Shared>,
    headers: HeaderMap,
    Ids(_, person): Ids<InstitutionId, PersonId>,
) -> Result<Response, Refused> {
    let owner = there(&acting, person).await?;
    let secret = Secret::random()?;
    let id = AccountLinkId(new_id(acting.at)?);
    let expires_at = acting.at.plus(LINK_LIFETIME);
    let url = format!("{}/account-link#{}", base_url(&shared, &headers), secret.text());
    let mail = match &owner.mail {
        Some(address) if shared.app.options.mail => Some(link_mail(&acting, &owner, address, &url).await?),
        _ => None,
    };
    let by = acting.change("person.link", person, serde_json::json!({ "mailed": mail.is_some() }));
    let link = NewAccountLink { id, person, expires_at };
    match acting.store.create_account_link(&link, &secret.hash(), mail.as_ref(), &by).await {
        Err(StoreError::Missing) => {
            let detail = "Enable the account first: nobody signs in to it now.";
            return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::InUse, detail));
        }
        created => created?,
    }
    Ok(shown_once(Json(LinkCard { url, expires_at: expires_at.micros(), mailed: mail.is_some() })))
}

/// Where people reach the server: as it was told, or as this request did.
fn base_url(shared: &Shared, headers: &HeaderMap) -> String {
    let options = &shared.app.options;
    options.base_url.clone().unwrap_or_else(|| {
        let host = crate::http::extract::header(headers, &header::HOST).unwrap_or_default();
        format!("{}://{host}", if options.secure { "https" } else { "http" })
    })
}

/// The mail that brings a link, in its owner's language or else the institution's.
async fn link_mail(acting: &Acting, owner: &PersonRecord, address: &str, url: &str) -> Result<NewMail, Refused> {
    let institution = acting.store.itself().await?.ok_or_else(Refused::no_record)?;
    let language = owner.language.as_deref().unwrap_or(&institution.language);
    let (name, at, days) = (&owner.name, &institution.name, LINK_LIFETIME.as_secs() / 86_400);
    let sign_in = owner.sign_in.as_deref().unwrap_or(address);
    let (subject, body) = match Language::parse(language).unwrap_or(Language::Arabic) {
        Language::Arabic => (
            format!("حسابك لدى {at}"),
            format!(
                "مرحبا {name}،\n\nاختر كلمة السر لحسابك لدى {at} من خلال هذا الرابط:\n\n{url}\n\nاسم الدخول: {sign_in}\n\n\
                 يصلح الرابط مرة واحدة، خلال {days} أيام. إن لم تكن تنتظر هذه الرسالة فتجاهلها."
            ),
        ),
        Language::French => (
            format!("Votre compte à {at}"),
            format!(
                "Bonjour {name},\n\nChoisissez le mot de passe de votre compte à {at} par ce lien :\n\n{url}\n\n\
                 Votre identifiant : {sign_in}\n\nLe lien sert une seule fois, pendant {days} jours. Si vous \
                 n’attendiez pas ce message, ignorez-le."
            ),
        ),
        Language::English => (
            format!("Your account at {at}"),
            format!(
                "Hello {name},\n\nChoose the password of your account at {at} by this link:\n\n{url}\n\n\
                 Your sign-in name: {sign_in}\n\nThe link works once, within {days} days. If you did not expect this \
                 message, ignore it."
            ),
        ),
    };
    let (id, recipient) = (MailId(new_id(acting.at)?), address.to_owned());
    Ok(NewMail { id, person: Some(owner.id), recipient, subject, body, created_at: acting.at })
}

/// Merges an account into another of the same person: groups, places, attendance, applications and sign-ins at other
/// providers are the other's then, and nobody signs in to this one any more.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/people/{person}/merge", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path)), request_body = MergeInto,
    responses((status = 200, body = PersonCard, description = "The account that took the other in"),
              (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn merge(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, person): Ids<InstitutionId, PersonId>,
    JsonBody(asked): JsonBody<MergeInto>,
) -> Result<Versioned<PersonCard>, Refused> {
    not_oneself(&acting, person)?;
    there(&acting, person).await?;
    let mut fields = Fields::default();
    let into = asked.into.parse::<PersonId>().ok().filter(|into| *into != person);
    let Some(into) = fields.word("into", &asked.into, into, "unknown_person") else {
        return Err(fields.done().err().unwrap_or_else(Refused::no_record));
    };
    let by = acting.change("person.merge", person, serde_json::json!({ "into": into.to_string() }));
    let courses = acting.store.courses_followed(person).await?;
    acting.store.merge_person(person, into, &by).await?;
    // Who had two places in a course has one.
    for course in courses {
        applications::move_up(&shared, &acting.store, course).await?;
    }
    Ok(there(&acting, into).await?.into())
}

/// Erases a person: a pseudonym stands where their name stood, and nobody signs in to the account again. Attendance and
/// what happened in lessons stays, under the pseudonym.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/people/{person}", tag = "people",
    params(("institution" = String, Path), ("person" = String, Path)),
    responses((status = 204, description = "Only a pseudonym is left"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn erase(acting: Acting, Ids(_, person): Ids<InstitutionId, PersonId>) -> Result<StatusCode, Refused> {
    not_oneself(&acting, person)?;
    let known = there(&acting, person).await?;
    let by = acting.change("person.erase", person, serde_json::json!({}));
    acting.store.erase_person(person, &pseudonym(&known)?, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A word for what they were, and a number that says nothing else.
fn pseudonym(person: &PersonRecord) -> Result<String, Refused> {
    let word = match person.roles {
        roles if roles.trainee => "stagiaire",
        roles if roles.trainer => "formateur",
        _ => "personne",
    };
    let number = Secret::random()?.hash().0;
    let [first, second, third, ..] = number;
    Ok(format!("{word}-{first:02x}{second:02x}{third:02x}"))
}

/// Nobody takes their own way in from themselves.
fn not_oneself(acting: &Acting, person: PersonId) -> Result<(), Refused> {
    if acting.person() == Some(person) {
        let detail = "Nobody does that to their own account; ask another administrator.";
        return Err(Refused::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, detail));
    }
    Ok(())
}
