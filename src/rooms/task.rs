//! A room's task: it alone changes its room.

use super::connection::{Connection, OUTBOX_MAX, encode};
use super::dispatch::{MEDIA_QUEUE, Notice};
use super::drafts::Arrival;
use super::figures::Figures;
use super::link::{Link, refusal};
use super::log::Log;
use super::news::News;
use super::quality::Quality;
use super::seat::{Caller, Input, LastSign, Seat};
use super::spending::Ledger;
use super::standing::Counted;
use super::{ROOM_QUEUE, RoomHandle, Shared};
use crate::auth::{Admission, Refusal};
use crate::classroom::{self, LoggedEvent, Request, Room};
use crate::ids::{EventSeq, LessonId, ParticipantId, PeerId};
use crate::protocol::{AUDIO_SLOTS_MAX, ByeReason, PROTOCOL_VERSION, Phase, Role, ServerMessage, VIDEO_SLOTS_MAX};
use crate::time::{Clock, Timestamp};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

/// How many requests are made durable together.
const BATCH_MAX: usize = 256;

/// How many events a room keeps for those who come back; who missed more gets the whole state.
const RECENT_MAX: usize = 512;

// A resuming client's events and a batch's must fit its outbox, or reading at once would not save it.
const _: () = assert!(RECENT_MAX + 2 * BATCH_MAX <= OUTBOX_MAX);

/// How often figures are told and overdue matters looked at.
const BEAT: Duration = Duration::from_secs(1);

/// After how long with nobody in it a room closes: long enough for a class that was thrown out together to find it.
const IDLE_CLOSE: Duration = Duration::from_secs(120);

/// The same, once the lesson has ended.
const ENDED_CLOSE: Duration = Duration::from_secs(10);

/// A room's task with all it owns.
pub(super) struct RoomTask {
    pub shared: Arc<Shared>,
    pub lesson: LessonId,
    pub log: Log,
    pub room: Room,
    /// Where this room's requests come in; for seats.
    inputs: mpsc::WeakSender<Input>,
    /// The newest events as they went over the wire.
    pub recent: VecDeque<(EventSeq, Bytes)>,
    pub connections: BTreeMap<ParticipantId, Connection>,
    pub links: HashMap<ParticipantId, Link>,
    pub peers: HashMap<PeerId, ParticipantId>,
    pub admissions: HashMap<ParticipantId, Admission>,
    /// Whose connection is gone since when, without the log saying so yet.
    pub adrift: BTreeMap<ParticipantId, Timestamp>,
    /// Whose media is gone without the log saying so yet.
    pub silent: BTreeSet<ParticipantId>,
    /// How far this room's time is ahead of the clock: it goes on from its newest event, whatever the clock says.
    lead: Duration,
    pub figures: Figures,
    pub spending: Ledger,
    pub quality: Quality,
    pub standing: Counted,
    pub speaking: Vec<ParticipantId>,
    /// What is durable and waits to be told to everybody.
    pub news: News,
    next_connection: u64,
    /// A commit failed: only the log can tell whether it took place.
    pub uncertain: bool,
}

/// Starts a room's task, which begins with reading the log.
pub(super) fn spawn(shared: Arc<Shared>, lesson: LessonId) -> RoomHandle {
    let (inputs, receiver) = mpsc::channel(ROOM_QUEUE);
    let (media, notices) = mpsc::channel(MEDIA_QUEUE);
    let weak = inputs.downgrade();
    let (open, gone) = watch::channel(());
    let held = shared.clock.hold(None);
    tokio::spawn(async move {
        shared.insight.room_opened();
        let task = tokio::spawn(serve(Arc::clone(&shared), lesson, weak, receiver, notices));
        if let Err(error) = task.await {
            tracing::error!(%lesson, %error, "the room's task failed; the room opens again from its log");
            shared.signs.note_failure(lesson, shared.clock.now());
        }
        let peers: Vec<PeerId> = shared.peers.iter().filter(|peer| *peer.value() == lesson).map(|p| *p.key()).collect();
        for peer in peers {
            super::link::disconnect(&shared, peer);
        }
        shared.insight.room_closed();
        // Whoever asks from here on opens the room anew; who waited for that goes on.
        shared.rooms.remove(&lesson);
        drop(open);
        drop(held);
    });
    RoomHandle { inputs, media, gone }
}

async fn serve(
    shared: Arc<Shared>,
    lesson: LessonId,
    inputs: mpsc::WeakSender<Input>,
    mut receiver: mpsc::Receiver<Input>,
    mut notices: mpsc::Receiver<Notice>,
) {
    let mut recent = VecDeque::new();
    let opened = Log::open(&shared, lesson, &mut |entry| remember(&mut recent, entry, wire(entry))).await;
    let (log, room) = match opened {
        Ok(opened) => opened,
        Err(refusal) => {
            // Whoever comes later finds the queue closed and opens the room anew.
            receiver.close();
            while let Some(input) = receiver.recv().await {
                refuse(input, &refusal);
            }
            return;
        }
    };
    let mut task = RoomTask {
        shared,
        lesson,
        log,
        room,
        inputs,
        recent,
        connections: BTreeMap::new(),
        links: HashMap::new(),
        peers: HashMap::new(),
        admissions: HashMap::new(),
        adrift: BTreeMap::new(),
        silent: BTreeSet::new(),
        lead: Duration::ZERO,
        figures: Figures::default(),
        spending: Ledger::default(),
        quality: Quality::default(),
        standing: Counted::default(),
        speaking: Vec::new(),
        news: News::default(),
        next_connection: 0,
        uncertain: false,
    };
    let last_ran = task.begin();
    if let Err(refusal) = task.commit([Request::Restart { last_ran }]).await {
        receiver.close();
        while let Some(input) = receiver.recv().await {
            refuse(input, &refusal);
        }
        return;
    }
    task.run(&mut receiver, &mut notices).await;
    task.write_last_spending().await;
    task.write_last_quality().await;
    // What came in while the room closed is dropped with the queue; `Rooms::ask` opens the room again for it.
}

/// Answers a request to a room that could not be opened.
fn refuse(input: Input, why: &Refusal) {
    let why = refusal(why.code, why.detail.clone());
    match input {
        Input::Attach { reply, .. } => drop(reply.send(Err(why))),
        Input::ConnectDevice { reply, .. } => drop(reply.send(Err(why))),
        Input::Opened { reply } => drop(reply.send(Err(why))),
        Input::Stop { reply } => drop(reply.send(())),
        _ => {}
    }
}

impl RoomTask {
    /// Finds where this room's time goes on; until when it was there before.
    fn begin(&mut self) -> Timestamp {
        let newest = self.room.newest();
        let last_ran = self.shared.signs.last_ran(self.lesson, newest);
        let not_before = if self.room.connected_count() > 0 { last_ran } else { newest };
        self.lead = not_before.since(self.shared.clock.now());
        last_ran
    }

    /// The time in this room.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now().plus(self.lead)
    }

    /// A time by the clock as one of this room.
    pub fn in_room(&self, at: Timestamp) -> Timestamp {
        at.plus(self.lead)
    }

    async fn run(&mut self, inputs: &mut mpsc::Receiver<Input>, notices: &mut mpsc::Receiver<Notice>) {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut empty_since = Instant::now();
        loop {
            let due = self.due();
            let news_due = self.news.due(Instant::now());
            tokio::select! {
                input = inputs.recv() => {
                    let Some(input) = input else { return };
                    let mut batch = vec![input];
                    while batch.len() < BATCH_MAX && let Ok(input) = inputs.try_recv() {
                        batch.push(input);
                    }
                    if let Some(stopped) = self.process(batch).await {
                        self.stop().await;
                        let _ = stopped.send(());
                        return;
                    }
                }
                notice = notices.recv() => {
                    let Some(notice) = notice else { return };
                    self.hear(notice).await;
                }
                () = sleep_until(due) => self.let_go().await,
                () = sleep_until(news_due.unwrap_or(due)), if news_due.is_some() => self.tell_news(),
                _ = beat.tick() => {
                    self.beat().await;
                    if self.room.connected_count() > 0 || !self.connections.is_empty() {
                        empty_since = Instant::now();
                    }
                    let is_over = matches!(self.room.phase(), Phase::Ended { .. });
                    let patience = if is_over { ENDED_CLOSE } else { IDLE_CLOSE };
                    if empty_since.elapsed() >= patience && inputs.is_empty() && !self.ends_soon() {
                        return;
                    }
                }
            }
        }
    }

    /// Whether it is not worth closing a room in which nobody is, because its lesson is about to end.
    fn ends_soon(&self) -> bool {
        self.room.poll_timeout().is_some_and(|at| at.since(self.now()) <= classroom::ENDS_ALONE_AFTER)
    }

    /// When somebody whose connection was lost is to be let go, or a lesson that everybody left is over; a beat away
    /// where nothing is, or the store failed.
    fn due(&self) -> Instant {
        let pause = match self.room.poll_timeout() {
            Some(at) if !self.uncertain => at.since(self.now()).min(BEAT),
            _ => BEAT,
        };
        Instant::now() + pause
    }

    async fn beat(&mut self) {
        self.recover().await;
        let abandoned: Vec<ParticipantId> =
            self.connections.iter().filter(|(_, c)| c.is_abandoned()).map(|(id, _)| *id).collect();
        for participant in abandoned {
            self.cut(participant, ByeReason::Silent);
        }
        self.settle().await;
        self.let_go().await;
        self.tell_figures();
        self.tell_board().await;
        self.write_spending(Instant::now());
        self.write_quality();
    }

    /// Gives somebody who was let in their connection, in place of an older one.
    pub fn seat(&mut self, arrival: Arrival) {
        let Arrival { admission, resume, reply } = arrival;
        let (participant, role) = (admission.participant, admission.role);
        if let Some(older) = self.connections.remove(&participant) {
            older.close(ByeReason::Replaced);
        }
        self.adrift.remove(&participant);
        if resume.is_none() {
            self.drop_peer(participant);
            self.links.remove(&participant);
        }
        self.next_connection += 1;
        let number = self.next_connection;
        let heard = LastSign::new(self.shared.clock.now());
        let (connection, outbox) =
            Connection::open(number, participant, role, self.room.seq(), heard.clone(), self.shared.insight.clone());
        let missed = resume.and_then(|after| self.missed_after(after));
        let welcome = ServerMessage::Welcome {
            protocol: PROTOCOL_VERSION,
            participant,
            role,
            now: self.now(),
            snapshot: if missed.is_some() { None } else { Some(Box::new(self.room.snapshot())) },
            audio_slots_max: AUDIO_SLOTS_MAX,
            video_slots_max: VIDEO_SLOTS_MAX,
        };
        let link = self.links.entry(participant).or_default();
        let slots = (!link.slots.is_empty()).then(|| ServerMessage::Slots { slots: link.slots.clone() });
        let speaking = ServerMessage::Speaking { participants: self.speaking.clone() };
        let first = [encode(&welcome)].into_iter().chain(missed.into_iter().flatten());
        for message in first.chain(slots.map(|slots| encode(&slots))).chain([encode(&speaking)]) {
            // All of these together fit an empty outbox.
            let _ = connection.send(message);
        }
        self.figures.forget(participant);
        let Some(room) = self.inputs.upgrade() else { return };
        let seat = Seat { room, caller: Caller { participant, connection: number }, heard };
        if reply.send(Ok((seat, outbox))).is_err() {
            // Whoever asked is gone already.
            self.adrift.insert(participant, self.now());
            return;
        }
        self.admissions.insert(participant, admission);
        self.connections.insert(participant, connection);
    }

    /// Somebody's last sign of life in this room, where it is so old that their connection was interrupted since, though
    /// nobody has noticed yet.
    pub fn silent_since(&self, participant: ParticipantId) -> Option<Timestamp> {
        let of_connection = self.connections.get(&participant).map(|connection| self.in_room(connection.last_sign()));
        let heard = of_connection.or_else(|| self.adrift.get(&participant).copied())?;
        (self.now().since(heard) > classroom::SIGNS_APART_MAX).then_some(heard)
    }

    /// The events after `after`, where the room still has them all.
    fn missed_after(&self, after: EventSeq) -> Option<Vec<Bytes>> {
        if after > self.room.seq() {
            return None;
        }
        let oldest = self.recent.front().map_or(self.room.seq().next(), |(seq, _)| *seq);
        if after.next() < oldest {
            return None;
        }
        Some(self.recent.iter().filter(|(seq, _)| *seq > after).map(|(_, text)| text.clone()).collect())
    }

    async fn stop(&mut self) {
        let now = self.now();
        let present: Vec<ParticipantId> = self.room.snapshot().participants.iter().map(|p| p.id).collect();
        let requests = present.into_iter().map(|participant| Request::Lose { participant, since: now });
        // What can't be written down now is put right at the next start.
        let _ = self.commit(requests).await;
        for (_, connection) in std::mem::take(&mut self.connections) {
            connection.close(ByeReason::ServerStopping);
        }
    }

    pub fn is_current(&self, caller: Caller) -> bool {
        self.connections.get(&caller.participant).is_some_and(|connection| connection.is(caller))
    }

    pub fn answer(&mut self, caller: Caller, id: u32, result: Result<(), Refusal>) {
        let message = match result {
            Ok(()) => ServerMessage::Ok { id },
            Err(why) => {
                self.shared.insight.websocket_refusal(why.code.word());
                ServerMessage::Error { id: Some(id), code: why.code, message: why.detail }
            }
        };
        if self.is_current(caller) {
            self.send(caller.participant, encode(&message));
        }
    }

    /// Sends to one participant, if connected; who does not read is cut.
    pub fn send(&mut self, participant: ParticipantId, message: Bytes) {
        let Some(connection) = self.connections.get(&participant) else { return };
        if !connection.send(message) {
            self.cut(participant, ByeReason::TooSlow);
        }
    }

    /// Sends to all whose role is right.
    pub fn send_to(&mut self, whom: impl Fn(Role) -> bool, message: &Bytes) {
        let addressed = self.connections.iter().filter(|(_, connection)| whom(connection.role()));
        let slow: Vec<ParticipantId> =
            addressed.filter(|(_, connection)| !connection.send(message.clone())).map(|(id, _)| *id).collect();
        for participant in slow {
            self.cut(participant, ByeReason::TooSlow);
        }
    }

    /// Tells everybody what waits, where it has waited long enough.
    pub fn tell_due_news(&mut self) {
        let now = Instant::now();
        if self.news.due(now).is_some_and(|due| due <= now) {
            self.tell_news();
        }
    }

    /// Tells everybody what waits.
    pub fn tell_news(&mut self) {
        let telling = self.news.take(Instant::now());
        let connections = self.connections.iter_mut();
        let slow: Vec<ParticipantId> =
            connections.filter_map(|(id, connection)| (!connection.tell(&telling)).then_some(*id)).collect();
        for participant in slow {
            self.cut(participant, ByeReason::TooSlow);
        }
    }

    /// Ends a connection from this side; its participant may come back.
    pub fn cut(&mut self, participant: ParticipantId, reason: ByeReason) {
        if let Some(connection) = self.connections.remove(&participant) {
            connection.close(reason);
            self.adrift.insert(participant, self.now());
        }
    }
}

/// An event as it goes over the wire.
pub(super) fn wire(entry: &LoggedEvent) -> Bytes {
    encode(&ServerMessage::Event { seq: entry.seq, at: entry.at, event: entry.event.clone() })
}

/// Keeps an event for those who come back.
pub(super) fn remember(recent: &mut VecDeque<(EventSeq, Bytes)>, entry: &LoggedEvent, text: Bytes) {
    if recent.len() >= RECENT_MAX {
        recent.pop_front();
    }
    recent.push_back((entry.seq, text));
}
