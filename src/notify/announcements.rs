//! Announcements by mail: one to each person with an address, in batches that go on where the last one ended.

use crate::ids::{AnnouncementId, MailId, PersonId};
use crate::store::{MailedAnnouncement, NewMail, Recipient, Store, StoreError};
use crate::text::Language;
use crate::time::{Clock, Timestamp};

/// How many mails are queued with one transaction.
const BATCH: u32 = 200;

/// How many batches are queued in one go: the queue of mail is sent more slowly than that.
const BATCHES: u32 = 5;

/// Queues some of the mail that announcements are to go out by.
///
/// # Errors
/// Where the store does not answer; what was queued by then is queued.
pub async fn queue_due(store: &Store, clock: &dyn Clock) -> Result<(), StoreError> {
    for _ in 0..BATCHES {
        let Some(announcement) = store.announcement_to_mail().await? else { return Ok(()) };
        let now = clock.now();
        let recipients = store.recipients(&announcement, BATCH).await?;
        let mails: Vec<NewMail> = recipients.iter().map(|recipient| mail(&announcement, recipient, now)).collect();
        let full = u32::try_from(recipients.len()).unwrap_or(u32::MAX) >= BATCH;
        let last = recipients.last().filter(|_| full).map(|recipient| recipient.person);
        store.of(announcement.institution).queue_announcement(announcement.id, &mails, last, now).await?;
    }
    Ok(())
}

fn mail(announcement: &MailedAnnouncement, recipient: &Recipient, now: Timestamp) -> NewMail {
    let from = &announcement.institution_name;
    let why = match recipient.language {
        Language::Arabic => format!("توصلت بهذه الرسالة لأن لك حسابا عند مؤسسة تكوين. المرسل: {from}."),
        Language::French => {
            format!("Vous recevez ce message parce que vous avez un compte de formation. Expéditeur : {from}.")
        }
        Language::English => format!("You get this message because you have a training account. Sent by {from}."),
    };
    NewMail {
        id: id_of(announcement.id, recipient.person),
        person: Some(recipient.person),
        recipient: recipient.mail.clone(),
        subject: announcement.title.clone(),
        body: format!("{}\n\n--\n{why}\n", announcement.body),
        created_at: now,
    }
}

/// An id that follows from what is sent to whom: nobody's mail can be queued twice.
fn id_of(announcement: AnnouncementId, person: PersonId) -> MailId {
    let both = [announcement.0.as_bytes().as_slice(), person.0.as_bytes().as_slice()].concat();
    let digest = ring::digest::digest(&ring::digest::SHA256, &both);
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *byte = *from;
    }
    MailId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
