//! WHIP (RFC 9725) and WHEP from the client's side.

use crate::demo::Demo;
use crate::http::{Reply, Request, send};
use crate::peer::Peer;
use anyhow::{Context, Result, ensure};

/// A session that a server gave for an offer.
#[derive(Clone, Debug)]
pub struct Resource {
    base_url: String,
    /// From the slash on.
    pub path: String,
    pub etag: Option<String>,
    token: String,
    answer: String,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// WHIP: sends.
    Publish,
    /// WHEP: receives.
    Play,
}

impl Direction {
    fn path_and_token(self, demo: &Demo) -> (String, &str) {
        match self {
            Self::Publish => (format!("/whip/{}", demo.lesson), &demo.whip.token),
            Self::Play => (format!("/whep/{}", demo.lesson), &demo.whep.token),
        }
    }
}

/// Posts an offer as it is, and gives the answer as it is.
///
/// # Errors
/// Where the server can't be reached.
pub async fn post(base_url: &str, path: &str, token: &str, offer: &str) -> Result<Reply> {
    let authorization = format!("Bearer {token}");
    let headers = [("content-type", "application/sdp"), ("authorization", authorization.as_str())];
    send(base_url, Request { method: "POST", path, headers: &headers, body: offer.as_bytes() }).await
}

/// Offers a peer to the demo's lesson and waits until its media can flow.
///
/// # Errors
/// Where the server refuses the offer, its answer is not RFC 9725's, or the connection does not come up.
pub async fn connect(demo: &Demo, direction: Direction, peer: &mut Peer) -> Result<Resource> {
    connect_through(demo, direction, peer, |answer| answer).await
}

/// The same, but the peer is told another answer than the server's: one that leads through a relay.
///
/// # Errors
/// As [`connect`].
pub async fn connect_through(
    demo: &Demo,
    direction: Direction,
    peer: &mut Peer,
    rewrite: impl FnOnce(String) -> String,
) -> Result<Resource> {
    let (path, token) = direction.path_and_token(demo);
    let offer = peer.offer().await?;
    let reply = post(&demo.base_url, &path, token, &offer).await?;
    ensure!(reply.status == 201, "POST {path} was answered {}: {}", reply.status, reply.text());
    ensure!(reply.header("content-type") == Some("application/sdp"), "the answer is not declared as SDP");
    let location = reply.header("location").context("the answer has no Location")?;
    let path = location.strip_prefix(&demo.base_url).unwrap_or(location).to_owned();
    let etag = reply.header("etag").map(str::to_owned);
    let answer = rewrite(reply.text());
    peer.accept(answer.clone()).await?;
    let resource = Resource { base_url: demo.base_url.clone(), path, etag, token: token.to_owned(), answer };
    peer.connected().await?;
    Ok(resource)
}

impl Resource {
    /// Restarts the peer's ICE (RFC 9725 §4.3.3): new credentials on both ends, the same media.
    ///
    /// # Errors
    /// Where the server refuses, or answers with something else than a fragment with its new credentials.
    pub async fn restart_ice(&mut self, peer: &Peer) -> Result<()> {
        let offer = peer.restart_offer().await?;
        let wanted = ["a=ice-ufrag:", "a=ice-pwd:", "m=", "a=mid:"];
        let fragment: String = wanted
            .iter()
            .filter_map(|start| offer.lines().find(|line| line.starts_with(start)))
            .map(|line| format!("{line}\r\n"))
            .collect();
        let authorization = format!("Bearer {}", self.token);
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/trickle-ice-sdpfrag"),
            ("if-match", "*"),
        ];
        let request = Request { method: "PATCH", path: &self.path, headers: &headers, body: fragment.as_bytes() };
        let reply = send(&self.base_url, request).await?;
        ensure!(reply.status == 200, "PATCH was answered {}: {}", reply.status, reply.text());
        let etag = reply.header("etag").map(str::to_owned);
        ensure!(etag.is_some() && etag != self.etag, "a restarted session has a new ETag: {etag:?}");
        self.etag = etag;
        self.answer = with_credentials_of(&self.answer, &reply.text())?;
        peer.accept(self.answer.clone()).await
    }

    /// Trickles a fragment to the session under an ETag.
    ///
    /// # Errors
    /// Where the server can't be reached.
    pub async fn trickle(&self, etag: &str, fragment: &str) -> Result<Reply> {
        let authorization = format!("Bearer {}", self.token);
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/trickle-ice-sdpfrag"),
            ("if-match", etag),
        ];
        let body = fragment.as_bytes();
        send(&self.base_url, Request { method: "PATCH", path: &self.path, headers: &headers, body }).await
    }

    /// Ends the session.
    ///
    /// # Errors
    /// Where the server can't be reached.
    pub async fn delete(&self) -> Result<Reply> {
        let authorization = format!("Bearer {}", self.token);
        let headers = [("authorization", authorization.as_str())];
        send(&self.base_url, Request { method: "DELETE", path: &self.path, headers: &headers, body: &[] }).await
    }
}

/// The answer, with the ICE credentials of a fragment in place of its own.
fn with_credentials_of(answer: &str, fragment: &str) -> Result<String> {
    let mut renewed = answer.to_owned();
    for name in ["a=ice-ufrag:", "a=ice-pwd:"] {
        let new = fragment
            .lines()
            .find(|line| line.starts_with(name))
            .with_context(|| format!("the server's fragment has no {name} line: {fragment}"))?;
        let old = answer.lines().find(|line| line.starts_with(name)).context("the answer has no credentials")?;
        ensure!(old != new, "the server kept its {name} over a restart");
        renewed = renewed.replace(old, new);
    }
    Ok(renewed)
}
