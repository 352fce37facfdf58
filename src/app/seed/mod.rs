//! `qism seed`: an invented country in an empty store, to try how a server carries one.
//!
//! Everybody's name, course and lesson is made up, and the same each time; only the password that some of them have is
//! new. `seed.json` in the data folder says who they are.

pub mod around;
mod country;
pub mod history;
mod lessons;
mod words;

use super::clock::SystemClock;
use super::files::{create_private_folder, write_private};
use super::say;
use crate::auth::{Auth, Secret};
use crate::config::Config;
use crate::store::{DumpSource, Store, StoreError};
use crate::time::{Clock, Timestamp};
use anyhow::{Context, bail};
use country::Country;
use serde::Serialize;
use std::sync::Arc;

/// How much there is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub institutions: u32,
    pub trainees: u32,
    pub lessons: u32,
}

/// `seed.json`.
#[derive(Serialize)]
struct Announced {
    password: String,
    /// Sign-in names of one administrator of the ministry, and of trainees and trainers, one of each institution.
    administrator: String,
    trainees: Vec<String>,
    trainers: Vec<String>,
}

/// Seeds.
///
/// # Errors
/// Where the store is not empty or can't be written.
pub async fn write(config: &Config, size: Size) -> anyhow::Result<()> {
    let data_dir = &config.server.data_dir;
    create_private_folder(data_dir).with_context(|| format!("{} can't be made", data_dir.display()))?;
    let store = Store::open(&config.store_url()).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let password = Secret::random()?.text();
    let hashed = Auth::new(store.clone(), Arc::clone(&clock)).hash_password(&password).await?;
    let country = Country::new(size, clock.now(), Some(hashed));
    let announced = Announced {
        password,
        administrator: country.administrator(),
        trainees: country.trainees(),
        trainers: country.trainers(),
    };
    let mut progress = Progress { country, table: "", lines: 0 };
    match store.load(&mut progress).await {
        Err(StoreError::Conflict) => bail!("the store is not empty: a country is seeded into an empty one only"),
        loaded => loaded?,
    }
    store.optimise().await?;
    store.close().await;
    let path = data_dir.join("seed.json");
    write_private(&path, &serde_json::to_vec_pretty(&announced)?)
        .with_context(|| format!("{} can't be written", path.display()))?;
    say(&format!("seeded; {} says who can sign in", path.display()));
    Ok(())
}

/// Whether a store holds the country.
///
/// # Errors
/// Where the store does not answer.
pub async fn is_there(store: &Store) -> Result<bool, StoreError> {
    Ok(store.standing_of(Country::ministry()).await?.is_some())
}

/// Fills an empty store with a country in which nobody can sign in.
///
/// # Errors
/// [`StoreError::Conflict`] where the store is not empty.
pub async fn fill(store: &Store, size: Size, now: Timestamp) -> Result<(), StoreError> {
    let mut country = Quiet(Country::new(size, now, None));
    store.load(&mut country).await?;
    store.optimise().await
}

struct Quiet(Country);

impl DumpSource for Quiet {
    fn line(&mut self, table: &'static str) -> std::io::Result<Option<String>> {
        Ok(self.0.line(table))
    }
}

/// How many lines pass between two words of progress.
const PROGRESS_LINES: u64 = 250_000;

/// Says how far it is.
struct Progress {
    country: Country,
    table: &'static str,
    lines: u64,
}

impl DumpSource for Progress {
    fn line(&mut self, table: &'static str) -> std::io::Result<Option<String>> {
        if table != self.table {
            (self.table, self.lines) = (table, 0);
        }
        let line = self.country.line(table);
        match &line {
            Some(_) => {
                self.lines += 1;
                if self.lines.is_multiple_of(PROGRESS_LINES) {
                    say(&format!("{table}: {} so far", self.lines));
                }
            }
            None if self.lines > 0 => say(&format!("{table}: {}", self.lines)),
            None => {}
        }
        Ok(line)
    }
}
