//! What follows from events that are durable: who hears of them, and what the media plane is told.

use super::connection::encode;
use super::dispatch::Notice;
use super::link::{disconnect, offer_refused, refusal};
use super::news::may_wait;
use super::seat::{Caller, Input};
use super::slots::Candidate;
use super::task::{RoomTask, remember, wire};
use super::{link, link::PeerLink};
use crate::auth::Refusal;
use crate::classroom::{LoggedEvent, Request, Room};
use crate::ids::ParticipantId;
use crate::protocol::{
    ByeReason, Command, ErrorCode, LeaveReason, OfferedSource, ParticipantKind, Role, RoomEvent, ServerMessage,
    SlotShown, Source,
};
use crate::shard::{self, DisconnectCause};
use std::collections::BTreeMap;
use tokio::sync::oneshot;
use tracing::Instrument;

impl RoomTask {
    /// Takes over the changed room and lets everything follow from what happened.
    pub(super) fn follow(&mut self, room: Room, entries: &[LoggedEvent]) {
        let before = std::mem::replace(&mut self.room, room);
        if entries.is_empty() {
            return;
        }
        self.follow_publications(&before);
        for entry in entries {
            self.announce(entry);
        }
        self.tell_due_news();
        // What a slot shows depends on these alone; in a large room somebody comes or goes all the time.
        if before.publications() != self.room.publications() {
            self.show_all();
        }
    }

    /// Tells the media plane first: who may no longer be heard falls silent at once.
    fn follow_publications(&mut self, before: &Room) {
        let (old, new) = (before.publications(), self.room.publications());
        for ended in old.iter().filter(|p| !new.iter().any(|other| other.id == p.id)) {
            let command = shard::Command::Unpublish { room: self.lesson, publication: ended.id };
            self.shared.media.send(command);
        }
        for started in new.iter().filter(|p| !old.iter().any(|other| other.id == p.id)) {
            let peer = self.links.get(&started.participant).and_then(|link| link.peer.as_ref());
            let Some((peer, mid)) = peer.and_then(|peer| Some((peer.id, *peer.sources.get(&started.source)?))) else {
                continue;
            };
            let role = self.room.connected(started.participant).map(|(role, _)| role);
            self.shared.media.send(shard::Command::Publish {
                peer,
                mid,
                publication: started.id,
                source: started.source,
                always_heard: role == Some(Role::Trainer) && started.source == Source::Microphone,
            });
        }
    }

    fn announce(&mut self, entry: &LoggedEvent) {
        let text = wire(entry);
        remember(&mut self.recent, entry, text.clone());
        let departure = match &entry.event {
            RoomEvent::Left { participant, reason, .. } => Some((*participant, *reason)),
            _ => None,
        };
        // Everybody has heard that the lesson ended: one message for each who leaves with it would say it again.
        if !departure.is_some_and(|(_, reason)| reason == LeaveReason::LessonEnded) {
            self.news.add(entry.seq, text);
        }
        if !may_wait(&entry.event) {
            self.tell_news();
        }
        if matches!(entry.event, RoomEvent::LessonEnded {}) {
            self.settle_attendance();
        }
        if let Some((participant, reason)) = departure {
            self.see_off(participant, reason);
        }
    }

    /// Somebody left: their media and their connection end.
    fn see_off(&mut self, participant: ParticipantId, reason: LeaveReason) {
        self.drop_peer(participant);
        self.links.remove(&participant);
        self.adrift.remove(&participant);
        self.figures.forget(participant);
        let admission = self.admissions.remove(&participant);
        let bye = match reason {
            LeaveReason::Left => ByeReason::Left,
            LeaveReason::Removed => ByeReason::Removed,
            LeaveReason::LessonEnded => ByeReason::LessonEnded,
            LeaveReason::Lost => ByeReason::Silent,
            LeaveReason::ServerRestarted => ByeReason::ServerStopping,
        };
        if let Some(connection) = self.connections.remove(&participant) {
            connection.tell_last(&self.news);
            connection.close(bye);
        }
        let Some(admission) =
            admission.filter(|admission| reason == LeaveReason::Removed && admission.kind == ParticipantKind::Person)
        else {
            return;
        };
        let auth = self.shared.auth.clone();
        tokio::spawn(async move {
            if let Err(error) = auth.bar(&admission).await {
                // The room's own log bars them all the same.
                tracing::error!(participant = %admission.participant, %error, "a removal is not in the register");
            }
        });
    }

    /// Ends a participant's media connection, if there is one.
    pub(super) fn drop_peer(&mut self, participant: ParticipantId) {
        let Some(link) = self.links.get_mut(&participant) else { return };
        link.slots.clear();
        if let Some(peer) = link.peer.take() {
            self.peers.remove(&peer.id);
            self.spending.forget(peer.id);
            disconnect(&self.shared, peer.id);
            link.ended = peer.fingerprints;
        }
    }

    /// Brings every receiver's slots in line with what there is to see.
    fn show_all(&mut self) {
        let candidates = self.candidates();
        for (participant, link) in &mut self.links {
            for command in link.show(*participant, &candidates) {
                self.shared.media.send(command);
            }
        }
    }

    pub(super) fn show(&mut self, participant: ParticipantId) {
        let candidates = self.candidates();
        let Some(link) = self.links.get_mut(&participant) else { return };
        for command in link.show(participant, &candidates) {
            self.shared.media.send(command);
        }
    }

    fn candidates(&self) -> Vec<Candidate> {
        let publications = self.room.publications().iter();
        let with_role = publications.filter_map(|publication| {
            let (role, _) = self.room.connected(publication.participant)?;
            Some(Candidate { publication: *publication, role })
        });
        with_role.collect()
    }

    /// Does what needs no draft; returns whom to tell where the room is to stop.
    pub(super) async fn perform(&mut self, input: Input) -> Option<oneshot::Sender<()>> {
        match input {
            Input::Offer { caller, id, sdp, sources } if self.is_current(caller) => {
                self.offer(caller, id, &sdp, &sources).await;
            }
            Input::Watch { caller, slots } if self.is_current(caller) => {
                let link = self.links.entry(caller.participant).or_default();
                match link.watch(&slots) {
                    Ok(()) => self.show(caller.participant),
                    Err(why) => self.complain(caller, why),
                }
            }
            Input::Receive { caller, quality } if self.is_current(caller) => {
                self.links.entry(caller.participant).or_default().quality = quality;
                self.show(caller.participant);
            }
            Input::Summary { caller, summary } if self.is_current(caller) => {
                self.hear_summary(caller.participant, &summary);
            }
            Input::ConnectDevice { admission, direction, key, offer, reply } => {
                let result = self.connect_device(&admission, direction, key, &offer).await;
                // Whoever asked is gone: nobody knows this device's session, so it would be there for nothing.
                if let Err(Ok(_)) = reply.send(result) {
                    let participant = admission.participant;
                    let _ = self.commit([Request::Leave { participant }]).await;
                }
            }
            Input::Device { device, key, request, reply } => {
                let _ = reply.send(self.device(device, key, request).await);
            }
            Input::Opened { reply } => drop(reply.send(Ok(()))),
            Input::Stop { reply } => return Some(reply),
            // A connection that was replaced asks for nothing more; the rest goes by drafts.
            _ => {}
        }
        None
    }

    fn complain(&mut self, caller: Caller, why: Refusal) {
        self.shared.insight.websocket_refusal(why.code.word());
        let message = ServerMessage::Error { id: None, code: why.code, message: why.detail };
        self.send(caller.participant, encode(&message));
    }

    async fn offer(&mut self, caller: Caller, id: u32, sdp: &str, sources: &[OfferedSource]) {
        let offered = self.shared.insight.join_offered(caller.participant);
        match self.accept_offer(caller.participant, sdp, sources).instrument(offered).await {
            Ok(sdp) => {
                self.send(caller.participant, encode(&ServerMessage::Answer { id, sdp }));
                self.show(caller.participant);
            }
            Err(why) => self.answer(caller, id, Err(why)),
        }
    }

    async fn accept_offer(
        &mut self,
        participant: ParticipantId,
        sdp: &str,
        sources: &[OfferedSource],
    ) -> Result<String, Refusal> {
        let sources = link::parse_sources(sources)?;
        let fingerprints = link::fingerprints(sdp);
        let link = self.links.get(&participant);
        match link.and_then(|link| link.peer.as_ref()) {
            None if !fingerprints.is_empty() && link.is_some_and(|link| link.ended == fingerprints) => Err(peer_gone()),
            Some(peer) if peer.fingerprints == fingerprints => self.renegotiate(participant, sdp, sources).await,
            _ => self.connect_peer(participant, sdp, sources).await,
        }
    }

    /// The same connection offers again. What it no longer sends, or sends elsewhere, ends first.
    async fn renegotiate(
        &mut self,
        participant: ParticipantId,
        sdp: &str,
        sources: BTreeMap<Source, crate::rtp::Mid>,
    ) -> Result<String, Refusal> {
        let peer = self.links.get(&participant).and_then(|link| link.peer.as_ref()).ok_or_else(peer_gone)?;
        let accepted = self.shared.media.renegotiate(peer.id, &peer.session, sdp).map_err(|e| offer_refused(&e))?;
        link::check_sources(&accepted.session, &sources)?;
        let moved: Vec<Source> =
            peer.sources.iter().filter(|(source, mid)| sources.get(source) != Some(mid)).map(|(s, _)| *s).collect();
        let endings = moved.into_iter().map(|source| Request::Command {
            by: participant,
            command: Command::Unpublish { source },
            fresh: self.shared.fresh_publication(),
        });
        let is_publisher = self.room.publications().iter().any(|p| p.participant == participant);
        let endings: Vec<Request> = if is_publisher { endings.collect() } else { Vec::new() };
        self.commit(endings).await?;
        let peer = self.links.get_mut(&participant).and_then(|link| link.peer.as_mut()).ok_or_else(peer_gone)?;
        peer.renew(accepted.session, sources);
        Ok(accepted.answer)
    }

    /// A connection that was not there before takes the place of an older one.
    async fn connect_peer(
        &mut self,
        participant: ParticipantId,
        sdp: &str,
        sources: BTreeMap<Source, crate::rtp::Mid>,
    ) -> Result<String, Refusal> {
        let (peer, accepted) = link::connect(&self.shared, self.lesson, sdp)?;
        let mut ready = link::check_sources(&accepted.session, &sources);
        if ready.is_ok() {
            ready = self.commit([Request::EndMedia { participant }]).await;
        }
        if let Err(why) = ready {
            disconnect(&self.shared, peer);
            return Err(why);
        }
        self.drop_peer(participant);
        self.peers.insert(peer, participant);
        self.shared.insight.join_handed_over(participant, peer);
        let link = self.links.entry(participant).or_default();
        link.watched.clear();
        link.peer = Some(PeerLink::new(peer, accepted.session, sdp, sources));
        Ok(accepted.answer)
    }

    /// Takes in what the media plane says.
    pub(super) async fn hear(&mut self, notice: Notice) {
        match notice {
            Notice::Disconnected { peer, cause } => self.peer_gone(peer, cause).await,
            Notice::Slots { peer, slots } => {
                let Some(participant) = self.peers.get(&peer).copied() else { return };
                let shown = slots.into_iter().map(|(mid, publication)| SlotShown { mid: mid.to_string(), publication });
                let slots: Vec<SlotShown> = shown.collect();
                if let Some(link) = self.links.get_mut(&participant) {
                    link.slots.clone_from(&slots);
                }
                self.send(participant, encode(&ServerMessage::Slots { slots }));
            }
            Notice::Speaking { publications } => self.tell_speaking(&publications),
            Notice::Figures(figures) => {
                let peers = &self.peers;
                self.spending.take(&figures, |peer| peers.get(&peer).copied());
                self.measure_quality(&figures);
                self.figures.take(figures);
            }
        }
    }

    async fn peer_gone(&mut self, peer: crate::ids::PeerId, cause: DisconnectCause) {
        let Some(participant) = self.peers.remove(&peer) else { return };
        self.spending.forget(peer);
        tracing::info!(lesson = %self.lesson, %participant, ?cause, "a media connection ended");
        let Some(link) = self.links.get_mut(&participant) else { return };
        link.ended = link.peer.take().map(|peer| peer.fingerprints).unwrap_or_default();
        link.slots.clear();
        self.silent.insert(participant);
        self.settle().await;
    }

    fn tell_speaking(&mut self, publications: &[crate::ids::PublicationId]) {
        let mut speaking: Vec<ParticipantId> = Vec::new();
        for publication in publications {
            let sender = self.room.publications().iter().find(|p| p.id == *publication).map(|p| p.participant);
            if let Some(sender) = sender.filter(|sender| !speaking.contains(sender)) {
                speaking.push(sender);
            }
        }
        if speaking != self.speaking {
            self.speaking.clone_from(&speaking);
            self.news.set_speaking(encode(&ServerMessage::Speaking { participants: speaking }));
            self.tell_due_news();
        }
    }

    pub(super) fn tell_figures(&mut self) {
        self.figures.beat();
        let now = self.now();
        let peers = &self.peers;
        let who = |peer| peers.get(&peer).copied();
        let receptions = self.figures.receptions(who);
        let watched = self.connections.values().any(|connection| connection.role() != Role::Trainee);
        let figures = watched.then(|| {
            let mut figures = self.figures.lesson(now, who, self.room.publications());
            let received = self.quality.now();
            figures.speech = received.and_then(|now| now.speech).map(|score| score.points() as f32);
            figures.picture = received.and_then(|now| now.picture).map(|score| score.points() as f32);
            encode(&ServerMessage::Figures { figures })
        });
        for (participant, reception) in receptions {
            self.send(participant, encode(&reception));
        }
        if let Some(figures) = figures {
            // They name people of whom nobody may have heard yet.
            self.tell_news();
            self.send_to(|role| role != Role::Trainee, &figures);
        }
    }
}

/// Its encryption can't be taken up again: the client needs a connection with another certificate.
fn peer_gone() -> Refusal {
    refusal(ErrorCode::PeerUnknown, "This media connection is gone; offer with a new one.".into())
}
