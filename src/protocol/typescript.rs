//! Generates the web client's copy of these types; fails where the checked-in copy is stale.

use super::*;
use crate::ids::{AlarmId, EventSeq, InstitutionId, LessonId, ParticipantId, PublicationId, RegionId};
use crate::time::Timestamp;
use crate::units::Bitrate;
use std::path::Path;
use ts_rs::{Config, TS};

fn declarations() -> String {
    let config = Config::default();
    let mut text = String::from("// Generated from src/protocol by `make generate`. Do not edit.\n\n");
    macro_rules! declare {
        ($($name:ty),+ $(,)?) => {$(
            text.push_str("export ");
            text.push_str(&<$name as TS>::decl(&config));
            text.push_str("\n\n");
        )+};
    }
    declare!(
        LessonId,
        ParticipantId,
        PublicationId,
        EventSeq,
        Timestamp,
        Bitrate,
        Role,
        ParticipantKind,
        Presence,
        Source,
        Phase,
        Participant,
        Hand,
        FloorHolder,
        Publication,
        ChatMessage,
        LeaveReason,
        RoomEvent,
        RoomSnapshot,
        ClientMessage,
        Resume,
        Command,
        OfferedSource,
        WatchedSlot,
        Quality,
        ErrorCode,
        ByeReason,
        ServerMessage,
        SlotShown,
        LimitedBy,
        LessonFigures,
        ParticipantFigures,
        LinkFigures,
        PublicationFigures,
        TransportKind,
        ReceptionSummary,
        ConnectionType,
        LessonCard,
        OpenInvitation,
        InvitationCard,
        StartSession,
        SessionCard,
        Ticket,
        Problem,
        FieldFault,
        InstitutionId,
        RegionId,
        AlarmId,
        AlarmRule,
        BoardRequest,
        BoardMessage,
        BoardRegion,
        BoardInstitution,
        BoardState,
        BoardLesson,
        BoardCard,
        BoardDetail,
        BoardCause,
        BoardAlarm,
    );
    text.push_str(&format!("export const PROTOCOL_VERSION = {PROTOCOL_VERSION};\n"));
    text.push_str(&format!("export const SUBPROTOCOL = {SUBPROTOCOL:?};\n"));
    text.push_str(&format!("export const BOARD_SUBPROTOCOL = {BOARD_SUBPROTOCOL:?};\n"));
    text.push_str(&format!("export const HEARTBEAT_INTERVAL_MS = {HEARTBEAT_INTERVAL_MS};\n"));
    text.push_str(&format!("export const HEARTBEAT_TIMEOUT_MS = {HEARTBEAT_TIMEOUT_MS};\n"));
    text.push_str(&format!("export const SUMMARY_INTERVAL_MS = {SUMMARY_INTERVAL_MS};\n"));
    text.push_str(&format!("export const CHAT_TEXT_CHARS_MAX = {CHAT_TEXT_CHARS_MAX};\n"));
    text.push_str(&format!("export const NAME_CHARS_MAX = {NAME_CHARS_MAX};\n"));
    text
}

#[test]
fn the_web_clients_types_are_the_servers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("web-client/src/call/protocol.gen.ts");
    let fresh = declarations();
    if std::env::var_os("QISM_GENERATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("create the folder");
        std::fs::write(&path, &fresh).expect("write the types");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == fresh, "web-client/src/call/protocol.gen.ts is stale: run `make generate`");
}
