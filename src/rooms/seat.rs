use super::connection::Delivery;
use super::devices::{DeviceDone, DeviceKey, DeviceRefusal, DeviceRequest, DeviceSession, Direction};
use super::news::Told;
use crate::auth::{Admission, Refusal};
use crate::ids::{EventSeq, ParticipantId};
use crate::protocol::{ByeReason, Command, OfferedSource, Quality, ReceptionSummary, WatchedSlot};
use crate::time::Timestamp;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::{mpsc, oneshot, watch};

/// What a room's task is asked.
pub(super) enum Input {
    Attach {
        admission: Admission,
        resume: Option<EventSeq>,
        reply: oneshot::Sender<Result<(Seat, Outbox), Refusal>>,
    },
    /// A connection was lost; `since` is its last sign of life.
    Detach {
        caller: Caller,
        since: Timestamp,
    },
    Leave {
        caller: Caller,
    },
    Command {
        caller: Caller,
        id: u32,
        command: Command,
    },
    Offer {
        caller: Caller,
        id: u32,
        sdp: String,
        sources: Vec<OfferedSource>,
    },
    Watch {
        caller: Caller,
        slots: Vec<WatchedSlot>,
    },
    Receive {
        caller: Caller,
        quality: Quality,
    },
    Summary {
        caller: Caller,
        summary: ReceptionSummary,
    },
    ConnectDevice {
        admission: Admission,
        direction: Direction,
        key: DeviceKey,
        offer: String,
        reply: oneshot::Sender<Result<DeviceSession, Refusal>>,
    },
    Device {
        device: ParticipantId,
        key: DeviceKey,
        request: DeviceRequest,
        reply: oneshot::Sender<Result<DeviceDone, DeviceRefusal>>,
    },
    /// Whether the room could be opened.
    Opened {
        reply: oneshot::Sender<Result<(), Refusal>>,
    },
    Stop {
        reply: oneshot::Sender<()>,
    },
}

/// Which connection of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub participant: ParticipantId,
    pub connection: u64,
}

/// A connection's last sign of life, in microseconds: what carries it notes it, and the room reads it.
#[derive(Clone)]
pub(super) struct LastSign(Arc<AtomicI64>);

impl LastSign {
    pub fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.micros())))
    }

    pub fn at(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// The room's task has ended; the connection can only close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the room is closed")]
pub struct RoomGone;

/// One connection's place in its room: what the client asks goes in here, and comes out of the [`Outbox`]. A seat
/// that was replaced by the participant's newer connection does nothing more.
///
/// End it with [`Seat::leave`] or [`Seat::lost`].
pub struct Seat {
    pub(super) room: mpsc::Sender<Input>,
    pub(super) caller: Caller,
    pub(super) heard: LastSign,
}

impl Seat {
    #[must_use]
    pub fn participant(&self) -> ParticipantId {
        self.caller.participant
    }

    /// The client gave a sign of life.
    pub fn heard(&self, at: Timestamp) {
        self.heard.0.store(at.micros(), Ordering::Relaxed);
    }

    /// # Errors
    /// Where the room is closed; the same for the other requests.
    pub async fn command(&self, id: u32, command: Command) -> Result<(), RoomGone> {
        self.send(Input::Command { caller: self.caller, id, command }).await
    }

    pub async fn offer(&self, id: u32, sdp: String, sources: Vec<OfferedSource>) -> Result<(), RoomGone> {
        self.send(Input::Offer { caller: self.caller, id, sdp, sources }).await
    }

    pub async fn watch(&self, slots: Vec<WatchedSlot>) -> Result<(), RoomGone> {
        self.send(Input::Watch { caller: self.caller, slots }).await
    }

    pub async fn receive(&self, quality: Quality) -> Result<(), RoomGone> {
        self.send(Input::Receive { caller: self.caller, quality }).await
    }

    /// The participant's client says how its reception was.
    pub async fn summarize(&self, summary: ReceptionSummary) -> Result<(), RoomGone> {
        self.send(Input::Summary { caller: self.caller, summary }).await
    }

    /// The participant leaves for good; the outbox closes with [`ByeReason::Left`].
    pub async fn leave(&self) -> Result<(), RoomGone> {
        self.send(Input::Leave { caller: self.caller }).await
    }

    /// The connection is gone; `since` is its last sign of life.
    pub async fn lost(self, since: Timestamp) -> Result<(), RoomGone> {
        self.send(Input::Detach { caller: self.caller, since }).await
    }

    async fn send(&self, input: Input) -> Result<(), RoomGone> {
        self.room.send(input).await.map_err(|_| RoomGone)
    }
}

/// What the room has for one connection: encoded messages, in order. Read it without pause: a connection whose
/// outbox is full is cut.
pub struct Outbox {
    messages: mpsc::Receiver<Delivery>,
    /// What is left of messages that came together.
    rest: Told,
    closing: watch::Receiver<Option<ByeReason>>,
}

impl Outbox {
    pub(super) fn new(messages: mpsc::Receiver<Delivery>, closing: watch::Receiver<Option<ByeReason>>) -> Self {
        Self { messages, rest: Told::default(), closing }
    }

    /// The next message as JSON text, or nothing more once the room has closed the connection: then
    /// [`Outbox::reason`] says why. Nothing is lost where the future is dropped.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(message) = self.rest.next() {
                return Some(message);
            }
            match self.messages.recv().await? {
                Delivery::One(message) => return Some(message),
                Delivery::Told(told) => self.rest = told,
            }
        }
    }

    /// The next message, if there is one already.
    pub fn next_ready(&mut self) -> Option<Bytes> {
        loop {
            if let Some(message) = self.rest.next() {
                return Some(message);
            }
            match self.messages.try_recv().ok()? {
                Delivery::One(message) => return Some(message),
                Delivery::Told(told) => self.rest = told,
            }
        }
    }

    /// Why the room closed this connection; absent while it is open, and where the room's task failed.
    #[must_use]
    pub fn reason(&self) -> Option<ByeReason> {
        *self.closing.borrow()
    }

    /// Waits until the room cuts the connection because its outbox is full. What it still holds is not worth sending.
    pub async fn cut(&mut self) {
        let is_cut = |reason: &Option<ByeReason>| *reason == Some(ByeReason::TooSlow);
        if self.closing.wait_for(is_cut).await.is_err() {
            // The room dropped its end without cutting: what is queued is worth sending.
            std::future::pending::<()>().await;
        }
    }
}
