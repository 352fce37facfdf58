//! Identities. Each is its own type, so that one can never stand where another is meant.
//!
//! Ids that outlive the process are UUIDs (version 7 where this server makes them: ordered by time); ids of things
//! that live only while a class is on air are counters, unique in one process. An id never grants access.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! lasting_id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

macro_rules! passing_id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(test, ts(type = "number"))] pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

lasting_id! {
    /// A region of the country.
    RegionId,
    /// An institution (a training centre); every stored row belongs to one.
    InstitutionId,
    /// A person with an account.
    PersonId,
    /// A course.
    CourseId,
    /// A group of trainees.
    GroupId,
    /// A lesson, which is also the identity of its room while it is live.
    LessonId,
    /// One person's (or device's) place in one lesson; the same after a reload or a restart.
    ParticipantId,
    /// An invitation to a lesson.
    InvitationId,
    /// A browser's session.
    SessionId,
    /// A unit of a course's programme.
    UnitId,
    /// A place where lessons are given that are not only at a distance.
    VenueId,
    /// Days with a name: a holiday, or a period such as Ramadan.
    PeriodId,
    /// What makes lessons again and again.
    SeriesId,
    /// Something that trainees learn from by themselves.
    MaterialId,
    /// Somebody's wish to follow a course.
    ApplicationId,
    /// An announcement.
    AnnouncementId,
    /// A mail that waits to be sent, or was.
    MailId,
    /// A link by which somebody sets their password.
    AccountLinkId,
    /// A person's calendar feed.
    FeedId,
    /// A report under a name.
    ReportViewId,
    /// What another program signs in with.
    ApiKeyId,
    /// An alarm about a lesson.
    AlarmId,
    /// An address that is told what happens.
    WebhookId,
    /// One thing that a webhook is told.
    DeliveryId,
}

passing_id! {
    /// One media connection to the server.
    PeerId,
    /// What a peer sends from one source (camera, microphone, screen).
    PublicationId,
}

/// The position of an event in its room's log, from 1 up without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct EventSeq(#[cfg_attr(test, ts(type = "number"))] pub u64);

impl EventSeq {
    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
