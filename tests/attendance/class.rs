//! The server's part, as far as attendance needs it: the real room, its log, and the time in rooms, told of what reaches a
//! server. Beside them only what the network is: when a sign of life comes, and when its absence is noticed.

use crate::script::{Connected, Device, End, Script};
use qism::attendance::{Account, Span, account};
use qism::classroom::{Entrant, LessonTime, Request, Room, SIGNS_APART_MAX};
use qism::ids::{LessonId, ParticipantId, PublicationId};
use qism::protocol::{
    Command, HEARTBEAT_INTERVAL_MS, HEARTBEAT_TIMEOUT_MS, LessonCard, LoggedEvent, ParticipantKind, Role,
};
use qism::time::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

/// How often a running server writes down that it runs.
const SIGN_EVERY_MS: i64 = 400;

/// By the clock on the wall, before anybody sets it.
const START: Timestamp = Timestamp(1_800_000_000_000_000);

const TRAINER: ParticipantId = ParticipantId(Uuid::from_u128(1));

pub struct Played {
    pub account: Account,
    /// Whose participants are whose, in the script's order.
    pub participants: Vec<Vec<ParticipantId>>,
}

/// What reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Killed,
    Restarted,
    Joins(ParticipantId),
    Hides(ParticipantId),
    Shows(ParticipantId),
    Beats(ParticipantId),
    Leaves(ParticipantId),
    Closes(ParticipantId),
    Starts,
    Ends,
}

/// Lets a lesson take place and works out its account.
pub fn play(script: &Script) -> Played {
    let mut happenings: Vec<(i64, What)> = vec![(1, What::Joins(TRAINER)), (script.ends, What::Ends)];
    happenings.push((script.starts, What::Starts));
    for (killed, again) in &script.outages {
        happenings.extend([(*killed, What::Killed), (*again, What::Restarted), (again + 60, What::Joins(TRAINER))]);
    }
    let mut participants = Vec::new();
    let mut number = 100;
    for person in &script.persons {
        let mut own = Vec::new();
        for device in &person.devices {
            number += 1;
            let participant = ParticipantId(Uuid::from_u128(number));
            happenings.extend(signals(participant, device));
            own.push(participant);
        }
        participants.push(own);
    }
    happenings.extend((1..script.ends / 1_000).map(|second| (second * 1_000 + 1, What::Beats(TRAINER))));
    happenings.sort_unstable();
    let mut server = Server::new(script);
    for (at, what) in happenings.into_iter().filter(|(at, _)| *at <= script.ends) {
        server.pass_to(at);
        server.hear(what);
    }
    // What a log says survives its way to the store and back.
    let kept: Vec<LoggedEvent> = server.log.iter().map(through_json).collect();
    Played { account: account(span(script.planned), &kept), participants }
}

fn through_json(entry: &LoggedEvent) -> LoggedEvent {
    serde_json::from_str(&serde_json::to_string(entry).expect("JSON")).expect("the same again")
}

fn span((from, to): (i64, i64)) -> Span {
    Span { from: on_the_wall(from), to: on_the_wall(to) }
}

fn on_the_wall(true_ms: i64) -> Timestamp {
    Timestamp(START.micros() + true_ms * 1_000)
}

/// What comes from one device.
fn signals(participant: ParticipantId, device: &Device) -> Vec<(i64, What)> {
    let mut signals = Vec::new();
    for Connected { from, to, end, hidden } in &device.connections {
        signals.push((*from, What::Joins(participant)));
        let mut beat = from + HEARTBEAT_INTERVAL_MS.cast_signed();
        while beat <= *to {
            signals.push((beat, What::Beats(participant)));
            beat += HEARTBEAT_INTERVAL_MS.cast_signed();
        }
        for (start, end) in hidden {
            signals.push((*start, What::Hides(participant)));
            if end < to {
                signals.push((*end, What::Shows(participant)));
            }
        }
        match end {
            End::Leaves => signals.push((*to, What::Leaves(participant))),
            End::Closes => signals.push((*to, What::Closes(participant))),
            End::FallsSilent | End::ServerDies | End::LessonEnds => {}
        }
    }
    signals
}

struct Server<'a> {
    script: &'a Script,
    log: Vec<LoggedEvent>,
    room: Room,
    runs: bool,
    /// True time.
    now: i64,
    /// When this run of the server began.
    began: i64,
    time: LessonTime,
    last_sign: Option<Timestamp>,
    /// Whose connections there are, and when each gave its last sign of life.
    heard: BTreeMap<ParticipantId, (i64, Timestamp)>,
}

impl<'a> Server<'a> {
    fn new(script: &'a Script) -> Self {
        Self {
            script,
            log: Vec::new(),
            room: Room::new(card(script)),
            runs: true,
            now: 0,
            began: 0,
            time: LessonTime::starting(START, Duration::ZERO),
            last_sign: None,
            heard: BTreeMap::new(),
        }
    }

    /// Lets time pass: signs of life are written, silences noticed, and who does not come back is let go.
    fn pass_to(&mut self, at: i64) {
        while self.now < at {
            self.now = at.min(self.now + 50);
            if !self.runs {
                continue;
            }
            let now = self.time();
            if (self.now - self.began) % SIGN_EVERY_MS < 50 {
                self.last_sign = Some(now);
            }
            let noticed = HEARTBEAT_TIMEOUT_MS.cast_signed();
            let silent: Vec<(ParticipantId, Timestamp)> = self
                .heard
                .iter()
                .filter(|(_, (heard, _))| self.now - heard >= noticed)
                .map(|(who, (_, since))| (*who, *since))
                .collect();
            for (participant, since) in silent {
                self.heard.remove(&participant);
                self.ask(Request::Lose { participant, since });
            }
            while let Some(due) = self.room.poll_timeout().filter(|due| *due <= now) {
                let entries = self.room.handle_timeout(due);
                self.log.extend(entries);
            }
        }
    }

    /// The time in the room.
    fn time(&mut self) -> Timestamp {
        let jumped: i64 = self.script.jumps.iter().filter(|(at, _)| *at <= self.now).map(|(_, by)| by).sum();
        let running = Duration::from_millis((self.now - self.began).unsigned_abs());
        self.time.now(on_the_wall(self.now + jumped), running)
    }

    fn hear(&mut self, what: What) {
        match what {
            What::Killed => {
                self.runs = false;
                self.heard.clear();
            }
            What::Restarted => self.restart(),
            _ if !self.runs => {}
            What::Joins(participant) => {
                self.lose_if_silent(participant);
                let role = if participant == TRAINER { Role::Trainer } else { Role::Trainee };
                let kind = ParticipantKind::Person;
                self.ask(Request::Join(Entrant { participant, name: "سلمى".into(), role, kind }));
                self.note(participant);
                // A client says how its page is wherever the room may think otherwise.
                self.command(participant, Command::ShowPage {});
            }
            What::Hides(participant) => self.command(participant, Command::HidePage {}),
            What::Shows(participant) => self.command(participant, Command::ShowPage {}),
            What::Beats(participant) => self.note(participant),
            What::Leaves(participant) => {
                self.heard.remove(&participant);
                self.ask(Request::Leave { participant });
            }
            What::Closes(participant) => {
                // The end of a connection is a sign of life too.
                if self.heard.remove(&participant).is_some() {
                    let since = self.time();
                    self.ask(Request::Lose { participant, since });
                }
            }
            What::Starts => self.command(TRAINER, Command::StartLesson {}),
            What::Ends => {
                let others: Vec<ParticipantId> = self.heard.keys().copied().filter(|who| *who != TRAINER).collect();
                others.into_iter().for_each(|participant| self.lose_if_silent(participant));
                self.command(TRAINER, Command::EndLesson {});
            }
        }
    }

    fn restart(&mut self) {
        self.runs = true;
        self.began = self.now;
        let jumped: i64 = self.script.jumps.iter().filter(|(at, _)| *at <= self.now).map(|(_, by)| by).sum();
        let wall = on_the_wall(self.now + jumped);
        let mut room = Room::new(card(self.script));
        for entry in &self.log {
            room.apply(entry).expect("the log has no gap");
        }
        self.room = room;
        let last_ran = self.last_sign.expect("it gave signs of life").max(self.room.newest());
        self.time = LessonTime::starting(wall.max(last_ran), Duration::ZERO);
        self.ask(Request::Restart { last_ran });
    }

    fn note(&mut self, participant: ParticipantId) {
        let at = self.time();
        self.heard.insert(participant, (self.now, at));
    }

    fn lose_if_silent(&mut self, participant: ParticipantId) {
        let apart = i64::try_from(SIGNS_APART_MAX.as_millis()).expect("seconds");
        if let Some((_, since)) = self.heard.get(&participant).copied().filter(|(heard, _)| self.now - heard > apart) {
            self.ask(Request::Lose { participant, since });
        }
    }

    fn command(&mut self, by: ParticipantId, command: Command) {
        self.note(by);
        self.ask(Request::Command { by, command, fresh: PublicationId(1) });
    }

    fn ask(&mut self, request: Request) {
        let now = self.time();
        let entries = self.room.handle(request.clone(), now).unwrap_or_else(|why| panic!("{request:?}: {why}"));
        self.log.extend(entries);
    }
}

fn card(script: &Script) -> LessonCard {
    LessonCard {
        id: LessonId(Uuid::from_u128(7)),
        title: "Soudage".into(),
        course: "Soudage".into(),
        group: "A".into(),
        trainer: "Salma".into(),
        institution: "ISTA".into(),
        language: "fr".into(),
        starts_at: on_the_wall(script.planned.0),
        ends_at: on_the_wall(script.planned.1),
        time_zone: "Africa/Casablanca".into(),
    }
}
