//! What people are told of lessons that are called off, in their language.

use crate::auth::new_id;
use crate::http::Shared;
use crate::http::acting::Acting;
use crate::http::problem::Refused;
use crate::ids::{AnnouncementId, MailId};
use crate::store::{NewMail, TimetableLesson, ToldOf};
use crate::text::Language;
use std::time::Duration;

/// How many dates a text names; of more it says how many there are.
const DATES_MAX: usize = 8;

/// A text's two parts.
struct Text {
    title: String,
    body: String,
}

/// What is said of lessons that are called off, at least one.
pub async fn told_of(
    acting: &Acting,
    shared: &Shared,
    lessons: &[TimetableLesson],
    reason: Option<&str>,
) -> Result<ToldOf, Refused> {
    let (Some(first), Some(last)) = (lessons.first(), lessons.last()) else { return Err(Refused::no_record()) };
    let language = acting.store.zone_and_language().await?.map(|(_, language)| language);
    let text = text(language_of(language.as_deref()), first, lessons, reason);
    let mut mails = Vec::new();
    if shared.app.options.mail {
        for contact in acting.store.contacts(first.group.id, first.trainer.id).await? {
            let Text { title, body } = self::text(language_of(Some(&contact.language)), first, lessons, reason);
            mails.push(NewMail {
                id: MailId(new_id(acting.at)?),
                person: Some(contact.person),
                recipient: contact.mail,
                subject: title,
                body,
                created_at: acting.at,
            });
        }
    }
    Ok(ToldOf {
        announcement: AnnouncementId(new_id(acting.at)?),
        group: first.group.id,
        title: text.title,
        body: text.body,
        day: first.wall().date(),
        expires_at: last.span.ends_at.plus(Duration::from_hours(24)),
        mails,
    })
}

fn language_of(tag: Option<&str>) -> Language {
    tag.and_then(|tag| Language::parse(tag).ok()).unwrap_or(Language::Arabic)
}

fn text(language: Language, first: &TimetableLesson, lessons: &[TimetableLesson], reason: Option<&str>) -> Text {
    let (title, group) = (&first.title, &first.group.name);
    let dates: Vec<String> =
        lessons.iter().take(DATES_MAX).map(|lesson| lesson.wall().strftime("%d/%m/%Y %H:%M").to_string()).collect();
    let mut lines = dates;
    let more = lessons.len().saturating_sub(DATES_MAX);
    let (heading, rest, why) = match language {
        Language::Arabic => (format!("ألغيت حصة: {title}"), format!("وعدد الباقي {more}"), "السبب:"),
        Language::French => (format!("Séance annulée\u{a0}: {title}"), format!("et {more} autres"), "Motif\u{a0}:"),
        Language::English => (format!("Lesson cancelled: {title}"), format!("and {more} more"), "Reason:"),
    };
    if more > 0 {
        lines.push(rest);
    }
    lines.insert(0, format!("{title} ({group})"));
    if let Some(reason) = reason {
        lines.push(format!("{why} {reason}"));
    }
    Text { title: heading, body: lines.join("\n") }
}
