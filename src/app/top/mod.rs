//! `qism top`: how a running server does, in a terminal, from the same figures that Prometheus reads.

mod figures;
mod screen;

use super::{machine, say};
use crate::cli::Top;
use crate::web::{Call, Web};
use anyhow::{Context, bail};
use axum::http::{HeaderMap, Method, StatusCode};
use figures::Figures;
use std::io::{IsTerminal, Write};
use std::time::Duration;
use tokio::time::{Instant, interval};

/// Between two looks; shards hand their figures over as often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Clears a terminal and goes to its first line (ECMA-48 CUP and ED).
const CLEAR: &str = "\x1b[H\x1b[2J";

/// Looks until it is interrupted; where nobody looks at a terminal, or once is enough, prints one picture.
///
/// # Errors
/// Where the server is not reached, or gives this machine no figures.
pub async fn watch(top: &Top) -> anyhow::Result<()> {
    let url = match &top.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => {
            let config = top.configured.resolve()?;
            machine::base_url(&config, config.server.listen)
        }
    };
    let web = Web::to_configured()?;
    let mut beat = interval(LOOK_EVERY);
    let mut before: Option<(Instant, Figures)> = None;
    let is_watched = std::io::stdout().is_terminal() && !top.once;
    loop {
        beat.tick().await;
        let figures = look(&web, &url).await?;
        let now = Instant::now();
        if let Some((at, earlier)) = before.replace((now, figures.clone())) {
            let picture = screen::draw(&url, &earlier, &figures, now.duration_since(at).as_secs_f64());
            if !is_watched {
                say(picture.trim_end());
                return Ok(());
            }
            let mut out = std::io::stdout();
            // A terminal that is gone is the end of it.
            if write!(out, "{CLEAR}{picture}").and_then(|()| out.flush()).is_err() {
                return Ok(());
            }
        }
    }
}

async fn look(web: &Web, url: &str) -> anyhow::Result<Figures> {
    let call = Call { method: Method::GET, url: format!("{url}/metrics"), headers: HeaderMap::new(), body: Vec::new() };
    let answer = web.send(call).await.with_context(|| {
        format!("no server answers at {url}; name it with --url, or its configuration with --config or --listen")
    })?;
    match answer.status {
        StatusCode::OK => Ok(Figures::read(&String::from_utf8_lossy(&answer.body))),
        StatusCode::FORBIDDEN => bail!("{url} gives this machine no figures: name its address in server.metrics_for"),
        status => bail!("{url}/metrics was answered {status}"),
    }
}
