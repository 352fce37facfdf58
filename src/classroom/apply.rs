use super::room::{LogGap, Member, Room};
use super::{CHAT_KEPT_MAX, RETURN_WITHIN};
use crate::ids::ParticipantId;
use crate::protocol::{
    ChatMessage, FloorHolder, Hand, LeaveReason, LoggedEvent, ParticipantKind, Phase, Presence, Publication, RoomEvent,
};
use crate::time::Timestamp;
use std::sync::Arc;

impl Room {
    /// Changes the room by an event of its log. An event that speaks of somebody or something the room does not know
    /// changes nothing but the position.
    ///
    /// # Errors
    /// Where the entry does not follow the one before; the room is unchanged.
    pub fn apply(&mut self, entry: &LoggedEvent) -> Result<(), LogGap> {
        if entry.seq != self.seq.next() {
            return Err(LogGap { after: self.seq, found: entry.seq });
        }
        self.take_in(entry);
        Ok(())
    }

    pub(super) fn take_in(&mut self, entry: &LoggedEvent) {
        let at = entry.at;
        self.seq = entry.seq;
        self.newest = at;
        match &entry.event {
            RoomEvent::LessonStarted {} => self.phase = Phase::Live { since: at },
            RoomEvent::LessonEnded {} => self.phase = Phase::Ended { since: at },
            RoomEvent::Joined { participant, name, role, kind } => {
                let presence = Presence::Present { since: at };
                let removed = self.members.get(participant).is_some_and(|member| member.removed);
                let (name, role, kind) = (name.clone(), *role, *kind);
                let member =
                    Member { name, role, kind, presence, hidden_since: None, gone: None, was_lost: false, removed };
                self.members.insert(*participant, member);
            }
            RoomEvent::ConnectionLost { participant, since } => {
                if let Some(member) = self.members.get_mut(participant) {
                    member.presence = Presence::Lost { since: *since };
                    member.hidden_since = None;
                    member.gone = Some((since.plus(RETURN_WITHIN), LeaveReason::Lost));
                }
            }
            RoomEvent::Returned { participant } => {
                if let Some(member) = self.members.get_mut(participant) {
                    member.presence = Presence::Present { since: at };
                    member.gone = None;
                }
            }
            RoomEvent::Left { participant, reason, since } => self.leave(*participant, *reason, *since),
            RoomEvent::PageHidden { participant, since } => {
                if let Some(member) = self.members.get_mut(participant) {
                    member.hidden_since = Some(*since);
                }
            }
            RoomEvent::PageShown { participant } => {
                if let Some(member) = self.members.get_mut(participant) {
                    member.hidden_since = None;
                }
            }
            RoomEvent::Said { participant, text } => {
                if self.chat.len() >= CHAT_KEPT_MAX {
                    self.chat.pop_front();
                }
                let (seq, participant, text) = (entry.seq, *participant, text.clone());
                self.chat.push_back(Arc::new(ChatMessage { seq, at, participant, text }));
            }
            RoomEvent::HandRaised { participant } => self.hands.push(Hand { participant: *participant, since: at }),
            RoomEvent::HandLowered { participant, .. } => self.lower_hand(*participant),
            RoomEvent::FloorGiven { participant, .. } => {
                self.lower_hand(*participant);
                self.floor.push(FloorHolder { participant: *participant, since: at });
            }
            RoomEvent::FloorTaken { participant, .. } => self.take_floor(*participant),
            RoomEvent::PublicationStarted { publication, participant, source } => {
                self.publications.push(Publication { id: *publication, participant: *participant, source: *source });
            }
            RoomEvent::PublicationEnded { publication, .. } => self.publications.retain(|p| p.id != *publication),
            RoomEvent::ServerRestarted { since } => self.restart(*since, at),
        }
    }

    fn leave(&mut self, participant: ParticipantId, reason: LeaveReason, since: Timestamp) {
        self.lower_hand(participant);
        self.take_floor(participant);
        let Some(member) = self.members.get_mut(&participant) else { return };
        if member.kind == ParticipantKind::Device {
            self.members.remove(&participant);
            return;
        }
        member.presence = Presence::Gone { since };
        member.hidden_since = None;
        member.gone = None;
        member.was_lost = matches!(reason, LeaveReason::Lost | LeaveReason::ServerRestarted);
        member.removed |= reason == LeaveReason::Removed;
    }

    fn restart(&mut self, since: Timestamp, at: Timestamp) {
        self.publications.clear();
        self.members.retain(|_, member| member.kind == ParticipantKind::Person);
        for member in self.members.values_mut().filter(|member| member.is_connected()) {
            if let Presence::Present { since: came } = member.presence {
                member.presence = Presence::Lost { since: since.max(came) };
                member.hidden_since = None;
            }
            // Ten seconds from the start, since nobody could come back before it.
            member.gone = Some((at.plus(RETURN_WITHIN), LeaveReason::ServerRestarted));
        }
    }

    fn lower_hand(&mut self, participant: ParticipantId) {
        self.hands.retain(|hand| hand.participant != participant);
    }

    fn take_floor(&mut self, participant: ParticipantId) {
        self.floor.retain(|holder| holder.participant != participant);
        self.publications.retain(|p| p.participant != participant);
    }
}
