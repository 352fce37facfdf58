//! The audit log, for those who answer for an institution.

use super::Shared;
use super::acting::{Acting, Duty};
use super::problem::Refused;
use super::record::{Asked, Page, PageQuery};
use super::routes::{Access, Route};
use crate::protocol::Problem;
use crate::store::{AuditEntry, ChangedBy};
use axum::Json;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use utoipa::{OpenApi, ToSchema};

pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        path: "/api/institutions/{institution}/audit",
        methods: &[("GET", Access::Within(Duty::Administrator, None))],
        handler: get(list),
    }]
}

#[derive(OpenApi)]
#[openapi(paths(list))]
pub(super) struct Described;

/// What somebody did.
#[derive(Serialize, ToSchema)]
pub struct AuditCard {
    /// From 1 up, without gaps.
    seq: i64,
    at: i64,
    /// `person`, `key` or `system`.
    #[schema(value_type = String)]
    actor_kind: &'static str,
    /// The person's or the key's id.
    actor: Option<String>,
    /// The person's name, as it is now.
    actor_name: Option<String>,
    /// The kind of record and what was done to it, as `course.create`.
    action: String,
    /// The record's id.
    subject: Option<String>,
    /// The name of the person that it was done to, as it is now.
    subject_name: Option<String>,
    detail: serde_json::Value,
    /// SHA-256 over the entry before and this one, in hexadecimal.
    hash: String,
}

/// What was done at the institution and by whom, the newest first.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/audit", tag = "institutions",
    params(("institution" = String, Path), PageQuery),
    responses((status = 200, body = Page<AuditCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(
    acting: Acting,
    State(shared): State<Shared>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<AuditCard>>, Refused> {
    let limit = query.limit()?;
    let entries = acting.store.audit_before(query.after()?, limit.saturating_add(1)).await?;
    let mut names: HashMap<String, Option<String>> = HashMap::new();
    for person in entries.iter().flat_map(people_of) {
        if let Entry::Vacant(unknown) = names.entry(person) {
            // Who changes something may be of a region or the ministry; who it is done to is of this institution.
            let name = match unknown.key().parse() {
                Ok(id) => shared.app.store.name_of(id).await?,
                Err(_) => None,
            };
            unknown.insert(name);
        }
    }
    Ok(Json(Page::of(entries, limit, |entry| entry.seq, |entry| card(entry, &names))))
}

fn people_of(entry: &AuditEntry) -> Vec<String> {
    let actor = match entry.actor {
        ChangedBy::Person(person) => Some(person.to_string()),
        ChangedBy::Key(_) | ChangedBy::System => None,
    };
    let subject = entry.subject.clone().filter(|_| entry.action.starts_with("person."));
    actor.into_iter().chain(subject).collect()
}

fn card(entry: AuditEntry, names: &HashMap<String, Option<String>>) -> AuditCard {
    let (actor_kind, actor) = match entry.actor {
        ChangedBy::Person(person) => ("person", Some(person.to_string())),
        ChangedBy::Key(key) => ("key", Some(key.to_string())),
        ChangedBy::System => ("system", None),
    };
    let name = |id: &Option<String>| id.as_ref().and_then(|id| names.get(id)).cloned().flatten();
    AuditCard {
        seq: entry.seq,
        at: entry.at.micros(),
        actor_kind,
        actor_name: name(&actor),
        subject_name: name(&entry.subject),
        actor,
        action: entry.action,
        subject: entry.subject,
        detail: entry.detail,
        hash: entry.hash,
    }
}
