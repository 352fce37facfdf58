//! SQLite's one writing connection, and the transactions that its users share.
//!
//! A commit waits for the disk: a few milliseconds, whatever is in it. So writers that come at the same time share one:
//! the first begins a transaction and wakes the committer, which queues for the connection behind those who wait for it
//! already; each writes under a savepoint of its own, so that one's fault undoes nothing of another's; then the committer
//! commits for all, and only then anybody hears of success.

use super::fault::failed;
use super::records::StoreError;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, Notify, oneshot};
use tokio::task::JoinHandle;

/// How long a writer waits for its turn before it gives up.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);

/// The writing side of a database; ends its committer when it is dropped.
pub(super) struct Writer {
    shared: Arc<Shared>,
    committer: JoinHandle<()>,
}

struct Shared {
    state: Mutex<State>,
    begun: Notify,
}

struct State {
    /// Gone once the database is closed.
    connection: Option<SqliteConnection>,
    /// A transaction is under way.
    open: bool,
    /// A transaction is being begun; where its writer went away meanwhile, nobody knows whether it was.
    beginning: bool,
    /// A savepoint is under way; where its writer went away in the middle, the next one rolls it back. It may have been
    /// about to be made, or released already.
    dangling: bool,
    /// Commits don't wait for the disk; set before the database is told so, and until it was told otherwise.
    light: bool,
    /// Who waits for the commit. As many as came at the same time: each is a call that is under way.
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        let state = State {
            connection: Some(connection),
            open: false,
            beginning: false,
            dangling: false,
            light: false,
            waiting: Vec::new(),
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), begun: Notify::new() });
        let committer = tokio::spawn(commit_forever(Arc::clone(&shared)));
        Self { shared, committer }
    }

    /// Waits for the connection. What the turn writes is undone unless it is ended.
    pub(super) async fn turn(&self) -> Result<Turn<'_>, StoreError> {
        let Ok(mut state) = tokio::time::timeout(TURN_TIMEOUT, self.shared.state.lock()).await else {
            return Err(failed(sqlx::Error::PoolTimedOut));
        };
        state.forget_the_abandoned().await.map_err(failed)?;
        if !state.open {
            self.shared.begun.notify_one();
            state.begin().await?;
        }
        state.dangling = true;
        if let Err(error) = state.connection()?.execute("SAVEPOINT turn").await {
            state.dangling = false;
            return Err(failed(error));
        }
        Ok(Turn { state })
    }

    /// Runs one statement with these numbers that need not outlive the machine. Where a transaction is under way it
    /// is part of that; else it is one of its own that does not wait for the disk.
    pub(super) async fn lightly(&self, sql: &'static str, numbers: [i64; 3]) -> Result<(), StoreError> {
        let Ok(mut state) = tokio::time::timeout(TURN_TIMEOUT, self.shared.state.lock()).await else {
            return Err(failed(sqlx::Error::PoolTimedOut));
        };
        state.forget_the_abandoned().await.map_err(failed)?;
        if !state.open {
            state.light = true;
            state.connection()?.execute("PRAGMA synchronous = NORMAL").await.map_err(failed)?;
        }
        let [first, second, third] = numbers;
        let done = sqlx::query(sql).bind(first).bind(second).bind(third).execute(state.connection()?).await;
        state.wait_for_the_disk().await?;
        done.map(|_| ()).map_err(failed)
    }

    /// Commits what is under way and closes the connection; later turns fail.
    pub(super) async fn close(&self) {
        let mut state = self.shared.state.lock().await;
        state.commit().await;
        if let Some(connection) = state.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::error!(%error, "the database did not close well");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.committer.abort();
    }
}

/// One writer's time with the connection.
pub(super) struct Turn<'a> {
    state: MutexGuard<'a, State>,
}

impl Turn<'_> {
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.state.connection()
    }

    /// Ends the turn; returns once what was written is durable.
    pub(super) async fn end(mut self) -> Result<(), StoreError> {
        self.connection()?.execute("RELEASE turn").await.map_err(failed)?;
        self.state.dangling = false;
        let (sender, committed) = oneshot::channel();
        self.state.waiting.push(sender);
        drop(self);
        match committed.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(text)) => Err(StoreError::Unavailable(text)),
            Err(_) => Err(failed(sqlx::Error::PoolClosed)),
        }
    }
}

impl State {
    fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.connection.as_mut().ok_or_else(|| failed(sqlx::Error::PoolClosed))
    }

    /// From here on, commits wait for the disk again.
    async fn wait_for_the_disk(&mut self) -> Result<(), StoreError> {
        if self.light {
            self.connection()?.execute("PRAGMA synchronous = FULL").await.map_err(failed)?;
            self.light = false;
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), StoreError> {
        self.wait_for_the_disk().await?;
        self.beginning = true;
        let begun = self.connection()?.execute("BEGIN IMMEDIATE").await;
        self.beginning = false;
        self.open = begun.is_ok();
        begun.map(|_| ()).map_err(failed)
    }

    /// Undoes what a writer left that went away in the middle.
    async fn forget_the_abandoned(&mut self) -> Result<(), sqlx::Error> {
        let Some(connection) = self.connection.as_mut() else { return Ok(()) };
        if self.beginning {
            // Nobody has written in it. If it never began, there is nothing to roll back, and SQLite says so.
            let _ = connection.execute("ROLLBACK").await;
            self.beginning = false;
        }
        if self.dangling {
            match connection.execute("ROLLBACK TO turn; RELEASE turn").await {
                Err(error) if !error.to_string().contains("no such savepoint") => return Err(error),
                _ => self.dangling = false,
            }
        }
        Ok(())
    }

    /// Ends the transaction that is under way, if one is, and tells those who wait for it.
    async fn commit(&mut self) {
        let tidied = self.forget_the_abandoned().await;
        let Some(connection) = self.connection.as_mut().filter(|_| self.open) else { return };
        let ended = match tidied {
            Ok(()) => connection.execute("COMMIT").await.map(|_| ()),
            Err(error) => Err(error),
        };
        let result = match ended {
            Ok(()) => Ok(()),
            Err(error) => {
                // Nothing of it may stay: the next transaction starts from what is durable.
                let _ = connection.execute("ROLLBACK").await;
                Err(failed(error).to_string())
            }
        };
        self.open = false;
        self.dangling = false;
        for waiting in self.waiting.drain(..) {
            // Who no longer waits has gone away; what they wrote stays.
            let _ = waiting.send(result.clone());
        }
    }
}

async fn commit_forever(shared: Arc<Shared>) {
    loop {
        shared.begun.notified().await;
        shared.state.lock().await.commit().await;
    }
}
