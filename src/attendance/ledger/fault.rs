//! What does not match in a ledger, in plain words.

/// The first thing in a ledger that does not match. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    #[error("the file has more than {} bytes, which no ledger has", super::LEDGER_BYTES_MAX)]
    TooLarge,
    #[error("line {line} is not UTF-8: its bytes were changed")]
    NotText { line: usize },
    #[error("the last line has no end: something was cut off")]
    CutOff,
    #[error("line {line} is no line of a ledger: {why}")]
    Unreadable { line: usize, why: String },
    #[error("line {line} is not written as this format writes it: it was changed")]
    NotCanonical { line: usize },
    #[error("line {line} is {found:?} where {expected} belongs: lines are missing, or in another order")]
    Misplaced { line: usize, found: &'static str, expected: &'static str },
    #[error("the ledger ends without a seal: its end is missing")]
    Unsealed,
    #[error("line {line}: the people are not numbered 1, 2, 3 and so on, or a participant stands twice")]
    People { line: usize },
    #[error("line {line} is event {found}, and {expected} belongs there: events are missing, or were added")]
    Gap { line: usize, found: u64, expected: u64 },
    #[error("line {line} is earlier than the line before it")]
    Backwards { line: usize },
    #[error("line {line}: the results do not follow from the events; of person {number} something else comes out")]
    OtherResults { line: usize, number: u32 },
    #[error("line {line}: the results do not follow from the events")]
    OtherAir { line: usize },
    #[error("line {line} corrects person {number}, who is not in this ledger, or is somebody else")]
    Stranger { line: usize, number: u32 },
    #[error("line {line} says that {said} µs counted before for person {number}; it was {was} µs")]
    OtherBefore { line: usize, number: u32, said: i64, was: i64 },
    #[error("line {line}: what is above the seal is not what was sealed (its SHA-256 is {found})")]
    Hash { line: usize, found: String },
    #[error("line {line}: the key's name is not that of the public key beside it")]
    KeyName { line: usize },
    #[error("line {line}: the signature is not the key's")]
    Signature { line: usize },
    #[error("line {line}: it is sealed with the key {found}, which is none of those that you trust")]
    OtherKey { line: usize, found: String },
}
