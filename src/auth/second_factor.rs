//! The second factor: an authenticator app's codes, and ten that stand in for a lost device.

use super::Auth;
use super::account_links::own_change;
use super::accounts::account_key;
use super::refusal::Refusal;
use super::secret::random;
use super::totp;
use crate::protocol::ErrorCode;
use crate::store::{Change, ChangedBy, Credential, Member, StoreError};

/// How many codes stand in for a lost device.
const RECOVERY_CODES: usize = 10;

/// 80 bits: what is found by no search, even of the hashes.
const RECOVERY_BYTES: usize = 10;

/// Longer than any code, gaps included.
const CODE_BYTES_MAX: usize = 100;

/// What an authenticator app must be told.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// In base32, to be typed.
    pub secret: String,
    /// As the square says it.
    pub uri: String,
}

impl Auth {
    /// Begins somebody's second factor: the secret holds once its first code was given.
    ///
    /// # Errors
    /// Where they have one already.
    pub async fn begin_second_factor(&self, member: &Member) -> Result<Enrolment, Refusal> {
        if member.has_second_factor {
            return Err(Refusal::new(ErrorCode::Taken, "the account has a second factor; remove it first"));
        }
        let of = self.store().of(member.institution);
        let secret = totp::base32(&random::<{ totp::SECRET_BYTES }>()?);
        of.begin_second_factor(member.person, &secret).await?;
        let credential = of.credential(member.person).await?;
        let account = credential.and_then(|credential| credential.sign_in).unwrap_or_else(|| member.name.clone());
        let uri = totp::uri(&secret, "Qism", &account);
        Ok(Enrolment { secret, uri })
    }

    /// Puts the second factor in force with its first code: gives the codes that stand in for a lost device, once.
    ///
    /// # Errors
    /// Where none was begun, or the code is wrong.
    pub async fn confirm_second_factor(&self, member: &Member, code: &str) -> Result<Vec<String>, Refusal> {
        let of = self.store().of(member.institution);
        let wrong = || Refusal::field("code", "wrong", "this is not the code that the app shows now; try the next");
        let Some(secret) = of.pending_second_factor(member.person).await? else {
            return Err(Refusal::new(ErrorCode::NotFound, "no second factor was begun; begin it first"));
        };
        let account = account_key(&member.person.to_string());
        self.attempt(account, None)?;
        let now = self.now();
        let step = totp::step_of(&secret, code, now, 0).ok_or_else(wrong)?;
        let (codes, hashes) = new_recovery_codes()?;
        let by = own_change(member, now, "second_factor.add");
        match of.confirm_second_factor(member.person, member.session, &secret, step, &hashes, &by).await {
            Err(StoreError::Stale) => return Err(wrong()),
            confirmed => confirmed?,
        }
        self.forgive(&account, None);
        Ok(codes)
    }

    /// Gives the second factor in a session that began without.
    ///
    /// # Errors
    /// Where the account has none, or the code is wrong.
    pub async fn give_second_factor(&self, member: &Member, code: &str) -> Result<(), Refusal> {
        let of = self.store().of(member.institution);
        let credential = of.credential(member.person).await?.filter(|credential| credential.totp.is_some());
        let Some(credential) = credential else {
            return Err(Refusal::new(ErrorCode::NotFound, "the account has no second factor"));
        };
        let account = account_key(&member.person.to_string());
        self.attempt(account, None)?;
        if !self.second_factor_is(&credential, code).await? {
            return Err(Refusal::field("code", "wrong", "this is not the code that the app shows now; try the next"));
        }
        self.forgive(&account, None);
        Ok(of.note_second_factor(member.session, self.now()).await?)
    }

    /// Takes somebody's second factor away.
    ///
    /// # Errors
    /// Where the password is not theirs.
    pub async fn remove_second_factor(&self, member: &Member, password: &str) -> Result<(), Refusal> {
        self.check_own_password(member, password, "password").await?;
        let by = own_change(member, self.now(), "second_factor.remove");
        Ok(self.store().of(member.institution).remove_second_factor(member.person, &by).await?)
    }

    /// Whether this is a code of the account's second factor that was not used yet; it is used now.
    pub(super) async fn second_factor_is(&self, credential: &Credential, code: &str) -> Result<bool, Refusal> {
        let Some(secret) = credential.totp.as_deref().filter(|_| code.len() <= CODE_BYTES_MAX) else {
            return Ok(false);
        };
        let of = self.store().of(credential.institution);
        if let Some(step) = totp::step_of(secret, code, self.now(), credential.totp_step) {
            return Ok(of.use_second_factor(credential.person, step).await?);
        }
        let Some(before) = of.recovery_codes(credential.person).await? else { return Ok(false) };
        let mut hashes: Vec<String> = serde_json::from_str(&before).unwrap_or_default();
        let given = recovery_hash(code);
        let Some(index) = hashes.iter().position(|hash| *hash == given) else { return Ok(false) };
        hashes.remove(index);
        let by = Change {
            at: self.now(),
            actor: ChangedBy::Person(credential.person),
            action: "second_factor.recovery_code",
            subject: Some(credential.person.to_string()),
            detail: serde_json::json!({ "left": hashes.len() }),
        };
        let after = serde_json::Value::from(hashes).to_string();
        Ok(of.replace_recovery_codes(credential.person, &before, &after, &by).await?)
    }
}

/// New codes, and their hashes as JSON.
fn new_recovery_codes() -> Result<(Vec<String>, String), Refusal> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let letters = totp::base32(&random::<RECOVERY_BYTES>()?).to_lowercase();
        let letters: Vec<char> = letters.chars().collect();
        let parts: Vec<String> = letters.chunks(4).map(|part| part.iter().collect()).collect();
        codes.push(parts.join("-"));
    }
    let hashes: Vec<String> = codes.iter().map(|code| recovery_hash(code)).collect();
    let hashes = serde_json::Value::from(hashes).to_string();
    Ok((codes, hashes))
}

/// SHA-256 of a code's letters and digits, in hexadecimal.
fn recovery_hash(code: &str) -> String {
    let plain: String = code.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    account_key(&plain.to_ascii_lowercase()).0.iter().map(|byte| format!("{byte:02x}")).collect()
}
