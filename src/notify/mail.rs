//! Mail: plain text over SMTP.

use super::{BATCH, shortened, try_again};
use crate::store::{Attempt, DueMail, Store, StoreError};
use crate::time::Clock;
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::time::Duration;

/// How long the mail server may take over one mail.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How the way to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Encrypted once connected, and not without.
    StartTls,
    /// Encrypted from the start.
    Tls,
    /// In the clear: a mail server on this machine.
    None,
}

/// How mail is sent.
#[derive(Clone)]
pub struct MailOptions {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// User and password, where the mail server wants them.
    pub credentials: Option<(String, String)>,
    /// The sender's address.
    pub from: String,
}

/// Why mail can't be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum MailerFault {
    #[error("mail.from is no mail address: {0}")]
    From(#[from] AddressError),
    #[error("the way to the mail server can't be set up: {0}")]
    Transport(#[from] lettre::transport::smtp::Error),
}

/// The way to the mail server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl Mailer {
    /// # Errors
    /// Where the sender's address or the server's name can't be used.
    pub fn new(options: &MailOptions) -> Result<Self, MailerFault> {
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match options.security {
            Security::StartTls => Transport::starttls_relay(&options.host)?,
            Security::Tls => Transport::relay(&options.host)?,
            Security::None => Transport::builder_dangerous(&options.host),
        };
        let mut builder = builder.port(options.port).timeout(Some(TIMEOUT));
        if let Some((user, password)) = &options.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from: options.from.parse()? })
    }

    async fn send(&self, mail: &DueMail, clock: &dyn Clock) -> Attempt {
        let message = match self.message(mail) {
            Ok(message) => message,
            // No later attempt changes what the mail says.
            Err(error) => return Attempt::Failed { at: clock.now(), error: shortened(&error) },
        };
        match self.transport.send(message).await {
            Ok(_) => Attempt::Done { at: clock.now() },
            Err(error) if error.is_permanent() => {
                Attempt::Failed { at: clock.now(), error: shortened(&error.to_string()) }
            }
            Err(error) => try_again(mail.attempts, clock.now(), &error.to_string()),
        }
    }

    fn message(&self, mail: &DueMail) -> Result<Message, String> {
        let recipient: Address = mail.recipient.parse().map_err(|error: AddressError| error.to_string())?;
        let from = Mailbox::new(Some(mail.institution_name.clone()), self.from.clone());
        // RFC 3834 §5: so that no machine answers it.
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
        Message::builder()
            .from(from)
            .to(Mailbox::new(None, recipient))
            .subject(&mail.subject)
            // The same in each attempt, so that one that was sent after all shows once.
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.domain())))
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|error| error.to_string())
    }
}

/// Sends what is due.
pub(super) async fn send_due(store: &Store, clock: &dyn Clock, mailer: &Mailer) -> Result<(), StoreError> {
    loop {
        let due = store.mail_due(clock.now(), BATCH).await?;
        for mail in &due {
            let attempt = mailer.send(mail, clock).await;
            if let Attempt::Again { error, .. } | Attempt::Failed { error, .. } = &attempt {
                tracing::warn!(mail = %mail.id, institution = %mail.institution, error, "a mail was not sent");
            }
            store.note_mail(mail.id, &attempt).await?;
        }
        if u32::try_from(due.len()).is_ok_and(|sent| sent < BATCH) {
            return Ok(());
        }
    }
}
