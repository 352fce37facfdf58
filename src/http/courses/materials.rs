//! What a course's trainees learn from by themselves: links, and files.

use super::super::Shared;
use super::super::acting::Acting;
use super::super::extract::{Ids, JsonBody, ThreeIds, header};
use super::super::problem::Refused;
use super::super::record::{Asked, Created, Fields, Page, PageQuery};
use super::super::routes::{Access, Route};
use super::content::{HEAD_BYTES, media_type};
use super::{READ, TEACH, download, may_teach, there, visible};
use crate::auth::new_id;
use crate::ids::{CourseId, InstitutionId, MaterialId};
use crate::protocol::{ErrorCode, Problem};
use crate::store::{IncomingFile, Material, MaterialContent, MaterialFile, MaterialFolder};
use crate::text::{Line, Title};
use crate::time::Timestamp;
use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::routing::{delete, get, post};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: u64 = 50 * 1024 * 1024;

/// How long a sender may be silent.
const CHUNK_WAIT: Duration = Duration::from_secs(30);

/// The longest address, in bytes.
const URL_BYTES_MAX: usize = 2_000;

/// The longest name of a file, in Unicode scalar values.
const FILE_NAME_CHARS_MAX: usize = 200;

/// The one content type of a file that is sent: what it is, its content says.
const BYTES: &str = "application/octet-stream";

pub(super) fn routes() -> Vec<Route> {
    const FILES: Access = TEACH;
    vec![
        Route {
            path: "/api/institutions/{institution}/courses/{course}/materials",
            methods: &[("GET", READ), ("POST", TEACH)],
            handler: get(list).post(add_link),
        },
        Route {
            path: "/api/institutions/{institution}/courses/{course}/materials/files",
            methods: &[("POST", FILES)],
            handler: post(add_file),
        },
        Route {
            path: "/api/institutions/{institution}/courses/{course}/materials/{material}",
            methods: &[("DELETE", TEACH)],
            handler: delete(remove),
        },
        Route {
            path: "/api/institutions/{institution}/courses/{course}/materials/{material}/file",
            methods: &[("GET", READ)],
            handler: get(download::file),
        },
    ]
}

/// Something to learn from: a link, or a file.
#[derive(Serialize, ToSchema)]
pub struct MaterialCard {
    id: String,
    title: String,
    /// Where a link leads.
    url: Option<String>,
    /// What its sender called the file.
    file_name: Option<String>,
    media_type: Option<String>,
    bytes: Option<u64>,
    /// SHA-256 of the file, in hexadecimal.
    content_hash: Option<String>,
    created_at: i64,
}

/// A link to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// 1 to 160 characters.
    title: String,
    /// Begins with `https://` or `http://`; the server never asks it.
    url: String,
}

/// What a file is called.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FileQuery {
    /// 1 to 160 characters.
    title: String,
    /// 1 to 200 characters.
    file_name: String,
}

fn card(material: Material) -> MaterialCard {
    let (url, file) = match material.content {
        MaterialContent::Link { url } => (Some(url), None),
        MaterialContent::File(file) => (None, Some(file)),
    };
    MaterialCard {
        id: material.id.to_string(),
        title: material.title,
        url,
        file_name: file.as_ref().map(|file| file.file_name.clone()),
        media_type: file.as_ref().map(|file| file.media_type.clone()),
        bytes: file.as_ref().map(|file| file.bytes),
        content_hash: file.map(|file| file.content_hash),
        created_at: material.created_at.micros(),
    }
}

/// A course's materials, the oldest first.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/courses/{course}/materials", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), PageQuery),
    responses((status = 200, body = Page<MaterialCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn list(
    acting: Acting,
    Ids(_, course): Ids<InstitutionId, CourseId>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<MaterialCard>>, Refused> {
    let limit = page.limit()?;
    visible(&acting, course).await?;
    let materials = acting.store.materials(course, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(materials, limit, |one| (one.created_at.micros(), one.id.to_string()), card)))
}

/// Adds a link to a course's materials.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/courses/{course}/materials", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path)), request_body = NewLink,
    responses((status = 201, body = MaterialCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn add_link(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, course): Ids<InstitutionId, CourseId>,
    JsonBody(asked): JsonBody<NewLink>,
) -> Result<Created<MaterialCard>, Refused> {
    teaches(&acting, course).await?;
    let mut fields = Fields::default();
    let title = fields.take("title", Title::parse(&asked.title));
    if !is_web_address(&asked.url) {
        let detail = "Write an address of the web, such as https://example.org/page.";
        fields.fault("url", "not_a_url", detail);
    }
    fields.done()?;
    let content = MaterialContent::Link { url: asked.url };
    let quota = shared.app.options.materials.as_ref().map_or(0, |folder| folder.quota);
    written(&acting, course, title.map(String::from).unwrap_or_default(), content, None, quota).await
}

/// Adds a file to a course's materials: the body is the file, at most 50 MB. Its kind is read from its content: PDF,
/// PNG, JPEG, WebP, MP4, WebM, MP3, Ogg, M4A, ZIP, office documents or plain text.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/courses/{course}/materials/files", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), FileQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = MaterialCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn add_file(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, course): Ids<InstitutionId, CourseId>,
    Asked(asked): Asked<FileQuery>,
    request: Request,
) -> Result<Created<MaterialCard>, Refused> {
    teaches(&acting, course).await?;
    let mut fields = Fields::default();
    let title = fields.take("title", Title::parse(&asked.title));
    let file_name = fields.take("file_name", Line::<FILE_NAME_CHARS_MAX>::parse(&asked.file_name));
    fields.done()?;
    let (title, file_name) = (title.map(String::from), file_name.map(String::from));
    let (title, file_name) = (title.unwrap_or_default(), file_name.unwrap_or_default());
    let folder = shared.app.options.materials.as_ref().ok_or_else(no_folder)?;
    let announced = announced_bytes(&request)?;
    if acting.store.material_bytes().await?.saturating_add(announced) > folder.quota {
        return Err(over_quota());
    }
    let id = MaterialId(new_id(acting.at)?);
    let incoming = folder.receive(acting.institution, id).await.map_err(not_written)?;
    let file = received(incoming, request.into_body(), file_name).await?;
    let content = MaterialContent::File(file);
    let added = written(&acting, course, title, content, Some(id), folder.quota).await;
    if added.is_err() {
        forget(folder, acting.institution, id).await;
    }
    added
}

/// Takes a material away, and its file with it.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/courses/{course}/materials/{material}", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), ("material" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn remove(
    acting: Acting,
    State(shared): State<Shared>,
    ThreeIds(_, course, material): ThreeIds<InstitutionId, CourseId, MaterialId>,
) -> Result<StatusCode, Refused> {
    teaches(&acting, course).await?;
    let by = acting.change("material.remove", material, serde_json::json!({ "course": course.to_string() }));
    acting.store.remove_material(course, material, &by).await?;
    if let Some(folder) = &shared.app.options.materials {
        forget(folder, acting.institution, material).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn written(
    acting: &Acting,
    course: CourseId,
    title: String,
    content: MaterialContent,
    id: Option<MaterialId>,
    quota: u64,
) -> Result<Created<MaterialCard>, Refused> {
    let id = match id {
        Some(id) => id,
        None => MaterialId(new_id(acting.at)?),
    };
    let created_at: Timestamp = acting.at;
    let material = Material { id, course, title, content, created_at };
    let by = acting.change("material.add", id, serde_json::json!({ "course": course.to_string() }));
    if !acting.store.add_material(&material, quota, &by).await? {
        return Err(over_quota());
    }
    let location = format!("/api/institutions/{}/courses/{course}/materials/{id}", acting.institution);
    Ok(Created { location, version: 1, record: card(material) })
}

/// The length that the sender says, where they say one that is taken.
fn announced_bytes(request: &Request) -> Result<u64, Refused> {
    let headers = request.headers();
    let content_type = header(headers, &header::CONTENT_TYPE).unwrap_or_default();
    if !content_type.eq_ignore_ascii_case(BYTES) {
        let detail = format!("Send the file as Content-Type: {BYTES}.");
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, detail));
    }
    let announced = header(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse().ok()).unwrap_or(0);
    if announced > FILE_BYTES_MAX { Err(too_large()) } else { Ok(announced) }
}

/// The whole file, as it came.
async fn received(mut incoming: IncomingFile, body: Body, file_name: String) -> Result<MaterialFile, Refused> {
    let mut stream = body.into_data_stream();
    let mut head = Vec::with_capacity(HEAD_BYTES);
    while let Some(chunk) = next_chunk(&mut stream).await? {
        let missing = HEAD_BYTES.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(chunk.get(..missing).unwrap_or_default());
        incoming.write(&chunk).await.map_err(not_written)?;
        if incoming.bytes() > FILE_BYTES_MAX {
            return Err(too_large());
        }
    }
    let Some(media_type) = media_type(&head, &file_name) else {
        let mut fields = Fields::default();
        let detail = "Files are taken as PDF, PNG, JPEG, WebP, MP4, WebM, MP3, Ogg, M4A, ZIP, office document or text.";
        fields.fault("file", "unknown_kind", detail);
        fields.done()?;
        return Err(Refused::bad_request(detail));
    };
    let bytes = incoming.bytes();
    let content_hash = incoming.finish().await.map_err(not_written)?;
    Ok(MaterialFile { file_name, media_type: media_type.into(), bytes, content_hash })
}

async fn next_chunk(stream: &mut BodyDataStream) -> Result<Option<axum::body::Bytes>, Refused> {
    match timeout(CHUNK_WAIT, stream.next()).await {
        Ok(None) => Ok(None),
        Ok(Some(Ok(chunk))) => Ok(Some(chunk)),
        Ok(Some(Err(_))) => Err(Refused::bad_request("The body broke off.")),
        Err(_) => Err(Refused::bad_request("The body did not go on.").with_status(StatusCode::REQUEST_TIMEOUT)),
    }
}

async fn forget(folder: &MaterialFolder, institution: InstitutionId, material: MaterialId) {
    if let Err(error) = folder.remove(institution, material).await {
        tracing::warn!(%institution, %material, %error, "a material's file stays: it can't be removed");
    }
}

async fn teaches(acting: &Acting, course: CourseId) -> Result<(), Refused> {
    there(acting, course).await?;
    if may_teach(acting, course).await? { Ok(()) } else { Err(Refused::forbidden()) }
}

/// `https://` or `http://`, a host, and nothing that is not part of an address. Nobody here asks it.
fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let plain =
        !url.chars().any(|character| character.is_whitespace() || character.is_control() || "<>\"".contains(character));
    url.len() <= URL_BYTES_MAX
        && plain
        && !host.is_empty()
        && !host.contains('@')
        && crate::text::Line::<2000>::parse(url).is_ok()
}

fn too_large() -> Refused {
    let detail = format!("A file has at most {} MB.", FILE_BYTES_MAX / 1024 / 1024);
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::FileTooLarge, detail)
}

fn over_quota() -> Refused {
    let detail = "The institution's files have no space left; take some away, or have its share raised.";
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::QuotaExceeded, detail)
}

fn no_folder() -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::StoreUnavailable, "This server keeps no files.")
}

fn not_written(error: std::io::Error) -> Refused {
    tracing::error!(%error, "a material's file can't be written");
    let detail = "The file could not be written; nothing was changed.";
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::StoreUnavailable, detail)
}
