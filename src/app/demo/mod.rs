//! The demo: a school with a lesson on air now (or several), and links into it that stay the same over restarts.
//!
//! `demo-secrets.json` in the data folder keeps what the links are made of, since the store has only hashes;
//! `demo.json` tells tools where everything is, and is there only while the server is ready.

mod school;

use super::files::write_private;
use crate::auth::{Secret, new_id};
use crate::ids::{InvitationId, LessonId};
use crate::protocol::{Phase, Role};
use crate::store::{Invitation, InvitationPurpose, Store};
use crate::time::Timestamp;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the links are good after each start.
const LINKS_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);

/// The lesson started this long ago at least, on a round time.
const STARTED_AGO: Duration = Duration::from_secs(3 * 60);
const ROUND_US: i64 = 5 * 60 * 1_000_000;

/// What a link or token is derived for, and what its invitation says.
const INVITATIONS: [(&str, Role, InvitationPurpose, Option<&str>); 5] = [
    ("trainer", Role::Trainer, InvitationPurpose::Join, Some(school::TRAINER)),
    ("trainee", Role::Trainee, InvitationPurpose::Join, None),
    ("committee", Role::Committee, InvitationPurpose::Join, Some(school::OBSERVER)),
    ("whip", Role::Trainer, InvitationPurpose::Whip, Some(school::CAMERA)),
    ("whep", Role::Trainee, InvitationPurpose::Whep, Some(school::PLAYER)),
];

/// A demo that was prepared.
pub struct Demo {
    folder: PathBuf,
    lesson: LessonId,
    secret: Secret,
    /// Lessons beside it, for those who try how many the server carries.
    more: Vec<LessonId>,
}

/// `demo-secrets.json`.
#[derive(Serialize, Deserialize)]
struct Kept {
    lesson: LessonId,
    secret: String,
    #[serde(default)]
    more: Vec<LessonId>,
}

/// `demo.json`.
#[derive(Serialize)]
struct Announced {
    base_url: String,
    #[serde(flatten)]
    first: AnnouncedLesson,
    /// All of them, the first included.
    lessons: Vec<AnnouncedLesson>,
}

#[derive(Clone, Serialize)]
struct AnnouncedLesson {
    lesson: LessonId,
    links: Links,
    whip: Endpoint,
    whep: Endpoint,
}

#[derive(Clone, Serialize)]
struct Links {
    trainer: String,
    trainee: String,
    committee: String,
}

#[derive(Clone, Serialize)]
struct Endpoint {
    url: String,
    token: String,
}

impl Demo {
    /// Writes the school, and lessons that are on air now: those of the last start, or new ones where they have
    /// ended. Takes away the `demo.json` of the last start.
    ///
    /// # Errors
    /// Where the folder or the store can't be written.
    pub async fn prepare(store: &Store, folder: &Path, lessons: u16, now: Timestamp) -> anyhow::Result<Self> {
        match std::fs::remove_file(folder.join("demo.json")) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{}/demo.json can't be removed", folder.display()));
            }
            _ => {}
        }
        let demo = Self::resume_or_begin(store, folder, lessons, now).await?;
        demo.write_school(store, now).await.context("the demo school can't be written")?;
        Ok(demo)
    }

    async fn resume_or_begin(store: &Store, folder: &Path, lessons: u16, now: Timestamp) -> anyhow::Result<Self> {
        let path = folder.join("demo-secrets.json");
        let (lesson, secret, more) = match kept(&path)? {
            Some((lesson, secret, more)) if !has_ended(store, lesson).await? => (lesson, secret, more),
            _ => (LessonId(new_id(now)?), Secret::random()?, Vec::new()),
        };
        let mut demo = Self { folder: folder.to_owned(), lesson, secret, more };
        for lesson in &mut demo.more {
            if has_ended(store, *lesson).await? {
                *lesson = LessonId(new_id(now)?);
            }
        }
        let more = usize::from(lessons.saturating_sub(1));
        demo.more.truncate(more);
        while demo.more.len() < more {
            demo.more.push(LessonId(new_id(now)?));
        }
        let kept = Kept { lesson: demo.lesson, secret: demo.secret.text(), more: demo.more.clone() };
        write_private(&path, &serde_json::to_vec_pretty(&kept)?)
            .with_context(|| format!("{} can't be written", path.display()))?;
        Ok(demo)
    }

    /// The secret of a link or token into one of the lessons.
    fn secret(&self, lesson: LessonId, word: &str) -> Secret {
        if lesson == self.lesson { self.secret.derive(word) } else { self.secret.derive(&format!("{lesson}/{word}")) }
    }

    fn lessons(&self) -> impl Iterator<Item = LessonId> {
        std::iter::once(self.lesson).chain(self.more.iter().copied())
    }

    async fn write_school(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let started = now.micros().saturating_sub(i64::try_from(STARTED_AGO.as_micros())?);
        let starts_at = Timestamp(started.div_euclid(ROUND_US).saturating_mul(ROUND_US));
        school::write(store, starts_at).await?;
        for lesson in self.lessons() {
            school::write_lesson(store, lesson, starts_at).await?;
            self.write_invitations(store, lesson, now).await?;
        }
        Ok(())
    }

    async fn write_invitations(&self, store: &Store, lesson: LessonId, now: Timestamp) -> anyhow::Result<()> {
        let of = store.of(school::INSTITUTION);
        let expires_at = now.plus(LINKS_LIFETIME);
        for (word, role, purpose, name) in INVITATIONS {
            let hash = self.secret(lesson, word).hash();
            if let Some(invitation) = store.invitation_by_secret(&hash).await? {
                of.renew_invitation(invitation.id, expires_at).await?;
                continue;
            }
            let invitation = Invitation {
                id: InvitationId(new_id(now)?),
                institution: school::INSTITUTION,
                lesson,
                role,
                purpose,
                name: name.map(Into::into),
                expires_at,
                revoked_at: None,
            };
            of.create_invitation(&invitation, &hash).await?;
        }
        Ok(())
    }

    /// Says that the server is ready: writes `demo.json`, and gives the lines that people are shown.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn announce(&self, base_url: &str) -> anyhow::Result<String> {
        let announced = self.announced(base_url);
        let path = self.folder.join("demo.json");
        write_private(&path, &serde_json::to_vec_pretty(&announced)?)
            .with_context(|| format!("{} can't be written", path.display()))?;
        let Links { trainer, trainee, committee } = &announced.first.links;
        Ok(format!(
            "Qism is ready. Open these links, each in a browser window of its own:\n  trainer             {trainer}\n  \
             trainee             {trainee}\n  committee observer  {committee}"
        ))
    }

    fn announced(&self, base_url: &str) -> Announced {
        let first = self.announced_lesson(base_url, self.lesson);
        let lessons = self.lessons().map(|lesson| self.announced_lesson(base_url, lesson)).collect();
        Announced { base_url: base_url.to_owned(), first, lessons }
    }

    fn announced_lesson(&self, base_url: &str, lesson: LessonId) -> AnnouncedLesson {
        let token = |word| self.secret(lesson, word).text();
        // The secret stands in the fragment, which browsers send to nobody.
        let link = |word| format!("{base_url}/join#{}", token(word));
        let endpoint = |word| Endpoint { url: format!("{base_url}/{word}/{lesson}"), token: token(word) };
        AnnouncedLesson {
            lesson,
            links: Links { trainer: link("trainer"), trainee: link("trainee"), committee: link("committee") },
            whip: endpoint("whip"),
            whep: endpoint("whep"),
        }
    }
}

async fn has_ended(store: &Store, lesson: LessonId) -> anyhow::Result<bool> {
    let record = store.lesson(lesson).await?;
    Ok(record.is_some_and(|record| matches!(record.phase, Phase::Ended { .. })))
}

/// The lessons and the secret of the last start.
fn kept(path: &Path) -> anyhow::Result<Option<(LessonId, Secret, Vec<LessonId>)>> {
    let content = match std::fs::read(path) {
        Ok(content) => content,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} can't be read", path.display())),
    };
    let kept: Option<Kept> = serde_json::from_slice(&content).ok();
    let damaged = || format!("{} is damaged: remove it, and the demo makes new links", path.display());
    let parsed = kept.and_then(|kept| Some((kept.lesson, Secret::parse(&kept.secret)?, kept.more)));
    parsed.with_context(damaged).map(Some)
}

#[cfg(test)]
mod tests;
