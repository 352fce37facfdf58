// Generated from openapi.json by `make generate`. Do not edit.

/** What somebody brings to sign in. */
export type Credentials = {
  /** The second factor's code, or one that stands in for it: needed where the answer without one is `second_factor_needed`. */ code?: string | null;
  password: string;
  sign_in: string;
};

/** What somebody spent this week. */
export type Data = {
  bytes: number;
  /** What they want to spend in a week, in bytes. */ limit?: number | null;
  /** The week's first day. */ week: string;
};

/** Whether somebody has a calendar feed. */
export type FeedState = {
  /** Since when, in microseconds since 1970-01-01T00:00:00Z; absent where they have none. */ since?: number | null;
};

/** What an authenticator app must be told. */
export type EnrolmentCard = {
  /** The URI as a QR code: its rows from top to bottom, `1` for each dark square and `0` for each light one, without a margin. */ qr: string[];
  /** In base32, to be typed. */ secret: string;
  /** `otpauth://totp/…`. */ uri: string;
};

/** A field of a request that can't be used. */
export type FieldFault = {
  /** A stable word, such as `empty`, `too_long` or `unknown_zone`. */ code: string;
  /** What to do, in English. */ detail: string;
  /** Its name; of a field in a list, as `units.2.title`. */ field: string;
};

/** A guest's way into a lesson. */
export type GuestLinkCard = {
  created_at: number;
  expires_at: number;
  id: string;
  /** The guest's name; absent where they say it at the door. */ name?: string | null;
  /** `trainer` or `trainee`. */ role: string;
  /** How many browsers came by it. */ used: number;
};

/** Where the browser goes to show who it is. */
export type GoTo = {
  url: string;
};

/** A group to plan for. */
export type GroupChoice = {
  course_title: string;
  id: string;
  name: string;
};

/** How the server is. */
export type Health = {
  media: string;
  /** How many rooms are open. */ rooms: number;
  /** `ok`, or `failing` where anything below does. */ status: string;
  store: string;
};

/** A lesson that can be entered now. */
export type ImprovisedCard = {
  /** Other lessons of the trainer or the group at the same time; they stay as they are. */ conflicts: InTheWay[];
  ends_at: number;
  group: string;
  id: string;
  starts_at: number;
  title: string;
};

/** A lesson at the same time. */
export type InTheWay = {
  ends_at: number;
  lesson: string;
  starts_at: number;
  title: string;
};

/** An institution's day. */
export type InstitutionDay = {
  cancelled: number;
  /** Those on air first; of a large institution, not all. */ lessons: OwnLessonCard[];
  live: number;
  total: number;
};

/** The answer to [`OpenInvitation`]. */
export type InvitationCard = {
  /** Whether the guest may (and, without `name`, must) give a name. */ asks_name: boolean;
  lesson: LessonCard;
  /** The name the class will see, where the invitation or an earlier visit fixes it; else the guest gives one. */ name?: string | null;
  phase: Record<string, unknown>;
  role: string;
};

/** A lesson as everybody invited to it may see it. */
export type LessonCard = {
  course: string;
  ends_at: number;
  group: string;
  id: string;
  institution: string;
  /** BCP 47 tag of the language the lesson is given in: `ar`, `fr` or `en`. */ language: string;
  starts_at: number;
  /** IANA name of the institution's time zone, in which times are shown. */ time_zone: string;
  title: string;
  trainer: string;
};

/** Who signed in. */
export type Me = {
  has_second_factor: boolean;
  id: string;
  institution: string;
  institution_name: string;
  /** `ar`, `fr` or `en`, where they chose one. */ language?: string | null;
  name: string;
  /** What is still missing before anything but this account's second factor can be reached: `code`, where one has a second factor and did not give it in this session; `enrol`, where one must have it; else absent. */ needs_second_factor?: string | null;
  /** Whose records they may see as an administrator or a committee: `institution`, `region` or `ministry`. */ reach: string;
  region: string;
  roles: RoleSet;
  /** IANA name. */ time_zone: string;
};

/** Somebody's attendance over a month, with each lesson that is over. */
export type MonthOfAttendance = MonthSum & {
  lessons: OwnLessonCard[];
  time_zone: string;
};

/** Attendance over a month. */
export type MonthSum = {
  /** As 2026-11. */ month: string;
  planned_minutes: number;
  present_minutes: number;
};

/** A new calendar feed. Its address is told this once. */
export type NewFeed = {
  since: number;
  url: string;
};

/** A guest link to be made. */
export type NewGuestLink = {
  /** Until when it is good, in microseconds since 1970-01-01T00:00:00Z: at most a day after the lesson's end, which it is unless said. */ expires_at?: number | null;
  /** 1 to 80 characters; without it, the guest says their name at the door. */ name?: string | null;
  /** `trainer`, who may speak and share at any time, or `trainee`. */ role: string;
};

/** A guest link that was made. Its address is told this once. */
export type NewGuestLinkCard = GuestLinkCard & {
  /** The address to send to the guest. */ url: string;
};

/** A lesson to be given at once. */
export type NewImprovised = {
  /** One of the trainer's own. */ group: string;
  /** 1 to 160 characters. */ title: string;
};

/** A venue to be made. */
export type NewVenue = {
  /** 1 to 10 000. */ capacity: number;
  /** 1 to 120 characters. */ name: string;
};

/** An announcement as its reader finds it. */
export type NoticeCard = {
  body: string;
  /** The day that it is about, as 2026-11-30. */ day?: string | null;
  id: string;
  is_read: boolean;
  published_at: number;
  title: string;
};

/** The newest announcements. */
export type Notices = {
  items: NoticeCard[];
  unread: number;
};

/** A link's secret, from its fragment. */
export type OpenAccountLink = {
  secret: string;
};

/** `POST /api/invitations/open`: what an invitation is for. */
export type OpenInvitation = {
  /** The secret from the link's fragment. */ invitation: string;
};

/** What somebody changes of their own account; what is absent stays. */
export type OwnChange = {
  /** How much data they want to spend in a week, in bytes: 1 MB to 1 TB, or null for no limit. */ data_limit?: number | null;
};

/** A group that somebody trains. */
export type OwnGroupCard = {
  course: string;
  course_title: string;
  id: string;
  name: string;
};

/** The groups that somebody trains. */
export type OwnGroups = {
  items: OwnGroupCard[];
};

/** A lesson in somebody's own timetable. Times are microseconds since 1970-01-01T00:00:00Z. */
export type OwnLessonCard = {
  cancel_reason?: string | null;
  cancelled: boolean;
  course: string;
  course_title: string;
  ends_at: number;
  group: string;
  group_name: string;
  id: string;
  improvised: boolean;
  /** BCP 47 tag of the language it is given in. */ language: string;
  /** What they have to do with it: `trainer`, `trainee`, `replaced` (somebody gives it in their place) or `onlooker`. */ part: string;
  /** `planned`, `live` or `ended`. */ phase: string;
  /** Since when it is on air, or over. */ phase_since?: number | null;
  /** Who was to give it, where somebody stands in. */ planned_trainer?: string | null;
  /** How long they were there, in seconds, once it is over. */ present_s?: number | null;
  starts_at: number;
  title: string;
  trainer: string;
  trainer_name: string;
  /** The unit of the course's programme. */ unit?: string | null;
  venue?: string | null;
};

/** Somebody's lessons over some days. */
export type OwnTimetable = {
  lessons: OwnLessonCard[];
  time_zone: string;
};

/** Part of a list. */
export type Page_GuestLinkCard = {
  items: {
  created_at: number;
  expires_at: number;
  id: string;
  /** The guest's name; absent where they say it at the door. */ name?: string | null;
  /** `trainer` or `trainee`. */ role: string;
  /** How many browsers came by it. */ used: number;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_VenueCard = {
  items: {
  /** How many people it holds. */ capacity: number;
  id: string;
  name: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** An error of the REST calls, WHIP and WHEP included: `application/problem+json` (RFC 9457). */
export type Problem = {
  code: string;
  /** What belongs to the code: with `stale` the record as it is now, with `timetable_conflict` what is in the way. */ current?: Record<string, unknown>;
  /** What happened and what to do, in English. */ detail: string;
  /** With the code `fields_invalid`: every field that can't be used. */ fields?: FieldFault[];
  status: number;
  /** The HTTP status's own words. */ title: string;
  /** `about:blank`: the code says it all. */ type: string;
};

/** What somebody is at their institution. */
export type RoleSet = {
  administrator: boolean;
  committee: boolean;
  trainee: boolean;
  trainer: boolean;
};

/** A place in a lesson, held by this browser's session: the answer to [`StartSession`] and to `GET /api/lessons/{lesson}/participants/{participant}`. */
export type SessionCard = {
  lesson: LessonCard;
  name: string;
  participant: string;
  phase: Record<string, unknown>;
  role: string;
};

/** What makes the first institution and its administrator. */
export type Setup = {
  institution: FirstInstitution;
  /** The administrator's own name. */ name: string;
  /** 10 to 128 characters. */ password: string;
  /** The secret from the link's fragment. */ secret: string;
  /** What they sign in with. */ sign_in: string;
};

/** Whether the first administrator is still to be made. */
export type SetupState = {
  open: boolean;
};

/** A provider that people can sign in at. */
export type SignInProvider = {
  /** For its button. */ label: string;
  /** For `/api/oidc/{provider}/start`, where the browser goes. */ name: string;
};

/** `POST /api/sessions`: accepts an invitation in this browser. */
export type StartSession = {
  invitation: string;
  /** 1 to 80 characters after trimming; needed where the invitation asks for it. */ name?: string | null;
};

/** The answer to `POST /api/lessons/{lesson}/participants/{participant}/tickets`. */
export type Ticket = {
  expires_in_s: number;
  /** For `hello`: single use. */ ticket: string;
};

/** Somebody's day. */
export type Today = {
  announcements: Notices;
  attendance?: MonthSum | null;
  data: Data;
  /** As 2026-11-30. */ day: string;
  institution?: InstitutionDay | null;
  lessons: OwnLessonCard[];
  next?: OwnLessonCard | null;
  /** The server's time. */ now: number;
  /** IANA name of the zone in which it is that day. */ time_zone: string;
};

/** A venue. */
export type VenueCard = {
  /** How many people it holds. */ capacity: number;
  id: string;
  name: string;
};

/** What is to be changed of a venue; what is absent stays. */
export type VenueChange = {
  capacity?: number | null;
  name?: string | null;
};

/** Every call: what it takes and what it answers. */
export interface Calls {
  /** The guest links of a lesson that were not revoked. */
  'GET /api/institutions/{institution}/lessons/{lesson}/guest-links': {
    path: { institution: string; lesson: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_GuestLinkCard;
    changes: false;
  };
  /** Makes a guest link. */
  'POST /api/institutions/{institution}/lessons/{lesson}/guest-links': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: NewGuestLink;
    answer: NewGuestLinkCard;
    changes: false;
  };
  /** Ends a guest link at once. Who came by it and is in the lesson stays there until they leave. */
  'DELETE /api/institutions/{institution}/lessons/{lesson}/guest-links/{link}': {
    path: { institution: string; lesson: string; link: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** The institution's venues. */
  'GET /api/institutions/{institution}/venues': {
    path: { institution: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_VenueCard;
    changes: false;
  };
  /** Makes a venue. */
  'POST /api/institutions/{institution}/venues': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewVenue;
    answer: VenueCard;
    changes: false;
  };
  /** Takes a venue out of use; `If-Match` names the version. */
  'DELETE /api/institutions/{institution}/venues/{venue}': {
    path: { institution: string; venue: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: true;
  };
  /** One venue. */
  'GET /api/institutions/{institution}/venues/{venue}': {
    path: { institution: string; venue: string };
    query: Record<never, never>;
    body: never;
    answer: VenueCard;
    changes: false;
  };
  /** Changes a venue; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}/venues/{venue}': {
    path: { institution: string; venue: string };
    query: Record<never, never>;
    body: VenueChange;
    answer: VenueCard;
    changes: true;
  };
  /** Says what an invitation is for. */
  'POST /api/invitations/open': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OpenInvitation;
    answer: InvitationCard;
    changes: false;
  };
  /** Gives somebody who signed in their place in a lesson: as its trainer, as one of its group, or as an observer of its institution. The same place each time in this browser. */
  'POST /api/lessons/{lesson}/join': {
    path: { lesson: string };
    query: Record<never, never>;
    body: never;
    answer: SessionCard;
    changes: false;
  };
  /** The place that this browser's session holds. */
  'GET /api/lessons/{lesson}/participants/{participant}': {
    path: { lesson: string; participant: string };
    query: Record<never, never>;
    body: never;
    answer: SessionCard;
    changes: false;
  };
  /** A ticket for the WebSocket: single use, good for a minute. */
  'POST /api/lessons/{lesson}/participants/{participant}/tickets': {
    path: { lesson: string; participant: string };
    query: Record<never, never>;
    body: never;
    answer: Ticket;
    changes: false;
  };
  /** Who signed in in this browser. */
  'GET /api/me': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Me;
    changes: false;
  };
  /** Changes one's own account. */
  'PATCH /api/me': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OwnChange;
    answer: void;
    changes: false;
  };
  /** How long somebody was in the lessons of a month that are over. */
  'GET /api/me/attendance': {
    path: Record<never, never>;
    query: { month?: string };
    body: never;
    answer: MonthOfAttendance;
    changes: false;
  };
  /** Ends somebody's calendar feed. */
  'DELETE /api/me/calendar-feed': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Whether somebody has a calendar feed. */
  'GET /api/me/calendar-feed': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: FeedState;
    changes: false;
  };
  /** Gives somebody a calendar feed; the address of an older one opens nothing any more. */
  'POST /api/me/calendar-feed': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: NewFeed;
    changes: false;
  };
  /** The groups that somebody trains: those for which they may give a lesson at once. */
  'GET /api/me/groups': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: OwnGroups;
    changes: false;
  };
  /** Makes a lesson that starts now; its trainer then enters it as any other. */
  'POST /api/me/lessons': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewImprovised;
    answer: ImprovisedCard;
    changes: false;
  };
  /** Somebody's lessons over at most six weeks. */
  'GET /api/me/timetable': {
    path: Record<never, never>;
    query: { from: string; to: string };
    body: never;
    answer: OwnTimetable;
    changes: false;
  };
  /** What somebody has to do on a day: their lessons, the next one, announcements, what they spent and their attendance. */
  'GET /api/me/today': {
    path: Record<never, never>;
    query: { day?: string };
    body: never;
    answer: Today;
    changes: false;
  };
  /** This description. */
  'GET /api/openapi.json': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Record<string, unknown>;
    changes: false;
  };
  /** Accepts an invitation in this browser: a session, if it has none, and a place in the lesson. */
  'POST /api/sessions': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: StartSession;
    answer: SessionCard;
    changes: false;
  };
  /** Whether the first administrator is still to be made. */
  'GET /api/setup': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: SetupState;
    changes: false;
  };
  /** Makes the first institution, which reaches all others, and its administrator; signs them in in this browser. Of two who ask at once one is served. */
  'POST /api/setup': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Setup;
    answer: Me;
    changes: false;
  };
  /** Signs somebody in in this browser. */
  'POST /api/sign-in': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Credentials;
    answer: Me;
    changes: false;
  };
  /** The providers that people can sign in at. */
  'GET /api/sign-in/providers': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Page_SignInProvider;
    changes: false;
  };
  /** Ends this browser's session. */
  'POST /api/sign-out': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** A calendar feed (RFC 5545): the lessons of the last 30 and the next 180 days, and announcements that are about a day. */
  'GET /calendar/{secret}': {
    path: { secret: string };
    query: Record<never, never>;
    body: never;
    answer: string;
    changes: false;
  };
  /** Whether the server can do its work. */
  'GET /healthz': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Health;
    changes: false;
  };
  /** All metrics, in the OpenMetrics text format. */
  'GET /metrics': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: string;
    changes: false;
  };
  /** Plays a lesson: the body is an SDP offer that only receives. */
  'POST /whep/{lesson}': {
    path: { lesson: string };
    query: Record<never, never>;
    body: Blob;
    answer: Blob;
    changes: false;
  };
  /** Publishes to a lesson: the body is an SDP offer that only sends. */
  'POST /whip/{lesson}': {
    path: { lesson: string };
    query: Record<never, never>;
    body: Blob;
    answer: Blob;
    changes: false;
  };
  /** Ends the session; WHEP's sessions take the same. */
  'DELETE /whip/{lesson}/{device}': {
    path: { lesson: string; device: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Trickles a candidate or restarts ICE, with an `application/trickle-ice-sdpfrag`; WHEP's sessions take the same. */
  'PATCH /whip/{lesson}/{device}': {
    path: { lesson: string; device: string };
    query: Record<never, never>;
    body: Blob;
    answer: Blob;
    changes: false;
  };
  /** Opens the WebSocket that docs/PROTOCOL.md describes; its first message brings a ticket. */
  'GET /ws': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
}
