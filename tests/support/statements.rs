//! Which statements the tests' servers run. Where `QISM_STATEMENTS` names a folder, they are written there, a line for
//! each kind of statement: `tests/plans` looks at how the databases would run them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, Once};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Where sqlx tells what it runs.
const TARGET: &str = "sqlx::query";

/// Records from now on, where it is asked for.
pub fn record() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Some(folder) = std::env::var_os("QISM_STATEMENTS").map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).expect("a folder for the statements");
        let file = File::create(folder.join(std::process::id().to_string())).expect("a file for the statements");
        let recorder = Recorder { seen: Mutex::new((BTreeSet::new(), file)) };
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(recorder));
    });
}

struct Recorder {
    seen: Mutex<(BTreeSet<String>, File)>,
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == TARGET
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        let whole = if said.statement.is_empty() { said.summary } else { said.statement };
        let line = whole.split_whitespace().collect::<Vec<_>>().join(" ");
        let (seen, file) = &mut *self.seen.lock().expect("no panic");
        if seen.insert(line.clone()) {
            writeln!(file, "{line}").expect("the statement is written");
        }
    }
}

/// A short statement is its own summary; a long one stands beside it.
#[derive(Default)]
struct Said {
    summary: String,
    statement: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.summary = value.to_owned(),
            "db.statement" => self.statement = value.to_owned(),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
