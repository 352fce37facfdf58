//! The pages that everybody opens at the same hour: so many requests a second, whatever the answers take, on a store
//! that `qism seed` filled.

use crate::http::{Reply, Request, send};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use hdrhistogram::Histogram;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

/// How many people sign in to ask at a rate.
const PEOPLE: usize = 150;

/// How many sign in at once: each costs the server a hash.
const SIGNING_IN: usize = 2;

/// How many requests may be under way; more is a server that does not keep up, which the figures show.
const UNDER_WAY_MAX: usize = 2_000;

/// What people look for in the catalogue; spelt as people type, not as the courses are titled.
const SEARCHES: [&str; 6] = ["كهرباء", "soudure", "الفلاحه", "electricite batiment", "froid kenitra", "محاسبة"];

/// Requests a second on a store that `qism seed` filled
#[derive(Args, Clone, Debug)]
pub struct PagesOptions {
    /// The server's address, http://HOST:PORT
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// The seed.json beside its database
    #[arg(long, value_name = "FILE")]
    pub seed: PathBuf,
    /// Which page
    #[arg(long, value_enum)]
    pub page: Page,
    /// How many requests a second
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    pub rate: u32,
    /// For how long; 0: each person's once, all at the same moment
    #[arg(long, value_name = "S", default_value_t = 20)]
    pub seconds: u64,
    /// How many open it, where all do at the same moment
    #[arg(long, value_name = "N", default_value_t = 1_300)]
    pub at_once: usize,
    /// What the line of the table begins with
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub label: String,
}

/// A page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Page {
    Today,
    Week,
    Catalogue,
    /// What a committee of the ministry asks: the country's month by region, a region's by institution, and an
    /// institution's by course
    Report,
}

/// What pages are asked for with.
struct Paths {
    week: String,
    /// The addresses of reports.
    reports: Vec<String>,
}

impl Page {
    fn path(self, turn: usize, paths: &Paths) -> String {
        match self {
            Self::Report => paths.reports.get(turn % paths.reports.len().max(1)).cloned().unwrap_or_default(),
            Self::Today => "/api/me/today".to_owned(),
            Self::Week => format!("/api/me/timetable?{}", paths.week),
            Self::Catalogue => {
                let search = SEARCHES[turn % SEARCHES.len()];
                let escaped: String = search.bytes().map(|byte| format!("%{byte:02X}")).collect();
                format!("/api/catalogue?search={escaped}")
            }
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "week",
            Self::Catalogue => "catalogue",
            Self::Report => "report",
        }
    }
}

/// `seed.json`.
#[derive(Deserialize)]
struct Seed {
    password: String,
    administrator: String,
    trainees: Vec<String>,
}

/// What came of the requests.
struct Outcome {
    latency_us: Histogram<u64>,
    failed: Vec<String>,
    bytes: u64,
    took: Duration,
}

/// Asks, prints a line of a table, and fails where an answer was no success.
///
/// # Errors
/// Where nobody can sign in, or answers failed.
pub async fn run(options: &PagesOptions) -> Result<()> {
    let seed = std::fs::read(&options.seed).with_context(|| format!("read {}", options.seed.display()))?;
    let seed: Seed = serde_json::from_slice(&seed).context("seed.json")?;
    let people = if options.seconds == 0 { options.at_once } else { PEOPLE };
    let names: Vec<&String> = match options.page {
        Page::Report => vec![&seed.administrator],
        _ => seed.trainees.iter().step_by(seed.trainees.len().div_ceil(people).max(1)).collect(),
    };
    let cookies = Arc::new(sign_in(&options.url, &names, &seed.password).await?);
    let reports = match options.page {
        Page::Report => report_paths(&options.url, cookies.first().context("nobody signed in")?).await?,
        _ => Vec::new(),
    };
    let paths = Arc::new(Paths { week: this_week()?, reports });
    let asked = if options.seconds == 0 {
        at_once(options, &cookies, &paths).await?
    } else {
        at_rate(options, &cookies, &paths).await?
    };
    let count = asked.latency_us.len();
    ensure!(count > 0, "no request was answered");
    let ms = |quantile: f64| asked.latency_us.value_at_quantile(quantile) as f64 / 1_000.0;
    let rate = count as f64 / asked.took.as_secs_f64();
    let kilobytes = asked.bytes as f64 / count as f64 / 1_000.0;
    println!(
        "| {} | {} | {count} | {rate:.0} | {:.1} | {:.1} | {:.1} | {kilobytes:.1} | {} |",
        options.label,
        options.page.word(),
        ms(0.5),
        ms(0.95),
        ms(0.99),
        asked.failed.len(),
    );
    match asked.failed.first() {
        None => Ok(()),
        Some(first) => bail!("{} requests failed, the first: {first}", asked.failed.len()),
    }
}

async fn at_rate(options: &PagesOptions, cookies: &Arc<Vec<String>>, paths: &Arc<Paths>) -> Result<Outcome> {
    let (told, answers) = mpsc::channel(UNDER_WAY_MAX);
    let collected = tokio::spawn(collect(answers));
    let began = Instant::now();
    let mut ticks = interval_at(began, Duration::from_secs(1) / options.rate);
    let requests = usize::try_from(u64::from(options.rate) * options.seconds)?;
    let places = Arc::new(Semaphore::new(UNDER_WAY_MAX));
    for turn in 0..requests {
        // From when the request was due, not from when it could be sent: a server that stalls delays those after too.
        let due = ticks.tick().await;
        let place = Arc::clone(&places).acquire_owned().await?;
        let (url, page, told) = (options.url.clone(), options.page, told.clone());
        let (cookies, paths) = (Arc::clone(cookies), Arc::clone(paths));
        tokio::spawn(async move {
            let answer = ask(&url, page, turn, &cookies, &paths).await;
            let _ = told.send((due.elapsed(), answer)).await;
            drop(place);
        });
    }
    drop(told);
    let mut outcome = collected.await??;
    outcome.took = began.elapsed();
    Ok(outcome)
}

async fn at_once(options: &PagesOptions, cookies: &Arc<Vec<String>>, paths: &Arc<Paths>) -> Result<Outcome> {
    let (told, answers) = mpsc::channel(UNDER_WAY_MAX);
    let collected = tokio::spawn(collect(answers));
    let began = Instant::now();
    for turn in 0..options.at_once {
        let (url, page, told) = (options.url.clone(), options.page, told.clone());
        let (cookies, paths) = (Arc::clone(cookies), Arc::clone(paths));
        tokio::spawn(async move {
            let answer = ask(&url, page, turn, &cookies, &paths).await;
            let _ = told.send((began.elapsed(), answer)).await;
        });
    }
    drop(told);
    let mut outcome = collected.await??;
    outcome.took = began.elapsed();
    Ok(outcome)
}

async fn collect(mut answers: mpsc::Receiver<(Duration, Result<Reply>)>) -> Result<Outcome> {
    let latency_us = Histogram::new_with_bounds(1, 60_000_000, 3)?;
    let mut outcome = Outcome { latency_us, failed: Vec::new(), bytes: 0, took: Duration::ZERO };
    while let Some((latency, answer)) = answers.recv().await {
        match answer {
            Ok(reply) if reply.status == 200 => outcome.bytes += u64::try_from(reply.body.len())?,
            Ok(reply) => outcome.failed.push(format!("{}: {}", reply.status, reply.text())),
            Err(error) => outcome.failed.push(format!("{error:#}")),
        }
        outcome.latency_us.saturating_record(u64::try_from(latency.as_micros())?);
    }
    Ok(outcome)
}

async fn ask(url: &str, page: Page, turn: usize, cookies: &[String], paths: &Paths) -> Result<Reply> {
    let cookie = cookies.get(turn % cookies.len().max(1)).map_or("", String::as_str);
    let path = page.path(turn, paths);
    send(url, Request { method: "GET", path: &path, headers: &[("cookie", cookie)], body: b"" }).await
}

/// The cookies of people of different institutions.
async fn sign_in(url: &str, names: &[&String], password: &str) -> Result<Vec<String>> {
    let places = Arc::new(Semaphore::new(SIGNING_IN));
    let mut signing = JoinSet::new();
    for name in names {
        let body = serde_json::json!({ "sign_in": name, "password": password }).to_string();
        let (url, places) = (url.to_owned(), Arc::clone(&places));
        signing.spawn(async move {
            let _place = places.acquire_owned().await?;
            let headers = [("content-type", "application/json")];
            let path = "/api/sign-in";
            let reply = send(&url, Request { method: "POST", path, headers: &headers, body: body.as_bytes() }).await?;
            ensure!(reply.status == 200, "signing in: {} {}", reply.status, reply.text());
            let cookie = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()).context("no cookie")?;
            Ok(cookie.to_owned())
        });
    }
    let mut cookies = Vec::new();
    while let Some(signed) = signing.join_next().await {
        cookies.push(signed??);
    }
    Ok(cookies)
}

/// So many regions, and institutions of each, are asked about.
const REGIONS: usize = 6;
const INSTITUTIONS: usize = 4;

/// A line of a report.
#[derive(Deserialize)]
struct Row {
    id: String,
}

#[derive(Deserialize)]
struct Report {
    rows: Vec<Row>,
}

/// The addresses of the last month's reports: as often the country's as a region's and an institution's.
async fn report_paths(url: &str, cookie: &str) -> Result<Vec<String>> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let first = today.checked_sub(jiff::Span::new().days(30))?;
    let days = format!("from={first}&to={today}");
    let before = first.checked_sub(jiff::Span::new().days(31))?;
    let compare = format!("compare_from={before}&compare_to={}", first.yesterday()?);
    let country = format!("/api/reports?{days}&{compare}&by=region");
    let mut paths = Vec::new();
    for region in rows(url, cookie, &country).await?.iter().take(REGIONS) {
        let of_region = format!("/api/reports?{days}&{compare}&by=institution&region={}", region.id);
        for institution in rows(url, cookie, &of_region).await?.iter().take(INSTITUTIONS) {
            paths.push(country.clone());
            paths.push(of_region.clone());
            paths.push(format!("/api/institutions/{}/reports?{days}&{compare}&by=course", institution.id));
        }
    }
    ensure!(!paths.is_empty(), "no lessons were given in the last month");
    Ok(paths)
}

async fn rows(url: &str, cookie: &str, path: &str) -> Result<Vec<Row>> {
    let reply = send(url, Request { method: "GET", path, headers: &[("cookie", cookie)], body: b"" }).await?;
    ensure!(reply.status == 200, "{path}: {} {}", reply.status, reply.text());
    let report: Report = serde_json::from_slice(&reply.body).context("a report")?;
    ensure!(!report.rows.is_empty(), "{path}: no rows");
    Ok(report.rows)
}

/// From this Monday to the next, as the query of a week's page.
fn this_week() -> Result<String> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let monday = today.checked_sub(jiff::Span::new().days(today.weekday().to_monday_zero_offset()))?;
    let last = monday.checked_add(jiff::Span::new().days(6))?;
    Ok(format!("from={monday}&to={last}"))
}
