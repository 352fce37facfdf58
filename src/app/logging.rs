use super::traces::Exporter;
use crate::config::{Log, LogFormat};
use crate::insight::TRACES;
use anyhow::Context;
use std::io::IsTerminal;
use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Sends log lines to standard error from here on, and spans to their collector.
pub fn start(config: &Log, exporter: Option<&Exporter>) -> anyhow::Result<()> {
    let filter: Targets = config.filter.parse().context("log.filter can't be read")?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    // What is said of a join as a whole is for the collector; a line says what it is about by itself.
    let lines = lines.with_filter(filter).with_filter(filter_fn(|metadata| metadata.target() != TRACES));
    let traces = exporter.map(|exporter| {
        let layer = tracing_opentelemetry::layer().with_tracer(exporter.tracer()).with_location(false);
        layer.with_filter(filter_fn(|metadata| metadata.target() == TRACES))
    });
    let started = tracing_subscriber::registry().with(lines).with(traces).try_init();
    started.map_err(|error| anyhow::anyhow!("logging can't be started: {error}"))
}
