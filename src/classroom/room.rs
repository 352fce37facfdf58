use super::request::{Entrant, Refusal, Request};
use super::{CONNECTED_MAX, ENDS_ALONE_AFTER, FLOOR_HOLDERS_MAX, KNOWN_MAX, PUBLICATIONS_MAX, rights};
use crate::ids::{EventSeq, ParticipantId, PublicationId};
use crate::protocol::{
    CHAT_TEXT_CHARS_MAX, ChatMessage, Command, FloorHolder, Hand, LeaveReason, LessonCard, LoggedEvent, Participant,
    ParticipantKind, Phase, Presence, Publication, Role, RoomEvent, RoomSnapshot, Source,
};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// An entry that does not follow the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log jumps from {after:?} to {found:?}")]
pub struct LogGap {
    pub after: EventSeq,
    pub found: EventSeq,
}

/// A lesson's room.
///
/// Hand it requests with [`Room::handle`] and the time with [`Room::handle_timeout`] once [`Room::poll_timeout`] is
/// reached; both change the room and return the events that say how, which are to be made durable before anybody
/// hears of them: work on a clone and keep it once they are. [`Room::apply`] changes a room by such an event, so a
/// new room to which a log was applied is the room that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub(super) lesson: Arc<LessonCard>,
    pub(super) seq: EventSeq,
    /// The time of the newest event; later ones are never dated before it.
    pub(super) newest: Timestamp,
    pub(super) phase: Phase,
    pub(super) members: BTreeMap<ParticipantId, Member>,
    pub(super) publications: Vec<Publication>,
    pub(super) hands: Vec<Hand>,
    pub(super) floor: Vec<FloorHolder>,
    pub(super) chat: VecDeque<Arc<ChatMessage>>,
}

/// Somebody who is or was in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub name: String,
    pub role: Role,
    pub kind: ParticipantKind,
    pub presence: Presence,
    /// While present: since when their page is hidden.
    pub hidden_since: Option<Timestamp>,
    /// While lost: when they are gone, and why.
    pub gone: Option<(Timestamp, LeaveReason)>,
    /// They went because their connection was lost, when they went last.
    pub was_lost: bool,
    pub removed: bool,
}

/// How somebody who is or was in a room attends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attending {
    pub id: ParticipantId,
    pub role: Role,
    pub kind: ParticipantKind,
    pub presence: Presence,
    /// Their page is hidden.
    pub is_hidden: bool,
    /// They are gone because their connection was lost.
    pub was_lost: bool,
}

impl Member {
    pub fn is_connected(&self) -> bool {
        !matches!(self.presence, Presence::Gone { .. })
    }

    fn is_present(&self) -> bool {
        matches!(self.presence, Presence::Present { .. })
    }

    fn is_trainee(&self) -> bool {
        self.role == Role::Trainee && self.kind == ParticipantKind::Person
    }
}

impl Room {
    /// The room of a lesson in which nothing has happened yet.
    #[must_use]
    pub fn new(lesson: LessonCard) -> Self {
        Self {
            lesson: Arc::new(lesson),
            seq: EventSeq::default(),
            newest: Timestamp(i64::MIN),
            phase: Phase::Planned,
            members: BTreeMap::new(),
            publications: Vec::new(),
            hands: Vec::new(),
            floor: Vec::new(),
            chat: VecDeque::new(),
        }
    }

    /// Does what is asked and returns what happened: nothing, where the room already was as asked for.
    ///
    /// # Errors
    /// Where it may not be; the room is unchanged.
    pub fn handle(&mut self, request: Request, now: Timestamp) -> Result<Vec<LoggedEvent>, Refusal> {
        let at = now.max(self.newest);
        let events = self.decide(request, at)?;
        Ok(self.log(events, at))
    }

    /// When [`Room::handle_timeout`] is due next, if nothing else happens.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let gone = self.members.values().filter_map(|member| member.gone.map(|(at, _)| at)).min();
        gone.or_else(|| self.ends_alone_at())
    }

    /// When a lesson that everybody left without ending it is over.
    fn ends_alone_at(&self) -> Option<Timestamp> {
        let is_left = matches!(self.phase, Phase::Live { .. }) && self.connected_count() == 0;
        // The newest event is somebody's leaving: there is nobody of whom another could be.
        is_left.then(|| self.lesson.ends_at.max(self.newest).plus(ENDS_ALONE_AFTER))
    }

    /// Lets those go whose connection was lost and who did not come back in time, and ends a lesson that everybody
    /// left.
    pub fn handle_timeout(&mut self, now: Timestamp) -> Vec<LoggedEvent> {
        if self.ends_alone_at().is_some_and(|at| at <= now) {
            return self.log(vec![RoomEvent::LessonEnded {}], now.max(self.newest));
        }
        let overdue = self.members.iter().filter_map(|(id, member)| match (member.gone, member.presence) {
            (Some((at, reason)), Presence::Lost { since }) if at <= now => {
                Some(RoomEvent::Left { participant: *id, reason, since })
            }
            _ => None,
        });
        let events = overdue.collect();
        self.log(events, now.max(self.newest))
    }

    /// The position of the newest event.
    #[must_use]
    pub fn seq(&self) -> EventSeq {
        self.seq
    }

    /// The time of the newest event; before all others where there is none.
    #[must_use]
    pub fn newest(&self) -> Timestamp {
        self.newest
    }

    #[must_use]
    pub fn lesson(&self) -> &LessonCard {
        &self.lesson
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What is being sent, oldest first.
    #[must_use]
    pub fn publications(&self) -> &[Publication] {
        &self.publications
    }

    /// Role and kind of somebody who is connected, or lost for less than 10 s.
    #[must_use]
    pub fn connected(&self, participant: ParticipantId) -> Option<(Role, ParticipantKind)> {
        let member = self.members.get(&participant).filter(|member| member.is_connected())?;
        Some((member.role, member.kind))
    }

    /// How many are connected, or lost for less than 10 s.
    #[must_use]
    pub fn connected_count(&self) -> usize {
        self.members.values().filter(|member| member.is_connected()).count()
    }

    /// Everybody who is or was in the room.
    pub fn everybody(&self) -> impl Iterator<Item = Attending> {
        self.members.iter().map(|(id, member)| Attending {
            id: *id,
            role: member.role,
            kind: member.kind,
            presence: member.presence,
            is_hidden: member.hidden_since.is_some(),
            was_lost: member.was_lost,
        })
    }

    /// The whole state, for somebody who comes in.
    #[must_use]
    pub fn snapshot(&self) -> RoomSnapshot {
        let authors: BTreeSet<_> = self.chat.iter().map(|message| message.participant).collect();
        let shown = self.members.iter().filter(|(id, member)| member.is_connected() || authors.contains(id));
        RoomSnapshot {
            seq: self.seq,
            lesson: LessonCard::clone(&self.lesson),
            phase: self.phase,
            participants: shown
                .map(|(id, member)| Participant {
                    id: *id,
                    name: member.name.clone(),
                    role: member.role,
                    kind: member.kind,
                    presence: member.presence,
                    hidden_since: member.hidden_since,
                })
                .collect(),
            publications: self.publications.clone(),
            hands: self.hands.clone(),
            floor: self.floor.clone(),
            chat: self.chat.iter().map(|message| ChatMessage::clone(message)).collect(),
        }
    }

    /// Whether a participant may ask for this as things stand; [`Room::handle`] asks the same first.
    ///
    /// # Errors
    /// Where they may not.
    pub fn permits(&self, by: ParticipantId, command: &Command) -> Result<(), Refusal> {
        if matches!(self.phase, Phase::Ended { .. }) {
            return Err(Refusal::ENDED);
        }
        let member = self.members.get(&by).filter(|member| member.is_present()).ok_or(Refusal::UNKNOWN)?;
        if !rights::may(member.role, member.kind, command) {
            return Err(Refusal::FORBIDDEN);
        }
        let trainer = member.role == Role::Trainer;
        match command {
            Command::LowerHand { participant } | Command::TakeFloor { participant }
                if !trainer && *participant != by =>
            {
                Err(Refusal::FORBIDDEN)
            }
            Command::Publish { source } if !trainer => self.trainee_may_publish(by, *source),
            _ => Ok(()),
        }
    }

    fn trainee_may_publish(&self, by: ParticipantId, source: Source) -> Result<(), Refusal> {
        if !matches!(source, Source::Microphone | Source::Camera) {
            return Err(Refusal::SOURCE);
        }
        if !self.has_floor(by) {
            return Err(Refusal::NO_FLOOR);
        }
        Ok(())
    }

    fn log(&mut self, events: Vec<RoomEvent>, at: Timestamp) -> Vec<LoggedEvent> {
        let entries = events.into_iter().map(|event| {
            let entry = LoggedEvent { seq: self.seq.next(), at, event };
            self.take_in(&entry);
            entry
        });
        entries.collect()
    }

    fn decide(&self, request: Request, at: Timestamp) -> Result<Vec<RoomEvent>, Refusal> {
        match request {
            Request::Join(entrant) => self.decide_join(entrant, at),
            Request::Lose { participant, since } => Ok(self.decide_lose(participant, since.min(at))),
            Request::Leave { participant } => Ok(self.left(participant, LeaveReason::Left, at).into_iter().collect()),
            Request::EndMedia { participant } => Ok(self.ended(participant, |p| p.participant == participant)),
            Request::Command { by, command, fresh } => {
                self.permits(by, &command)?;
                self.decide_command(by, command, fresh, at)
            }
            Request::Restart { .. } if self.connected_count() == 0 => Ok(Vec::new()),
            Request::Restart { last_ran } => {
                Ok(vec![RoomEvent::ServerRestarted { since: last_ran.max(self.newest).min(at) }])
            }
        }
    }

    fn decide_join(&self, entrant: Entrant, at: Timestamp) -> Result<Vec<RoomEvent>, Refusal> {
        if matches!(self.phase, Phase::Ended { .. }) {
            return Err(Refusal::ENDED);
        }
        let participant = entrant.participant;
        let mut events = Vec::new();
        if let Some(member) = self.members.get(&participant) {
            if member.removed {
                return Err(Refusal::REMOVED);
            }
            let same = member.name == entrant.name && member.role == entrant.role && member.kind == entrant.kind;
            match member.presence {
                Presence::Present { .. } if same => return Ok(Vec::new()),
                Presence::Lost { .. } if same => return Ok(vec![RoomEvent::Returned { participant }]),
                // Who comes back as somebody else (renamed, or with another role) starts afresh.
                _ => events.extend(self.left(participant, LeaveReason::Left, at)),
            }
        } else if self.members.len() >= KNOWN_MAX {
            return Err(Refusal::ROOM_FULL);
        }
        if events.is_empty() && self.connected_count() >= CONNECTED_MAX {
            return Err(Refusal::ROOM_FULL);
        }
        events.push(RoomEvent::Joined { participant, name: entrant.name, role: entrant.role, kind: entrant.kind });
        Ok(events)
    }

    fn decide_lose(&self, participant: ParticipantId, since: Timestamp) -> Vec<RoomEvent> {
        let Some(member) = self.members.get(&participant) else { return Vec::new() };
        let Presence::Present { since: came } = member.presence else { return Vec::new() };
        let since = since.max(came);
        vec![match member.kind {
            ParticipantKind::Person => RoomEvent::ConnectionLost { participant, since },
            // A device has no connection but its media; the next one is another participant.
            ParticipantKind::Device => RoomEvent::Left { participant, reason: LeaveReason::Lost, since },
        }]
    }

    fn decide_command(
        &self,
        by: ParticipantId,
        command: Command,
        fresh: PublicationId,
        at: Timestamp,
    ) -> Result<Vec<RoomEvent>, Refusal> {
        match command {
            Command::StartLesson {} => Ok(match self.phase {
                Phase::Planned => vec![RoomEvent::LessonStarted {}],
                Phase::Live { .. } | Phase::Ended { .. } => Vec::new(),
            }),
            Command::EndLesson {} => self.decide_end(at),
            Command::HidePage {} if self.is_hidden(by) => Ok(Vec::new()),
            Command::HidePage {} => Ok(vec![RoomEvent::PageHidden { participant: by, since: at }]),
            Command::ShowPage {} if !self.is_hidden(by) => Ok(Vec::new()),
            Command::ShowPage {} => Ok(vec![RoomEvent::PageShown { participant: by }]),
            Command::Say { text } => {
                let text = text.trim();
                if text.is_empty() || text.chars().count() > CHAT_TEXT_CHARS_MAX {
                    return Err(Refusal::TEXT);
                }
                Ok(vec![RoomEvent::Said { participant: by, text: text.to_owned() }])
            }
            Command::RaiseHand {} if self.has_hand(by) || self.has_floor(by) => Ok(Vec::new()),
            Command::RaiseHand {} => Ok(vec![RoomEvent::HandRaised { participant: by }]),
            Command::LowerHand { participant } => {
                self.known(participant)?;
                let raised = self.hands.iter().filter(|hand| hand.participant == participant);
                Ok(raised.map(|hand| RoomEvent::HandLowered { participant: hand.participant, by }).collect())
            }
            Command::LowerAllHands {} => {
                let lowered =
                    self.hands.iter().map(|hand| RoomEvent::HandLowered { participant: hand.participant, by });
                Ok(lowered.collect())
            }
            Command::GiveFloor { participant } => self.decide_give_floor(participant, by),
            Command::TakeFloor { participant } => {
                self.known(participant)?;
                Ok(if self.has_floor(participant) { vec![RoomEvent::FloorTaken { participant, by }] } else { vec![] })
            }
            Command::Publish { source } => self.decide_publish(by, source, fresh),
            Command::Unpublish { source } => Ok(self.ended(by, |p| p.participant == by && p.source == source)),
            Command::Mute { participant } => {
                self.known(participant)?;
                Ok(self.ended(by, |p| p.participant == participant && p.source == Source::Microphone))
            }
            Command::MuteAll {} => {
                Ok(self.ended(by, |p| p.source == Source::Microphone && self.is_trainee(p.participant)))
            }
            Command::Remove { participant } => self.decide_remove(participant, at),
        }
    }

    fn decide_end(&self, at: Timestamp) -> Result<Vec<RoomEvent>, Refusal> {
        if self.phase == Phase::Planned {
            return Err(Refusal::NOT_STARTED);
        }
        let left = self.members.keys().filter_map(|id| self.left(*id, LeaveReason::LessonEnded, at));
        Ok(std::iter::once(RoomEvent::LessonEnded {}).chain(left).collect())
    }

    fn decide_give_floor(&self, participant: ParticipantId, by: ParticipantId) -> Result<Vec<RoomEvent>, Refusal> {
        if !self.known(participant)?.is_trainee() {
            return Err(Refusal::FORBIDDEN);
        }
        if self.phase == Phase::Planned {
            return Err(Refusal::NOT_STARTED);
        }
        if self.has_floor(participant) {
            return Ok(Vec::new());
        }
        if self.floor.len() >= FLOOR_HOLDERS_MAX {
            return Err(Refusal::FLOOR_FULL);
        }
        Ok(vec![RoomEvent::FloorGiven { participant, by }])
    }

    fn decide_publish(
        &self,
        by: ParticipantId,
        source: Source,
        fresh: PublicationId,
    ) -> Result<Vec<RoomEvent>, Refusal> {
        if self.publications.iter().any(|p| p.participant == by && p.source == source) {
            return Ok(Vec::new());
        }
        if self.publications.len() >= PUBLICATIONS_MAX {
            return Err(Refusal::TOO_MANY_PUBLICATIONS);
        }
        if self.publications.iter().any(|p| p.id == fresh) {
            return Err(Refusal::STALE_PUBLICATION_ID);
        }
        Ok(vec![RoomEvent::PublicationStarted { publication: fresh, participant: by, source }])
    }

    /// Trainees and devices can be removed; nothing may hamper a committee, and trainers are equals.
    fn decide_remove(&self, participant: ParticipantId, at: Timestamp) -> Result<Vec<RoomEvent>, Refusal> {
        let member = self.known(participant)?;
        if member.kind == ParticipantKind::Person && member.role != Role::Trainee {
            return Err(Refusal::FORBIDDEN);
        }
        Ok(self.left(participant, LeaveReason::Removed, at).into_iter().collect())
    }

    /// The event by which somebody who is there leaves; who is lost left when they were lost.
    fn left(&self, participant: ParticipantId, reason: LeaveReason, at: Timestamp) -> Option<RoomEvent> {
        let since = match self.members.get(&participant)?.presence {
            Presence::Present { .. } => at,
            Presence::Lost { since } => since,
            Presence::Gone { .. } => return None,
        };
        Some(RoomEvent::Left { participant, reason, since })
    }

    fn ended(&self, by: ParticipantId, which: impl Fn(&Publication) -> bool) -> Vec<RoomEvent> {
        let ending = self.publications.iter().filter(|p| which(p));
        ending.map(|p| RoomEvent::PublicationEnded { publication: p.id, by }).collect()
    }

    fn known(&self, participant: ParticipantId) -> Result<&Member, Refusal> {
        self.members.get(&participant).filter(|member| member.is_connected()).ok_or(Refusal::UNKNOWN)
    }

    fn is_trainee(&self, participant: ParticipantId) -> bool {
        self.members.get(&participant).is_some_and(Member::is_trainee)
    }

    /// Whether somebody has the floor.
    #[must_use]
    pub fn has_floor(&self, participant: ParticipantId) -> bool {
        self.floor.iter().any(|holder| holder.participant == participant)
    }

    fn is_hidden(&self, participant: ParticipantId) -> bool {
        self.members.get(&participant).is_some_and(|member| member.hidden_since.is_some())
    }

    fn has_hand(&self, participant: ParticipantId) -> bool {
        self.hands.iter().any(|hand| hand.participant == participant)
    }
}
