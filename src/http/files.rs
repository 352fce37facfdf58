//! The web client's files, which are part of the program.

use super::Shared;
use super::extract::header;
use super::headers::of_page;
use super::problem::{Refused, method_not_allowed};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::fmt::Write as _;

/// What build.rs made.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/web-client"]
struct WebClient;

const INDEX: &str = "index.html";

/// Where the build puts what carries a hash of its content in its name.
const HASHED: &str = "assets/";

/// How a file may be compressed: the coding's name, and what the build appends to the file's.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The one page of the web client, which finds out from its address what to show.
pub async fn page(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    match serve(INDEX, &headers) {
        Some(mut response) => {
            let base_url = shared.app.options.base_url.as_deref();
            let page = of_page(header(&headers, &header::HOST), base_url);
            response
                .headers_mut()
                .extend(page.into_iter().map(|(name, value)| (Some(name), value)).collect::<Vec<_>>());
            response
        }
        None => Refused::not_found().into_response(),
    }
}

/// A file of the web client, or nothing.
pub async fn file(State(shared): State<Shared>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_known = WebClient::get(path).is_some() && !CODINGS.iter().any(|(_, suffix)| path.ends_with(suffix));
    if !is_known {
        return not_found(shared, &method, &headers).await;
    }
    if method != Method::GET && method != Method::HEAD {
        let mut response = method_not_allowed().await.into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    if path == INDEX {
        return page(State(shared), headers).await;
    }
    serve(path, &headers).unwrap_or_else(|| Refused::not_found().into_response())
}

/// A person who followed a wrong link gets the page, which says so in their language; a program gets a problem.
async fn not_found(shared: Shared, method: &Method, headers: &HeaderMap) -> Response {
    let reads_pages = header(headers, &header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    if *method != Method::GET || !reads_pages {
        return Refused::not_found().into_response();
    }
    let mut response = page(State(shared), headers.clone()).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// A font that the pages carry, by its name without the hash and the ending (WOFF2); absent where the program was built
/// without its web client.
pub(super) fn font(name: &str) -> Option<std::borrow::Cow<'static, [u8]>> {
    let begins = format!("{HASHED}{name}");
    let path = WebClient::iter().find(|path| path.starts_with(&begins) && path.ends_with(".woff2"))?;
    WebClient::get(&path).map(|file| file.data)
}

/// Answers with a file in the best coding that the client takes; with nothing but headers where it has it.
fn serve(path: &str, request: &HeaderMap) -> Option<Response> {
    let plain = WebClient::get(path)?;
    let (coding, file) = choose(path, plain, header(request, &header::ACCEPT_ENCODING).unwrap_or_default());
    let etag = etag_of(&file);
    let is_current = header(request, &header::IF_NONE_MATCH)
        .is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    let mut response = if is_current {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
        let content_type = match content_type {
            text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
            other => other.to_owned(),
        };
        ([(header::CONTENT_TYPE, content_type)], file.data.into_owned()).into_response()
    };
    let headers = response.headers_mut();
    let caching = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Some(coding) = coding.filter(|_| !is_current) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

fn choose(path: &str, plain: EmbeddedFile, accepted: &str) -> (Option<&'static str>, EmbeddedFile) {
    for (coding, suffix) in CODINGS {
        if accepts(accepted, coding)
            && let Some(file) = WebClient::get(&format!("{path}{suffix}"))
        {
            return (Some(coding), file);
        }
    }
    (None, plain)
}

/// RFC 9110 §12.5.3, as far as browsers use it: a coding is taken where it is named without a weight of zero.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        named && !refused
    })
}

/// A strong tag from the content, so each coding has its own.
fn etag_of(file: &EmbeddedFile) -> String {
    let mut etag = String::from("\"");
    for byte in file.metadata.sha256_hash().iter().take(16) {
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    etag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_where_it_is_named_and_not_refused() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("gzip;q=0.5, BR ; q=1", "br"));
        assert!(!accepts("gzip, deflate", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("", "br"));
        assert!(!accepts("brx", "br"));
    }
}
