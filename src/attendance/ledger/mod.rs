//! A lesson's sealed ledger: what its log says of attendance, in a file that anybody can check with the institution's
//! public key and nothing else. docs/LEDGER.md says its bytes.
//!
//! Owns the format, what is signed and how it is verified. Refuses to keep anything: where ledgers and keys are is the
//! store's. It holds no names, for it can't be changed when somebody is forgotten: people stand in it by their ids.
//!
//! # What always holds
//! 1. A ledger only grows: lines are appended, and none is ever changed.
//! 2. A seal covers every byte before its line, earlier seals too.
//! 3. Of the lines that a program makes, there is one way to write each; verifying compares bytes.
//! 4. The results follow from the events: verifying works them out anew.

mod fault;
mod hex;
mod key;
mod lines;
mod results;
#[cfg(test)]
mod tests;
mod verify;
mod write;

pub use fault::LedgerFault;
pub use hex::{Hex, NotHex};
pub use key::{BadKey, KeyName, KeySeed, PublicKey, SigningKey};
pub use lines::{Correction, Format, Header, Listed, Named, PersonResult, Results, Seal};
pub use results::{results, results_until};
pub use verify::{Verified, verify};
pub use write::{Corrected, Draft, Sealed, correct, seal};

/// The largest ledger that is read, in bytes. A lesson of 1,000 people over a day stays under a tenth of it.
pub const LEDGER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// The longest reason of a correction, in Unicode scalar values.
pub const REASON_CHARS_MAX: usize = 500;
