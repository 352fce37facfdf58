//! Browsers: from an invitation to a session, a place in the lesson, and tickets for it.

use super::name::normalised;
use super::refusal::Refusal;
use super::secret::{Secret, new_id};
use super::tickets::{TICKET_LIFETIME, TicketFor};
use super::{Admission, Auth, SESSION_LIFETIME, takes_place};
use crate::ids::{LessonId, ParticipantId, PersonId, SessionId};
use crate::protocol::{ErrorCode, InvitationCard, ParticipantKind, SessionCard, Ticket};
use crate::store::{Invitation, InvitationPurpose, LessonRecord, Place, SessionRecord, StoreError};

impl Auth {
    /// What an invitation is for. `session` is the browser's session secret, if it sent one: then the name of an
    /// earlier visit is known.
    ///
    /// # Errors
    /// Where the invitation does not hold, or the trainer removed this browser's participant.
    pub async fn open_invitation(&self, invitation: &str, session: Option<&str>) -> Result<InvitationCard, Refusal> {
        let invitation = self.joining_invitation(invitation).await?;
        let lesson = self.lesson(invitation.lesson).await?;
        let place = match self.holding_session(session).await? {
            Some(session) => self.place_by(&invitation, session.id).await?,
            None => None,
        };
        let asks_name = invitation.name.is_none();
        let name = invitation.name.or(place.map(|place| place.name));
        Ok(InvitationCard { lesson: lesson.card, role: invitation.role, phase: lesson.phase, name, asks_name })
    }

    /// Accepts an invitation: gives this browser a session, where it has none that holds, and a place in the lesson,
    /// the same one each time. The second value is the new session's secret for the cookie.
    ///
    /// # Errors
    /// Where the invitation does not hold, the name can't be used, the lesson is over (for newcomers), or the trainer
    /// removed this browser's participant.
    pub async fn start_session(
        &self,
        invitation: &str,
        name: Option<&str>,
        session: Option<&str>,
    ) -> Result<(SessionCard, Option<String>), Refusal> {
        let invitation = self.joining_invitation(invitation).await?;
        let lesson = self.lesson(invitation.lesson).await?;
        let given = given_name(&invitation, name)?;
        let session = self.holding_session(session).await?;
        if let Some(session) = &session
            && let Some(place) = self.place_by(&invitation, session.id).await?
        {
            let place = self.renamed(place, given).await?;
            return Ok((card(lesson, place), None));
        }
        takes_place(&lesson)?;
        let Some(name) = given else {
            return Err(Refusal::new(ErrorCode::NameInvalid, "say who you are: the invitation asks for a name"));
        };
        self.has_room(&lesson).await?;
        let (session, secret) = match session {
            Some(session) => (session.id, None),
            None => self.new_session().await?,
        };
        let place = self.take_place(&invitation, session, name, None).await?;
        Ok((card(lesson, place), secret))
    }

    /// The place that this session holds.
    ///
    /// # Errors
    /// Where the session holds no such place, its invitation is over, or the trainer removed the participant.
    pub async fn session_card(
        &self,
        session: &str,
        lesson: LessonId,
        participant: ParticipantId,
    ) -> Result<SessionCard, Refusal> {
        let (place, lesson, _) = self.held_place(session, lesson, participant).await?;
        Ok(card(lesson, place))
    }

    /// A ticket for the place that this session holds.
    ///
    /// # Errors
    /// As [`Auth::session_card`], and where the lesson is over or too many tickets wait to be used.
    pub async fn issue_ticket(
        &self,
        session: &str,
        lesson: LessonId,
        participant: ParticipantId,
    ) -> Result<Ticket, Refusal> {
        let (place, lesson, session) = self.held_place(session, lesson, participant).await?;
        takes_place(&lesson)?;
        let secret = Secret::random()?;
        let place =
            TicketFor { institution: place.institution, lesson: place.lesson, participant: place.participant, session };
        if !self.tickets().issue(secret.hash(), place, self.now()) {
            return Err(Refusal::new(ErrorCode::TooMany, "too many are joining at once; try again in a moment"));
        }
        let expires_in_s = u32::try_from(TICKET_LIFETIME.as_secs()).unwrap_or(u32::MAX);
        Ok(Ticket { ticket: secret.text(), expires_in_s })
    }

    /// Takes a ticket, once, and reads the place's rights again.
    ///
    /// # Errors
    /// Where the ticket is unknown, used or too old, or the place's rights ended meanwhile.
    pub async fn redeem_ticket(&self, ticket: &str) -> Result<Admission, Refusal> {
        let secret = Secret::parse(ticket).ok_or_else(Refusal::ticket_invalid)?;
        let now = self.now();
        let taken = self.tickets().take(&secret.hash(), now);
        let ticket = taken.ok_or_else(Refusal::ticket_invalid)?;
        let session = self.store().session(ticket.session).await?;
        if !session.is_some_and(|session| session.holds(now)) {
            return Err(Refusal::session_invalid());
        }
        let place = self.store().of(ticket.institution).place(ticket.participant).await?;
        let place = place
            .filter(|place| place.lesson == ticket.lesson && place.session == Some(ticket.session))
            .ok_or_else(Refusal::ticket_invalid)?;
        let lesson = self.rights(&place).await?;
        takes_place(&lesson)?;
        Ok(place.into())
    }

    /// Ends a browser's session and with it all its places.
    ///
    /// # Errors
    /// Where it could not be made durable. A session that is not there is ended already.
    pub async fn end_session(&self, session: &str) -> Result<(), Refusal> {
        match self.holding_session(Some(session)).await? {
            Some(session) => Ok(self.store().revoke_session(session.id, self.now()).await?),
            None => Ok(()),
        }
    }

    async fn joining_invitation(&self, secret: &str) -> Result<Invitation, Refusal> {
        let invitation = self.holding_invitation(secret).await?;
        match invitation.purpose {
            InvitationPurpose::Join => Ok(invitation),
            InvitationPurpose::Whip | InvitationPurpose::Whep => Err(Refusal::invitation_invalid()),
        }
    }

    pub(super) async fn holding_session(&self, secret: Option<&str>) -> Result<Option<SessionRecord>, Refusal> {
        let Some(secret) = secret.and_then(Secret::parse) else { return Ok(None) };
        let session = self.store().session_by_secret(&secret.hash()).await?;
        Ok(session.filter(|session| session.holds(self.now())))
    }

    /// The place that a session holds by an invitation; refused where the participant was removed.
    pub(super) async fn place_by(&self, invitation: &Invitation, session: SessionId) -> Result<Option<Place>, Refusal> {
        let place = self.store().of(invitation.institution).place_of(session, invitation.id).await?;
        match place {
            Some(place) => self.rights(&place).await.map(|_| Some(place)),
            None => Ok(None),
        }
    }

    async fn held_place(
        &self,
        session: &str,
        lesson: LessonId,
        participant: ParticipantId,
    ) -> Result<(Place, LessonRecord, SessionId), Refusal> {
        let session = self.holding_session(Some(session)).await?.ok_or_else(Refusal::session_invalid)?;
        let institution = self.lesson(lesson).await?.institution;
        let place = self.store().of(institution).place(participant).await?;
        let place = place
            .filter(|place| place.lesson == lesson && place.session == Some(session.id))
            .ok_or_else(Refusal::session_invalid)?;
        let lesson = self.rights(&place).await?;
        Ok((place, lesson, session.id))
    }

    async fn new_session(&self) -> Result<(SessionId, Option<String>), Refusal> {
        let now = self.now();
        let secret = Secret::random()?;
        let id = SessionId(new_id(now)?);
        let record = SessionRecord { id, created_at: now, expires_at: now.plus(SESSION_LIFETIME), revoked_at: None };
        self.store().create_session(&record, &secret.hash()).await?;
        Ok((id, Some(secret.text())))
    }

    /// Takes a place by an invitation; `person` is whose account it is, where it is somebody's own.
    pub(super) async fn take_place(
        &self,
        invitation: &Invitation,
        session: SessionId,
        name: String,
        person: Option<PersonId>,
    ) -> Result<Place, Refusal> {
        let place = Place {
            participant: ParticipantId(new_id(self.now())?),
            institution: invitation.institution,
            lesson: invitation.lesson,
            session: Some(session),
            invitation: invitation.id,
            person,
            role: invitation.role,
            kind: ParticipantKind::Person,
            name,
            barred_at: None,
        };
        match self.store().of(invitation.institution).create_place(&place).await {
            Ok(()) => Ok(place),
            // The same browser asked twice at once (two tabs, a retry): both get the place that was first.
            Err(StoreError::Conflict) => self.place_by(invitation, session).await?.ok_or_else(Refusal::session_invalid),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn renamed(&self, mut place: Place, name: Option<String>) -> Result<Place, Refusal> {
        if let Some(name) = name
            && name != place.name
        {
            self.store().of(place.institution).rename_place(place.participant, &name).await?;
            place.name = name;
        }
        Ok(place)
    }
}

/// The name that the invitation fixes, or else the guest gave.
fn given_name(invitation: &Invitation, given: Option<&str>) -> Result<Option<String>, Refusal> {
    if let Some(fixed) = &invitation.name {
        return Ok(Some(fixed.clone()));
    }
    let Some(given) = given else { return Ok(None) };
    let invalid = || Refusal::new(ErrorCode::NameInvalid, "a name has 1 to 80 visible characters");
    normalised(given).map(Some).ok_or_else(invalid)
}

pub(super) fn card(lesson: LessonRecord, place: Place) -> SessionCard {
    SessionCard {
        lesson: lesson.card,
        participant: place.participant,
        role: place.role,
        name: place.name,
        phase: lesson.phase,
    }
}
