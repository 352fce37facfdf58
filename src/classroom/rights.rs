use crate::protocol::{Command, ParticipantKind, Role};

/// Whether somebody of this role and kind may ever ask for this: deny by default, one line for each command. What
/// also depends on the room's state (the floor, whose hand it is) is decided with the state at hand.
#[must_use]
pub fn may(role: Role, kind: ParticipantKind, command: &Command) -> bool {
    use Command as C;
    let trainer = role == Role::Trainer;
    let trainee = role == Role::Trainee;
    if kind == ParticipantKind::Device {
        return trainer && matches!(command, C::Publish { .. } | C::Unpublish { .. });
    }
    match command {
        C::StartLesson {} | C::EndLesson {} => trainer,
        // Whether somebody is there is for all to say of themselves, who observes too.
        C::HidePage {} | C::ShowPage {} => true,
        C::Say { .. } => trainer || trainee,
        C::RaiseHand {} => trainee,
        C::LowerHand { .. } => trainer || trainee,
        C::LowerAllHands {} | C::GiveFloor { .. } => trainer,
        C::TakeFloor { .. } => trainer || trainee,
        C::Publish { .. } | C::Unpublish { .. } => trainer || trainee,
        C::Mute { .. } | C::MuteAll {} | C::Remove { .. } => trainer,
    }
}
