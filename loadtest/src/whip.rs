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
    peer.accept(rewrite(reply.text())).await?;
    let resource = Resource { base_url: demo.base_url.clone(), path, etag, token: token.to_owned() };
    peer.connected().await?;
    Ok(resource)
}

impl Resource {
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
