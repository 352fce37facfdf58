//! What a person does with their own day: their lessons, how they come in, what they spend, how long they were there,
//! and what their calendar is told.

mod announcements;
mod attendance;
mod feeds;
mod guest_links;
mod improvised;
mod lessons;
mod spending;
mod standing;

pub use announcements::{Notice, Reader};
pub use attendance::{Attended, Presence, Unsettled};
pub use feeds::{Feed, FeedOwner};
pub use guest_links::GuestLink;
pub use improvised::{Improvised, OwnGroup};
pub use lessons::{OwnLesson, Part};
pub use spending::{Spending, Spent};
pub use standing::Standing;
