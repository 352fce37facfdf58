//! Reading a ledger, and checking all of it.

use super::LEDGER_BYTES_MAX;
use super::fault::LedgerFault;
use super::hex::Hex;
use super::key::KeyName;
use super::lines::{Correction, Header, Line, Results, Seal};
use super::results::results;
use crate::ids::{EventSeq, ParticipantId};
use crate::protocol::LoggedEvent;
use crate::time::Timestamp;
use ring::digest::{Context, SHA256};
use std::collections::BTreeSet;

/// A ledger in which everything matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub header: Header,
    /// How many events its log has.
    pub events: usize,
    pub results: Results,
    /// In the order in which they were made.
    pub corrections: Vec<Correction>,
    /// The first is over the lesson, each other over one correction more. There is at least one.
    pub seals: Vec<Seal>,
}

impl Verified {
    /// What counts for somebody now, in microseconds: by the results, or by the last correction.
    #[must_use]
    pub fn counted_us(&self, number: u32) -> Option<i64> {
        let corrected = self.corrections.iter().rev().find(|correction| correction.number == number);
        let worked_out = self.results.people.iter().find(|person| person.number == number);
        corrected.map(|correction| correction.after_us).or_else(|| worked_out.map(|person| person.counted_us))
    }

    /// When it was sealed last.
    #[must_use]
    pub fn newest(&self) -> Timestamp {
        self.seals.last().map_or(Timestamp(0), |seal| seal.at)
    }
}

/// Checks a whole ledger: its form, its events' order, that the results follow from them, and every seal; where `trusted`
/// names keys, that nothing else sealed it. A ledger of which one byte was changed does not get by.
///
/// # Errors
/// What does not match, and where.
pub fn verify(bytes: &[u8], trusted: &[KeyName]) -> Result<Verified, LedgerFault> {
    if bytes.len() > LEDGER_BYTES_MAX {
        return Err(LedgerFault::TooLarge);
    }
    let mut reader = Reader { rest: bytes, line: 0, hash: Context::new(&SHA256), newest: Timestamp(i64::MIN) };
    let header = reader.header()?;
    let (events, results) = reader.events(&header)?;
    let mut verified = Verified { header, events: events.len(), results, corrections: Vec::new(), seals: Vec::new() };
    drop(events);
    verified.seals.push(reader.seal(trusted)?);
    while let Some(line) = reader.next()? {
        let Line::Correction(correction) = line else { return Err(reader.misplaced(&line, "a correction")) };
        reader.check_correction(&verified, &correction)?;
        verified.corrections.push(correction);
        verified.seals.push(reader.seal(trusted)?);
    }
    Ok(verified)
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The line that was read last.
    line: usize,
    /// Over every line before that one, and that one once it is taken in.
    hash: Context,
    newest: Timestamp,
}

impl Reader<'_> {
    /// The next line, taken into the hash unless it is a seal: a seal is not over itself.
    fn next(&mut self) -> Result<Option<Line>, LedgerFault> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.line += 1;
        let line = self.line;
        let end = self.rest.iter().position(|byte| *byte == b'\n').ok_or(LedgerFault::CutOff)?;
        let (bytes, rest) = self.rest.split_at(end + 1);
        let text = std::str::from_utf8(bytes).map_err(|_| LedgerFault::NotText { line })?;
        let parsed: Line = serde_json::from_str(text)
            .map_err(|error| LedgerFault::Unreadable { line, why: without_place(&error.to_string()) })?;
        // An event may be of an older program, which wrote it a little differently; the hash is over its bytes anyway.
        if !matches!(parsed, Line::Event(_)) && parsed.text() != text {
            return Err(LedgerFault::NotCanonical { line });
        }
        if !matches!(parsed, Line::Seal(_)) {
            self.hash.update(bytes);
        }
        self.rest = rest;
        Ok(Some(parsed))
    }

    fn misplaced(&self, found: &Line, expected: &'static str) -> LedgerFault {
        LedgerFault::Misplaced { line: self.line, found: found.word(), expected }
    }

    fn header(&mut self) -> Result<Header, LedgerFault> {
        let header = match self.next()?.ok_or(LedgerFault::Unsealed)? {
            Line::Header(header) => header,
            other => return Err(self.misplaced(&other, "the header")),
        };
        let mut seen: BTreeSet<ParticipantId> = BTreeSet::new();
        let is_numbered = header.people.iter().zip(1..).all(|(listed, number)| listed.number == number);
        let is_apart = header.people.iter().flat_map(|listed| &listed.participants).all(|one| seen.insert(*one));
        if is_numbered && is_apart { Ok(header) } else { Err(LedgerFault::People { line: self.line }) }
    }

    /// The events, and the results that follow from them.
    fn events(&mut self, header: &Header) -> Result<(Vec<LoggedEvent>, Results), LedgerFault> {
        let mut events: Vec<LoggedEvent> = Vec::new();
        loop {
            let written = match self.next()?.ok_or(LedgerFault::Unsealed)? {
                Line::Event(event) => {
                    let expected = events.last().map_or(EventSeq(1), |last| last.seq.next());
                    if event.seq != expected {
                        return Err(LedgerFault::Gap { line: self.line, found: event.seq.0, expected: expected.0 });
                    }
                    self.onward(event.at)?;
                    events.push(LoggedEvent { seq: event.seq, at: event.at, event: event.event });
                    continue;
                }
                Line::Results(written) => written,
                other => return Err(self.misplaced(&other, "an event, or the results")),
            };
            let line = self.line;
            let worked_out = results(header, &events);
            if worked_out == written {
                return Ok((events, written));
            }
            let mut pairs = worked_out.people.iter().zip(&written.people);
            return Err(match pairs.find(|(person, written)| person != written) {
                Some((person, _)) => LedgerFault::OtherResults { line, number: person.number },
                None => LedgerFault::OtherAir { line },
            });
        }
    }

    fn onward(&mut self, at: Timestamp) -> Result<(), LedgerFault> {
        if at < self.newest {
            return Err(LedgerFault::Backwards { line: self.line });
        }
        self.newest = at;
        Ok(())
    }

    fn check_correction(&mut self, verified: &Verified, correction: &Correction) -> Result<(), LedgerFault> {
        let (line, number) = (self.line, correction.number);
        let listed = verified.header.people.iter().find(|listed| listed.number == number);
        if listed.is_none_or(|listed| listed.person != Some(correction.person)) {
            return Err(LedgerFault::Stranger { line, number });
        }
        let was = verified.counted_us(number).unwrap_or_default();
        if was != correction.before_us {
            return Err(LedgerFault::OtherBefore { line, number, said: correction.before_us, was });
        }
        self.onward(correction.at)
    }

    /// A seal over all that was read, which goes into the hash of the next.
    fn seal(&mut self, trusted: &[KeyName]) -> Result<Seal, LedgerFault> {
        let seal = match self.next()?.ok_or(LedgerFault::Unsealed)? {
            Line::Seal(seal) => seal,
            other => return Err(self.misplaced(&other, "a seal")),
        };
        let line = self.line;
        let found = Hex(self.hash.clone().finish().as_ref().first_chunk().copied().unwrap_or_default());
        if found != seal.hash {
            return Err(LedgerFault::Hash { line, found: found.to_string() });
        }
        if seal.public().name() != seal.key {
            return Err(LedgerFault::KeyName { line });
        }
        if !seal.is_signed() {
            return Err(LedgerFault::Signature { line });
        }
        if !trusted.is_empty() && !trusted.contains(&seal.key) {
            return Err(LedgerFault::OtherKey { line, found: seal.key.to_string() });
        }
        self.onward(seal.at)?;
        self.hash.update(Line::Seal(seal.clone()).text().as_bytes());
        Ok(seal)
    }
}

/// The reason alone: lines are counted here.
fn without_place(error: &str) -> String {
    error.split(" at line ").next().unwrap_or_default().to_owned()
}
