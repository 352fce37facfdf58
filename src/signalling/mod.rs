//! The WebSocket: one connection between one client and its room.
//!
//! Owns what a connection may do before and beside the room: how it begins, how often it may ask, how long it may be
//! silent or not read, how it ends. Refuses to know what a message means for a room: that is `rooms`' and
//! `classroom`'s. The order of messages is docs/PROTOCOL.md's.

mod connection;
mod limits;
mod origin;

pub use origin::is_own_origin;

use crate::auth::Auth;
use crate::insight::Insight;
use crate::protocol::{CLIENT_MESSAGE_BYTES_MAX, SUBPROTOCOL};
use crate::rooms::Rooms;
use crate::time::Clock;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many connections are open at once, those that have not said `hello` included; the next is refused.
pub const CONNECTIONS_MAX: usize = 10_000;

/// How much of a connection is read at once, in bytes. The buffer is held for as long as the connection is: most
/// messages are heartbeats, and the library's own 128 KiB would be the larger part of what a viewer costs in memory.
const READ_BUFFER_BYTES: usize = 8 * 1024;

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
    places: Arc<Semaphore>,
}

/// Why a WebSocket is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpgradeRefusal {
    #[error("Ask for the WebSocket subprotocol {SUBPROTOCOL}.")]
    Subprotocol,
    #[error("The server has as many connections as it can hold; try again later.")]
    Full,
}

impl Signalling {
    #[must_use]
    pub fn new(auth: Auth, rooms: Rooms, clock: Arc<dyn Clock>, insight: Insight) -> Self {
        Self { auth, rooms, clock, insight, places: Arc::new(Semaphore::new(CONNECTIONS_MAX)) }
    }

    /// Opens a WebSocket whose origin was found to be good.
    ///
    /// # Errors
    /// Where the client does not speak the subprotocol, or the server is full.
    pub fn upgrade(&self, upgrade: WebSocketUpgrade) -> Result<Response, UpgradeRefusal> {
        let upgrade = upgrade
            .protocols([SUBPROTOCOL])
            .max_message_size(CLIENT_MESSAGE_BYTES_MAX)
            .max_frame_size(CLIENT_MESSAGE_BYTES_MAX)
            .read_buffer_size(READ_BUFFER_BYTES);
        if upgrade.selected_protocol().is_none() {
            return Err(UpgradeRefusal::Subprotocol);
        }
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| UpgradeRefusal::Full)?;
        let signalling = self.clone();
        Ok(upgrade.on_upgrade(async move |socket| {
            signalling.insight.websocket_opened();
            let ending = connection::serve(&signalling, socket).await;
            signalling.insight.websocket_closed(ending);
            drop(place);
        }))
    }
}
