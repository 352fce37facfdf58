//! Alarms about lessons: those of a branch of the country, who has taken charge of them, and what was said of them.

use super::Shared;
use super::acting::{Acting, Duty, Scope, SignedIn};
use super::extract::{Ids, JsonBody};
use super::problem::Refused;
use super::record::{Asked, Fields, Page, PageQuery};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::{AlarmId, InstitutionId, LessonId};
use crate::protocol::{AlarmRule, ErrorCode, Problem};
use crate::store::{Alarm, AlarmComment, AlarmFilter, Branch, Change, ChangedBy, Reach, StoreError};
use crate::text::Description;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

const READ: Access = Access::Within(Duty::Oversight, Some(Scope::ReadAlarms));
const WRITE: Access = Access::Within(Duty::Oversight, None);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/alarms", methods: &[("GET", Access::Overseer)], handler: get(of_branch) },
        Route { path: "/api/institutions/{institution}/alarms", methods: &[("GET", READ)], handler: get(list) },
        Route { path: "/api/institutions/{institution}/alarms/{alarm}", methods: &[("GET", READ)], handler: get(one) },
        Route {
            path: "/api/institutions/{institution}/alarms/{alarm}/take",
            methods: &[("POST", WRITE)],
            handler: post(take),
        },
        Route {
            path: "/api/institutions/{institution}/alarms/{alarm}/comments",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(comments).post(comment),
        },
        Route {
            path: "/api/me/alarm-mail",
            methods: &[("GET", Access::SignedIn), ("PUT", Access::SignedIn)],
            handler: get(mail).put(change_mail),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(of_branch, list, one, take, comments, comment, mail, change_mail))]
pub(super) struct Described;

/// An alarm.
#[derive(Serialize, ToSchema)]
pub struct AlarmCard {
    id: String,
    institution: String,
    institution_name: String,
    region: String,
    lesson: String,
    lesson_title: String,
    /// When the lesson was to start.
    #[schema(value_type = i64)]
    starts_at: Timestamp,
    /// `no_trainer`, `few_present` or `poor_speech`.
    #[schema(value_type = String)]
    rule: &'static str,
    #[schema(value_type = i64)]
    raised_at: Timestamp,
    /// Since when the rule no longer holds.
    #[schema(value_type = Option<i64>)]
    ended_at: Option<Timestamp>,
    /// The person who has taken charge of it.
    taken_by: Option<String>,
    taken_by_name: Option<String>,
    #[schema(value_type = Option<i64>)]
    taken_at: Option<Timestamp>,
    /// How many there are.
    comments: u32,
}

/// What somebody said of an alarm.
#[derive(Serialize, ToSchema)]
pub struct AlarmCommentCard {
    id: String,
    author: String,
    author_name: Option<String>,
    #[schema(value_type = i64)]
    at: Timestamp,
    body: String,
}

/// A comment to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlarmComment {
    /// 1 to 8 000 characters.
    body: String,
}

/// Whether somebody is told of alarms by mail.
#[derive(Serialize, ToSchema)]
pub struct AlarmMail {
    wanted: bool,
}

/// Says whether one wants to be told of alarms by mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlarmMailWish {
    wanted: bool,
}

/// Which alarms are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AlarmQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Those of one lesson.
    lesson: Option<String>,
    /// `no_trainer`, `few_present` or `poor_speech`.
    rule: Option<String>,
    /// Only those that have not ended, or only those that have.
    open: Option<bool>,
    /// Only those that somebody has taken charge of, or only those that nobody has.
    taken: Option<bool>,
}

/// Which alarms of a branch are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BranchQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Those of one region; for the ministry.
    region: Option<String>,
    /// `no_trainer`, `few_present` or `poor_speech`.
    rule: Option<String>,
    /// Only those that have not ended, or only those that have.
    open: Option<bool>,
    /// Only those that somebody has taken charge of, or only those that nobody has.
    taken: Option<bool>,
}

fn card(alarm: Alarm) -> AlarmCard {
    AlarmCard {
        id: alarm.id.to_string(),
        institution: alarm.institution.to_string(),
        institution_name: alarm.institution_name,
        region: alarm.region.to_string(),
        lesson: alarm.lesson.to_string(),
        lesson_title: alarm.lesson_title,
        starts_at: alarm.starts_at,
        rule: alarm.rule.word(),
        raised_at: alarm.raised_at,
        ended_at: alarm.ended_at,
        taken_by: alarm.taken_by.map(|person| person.to_string()),
        taken_by_name: alarm.taken_by_name,
        taken_at: alarm.taken_at,
        comments: alarm.comments,
    }
}

fn comment_card(comment: AlarmComment) -> AlarmCommentCard {
    AlarmCommentCard {
        id: comment.id.to_string(),
        author: comment.author.to_string(),
        author_name: comment.author_name,
        at: comment.at,
        body: comment.body,
    }
}

/// The alarms of the reader's branch of the country, the newest first: their institution's, their region's, or all.
#[utoipa::path(
    get, path = "/api/alarms", tag = "alarms", params(BranchQuery),
    responses((status = 200, body = Page<AlarmCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn of_branch(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Asked(query): Asked<BranchQuery>,
) -> Result<Json<Page<AlarmCard>>, Refused> {
    let mut fields = Fields::default();
    let region = query.region.and_then(|text| fields.word("region", &text, text.parse().ok(), "unknown_region"));
    let filter = AlarmFilter {
        lesson: None,
        rule: rule_of(&mut fields, query.rule.as_deref()),
        open: query.open,
        taken: query.taken,
    };
    fields.done()?;
    let branch = Branch::of(&member).narrowed(region).ok_or_else(Refused::no_record)?;
    let page = PageQuery { after: query.after, limit: query.limit, search: None };
    listed(&shared, branch, &filter, &page).await
}

/// An institution's alarms, the newest first.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/alarms", tag = "alarms",
    params(("institution" = String, Path), AlarmQuery),
    responses((status = 200, body = Page<AlarmCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(
    State(shared): State<Shared>,
    acting: Acting,
    Asked(query): Asked<AlarmQuery>,
) -> Result<Json<Page<AlarmCard>>, Refused> {
    let mut fields = Fields::default();
    let lesson: Option<LessonId> =
        query.lesson.and_then(|text| fields.word("lesson", &text, text.parse().ok(), "unknown"));
    let rule = rule_of(&mut fields, query.rule.as_deref());
    fields.done()?;
    let filter = AlarmFilter { lesson, rule, open: query.open, taken: query.taken };
    let page = PageQuery { after: query.after, limit: query.limit, search: None };
    listed(&shared, Branch::Institution(acting.institution), &filter, &page).await
}

/// One alarm.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/alarms/{alarm}", tag = "alarms",
    params(("institution" = String, Path), ("alarm" = String, Path)),
    responses((status = 200, body = AlarmCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(
    State(shared): State<Shared>,
    acting: Acting,
    Ids(_, alarm): Ids<InstitutionId, AlarmId>,
) -> Result<Json<AlarmCard>, Refused> {
    there(&shared, &acting, alarm).await.map(|alarm| Json(card(alarm)))
}

/// Takes charge of an alarm, which everybody who sees it is told with one's name.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/alarms/{alarm}/take", tag = "alarms",
    params(("institution" = String, Path), ("alarm" = String, Path)),
    responses((status = 200, body = AlarmCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn take(
    State(shared): State<Shared>,
    acting: Acting,
    Ids(_, alarm): Ids<InstitutionId, AlarmId>,
) -> Result<Json<AlarmCard>, Refused> {
    let person = acting.person().ok_or_else(Refused::needs_person)?;
    let by = acting.change("alarm.take", alarm, serde_json::json!({}));
    match acting.store.take_alarm(alarm, person, &by).await {
        Err(StoreError::Conflict) => {
            let detail = "Somebody else has taken charge of it; leave them a comment.";
            return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::InUse, detail));
        }
        taken => taken?,
    }
    told(&shared, &acting, alarm).await.map(|alarm| Json(card(alarm)))
}

/// What was said of an alarm, the oldest first.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/alarms/{alarm}/comments", tag = "alarms",
    params(("institution" = String, Path), ("alarm" = String, Path), PageQuery),
    responses((status = 200, body = Page<AlarmCommentCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn comments(
    State(shared): State<Shared>,
    acting: Acting,
    Ids(_, alarm): Ids<InstitutionId, AlarmId>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<AlarmCommentCard>>, Refused> {
    there(&shared, &acting, alarm).await?;
    let limit = page.limit()?;
    let store = &shared.app.store;
    let found = store.alarm_comments(acting.institution, alarm, page.after()?, limit.saturating_add(1)).await?;
    let keys = |comment: &AlarmComment| (comment.at.micros(), comment.id.to_string());
    Ok(Json(Page::of(found, limit, keys, comment_card)))
}

/// Comments on an alarm.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/alarms/{alarm}/comments", tag = "alarms",
    params(("institution" = String, Path), ("alarm" = String, Path)), request_body = NewAlarmComment,
    responses((status = 201, body = AlarmCommentCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn comment(
    State(shared): State<Shared>,
    acting: Acting,
    Ids(_, alarm): Ids<InstitutionId, AlarmId>,
    JsonBody(asked): JsonBody<NewAlarmComment>,
) -> Result<(StatusCode, Json<AlarmCommentCard>), Refused> {
    let author = acting.person().ok_or_else(Refused::needs_person)?;
    let mut fields = Fields::default();
    let body = fields.take("body", Description::parse(&asked.body)).map(String::from);
    fields.done()?;
    let id = new_id(acting.at)?;
    let comment = AlarmComment { id, author, author_name: None, at: acting.at, body: body.unwrap_or_default() };
    let by = acting.change("alarm.comment", alarm, serde_json::json!({ "comment": id }));
    match acting.store.comment_alarm(alarm, &comment, &by).await {
        Err(StoreError::Full) => {
            let detail = "This alarm has as many comments as an alarm can have.";
            return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::InUse, detail));
        }
        added => added?,
    }
    told(&shared, &acting, alarm).await?;
    let name = match &acting.who {
        super::acting::Who::Person(member) => Some(member.name.clone()),
        super::acting::Who::Key(_) => None,
    };
    Ok((StatusCode::CREATED, Json(comment_card(AlarmComment { author_name: name, ..comment }))))
}

/// Whether one is told of alarms by mail: committees of an institution are unless they said otherwise, those of a region
/// or the ministry once they did.
#[utoipa::path(
    get, path = "/api/me/alarm-mail", tag = "alarms",
    responses((status = 200, body = AlarmMail), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn mail(State(shared): State<Shared>, SignedIn(member): SignedIn) -> Result<Json<AlarmMail>, Refused> {
    let said = shared.app.store.of(member.institution).alarm_mail_of(member.person).await?;
    let wanted = said.unwrap_or(member.reach == Reach::Institution) && member.roles.committee;
    Ok(Json(AlarmMail { wanted }))
}

/// Says whether one wants to be told of alarms by mail; for committees.
#[utoipa::path(
    put, path = "/api/me/alarm-mail", tag = "alarms", request_body = AlarmMailWish,
    responses((status = 200, body = AlarmMail), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change_mail(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<AlarmMailWish>,
) -> Result<Json<AlarmMail>, Refused> {
    if !member.roles.committee {
        return Err(Refused::forbidden());
    }
    let by = Change {
        at: shared.app.clock.now(),
        actor: ChangedBy::Person(member.person),
        action: "person.alarm_mail",
        subject: Some(member.person.to_string()),
        detail: serde_json::json!({ "wanted": asked.wanted }),
    };
    shared.app.store.of(member.institution).want_alarm_mail(member.person, asked.wanted, &by).await?;
    Ok(Json(AlarmMail { wanted: asked.wanted }))
}

async fn there(shared: &Shared, acting: &Acting, alarm: AlarmId) -> Result<Alarm, Refused> {
    shared.app.store.alarm(acting.institution, alarm).await?.ok_or_else(Refused::no_record)
}

/// The alarm as it is now, which the boards are told.
async fn told(shared: &Shared, acting: &Acting, alarm: AlarmId) -> Result<Alarm, Refused> {
    let alarm = there(shared, acting, alarm).await?;
    shared.app.board.alarm_changed(alarm.clone());
    Ok(alarm)
}

async fn listed(
    shared: &Shared,
    branch: Branch,
    filter: &AlarmFilter,
    page: &PageQuery,
) -> Result<Json<Page<AlarmCard>>, Refused> {
    let limit = page.limit()?;
    let found = shared.app.store.alarms(branch, filter, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(found, limit, |alarm| (alarm.raised_at.micros(), alarm.id.to_string()), card)))
}

fn rule_of(fields: &mut Fields, word: Option<&str>) -> Option<AlarmRule> {
    word.and_then(|word| fields.word("rule", word, AlarmRule::parse(word), "unknown"))
}
