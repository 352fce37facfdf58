//! `qism attendance verify`: whether a lesson's ledger is as it was sealed. It asks nobody, and needs no server.

use super::say;
use crate::attendance::ledger::{Hex, KeyName, LEDGER_BYTES_MAX, LedgerFault, PublicKey, Verified, verify};
use crate::protocol::Role;
use crate::time::Timestamp;
use anyhow::{Context, bail};
use std::io::Read;
use std::path::Path;

/// Verifies a file and says what it found; tells whether all of it matches.
///
/// # Errors
/// Where the file can't be read, or a key is none.
pub fn check(file: &Path, keys: &[String]) -> anyhow::Result<bool> {
    let trusted = keys.iter().map(|key| name_of(key)).collect::<anyhow::Result<Vec<KeyName>>>()?;
    let bytes = read(file).with_context(|| format!("{} can't be read", file.display()))?;
    match verify(&bytes, &trusted) {
        Ok(verified) => {
            say_what_matches(file, &verified, !trusted.is_empty());
            Ok(true)
        }
        Err(fault) => {
            say_what_does_not(file, &fault);
            Ok(false)
        }
    }
}

/// No more than a ledger has, and one byte that shows that it is more.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.take(LEDGER_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A key's name, or the name of a whole public key.
fn name_of(text: &str) -> anyhow::Result<KeyName> {
    let text = text.trim().to_ascii_lowercase();
    if let Ok(name) = text.parse::<KeyName>() {
        return Ok(name);
    }
    match text.parse::<Hex<32>>() {
        Ok(key) => Ok(PublicKey(key).name()),
        Err(_) => bail!("--key takes a key's name (32 digits of 0-9 a-f) or a public key (64 of them)"),
    }
}

fn say_what_matches(file: &Path, verified: &Verified, is_trusted: bool) {
    let Verified { header, events, results, corrections, seals } = verified;
    let trainees = header.people.iter().filter(|listed| listed.role == Role::Trainee).count();
    let came = results.people.iter().filter(|person| person.first_at.is_some()).count();
    say(&format!("{}: nothing was changed since it was sealed", file.display()));
    say(&format!("  lesson       {} ({})", header.title, header.lesson));
    say(&format!("  institution  {} ({})", header.institution.name, header.institution.id));
    say(&format!("  planned      {} to {}", when(header.planned.from), when(header.planned.to)));
    say(&format!("  events       {events}; the results follow from them"));
    say(&format!("  people       {trainees} trainees listed; {came} people were there while it was on air"));
    for correction in corrections {
        say(&format!(
            "  correction   {}: person {} by {}, {} s before, {} s after",
            when(correction.at),
            correction.number,
            correction.author,
            correction.before_us / 1_000_000,
            correction.after_us / 1_000_000
        ));
    }
    for seal in seals {
        say(&format!("  seal         {} with key {}, hash {}", when(seal.at), seal.key, seal.hash));
    }
    if is_trusted {
        say("every seal is of a key that you named");
    } else {
        say(
            "whose key it is, the file can't prove: compare the key's name with the one that the institution gives out, or \
             name it with --key",
        );
    }
}

fn say_what_does_not(file: &Path, fault: &LedgerFault) {
    say(&format!("{}: it is NOT as it was sealed", file.display()));
    say(&format!("  {fault}"));
    say("ask the institution for the ledger anew; where that does not match either, its records were changed");
}

/// In UTC, whole seconds.
fn when(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_second(at.seconds()).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_or_given_whole() {
        let whole = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let name = name_of(whole).expect("a public key");
        assert_eq!(name_of(&format!(" {} ", name.to_string().to_uppercase())).expect("its name"), name);
        for wrong in ["", "abc", &whole[1..], "g".repeat(32).as_str()] {
            assert!(name_of(wrong).is_err(), "{wrong}");
        }
    }
}
