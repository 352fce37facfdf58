//! A ledger's text. As it is it has no good seal; so a line that is only `seal` becomes one over all before it, which leads
//! to everything behind the seals.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qism::attendance::ledger::verify;
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};

const AT: i64 = 2_000_000_000_000_000;

fuzz_target!(|data: &[u8]| {
    let _ = verify(data, &[]);
    let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key");
    let mut text = Vec::new();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        if line == b"seal\n" {
            let seal = seal(&key, &text);
            text.extend_from_slice(seal.as_bytes());
        } else {
            text.extend_from_slice(line);
        }
    }
    let Ok(verified) = verify(&text, &[]) else { return };
    assert!(!verified.seals.is_empty() && verified.seals.len() == verified.corrections.len() + 1);
    for listed in &verified.header.people {
        assert!(verified.counted_us(listed.number).is_some());
    }
    // Every bit of it counts; which one is tried follows from the input.
    let place = digest(&SHA256, &text).as_ref().iter().fold(0_usize, |sum, byte| sum.wrapping_mul(257) + usize::from(*byte));
    let place = place % text.len();
    text[place] ^= 1 << (place % 8);
    assert!(verify(&text, &[]).is_err());
});

/// A seal as docs/LEDGER.md says it.
fn seal(key: &Ed25519KeyPair, so_far: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let public = key.public_key().as_ref();
    let (hash, name) = (hex(digest(&SHA256, so_far).as_ref()), hex(&digest(&SHA256, public).as_ref()[..16]));
    let signature = hex(key.sign(format!("qism-ledger/1 seal\n{hash}\n{name}\n{AT}\n").as_bytes()).as_ref());
    let public = hex(public);
    format!(
        "{{\"line\":\"seal\",\"algorithm\":\"Ed25519\",\"key\":\"{name}\",\"public_key\":\"{public}\",\"at\":{AT},\
         \"hash\":\"{hash}\",\"signature\":\"{signature}\"}}\n"
    )
}
