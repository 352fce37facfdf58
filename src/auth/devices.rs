//! Encoders and players, which bring a bearer token each time.

use super::refusal::Refusal;
use super::secret::new_id;
use super::{Admission, Auth, takes_place};
use crate::ids::{LessonId, ParticipantId};
use crate::protocol::ParticipantKind;
use crate::store::{InvitationPurpose, Place};

impl Auth {
    /// Admits an encoder or player with a bearer token for this lesson: each call is a new device. A token is good as
    /// often as its devices come, until its invitation ends.
    ///
    /// # Errors
    /// Where the token does not hold for this lesson and purpose, or the lesson is over.
    pub async fn admit_device(
        &self,
        token: &str,
        lesson: LessonId,
        purpose: InvitationPurpose,
    ) -> Result<Admission, Refusal> {
        let invitation = self.holding_invitation(token).await?;
        if invitation.lesson != lesson || invitation.purpose != purpose || purpose == InvitationPurpose::Join {
            return Err(Refusal::invitation_invalid());
        }
        let record = self.lesson(lesson).await?;
        takes_place(&record)?;
        self.has_room(&record).await?;
        let fallback = if purpose == InvitationPurpose::Whip { "WHIP" } else { "WHEP" };
        let place = Place {
            participant: ParticipantId(new_id(self.now())?),
            institution: invitation.institution,
            lesson,
            session: None,
            invitation: invitation.id,
            person: None,
            role: invitation.role,
            kind: ParticipantKind::Device,
            name: invitation.name.unwrap_or_else(|| fallback.into()),
            barred_at: None,
        };
        self.store().of(invitation.institution).create_place(&place).await?;
        Ok(place.into())
    }
}
