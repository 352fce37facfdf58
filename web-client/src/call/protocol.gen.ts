// Generated from src/protocol by `make generate`. Do not edit.

export type LessonId = string;

export type ParticipantId = string;

export type PublicationId = number;

export type EventSeq = number;

export type Timestamp = number;

export type Bitrate = number;

export type Role = "trainer" | "trainee" | "committee";

export type ParticipantKind = "person" | "device";

export type Presence = { "state": "present", since: Timestamp, } | { "state": "lost", since: Timestamp, } | { "state": "gone", since: Timestamp, };

export type Source = "microphone" | "camera" | "screen" | "screen_audio";

export type Phase = { "state": "planned" } | { "state": "live", since: Timestamp, } | { "state": "ended", since: Timestamp, };

export type Participant = { id: ParticipantId, 
/**
 * As the class sees it.
 */
name: string, role: Role, kind: ParticipantKind, presence: Presence, 
/**
 * Since when their page is hidden (another window before it, a screen that is off); absent while they see it.
 */
hidden_since: Timestamp | null, };

export type Hand = { participant: ParticipantId, since: Timestamp, };

export type FloorHolder = { participant: ParticipantId, since: Timestamp, };

export type Publication = { id: PublicationId, participant: ParticipantId, source: Source, };

export type ChatMessage = { 
/**
 * The event that brought it, which is also its identity.
 */
seq: EventSeq, at: Timestamp, participant: ParticipantId, text: string, };

export type LeaveReason = "left" | "lost" | "removed" | "lesson_ended" | "server_restarted";

export type RoomEvent = { "type": "lesson_started", } | { "type": "lesson_ended", } | { "type": "joined", participant: ParticipantId, name: string, role: Role, kind: ParticipantKind, } | { "type": "connection_lost", participant: ParticipantId, since: Timestamp, } | { "type": "returned", participant: ParticipantId, } | { "type": "left", participant: ParticipantId, reason: LeaveReason, since: Timestamp, } | { "type": "page_hidden", participant: ParticipantId, since: Timestamp, } | { "type": "page_shown", participant: ParticipantId, } | { "type": "said", participant: ParticipantId, text: string, } | { "type": "hand_raised", participant: ParticipantId, } | { "type": "hand_lowered", participant: ParticipantId, by: ParticipantId, } | { "type": "floor_given", participant: ParticipantId, by: ParticipantId, } | { "type": "floor_taken", participant: ParticipantId, by: ParticipantId, } | { "type": "publication_started", publication: PublicationId, participant: ParticipantId, source: Source, } | { "type": "publication_ended", publication: PublicationId, by: ParticipantId, } | { "type": "server_restarted", since: Timestamp, };

export type RoomSnapshot = { seq: EventSeq, lesson: LessonCard, phase: Phase, 
/**
 * Everybody who is there or whose connection was lost, and who of the gone wrote in `chat`.
 */
participants: Array<Participant>, publications: Array<Publication>, 
/**
 * In the order in which they were raised.
 */
hands: Array<Hand>, floor: Array<FloorHolder>, 
/**
 * The newest [`super::SNAPSHOT_CHAT_MAX`] messages, oldest first.
 */
chat: Array<ChatMessage>, };

export type ClientMessage = { "type": "hello", 
/**
 * [`super::PROTOCOL_VERSION`] as the client was built.
 */
protocol: number, 
/**
 * A join ticket: single use, at most 60 s old.
 */
ticket: string, 
/**
 * Where the client's copy of the room stands, if it has one from an earlier connection.
 */
resume: Resume | null, } | { "type": "command", 
/**
 * The client's own number for this request.
 */
id: number, command: Command, } | { "type": "offer", id: number, sdp: string, 
/**
 * What each sending m-line of the description carries.
 */
sources: Array<OfferedSource>, } | { "type": "watch", slots: Array<WatchedSlot>, } | { "type": "receive", quality: Quality, } | { "type": "quality", summary: ReceptionSummary, } | { "type": "ping", 
/**
 * The client's own clock, in milliseconds; not interpreted.
 */
at: number, } | { "type": "leave", };

export type Resume = { 
/**
 * The last event the client has applied.
 */
after: EventSeq, };

export type Command = { "type": "start_lesson", } | { "type": "end_lesson", } | { "type": "hide_page", } | { "type": "show_page", } | { "type": "say", text: string, } | { "type": "raise_hand", } | { "type": "lower_hand", participant: ParticipantId, } | { "type": "lower_all_hands", } | { "type": "give_floor", participant: ParticipantId, } | { "type": "take_floor", participant: ParticipantId, } | { "type": "publish", source: Source, } | { "type": "unpublish", source: Source, } | { "type": "mute", participant: ParticipantId, } | { "type": "mute_all", } | { "type": "remove", participant: ParticipantId, };

export type OfferedSource = { 
/**
 * The m-line's `a=mid`.
 */
mid: string, source: Source, };

export type WatchedSlot = { 
/**
 * The slot's `a=mid`.
 */
mid: string, 
/**
 * The publication to show; `None` leaves the choice to the server.
 */
publication: PublicationId | null, 
/**
 * The height in pixels at which the picture is drawn: no encoding larger than needed is sent.
 */
max_height: number | null, };

export type Quality = "automatic" | "economy" | "voice_only";

export type ErrorCode = "bad_message" | "unsupported_protocol" | "ticket_invalid" | "session_invalid" | "invitation_invalid" | "lesson_unknown" | "lesson_begun" | "lesson_ended" | "lesson_cancelled" | "lesson_not_started" | "forbidden" | "needs_person" | "removed" | "participant_unknown" | "publication_unknown" | "source_unknown" | "text_length" | "name_invalid" | "floor_full" | "too_many" | "rate_limited" | "offer_rejected" | "bad_request" | "peer_unknown" | "not_signed_in" | "sign_in_failed" | "second_factor_needed" | "link_expired" | "link_used" | "provider_failed" | "account_unknown" | "not_found" | "fields_invalid" | "taken" | "stale" | "version_needed" | "timetable_conflict" | "in_use" | "file_too_large" | "quota_exceeded" | "not_sealed" | "record_deleted" | "font_missing" | "key_reused" | "under_way" | "store_unavailable" | "internal";

export type ByeReason = "left" | "replaced" | "removed" | "lesson_ended" | "silent" | "too_slow" | "protocol" | "server_stopping";

export type ServerMessage = { "type": "welcome", 
/**
 * The version of the protocol that the server speaks.
 */
protocol: number, participant: ParticipantId, role: Role, 
/**
 * The server's clock, to show times by it.
 */
now: Timestamp, 
/**
 * The room; absent where the client resumes: then the events it missed follow.
 */
snapshot: RoomSnapshot | null, 
/**
 * How many slots an offer may ask for.
 */
audio_slots_max: number, video_slots_max: number, } | { "type": "event", seq: EventSeq, at: Timestamp, event: RoomEvent, } | { "type": "ok", id: number, } | { "type": "error", id: number | null, code: ErrorCode, 
/**
 * What to do about it, in English.
 */
message: string, } | { "type": "answer", id: number, sdp: string, } | { "type": "slots", slots: Array<SlotShown>, } | { "type": "speaking", participants: Array<ParticipantId>, } | { "type": "reception", limited_by: LimitedBy, 
/**
 * What was lost of what the server sent, in percent, over the last seconds.
 */
lost_percent: number, round_trip_ms: number | null, } | { "type": "figures", figures: LessonFigures, } | { "type": "pong", at: number, } | { "type": "bye", reason: ByeReason, };

export type SlotShown = { 
/**
 * The slot's `a=mid` in the client's offer.
 */
mid: string, publication: PublicationId | null, };

export type LimitedBy = "nothing" | "choice" | "network";

export type LessonFigures = { at: Timestamp, 
/**
 * Those with a media connection, devices included.
 */
participants: Array<ParticipantFigures>, publications: Array<PublicationFigures>, 
/**
 * How well the trainees receive speech and pictures in this minute, 0 to 100 (docs/QUALITY-SCORE.md); absent where
 * nobody hears or sees anything, and before the lesson is on air.
 */
speech: number | null, picture: number | null, };

export type ParticipantFigures = { participant: ParticipantId, transport: TransportKind, 
/**
 * From the participant to the server.
 */
uplink: LinkFigures, 
/**
 * From the server to the participant.
 */
downlink: LinkFigures, 
/**
 * The time from the server to the participant and back, from RTCP reports; absent until the first.
 */
round_trip_ms: number | null, };

export type LinkFigures = { bitrate: Bitrate, packets: number, 
/**
 * Packets lost on the way and not yet repaired, in percent of those sent.
 */
lost_percent: number, 
/**
 * RFC 3550 §6.4.1 interarrival jitter of the worst stream.
 */
jitter_ms: number, };

export type PublicationFigures = { publication: PublicationId, participant: ParticipantId, source: Source, 
/**
 * For each encoding that arrives, lowest first.
 */
encodings: Array<Bitrate>, 
/**
 * How many receivers it is sent to.
 */
receivers: number, };

export type TransportKind = "none" | "udp" | "tcp";

export type ReceptionSummary = { 
/**
 * How long it covers, in milliseconds.
 */
span_ms: number, 
/**
 * Samples of sound that were played of the streams that arrived.
 */
samples: number, 
/**
 * Of these, samples that were made up because the real ones were not there in time.
 */
concealed_samples: number, 
/**
 * Of those, samples of silence.
 */
silent_samples: number, sound_packets: number, sound_packets_lost: number, 
/**
 * How long at least one camera's picture was being received, in milliseconds: a screen may stand still.
 */
picture_ms: number, 
/**
 * How long the one of these that fared worst stood still, in milliseconds.
 */
frozen_ms: number, freezes: number, frames: number, picture_packets: number, picture_packets_lost: number, 
/**
 * How long sound waited to be played, on average, in milliseconds.
 */
buffer_ms: number | null, 
/**
 * From when there was a picture to show, and a connection to bring it, to the first picture, in milliseconds; in
 * the first summary after it came.
 */
first_picture_ms: number | null, 
/**
 * What the device is connected by, where the browser says.
 */
connection: ConnectionType | null, };

export type ConnectionType = "cellular" | "wifi" | "ethernet" | "other";

export type LessonCard = { id: LessonId, title: string, course: string, group: string, trainer: string, institution: string, 
/**
 * BCP 47 tag of the language the lesson is given in: `ar`, `fr` or `en`.
 */
language: string, starts_at: Timestamp, ends_at: Timestamp, 
/**
 * IANA name of the institution's time zone, in which times are shown.
 */
time_zone: string, };

export type OpenInvitation = { 
/**
 * The secret from the link's fragment.
 */
invitation: string, };

export type InvitationCard = { lesson: LessonCard, role: Role, phase: Phase, 
/**
 * The name the class will see, where the invitation or an earlier visit fixes it; else the guest gives one.
 */
name: string | null, 
/**
 * Whether the guest may (and, without `name`, must) give a name.
 */
asks_name: boolean, };

export type StartSession = { invitation: string, 
/**
 * 1 to 80 characters after trimming; needed where the invitation asks for it.
 */
name: string | null, };

export type SessionCard = { lesson: LessonCard, participant: ParticipantId, role: Role, name: string, phase: Phase, };

export type Ticket = { 
/**
 * For `hello`: single use.
 */
ticket: string, expires_in_s: number, };

export type Problem = { 
/**
 * `about:blank`: the code says it all.
 */
type: string, 
/**
 * The HTTP status's own words.
 */
title: string, status: number, code: ErrorCode, 
/**
 * What happened and what to do, in English.
 */
detail: string, 
/**
 * With the code `fields_invalid`: every field that can't be used.
 */
fields?: Array<FieldFault>, 
/**
 * What belongs to the code: with `stale` the record as it is now, with `timetable_conflict`
 * what is in the way.
 */
current?: unknown, };

export type FieldFault = { 
/**
 * Its name; of a field in a list, as `units.2.title`.
 */
field: string, 
/**
 * A stable word, such as `empty`, `too_long` or `unknown_zone`.
 */
code: string, 
/**
 * What to do, in English.
 */
detail: string, };

export type InstitutionId = string;

export type RegionId = string;

export type AlarmId = string;

export type AlarmRule = "no_trainer" | "few_present" | "poor_speech";

export type BoardRequest = { "type": "look", institution: InstitutionId | null, lesson: LessonId | null, } | { "type": "ping", };

export type BoardMessage = { "type": "board", at: Timestamp, 
/**
 * The rooms are invented, to try the board.
 */
simulated: boolean, regions: Array<BoardRegion>, institutions: Array<BoardInstitution>, 
/**
 * By their starts.
 */
lessons: Array<BoardLesson>, 
/**
 * Those that have not ended, the newest first.
 */
alarms: Array<BoardAlarm>, } | { "type": "changes", at: Timestamp, 
/**
 * As they are now, the new ones among them.
 */
lessons: Array<BoardLesson>, 
/**
 * The numbers of lessons that are no longer on the board.
 */
gone: Array<number>, 
/**
 * As they are now; those that ended carry `ended_at`, once.
 */
alarms: Array<BoardAlarm>, } | { "type": "institution", institution: InstitutionId, lessons: Array<BoardCard>, } | { "type": "lesson", lesson: BoardDetail, } | { "type": "pong", at: Timestamp, };

export type BoardRegion = { id: RegionId, name: string, };

export type BoardInstitution = { id: InstitutionId, name: string, 
/**
 * The place of its region in the board's list.
 */
region: number, };

export type BoardState = "planned" | "late" | "not_started" | "live" | "ended" | "ended_early";

export type BoardLesson = { 
/**
 * Stands for it in this board's messages.
 */
number: number, 
/**
 * The place of its institution in the board's list.
 */
institution: number, state: BoardState, 
/**
 * Planned, as are `ends_at`'s.
 */
starts_at: Timestamp, ends_at: Timestamp, 
/**
 * Trainees of its group.
 */
expected: number, 
/**
 * Trainees who are there, those with a hidden page among them; a person with two devices once.
 */
present: number, 
/**
 * Of these, those whose page is hidden.
 */
away: number, 
/**
 * Of these, those whose network carries voice and slides only.
 */
weak: number, 
/**
 * How well speech arrived in the last minute, 0 to 100 (docs/QUALITY-SCORE.md); absent where nobody measured it.
 */
speech: number | null, };

export type BoardCard = { number: number, lesson: LessonId, title: string, course: string, group: string, 
/**
 * Absent where the reader may not see names.
 */
trainer: string | null, };

export type BoardDetail = { number: number, lesson: LessonId, started_at: Timestamp | null, ended_at: Timestamp | null, is_trainer_there: boolean, expected: number, present: number, away: number, 
/**
 * Trainees whose connection is lost, and who did not come back.
 */
dropped: number, 
/**
 * Trainees who have not come yet.
 */
never_came: number, weak: number, speech: number | null, picture: number | null, 
/**
 * How much of what the trainer sends is lost on its way to the server, in percent.
 */
trainer_loses: number | null, 
/**
 * How many observe for a committee.
 */
observers: number, 
/**
 * How many trainees were present, for each minute since `curve_from`; the last minute is the running one.
 */
curve: Array<number>, curve_from: Timestamp, 
/**
 * The gravest first.
 */
causes: Array<BoardCause>, };

export type BoardCause = { "cause": "no_trainer", } | { "cause": "trainer_loses", percent: number, } | { "cause": "dropped", trainees: number, } | { "cause": "never_came", trainees: number, } | { "cause": "weak", trainees: number, };

export type BoardAlarm = { id: AlarmId, rule: AlarmRule, 
/**
 * The lesson's number; absent where it is no longer on the board.
 */
number: number | null, lesson: LessonId, lesson_title: string, 
/**
 * The place of its institution in the board's list.
 */
institution: number, raised_at: Timestamp, ended_at: Timestamp | null, 
/**
 * Who has taken charge of it.
 */
taken_by: string | null, taken_at: Timestamp | null, comments: number, };

export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = "qism.v1";
export const BOARD_SUBPROTOCOL = "qism.board.v1";
export const HEARTBEAT_INTERVAL_MS = 3000;
export const HEARTBEAT_TIMEOUT_MS = 9000;
export const SUMMARY_INTERVAL_MS = 10000;
export const CHAT_TEXT_CHARS_MAX = 2000;
export const NAME_CHARS_MAX = 80;
