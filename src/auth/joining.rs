//! Lessons that people enter from their account, without a link.

use super::refusal::Refusal;
use super::secret::{Secret, new_id};
use super::sessions::card;
use super::{Auth, takes_place};
use crate::ids::{InvitationId, LessonId, PersonId};
use crate::protocol::{ErrorCode, Role, SessionCard};
use crate::store::{Change, ChangedBy, Invitation, InvitationPurpose, LessonRecord, Member, Standing};
use std::time::Duration;

/// How long after a lesson's planned end, or after now where it takes longer, somebody may come back to it.
const OPEN_AFTER_END: Duration = Duration::from_secs(12 * 3_600);

impl Auth {
    /// Gives somebody who signed in their place in a lesson, the same one each time in this browser: as its trainer, as
    /// a member of its group, or as an observer where they look after its institution.
    ///
    /// # Errors
    /// Where they have no part in it, a trainer removed them, or it is over or called off.
    pub async fn join_lesson(&self, member: &Member, lesson: LessonId) -> Result<SessionCard, Refusal> {
        let standing = self.store().standing(member.person, lesson).await?.ok_or_else(Refusal::no_part)?;
        if standing.barred {
            return Err(Refusal::new(ErrorCode::Removed, "the trainer removed you from this lesson"));
        }
        let record = self.lesson(lesson).await?;
        let invitation = self.own_invitation(member.person, &standing, &record).await?;
        let found = self.place_by(&invitation, member.session).await?;
        takes_place(&record)?;
        let place = if let Some(place) = found {
            self.renamed(place, Some(standing.name)).await?
        } else {
            self.has_room(&record).await?;
            self.take_place(&invitation, member.session, standing.name, Some(member.person)).await?
        };
        if invitation.role == Role::Committee {
            self.note_observer(member.person, &record).await?;
        }
        Ok(card(record, place))
    }

    /// Who observes a lesson hears and sees everybody in it: the institution's audit log says so.
    async fn note_observer(&self, person: PersonId, lesson: &LessonRecord) -> Result<(), Refusal> {
        let by = Change {
            at: self.now(),
            actor: ChangedBy::Person(person),
            action: "lesson.observe",
            subject: Some(lesson.card.id.to_string()),
            detail: serde_json::json!({}),
        };
        Ok(self.store().of(lesson.institution).note_in_audit(&by).await?)
    }

    /// The invitation that stands for somebody's part in a lesson, made where it is not there yet.
    async fn own_invitation(
        &self,
        person: PersonId,
        standing: &Standing,
        lesson: &LessonRecord,
    ) -> Result<Invitation, Refusal> {
        let role = standing.role().ok_or_else(Refusal::no_part)?;
        let now = self.now();
        let invitation = Invitation {
            id: InvitationId(new_id(now)?),
            institution: lesson.institution,
            lesson: lesson.card.id,
            role,
            purpose: InvitationPurpose::Join,
            name: Some(standing.name.clone()),
            expires_at: lesson.card.ends_at.max(now).plus(OPEN_AFTER_END),
            revoked_at: None,
        };
        // Nobody is told this secret: it only keeps the row from being opened by a link.
        let secret = Secret::random()?;
        let of = self.store().of(lesson.institution);
        Ok(of.own_invitation(&invitation, person, &secret.hash(), now).await?)
    }
}
