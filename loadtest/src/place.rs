//! How a browser comes to a ticket: invitation → session → ticket.

use crate::http::{Request, send};
use anyhow::{Context, Result};
use qism::protocol::{OpenInvitation, SessionCard, StartSession, Ticket};
use serde::Serialize;

/// A place in a lesson, held by a session of its own.
#[derive(Clone, Debug)]
pub struct Place {
    base_url: String,
    /// The session's cookie, as `name=value`.
    cookie: String,
    pub card: SessionCard,
}

impl Place {
    /// Accepts an invitation under a name, as a browser without cookies does.
    ///
    /// # Errors
    /// Where the server refuses it.
    pub async fn take(base_url: &str, invitation: &str, name: &str) -> Result<Self> {
        let open = OpenInvitation { invitation: invitation.to_owned() };
        let invited: qism::protocol::InvitationCard =
            post(base_url, "/api/invitations/open", None, Some(&open)).await?.json()?;
        let start =
            StartSession { invitation: invitation.to_owned(), name: invited.asks_name.then(|| name.to_owned()) };
        let reply = post(base_url, "/api/sessions", None, Some(&start)).await?;
        let cookie = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let card = reply.json()?;
        Ok(Self { base_url: base_url.to_owned(), cookie: cookie.context("no session cookie was set")?, card })
    }

    /// A ticket for the WebSocket: single use.
    ///
    /// # Errors
    /// Where the server refuses it.
    pub async fn ticket(&self) -> Result<String> {
        let path = format!("/api/lessons/{}/participants/{}/tickets", self.card.lesson.id, self.card.participant);
        let ticket: Ticket = post::<()>(&self.base_url, &path, Some(&self.cookie), None).await?.json()?;
        Ok(ticket.ticket)
    }
}

async fn post<T: Serialize>(
    base_url: &str,
    path: &str,
    cookie: Option<&str>,
    body: Option<&T>,
) -> Result<crate::http::Reply> {
    let body = body.map(serde_json::to_vec).transpose()?.unwrap_or_default();
    let mut headers = vec![("origin", base_url)];
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    headers.extend(cookie.map(|cookie| ("cookie", cookie)));
    send(base_url, Request { method: "POST", path, headers: &headers, body: &body }).await
}
