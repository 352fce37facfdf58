//! Rooms: one task for each lesson that somebody is in, which owns the lesson's `classroom::Room`.
//!
//! A change is durable before anybody hears of it: the task appends the events to the store, then tells the
//! participants and the media plane. Owns who is connected and what each receiver is shown; refuses to decide who may
//! do what, which is `classroom`'s.

mod attendance;
mod clock;
mod connection;
mod devices;
mod dispatch;
mod drafts;
mod effects;
mod figures;
mod link;
mod log;
mod media;
mod news;
mod overdue;
mod quality;
mod seat;
mod signs;
mod slots;
mod spending;
mod standing;
mod task;

pub use devices::{DeviceIce, DeviceKey, DeviceRefusal, DeviceSession, Direction};
pub use media::{Looping, Media};
pub use seat::{Outbox, RoomGone, Seat};

use crate::auth::{Admission, Auth, Refusal};
use crate::board::Board;
use crate::ids::{EventSeq, LessonId, ParticipantId, PeerId, PublicationId};
use crate::insight::Insight;
use crate::net::LoopFault;
use crate::protocol::ErrorCode;
use crate::shard;
use crate::store::{LessonRecord, Store, StoreError};
use crate::time::Clock;
use clock::LessonClock;
use dashmap::DashMap;
use devices::{DeviceDone, DeviceRequest};
use seat::Input;
use signs::Signs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// How many requests wait for one room; then whoever sends one waits too.
const ROOM_QUEUE: usize = 1_024;

/// How often a room that closes while somebody comes in is opened again before they are told to try later.
const OPEN_ATTEMPTS: usize = 3;

/// How long a graceful stop waits for one room's last commit.
const STOP_WAIT: Duration = Duration::from_secs(10);

/// All rooms of the process; cheap to clone.
#[derive(Clone)]
pub struct Rooms {
    shared: Arc<Shared>,
}

/// What all rooms share.
struct Shared {
    store: Store,
    auth: Auth,
    media: Arc<dyn Media>,
    clock: Arc<LessonClock>,
    signs: Signs,
    insight: Insight,
    board: Board,
    rooms: DashMap<LessonId, RoomHandle>,
    /// The room of each peer, so that what the media plane says finds its way.
    peers: DashMap<PeerId, LessonId>,
    next_publication: AtomicU64,
    stopping: AtomicBool,
}

/// How to reach a room's task.
#[derive(Clone)]
struct RoomHandle {
    inputs: mpsc::Sender<Input>,
    media: mpsc::Sender<dispatch::Notice>,
    /// Its other end goes once the room is closed and another may be opened in its place.
    gone: watch::Receiver<()>,
}

impl Shared {
    fn fresh_publication(&self) -> PublicationId {
        PublicationId(self.next_publication.fetch_add(1, Ordering::Relaxed))
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

impl Rooms {
    /// Makes an empty set of rooms and starts the task that routes the media plane's events to them; call it inside
    /// a tokio runtime. `media` is the [`crate::net::MediaPlane`], `media_events` the receiver it came with.
    #[must_use]
    pub fn new(
        store: Store,
        auth: Auth,
        media: Arc<dyn Media>,
        media_events: mpsc::Receiver<shard::Event>,
        clock: Arc<dyn Clock>,
        insight: Insight,
        board: Board,
    ) -> Self {
        let shared = Arc::new(Shared {
            store,
            auth,
            media,
            clock: LessonClock::new(clock),
            signs: Signs::default(),
            insight,
            board,
            rooms: DashMap::new(),
            peers: DashMap::new(),
            next_publication: AtomicU64::new(1),
            stopping: AtomicBool::new(false),
        });
        tokio::spawn(dispatch::run(Arc::clone(&shared), media_events));
        Self { shared }
    }

    /// Opens the rooms of lessons that were on air when the server stopped ([`Store::lessons_on_air`]), so that who
    /// does not come back is counted as gone even if nobody does, and begins to note that the server runs. To be called
    /// once, before the listener opens.
    ///
    /// # Errors
    /// Where a log can't be read.
    pub async fn reopen(&self, lessons: Vec<LessonRecord>) -> Result<(), StoreError> {
        self.shared.signs.remember(self.shared.store.server_signs().await?);
        tokio::spawn(signs::give(Arc::clone(&self.shared)));
        // Where the clock was set back since, their time goes on from where it was.
        let last_ran = self.shared.signs.newest().filter(|_| !lessons.is_empty());
        let _open = self.shared.clock.hold(last_ran);
        for lesson in lessons {
            let (reply, opened) = oneshot::channel();
            let handle = self.handle(lesson.card.id);
            let sent = handle.inputs.send(Input::Opened { reply }).await;
            let result = if sent.is_ok() { opened.await.ok() } else { None };
            match result {
                Some(Ok(())) => {}
                Some(Err(refusal)) => return Err(StoreError::Unavailable(refusal.detail)),
                None => return Err(StoreError::Unavailable(format!("the room {} did not open", lesson.card.id))),
            }
        }
        Ok(())
    }

    /// The time in rooms, by which signs of life are dated: nobody can set it while a room is open.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.shared.clock) as Arc<dyn Clock>
    }

    /// Brings somebody who was admitted into their room, in place of an earlier connection of theirs. With `resume`,
    /// the first message is followed by the events after it, where the room still has them; else it brings the whole
    /// state.
    ///
    /// # Errors
    /// Where the room refuses them, or what happened can't be made durable.
    pub async fn join(&self, admission: &Admission, resume: Option<EventSeq>) -> Result<(Seat, Outbox), Refusal> {
        let lesson = admission.lesson;
        self.ask(lesson, |reply| Input::Attach { admission: admission.clone(), resume, reply }).await?
    }

    /// Connects an encoder or a player that was admitted: a participant of its own, there for as long as its media
    /// is.
    ///
    /// # Errors
    /// Where the offer can't be used, the room refuses it, or what happened can't be made durable.
    pub async fn connect_device(
        &self,
        admission: &Admission,
        direction: Direction,
        key: DeviceKey,
        offer: &str,
    ) -> Result<DeviceSession, Refusal> {
        let (lesson, offer) = (admission.lesson, offer.to_owned());
        self.ask(lesson, |reply| Input::ConnectDevice {
            admission: admission.clone(),
            direction,
            key,
            offer: offer.clone(),
            reply,
        })
        .await?
    }

    /// Takes what a device says about its ICE session, which `etag` names; without it, whichever is current. New
    /// credentials (user name fragment and password) restart it, and the answer says the server's. Candidates need
    /// not be handed in: the server is ICE-lite and learns addresses from connectivity checks.
    ///
    /// # Errors
    /// See [`DeviceRefusal`]; the session goes on as it was.
    pub async fn device_ice(
        &self,
        lesson: LessonId,
        device: ParticipantId,
        key: DeviceKey,
        etag: Option<String>,
        credentials: Option<(String, String)>,
    ) -> Result<Option<DeviceIce>, DeviceRefusal> {
        match self.ask_device(lesson, device, key, DeviceRequest::Ice { etag, credentials }).await? {
            DeviceDone::Restarted(ice) => Ok(Some(ice)),
            DeviceDone::Done => Ok(None),
        }
    }

    /// Ends a device's session.
    ///
    /// # Errors
    /// See [`DeviceRefusal`].
    pub async fn device_leaves(
        &self,
        lesson: LessonId,
        device: ParticipantId,
        key: DeviceKey,
    ) -> Result<(), DeviceRefusal> {
        self.ask_device(lesson, device, key, DeviceRequest::Leave).await.map(|_| ())
    }

    /// Sends a voice through the media plane, from one client of its own to another, for health checks.
    ///
    /// # Errors
    /// Where the loop broke.
    pub async fn loop_media(&self) -> Result<Duration, LoopFault> {
        self.shared.media.loop_media().await
    }

    /// How many rooms are open.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.shared.rooms.len()
    }

    /// Graceful stop: tells everybody `bye` with `server_stopping`, notes when each connection ended, ends the rooms'
    /// tasks and returns once that is durable. Who connects afterwards is refused.
    pub async fn stop(&self) {
        self.shared.stopping.store(true, Ordering::Release);
        let handles: Vec<RoomHandle> = self.shared.rooms.iter().map(|room| room.value().clone()).collect();
        let mut stopped = Vec::new();
        for handle in handles {
            let (reply, done) = oneshot::channel();
            if handle.inputs.send(Input::Stop { reply }).await.is_ok() {
                stopped.push(done);
            }
        }
        for done in stopped {
            if tokio::time::timeout(STOP_WAIT, done).await.is_err() {
                tracing::warn!("a room did not stop in time; who was in it is noted as lost at the next start");
            }
        }
    }

    /// Sends a request to a lesson's room, opening it where it is not, and awaits the answer.
    async fn ask<T>(&self, lesson: LessonId, input: impl Fn(oneshot::Sender<T>) -> Input) -> Result<T, Refusal> {
        for _ in 0..OPEN_ATTEMPTS {
            if self.shared.is_stopping() {
                break;
            }
            let (reply, answer) = oneshot::channel();
            let mut handle = self.handle(lesson);
            if handle.inputs.send(input(reply)).await.is_ok()
                && let Ok(answer) = answer.await
            {
                return Ok(answer);
            }
            // The room closed before it came to this request: once it is gone, the next attempt opens it again.
            let _ = handle.gone.changed().await;
        }
        Err(Refusal::new(ErrorCode::StoreUnavailable, "The room is closing; try again."))
    }

    async fn ask_device(
        &self,
        lesson: LessonId,
        device: ParticipantId,
        key: DeviceKey,
        request: DeviceRequest,
    ) -> Result<DeviceDone, DeviceRefusal> {
        // A device is only ever in a room that is open: it would not be here otherwise.
        let handle = self.shared.rooms.get(&lesson).map(|room| room.value().clone());
        let Some(handle) = handle else { return Err(DeviceRefusal::NotFound) };
        let (reply, answer) = oneshot::channel();
        let input = Input::Device { device, key, request, reply };
        handle.inputs.send(input).await.map_err(|_| DeviceRefusal::NotFound)?;
        answer.await.unwrap_or(Err(DeviceRefusal::NotFound))
    }

    fn handle(&self, lesson: LessonId) -> RoomHandle {
        let entry = self.shared.rooms.entry(lesson);
        entry.or_insert_with(|| task::spawn(Arc::clone(&self.shared), lesson)).value().clone()
    }
}
