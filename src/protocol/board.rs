//! The committees' live board: what a page that watches over a branch of the country is told, over a WebSocket of its
//! own.

use crate::ids::{AlarmId, InstitutionId, LessonId, RegionId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The WebSocket subprotocol of the board.
pub const BOARD_SUBPROTOCOL: &str = "qism.board.v1";

/// The largest message a board's reader may send, in bytes.
pub const BOARD_MESSAGE_BYTES_MAX: usize = 1_024;

/// What a board's reader sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BoardRequest {
    /// Asks for more about one institution's lessons and about one lesson, or no more: what was asked for before ends.
    /// Answered by `institution` and `lesson`, again whenever they change. What is not of the reader's branch is not
    /// answered.
    Look { institution: Option<InstitutionId>, lesson: Option<LessonId> },
    /// A sign of life, as often as a lesson's client gives one.
    Ping {},
}

/// What the server sends to a board's reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BoardMessage {
    /// The whole board of the reader's branch: the first message, and later again where places changed or the reader
    /// could not keep up. Everything before it is void.
    Board {
        at: Timestamp,
        /// The rooms are invented, to try the board.
        simulated: bool,
        regions: Vec<BoardRegion>,
        institutions: Vec<BoardInstitution>,
        /// By their starts.
        lessons: Vec<BoardLesson>,
        /// Those that have not ended, the newest first.
        alarms: Vec<BoardAlarm>,
    },
    /// What changed since the message before; at most once a second.
    Changes {
        at: Timestamp,
        /// As they are now, the new ones among them.
        lessons: Vec<BoardLesson>,
        /// The numbers of lessons that are no longer on the board.
        gone: Vec<u32>,
        /// As they are now; those that ended carry `ended_at`, once.
        alarms: Vec<BoardAlarm>,
    },
    /// The lessons of the institution that the reader looks at.
    Institution { institution: InstitutionId, lessons: Vec<BoardCard> },
    /// The lesson that the reader looks at.
    Lesson { lesson: Box<BoardDetail> },
    /// Nothing else was to be said; at least every few seconds.
    Pong { at: Timestamp },
}

/// A region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BoardRegion {
    pub id: RegionId,
    pub name: String,
}

/// An institution; lessons name it by its place in the board's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BoardInstitution {
    pub id: InstitutionId,
    pub name: String,
    /// The place of its region in the board's list.
    pub region: u32,
}

/// How a lesson stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum BoardState {
    /// It is to start within the next hour.
    Planned,
    /// Its start has passed, by less than 10 minutes, and it has not begun.
    Late,
    /// Its start has passed by 10 minutes or more, and it has not begun.
    NotStarted,
    /// On air.
    Live,
    /// It ended within the last hour.
    Ended,
    /// It ended within the last hour, 5 minutes or more before its planned end.
    EndedEarly,
}

/// A lesson on the board. Small: a country has thousands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BoardLesson {
    /// Stands for it in this board's messages.
    pub number: u32,
    /// The place of its institution in the board's list.
    pub institution: u32,
    pub state: BoardState,
    /// Planned, as are `ends_at`'s.
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Trainees of its group.
    pub expected: u32,
    /// Trainees who are there, those with a hidden page among them; a person with two devices once.
    pub present: u32,
    /// Of these, those whose page is hidden.
    pub away: u32,
    /// Of these, those whose network carries voice and slides only.
    pub weak: u32,
    /// How well speech arrived in the last minute, 0 to 100 (docs/QUALITY-SCORE.md); absent where nobody measured it.
    pub speech: Option<u8>,
}

/// A lesson of the institution that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BoardCard {
    pub number: u32,
    pub lesson: LessonId,
    pub title: String,
    pub course: String,
    pub group: String,
    /// Absent where the reader may not see names.
    pub trainer: Option<String>,
}

/// The lesson that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BoardDetail {
    pub number: u32,
    pub lesson: LessonId,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub is_trainer_there: bool,
    pub expected: u32,
    pub present: u32,
    pub away: u32,
    /// Trainees whose connection is lost, and who did not come back.
    pub dropped: u32,
    /// Trainees who have not come yet.
    pub never_came: u32,
    pub weak: u32,
    pub speech: Option<u8>,
    pub picture: Option<u8>,
    /// How much of what the trainer sends is lost on its way to the server, in percent.
    pub trainer_loses: Option<u8>,
    /// How many observe for a committee.
    pub observers: u32,
    /// How many trainees were present, for each minute since `curve_from`; the last minute is the running one.
    pub curve: Vec<u32>,
    pub curve_from: Timestamp,
    /// The gravest first.
    pub causes: Vec<BoardCause>,
}

/// A plain cause, where the figures show one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "cause", deny_unknown_fields)]
pub enum BoardCause {
    /// No trainer is in the room.
    NoTrainer {},
    /// The trainer's uplink loses so much.
    TrainerLoses { percent: u8 },
    /// So many lost their connection.
    Dropped { trainees: u32 },
    /// So many have never come.
    NeverCame { trainees: u32 },
    /// The network of so many carries voice and slides only.
    Weak { trainees: u32 },
}

/// What an alarm is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AlarmRule {
    /// No trainer 10 minutes after the planned start.
    NoTrainer,
    /// Under half of the expected trainees, for 2 minutes, from 10 minutes after the planned start on.
    FewPresent,
    /// Speech under 60 of 100 for 2 minutes.
    PoorSpeech,
}

impl AlarmRule {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::NoTrainer, Self::FewPresent, Self::PoorSpeech];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoTrainer => "no_trainer",
            Self::FewPresent => "few_present",
            Self::PoorSpeech => "poor_speech",
        }
    }

    /// The rule that this word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BoardAlarm {
    pub id: AlarmId,
    pub rule: AlarmRule,
    /// The lesson's number; absent where it is no longer on the board.
    pub number: Option<u32>,
    pub lesson: LessonId,
    pub lesson_title: String,
    /// The place of its institution in the board's list.
    pub institution: u32,
    pub raised_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Who has taken charge of it.
    pub taken_by: Option<String>,
    pub taken_at: Option<Timestamp>,
    pub comments: u32,
}
