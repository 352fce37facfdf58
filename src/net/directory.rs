//! Where every peer is, for the services' threads and the shards' alike, and the way to each shard.

use crate::shard::{Command, Placement, ShardId};
use mio::Waker;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The placement of peers, and what it tells the shards. Never on a packet's path.
pub(super) struct Directory {
    /// Commands are handed over while it is held, so that each shard hears of changes in the order in which they came.
    placement: Mutex<Placement>,
    links: OnceLock<Vec<ShardLink>>,
}

/// The way to one shard's thread.
pub(super) struct ShardLink {
    pub commands: SyncSender<Command>,
    pub waker: Arc<Waker>,
}

impl Directory {
    pub fn new(placement: Placement) -> Self {
        Self { placement: Mutex::new(placement), links: OnceLock::new() }
    }

    /// Names the shards' threads once all have started.
    pub fn link(&self, links: Vec<ShardLink>) {
        let _ = self.links.set(links);
    }

    /// Reads or changes the placement, and tells the shards what follows. Never blocks for long: nobody waits for
    /// anything while holding it.
    pub fn with<T>(&self, act: impl FnOnce(&mut Placement) -> T) -> T {
        let mut placement = self.placement.lock().unwrap_or_else(PoisonError::into_inner);
        let result = act(&mut placement);
        while let Some((shard, command)) = placement.poll_command() {
            if let Some(link) = self.shard(shard) {
                link.send(command);
            }
        }
        result
    }

    /// Makes a shard's thread look for what it was handed.
    pub fn wake(&self, shard: ShardId) {
        if let Some(link) = self.shard(shard) {
            link.wake();
        }
    }

    fn shard(&self, shard: ShardId) -> Option<&ShardLink> {
        self.links.get()?.get(shard.at())
    }
}

impl ShardLink {
    fn send(&self, command: Command) {
        if self.commands.try_send(command).is_err() {
            tracing::error!("a shard does not take commands any more");
            return;
        }
        self.wake();
    }

    fn wake(&self) {
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "a shard can't be woken");
        }
    }
}
