/** The call engine: one participant's live part in one lesson. It knows no UI framework. */

export { createCall } from './call';
export type {
  ByeReason,
  ChatMessage,
  Command,
  ErrorCode,
  FloorHolder,
  Hand,
  InvitationCard,
  LessonCard,
  LessonFigures,
  LessonId,
  LimitedBy,
  Participant,
  ParticipantFigures,
  ParticipantId,
  Phase,
  Presence,
  Publication,
  PublicationId,
  Quality,
  Role,
  SessionCard,
  Source,
} from './protocol.gen';
export { CHAT_TEXT_CHARS_MAX, NAME_CHARS_MAX } from './protocol.gen';
export type * from './types';
export { CallError } from './types';
