//! What applicants are told: by mail where mail is on and they gave an address.

use super::super::Shared;
use super::super::problem::Refused;
use super::applying::is_accepted;
use crate::auth::{Secret, new_id};
use crate::ids::{AccountLinkId, MailId};
use crate::store::{
    Application, ApplicationStatus, Change, ChangedBy, InstitutionRecord, InstitutionStore, NewAccountLink, NewMail,
    StoreError,
};
use crate::text::Language;
use crate::time::Timestamp;
use std::time::Duration;

/// How long the link to a new account is good.
const LINK_LIFETIME: Duration = Duration::from_secs(14 * 86_400);

/// What became of telling somebody.
#[derive(Default)]
pub(super) struct Told {
    pub account_link: Option<String>,
    pub mailed: bool,
}

/// Tells an applicant how their application stands now; who was accepted gets the link to their new account.
pub(super) async fn tell(
    shared: &Shared,
    store: &InstitutionStore,
    application: &Application,
    now: Timestamp,
) -> Result<Told, Refused> {
    let institution = store.itself().await?.ok_or_else(Refused::no_record)?;
    let recipient = application.mail.clone().filter(|_| shared.app.options.mail);
    if offers_account(store, application).await? {
        let url = account_link(shared, store, application, recipient.zip(Some(institution)), now).await?;
        let mailed = shared.app.options.mail && application.mail.is_some();
        return Ok(Told { account_link: Some(url), mailed });
    }
    let Some(recipient) = recipient else { return Ok(Told::default()) };
    let mail = mail_to(application, &institution, recipient, None, now)?;
    store.queue_mail(&[mail]).await?;
    Ok(Told { account_link: None, mailed: true })
}

/// Whether somebody was accepted and has an account that nobody can sign in to yet.
pub(super) async fn offers_account(store: &InstitutionStore, application: &Application) -> Result<bool, Refused> {
    let Some(person) = application.person.filter(|_| is_accepted(application)) else { return Ok(false) };
    let account = store.person(person).await?;
    Ok(account.is_some_and(|account| !account.has_password && account.disabled_at.is_none() && account.is_there()))
}

/// Makes a link to the account of somebody who was accepted, and queues the mail that brings it.
pub(super) async fn account_link(
    shared: &Shared,
    store: &InstitutionStore,
    application: &Application,
    mail: Option<(String, InstitutionRecord)>,
    now: Timestamp,
) -> Result<String, Refused> {
    let person = application.person.ok_or_else(Refused::no_record)?;
    let secret = Secret::random()?;
    let base = shared.app.options.base_url.as_deref().unwrap_or_default();
    let url = format!("{base}/account-link#{}", secret.text());
    let mail = match mail {
        Some((recipient, institution)) => Some(mail_to(application, &institution, recipient, Some(&url), now)?),
        None => None,
    };
    let by = Change {
        at: now,
        actor: ChangedBy::System,
        action: "person.link",
        subject: Some(person.to_string()),
        detail: serde_json::json!({ "mailed": mail.is_some() }),
    };
    let link = NewAccountLink { id: AccountLinkId(new_id(now)?), person, expires_at: now.plus(LINK_LIFETIME) };
    match store.create_account_link(&link, &secret.hash(), mail.as_ref(), &by).await {
        // The account was disabled meanwhile.
        Err(StoreError::Missing) => Err(Refused::no_record()),
        made => made.map(|()| url).map_err(Into::into),
    }
}

fn mail_to(
    application: &Application,
    institution: &InstitutionRecord,
    recipient: String,
    link: Option<&str>,
    now: Timestamp,
) -> Result<NewMail, Refused> {
    let (subject, body) = words(application, &institution.name, link);
    let id = MailId(new_id(now)?);
    Ok(NewMail { id, person: application.person, recipient, subject, body, created_at: now })
}

fn words(application: &Application, institution: &str, link: Option<&str>) -> (String, String) {
    let (name, course) = (&application.name, &application.course_title);
    let reason = application.reason.as_deref().unwrap_or_default();
    let (subject, greeting, text, link_text) = match application.language {
        Language::Arabic => (
            format!("طلب تسجيلك في «{course}»"),
            format!("السلام عليكم {name}،"),
            match application.status {
                ApplicationStatus::Accepted => format!("قُبل طلبك: لك مكان في تكوين «{course}»."),
                ApplicationStatus::Waiting => {
                    format!("تكوين «{course}» ممتلئ حاليا، وأنت في لائحة الانتظار. سنراسلك عند توفر مكان.")
                }
                ApplicationStatus::Refused => format!("لم يُقبل طلبك للتسجيل في «{course}».\n\n{reason}"),
                _ => format!("توصلنا بطلبك للتسجيل في «{course}»."),
            },
            "لإنشاء كلمة السر والدخول إلى حسابك، افتح هذا الرابط خلال 14 يوما:",
        ),
        Language::French => (
            format!("Votre candidature à « {course} »"),
            format!("Bonjour {name},"),
            match application.status {
                ApplicationStatus::Accepted => {
                    format!("Votre candidature est acceptée : vous avez une place dans la formation « {course} ».")
                }
                ApplicationStatus::Waiting => format!(
                    "La formation « {course} » est complète et vous êtes sur la liste d’attente. Nous vous écrirons dès \
                     qu’une place se libère."
                ),
                ApplicationStatus::Refused => {
                    format!("Votre candidature à « {course} » n’est pas retenue.\n\n{reason}")
                }
                _ => format!("Nous avons reçu votre candidature à « {course} »."),
            },
            "Pour choisir votre mot de passe et entrer, ouvrez ce lien dans les 14 jours :",
        ),
        Language::English => (
            format!("Your application for “{course}”"),
            format!("Hello {name},"),
            match application.status {
                ApplicationStatus::Accepted => {
                    format!("Your application was accepted: you have a place in “{course}”.")
                }
                ApplicationStatus::Waiting => format!(
                    "“{course}” is full, and you are on the waiting list. We will write to you when a place comes free."
                ),
                ApplicationStatus::Refused => {
                    format!("Your application for “{course}” was not accepted.\n\n{reason}")
                }
                _ => format!("We received your application for “{course}”."),
            },
            "To choose your password and sign in, open this link within 14 days:",
        ),
    };
    let link = link.map(|url| format!("\n\n{link_text}\n{url}")).unwrap_or_default();
    (subject, format!("{greeting}\n\n{text}{link}\n\n{institution}\n"))
}
