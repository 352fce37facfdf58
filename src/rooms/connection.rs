use super::news::{News, Telling, Told};
use super::seat::{Caller, LastSign, Outbox};
use crate::ids::{EventSeq, ParticipantId};
use crate::insight::Insight;
use crate::protocol::{ByeReason, Role, ServerMessage};
use crate::time::Timestamp;
use bytes::Bytes;
use tokio::sync::{mpsc, watch};

/// How many messages wait for one connection, where those that were told together count as one; one more cuts it. A
/// batch of events and what a resuming client missed fit in, so only who does not read is cut.
pub(super) const OUTBOX_MAX: usize = 1_024;

/// A message as it goes over the wire.
pub(super) fn encode(message: &ServerMessage) -> Bytes {
    // Serialising these types can't fail: no map has other keys than strings, and no float is written as a key.
    Bytes::from(serde_json::to_vec(message).unwrap_or_default())
}

/// What a room has for a connection.
pub(super) enum Delivery {
    One(Bytes),
    /// What everybody hears, shared by all.
    Told(Told),
}

/// The room's end of one connection.
pub(super) struct Connection {
    number: u64,
    participant: ParticipantId,
    role: Role,
    /// The newest event in its outbox, or in the state that it got instead.
    heard: EventSeq,
    last_sign: LastSign,
    messages: mpsc::Sender<Delivery>,
    closing: watch::Sender<Option<ByeReason>>,
    insight: Insight,
}

impl Connection {
    /// `heard` is the newest event that the first messages bring.
    pub fn open(
        number: u64,
        participant: ParticipantId,
        role: Role,
        heard: EventSeq,
        last_sign: LastSign,
        insight: Insight,
    ) -> (Self, Outbox) {
        let (messages, receiver) = mpsc::channel(OUTBOX_MAX);
        let (closing, closed) = watch::channel(None);
        insight.participant_connected(role);
        let connection = Self { number, participant, role, heard, last_sign, messages, closing, insight };
        (connection, Outbox::new(receiver, closed))
    }

    pub fn is(&self, caller: Caller) -> bool {
        self.number == caller.connection && self.participant == caller.participant
    }

    /// The client's last sign of life, by the rooms' clock.
    pub fn last_sign(&self) -> Timestamp {
        self.last_sign.at()
    }

    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether the message found room; if not, the connection is to be cut.
    #[must_use]
    pub fn send(&self, message: Bytes) -> bool {
        self.messages.try_send(Delivery::One(message)).is_ok()
    }

    /// Whether what is new to this connection found room; if not, it is to be cut.
    #[must_use]
    pub fn tell(&mut self, telling: &Telling) -> bool {
        let Some(told) = telling.after(self.heard) else { return true };
        self.heard = telling.newest().unwrap_or(self.heard).max(self.heard);
        self.messages.try_send(Delivery::Told(told)).is_ok()
    }

    /// Tells a connection that is about to be closed what the others hear a moment later.
    pub fn tell_last(&self, news: &News) {
        for text in news.after(self.heard) {
            // Who has no room for it hears nothing more at all.
            let _ = self.messages.try_send(Delivery::One(text.clone()));
        }
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
