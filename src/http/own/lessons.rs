//! The way into a lesson from one's account, and lessons that are given at once.

use crate::auth::new_id;
use crate::http::Shared;
use crate::http::acting::{Acting, SignedIn};
use crate::http::extract::{Id, JsonBody};
use crate::http::problem::Refused;
use crate::http::record::{Created, Fields};
use crate::ids::{GroupId, LessonId};
use crate::protocol::{Problem, SessionCard};
use crate::store::{Improvised, OwnGroup};
use crate::text::Title;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// How long an improvised lesson is planned for.
const IMPROVISED: Duration = Duration::from_secs(90 * 60);

/// The groups that somebody trains.
#[derive(Serialize, ToSchema)]
pub struct OwnGroups {
    items: Vec<OwnGroupCard>,
}

/// A group that somebody trains.
#[derive(Serialize, ToSchema)]
pub struct OwnGroupCard {
    id: String,
    name: String,
    course: String,
    course_title: String,
}

/// A lesson to be given at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImprovised {
    /// One of the trainer's own.
    group: String,
    /// 1 to 160 characters.
    title: String,
}

/// A lesson that can be entered now.
#[derive(Serialize, ToSchema)]
pub struct ImprovisedCard {
    id: String,
    group: String,
    title: String,
    starts_at: i64,
    ends_at: i64,
    /// Other lessons of the trainer or the group at the same time; they stay as they are.
    conflicts: Vec<InTheWay>,
}

/// A lesson at the same time.
#[derive(Serialize, ToSchema)]
pub struct InTheWay {
    lesson: String,
    title: String,
    starts_at: i64,
    ends_at: i64,
}

/// The groups that somebody trains: those for which they may give a lesson at once.
#[utoipa::path(
    get, path = "/api/me/groups", tag = "own",
    responses((status = 200, body = OwnGroups), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn groups(acting: Acting, SignedIn(member): SignedIn) -> Result<Json<OwnGroups>, Refused> {
    let groups = acting.store.trained_groups(member.person).await?;
    let items = groups.into_iter().map(|OwnGroup { id, name, course, course_title }| OwnGroupCard {
        id: id.to_string(),
        name,
        course: course.to_string(),
        course_title,
    });
    Ok(Json(OwnGroups { items: items.collect() }))
}

/// Makes a lesson that starts now; its trainer then enters it as any other.
#[utoipa::path(
    post, path = "/api/me/lessons", tag = "own", request_body = NewImprovised,
    responses((status = 201, body = ImprovisedCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn improvise(
    acting: Acting,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<NewImprovised>,
) -> Result<Created<ImprovisedCard>, Refused> {
    let mut fields = Fields::default();
    let title = fields.take("title", Title::parse(&asked.title)).map(String::from);
    let group: Option<GroupId> = asked.group.parse().ok();
    let groups = acting.store.trained_groups(member.person).await?;
    let group = group.filter(|group| groups.iter().any(|own| own.id == *group));
    if group.is_none() {
        fields.fault("group", "not_yours", "Choose a group whose course you train.");
    }
    fields.done()?;
    let (Some(group), Some(title)) = (group, title) else { return Err(Refused::no_record()) };
    let id = LessonId(new_id(acting.at)?);
    let (starts_at, ends_at) = (acting.at, acting.at.plus(IMPROVISED));
    let lesson = Improvised { id, group, trainer: member.person, title, starts_at, ends_at };
    let conflicts = acting.store.in_the_way_of(&lesson).await?;
    let by = acting.change("lesson.improvise", id, serde_json::json!({ "group": group }));
    acting.store.create_improvised(&lesson, &by).await?;
    let record = ImprovisedCard {
        id: id.to_string(),
        group: group.to_string(),
        title: lesson.title,
        starts_at: starts_at.micros(),
        ends_at: ends_at.micros(),
        conflicts: conflicts
            .into_iter()
            .map(|(lesson, title, starts_at, ends_at)| InTheWay {
                lesson: lesson.to_string(),
                title,
                starts_at: starts_at.micros(),
                ends_at: ends_at.micros(),
            })
            .collect(),
    };
    Ok(Created { location: format!("/api/institutions/{}/lessons/{id}", acting.institution), version: 1, record })
}

/// Gives somebody who signed in their place in a lesson: as its trainer, as one of its group, or as an observer of its
/// institution. The same place each time in this browser.
#[utoipa::path(
    post, path = "/api/lessons/{lesson}/join", tag = "own", params(("lesson" = String, Path)),
    responses((status = 200, body = SessionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn join(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Id(lesson): Id<LessonId>,
) -> Result<Json<SessionCard>, Refused> {
    Ok(Json(shared.app.auth.join_lesson(&member, lesson).await?))
}
