//! How much data somebody wants to spend.

use crate::http::acting::{Acting, SignedIn};
use crate::http::extract::JsonBody;
use crate::http::problem::Refused;
use crate::http::record::Fields;
use crate::protocol::Problem;
use axum::http::StatusCode;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// The least limit, in bytes: 1 MB. Less is no lesson.
const LIMIT_MIN: u64 = 1_000_000;

/// The greatest limit, in bytes: 1 TB.
const LIMIT_MAX: u64 = 1_000_000_000_000;

/// What somebody changes of their own account; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnChange {
    /// How much data they want to spend in a week, in bytes: 1 MB to 1 TB, or null for no limit.
    #[serde(default, deserialize_with = "there")]
    #[schema(value_type = Option<u64>, minimum = 1_000_000)]
    data_limit: Option<Option<u64>>,
}

/// Changes one's own account.
#[utoipa::path(
    patch, path = "/api/me", tag = "account", request_body = OwnChange,
    responses((status = 204, description = "It is as asked"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn change_own(
    acting: Acting,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<OwnChange>,
) -> Result<StatusCode, Refused> {
    let Some(limit) = asked.data_limit else { return Ok(StatusCode::NO_CONTENT) };
    if limit.is_some_and(|limit| !(LIMIT_MIN..=LIMIT_MAX).contains(&limit)) {
        let mut fields = Fields::default();
        fields.fault("data_limit", "out_of_range", "A limit is from 1 MB to 1 TB, in bytes; null for none.");
        fields.done()?;
    }
    let by = acting.change("person.data_limit", member.person, serde_json::json!({}));
    acting.store.set_data_limit(member.person, limit, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells a field that is null from one that is not there.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::<u64>::deserialize(deserializer).map(Some)
}
