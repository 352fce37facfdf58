// Generated from openapi.json by `make generate`. Do not edit.

/** What somebody brings to sign in. */
export type Credentials = {
  password: string;
  sign_in: string;
};

/** A field of a request that can't be used. */
export type FieldFault = {
  /** A stable word, such as `empty`, `too_long` or `unknown_zone`. */ code: string;
  /** What to do, in English. */ detail: string;
  /** Its name; of a field in a list, as `units.2.title`. */ field: string;
};

/** How the server is. */
export type Health = {
  media: string;
  /** How many rooms are open. */ rooms: number;
  /** `ok`, or `failing` where anything below does. */ status: string;
  store: string;
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
  /** Whose records they may see as an administrator or a committee: `institution`, `region` or `ministry`. */ reach: string;
  region: string;
  roles: RoleSet;
  /** IANA name. */ time_zone: string;
};

/** A venue to be made. */
export type NewVenue = {
  /** 1 to 10 000. */ capacity: number;
  /** 1 to 120 characters. */ name: string;
};

/** `POST /api/invitations/open`: what an invitation is for. */
export type OpenInvitation = {
  /** The secret from the link's fragment. */ invitation: string;
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
  /** Signs somebody in in this browser. */
  'POST /api/sign-in': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Credentials;
    answer: Me;
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
