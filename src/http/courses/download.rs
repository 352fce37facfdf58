//! Files on their way back: always to be saved, never to be shown within the server's own pages.

use super::super::Shared;
use super::super::acting::Acting;
use super::super::extract::{ThreeIds, header};
use super::super::problem::Refused;
use super::visible;
use crate::ids::{CourseId, InstitutionId, MaterialId};
use crate::protocol::{ErrorCode, Problem};
use crate::store::{MaterialContent, MaterialFile};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use std::fmt::Write;
use std::io::SeekFrom;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// How much is read at a time, in bytes.
const CHUNK_BYTES: usize = 64 * 1024;

/// Where somebody opens it in a browser all the same: no script, no origin, nothing fetched.
const POLICY: &str = "sandbox; default-src 'none'";

/// A material's file, or a range of it.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/courses/{course}/materials/{material}/file", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), ("material" = String, Path)),
    responses(
        (status = 200, body = Vec<u8>, content_type = "*/*", description = "The file"),
        (status = 206, body = Vec<u8>, content_type = "*/*", description = "A range of it"),
        (status = "4XX", body = Problem),
        (status = "5XX", body = Problem)
    )
)]
pub(super) async fn file(
    acting: Acting,
    State(shared): State<Shared>,
    ThreeIds(_, course, material): ThreeIds<InstitutionId, CourseId, MaterialId>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    visible(&acting, course).await?;
    let found = acting.store.material(course, material).await?.ok_or_else(Refused::no_record)?;
    let MaterialContent::File(file) = found.content else { return Err(Refused::no_record()) };
    let folder = shared.app.options.materials.as_ref().ok_or_else(Refused::no_record)?;
    let mut content = folder.open(acting.institution, material).await.map_err(|error| {
        tracing::error!(%material, %error, "a material's file can't be read");
        let detail = "The file can't be read now.";
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::StoreUnavailable, detail)
    })?;
    let range = match asked_range(&headers, &file) {
        Ok(range) => range,
        Err(Unsatisfiable) => return Ok(unsatisfiable(&file)),
    };
    let (first, length) = range.unwrap_or((0, file.bytes));
    if content.seek(SeekFrom::Start(first)).await.is_err() {
        return Err(Refused::no_record());
    }
    let mut response = Response::new(Body::from_stream(chunks(content, length)));
    let sent = response.headers_mut();
    describe(sent, &file);
    sent.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if range.is_some() {
        let last = first.saturating_add(length).saturating_sub(1);
        insert(sent, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{}", file.bytes));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

fn describe(headers: &mut HeaderMap, file: &MaterialFile) {
    let media_type = if file.media_type == "text/plain" { "text/plain; charset=utf-8" } else { &file.media_type };
    insert(headers, header::CONTENT_TYPE, media_type);
    insert(headers, header::CONTENT_DISPOSITION, &disposition(&file.file_name));
    insert(headers, header::CONTENT_SECURITY_POLICY, POLICY);
    insert(headers, header::ETAG, &format!("\"{}\"", file.content_hash));
    insert(headers, header::ACCEPT_RANGES, "bytes");
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// RFC 6266, with the name as RFC 8187 writes it.
fn disposition(file_name: &str) -> String {
    let mut value = String::from("attachment; filename*=UTF-8''");
    for byte in file_name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            let _ = write!(value, "%{byte:02X}");
        }
    }
    value
}

/// The range begins after the file's end.
#[derive(Debug, PartialEq, Eq)]
struct Unsatisfiable;

fn unsatisfiable(file: &MaterialFile) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    insert(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{}", file.bytes));
    response
}

/// The first byte and the length of the one range that is asked for (RFC 9110 §14); all of it where that is none, or one
/// of another version of the file.
fn asked_range(headers: &HeaderMap, file: &MaterialFile) -> Result<Option<(u64, u64)>, Unsatisfiable> {
    let etag = format!("\"{}\"", file.content_hash);
    if header(headers, &header::IF_RANGE).is_some_and(|wanted| wanted != etag) {
        return Ok(None);
    }
    let Some(range) = header(headers, &header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return Ok(None);
    };
    let Some((from, to)) = range.split_once('-') else { return Ok(None) };
    let last_of_all = file.bytes.saturating_sub(1);
    let (first, last) = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.min(last_of_all)),
        (Ok(first), Err(_)) if to.trim().is_empty() => (first, last_of_all),
        (Err(_), Ok(suffix)) if from.trim().is_empty() => (file.bytes.saturating_sub(suffix), last_of_all),
        _ => return Ok(None),
    };
    if first >= file.bytes {
        return Err(Unsatisfiable);
    }
    Ok(Some((first, last.saturating_sub(first).saturating_add(1))))
}

/// The next `length` bytes of a file.
fn chunks(file: File, length: u64) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold((file, length), |(mut file, left)| async move {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK_BYTES);
        if wanted == 0 {
            return Ok(None);
        }
        let mut chunk = vec![0; wanted];
        let read = file.read(&mut chunk).await?;
        if read == 0 {
            // Shorter than its record says: the receiver is told by the connection's end, not by a short file.
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        chunk.truncate(read);
        let left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(Some((Bytes::from(chunk), (file, left))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> MaterialFile {
        MaterialFile { file_name: "x".into(), media_type: "x".into(), bytes: 100, content_hash: "ab".into() }
    }

    #[test]
    fn one_range_is_one_range() {
        let range = |text| {
            let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(text))]);
            asked_range(&headers, &file())
        };
        assert_eq!(range("bytes=0-9"), Ok(Some((0, 10))));
        assert_eq!(range("bytes=90-"), Ok(Some((90, 10))));
        assert_eq!(range("bytes=-5"), Ok(Some((95, 5))));
        assert_eq!(range("bytes=-500"), Ok(Some((0, 100))));
        assert_eq!(range("bytes=50-5000"), Ok(Some((50, 50))));
        assert_eq!(range("bytes=100-"), Err(Unsatisfiable));
        for other in ["bytes=9-0", "bytes=0-1,5-6", "lines=0-1", "bytes=x-y", "bytes=-"] {
            assert_eq!(range(other), Ok(None), "{other}");
        }
    }

    #[test]
    fn a_name_says_nothing_but_a_name() {
        let value = disposition("درس 1\"\r\n; x.pdf");
        assert_eq!(value, "attachment; filename*=UTF-8''%D8%AF%D8%B1%D8%B3%201%22%0D%0A%3B%20x.pdf");
    }
}
