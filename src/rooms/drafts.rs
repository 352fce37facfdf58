//! What a room is asked to change: proposed to a copy, made durable, and only then followed; or refused with all that came
//! together with it.

use super::link::refusal;
use super::log::unavailable;
use super::seat::{Caller, Input, Outbox, Seat};
use super::task::RoomTask;
use crate::auth::{Admission, Refusal};
use crate::classroom::{self, Entrant, LoggedEvent, Request, Room};
use crate::ids::{EventSeq, ParticipantId};
use crate::protocol::{ByeReason, Command, ErrorCode, ParticipantKind};
use crate::time::Timestamp;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Changes that are not durable yet: a copy of the room, changed, with what is to follow.
#[derive(Default)]
struct Draft {
    room: Option<Room>,
    entries: Vec<LoggedEvent>,
    answers: Vec<(Caller, u32, Result<(), classroom::Refusal>)>,
    arrivals: Vec<Arrival>,
    farewells: Vec<ParticipantId>,
}

/// Somebody who is let in once the room says so.
pub(super) struct Arrival {
    pub admission: Admission,
    pub resume: Option<EventSeq>,
    pub reply: oneshot::Sender<Result<(Seat, Outbox), Refusal>>,
}

impl Draft {
    fn handle(&mut self, room: &Room, request: Request, now: Timestamp) -> Result<(), classroom::Refusal> {
        let copy = self.room.get_or_insert_with(|| room.clone());
        self.entries.extend(copy.handle(request, now)?);
        Ok(())
    }
}
impl RoomTask {
    /// Works a batch off in order; what changes the room is made durable together. Returns whom to tell where the
    /// room is to stop.
    pub async fn process(&mut self, batch: Vec<Input>) -> Option<oneshot::Sender<()>> {
        self.recover().await;
        let mut draft = Draft::default();
        let mut stopping = None;
        for input in batch {
            let Some(input) = self.propose(&mut draft, input) else { continue };
            let _ = self.finish(std::mem::take(&mut draft)).await;
            stopping = stopping.or(self.perform(input).await);
        }
        let _ = self.finish(draft).await;
        self.settle().await;
        stopping
    }

    /// Adds what asks for a change of the room to the draft, and gives back what does not.
    fn propose(&mut self, draft: &mut Draft, input: Input) -> Option<Input> {
        let now = self.now();
        match input {
            Input::Command { caller, id, command } if self.is_current(caller) => {
                let result = self.propose_command(draft, caller.participant, command, now);
                draft.answers.push((caller, id, result));
            }
            Input::Attach { admission, resume, reply } => {
                let participant = admission.participant;
                self.lose_if_silent(draft, participant, now);
                let result = draft.handle(&self.room, Request::Join(entrant(&admission)), now).and_then(|()| {
                    // A client without memory of the room is a new page: what the old one sent is gone.
                    if resume.is_none() {
                        draft.handle(&self.room, Request::EndMedia { participant }, now)?;
                    }
                    Ok(())
                });
                match result {
                    Ok(()) => draft.arrivals.push(Arrival { admission, resume, reply }),
                    Err(why) => drop(reply.send(Err(refused(why)))),
                }
            }
            Input::Leave { caller } if self.is_current(caller) => {
                let participant = caller.participant;
                // Leaving is refused to nobody.
                let _ = draft.handle(&self.room, Request::Leave { participant }, now);
                draft.farewells.push(participant);
            }
            Input::Detach { caller, since } if self.is_current(caller) => {
                self.connections.remove(&caller.participant);
                self.adrift.insert(caller.participant, self.in_room(since));
            }
            Input::Command { .. } | Input::Leave { .. } | Input::Detach { .. } => {}
            other => return Some(other),
        }
        None
    }

    /// Before somebody's presence goes on, or ends for all: what their connection missed is not part of it.
    fn lose_if_silent(&self, draft: &mut Draft, participant: ParticipantId, now: Timestamp) {
        if let Some(since) = self.silent_since(participant) {
            // A loss is refused to nobody.
            let _ = draft.handle(&self.room, Request::Lose { participant, since }, now);
        }
    }

    fn propose_command(
        &self,
        draft: &mut Draft,
        by: ParticipantId,
        command: Command,
        now: Timestamp,
    ) -> Result<(), classroom::Refusal> {
        if command == (Command::EndLesson {}) && draft.room.as_ref().unwrap_or(&self.room).permits(by, &command).is_ok()
        {
            let others = self.connections.keys().filter(|participant| **participant != by);
            others.for_each(|participant| self.lose_if_silent(draft, *participant, now));
        }
        if let Command::Publish { source } = &command {
            draft.room.as_ref().unwrap_or(&self.room).permits(by, &command)?;
            let peer = self.links.get(&by).and_then(|link| link.peer.as_ref());
            if !peer.is_some_and(|peer| peer.sources.contains_key(source)) {
                let detail = "Name this source in an offer first.";
                return Err(classroom::Refusal { code: ErrorCode::SourceUnknown, detail });
            }
        }
        let fresh = self.shared.fresh_publication();
        draft.handle(&self.room, Request::Command { by, command, fresh }, now)
    }

    /// Makes the room's own requests durable; all or none of them.
    pub async fn commit(&mut self, requests: impl IntoIterator<Item = Request>) -> Result<(), Refusal> {
        let now = self.now();
        let mut draft = Draft::default();
        for request in requests {
            draft.handle(&self.room, request, now).map_err(refused)?;
        }
        self.finish(draft).await
    }

    /// Makes a draft durable and lets everything follow from it; or tells those who asked that it was not possible.
    async fn finish(&mut self, draft: Draft) -> Result<(), Refusal> {
        let stored = match (&draft.room, draft.entries.is_empty()) {
            (Some(room), false) => self.store(&draft.entries, room).await,
            _ => Ok(()),
        };
        if let Err(why) = stored {
            self.fail(draft, &why);
            return Err(why);
        }
        for (caller, id, result) in draft.answers {
            self.answer(caller, id, result.map_err(refused));
        }
        let room = draft.room.unwrap_or_else(|| self.room.clone());
        self.follow(room, &draft.entries);
        for arrival in draft.arrivals {
            self.seat(arrival);
        }
        Ok(())
    }

    async fn store(&mut self, entries: &[LoggedEvent], room: &Room) -> Result<(), Refusal> {
        if self.uncertain {
            // The draft may not follow on what the log says; see `recover`.
            return Err(refusal(ErrorCode::StoreUnavailable, "The server can't store this now; try again.".into()));
        }
        let started = Instant::now();
        let result = self.log.append(entries, room).await;
        if let Err(error) = result {
            self.uncertain = true;
            self.shared.insight.room_commit_failed(started.elapsed());
            return Err(unavailable(self.lesson, &error));
        }
        self.shared.insight.room_committed(started.elapsed());
        for entry in entries {
            self.shared.insight.room_event(entry.event.kind());
        }
        Ok(())
    }

    /// After a commit that may or may not have taken place: takes over what the log says. Where the log is out of
    /// reach, everything that would change the room is refused until it is there again.
    pub async fn recover(&mut self) {
        if !self.uncertain {
            return;
        }
        let entries = match self.log.read_after(self.room.seq()).await {
            Ok(entries) => entries,
            Err(error) => {
                tracing::error!(lesson = %self.lesson, %error, "the room's log is still out of reach");
                return;
            }
        };
        let mut room = self.room.clone();
        if let Some(gap) = entries.iter().find_map(|entry| room.apply(entry).err()) {
            tracing::error!(lesson = %self.lesson, %gap, "the room's log has a gap");
            return;
        }
        self.uncertain = false;
        self.follow(room, &entries);
    }

    fn fail(&mut self, draft: Draft, why: &Refusal) {
        for (caller, id, result) in draft.answers {
            let result = result.map_err(refused).and(Err(refusal(why.code, why.detail.clone())));
            self.answer(caller, id, result);
        }
        for arrival in draft.arrivals {
            let _ = arrival.reply.send(Err(refusal(why.code, why.detail.clone())));
        }
        let now = self.now();
        for participant in draft.farewells {
            self.cut(participant, ByeReason::Left);
            self.adrift.insert(participant, now);
        }
    }

    /// Writes down whose connections and media are gone; where that fails, the next beat tries again.
    pub async fn settle(&mut self) {
        if self.adrift.is_empty() && self.silent.is_empty() {
            return;
        }
        let now = self.now();
        let lost: Vec<(ParticipantId, Timestamp)> = self.adrift.iter().map(|(id, since)| (*id, *since)).collect();
        let silent: Vec<ParticipantId> = self.silent.iter().copied().collect();
        let losses = lost.iter().map(|(participant, since)| Request::Lose { participant: *participant, since: *since });
        let silences = silent.iter().map(|participant| self.media_ended(*participant, now));
        let requests: Vec<Request> = losses.chain(silences).collect();
        if self.commit(requests).await.is_ok() {
            self.adrift.retain(|id, since| !lost.contains(&(*id, *since)));
            self.silent.retain(|id| !silent.contains(id));
        }
    }

    /// What the end of somebody's media connection means: a device is there for as long as its media is.
    pub fn media_ended(&self, participant: ParticipantId, since: Timestamp) -> Request {
        match self.room.connected(participant) {
            Some((_, ParticipantKind::Device)) => Request::Lose { participant, since },
            _ => Request::EndMedia { participant },
        }
    }

    /// Lets those go who did not come back, and ends what everybody left.
    pub async fn let_go(&mut self) {
        let now = self.now();
        if self.room.poll_timeout().is_none_or(|due| due > now) {
            return;
        }
        let mut room = self.room.clone();
        let entries = room.handle_timeout(now);
        // Where the store fails, the next beat tries again.
        let _ = self.finish(Draft { room: Some(room), entries, ..Draft::default() }).await;
    }
}

pub(super) fn entrant(admission: &Admission) -> Entrant {
    Entrant {
        participant: admission.participant,
        name: admission.name.clone(),
        role: admission.role,
        kind: admission.kind,
    }
}

pub(super) fn refused(why: classroom::Refusal) -> Refusal {
    refusal(why.code, why.detail.to_owned())
}
