//! The report as a file, in the language that is asked for.

use super::facts::Facts;
use super::{csv as as_csv, looked, pdf as as_pdf, xlsx as as_xlsx};
use crate::http::Shared;
use crate::http::acting::Acting;
use crate::http::attachment::{CSV, XLSX, attachment, broke_off};
use crate::http::extract::Ids;
use crate::http::problem::Refused;
use crate::http::record::{Asked, Fields};
use crate::ids::{InstitutionId, LessonId};
use crate::protocol::{ErrorCode, Problem};
use crate::text::Language;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

/// In which language.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `ar`, `fr` or `en`; the institution's own unless said.
    language: Option<String>,
}

/// Who was there, as a table: UTF-8 with a byte order mark, cells separated by commas in English and by semicolons else.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/attendance.csv", tag = "reports",
    params(("institution" = String, Path), ("lesson" = String, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn csv(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, Refused> {
    let language = language(&acting, query.language.as_deref()).await?;
    let facts = Facts::whole(&acting, lesson).await?;
    looked(&acting, lesson, "csv").await?;
    let bytes = as_csv::write(&facts, language);
    Ok(attachment(bytes, CSV, &format!("attendance-{lesson}.csv")))
}

/// Who was there, as a spreadsheet; from right to left in Arabic.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/attendance.xlsx", tag = "reports",
    params(("institution" = String, Path), ("lesson" = String, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn xlsx(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, Refused> {
    let language = language(&acting, query.language.as_deref()).await?;
    let facts = Facts::whole(&acting, lesson).await?;
    looked(&acting, lesson, "xlsx").await?;
    let written = tokio::task::spawn_blocking(move || as_xlsx::write(&facts, language)).await;
    let bytes = written.ok().and_then(Result::ok).ok_or_else(broke_off)?;
    Ok(attachment(bytes, XLSX, &format!("attendance-{lesson}.xlsx")))
}

/// Who was there, on paper: the lesson, the table, and the seal with a code that leads to where it is checked.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/attendance.pdf", tag = "reports",
    params(("institution" = String, Path), ("lesson" = String, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "application/pdf"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn pdf(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, Refused> {
    let language = language(&acting, query.language.as_deref()).await?;
    let facts = Facts::whole(&acting, lesson).await?;
    looked(&acting, lesson, "pdf").await?;
    let base_url = shared.app.options.base_url.clone().unwrap_or_default();
    let written = tokio::task::spawn_blocking(move || as_pdf::write(&facts, language, &base_url)).await;
    let bytes = written.map_err(|_| broke_off())?.map_err(|fault| match fault {
        as_pdf::PdfFault::NoFont => {
            let detail = "This server was built without its web client, and so without a font to write a PDF with; take \
                          the spreadsheet, or install a whole build.";
            Refused::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::FontMissing, detail)
        }
        as_pdf::PdfFault::Failed(reason) => {
            tracing::error!(%lesson, reason, "a report can't be written as a PDF");
            broke_off()
        }
    })?;
    Ok(attachment(bytes, "application/pdf", &format!("attendance-{lesson}.pdf")))
}

/// The language of a file: the one that is asked for, or the institution's.
pub(super) async fn language(acting: &Acting, asked: Option<&str>) -> Result<Language, Refused> {
    if let Some(tag) = asked {
        let mut fields = Fields::default();
        let parsed = fields.take("language", Language::parse(tag));
        fields.done()?;
        return parsed.ok_or_else(Refused::no_record);
    }
    let (_, tag) = acting.store.zone_and_language().await?.ok_or_else(Refused::no_record)?;
    Ok(Language::parse(&tag).unwrap_or(Language::Arabic))
}
