//! A school to which much happens, and what should be known of it.

use crate::ledgers::settle;
use crate::scratch::{ENDS_AT, STARTS_AT, School};
use qism::attendance::ledger::{Corrected, KeySeed};
use qism::ids::{
    AnnouncementId, CourseId, EventSeq, GroupId, InvitationId, LessonId, ParticipantId, PersonId, PublicationId,
    SeriesId,
};
use qism::protocol::{LeaveReason, LinkFigures, ParticipantKind, Phase, Role, RoomEvent, Source};
use qism::quality::{self, Minute, Part, ParticipantMinute, Second};
use qism::rollup::calendar::day_number;
use qism::rollup::{Facts, Given, Reception, Tool, Tools};
use qism::schedule::Zone;
use qism::store::{
    Attended, Cancelling, Change, ChangedBy, Course, EditScope, Edited, Group, InstitutionStore, Invitation,
    InvitationPurpose, LessonEdit, LoggedEvent, NewAccount, NewLesson, Place, Roles, SecretHash, Spent, Store,
    Substitution, ToldOf,
};
use qism::time::Timestamp;
use qism::units::Bitrate;
use std::collections::BTreeMap;
use uuid::Uuid;

pub const MINUTE_US: i64 = 60_000_000;
pub const HOUR_US: i64 = 60 * MINUTE_US;
pub const DAY_US: i64 = 24 * HOUR_US;

pub fn at(micros: i64) -> Timestamp {
    Timestamp(micros)
}

pub fn by(now: Timestamp) -> Change {
    Change { at: now, actor: ChangedBy::System, action: "test", subject: None, detail: serde_json::json!({}) }
}

pub fn day(starts_at: Timestamp) -> i32 {
    day_number(Zone::parse("Africa/Casablanca").expect("a zone").wall(starts_at).date())
}

/// Somebody who can be in lessons.
pub async fn person(of: &InstitutionStore, number: u128, trainer: bool) -> PersonId {
    let id = PersonId(Uuid::from_u128(0x100 + number));
    let account = NewAccount {
        id,
        name: format!("سلمى {number}"),
        sign_in: Some(format!("salma-{number}")),
        mail: None,
        language: None,
        external_id: None,
        roles: Roles { trainer, trainee: !trainer, committee: false, administrator: false },
        search: String::new(),
    };
    of.create_account(&account, &by(at(STARTS_AT.0 - 100 * DAY_US))).await.expect("an account");
    id
}

/// A lesson as the test knows it.
#[derive(Clone, Debug)]
pub struct Lesson {
    pub facts: Facts,
    pub starts_at: i64,
    pub ends_at: i64,
    /// Whose places in it are whose, and what counts for them.
    pub came: Vec<(ParticipantId, PersonId, u64)>,
}

/// An institution with two groups, two trainers and what became of their lessons.
pub struct World {
    pub of: InstitutionStore,
    pub groups: [(GroupId, CourseId, Vec<PersonId>); 2],
    pub trainers: [PersonId; 2],
    pub lessons: BTreeMap<LessonId, Lesson>,
    pub now: i64,
    pub chance: u64,
    pub next: u128,
}

impl World {
    pub async fn new(store: &Store, school: &School, chance: u64) -> Self {
        let of = school.of(store);
        let second = Course { id: CourseId(Uuid::from_u128(0x41)), title: "Soudage".into(), language: "fr".into() };
        let other = Group { id: GroupId(Uuid::from_u128(0x51)), course: second.id, name: "Groupe 1".into() };
        of.create_course(&second).await.expect("a course");
        of.create_group(&other).await.expect("a group");
        let mut trainees = Vec::new();
        for number in 1..=4 {
            trainees.push(person(&of, number, false).await);
        }
        let substitute = person(&of, 9, true).await;
        let since = by(at(STARTS_AT.0 - 100 * DAY_US));
        for (group, members) in [(school.group, 0..3), (other.id, 2..4)] {
            for trainee in &trainees[members] {
                of.add_member(group, *trainee, &since).await.expect("a member");
            }
        }
        let groups =
            [(school.group, school.course, trainees[..3].to_vec()), (other.id, second.id, trainees[2..].to_vec())];
        let lessons = BTreeMap::new();
        let mut world = Self {
            of,
            groups,
            trainers: [school.trainer, substitute],
            lessons,
            now: STARTS_AT.0,
            chance,
            next: 0x9000,
        };
        world.knows(school.lesson, 0, 0, STARTS_AT.0, ENDS_AT.0);
        world
    }

    fn knows(&mut self, lesson: LessonId, group: usize, trainer: usize, starts_at: i64, ends_at: i64) {
        let facts = Facts {
            lesson,
            day: day(at(starts_at)),
            course: self.groups[group].1,
            group: self.groups[group].0,
            trainer: self.trainers[trainer],
            is_cancelled: false,
            planned_us: u64::try_from(ends_at - starts_at).expect("forwards"),
            given: None,
        };
        self.lessons.insert(lesson, Lesson { facts, starts_at, ends_at, came: Vec::new() });
    }

    /// From 0 up to below (xorshift64, Marsaglia 2003).
    fn below(&mut self, bound: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % bound
    }

    fn minutes(&mut self, bound: u64) -> i64 {
        i64::try_from(self.below(bound)).expect("few") * MINUTE_US
    }

    fn fresh(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    /// One of the lessons that are so.
    fn one(&mut self, are: impl Fn(&Lesson) -> bool) -> Option<LessonId> {
        let found: Vec<LessonId> = self.lessons.iter().filter(|(_, lesson)| are(lesson)).map(|(id, _)| *id).collect();
        let count = u64::try_from(found.len()).expect("few");
        (count > 0).then(|| found[usize::try_from(self.below(count)).expect("few")])
    }

    async fn version(&self, lesson: LessonId) -> i64 {
        self.of.timetable_lesson(lesson).await.expect("a store").expect("a lesson").version
    }

    async fn plan(&mut self) {
        let (id, group, trainer) = (LessonId(self.fresh()), self.below(2), self.below(2));
        let (group, trainer) = (usize::from(group == 1), usize::from(trainer == 1));
        let starts_at = self.now + self.minutes(30 * 24 * 60) - 12 * DAY_US;
        let ends_at = starts_at + HOUR_US + self.minutes(60);
        let lesson = NewLesson {
            id,
            group: self.groups[group].0,
            trainer: self.trainers[trainer],
            title: "Cordons".into(),
            starts_at: at(starts_at),
            ends_at: at(ends_at),
        };
        self.of.create_lesson(&lesson).await.expect("a lesson");
        self.knows(id, group, trainer, starts_at, ends_at);
    }

    async fn move_one(&mut self) {
        let Some(id) = self.one(|lesson| lesson.facts.given.is_none()) else { return };
        let starts_at = self.now + self.minutes(20 * 24 * 60) - 10 * DAY_US;
        let minutes = 30 + u32::try_from(self.below(90)).expect("few");
        let zone = Zone::parse("Africa/Casablanca").expect("a zone");
        let edit = LessonEdit {
            scope: EditScope::This,
            version: self.version(id).await,
            title: None,
            trainer: None,
            venue: None,
            unit: None,
            starts: Some(zone.wall(at(starts_at))),
            minutes: Some(minutes),
            new_series: SeriesId(Uuid::from_u128(1)),
            closed: vec![],
        };
        if self.of.edit_lessons(id, &edit, &by(at(self.now))).await.expect("an answer") == Edited::Done {
            let lesson = self.lessons.get_mut(&id).expect("known");
            lesson.starts_at = starts_at;
            lesson.ends_at = starts_at + i64::from(minutes) * MINUTE_US;
            lesson.facts.day = day(at(starts_at));
            lesson.facts.planned_us = u64::from(minutes) * 60_000_000;
        }
    }

    async fn cancel(&mut self) {
        let Some(id) = self.one(|lesson| lesson.facts.given.is_none() && !lesson.facts.is_cancelled) else { return };
        let told = ToldOf {
            announcement: AnnouncementId(self.fresh()),
            group: self.groups[0].0,
            title: "…".into(),
            body: "…".into(),
            day: jiff::civil::date(2026, 12, 1),
            expires_at: at(self.now + DAY_US),
            mails: vec![],
        };
        let wanted = Cancelling { scope: EditScope::This, version: self.version(id).await, reason: None, told };
        let author = self.trainers[0].to_string();
        let edited = self.of.cancel_lessons(id, &wanted, &author, &by(at(self.now))).await.expect("an answer");
        assert_eq!(edited, Edited::Done);
        self.lessons.get_mut(&id).expect("known").facts.is_cancelled = true;
    }

    async fn restore(&mut self) {
        let Some(id) = self.one(|lesson| lesson.facts.is_cancelled) else { return };
        let version = self.version(id).await;
        if self.of.restore_lesson(id, version, &[], &by(at(self.now))).await.expect("an answer") == Edited::Done {
            self.lessons.get_mut(&id).expect("known").facts.is_cancelled = false;
        }
    }

    async fn substitute(&mut self) {
        let Some(id) = self.one(|lesson| lesson.facts.given.is_none()) else { return };
        let trainer = self.trainers[usize::from(self.below(2) == 1)];
        let wanted = Substitution { version: self.version(id).await, trainer, closed: vec![] };
        if self.of.substitute_trainer(id, &wanted, &by(at(self.now))).await.expect("an answer") == Edited::Done {
            self.lessons.get_mut(&id).expect("known").facts.trainer = trainer;
        }
    }

    /// A lesson is given: people come, and use this and that.
    pub async fn give(&mut self) {
        let now = self.now;
        let waits =
            |lesson: &Lesson| lesson.facts.given.is_none() && !lesson.facts.is_cancelled && lesson.starts_at <= now;
        let Some(id) = self.one(waits) else { return };
        let lesson = self.lessons[&id].clone();
        let length = lesson.ends_at - lesson.starts_at;
        let began = lesson.starts_at + self.minutes(10);
        let ended = lesson.ends_at - 5 * MINUTE_US + self.minutes(10);
        let mut events = vec![(began, RoomEvent::LessonStarted {})];
        let members = self.groups.iter().find(|group| group.0 == lesson.facts.group).expect("its group").2.clone();
        let (mut came, mut tools) = (Vec::new(), Tools::default());
        for member in &members {
            if self.below(4) == 0 {
                continue;
            }
            let place = self.place(id, *member).await;
            let joined = began + self.minutes(5);
            let left = lesson.ends_at - 6 * MINUTE_US - self.minutes(5);
            let (name, kind) = ("سلمى".into(), ParticipantKind::Person);
            events.push((joined, RoomEvent::Joined { participant: place, name, role: Role::Trainee, kind }));
            let since = at(left);
            events.push((left, RoomEvent::Left { participant: place, reason: LeaveReason::Left, since }));
            came.push((place, *member, u64::try_from(left - joined).expect("forwards")));
            if self.below(2) == 0 {
                tools = tools.with(Tool::Hands);
                events.push((joined + 1, RoomEvent::HandRaised { participant: place }));
            }
            if self.below(2) == 0 {
                tools = tools.with(Tool::Chat);
                let text = r#"{"type":"publication_started","source":"screen"}"#.into();
                events.push((joined + 2, RoomEvent::Said { participant: place, text }));
            }
            if self.below(3) == 0 {
                tools = tools.with(Tool::Camera);
                let publication = PublicationId(1);
                events.push((
                    joined + 3,
                    RoomEvent::PublicationStarted { publication, participant: place, source: Source::Camera },
                ));
            }
        }
        assert!(length >= 30 * MINUTE_US);
        events.push((ended, RoomEvent::LessonEnded {}));
        events.sort_by_key(|(at, _)| *at);
        let log: Vec<LoggedEvent> = (1..)
            .zip(events)
            .map(|(seq, (micros, event))| LoggedEvent { seq: EventSeq(seq), at: at(micros), event })
            .collect();
        self.of.append_events(id, &log, Phase::Ended { since: at(ended) }).await.expect("a log");
        let attended: Vec<(PersonId, Attended)> =
            came.iter().map(|(_, person, _)| (*person, Attended { present_us: 1, ..Attended::default() })).collect();
        settle(&self.of, id, &attended, at(self.now.max(ended))).await.expect("settled");
        let lesson = self.lessons.get_mut(&id).expect("known");
        let whole = |micros: i64| u64::try_from(micros).expect("forwards");
        lesson.came = came;
        lesson.facts.given = Some(Given {
            us: whole(ended - began),
            late_us: whole(began - lesson.starts_at),
            expected: u32::try_from(members.len()).expect("few"),
            came: u32::try_from(lesson.came.len()).expect("few"),
            present_us: lesson.came.iter().map(|(.., present_us)| present_us).sum(),
            tools,
            ..Given::default()
        });
    }

    /// Somebody's place in a lesson.
    pub async fn place(&mut self, lesson: LessonId, person: PersonId) -> ParticipantId {
        let (participant, invitation) = (ParticipantId(self.fresh()), InvitationId(self.fresh()));
        let institution = self.of.institution();
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(invitation.0.as_bytes());
        let way = Invitation {
            id: invitation,
            institution,
            lesson,
            role: Role::Trainee,
            purpose: InvitationPurpose::Join,
            name: None,
            expires_at: at(self.now + DAY_US),
            revoked_at: None,
        };
        self.of.create_invitation(&way, &SecretHash(secret)).await.expect("an invitation");
        let place = Place {
            participant,
            institution,
            lesson,
            session: None,
            invitation,
            person: Some(person),
            role: Role::Trainee,
            kind: ParticipantKind::Person,
            name: "سلمى".into(),
            barred_at: None,
        };
        self.of.create_place(&place).await.expect("a place");
        participant
    }

    async fn correct(&mut self) {
        let Some(id) = self.one(|lesson| !lesson.came.is_empty()) else { return };
        let number = u64::try_from(self.lessons[&id].came.len()).expect("few");
        let place = usize::try_from(self.below(number)).expect("few");
        // More than was planned counts as all of it.
        let counted_us = self.minutes(4) * 45;
        let (_, person, _) = self.lessons[&id].came[place];
        let wanted =
            Corrected { at: at(self.now), author: self.trainers[0], person, counted_us, reason: "vu en salle".into() };
        let seed = KeySeed::new([3; 32]);
        self.of.correct_attendance(id, wanted, &seed, &by(at(self.now))).await.expect("corrected");
        let lesson = self.lessons.get_mut(&id).expect("known");
        lesson.came[place].2 = u64::try_from(counted_us).expect("forwards").min(lesson.facts.planned_us);
        let given = lesson.facts.given.as_mut().expect("given");
        given.came = u32::try_from(lesson.came.iter().filter(|(.., counted)| *counted > 0).count()).expect("few");
        given.present_us = lesson.came.iter().map(|(.., present_us)| present_us).sum();
    }

    /// A minute is measured and bytes are spent, of a lesson that is over as of one that is not.
    pub async fn figures(&mut self) {
        let Some(id) = self.one(|lesson| !lesson.came.is_empty()) else { return };
        let (participant, ..) = self.lessons[&id].came[0];
        let (down, up) = (self.below(1_000_000), self.below(1_000));
        self.of.add_spending(&[(participant, Spent { down, up })]).await.expect("added");
        let lost = if self.below(2) == 0 { 10.0 } else { 0.0 };
        let downlink = LinkFigures { bitrate: Bitrate(64_000), packets: 50, lost_percent: lost, jitter_ms: 2.0 };
        let mut one = ParticipantMinute::new(participant, Part::Trainee);
        (0..60).for_each(|_| one.measure(&Second { downlink, ..Second::default() }));
        // Each minute its own, whichever lesson it is of.
        let minute = Minute { at: at(i64::try_from(self.next).expect("few") * MINUTE_US), participants: vec![one] };
        self.next += 1;
        let review = quality::minute(&minute);
        self.of.add_quality_minute(id, minute).await.expect("kept");
        let lesson = self.lessons.get_mut(&id).expect("known");
        let given = lesson.facts.given.as_mut().expect("given");
        given.bytes += down + up;
        let add = |to: &mut Reception, score: Option<quality::Score>| {
            if let Some(score) = score {
                to.minutes += 1;
                to.tenths += u64::from(score.tenths());
            }
        };
        add(&mut given.speech, review.speech);
        add(&mut given.picture, review.picture);
    }

    pub async fn act(&mut self) {
        match self.below(20) {
            0..5 => self.plan().await,
            5..7 => self.move_one().await,
            7 => self.cancel().await,
            8 => self.restore().await,
            9..11 => self.substitute().await,
            11..15 => self.give().await,
            15 => self.correct().await,
            16..18 => self.figures().await,
            _ => self.now += self.minutes(36 * 60),
        }
    }

    /// The facts of the lessons that count by now.
    pub fn facts(&self) -> Vec<Facts> {
        let over = |lesson: &&Lesson| lesson.facts.given.is_some() || lesson.ends_at <= self.now;
        self.lessons.values().filter(over).map(|lesson| lesson.facts).collect()
    }
}
