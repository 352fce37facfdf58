//! What applicants do: apply, look how it stands, withdraw. A secret that they got once is all that they need.

use super::super::browser::OwnBrowser;
use super::super::extract::{Id, JsonBody};
use super::super::places::own_page;
use super::super::problem::Refused;
use super::super::record::Fields;
use super::super::routes::{Access, Route};
use super::super::{Shared, catalogue};
use super::{move_up, telling};
use crate::auth::{Secret, new_id};
use crate::ids::{ApplicationId, CourseId};
use crate::protocol::{ErrorCode, Problem};
use crate::store::{
    Application, ApplicationStatus, Change, ChangedBy, Member, NewApplication, OfferedCourse, StoreError,
};
use crate::text::{Line, Mail, Name, Paragraph};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest message, in Unicode scalar values.
const MESSAGE_CHARS_MAX: usize = 2_000;

/// The longest telephone number, with its spaces.
const PHONE_CHARS_MAX: usize = 40;

/// The fewest digits of a telephone number.
const PHONE_DIGITS_MIN: usize = 6;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/catalogue/{course}/applications",
            methods: &[("POST", Access::Anybody)],
            handler: post(apply),
        },
        Route { path: "/api/applications/open", methods: &[("POST", Access::Anybody)], handler: post(open) },
        Route { path: "/api/applications/withdraw", methods: &[("POST", Access::Anybody)], handler: post(withdraw) },
        Route { path: "/api/applications/account", methods: &[("POST", Access::Anybody)], handler: post(account) },
    ]
}

/// An application to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Applying {
    /// 1 to 80 characters.
    name: String,
    /// A mail address or a telephone number is needed.
    mail: Option<String>,
    phone: Option<String>,
    /// At most 2 000 characters.
    message: Option<String>,
    /// In which they want to hear: `ar`, `fr` or `en`; the course's unless said.
    language: Option<String>,
    /// Whether it is for the account that signed in in this browser, whose name counts then.
    as_myself: Option<bool>,
}

/// An application that was made.
#[derive(Serialize, ToSchema)]
pub struct Applied {
    /// What its applicant looks after it with: given once. It goes into the fragment of a link.
    secret: String,
    application: FollowedApplication,
}

/// The secret of an application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Following {
    secret: String,
}

/// An application as its applicant sees it.
#[derive(Serialize, ToSchema)]
pub struct FollowedApplication {
    course_title: String,
    institution_name: String,
    name: String,
    /// `new`, `waiting`, `accepted`, `refused` or `withdrawn`.
    #[schema(value_type = String)]
    status: &'static str,
    /// Why it was refused.
    reason: Option<String>,
    created_at: i64,
    decided_at: Option<i64>,
    /// Whether a link can be had by which they set the password of their new account.
    offers_account: bool,
}

/// A link to a new account.
#[derive(Serialize, ToSchema)]
pub struct AccountOffer {
    /// Good once, and for a few days.
    url: String,
}

/// Applies for a course that is offered.
#[utoipa::path(
    post, path = "/api/catalogue/{course}/applications", tag = "applications",
    params(("course" = String, Path)), request_body = Applying,
    responses((status = 201, body = Applied), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn apply(
    State(shared): State<Shared>,
    Id(course): Id<CourseId>,
    browser: OwnBrowser,
    JsonBody(asked): JsonBody<Applying>,
) -> Result<(StatusCode, Json<Applied>), Refused> {
    let browser = browser.browser();
    let now = shared.app.clock.now();
    let course = catalogue::offered(&shared, course).await?;
    let member = match browser.session {
        Some(session) if asked.as_myself == Some(true) => {
            Some(shared.app.auth.member(session).await?.ok_or_else(Refused::not_signed_in)?)
        }
        None if asked.as_myself == Some(true) => return Err(Refused::not_signed_in()),
        _ => None,
    };
    let application = application_of(&course, asked, member.as_ref(), now)?;
    if browser.address.is_some_and(|address| !shared.applying.allow(address, now)) {
        let detail = "Many applications came from your address; try again in an hour.";
        return Err(Refused::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, detail));
    }
    let secret = Secret::random()?;
    let by = Change {
        at: now,
        actor: application.person.map_or(ChangedBy::System, ChangedBy::Person),
        action: "application.create",
        subject: Some(application.id.to_string()),
        detail: serde_json::json!({ "course": course.id.to_string() }),
    };
    let store = shared.app.store.of(course.institution);
    match store.apply(&application, &secret.hash(), &by).await {
        Err(StoreError::Conflict) => {
            let detail = "You applied for this course already.";
            return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::Taken, detail));
        }
        Err(StoreError::Full) => {
            let detail = "Too many applications wait for this course; try again in some days.";
            return Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::TooMany, detail));
        }
        applied => applied?,
    }
    let there = super::there(&store, application.id).await?;
    let application = followed(&there, course.institution_name, false);
    Ok((StatusCode::CREATED, Json(Applied { secret: secret.text(), application })))
}

fn application_of(
    course: &OfferedCourse,
    asked: Applying,
    member: Option<&Member>,
    now: Timestamp,
) -> Result<NewApplication, Refused> {
    let mut fields = Fields::default();
    let given = member.map_or(asked.name, |member| member.name.clone());
    let name = fields.take("name", Name::parse(&given)).map(String::from);
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let mail = filled(asked.mail).and_then(|mail| fields.take("mail", Mail::parse(&mail)).map(String::from));
    let phone = filled(asked.phone).and_then(|phone| phone_of(&mut fields, &phone));
    let message = filled(asked.message)
        .and_then(|message| fields.take("message", Paragraph::<MESSAGE_CHARS_MAX>::parse(&message)).map(String::from));
    let language = asked.language.and_then(|tag| super::super::courses::language_of(&mut fields, &tag));
    // Who has an account there can be told by it.
    let own = member.filter(|member| member.institution == course.institution);
    if fields.are_good() && mail.is_none() && phone.is_none() && own.is_none() {
        fields.fault("mail", "empty", "Give a mail address or a telephone number, so that you can be told.");
    }
    fields.done()?;
    Ok(NewApplication {
        id: ApplicationId(new_id(now)?),
        course: course.id,
        person: own.map(|member| member.person),
        name: name.unwrap_or_default(),
        mail,
        phone,
        message: message.unwrap_or_default(),
        language: language.unwrap_or(course.language),
    })
}

/// Digits with what people write between them.
fn phone_of(fields: &mut Fields, phone: &str) -> Option<String> {
    let line = fields.take("phone", Line::<PHONE_CHARS_MAX>::parse(phone)).map(String::from)?;
    let digits = line.chars().filter(|character| character.is_numeric()).count();
    let plain = line.chars().all(|character| character.is_numeric() || " +-./()".contains(character));
    if digits < PHONE_DIGITS_MIN || !plain {
        fields.fault("phone", "not_a_phone", "Write the telephone number with digits, such as +212 6 12 34 56 78.");
        return None;
    }
    Some(line)
}

fn followed(application: &Application, institution_name: String, offers_account: bool) -> FollowedApplication {
    FollowedApplication {
        course_title: application.course_title.clone(),
        institution_name,
        name: application.name.clone(),
        status: application.status.word(),
        reason: application.reason.clone(),
        created_at: application.created_at.micros(),
        decided_at: application.decided_at.map(Timestamp::micros),
        offers_account,
    }
}

/// How an application stands.
#[utoipa::path(
    post, path = "/api/applications/open", tag = "applications", request_body = Following,
    responses((status = 200, body = FollowedApplication), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn open(
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<Following>,
) -> Result<Json<FollowedApplication>, Refused> {
    let application = by_secret(&shared, &asked.secret).await?;
    Ok(Json(shown(&shared, &application).await?))
}

/// Withdraws an application; who was accepted gives up their place.
#[utoipa::path(
    post, path = "/api/applications/withdraw", tag = "applications", request_body = Following,
    responses((status = 200, body = FollowedApplication), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn withdraw(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Following>,
) -> Result<Json<FollowedApplication>, Refused> {
    own_page(&headers, &shared)?;
    let application = by_secret(&shared, &asked.secret).await?;
    let store = shared.app.store.of(application.institution);
    let by = Change {
        at: shared.app.clock.now(),
        actor: application.person.map_or(ChangedBy::System, ChangedBy::Person),
        action: "application.withdraw",
        subject: Some(application.id.to_string()),
        detail: serde_json::json!({ "course": application.course.to_string() }),
    };
    match store.withdraw_application(application.id, &by).await {
        // It is over: withdrawn twice is withdrawn, and what was refused stays refused.
        Err(StoreError::Missing) => {}
        withdrawn => withdrawn?,
    }
    move_up(&shared, &store, application.course).await?;
    let after = super::there(&store, application.id).await?;
    Ok(Json(shown(&shared, &after).await?))
}

/// A link by which somebody who was accepted sets the password of the account that was made for them. Earlier ones are
/// no longer good.
#[utoipa::path(
    post, path = "/api/applications/account", tag = "applications", request_body = Following,
    responses((status = 200, body = AccountOffer), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn account(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Following>,
) -> Result<Json<AccountOffer>, Refused> {
    own_page(&headers, &shared)?;
    let application = by_secret(&shared, &asked.secret).await?;
    let store = shared.app.store.of(application.institution);
    if !telling::offers_account(&store, &application).await? {
        return Err(Refused::no_record());
    }
    let url = telling::account_link(&shared, &store, &application, None, shared.app.clock.now()).await?;
    Ok(Json(AccountOffer { url }))
}

async fn shown(shared: &Shared, application: &Application) -> Result<FollowedApplication, Refused> {
    let store = shared.app.store.of(application.institution);
    let institution = store.itself().await?.ok_or_else(Refused::no_record)?;
    let offers_account = telling::offers_account(&store, application).await?;
    Ok(followed(application, institution.name, offers_account))
}

async fn by_secret(shared: &Shared, secret: &str) -> Result<Application, Refused> {
    let Some(secret) = Secret::parse(secret) else { return Err(Refused::no_record()) };
    let found = shared.app.store.application_by_secret(&secret.hash()).await?;
    found.ok_or_else(Refused::no_record)
}

/// Whether it stands so that a place is theirs.
pub(super) fn is_accepted(application: &Application) -> bool {
    application.status == ApplicationStatus::Accepted
}
