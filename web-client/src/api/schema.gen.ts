// Generated from openapi.json by `make generate`. Do not edit.

/** What sets the password. */
export type AcceptAccountLink = {
  /** The second factor's code: needed where the answer without one is `second_factor_needed`. */ code?: string | null;
  /** 10 to 128 characters. */ password: string;
  secret: string;
};

/** Whose link it is. */
export type AccountLinkCard = {
  expires_at: number;
  institution: string;
  name: string;
  /** What they sign in with, where that is set. */ sign_in?: string | null;
};

/** A key; its secret was shown when it was made. */
export type ApiKeyCard = {
  created_at: number;
  expires_at?: number | null;
  id: string;
  /** To some minutes. */ last_used_at?: number | null;
  name: string;
  revoked_at?: number | null;
  /** What it may do, such as `timetable:read`. */ scopes: string[];
};

/** A key to be made. */
export type ApiKeyWish = {
  /** Until when it is good; for ever unless said. */ expires_at?: number | null;
  /** What it is for: 1 to 80 characters. */ name: string;
  /** One at least of `people:read`, `people:write`, `courses:read`, `courses:write`, `timetable:read`, `timetable:write`, `announcements:read` and `announcements:write`. */ scopes: string[];
};

/** How far a change goes: `this` lesson, this and the `following`, or `all` of its series that have not begun. */
export type ChangeScope = "this" | "following" | "all";

/** What a plan would come to. */
export type CheckCard = ConflictsCard & {
  /** How many lessons it has. */ lessons: number;
  /** Starts on which no lesson is given: holidays. */ skipped: string[];
};

/** A code. */
export type Code = {
  code: string;
};

/** A lesson in the way. */
export type ConflictCard = {
  ends_at: number;
  group?: LessonReference | null;
  lesson: string;
  starts_at: number;
  title: string;
  trainer?: LessonReference | null;
  venue?: LessonReference | null;
  /** The wanted time that it is in the way of. */ wanted: FreeSpan;
  /** Who is in both: `trainer`, `group`, `venue`. */ who: string[];
};

/** What is in the way of a plan: the `current` of a refusal with the code `timetable_conflict`, and of a check. */
export type ConflictsCard = {
  conflicts: ConflictCard[];
  /** The nearest times at which the first lesson in difficulty would fit, nearest first. */ free: FreeSpan[];
  too_small?: TooSmallCard | null;
};

/** What somebody brings to sign in. */
export type Credentials = {
  /** The second factor's code, or one that stands in for it: needed where the answer without one is `second_factor_needed`. */ code?: string | null;
  password: string;
  sign_in: string;
};

/** One thing that a webhook was told, or is to be. */
export type DeliveryCard = {
  attempts: number;
  created_at: number;
  delivered_at?: number | null;
  /** When the next attempt is due. */ due_at?: number | null;
  event: string;
  /** When it was given up. */ failed_at?: number | null;
  id: string;
  last_error?: string | null;
  /** The HTTP status of the last answer. */ last_status?: number | null;
  /** The body that is sent. */ payload: Record<string, unknown>;
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

/** The institution that reaches all others. */
export type FirstInstitution = {
  /** `ar`, `fr` or `en`. */ language: string;
  name: string;
  /** IANA name, for example `Africa/Casablanca`. */ time_zone: string;
};

/** A stretch of time, in microseconds since 1970-01-01T00:00:00Z. */
export type FreeSpan = {
  ends_at: number;
  starts_at: number;
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

/** Who one is at a provider. */
export type IdentityCard = {
  label: string;
  linked_at: number;
  /** The provider's name, where it is still one. */ provider?: string | null;
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

/** What is to be changed of lessons; what is absent stays. */
export type LessonChange = {
  /** 1 to 720. */ minutes?: number | null;
  scope: ChangeScope;
  /** When the lesson starts by the wall clock of its zone, as 2026-11-30T08:30; others of the series move as far. */ starts?: string | null;
  title?: string | null;
  trainer?: string | null;
  /** Null for none. */ unit?: string | null;
  /** Null for none. */ venue?: string | null;
};

/** What lessons are planned with, each in the order of their names. */
export type LessonChoices = {
  groups: GroupChoice[];
  /** The groups that who asks belongs to. */ own_groups: string[];
  trainers: LessonReference[];
  venues: LessonReference[];
};

/** A record that a lesson refers to. */
export type LessonReference = {
  id: string;
  name: string;
};

/** A lesson, and the series that it is of. */
export type LessonWithSeries = {
  lesson: TimetableItem;
  series_card?: SeriesCard | null;
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

/** A key that was made. */
export type NewApiKeyCard = ApiKeyCard & {
  /** For `Authorization: Bearer`; shown this one time. */ secret: string;
};

/** What is called off, and why. */
export type NewCancellation = {
  /** Told to the trainees and the trainer; up to 300 characters. */ reason?: string | null;
  scope: ChangeScope;
};

/** Which provider's account is to be linked. */
export type NewIdentity = {
  provider: string;
};

/** Lessons to be planned. */
export type NewLessons = {
  group: string;
  /** 1 to 720. */ minutes: number;
  repeat?: Repeat | null;
  /** When the first lesson starts by the wall clock, as 2026-11-30T08:30. */ starts: string;
  /** IANA name of the zone of the wall clock; the institution's unless said. */ time_zone?: string | null;
  /** 1 to 200 characters. */ title: string;
  trainer: string;
  /** A unit of the programme of the group's course. */ unit?: string | null;
  venue?: string | null;
};

/** A period to be made. */
export type NewPeriod = {
  /** Whether lessons that fall on it are called off, where it stops lessons; they stay unless said. */ cancel?: boolean;
  /** As 2026-11-30. */ first_day: string;
  /** Included; at most a year later. */ last_day: string;
  /** 1 to 120 characters. */ name: string;
  stops_lessons: boolean;
};

/** Who stands in. */
export type NewSubstitute = {
  /** The planned trainer: nobody stands in any more. */ trainer: string;
};

/** A venue to be made. */
export type NewVenue = {
  /** 1 to 10 000. */ capacity: number;
  /** 1 to 120 characters. */ name: string;
};

/** A webhook to be made. */
export type NewWebhook = {
  /** At least one of `lesson.started`, `lesson.ended`, `attendance.ready`. */ events: string[];
  /** https, of the public internet. */ url: string;
};

/** A webhook that was made. */
export type NewWebhookCard = WebhookCard & {
  /** What deliveries are signed with (Standard Webhooks); it is shown this once. */ secret: string;
};

/** A link's secret, from its fragment. */
export type OpenAccountLink = {
  secret: string;
};

/** `POST /api/invitations/open`: what an invitation is for. */
export type OpenInvitation = {
  /** The secret from the link's fragment. */ invitation: string;
};

/** What somebody changes of their account; what is absent stays. */
export type OwnChange = {
  /** `ar`, `fr` or `en`. */ language?: string | null;
  name?: string | null;
};

/** The password, once more. */
export type OwnPassword = {
  password: string;
};

/** Where somebody is signed in. */
export type OwnSession = {
  /** What the browser says of itself. */ browser: string;
  created_at: number;
  /** Whether it is the one that asks. */ current: boolean;
  expires_at: number;
  id: string;
  /** To some minutes. */ last_seen_at: number;
};

/** Part of a list. */
export type Page_ApiKeyCard = {
  items: {
  created_at: number;
  expires_at?: number | null;
  id: string;
  /** To some minutes. */ last_used_at?: number | null;
  name: string;
  revoked_at?: number | null;
  /** What it may do, such as `timetable:read`. */ scopes: string[];
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_DeliveryCard = {
  items: {
  attempts: number;
  created_at: number;
  delivered_at?: number | null;
  /** When the next attempt is due. */ due_at?: number | null;
  event: string;
  /** When it was given up. */ failed_at?: number | null;
  id: string;
  last_error?: string | null;
  /** The HTTP status of the last answer. */ last_status?: number | null;
  /** The body that is sent. */ payload: Record<string, unknown>;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_IdentityCard = {
  items: {
  label: string;
  linked_at: number;
  /** The provider's name, where it is still one. */ provider?: string | null;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_OwnSession = {
  items: {
  /** What the browser says of itself. */ browser: string;
  created_at: number;
  /** Whether it is the one that asks. */ current: boolean;
  expires_at: number;
  id: string;
  /** To some minutes. */ last_seen_at: number;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_PeriodCard = {
  items: {
  /** As 2026-11-30. */ first_day: string;
  held_by?: PeriodHolder | null;
  id: string;
  /** Included. */ last_day: string;
  name: string;
  /** Whether no lesson is given on them. */ stops_lessons: boolean;
  /** What `If-Match` says of it, in quotation marks. */ version: number;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_SignInProvider = {
  items: {
  /** For its button. */ label: string;
  /** For `/api/oidc/{provider}/start`, where the browser goes. */ name: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_TimetableItem = {
  items: {
  cancel_reason?: string | null;
  cancelled_at?: number | null;
  course: LessonReference;
  ends_at: number;
  group: LessonReference;
  id: string;
  improvised: boolean;
  /** BCP 47 tag of the language it is given in. */ language: string;
  minutes: number;
  /** Whether it was moved away from the time that its series has for it. */ moved: boolean;
  /** `planned`, `live` or `ended`. */ phase: string;
  /** Since when it is on air, or over. */ phase_since?: number | null;
  planned_trainer?: LessonReference | null;
  series?: string | null;
  /** When it starts by the wall clock of its zone, as 2026-11-30T08:30. */ starts: string;
  /** Microseconds since 1970-01-01T00:00:00Z. */ starts_at: number;
  /** IANA name. */ time_zone: string;
  title: string;
  trainer: LessonReference;
  unit?: LessonReference | null;
  venue?: LessonReference | null;
  /** What `If-Match` says of it, in quotation marks. */ version: number;
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

/** Part of a list. */
export type Page_WebhookCard = {
  items: {
  created_at: number;
  /** Whether it is told anything. */ enabled: boolean;
  /** `lesson.started`, `lesson.ended`, `attendance.ready`. */ events: string[];
  id: string;
  url: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** A password that is changed. */
export type PasswordChange = {
  /** The one until now; empty where there is none yet. */ current: string;
  /** 10 to 128 characters. */ new: string;
};

/** Days with a name. */
export type PeriodCard = {
  /** As 2026-11-30. */ first_day: string;
  held_by?: PeriodHolder | null;
  id: string;
  /** Included. */ last_day: string;
  name: string;
  /** Whether no lesson is given on them. */ stops_lessons: boolean;
  /** What `If-Match` says of it, in quotation marks. */ version: number;
};

/** What is to be changed of a period; what is absent stays. */
export type PeriodChange = {
  cancel?: boolean;
  first_day?: string | null;
  last_day?: string | null;
  name?: string | null;
  stops_lessons?: boolean | null;
};

/** The institution whose period it is. */
export type PeriodHolder = {
  id: string;
  name: string;
};

/** Lessons that were planned. */
export type PlannedCard = {
  /** The first of them. */ lesson: TimetableItem;
  /** How many there are. */ lessons: number;
  /** Starts of the series on which no lesson is given: holidays. */ skipped: string[];
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

/** Codes that stand in for a lost device, each once. They are shown this one time. */
export type RecoveryCodes = {
  codes: string[];
};

/** How often a lesson comes again. */
export type Repeat = {
  /** Starts to add. */ additions?: string[];
  /** Starts to leave out, as 2026-12-07T08:30. */ exceptions?: string[];
  /** An RRULE (RFC 5545 §3.3.10) that ends, such as `FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630`. */ rule: string;
};

/** What somebody is at their institution. */
export type RoleSet = {
  administrator: boolean;
  committee: boolean;
  trainee: boolean;
  trainer: boolean;
};

/** What makes lessons again and again. */
export type SeriesCard = {
  /** Starts that were added. */ additions: string[];
  /** Starts that are left out. */ exceptions: string[];
  id: string;
  /** Its last one. */ last: string;
  /** How many lessons it has that were not called off. */ lessons: number;
  minutes: number;
  /** An RRULE (RFC 5545 §3.3.10). */ rule: string;
  /** Its first start by the wall clock. */ starts: string;
  time_zone: string;
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

/** A lesson in a timetable. */
export type TimetableItem = {
  cancel_reason?: string | null;
  cancelled_at?: number | null;
  course: LessonReference;
  ends_at: number;
  group: LessonReference;
  id: string;
  improvised: boolean;
  /** BCP 47 tag of the language it is given in. */ language: string;
  minutes: number;
  /** Whether it was moved away from the time that its series has for it. */ moved: boolean;
  /** `planned`, `live` or `ended`. */ phase: string;
  /** Since when it is on air, or over. */ phase_since?: number | null;
  planned_trainer?: LessonReference | null;
  series?: string | null;
  /** When it starts by the wall clock of its zone, as 2026-11-30T08:30. */ starts: string;
  /** Microseconds since 1970-01-01T00:00:00Z. */ starts_at: number;
  /** IANA name. */ time_zone: string;
  title: string;
  trainer: LessonReference;
  unit?: LessonReference | null;
  venue?: LessonReference | null;
  /** What `If-Match` says of it, in quotation marks. */ version: number;
};

/** A venue with fewer seats than the group has trainees. */
export type TooSmallCard = {
  capacity: number;
  size: number;
  venue: string;
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

/** A webhook. */
export type WebhookCard = {
  created_at: number;
  /** Whether it is told anything. */ enabled: boolean;
  /** `lesson.started`, `lesson.ended`, `attendance.ready`. */ events: string[];
  id: string;
  url: string;
};

/** What is to be changed of a webhook; what is absent stays. */
export type WebhookChange = {
  enabled?: boolean | null;
  events?: string[] | null;
  url?: string | null;
};

/** A period that was written, and what falls on it. */
export type WrittenPeriod = {
  /** Whether they were called off. */ cancelled: boolean;
  /** The institution's lessons that were planned for these days, where it stops lessons, as they were. */ falling: TimetableItem[];
  period: PeriodCard;
};

/** Every call: what it takes and what it answers. */
export interface Calls {
  /** Sets the password of the link's person, ends their sessions elsewhere, and signs them in in this browser. */
  'POST /api/account-links/accept': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: AcceptAccountLink;
    answer: Me;
    changes: false;
  };
  /** Says whose link it is. */
  'POST /api/account-links/open': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OpenAccountLink;
    answer: AccountLinkCard;
    changes: false;
  };
  /** The institution's keys, revoked ones included. */
  'GET /api/institutions/{institution}/api-keys': {
    path: { institution: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_ApiKeyCard;
    changes: false;
  };
  /** Makes a key. Its secret is in this answer alone. */
  'POST /api/institutions/{institution}/api-keys': {
    path: { institution: string };
    query: Record<never, never>;
    body: ApiKeyWish;
    answer: NewApiKeyCard;
    changes: false;
  };
  /** Ends a key at once. */
  'DELETE /api/institutions/{institution}/api-keys/{key}': {
    path: { institution: string; key: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** The institution's lessons over some days, by their starts; those that were called off too. */
  'GET /api/institutions/{institution}/lessons': {
    path: { institution: string };
    query: { from: string; to: string; trainer?: string; group?: string; venue?: string; course?: string; after?: string; limit?: number };
    body: never;
    answer: Page_TimetableItem;
    changes: false;
  };
  /** Plans a lesson, or all lessons of a series at once, except on days without lessons. Where the trainer, the group or the venue is not free for all of them, nothing is planned: 409 `timetable_conflict`, with what is in the way and the nearest free times. */
  'POST /api/institutions/{institution}/lessons': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewLessons;
    answer: PlannedCard;
    changes: false;
  };
  /** Looks whether lessons would fit; plans nothing. */
  'POST /api/institutions/{institution}/lessons/check': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewLessons;
    answer: CheckCard;
    changes: false;
  };
  /** Whose timetables there are, and what lessons are planned with. */
  'GET /api/institutions/{institution}/lessons/choices': {
    path: { institution: string };
    query: Record<never, never>;
    body: never;
    answer: LessonChoices;
    changes: false;
  };
  /** Calls one lesson off without giving a reason; `If-Match` names the version. */
  'DELETE /api/institutions/{institution}/lessons/{lesson}': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: never;
    answer: LessonWithSeries;
    changes: true;
  };
  /** One lesson, and the series that it is of. */
  'GET /api/institutions/{institution}/lessons/{lesson}': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: never;
    answer: LessonWithSeries;
    changes: false;
  };
  /** Changes a lesson, it and those that follow in its series, or all of the series that have not begun; `If-Match` names the lesson's version. Lessons that were moved alone keep their own times. Where not all of them find their slots free, nothing is changed: 409 `timetable_conflict`. */
  'PATCH /api/institutions/{institution}/lessons/{lesson}': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: LessonChange;
    answer: LessonWithSeries;
    changes: true;
  };
  /** Calls lessons off: they stay in the timetable, struck out; the group and the trainer are told. `If-Match` names the lesson's version. */
  'POST /api/institutions/{institution}/lessons/{lesson}/cancel': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: NewCancellation;
    answer: LessonWithSeries;
    changes: true;
  };
  /** Puts a lesson back that was called off, where its slot is still free; `If-Match` names the version. */
  'POST /api/institutions/{institution}/lessons/{lesson}/restore': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: never;
    answer: LessonWithSeries;
    changes: true;
  };
  /** Lets somebody stand in for a lesson's trainer, whose way into it is closed; `If-Match` names the version. */
  'POST /api/institutions/{institution}/lessons/{lesson}/substitute': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: NewSubstitute;
    answer: LessonWithSeries;
    changes: true;
  };
  /** The institution's periods, and those of its region and the ministry, by their first days. */
  'GET /api/institutions/{institution}/periods': {
    path: { institution: string };
    query: { from?: string; to?: string; after?: string; limit?: number };
    body: never;
    answer: Page_PeriodCard;
    changes: false;
  };
  /** Makes a period. Where it stops lessons, the answer says which lessons were planned for its days. */
  'POST /api/institutions/{institution}/periods': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewPeriod;
    answer: WrittenPeriod;
    changes: false;
  };
  /** Takes a period away; lessons that it called off stay so. `If-Match` names the version. */
  'DELETE /api/institutions/{institution}/periods/{period}': {
    path: { institution: string; period: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: true;
  };
  /** One period of the institution's own. */
  'GET /api/institutions/{institution}/periods/{period}': {
    path: { institution: string; period: string };
    query: Record<never, never>;
    body: never;
    answer: PeriodCard;
    changes: false;
  };
  /** Changes a period; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}/periods/{period}': {
    path: { institution: string; period: string };
    query: Record<never, never>;
    body: PeriodChange;
    answer: WrittenPeriod;
    changes: true;
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
  /** The institution's webhooks; there are few, and so one page. */
  'GET /api/institutions/{institution}/webhooks': {
    path: { institution: string };
    query: Record<never, never>;
    body: never;
    answer: Page_WebhookCard;
    changes: false;
  };
  /** Makes a webhook. */
  'POST /api/institutions/{institution}/webhooks': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewWebhook;
    answer: NewWebhookCard;
    changes: false;
  };
  /** Removes a webhook and the list of what it was told. */
  'DELETE /api/institutions/{institution}/webhooks/{webhook}': {
    path: { institution: string; webhook: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** One webhook. */
  'GET /api/institutions/{institution}/webhooks/{webhook}': {
    path: { institution: string; webhook: string };
    query: Record<never, never>;
    body: never;
    answer: WebhookCard;
    changes: false;
  };
  /** Changes a webhook; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}/webhooks/{webhook}': {
    path: { institution: string; webhook: string };
    query: Record<never, never>;
    body: WebhookChange;
    answer: WebhookCard;
    changes: true;
  };
  /** What a webhook was told, the newest first. */
  'GET /api/institutions/{institution}/webhooks/{webhook}/deliveries': {
    path: { institution: string; webhook: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_DeliveryCard;
    changes: false;
  };
  /** Has a delivery sent again at once. */
  'POST /api/institutions/{institution}/webhooks/{webhook}/deliveries/{delivery}/again': {
    path: { institution: string; webhook: string; delivery: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Says what an invitation is for. */
  'POST /api/invitations/open': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OpenInvitation;
    answer: InvitationCard;
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
  /** Changes one's own name or language. */
  'PATCH /api/me': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OwnChange;
    answer: Me;
    changes: false;
  };
  /** Who one is at providers. */
  'GET /api/me/identities': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Page_IdentityCard;
    changes: false;
  };
  /** Begins to link an account of a provider; the browser then goes where the answer says, and comes back to `/account`. */
  'POST /api/me/identities': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewIdentity;
    answer: GoTo;
    changes: false;
  };
  /** Unlinks one's account of a provider. */
  'DELETE /api/me/identities/{provider}': {
    path: { provider: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Changes one's own password, and ends all other sessions. */
  'POST /api/me/password': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: PasswordChange;
    answer: void;
    changes: false;
  };
  /** Begins a second factor; it holds once its first code is confirmed. */
  'POST /api/me/second-factor': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: EnrolmentCard;
    changes: false;
  };
  /** Puts the second factor in force with its first code. */
  'POST /api/me/second-factor/confirm': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Code;
    answer: RecoveryCodes;
    changes: false;
  };
  /** Gives the second factor in a session that began without, at a sign-in provider for example. */
  'POST /api/me/second-factor/give': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Code;
    answer: void;
    changes: false;
  };
  /** Takes one's second factor away; the password is asked for once more. */
  'POST /api/me/second-factor/remove': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OwnPassword;
    answer: void;
    changes: false;
  };
  /** Where one is signed in; at most 100, on one page. */
  'GET /api/me/sessions': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Page_OwnSession;
    changes: false;
  };
  /** Ends all of one's own sessions but the one that asks. */
  'POST /api/me/sessions/end-others': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Ends one of one's own sessions. */
  'DELETE /api/me/sessions/{session}': {
    path: { session: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Takes who comes back from a provider. */
  'GET /api/oidc/{provider}/callback': {
    path: { provider: string };
    query: { code?: string; state?: string; iss?: string };
    body: never;
    answer: void;
    changes: false;
  };
  /** Sends the browser to a provider to sign in. */
  'GET /api/oidc/{provider}/start': {
    path: { provider: string };
    query: { to?: string };
    body: never;
    answer: void;
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
