use super::error::ErrorCode;
use super::room::{Phase, Role};
use crate::ids::{LessonId, ParticipantId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A lesson as everybody invited to it may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LessonCard {
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub id: LessonId,
    pub title: String,
    pub course: String,
    pub group: String,
    pub trainer: String,
    pub institution: String,
    /// BCP 47 tag of the language the lesson is given in: `ar`, `fr` or `en`.
    pub language: String,
    #[cfg_attr(feature = "server", schema(value_type = i64))]
    pub starts_at: Timestamp,
    #[cfg_attr(feature = "server", schema(value_type = i64))]
    pub ends_at: Timestamp,
    /// IANA name of the institution's time zone, in which times are shown.
    pub time_zone: String,
}

/// `POST /api/invitations/open`: what an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenInvitation {
    /// The secret from the link's fragment.
    pub invitation: String,
}

/// The answer to [`OpenInvitation`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationCard {
    pub lesson: LessonCard,
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub role: Role,
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub phase: Phase,
    /// The name the class will see, where the invitation or an earlier visit fixes it; else the guest gives one.
    pub name: Option<String>,
    /// Whether the guest may (and, without `name`, must) give a name.
    pub asks_name: bool,
}

/// `POST /api/sessions`: accepts an invitation in this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartSession {
    pub invitation: String,
    /// 1 to 80 characters after trimming; needed where the invitation asks for it.
    pub name: Option<String>,
}

/// A place in a lesson, held by this browser's session: the answer to [`StartSession`] and to
/// `GET /api/lessons/{lesson}/participants/{participant}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionCard {
    pub lesson: LessonCard,
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub participant: ParticipantId,
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub role: Role,
    pub name: String,
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub phase: Phase,
}

/// The answer to `POST /api/lessons/{lesson}/participants/{participant}/tickets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// For `hello`: single use.
    pub ticket: String,
    pub expires_in_s: u32,
}

/// An error of the REST calls, WHIP and WHEP included: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// `about:blank`: the code says it all.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status's own words.
    pub title: String,
    pub status: u16,
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub code: ErrorCode,
    /// What happened and what to do, in English.
    pub detail: String,
    /// With the code `fields_invalid`: every field that can't be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldFault>,
    /// What belongs to the code: with `stale` the record as it is now, with `timetable_conflict`
    /// what is in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "unknown"))]
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub current: Option<serde_json::Value>,
}

/// A field of a request that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldFault {
    /// Its name; of a field in a list, as `units.2.title`.
    pub field: String,
    /// A stable word, such as `empty`, `too_long` or `unknown_zone`.
    pub code: String,
    /// What to do, in English.
    pub detail: String,
}
