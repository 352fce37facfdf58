//! People with accounts: an institution's, its region's, the ministry's, and those of elsewhere.

use super::Server;
use qism::auth::{Secret, new_id};
use qism::ids::{ApiKeyId, InstitutionId, PersonId, RegionId, SessionId};
use qism::store::{Change, ChangedBy, Institution, NewAccount, NewApiKey, Reach, Roles, SessionRecord};
use std::time::Duration;

/// Somebody with an account, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub institution: InstitutionId,
    pub person: PersonId,
}

/// One role alone.
pub const TRAINER: Roles = Roles { trainer: true, trainee: false, committee: false, administrator: false };
pub const TRAINEE: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };
pub const COMMITTEE: Roles = Roles { trainer: false, trainee: false, committee: true, administrator: false };
pub const ADMINISTRATOR: Roles = Roles { trainer: false, trainee: false, committee: false, administrator: true };

impl Server {
    /// An institution without people.
    pub async fn institution(&self, region: RegionId, reach: Reach) -> InstitutionId {
        let id = InstitutionId(new_id(self.clock_now()).expect("randomness"));
        let institution =
            Institution { id, region, name: format!("Institution {id}"), time_zone: "Africa/Casablanca".into() };
        self.store.create_institution(&institution).await.expect("an institution");
        self.store.set_reach(id, reach).await.expect("its reach");
        id
    }

    /// Somebody with these roles.
    pub async fn member(&self, institution: InstitutionId, roles: Roles) -> Member {
        let person = PersonId(new_id(self.clock_now()).expect("randomness"));
        let account = NewAccount {
            id: person,
            name: "Salma Ouchen".into(),
            sign_in: Some(format!("member-{person}")),
            mail: None,
            language: None,
            external_id: None,
            roles,
            search: "salma ouchen".into(),
        };
        self.store.of(institution).create_account(&account, &self.by_the_system("person.create")).await.expect("made");
        Member { institution, person }
    }

    /// A session of theirs, as a cookie.
    pub async fn cookie(&self, member: Member) -> String {
        self.cookie_since(member, Some(self.clock_now())).await
    }

    /// The same, where they gave no second factor.
    pub async fn cookie_without_second_factor(&self, member: Member) -> String {
        self.cookie_since(member, None).await
    }

    async fn cookie_since(&self, member: Member, second_factor_at: Option<qism::time::Timestamp>) -> String {
        let now = self.clock_now();
        let secret = Secret::random().expect("randomness");
        let id = SessionId(new_id(now).expect("randomness"));
        let expires_at = now.plus(Duration::from_secs(86_400));
        let session = SessionRecord { id, created_at: now, expires_at, revoked_at: None };
        let of = self.store.of(member.institution);
        let made = of.create_member_session(&session, &secret.hash(), member.person, second_factor_at, "a test").await;
        made.expect("a session");
        format!("qism={}", secret.text())
    }

    /// A program's key with these scopes.
    pub async fn api_key(&self, institution: InstitutionId, scopes: &[&str]) -> String {
        let secret = Secret::random().expect("randomness");
        let key = NewApiKey {
            id: ApiKeyId(new_id(self.clock_now()).expect("randomness")),
            name: "Inscriptions".into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            created_by: PersonId(uuid::Uuid::nil()),
            expires_at: None,
        };
        let of = self.store.of(institution);
        of.create_api_key(&key, &secret.hash(), &self.by_the_system("api_key.create")).await.expect("a key");
        format!("qism_{}", secret.text())
    }

    pub fn by_the_system(&self, action: &'static str) -> Change {
        Change { at: self.clock_now(), actor: ChangedBy::System, action, subject: None, detail: serde_json::json!({}) }
    }

    fn clock_now(&self) -> qism::time::Timestamp {
        qism::time::Clock::now(self.clock.as_ref())
    }
}
