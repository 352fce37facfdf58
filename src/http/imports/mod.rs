//! Tables that administrators bring and take as CSV: looked at first, then written at once or not at all. The same file
//! twice changes nothing the second time.

mod groups;
mod lessons;
mod people;

use super::Shared;
use super::acting::{Acting, Duty, Scope};
use super::attachment::{CSV, attachment};
use super::extract::header;
use super::problem::Refused;
use super::record::{Asked, Fields};
use super::routes::{Access, Route};
use crate::import::{self, BYTES_MAX, Import, ImportFault, Numbered, Problem as Wrong, Table};
use crate::protocol::{ErrorCode, FieldFault, Problem};
use crate::store::StoreError;
use crate::text::{Language, excerpt};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::extract::{FromRequest, rejection::BytesRejection};
use axum::http::{StatusCode, header as names};
use axum::response::Response;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// How many rows a report shows.
const ROWS_SHOWN: usize = 50;

/// How many problems a refusal names one by one.
const PROBLEMS_SHOWN: usize = 200;

/// How much of a cell a problem shows, in characters.
const VALUE_CHARS_MAX: usize = 60;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/imports/{table}",
            methods: &[("POST", Access::Within(Duty::Administrator, Some(Scope::WritePeople)))],
            handler: post(bring).layer(DefaultBodyLimit::max(BYTES_MAX)),
        },
        Route {
            path: "/api/institutions/{institution}/exports/{table}",
            methods: &[("GET", Access::Within(Duty::Administrator, Some(Scope::ReadPeople)))],
            handler: get(take),
        },
        // Another scope than people's: paths of their own.
        Route {
            path: "/api/institutions/{institution}/imports/lessons",
            methods: &[("POST", Access::Within(Duty::Administrator, Some(Scope::WriteTimetable)))],
            handler: post(bring_lessons).layer(DefaultBodyLimit::max(BYTES_MAX)),
        },
        Route {
            path: "/api/institutions/{institution}/exports/lessons.csv",
            methods: &[("GET", Access::Within(Duty::Administrator, Some(Scope::ReadTimetable)))],
            handler: get(take_lessons),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(bring, take, bring_lessons, take_lessons))]
pub(super) struct Described;

/// Whether a table is only looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// `true`: nothing is written. `false` unless said.
    preview: Option<bool>,
}

/// In which language a table is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `ar`, `fr` or `en`; `fr` unless said.
    language: Option<String>,
}

/// What becomes of one line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportRow {
    line: u32,
    /// `create`, `change` or `keep`.
    #[schema(value_type = String)]
    action: &'static str,
    name: String,
}

/// What a table comes to.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ImportReport {
    created: usize,
    changed: usize,
    kept: usize,
    /// How many lessons the new lines come to; of a table of lessons only.
    #[serde(skip_serializing_if = "Option::is_none")]
    lessons: Option<usize>,
    /// How many more there would be but for days on which no lesson is given; of a table of lessons only.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<usize>,
    /// Whether it was written.
    written: bool,
    /// The first lines that have no problem.
    rows: Vec<ImportRow>,
    /// The first problems, in the order of the lines.
    problems: Vec<Wrong>,
    /// How many there are in all.
    problem_count: usize,
}

impl ImportReport {
    fn note(&mut self, line: u32, action: &'static str, name: &str) {
        match action {
            "create" => self.created += 1,
            "change" => self.changed += 1,
            _ => self.kept += 1,
        }
        if self.rows.len() < ROWS_SHOWN {
            self.rows.push(ImportRow { line, action, name: name.to_owned() });
        }
    }

    fn wrong(&mut self, line: u32, column: &'static str, code: &'static str, detail: &str, value: &str) {
        let (detail, value) = (detail.to_owned(), excerpt(value, VALUE_CHARS_MAX));
        self.take_problem(Wrong { line, column: Some(column), code, detail, value, in_the_way: None });
    }

    fn take_problem(&mut self, problem: Wrong) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_SHOWN {
            self.problems.push(problem);
        }
    }
}

/// Brings a table of people or groups as CSV: `people` or `groups`.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/imports/{table}", tag = "people",
    params(("institution" = String, Path), ("table" = String, Path), ImportQuery),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, body = ImportReport), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn bring(
    acting: Acting,
    State(shared): State<Shared>,
    Path((_, table)): Path<(String, String)>,
    Asked(query): Asked<ImportQuery>,
    request: Request,
) -> Result<Json<ImportReport>, Refused> {
    if !matches!(table.as_str(), "people" | "groups") {
        return Err(Refused::not_found());
    }
    let preview = query.preview.unwrap_or_default();
    let bytes = file(request, &shared).await?;
    let report = if table == "people" {
        people::bring(&acting, &shared.app.store, read(bytes).await?, preview).await
    } else {
        groups::bring(&acting, read(bytes).await?, preview).await
    };
    report.map(Json)
}

/// The institution's people or groups as CSV: `people.csv` or `groups.csv`, which can be brought again.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/exports/{table}", tag = "people",
    params(("institution" = String, Path), ("table" = String, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn take(
    acting: Acting,
    Path((_, table)): Path<(String, String)>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, Refused> {
    let language = written_in(&query)?;
    match table.as_str() {
        "people.csv" => Ok(attachment(people::take(&acting, language).await?, CSV, "people.csv")),
        "groups.csv" => Ok(attachment(groups::take(&acting, language).await?, CSV, "groups.csv")),
        _ => Err(Refused::not_found()),
    }
}

/// Brings a timetable as CSV: each line is a lesson, or lessons again and again by a rule that ends, of a group with a
/// trainer, in the institution's time zone. Lessons are added where everybody is free; what is there is not changed. A
/// line that was brought before changes nothing, and neither does one whose lessons the timetable has just so.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/imports/lessons", tag = "timetable",
    params(("institution" = String, Path), ImportQuery),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, body = ImportReport), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn bring_lessons(
    acting: Acting,
    State(shared): State<Shared>,
    Asked(query): Asked<ImportQuery>,
    request: Request,
) -> Result<Json<ImportReport>, Refused> {
    let bytes = file(request, &shared).await?;
    let preview = query.preview.unwrap_or_default();
    lessons::bring(&acting, read(bytes).await?, preview).await.map(Json)
}

/// The lessons that are not over as CSV, which can be brought again.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/exports/lessons.csv", tag = "timetable",
    params(("institution" = String, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn take_lessons(acting: Acting, Asked(query): Asked<ExportQuery>) -> Result<Response, Refused> {
    let bytes = lessons::take(&acting, written_in(&query)?).await?;
    Ok(attachment(bytes, CSV, "lessons.csv"))
}

/// The language that a table is to be written in.
fn written_in(query: &ExportQuery) -> Result<Language, Refused> {
    let mut fields = Fields::default();
    let language = query.language.as_deref().unwrap_or("fr");
    let known = fields.word("language", language, Language::parse(language).ok(), "unknown_language");
    fields.done()?;
    Ok(known.unwrap_or(Language::French))
}

/// The file of a request.
async fn file(request: Request, shared: &Shared) -> Result<Bytes, Refused> {
    let found = header(request.headers(), &names::CONTENT_TYPE).unwrap_or_default();
    let essence = found.split(';').next().unwrap_or_default().trim();
    if !["text/csv", "application/octet-stream"].iter().any(|taken| essence.eq_ignore_ascii_case(taken)) {
        let detail = "Send the file as Content-Type: text/csv.";
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, detail));
    }
    Bytes::from_request(request, shared).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            unreadable(&ImportFault::TooLarge)
        }
        _ => Refused::bad_request("The body broke off."),
    })
}

/// Reads a table, off the threads that others wait for.
async fn read<T: Table + Send + 'static>(bytes: Bytes) -> Result<Import<T>, Refused> {
    let reading = tokio::task::spawn_blocking(move || {
        let (text, _) = import::decode(&bytes)?;
        import::read::<T>(&text)
    });
    match reading.await {
        Ok(read) => read.map_err(|fault| unreadable(&fault)),
        Err(_) => {
            Err(Refused::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, "The file could not be read."))
        }
    }
}

fn unreadable(fault: &ImportFault) -> Refused {
    let fault = FieldFault { field: "file".into(), code: fault.word().into(), detail: fault.to_string() };
    Refused::fields(vec![fault])
}

/// What a table begins with: the problems of its cells; and the rows that have none.
fn begun<T>(import: Import<T>) -> (ImportReport, Vec<Numbered<T>>) {
    let Import { rows, problems } = import;
    let (problems, problem_count) = (problems.kept().to_vec(), problems.total());
    (ImportReport { problems, problem_count, ..ImportReport::default() }, rows)
}

/// Refuses a table with problems, unless it is only looked at.
fn without_problems(mut report: ImportReport, preview: bool) -> Result<ImportReport, Refused> {
    report.problems.sort_by_key(|problem| problem.line);
    if report.problem_count == 0 || preview {
        return Ok(report);
    }
    let fault = |problem: &Wrong| FieldFault {
        field: format!("{}.{}", problem.line, problem.column.unwrap_or("line")),
        code: problem.code.into(),
        detail: problem.detail.clone(),
    };
    Err(Refused::fields(report.problems.iter().map(fault).collect()).with_current(report))
}

/// What the store says where somebody changed the same records meanwhile.
fn meanwhile(error: StoreError) -> Refused {
    match error {
        StoreError::Stale | StoreError::Conflict | StoreError::Missing => {
            let detail = "Somebody changed these records meanwhile; look at the file's preview again.";
            Refused::new(StatusCode::CONFLICT, ErrorCode::Taken, detail)
        }
        other => other.into(),
    }
}
