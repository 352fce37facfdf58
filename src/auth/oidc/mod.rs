//! Signing in at an OpenID provider (OpenID Connect Core 1.0): the code flow with PKCE, state and nonce.
//!
//! Owns what is on its way between the browser and a provider, and who its answer is about. An account is never made,
//! unless the provider's options say so: an identity belongs to somebody who linked it, or to the one person whose mail
//! address the provider verified.

mod jwt;
mod pending;
mod provider;

pub use jwt::SigningAlgorithm;
pub use provider::ProviderOptions;

use self::jwt::Claims;
use self::pending::{Pending, PendingSignIn};
use self::provider::Provider;
use super::account_links::own_change;
use super::accounts::{Browser, SessionFor};
use super::refusal::Refusal;
use super::secret::{Secret, new_id};
use super::{Auth, NoRandomness};
use crate::ids::{InstitutionId, PersonId};
use crate::protocol::ErrorCode;
use crate::store::{AccountOf, Change, ChangedBy, Member, NewAccount, Roles, StoreError, person_search};
use crate::text::{Mail, Name};
use crate::web::{Web, WebFault};
use std::sync::{Mutex, PoisonError};

/// Where people land who named no other page.
const LANDING: &str = "/today";

/// The longest page to land on, in bytes.
const PAGE_BYTES_MAX: usize = 200;

/// The providers that the operator configured.
pub(super) struct Providers {
    web: Web,
    /// Where people reach this server, without a slash at the end.
    base_url: String,
    list: Vec<Provider>,
    pending: Mutex<Pending>,
}

/// Why a provider's answer is not taken; for the log, not for people.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(String);

impl Fault {
    fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl From<WebFault> for Fault {
    fn from(fault: WebFault) -> Self {
        Self::new(format!("the provider was not reached: {fault}"))
    }
}

/// A sign-in that was begun.
pub struct Started {
    /// Where the browser goes.
    pub url: String,
    /// What it must bring back, in a cookie.
    pub secret: String,
}

/// What the browser brings back from a provider.
#[derive(Clone, Copy, Debug)]
pub struct Returned<'a> {
    pub code: Option<&'a str>,
    pub state: Option<&'a str>,
    pub issuer: Option<&'a str>,
    /// The cookie's secret.
    pub secret: Option<&'a str>,
    pub browser: Browser<'a>,
}

/// Somebody who came back from a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    /// The new session's secret; absent where an identity was linked.
    pub session: Option<String>,
    /// The page to show.
    pub page: String,
}

/// Somebody who came back from a provider for nothing.
#[derive(Debug)]
pub struct NotLanded {
    pub refusal: Refusal,
    /// Whether they are signed in, and wanted to link their identity.
    pub was_linking: bool,
}

impl<R: Into<Refusal>> From<R> for NotLanded {
    fn from(refusal: R) -> Self {
        Self { refusal: refusal.into(), was_linking: false }
    }
}

/// A provider as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderCard {
    /// As addresses name it.
    pub name: String,
    /// As its button names it.
    pub label: String,
    pub issuer: String,
}

impl Auth {
    /// Takes the providers that the operator configured; once, before anybody asks.
    ///
    /// # Errors
    /// Where calls to them can't be made.
    pub fn serve_providers(&self, list: Vec<ProviderOptions>, base_url: &str) -> Result<(), WebFault> {
        let list = list.into_iter().map(Provider::new).collect();
        let providers =
            Providers { web: Web::to_configured()?, base_url: base_url.to_owned(), list, pending: Mutex::default() };
        // Who comes second changes nothing.
        let _ = self.shared.providers.set(providers);
        Ok(())
    }

    /// The providers that people can sign in at.
    #[must_use]
    pub fn providers(&self) -> Vec<ProviderCard> {
        let list = self.shared.providers.get().map(|providers| providers.list.iter()).into_iter().flatten();
        list.map(|provider| provider.options.card()).collect()
    }

    /// Begins a sign-in at a provider, or (for somebody who signed in) the linking of their identity there.
    ///
    /// # Errors
    /// Where no provider has this name, it does not answer, or too many are under way.
    pub async fn start_at_provider(
        &self,
        name: &str,
        page: Option<&str>,
        link: Option<&Member>,
    ) -> Result<Started, Refusal> {
        let (providers, provider) = self.provider(name)?;
        let metadata = provider.metadata(&providers.web, self.now()).await.map_err(|fault| refused(name, &fault))?;
        let (state, nonce, verifier, secret) =
            (Secret::random()?, Secret::random()?, Secret::random()?, Secret::random()?);
        let started = PendingSignIn {
            provider: name.to_owned(),
            browser: secret.hash(),
            nonce: nonce.text(),
            verifier: verifier.text(),
            page: page.filter(|page| is_own_page(page)).unwrap_or(LANDING).to_owned(),
            link: link
                .map(|member| (AccountOf { institution: member.institution, person: member.person }, member.session)),
        };
        let begun =
            providers.pending.lock().unwrap_or_else(PoisonError::into_inner).begin(state.hash(), started, self.now());
        if !begun {
            return Err(Refusal::new(ErrorCode::TooMany, "too many are signing in at once; try again in a moment"));
        }
        let url = provider.authorization_url(
            &metadata,
            &providers.redirect_uri(name),
            &state.text(),
            &nonce.text(),
            &verifier.text(),
        );
        Ok(Started { url, secret: secret.text() })
    }

    /// Takes what the browser brings back from a provider: signs in whom it is about, or links their identity.
    ///
    /// # Errors
    /// [`ErrorCode::ProviderFailed`] where the provider refused, or its answer does not hold;
    /// [`ErrorCode::AccountUnknown`] where it is about nobody here; [`ErrorCode::Taken`] where the identity is linked to
    /// somebody else.
    pub async fn return_from_provider(&self, name: &str, returned: Returned<'_>) -> Result<Landed, NotLanded> {
        let (providers, provider) = self.provider(name)?;
        let state = returned.state.and_then(Secret::parse);
        let taken = state.and_then(|state| {
            let mut pending = providers.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.take(&state.hash(), self.now())
        });
        let browser = returned.secret.and_then(Secret::parse).map(|secret| secret.hash());
        let started = taken.filter(|started| started.provider == name && browser == Some(started.browser));
        let Some(started) = started else {
            return Err(refused(name, &Fault::new("the state is unknown, used, too old, or another browser's")).into());
        };
        let claims = async {
            self.claims(providers, provider, &returned, &started).await.map_err(|fault| refused(name, &fault))
        };
        if let Some((account, session)) = started.link {
            let member = match returned.browser.session {
                Some(session) => self.member(session).await?,
                None => None,
            };
            let member = member.filter(|member| member.person == account.person && member.session == session);
            let Some(member) = member else {
                return Err(refused(name, &Fault::new("the session that began the link is over")).into());
            };
            let linked = async { self.link(&member, provider, &claims.await?).await };
            linked.await.map_err(|refusal| NotLanded { refusal, was_linking: true })?;
            return Ok(Landed { session: None, page: started.page });
        }
        let claims = claims.await?;
        let account = self.account_of(provider, &claims).await?;
        let second_factor_at = provider.options.gives_second_factor.then(|| self.now());
        let AccountOf { institution, person } = account;
        let session =
            self.begin_session(SessionFor { institution, person, second_factor_at }, returned.browser).await?;
        Ok(Landed { session: Some(session), page: started.page })
    }

    /// Forgets who somebody is at a provider.
    ///
    /// # Errors
    /// Where nothing was known.
    pub async fn unlink_provider(&self, member: &Member, name: &str) -> Result<(), Refusal> {
        let (_, provider) = self.provider(name)?;
        let by = own_change(member, self.now(), "identity.unlink");
        match self.store().of(member.institution).unlink_identity(member.person, &provider.options.issuer, &by).await {
            Err(StoreError::Missing) => Err(Refusal::new(ErrorCode::NotFound, "no account of that provider is linked")),
            unlinked => Ok(unlinked?),
        }
    }

    fn provider(&self, name: &str) -> Result<(&Providers, &Provider), Refusal> {
        let providers = self.shared.providers.get();
        let found = providers.and_then(|providers| {
            let provider = providers.list.iter().find(|provider| provider.options.name == name)?;
            Some((providers, provider))
        });
        found.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "no sign-in provider has this name"))
    }

    /// What the provider says of who came back.
    async fn claims(
        &self,
        providers: &Providers,
        provider: &Provider,
        returned: &Returned<'_>,
        started: &PendingSignIn,
    ) -> Result<Claims, Fault> {
        let now = self.now();
        let metadata = provider.metadata(&providers.web, now).await?;
        // RFC 9207: a provider that names itself in its answers is believed in those alone where it does.
        match returned.issuer {
            Some(issuer) if issuer != provider.options.issuer => {
                return Err(Fault::new("the answer is another issuer's"));
            }
            None if metadata.names_itself() => return Err(Fault::new("the answer does not name its issuer")),
            _ => {}
        }
        let code = returned.code.ok_or_else(|| Fault::new("the provider refused, or the person did"))?;
        let redirect_uri = providers.redirect_uri(&started.provider);
        let tokens = provider.exchange(&providers.web, &metadata, code, &redirect_uri, &started.verifier).await?;
        let mut claims = provider.verify(&providers.web, &metadata, &tokens.id_token, &started.nonce, now).await?;
        if claims.verified_mail().is_none()
            && let Some(told) = provider.user_info(&providers.web, &metadata, tokens.access_token.as_deref()).await?
        {
            claims.complete(told)?;
        }
        Ok(claims)
    }

    async fn link(&self, member: &Member, provider: &Provider, claims: &Claims) -> Result<(), Refusal> {
        let of = self.store().of(member.institution);
        let by = own_change(member, self.now(), "identity.link");
        match of.link_identity(member.person, &provider.options.issuer, &claims.sub, &by).await {
            Err(StoreError::Conflict) => {
                let known = self.store().account_by_identity(&provider.options.issuer, &claims.sub).await?;
                if known.is_some_and(|known| known.person == member.person) {
                    return Ok(());
                }
                Err(Refusal::new(ErrorCode::Taken, "that account of the provider belongs to somebody else here"))
            }
            linked => Ok(linked?),
        }
    }

    /// Whose account it is; linked from now on where the verified mail address told it.
    async fn account_of(&self, provider: &Provider, claims: &Claims) -> Result<AccountOf, Refusal> {
        let issuer = &provider.options.issuer;
        if let Some(account) = self.store().account_by_identity(issuer, &claims.sub).await? {
            return Ok(account);
        }
        let unknown =
            || Refusal::new(ErrorCode::AccountUnknown, "no account here belongs to you; ask your institution for one");
        let mail = claims.verified_mail().and_then(|mail| Mail::parse(mail).ok());
        let known = match &mail {
            Some(mail) => self.store().account_by_mail(mail.as_str()).await?,
            None => None,
        };
        let account = match (known, provider.options.creates_trainees_at) {
            (Some(account), _) => account,
            (None, Some(institution)) => self.create_trainee(institution, claims, mail).await?,
            (None, None) => return Err(unknown()),
        };
        let by = Change {
            at: self.now(),
            actor: ChangedBy::Person(account.person),
            action: "identity.link",
            subject: Some(account.person.to_string()),
            detail: serde_json::json!({ "by": "mail" }),
        };
        let of = self.store().of(account.institution);
        match of.link_identity(account.person, issuer, &claims.sub, &by).await {
            // It is the identity of an account that may not be used any more.
            Err(StoreError::Conflict) => Err(unknown()),
            linked => Ok(linked.map(|()| account)?),
        }
    }

    async fn create_trainee(
        &self,
        institution: InstitutionId,
        claims: &Claims,
        mail: Option<Mail>,
    ) -> Result<AccountOf, Refusal> {
        let now = self.now();
        let person = PersonId(new_id(now)?);
        let named = claims.name.as_deref().or(claims.preferred_username.as_deref());
        let named = named.and_then(|name| Name::cleaned(name).ok());
        let name = named.map(String::from).or_else(|| mail.as_ref().map(|mail| mail.as_str().to_owned()));
        let Some(name) = name else {
            return Err(Refusal::new(ErrorCode::AccountUnknown, "the provider does not say who you are"));
        };
        let account = NewAccount {
            id: person,
            search: person_search(&name, None, mail.as_ref().map(Mail::as_str), None),
            name,
            sign_in: None,
            mail: mail.map(String::from),
            language: None,
            external_id: None,
            roles: Roles { trainee: true, ..Roles::default() },
        };
        let detail = serde_json::json!({ "by": "provider" });
        let subject = Some(person.to_string());
        let by = Change { at: now, actor: ChangedBy::System, action: "person.create", subject, detail };
        self.store().of(institution).create_account(&account, &by).await?;
        Ok(AccountOf { institution, person })
    }
}

impl Providers {
    fn redirect_uri(&self, name: &str) -> String {
        format!("{}/api/oidc/{name}/callback", self.base_url)
    }
}

/// Whether it is a page of this server: an address with a host in it would send people elsewhere.
fn is_own_page(page: &str) -> bool {
    page.len() <= PAGE_BYTES_MAX
        && page.starts_with('/')
        && !page.starts_with("//")
        && page.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// What a person is told; the reason is the operator's to read.
fn refused(provider: &str, fault: &Fault) -> Refusal {
    tracing::warn!(provider, reason = %fault, "a sign-in at a provider was refused");
    Refusal::new(ErrorCode::ProviderFailed, "signing in at the provider did not work; try again")
}

impl From<NoRandomness> for Fault {
    fn from(fault: NoRandomness) -> Self {
        Self::new(fault.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_land_on_own_pages_only() {
        for page in ["/today", "/week?day=2026-11-30", "/"] {
            assert!(is_own_page(page), "{page}");
        }
        let long = format!("/{}", "x".repeat(PAGE_BYTES_MAX));
        for page in ["", "today", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "/é", &long] {
            assert!(!is_own_page(page), "{page}");
        }
    }
}
