//! The WebSocket: one connection between one client and its room.
//!
//! Owns what a connection may do before and beside the room: how it begins, how often it may ask, how long it may be
//! silent or not read, how it ends. Refuses to know what a message means for a room: that is `rooms`' and
//! `classroom`'s. The order of messages is docs/PROTOCOL.md's.

mod board;
mod connection;
mod handshake;
mod limits;
mod origin;
mod socket;

pub use handshake::Upgrade;
pub use origin::is_own_origin;

use crate::auth::Auth;
use crate::board::{Board, View};
use crate::insight::Insight;
use crate::protocol::{BOARD_SUBPROTOCOL, SUBPROTOCOL};
use crate::rooms::Rooms;
use crate::time::Clock;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many connections are open at once, those that have not said `hello` included; the next is refused.
pub const CONNECTIONS_MAX: usize = 10_000;

/// How long a client has to say `hello`.
pub const HELLO_WITHIN: Duration = Duration::from_secs(5);

/// How long one message may take to be sent before the client counts as not reading.
pub const WRITE_WITHIN: Duration = Duration::from_secs(10);

/// How long the server waits for its last words to be sent and for the client to close in turn.
pub const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// What every connection works with; cheap to clone.
#[derive(Clone)]
pub struct Signalling {
    auth: Auth,
    rooms: Rooms,
    clock: Arc<dyn Clock>,
    insight: Insight,
    board: Board,
    places: Arc<Semaphore>,
    readers: Arc<Semaphore>,
}

/// Why a WebSocket is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpgradeRefusal {
    #[error("Open a WebSocket here (RFC 6455 §4.1).")]
    NoWebSocket,
    #[error("Ask for the WebSocket subprotocol {SUBPROTOCOL}.")]
    Subprotocol,
    #[error("The server has as many connections as it can hold; try again later.")]
    Full,
}

impl Signalling {
    #[must_use]
    pub fn new(auth: Auth, rooms: Rooms, board: Board, insight: Insight) -> Self {
        let clock = rooms.clock();
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let readers = Arc::new(Semaphore::new(board::READERS_MAX));
        Self { auth, rooms, clock, insight, board, places, readers }
    }

    /// Opens a WebSocket whose origin was found to be good.
    ///
    /// # Errors
    /// Where the client does not speak the subprotocol, or the server is full.
    pub fn upgrade(&self, upgrade: Upgrade) -> Result<Response, UpgradeRefusal> {
        if !upgrade.speaks(SUBPROTOCOL) {
            return Err(UpgradeRefusal::Subprotocol);
        }
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| UpgradeRefusal::Full)?;
        let signalling = self.clone();
        Ok(upgrade.accept(SUBPROTOCOL, async move |socket| {
            signalling.insight.websocket_opened();
            let ending = connection::serve(&signalling, socket).await;
            signalling.insight.websocket_closed(ending);
            drop(place);
        }))
    }

    /// Opens a board's WebSocket for somebody who was found to see what `view` says, by the session with this secret.
    ///
    /// # Errors
    /// Where the client does not speak the subprotocol, or the server is full.
    pub fn upgrade_board(&self, upgrade: Upgrade, session: String, view: View) -> Result<Response, UpgradeRefusal> {
        if !upgrade.speaks(BOARD_SUBPROTOCOL) {
            return Err(UpgradeRefusal::Subprotocol);
        }
        let place = Arc::clone(&self.readers).try_acquire_owned().map_err(|_| UpgradeRefusal::Full)?;
        let signalling = self.clone();
        Ok(upgrade.accept(BOARD_SUBPROTOCOL, async move |socket| {
            signalling.insight.websocket_opened();
            let ending = board::serve(&signalling, socket, session, view).await;
            signalling.insight.websocket_closed(ending);
            drop(place);
        }))
    }
}
