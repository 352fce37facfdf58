//! How much data somebody wants to spend.

use crate::http::acting::{Acting, SignedIn};
use crate::http::extract::JsonBody;
use crate::http::problem::Refused;
use crate::http::record::Fields;
use crate::protocol::Problem;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// The least limit, in bytes: 1 MB. Less is no lesson.
const LIMIT_MIN: u64 = 1_000_000;

/// The greatest limit, in bytes: 1 TB.
const LIMIT_MAX: u64 = 1_000_000_000_000;

/// How much data somebody wants to spend.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DataLimit {
    /// In a week, in bytes: 1 MB to 1 TB, or null for no limit.
    // What is left out by mistake must not take a limit away.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(minimum = 1_000_000, required = true)]
    data_limit: Option<u64>,
}

/// Says how much data one wants to spend in a week.
#[utoipa::path(
    put, path = "/api/me/data-limit", tag = "own", request_body = DataLimit,
    responses((status = 204, description = "It is as asked"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn limit_data(
    acting: Acting,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<DataLimit>,
) -> Result<StatusCode, Refused> {
    let limit = asked.data_limit;
    if limit.is_some_and(|limit| !(LIMIT_MIN..=LIMIT_MAX).contains(&limit)) {
        let mut fields = Fields::default();
        fields.fault("data_limit", "out_of_range", "A limit is from 1 MB to 1 TB, in bytes; null for none.");
        fields.done()?;
    }
    let by = acting.change("person.data_limit", member.person, serde_json::json!({}));
    acting.store.set_data_limit(member.person, limit, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}
