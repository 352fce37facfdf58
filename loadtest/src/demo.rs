//! What a demo server says about itself: `demo.json` in its data directory.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::Path;

/// A demo server's address, lesson on air, links and tokens.
#[derive(Clone, Debug, Deserialize)]
pub struct Demo {
    /// For example `http://localhost:8080`, without a slash at the end.
    pub base_url: String,
    /// The lesson that is on air.
    pub lesson: String,
    pub links: Links,
    /// For encoders; usable many times.
    pub whip: Token,
    /// For players; usable many times.
    pub whep: Token,
    /// All lessons that are on air, the first included; empty where the server is older than that.
    #[serde(default)]
    pub lessons: Vec<DemoLesson>,
}

/// One of the lessons.
#[derive(Clone, Debug, Deserialize)]
pub struct DemoLesson {
    pub lesson: String,
    pub links: Links,
}

/// Invitations as links; the secret is the link's fragment.
#[derive(Clone, Debug, Deserialize)]
pub struct Links {
    pub trainer: String,
    pub trainee: String,
    pub committee: String,
}

/// A bearer token.
#[derive(Clone, Debug, Deserialize)]
pub struct Token {
    pub token: String,
}

impl Demo {
    /// The links into so many different lessons.
    ///
    /// # Errors
    /// Where the server has fewer.
    pub fn rooms(&self, count: usize) -> Result<Vec<Links>> {
        let mut rooms: Vec<Links> = self.lessons.iter().map(|lesson| lesson.links.clone()).collect();
        if rooms.is_empty() {
            rooms.push(self.links.clone());
        }
        ensure!(
            rooms.len() >= count,
            "the server has {} of {count} lessons: start it with --demo-lessons {count}",
            rooms.len()
        );
        rooms.truncate(count);
        Ok(rooms)
    }

    /// # Errors
    /// Where the file is missing, unreadable or not what a demo server writes.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is not a demo server's", path.display()))
    }
}

/// The invitation's secret in a link.
///
/// # Errors
/// Where the link has no fragment.
pub fn invitation_of(link: &str) -> Result<&str> {
    let (_, fragment) = link.split_once('#').context("the link has no fragment with an invitation")?;
    Ok(fragment)
}
