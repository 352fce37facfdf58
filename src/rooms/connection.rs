use super::seat::{Caller, Outbox};
use crate::ids::ParticipantId;
use crate::insight::Insight;
use crate::protocol::{ByeReason, Role, ServerMessage};
use bytes::Bytes;
use tokio::sync::{mpsc, watch};

/// How many messages wait for one connection; one more cuts it. A batch of events and what a resuming client missed
/// fit in, so only who does not read is cut.
pub(super) const OUTBOX_MAX: usize = 1_024;

/// A message as it goes over the wire.
pub(super) fn encode(message: &ServerMessage) -> Bytes {
    // Serialising these types can't fail: no map has other keys than strings, and no float is written as a key.
    Bytes::from(serde_json::to_vec(message).unwrap_or_default())
}

/// The room's end of one connection.
pub(super) struct Connection {
    number: u64,
    participant: ParticipantId,
    role: Role,
    messages: mpsc::Sender<Bytes>,
    closing: watch::Sender<Option<ByeReason>>,
    insight: Insight,
}

impl Connection {
    pub fn open(number: u64, participant: ParticipantId, role: Role, insight: Insight) -> (Self, Outbox) {
        let (messages, receiver) = mpsc::channel(OUTBOX_MAX);
        let (closing, closed) = watch::channel(None);
        insight.participant_connected(role);
        let connection = Self { number, participant, role, messages, closing, insight };
        (connection, Outbox { messages: receiver, closing: closed })
    }

    pub fn is(&self, caller: Caller) -> bool {
        self.number == caller.connection && self.participant == caller.participant
    }

    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether the message found room; if not, the connection is to be cut.
    #[must_use]
    pub fn send(&self, message: Bytes) -> bool {
        self.messages.try_send(message).is_ok()
    }

    /// Whether nobody reads any more.
    pub fn is_abandoned(&self) -> bool {
        self.messages.is_closed()
    }

    /// What is queued is still delivered, except where the reason is that it was too much.
    pub fn close(self, reason: ByeReason) {
        self.closing.send_replace(Some(reason));
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.insight.participant_disconnected(self.role);
    }
}
