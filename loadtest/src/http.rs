//! A small HTTP/1.1 client over plain TCP: one request, one connection.

use anyhow::{Context, Result, bail, ensure};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a server may take to answer before the client gives up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub method: &'a str,
    /// From the slash on.
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body's JSON.
    ///
    /// # Errors
    /// Where the status is not a success, or the body is something else.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        ensure!((200..300).contains(&self.status), "the server answered {}: {}", self.status, self.text());
        serde_json::from_slice(&self.body).with_context(|| format!("not what was expected: {}", self.text()))
    }
}

/// `localhost:8080` of `http://localhost:8080/`.
///
/// # Errors
/// Where the address is not plain HTTP.
pub fn authority(base_url: &str) -> Result<&str> {
    let rest = base_url.strip_prefix("http://").context("only http:// addresses are supported")?;
    Ok(rest.split('/').next().unwrap_or(rest))
}

/// Asks and waits for the whole answer, 15 s at most.
///
/// # Errors
/// Where the server can't be reached, does not answer in time or does not speak HTTP.
pub async fn send(base_url: &str, request: Request<'_>) -> Result<Reply> {
    timeout(ANSWER_TIMEOUT, exchange(base_url, request))
        .await
        .with_context(|| format!("{} {} was not answered in time", request.method, request.path))?
        .with_context(|| format!("{} {}", request.method, request.path))
}

async fn exchange(base_url: &str, request: Request<'_>) -> Result<Reply> {
    let authority = authority(base_url)?;
    let address = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let mut stream = TcpStream::connect(&address).await.with_context(|| format!("connect to {address}"))?;
    let mut head =
        format!("{} {} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n", request.method, request.path);
    if !request.body.is_empty() || matches!(request.method, "POST" | "PATCH" | "PUT") {
        head.push_str(&format!("content-length: {}\r\n", request.body.len()));
    }
    for (name, value) in request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(request.body);
    // A server may refuse and stop reading before all is written; what it answered is then there to be read.
    let written = stream.write_all(&bytes).await;
    let mut answer = Vec::new();
    let read = stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await;
    parse(&answer).or_else(|malformed| {
        written?;
        read?;
        Err(malformed)
    })
}

fn parse(answer: &[u8]) -> Result<Reply> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("the answer's head does not end")?;
    let head = std::str::from_utf8(&answer[..end]).context("the answer's head is not text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    let body = &answer[end + 4..];
    let mut reply = Reply { status: status.context("the answer has no status")?, headers, body: Vec::new() };
    let chunked = reply.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    reply.body = if chunked { join_chunks(body)? } else { body.to_vec() };
    Ok(reply)
}

fn join_chunks(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").context("a chunk has no size")?;
        let size = std::str::from_utf8(&rest[..line])?.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).context("a chunk's size is not a number")?;
        if size == 0 {
            return Ok(body);
        }
        let Some(chunk) = rest.get(line + 2..line + 2 + size) else { bail!("a chunk is cut short") };
        body.extend_from_slice(chunk);
        rest = rest.get(line + 4 + size..).context("a chunk does not end")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_chunks_is_joined() {
        let reply = parse(b"HTTP/1.1 201 Created\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nv=0\r\n2\r\n\r\n\r\n0\r\n\r\n")
            .expect("a good answer");
        assert_eq!(
            (reply.status, reply.header("location"), reply.body.as_slice()),
            (201, Some("/x"), b"v=0\r\n".as_slice())
        );
    }

    #[test]
    fn an_answer_cut_short_is_an_error() {
        assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nv=0").is_err());
        assert!(parse(b"HTTP/1.1 200 OK\r\n").is_err());
    }
}
