//! Why a change of the timetable is refused.

use super::cards::ConflictsCard;
use crate::http::problem::Refused;
use crate::http::record::{Faulty, Fields};
use crate::protocol::ErrorCode;
use crate::schedule::{RuleFault, SeriesFault};
use crate::store::{Clashes, Edited};
use axum::http::StatusCode;

impl Faulty for RuleFault {
    fn word(&self) -> &'static str {
        Self::word(self)
    }
}

impl Faulty for SeriesFault {
    fn word(&self) -> &'static str {
        Self::word(self)
    }
}

/// Others are in the way.
pub fn conflict(clashes: Clashes) -> Refused {
    let detail = "The trainer, the group or the venue is not free then, or the venue is too small; `current` says why, \
                  and when it would fit.";
    Refused::new(StatusCode::CONFLICT, ErrorCode::TimetableConflict, detail).with_current(ConflictsCard::from(clashes))
}

/// No lesson is given on that day.
pub fn closed(name: &str) -> Refused {
    let mut fields = Fields::default();
    closed_day(&mut fields, name);
    fields.done().err().unwrap_or_else(Refused::no_record)
}

pub fn closed_day(fields: &mut Fields, name: &str) {
    fields.fault("starts", "on_closed_day", format!("No lesson is given on that day: {name}. Choose another day."));
}

/// What a change came to, where it was not made.
pub fn unless_done(edited: Edited) -> Result<(), Refused> {
    match edited {
        Edited::Done => Ok(()),
        Edited::Clashes(clashes) => Err(conflict(clashes)),
        Edited::Begun => Err(begun()),
        Edited::OnClosedDay(name) => Err(closed(&name)),
        Edited::Series(fault) => {
            let mut fields = Fields::default();
            fields.fault("starts", fault.word(), fault.to_string());
            fields.done()
        }
    }
}

fn begun() -> Refused {
    let detail = "The lesson has begun or is over; the timetable no longer changes it.";
    Refused::new(StatusCode::CONFLICT, ErrorCode::LessonBegun, detail)
}
