use super::lines::{Algorithm, Line};
use super::*;
use crate::attendance::Span;
use crate::ids::{CourseId, EventSeq, GroupId, InstitutionId, LessonId, ParticipantId, PersonId};
use crate::protocol::{LeaveReason, LoggedEvent, ParticipantKind, Role, RoomEvent};
use crate::time::Timestamp;
use uuid::Uuid;

const MINUTE: i64 = 60_000_000;
const NINE: i64 = 1_795_597_200_000_000;

/// Numbers that look like chance and are the same each time (a linear congruential generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn id(number: u64) -> Uuid {
    Uuid::from_u128(0x019a_a000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

fn key(number: u8) -> SigningKey {
    KeySeed::new([number; 32]).key().expect("a key")
}

fn named<I>(id: I, name: &str) -> Named<I> {
    Named { id, name: name.into() }
}

/// A lesson of so many people, of whom each has one or two browsers; a third of them have no account, and some never came.
fn header(seed: u64, people: u32, away_counts: bool) -> Header {
    let listed = |number: u32| {
        let own = u64::from(number) * 10;
        let devices = match number % 4 {
            0 => vec![],
            1 => vec![ParticipantId(id(own)), ParticipantId(id(own + 1))],
            _ => vec![ParticipantId(id(own))],
        };
        Listed {
            number,
            person: (!number.is_multiple_of(3)).then_some(PersonId(id(own + 5))),
            role: if number == 1 { Role::Trainer } else { Role::Trainee },
            expected: !number.is_multiple_of(5),
            participants: devices,
        }
    };
    Header {
        format: Format::V1,
        institution: named(InstitutionId(id(1_000_000)), "معهد التكوين، سلا"),
        lesson: LessonId(id(2_000_000 + seed)),
        title: "دارة الشحن".into(),
        course: named(CourseId(id(3_000_000)), "ميكانيك السيارات"),
        group: named(GroupId(id(4_000_000)), "ب 1"),
        planned: Span { from: Timestamp(NINE), to: Timestamp(NINE + 90 * MINUTE) },
        time_zone: "Africa/Casablanca".into(),
        away_counts,
        people: (1..=people).map(listed).collect(),
    }
}

/// A log in which people come, are lost, return, leave, write and raise their hands, with a start and an end.
fn log(seed: u64, header: &Header) -> Vec<LoggedEvent> {
    let mut chance = Chance(seed);
    let mut at = NINE - 5 * MINUTE;
    let mut events = Vec::new();
    let participants: Vec<ParticipantId> = header.people.iter().flat_map(|one| one.participants.clone()).collect();
    let mut push = |at: i64, event| {
        let seq = EventSeq(events.len() as u64 + 1);
        events.push(LoggedEvent { seq, at: Timestamp(at), event });
    };
    let joined = |participant: ParticipantId| RoomEvent::Joined {
        participant,
        name: "Amina Ouchen".into(),
        role: Role::Trainee,
        kind: ParticipantKind::Person,
    };
    push(at, RoomEvent::LessonStarted {});
    for participant in &participants {
        at += chance.below(20_000_000) as i64;
        push(at, joined(*participant));
    }
    for _ in 0..chance.below(120) {
        at += chance.below(30_000_000) as i64;
        let participant = participants[chance.below(participants.len() as u64) as usize];
        let since = Timestamp(at - chance.below(9_000_000) as i64);
        push(
            at,
            match chance.below(8) {
                0 => RoomEvent::ConnectionLost { participant, since },
                1 => RoomEvent::Returned { participant },
                2 => RoomEvent::Left { participant, reason: LeaveReason::Left, since },
                3 => RoomEvent::Said { participant, text: "لا أسمعك".into() },
                4 => RoomEvent::HandRaised { participant },
                5 => RoomEvent::PageHidden { participant, since },
                6 => RoomEvent::PageShown { participant },
                _ => joined(participant),
            },
        );
    }
    push(at + MINUTE, RoomEvent::LessonEnded {});
    events
}

fn sealed_lesson(seed: u64) -> String {
    let header = header(seed, 3 + (seed % 25) as u32, seed.is_multiple_of(2));
    let events = log(seed, &header);
    let end = events.last().expect("an event").at;
    seal(&Draft::new(header, &events), &key(1), Timestamp(end.0 + 11_000_000)).text
}

fn correction(verified: &Verified, at: i64, counted_us: i64) -> Corrected {
    let person = verified.header.people.iter().find_map(|listed| listed.person).expect("somebody with an account");
    let reason = "كان حاضرا بهاتف زميله; «vu en salle» \"x\"".into();
    Corrected { at: Timestamp(at), author: PersonId(id(9)), person, counted_us, reason }
}

/// A lesson that was corrected twice, the second time with another key.
fn corrected_lesson(seed: u64) -> String {
    let mut text = sealed_lesson(seed);
    for (number, minutes) in [(1, 30), (2, 45)] {
        let verified = verify(text.as_bytes(), &[]).expect("it is sealed");
        let wanted = correction(&verified, NINE + 1_000 * MINUTE, minutes * MINUTE);
        text.push_str(&correct(&text, &verified, wanted, &key(number)).expect("they are in it").text);
    }
    text
}

#[test]
fn a_hundred_lessons_verify() {
    for seed in 0..100 {
        let text = sealed_lesson(seed);
        let verified =
            verify(text.as_bytes(), &[key(1).public().name()]).unwrap_or_else(|fault| panic!("{seed}: {fault}"));
        assert_eq!(verified.header.lesson, LessonId(id(2_000_000 + seed)));
        assert_eq!(verified.events + 3, text.lines().count());
        assert!(!text.contains("لا أسمعك") && !text.contains("Amina"), "people's words and names stay out");
        assert_eq!(verified.results.people.len(), verified.header.people.len());
    }
}

#[test]
fn one_changed_byte_anywhere_is_found() {
    let text = corrected_lesson(7);
    verify(text.as_bytes(), &[]).expect("as it was written");
    let mut chance = Chance(11);
    let mut bytes = text.clone().into_bytes();
    // Every byte of the last seal, which no other seal is over, and as many anywhere as make a thousand.
    let last_seal = text.trim_end().rfind('\n').expect("lines") + 1;
    let mut places: Vec<usize> = (last_seal..bytes.len()).collect();
    assert!((300..900).contains(&places.len()), "{}", places.len());
    while places.len() < 1_000 {
        places.push(chance.below(bytes.len() as u64) as usize);
    }
    for place in places {
        let was = bytes[place];
        bytes[place] ^= 1 << chance.below(8);
        assert!(verify(&bytes, &[]).is_err(), "byte {place} was {:?}", char::from(was));
        bytes[place] = was;
    }
    assert_eq!(bytes, text.as_bytes());
}

#[test]
fn a_ledger_that_is_cut_off_or_put_together_anew_is_found() {
    let text = corrected_lesson(3);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let whole = |lines: &[&str]| lines.concat();
    let fault = |text: &str| verify(text.as_bytes(), &[]).expect_err("it was changed");
    assert_eq!(fault(text.trim_end()), LedgerFault::CutOff);
    assert_eq!(fault(&whole(&lines[..lines.len() - 1])), LedgerFault::Unsealed);
    assert_eq!(fault(""), LedgerFault::Unsealed);
    // Without its last correction it is what it was before.
    let before = verify(whole(&lines[..lines.len() - 2]).as_bytes(), &[]).expect("one correction");
    assert_eq!(before.corrections.len(), 1);
    let without_event = [&lines[..4], &lines[5..]].concat();
    assert_eq!(fault(&whole(&without_event)), LedgerFault::Gap { line: 5, found: 5, expected: 4 });
    let without_results: Vec<&str> = lines.iter().copied().filter(|line| !line.contains("\"results\"")).collect();
    assert!(matches!(fault(&whole(&without_results)), LedgerFault::Misplaced { found: "seal", .. }));
    let sealed = lines.iter().position(|line| line.starts_with("{\"line\":\"seal\"")).expect("a seal");
    let without_first_seal = [&lines[..sealed], &lines[sealed + 1..]].concat();
    assert!(matches!(fault(&whole(&without_first_seal)), LedgerFault::Misplaced { found: "correction", .. }));
}

/// Whoever has no key of the institution can still seal with one of their own: that is what naming keys is for.
#[test]
fn another_key_is_found_where_the_keys_are_named() {
    let text = corrected_lesson(5);
    let (first, second) = (key(1).public().name(), key(2).public().name());
    verify(text.as_bytes(), &[first, second]).expect("both are trusted");
    let fault = verify(text.as_bytes(), &[first]).expect_err("the second correction is sealed with another");
    assert!(matches!(fault, LedgerFault::OtherKey { found, .. } if found == second.to_string()));
}

/// With the key in hand the bytes can be sealed anew: then it is the results that give it away.
#[test]
fn results_that_do_not_follow_from_the_events_are_found_under_a_good_seal() {
    let header = header(8, 6, true);
    let events = log(8, &header);
    let mut draft = Draft::new(header, &events);
    let present = draft.results.people.iter().position(|person| person.present_us > 0).expect("somebody was there");
    let was = format!("\"present_us\":{}", draft.results.people[present].present_us);
    let forged = format!("\"present_us\":{}", draft.results.people[present].present_us + 1);
    draft.replace_in_results(&was, &forged);
    let sealed = seal(&draft, &key(1), Timestamp(NINE + 300 * MINUTE));
    let fault = verify(sealed.text.as_bytes(), &[]).expect_err("the results are not those of the events");
    assert!(matches!(fault, LedgerFault::OtherResults { .. }), "{fault}");
}

#[test]
fn a_correction_counts_from_then_on_and_says_what_counted_before() {
    let text = corrected_lesson(4);
    let verified = verify(text.as_bytes(), &[]).expect("it verifies");
    let [first, second] = verified.corrections.as_slice() else { panic!("two corrections") };
    let worked_out = verified.results.people.iter().find(|person| person.number == first.number).expect("them");
    assert_eq!((first.before_us, first.after_us), (worked_out.counted_us, 30 * MINUTE));
    assert_eq!((second.before_us, second.after_us), (30 * MINUTE, 45 * MINUTE));
    assert_eq!(verified.counted_us(first.number), Some(45 * MINUTE));
    assert_eq!(verified.seals.len(), 3);
    let stranger = Corrected { person: PersonId(id(77_777)), ..correction(&verified, NINE, 0) };
    assert_eq!(correct(&text, &verified, stranger, &key(1)), None);
}

#[test]
fn a_correction_that_is_dated_back_is_dated_like_the_line_before() {
    let text = sealed_lesson(2);
    let verified = verify(text.as_bytes(), &[]).expect("it is sealed");
    let more = correct(&text, &verified, correction(&verified, 5, 0), &key(1)).expect("they are in it");
    let verified = verify((text + &more.text).as_bytes(), &[]).expect("it is in order");
    assert_eq!(verified.corrections[0].at, verified.seals[0].at);
}

#[test]
fn what_is_no_ledger_is_told_with_its_line() {
    let fault = |text: &[u8]| verify(text, &[]).expect_err("no ledger");
    assert!(matches!(fault(b"{}\n"), LedgerFault::Unreadable { line: 1, .. }));
    assert_eq!(fault(b"\xff\n"), LedgerFault::NotText { line: 1 });
    let text = sealed_lesson(1);
    let spaced = text.replacen("{\"line\":\"header\"", "{ \"line\":\"header\"", 1);
    assert_eq!(fault(spaced.as_bytes()), LedgerFault::NotCanonical { line: 1 });
    let seal_first = Line::Seal(Seal::new(&key(1), Timestamp(1), Hex([0; 32]))).text();
    assert!(matches!(fault(seal_first.as_bytes()), LedgerFault::Misplaced { line: 1, found: "seal", .. }));
}

#[test]
fn a_key_is_known_by_its_name_and_never_printed() {
    let key = key(3);
    assert_eq!(key.public().name().to_string().len(), 32);
    assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.public().name()));
    assert!("AA".repeat(16).parse::<KeyName>().is_err(), "digits are lower-case");
    assert!("0".repeat(31).parse::<KeyName>().is_err());
    assert_eq!(Algorithm::default(), Algorithm::Ed25519);
}
