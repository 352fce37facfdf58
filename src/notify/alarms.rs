//! Alarms by mail, in each recipient's language.

use crate::ids::{AlarmId, MailId, PersonId};
use crate::protocol::{AlarmRule, LessonCard};
use crate::store::{NewAlarm, NewMail, Recipient};
use crate::text::Language;
use crate::time::Timestamp;

/// What a mail about an alarm says.
pub struct AlarmFacts<'a> {
    pub alarm: &'a NewAlarm,
    pub lesson: &'a LessonCard,
    /// Where the board is.
    pub link: String,
}

/// The mail about an alarm to one recipient. No trainee is named in it.
#[must_use]
pub fn alarm_mail(facts: &AlarmFacts<'_>, recipient: &Recipient) -> NewMail {
    let AlarmFacts { alarm, lesson, link } = facts;
    let starts = local(lesson.starts_at, &lesson.time_zone);
    let what = what(alarm.rule, recipient.language);
    let LessonCard { title, course, group, institution, .. } = lesson;
    let (subject, body) = match recipient.language {
        Language::Arabic => (
            format!("إنذار: {what}: {title}"),
            format!(
                "{what}.\n\nالحصة: {title}\nالتكوين: {course}، {group}\nالمؤسسة: {institution}\nالبداية المبرمجة: {starts}\n\nلوحة \
                 التتبع: {link}\n\n--\nتوصلت بهذه الرسالة لأنك عضو في لجنة تتبع. يمكنك إيقاف هذه الرسائل من أسفل صفحة الإنذارات.\n"
            ),
        ),
        Language::French => (
            format!("Alarme : {what} : {title}"),
            format!(
                "{what}.\n\nSéance : {title}\nFormation : {course}, {group}\nÉtablissement : {institution}\nDébut prévu : \
                 {starts}\n\nTableau de suivi : {link}\n\n--\nVous recevez ce message parce que vous êtes membre d’une \
                 commission de suivi. Vous pouvez arrêter ces messages en bas de la page des alarmes.\n"
            ),
        ),
        Language::English => (
            format!("Alarm: {what}: {title}"),
            format!(
                "{what}.\n\nLesson: {title}\nCourse: {course}, {group}\nInstitution: {institution}\nPlanned start: \
                 {starts}\n\nThe board: {link}\n\n--\nYou get this message because you are on a monitoring committee. You \
                 can stop these messages at the bottom of the page of alarms.\n"
            ),
        ),
    };
    NewMail {
        id: id_of(alarm.id, recipient.person),
        person: Some(recipient.person),
        recipient: recipient.mail.clone(),
        subject,
        body,
        created_at: alarm.raised_at,
    }
}

fn what(rule: AlarmRule, language: Language) -> &'static str {
    match (rule, language) {
        (AlarmRule::NoTrainer, Language::Arabic) => "لا مكوّن بعد عشر دقائق من بداية الحصة",
        (AlarmRule::NoTrainer, Language::French) => "Pas de formateur dix minutes après le début de la séance",
        (AlarmRule::NoTrainer, Language::English) => "No trainer ten minutes after the lesson's start",
        (AlarmRule::FewPresent, Language::Arabic) => "أقل من نصف المتدربين المنتظرين حاضرون",
        (AlarmRule::FewPresent, Language::French) => "Moins de la moitié des stagiaires attendus sont présents",
        (AlarmRule::FewPresent, Language::English) => "Under half of the expected trainees are present",
        (AlarmRule::PoorSpeech, Language::Arabic) => "الصوت رديء منذ دقيقتين",
        (AlarmRule::PoorSpeech, Language::French) => "La parole passe mal depuis deux minutes",
        (AlarmRule::PoorSpeech, Language::English) => "Speech has been poor for two minutes",
    }
}

/// A time by the clock on the lesson's wall; by UTC where its zone is not known.
fn local(at: Timestamp, zone: &str) -> String {
    let Ok(instant) = jiff::Timestamp::from_microsecond(at.micros()) else { return String::new() };
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    instant.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// An id that follows from what is sent to whom: nobody's mail can be queued twice.
fn id_of(alarm: AlarmId, person: PersonId) -> MailId {
    let both = [alarm.0.as_bytes().as_slice(), person.0.as_bytes().as_slice()].concat();
    let digest = ring::digest::digest(&ring::digest::SHA256, &both);
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *byte = *from;
    }
    MailId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{InstitutionId, LessonId};
    use uuid::Uuid;

    #[test]
    fn a_mail_says_what_it_is_about_in_the_readers_language() {
        let alarm = NewAlarm {
            id: AlarmId(Uuid::from_u128(1)),
            institution: InstitutionId(Uuid::from_u128(2)),
            lesson: LessonId(Uuid::from_u128(3)),
            rule: AlarmRule::NoTrainer,
            raised_at: Timestamp(1_795_597_200_000_000),
        };
        let lesson = LessonCard {
            id: alarm.lesson,
            title: "La soudure à l’arc".into(),
            course: "Soudage".into(),
            group: "Groupe 2".into(),
            trainer: "Amina".into(),
            institution: "ISTA".into(),
            language: "fr".into(),
            starts_at: Timestamp(1_795_597_200_000_000),
            ends_at: Timestamp(1_795_604_400_000_000),
            time_zone: "Africa/Casablanca".into(),
        };
        let facts = AlarmFacts { alarm: &alarm, lesson: &lesson, link: "https://qism.example/board".into() };
        for (language, word) in
            [(Language::Arabic, "إنذار"), (Language::French, "Alarme"), (Language::English, "Alarm")]
        {
            let person = PersonId(Uuid::from_u128(4));
            let recipient = Recipient { person, mail: "a@example.ma".into(), language };
            let mail = alarm_mail(&facts, &recipient);
            assert!(mail.subject.starts_with(word), "{}", mail.subject);
            assert!(mail.body.contains("2026-11-25 10:00") || mail.body.contains("2026-11-25"), "{}", mail.body);
            assert!(mail.body.contains("https://qism.example/board"));
            assert!(!mail.body.contains("Amina"));
        }
    }
}
