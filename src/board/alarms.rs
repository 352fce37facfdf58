//! Alarms on their way into the store, and what a restart finds of them there.

use super::Shared;
use super::state::Due;
use crate::auth::new_id;
use crate::ids::{AlarmId, InstitutionId, LessonId};
use crate::notify::{AlarmFacts, alarm_mail};
use crate::protocol::AlarmRule;
use crate::store::{NewAlarm, NewMail, StoreError};
use crate::time::Timestamp;
use std::sync::Weak;
use std::time::Duration;
use tokio::sync::mpsc;

/// How many open alarms are taken over from before a restart.
const OPEN_MAX: u32 = 10_000;

/// How long a store that failed is left alone.
const PAUSE: Duration = Duration::from_secs(5);

/// Something to be done, and when it became due.
pub(super) struct Act {
    pub due: Due,
    pub at: Timestamp,
}

/// Runs until the board is gone.
pub(super) async fn run(shared: Weak<Shared>, mut acts: mpsc::Receiver<Act>) {
    while let Some(board) = shared.upgrade() {
        match take_over(&board).await {
            Ok(()) => break,
            Err(error) => tracing::error!(%error, "alarms from before the start can't be read"),
        }
        drop(board);
        tokio::time::sleep(PAUSE).await;
    }
    while let Some(Act { due, at }) = acts.recv().await {
        let Some(shared) = shared.upgrade() else { return };
        if let Err(error) = perform(&shared, &due, at).await {
            tracing::error!(%error, "an alarm can't be written; it is tried again");
            shared.state().undo(&due);
            drop(shared);
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn take_over(shared: &Shared) -> Result<(), StoreError> {
    let open = shared.store.open_alarms(OPEN_MAX).await?;
    let mut state = shared.state();
    for alarm in open {
        state.alarm_changed(alarm);
    }
    Ok(())
}

async fn perform(shared: &Shared, due: &Due, at: Timestamp) -> Result<(), StoreError> {
    match *due {
        Due::Raise { institution, lesson, rule } => raise(shared, institution, lesson, rule, at).await,
        Due::End { institution, alarm, .. } => {
            match shared.store.of(institution).end_alarm(alarm, at).await {
                // Its lesson went with its institution.
                Err(StoreError::Missing) => {}
                ended => ended?,
            }
            shared.state().alarm_ended(alarm, at);
            Ok(())
        }
    }
}

async fn raise(
    shared: &Shared,
    institution: InstitutionId,
    lesson: LessonId,
    rule: AlarmRule,
    at: Timestamp,
) -> Result<(), StoreError> {
    let no_randomness = |_| StoreError::Unavailable("the system gives no randomness".into());
    let id = AlarmId(new_id(at).map_err(no_randomness)?);
    let alarm = NewAlarm { id, institution, lesson, rule, raised_at: at };
    let mails = if shared.options.mail { mails(shared, &alarm).await? } else { Vec::new() };
    let raised = shared.store.raise_alarm(&alarm, &mails).await?;
    if raised.is_new {
        tracing::info!(%institution, %lesson, rule = rule.word(), "an alarm was raised");
    }
    shared.state().alarm_changed(raised.alarm);
    Ok(())
}

async fn mails(shared: &Shared, alarm: &NewAlarm) -> Result<Vec<NewMail>, StoreError> {
    let Some((region, _)) = shared.store.standing_of(alarm.institution).await? else { return Ok(Vec::new()) };
    let Some(lesson) = shared.store.lesson(alarm.lesson).await? else { return Ok(Vec::new()) };
    let recipients = shared.store.alarm_recipients(alarm.institution, region).await?;
    let facts = AlarmFacts { alarm, lesson: &lesson.card, link: format!("{}/board", shared.options.base_url) };
    Ok(recipients.iter().map(|recipient| alarm_mail(&facts, recipient)).collect())
}
