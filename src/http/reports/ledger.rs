//! The ledger itself: given out, checked again, and known by its seal.

use super::facts::Facts;
use super::looked;
use crate::attendance::ledger::verify;
use crate::http::Shared;
use crate::http::acting::Acting;
use crate::http::attachment::{attachment, broke_off};
use crate::http::extract::{Id, Ids};
use crate::http::problem::Refused;
use crate::ids::{InstitutionId, LessonId};
use crate::protocol::{ErrorCode, Problem};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether a ledger is as it was sealed.
#[derive(Serialize, ToSchema)]
pub struct LedgerCheck {
    /// Everything in it matches.
    intact: bool,
    /// What does not, in English, where something does not.
    fault: Option<String>,
    /// When it was checked: now.
    checked_at: i64,
    /// SHA-256 of all before the last seal, where it is intact.
    hash: Option<String>,
    events: Option<usize>,
    seals: Option<usize>,
}

/// A seal that this server knows.
#[derive(Serialize, ToSchema)]
pub struct KnownSeal {
    institution: KnownInstitution,
    sealed_at: i64,
    /// The name of the key that sealed it.
    key: String,
    /// Nothing was put right since.
    newest: bool,
    /// When the ledger was deleted by the institution's rule of how long it is kept: the seal alone is known then.
    deleted_at: Option<i64>,
}

/// Whose ledger it is.
#[derive(Serialize, ToSchema)]
pub struct KnownInstitution {
    id: String,
    name: String,
}

/// What was sealed of a lesson, byte for byte (docs/LEDGER.md): anybody can verify it, with `qism attendance verify` or
/// with a program of their own.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/ledger", tag = "reports",
    params(("institution" = String, Path), ("lesson" = String, Path)),
    responses((status = 200, body = String, content_type = "application/x-ndjson"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn file(acting: Acting, Ids(_, lesson): Ids<InstitutionId, LessonId>) -> Result<Response, Refused> {
    let text = sealed(&acting, lesson).await?;
    looked(&acting, lesson, "ledger").await?;
    Ok(attachment(text.into_bytes(), "application/x-ndjson", &format!("ledger-{lesson}.jsonl")))
}

/// Verifies a lesson's ledger again, as it is kept now: its seals, and that the results follow from the events.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/ledger/check", tag = "reports",
    params(("institution" = String, Path), ("lesson" = String, Path)),
    responses((status = 200, body = LedgerCheck), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn check(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
) -> Result<Json<LedgerCheck>, Refused> {
    let text = sealed(&acting, lesson).await?;
    let checked_at = acting.at.micros();
    // A long lesson's takes a while, during which the thread would serve nobody else.
    let verified = tokio::task::spawn_blocking(move || verify(text.as_bytes(), &[])).await;
    Ok(Json(match verified.map_err(|_| broke_off())? {
        Ok(verified) => LedgerCheck {
            intact: true,
            fault: None,
            checked_at,
            hash: verified.seals.last().map(|seal| seal.hash.to_string()),
            events: Some(verified.events),
            seals: Some(verified.seals.len()),
        },
        Err(fault) => {
            tracing::error!(%lesson, %fault, "a ledger is not as it was sealed");
            LedgerCheck {
                intact: false,
                fault: Some(fault.to_string()),
                checked_at,
                hash: None,
                events: None,
                seals: None,
            }
        }
    }))
}

/// Whether this server has a ledger with this seal: for whoever holds a report on paper. It says whose, and nothing of the
/// people in it.
#[utoipa::path(
    get, path = "/api/ledgers/{hash}", tag = "reports",
    params(("hash" = String, Path, description = "The seal's SHA-256: 64 digits of hexadecimal")),
    responses((status = 200, body = KnownSeal), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn known(State(shared): State<Shared>, Id(hash): Id<SealHash>) -> Result<Json<KnownSeal>, Refused> {
    let found = shared.app.store.sealed_ledger(&hash.0.to_string()).await?.ok_or_else(Refused::no_record)?;
    Ok(Json(KnownSeal {
        institution: KnownInstitution { id: found.institution.to_string(), name: found.institution_name },
        sealed_at: found.sealed_at.micros(),
        key: found.key,
        newest: found.is_newest,
        deleted_at: found.deleted_at.map(Timestamp::micros),
    }))
}

/// A hash as somebody types it.
pub(super) struct SealHash(crate::attendance::ledger::Hex<32>);

impl std::str::FromStr for SealHash {
    type Err = crate::attendance::ledger::NotHex;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_ascii_lowercase().parse().map(Self)
    }
}

/// A lesson's ledger, for those who may see its report.
async fn sealed(acting: &Acting, lesson: LessonId) -> Result<String, Refused> {
    Facts::may_be_read(acting, lesson).await?;
    match acting.store.ledger(lesson).await? {
        Some(ledger) => Ok(ledger),
        None => Err(acting.store.lesson_deleted(lesson).await?.attendance.map_or_else(not_sealed, deleted)),
    }
}

/// The record was deleted at this time.
pub(super) fn deleted(at: Timestamp) -> Refused {
    let day = jiff::Timestamp::from_second(at.seconds()).unwrap_or_default().strftime("%Y-%m-%d").to_string();
    let detail = format!(
        "The record of this lesson was deleted on {day}: the institution keeps it no longer. Whoever holds its ledger can \
         have the seal looked up by its hash."
    );
    Refused::new(StatusCode::GONE, ErrorCode::RecordDeleted, detail)
}

pub(super) fn not_sealed() -> Refused {
    let detail = "The lesson is not sealed: it is not over, or was given before lessons were sealed.";
    Refused::new(StatusCode::CONFLICT, ErrorCode::NotSealed, detail)
}
