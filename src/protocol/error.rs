use serde::{Deserialize, Serialize};

/// Stable codes of what went wrong. The accompanying text says in English what to do; clients translate by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, not a known message, an unknown field, or a field out of range.
    BadMessage,
    /// The client speaks another version of the protocol; reloading the page gets the right one.
    UnsupportedProtocol,
    /// The ticket is unknown, used or older than 60 s; ask for a new one.
    TicketInvalid,
    /// The session is unknown, expired or revoked; open the invitation again.
    SessionInvalid,
    /// The invitation is unknown, expired or revoked.
    InvitationInvalid,
    /// No lesson has this id.
    LessonUnknown,
    /// The lesson has begun or is over; the timetable no longer changes it.
    LessonBegun,
    /// The lesson is over.
    LessonEnded,
    /// The lesson was called off.
    LessonCancelled,
    /// The lesson has not started yet.
    LessonNotStarted,
    /// This role, or someone without the floor, may not do that.
    Forbidden,
    /// A program's key may not do that: it concerns administrators or a committee, and is for a person's own hand.
    NeedsPerson,
    /// The trainer removed this participant from the lesson.
    Removed,
    /// No participant of this lesson has this id, or they have left.
    ParticipantUnknown,
    /// No publication of this lesson has this id.
    PublicationUnknown,
    /// The source was not named in the offer, or no offer was made yet.
    SourceUnknown,
    /// The text is empty or too long.
    TextLength,
    /// The name is empty, too long, or has no visible character.
    NameInvalid,
    /// As many people as can be heard have the floor; take it back from one first.
    FloorFull,
    /// The room or the server is full.
    TooMany,
    /// Too many requests; wait before the next.
    RateLimited,
    /// The session description can't be used; the text says which part.
    OfferRejected,
    /// The request needs something it did not bring (a header, a content type).
    BadRequest,
    /// The media connection is not there (any more).
    PeerUnknown,
    /// Nobody is signed in in this browser, or the session ended; sign in.
    NotSignedIn,
    /// The sign-in name, the password or the code is wrong.
    SignInFailed,
    /// The password is right, and the account has a second factor: send its code too.
    SecondFactorNeeded,
    /// The link to an account is too old; ask for a new one.
    LinkExpired,
    /// The link to an account was used, or replaced by a newer one; sign in, or ask for a new one.
    LinkUsed,
    /// The sign-in provider refused, or did not answer as it should; try again, or sign in with a password.
    ProviderFailed,
    /// The sign-in provider knows who it is, and no account here belongs to them.
    AccountUnknown,
    /// No such record is there for who asks.
    NotFound,
    /// Some fields can't be used; the problem's `fields` say which and why.
    FieldsInvalid,
    /// Another record has this name, sign-in name or number already.
    Taken,
    /// Somebody changed the record since it was read; the problem's `current` is what it is now.
    Stale,
    /// The request must say with `If-Match` which version it changes.
    VersionNeeded,
    /// The trainer, the group or the venue is not free then; the problem's `conflicts` say why.
    TimetableConflict,
    /// Other records need this one; the text says which.
    InUse,
    /// The file is larger than any that is taken.
    FileTooLarge,
    /// The institution's files have no space left.
    QuotaExceeded,
    /// The lesson has no sealed ledger: it is not over, or was given before lessons were sealed.
    NotSealed,
    /// What is asked for was deleted by the institution's rule of how long it is kept; the text says when.
    RecordDeleted,
    /// The server was built without the web client, and so without a font to write a PDF with.
    FontMissing,
    /// The Idempotency-Key was used for another request.
    KeyReused,
    /// The request with this Idempotency-Key is still being served, or broke off; look before asking anew.
    UnderWay,
    /// What was asked could not be made durable; nothing was changed.
    StoreUnavailable,
    /// A fault of the server, which has been logged.
    Internal,
}

impl ErrorCode {
    /// As it stands on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::BadMessage => "bad_message",
            Self::UnsupportedProtocol => "unsupported_protocol",
            Self::TicketInvalid => "ticket_invalid",
            Self::SessionInvalid => "session_invalid",
            Self::InvitationInvalid => "invitation_invalid",
            Self::LessonUnknown => "lesson_unknown",
            Self::LessonBegun => "lesson_begun",
            Self::LessonEnded => "lesson_ended",
            Self::LessonCancelled => "lesson_cancelled",
            Self::LessonNotStarted => "lesson_not_started",
            Self::Forbidden => "forbidden",
            Self::NeedsPerson => "needs_person",
            Self::Removed => "removed",
            Self::ParticipantUnknown => "participant_unknown",
            Self::PublicationUnknown => "publication_unknown",
            Self::SourceUnknown => "source_unknown",
            Self::TextLength => "text_length",
            Self::NameInvalid => "name_invalid",
            Self::FloorFull => "floor_full",
            Self::TooMany => "too_many",
            Self::RateLimited => "rate_limited",
            Self::OfferRejected => "offer_rejected",
            Self::BadRequest => "bad_request",
            Self::PeerUnknown => "peer_unknown",
            Self::NotSignedIn => "not_signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::LinkExpired => "link_expired",
            Self::LinkUsed => "link_used",
            Self::ProviderFailed => "provider_failed",
            Self::AccountUnknown => "account_unknown",
            Self::NotFound => "not_found",
            Self::FieldsInvalid => "fields_invalid",
            Self::Taken => "taken",
            Self::Stale => "stale",
            Self::VersionNeeded => "version_needed",
            Self::TimetableConflict => "timetable_conflict",
            Self::InUse => "in_use",
            Self::FileTooLarge => "file_too_large",
            Self::QuotaExceeded => "quota_exceeded",
            Self::NotSealed => "not_sealed",
            Self::RecordDeleted => "record_deleted",
            Self::FontMissing => "font_missing",
            Self::KeyReused => "key_reused",
            Self::UnderWay => "under_way",
            Self::StoreUnavailable => "store_unavailable",
            Self::Internal => "internal",
        }
    }
}

/// Why the server closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ByeReason {
    /// The client said `leave`.
    Left,
    /// The same participant connected again elsewhere; do not reconnect.
    Replaced,
    /// A trainer removed this participant; do not reconnect.
    Removed,
    /// The lesson ended; do not reconnect.
    LessonEnded,
    /// No message for [`super::HEARTBEAT_TIMEOUT_MS`]; reconnect.
    Silent,
    /// The client did not read fast enough and its queue overflowed; reconnect.
    TooSlow,
    /// The client sent what the protocol does not allow; the preceding `error` says what.
    Protocol,
    /// The server stops; reconnect.
    ServerStopping,
}

impl ByeReason {
    /// As it stands on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Replaced => "replaced",
            Self::Removed => "removed",
            Self::LessonEnded => "lesson_ended",
            Self::Silent => "silent",
            Self::TooSlow => "too_slow",
            Self::Protocol => "protocol",
            Self::ServerStopping => "server_stopping",
        }
    }

    /// The WebSocket close code that goes with it (RFC 6455 §7.4.2: 4000 to 4999 are for private use).
    #[must_use]
    pub fn close_code(self) -> u16 {
        match self {
            Self::Left => 1000,
            Self::Replaced => 4001,
            Self::Removed => 4002,
            Self::LessonEnded => 4003,
            Self::Silent => 4004,
            Self::TooSlow => 4005,
            Self::Protocol => 4006,
            Self::ServerStopping => 4007,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_what_stands_on_the_wire() {
        for code in [
            ErrorCode::BadMessage,
            ErrorCode::UnsupportedProtocol,
            ErrorCode::TicketInvalid,
            ErrorCode::SessionInvalid,
            ErrorCode::InvitationInvalid,
            ErrorCode::LessonUnknown,
            ErrorCode::LessonBegun,
            ErrorCode::LessonEnded,
            ErrorCode::LessonCancelled,
            ErrorCode::LessonNotStarted,
            ErrorCode::Forbidden,
            ErrorCode::NeedsPerson,
            ErrorCode::Removed,
            ErrorCode::ParticipantUnknown,
            ErrorCode::PublicationUnknown,
            ErrorCode::SourceUnknown,
            ErrorCode::TextLength,
            ErrorCode::NameInvalid,
            ErrorCode::FloorFull,
            ErrorCode::TooMany,
            ErrorCode::RateLimited,
            ErrorCode::OfferRejected,
            ErrorCode::BadRequest,
            ErrorCode::PeerUnknown,
            ErrorCode::NotSignedIn,
            ErrorCode::SignInFailed,
            ErrorCode::SecondFactorNeeded,
            ErrorCode::LinkExpired,
            ErrorCode::LinkUsed,
            ErrorCode::ProviderFailed,
            ErrorCode::AccountUnknown,
            ErrorCode::NotFound,
            ErrorCode::FieldsInvalid,
            ErrorCode::Taken,
            ErrorCode::Stale,
            ErrorCode::VersionNeeded,
            ErrorCode::TimetableConflict,
            ErrorCode::InUse,
            ErrorCode::FileTooLarge,
            ErrorCode::QuotaExceeded,
            ErrorCode::KeyReused,
            ErrorCode::UnderWay,
            ErrorCode::StoreUnavailable,
            ErrorCode::Internal,
        ] {
            assert_eq!(serde_json::to_value(code).ok(), Some(code.word().into()));
        }
        for reason in [
            ByeReason::Left,
            ByeReason::Replaced,
            ByeReason::Removed,
            ByeReason::LessonEnded,
            ByeReason::Silent,
            ByeReason::TooSlow,
            ByeReason::Protocol,
            ByeReason::ServerStopping,
        ] {
            assert_eq!(serde_json::to_value(reason).ok(), Some(reason.word().into()));
        }
    }
}
