//! The demo: a school with a lesson on air now (or several), and links into it that stay the same over restarts.
//!
//! `demo-secrets.json` in the data folder keeps what the links are made of, since the store has only hashes;
//! `demo.json` tells tools where everything is, and is there only while the server is ready.

mod country;
mod school;

pub use country::DemoCountry;

use super::files::write_private;
use crate::auth::{Auth, Secret, new_id};
use crate::ids::{FeedId, InvitationId, LessonId, PersonId};
use crate::protocol::{Phase, Role};
use crate::store::{Change, ChangedBy, Feed, Invitation, InvitationPurpose, Store, StoreError};
use crate::time::{Clock, Timestamp};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long the links are good after each start.
const LINKS_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);

/// The lesson started this long ago at least, on a round time.
const STARTED_AGO: Duration = Duration::from_secs(3 * 60);
const ROUND_US: i64 = 5 * 60 * 1_000_000;

/// How many characters of base64url a password has: 120 bits.
const PASSWORD_CHARS: usize = 20;

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
    /// What passwords and the calendar feed are made of; it outlives the lesson.
    accounts: Secret,
    /// The lesson that was over last, of which the ledger is written beside.
    past: Option<LessonId>,
}

/// `demo-secrets.json`.
#[derive(Serialize, Deserialize)]
struct Kept {
    lesson: LessonId,
    secret: String,
    #[serde(default)]
    more: Vec<LessonId>,
    accounts: Option<String>,
}

/// `demo.json`.
#[derive(Serialize)]
struct Announced {
    base_url: String,
    #[serde(flatten)]
    first: AnnouncedLesson,
    /// All of them, the first included.
    lessons: Vec<AnnouncedLesson>,
    /// Who can sign in.
    accounts: BTreeMap<&'static str, AnnouncedAccount>,
    /// A trainee's timetable, for calendars.
    calendar_feed: String,
    /// Where the sealed ledger of a lesson that is over is, for `qism attendance verify`.
    sealed_ledger: Option<PathBuf>,
}

#[derive(Clone, Serialize)]
struct AnnouncedAccount {
    sign_in: &'static str,
    password: String,
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
        let mut demo = Self::resume_or_begin(store, folder, lessons, now).await?;
        demo.past = demo.write_school(store, now).await.context("the demo school can't be written")?;
        Ok(demo)
    }

    async fn resume_or_begin(store: &Store, folder: &Path, lessons: u16, now: Timestamp) -> anyhow::Result<Self> {
        let path = folder.join("demo-secrets.json");
        let (kept, accounts) = kept(&path)?.unzip();
        let (lesson, secret, more) = match kept {
            Some((lesson, secret, more)) if !has_ended(store, lesson).await? => (lesson, secret, more),
            _ => (LessonId(new_id(now)?), Secret::random()?, Vec::new()),
        };
        let accounts = match accounts.flatten() {
            Some(accounts) => accounts,
            None => Secret::random()?,
        };
        let mut demo = Self { folder: folder.to_owned(), lesson, secret, more, accounts, past: None };
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
        let kept = Kept {
            lesson: demo.lesson,
            secret: demo.secret.text(),
            more: demo.more.clone(),
            accounts: Some(demo.accounts.text()),
        };
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

    /// Gives the lesson that was over last.
    async fn write_school(&self, store: &Store, now: Timestamp) -> anyhow::Result<Option<LessonId>> {
        let started = now.micros().saturating_sub(i64::try_from(STARTED_AGO.as_micros())?);
        let starts_at = Timestamp(started.div_euclid(ROUND_US).saturating_mul(ROUND_US));
        let past = school::write(store, now, &self.accounts.derive("school")).await?;
        self.write_passwords(store, now).await?;
        self.write_feed(store, now).await?;
        for lesson in self.lessons() {
            school::write_lesson(store, lesson, starts_at).await?;
            self.write_invitations(store, lesson, now).await?;
        }
        Ok(past)
    }

    /// Gives those who can sign in their passwords, once: hashing takes a while, and who chose another keeps it.
    async fn write_passwords(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let auth = Auth::new(store.clone(), Arc::new(Always(now)));
        for account in school::ACCOUNTS {
            let person = PersonId(account.person());
            if !store.has_password(person).await? {
                let hashed = auth.hash_password(&self.password(&account)).await?;
                let by = by_the_demo(now, "person.password");
                store.of(account.institution).set_password(person, &hashed, &by).await?;
            }
        }
        Ok(())
    }

    /// Gives the trainee who can sign in a calendar feed.
    async fn write_feed(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let secret = self.feed();
        let Some(trainee) = school::ACCOUNTS.iter().find(|account| account.word == "trainee") else { return Ok(()) };
        if store.feed_owner(&secret.hash()).await?.is_some() {
            return Ok(());
        }
        let feed = Feed { id: FeedId(new_id(now)?), person: PersonId(trainee.person()) };
        let by = by_the_demo(now, "calendar_feed.create");
        match store.of(trainee.institution).create_feed(&feed, &secret.hash(), &by).await {
            // Its owner revoked it, and it stays so.
            Err(StoreError::Conflict) => Ok(()),
            made => Ok(made?),
        }
    }

    fn password(&self, account: &school::Account) -> String {
        self.accounts.derive(account.word).text().chars().take(PASSWORD_CHARS).collect()
    }

    fn feed(&self) -> Secret {
        self.accounts.derive("calendar_feed")
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

    /// Says that the server is ready: writes `demo.json` and a sealed ledger beside it, and gives the lines that people are
    /// shown.
    ///
    /// # Errors
    /// Where a file can't be written.
    pub async fn announce(&self, store: &Store, base_url: &str) -> anyhow::Result<String> {
        let sealed_ledger = self.write_ledger(store).await?;
        let announced = self.announced(base_url, sealed_ledger);
        let path = self.folder.join("demo.json");
        write_private(&path, &serde_json::to_vec_pretty(&announced)?)
            .with_context(|| format!("{} can't be written", path.display()))?;
        let Links { trainer, trainee, committee } = &announced.first.links;
        let accounts = announced.accounts.iter().map(|(word, AnnouncedAccount { sign_in, password })| {
            format!("  {word:<18}  {sign_in} with the password {password}\n")
        });
        let accounts: String = accounts.collect();
        Ok(format!(
            "Qism is ready. Sign in at {base_url}/sign-in as one of these:\n{accounts}Or open these links into the \
             lesson on air, each in a browser window of its own:\n  trainer             {trainer}\n  trainee             \
             {trainee}\n  committee observer  {committee}"
        ))
    }

    /// Writes the ledger of the lesson that was over last as the server gives it out; gives its path.
    async fn write_ledger(&self, store: &Store) -> anyhow::Result<Option<PathBuf>> {
        let Some(lesson) = self.past else { return Ok(None) };
        let Some(ledger) = store.of(school::INSTITUTION).ledger(lesson).await? else { return Ok(None) };
        let path = std::path::absolute(self.folder.join("sealed-ledger.jsonl"))?;
        write_private(&path, ledger.as_bytes()).with_context(|| format!("{} can't be written", path.display()))?;
        Ok(Some(path))
    }

    fn announced(&self, base_url: &str, sealed_ledger: Option<PathBuf>) -> Announced {
        let first = self.announced_lesson(base_url, self.lesson);
        let lessons = self.lessons().map(|lesson| self.announced_lesson(base_url, lesson)).collect();
        let accounts = school::ACCOUNTS.map(|account| {
            (account.word, AnnouncedAccount { sign_in: account.sign_in, password: self.password(&account) })
        });
        let calendar_feed = format!("{base_url}/calendar/{}.ics", self.feed().text());
        Announced {
            base_url: base_url.to_owned(),
            first,
            lessons,
            accounts: accounts.into(),
            calendar_feed,
            sealed_ledger,
        }
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

/// The one moment at which the demo is written.
struct Always(Timestamp);

impl Clock for Always {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn by_the_demo(at: Timestamp, action: &'static str) -> Change {
    Change { at, actor: ChangedBy::System, action, subject: None, detail: serde_json::json!({}) }
}

async fn has_ended(store: &Store, lesson: LessonId) -> anyhow::Result<bool> {
    let record = store.lesson(lesson).await?;
    Ok(record.is_some_and(|record| matches!(record.phase, Phase::Ended { .. })))
}

/// The lessons and the secret of the last start.
type KeptLessons = (LessonId, Secret, Vec<LessonId>);

/// What the last start left: its lessons, and what the accounts' secrets are made of.
fn kept(path: &Path) -> anyhow::Result<Option<(KeptLessons, Option<Secret>)>> {
    let content = match std::fs::read(path) {
        Ok(content) => content,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} can't be read", path.display())),
    };
    let kept: Option<Kept> = serde_json::from_slice(&content).ok();
    let damaged = || format!("{} is damaged: remove it, and the demo makes new links", path.display());
    let parsed = kept.and_then(|kept| {
        // Demos of before there were accounts have none.
        let accounts = match &kept.accounts {
            Some(text) => Some(Secret::parse(text)?),
            None => None,
        };
        Some(((kept.lesson, Secret::parse(&kept.secret)?, kept.more), accounts))
    });
    parsed.with_context(damaged).map(Some)
}

#[cfg(test)]
mod tests;
