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

/** A link to a new account. */
export type AccountOffer = {
  /** Good once, and for a few days. */ url: string;
};

/** An alarm. */
export type AlarmCard = {
  /** How many there are. */ comments: number;
  /** Since when the rule no longer holds. */ ended_at?: number | null;
  id: string;
  institution: string;
  institution_name: string;
  lesson: string;
  lesson_title: string;
  raised_at: number;
  region: string;
  /** `no_trainer`, `few_present` or `poor_speech`. */ rule: string;
  /** When the lesson was to start. */ starts_at: number;
  taken_at?: number | null;
  /** The person who has taken charge of it. */ taken_by?: string | null;
  taken_by_name?: string | null;
};

/** What somebody said of an alarm. */
export type AlarmCommentCard = {
  at: number;
  author: string;
  author_name?: string | null;
  body: string;
  id: string;
};

/** Whether somebody is told of alarms by mail. */
export type AlarmMail = {
  wanted: boolean;
};

/** Says whether one wants to be told of alarms by mail. */
export type AlarmMailWish = {
  wanted: boolean;
};

/** An announcement. */
export type AnnouncementCard = {
  /** `institution`, `region`, `ministry`, `course` or `group`. */ audience: string;
  /** The region, course or group. */ audience_id?: string | null;
  /** The course's or group's name. */ audience_name?: string | null;
  /** Where somebody of the institution wrote it. */ author_name?: string | null;
  body: string;
  by_mail: boolean;
  /** The day that it is about, which puts it into calendars: 2026-11-30. */ day?: string | null;
  expires_at?: number | null;
  id: string;
  institution: string;
  institution_name: string;
  /** Whether who asks may change it. */ may_change: boolean;
  published_at: number;
  title: string;
  withdrawn: boolean;
};

/** What is to be changed of an announcement; what is absent stays. What went out by mail stays out. */
export type AnnouncementChange = {
  body?: string | null;
  /** Null: about no day. */ day?: string | null;
  /** Null: without end. */ expires_at?: number | null;
  title?: string | null;
  /** Nobody is told it any more. */ withdrawn?: boolean | null;
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
  /** One at least of `people:read`, `people:write`, `courses:read`, `courses:write`, `timetable:read`, `timetable:write`, `announcements:read`, `announcements:write` and `alarms:read`. */ scopes: string[];
};

/** An application as administrators see it. */
export type ApplicationCard = {
  course: string;
  course_title: string;
  created_at: number;
  decided_at?: number | null;
  /** The group that they are in, or wait for. */ group?: string | null;
  id: string;
  /** The language in which they applied. */ language: string;
  mail?: string | null;
  message: string;
  name: string;
  /** Whose it is, where they have an account. */ person?: string | null;
  phone?: string | null;
  reason?: string | null;
  /** `new`, `waiting`, `accepted`, `refused` or `withdrawn`. */ status: string;
};

/** An application that was made. */
export type Applied = {
  application: FollowedApplication;
  /** What its applicant looks after it with: given once. It goes into the fragment of a link. */ secret: string;
};

/** An application to be made. */
export type Applying = {
  /** Whether it is for the account that signed in in this browser, whose name counts then. */ as_myself?: boolean | null;
  /** In which they want to hear: `ar`, `fr` or `en`; the course's unless said. */ language?: string | null;
  /** A mail address or a telephone number is needed. */ mail?: string | null;
  /** At most 2 000 characters. */ message?: string | null;
  /** 1 to 80 characters. */ name: string;
  phone?: string | null;
};

/** What somebody did. */
export type AuditCard = {
  /** The kind of record and what was done to it, as `course.create`. */ action: string;
  /** The person's or the key's id. */ actor?: string | null;
  /** `person`, `key` or `system`. */ actor_kind: string;
  /** The person's name, as it is now. */ actor_name?: string | null;
  at: number;
  detail: unknown;
  /** SHA-256 over the entry before and this one, in hexadecimal. */ hash: string;
  /** From 1 up, without gaps. */ seq: number;
  /** The record's id. */ subject?: string | null;
  /** The name of the person that it was done to, as it is now. */ subject_name?: string | null;
};

/** What the catalogue can be narrowed to. */
export type CatalogueChoices = {
  levels: string[];
  regions: RegionChoice[];
  sectors: string[];
};

/** A cause, with the numbers of the minute or participant whom it hit worst; those that are not its own are absent. */
export type CauseFigures = {
  /** `trainer_uplink_loses`, `downlink_loses`, `downlink_slow`, `high_delay`, `device_slow` or `lowest_layer`. */ code: string;
  /** What those whom it hit are connected by (`cellular`, `wifi`, `ethernet`, `other`), where it matters and is known. */ connection?: string | null;
  delay_ms?: number | null;
  frozen_percent?: number | null;
  kbps?: number | null;
  lost_percent?: number | null;
  of?: number | null;
  receivers?: number | null;
};

/** What a cause took of one minute. */
export type CauseOfMinute = CauseFigures & {
  /** How many trainees it hit. */ trainees: number;
  /** Their time, together, in microseconds. */ trainees_us: number;
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

/** What the lessons of some days come to. Lessons count once they are over. */
export type CommitteeReport = ReportPeriod & {
  before?: Figures | null;
  before_series?: ReportPoint[] | null;
  /** What is put side by side: `region`, `institution`, `course`, `group` or `trainer`. */ by: string;
  compare?: ReportPeriod | null;
  /** There are more. */ more: boolean;
  /** Whether people have names here. */ named: boolean;
  /** What a point of the series is of: `day`, `week` (from Monday) or `month`. */ per: string;
  /** What had any lesson in one of the two periods, in the order of names where they have any; 1,500 at most. */ rows: ReportRow[];
  /** Every day, week or month in order; those at the ends are cut to the period. */ series: ReportPoint[];
  total: Figures;
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

/** What was put right of somebody's attendance. */
export type CorrectedCard = {
  at: number;
  author?: string | null;
  /** What counts for them in all, in microseconds, in place of what was worked out. */ present_us: number;
  /** Why, and the name of who did it; absent for those who see no names. */ reason?: string | null;
};

/** A course. */
export type CourseCard = {
  /** Until when people may apply, in microseconds since 1970; without end where absent. */ apply_until?: number | null;
  archived: boolean;
  /** How many trainees it takes; as many as come where absent. */ capacity?: number | null;
  description: string;
  id: string;
  /** The language it is taught in: `ar`, `fr` or `en`. */ language: string;
  level: string;
  /** Whether the public catalogue offers it. */ offered: boolean;
  /** Empty where nobody said. */ sector: string;
  title: string;
};

/** What is to be changed of a course; what is absent stays. */
export type CourseChange = {
  /** Null: without end. */ apply_until?: number | null;
  archived?: boolean | null;
  /** Null: as many as come. */ capacity?: number | null;
  description?: string | null;
  language?: string | null;
  level?: string | null;
  offered?: boolean | null;
  sector?: string | null;
  title?: string | null;
};

/** A course with its programme and its people. */
export type CoursePage = {
  course: CourseCard;
  groups: GroupOfCourseCard[];
  /** Whether who asks may change its materials. */ may_teach: boolean;
  trainers: TrainerCard[];
  units: UnitCard[];
};

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

/** How much data somebody wants to spend. */
export type DataLimit = {
  /** In a week, in bytes: 1 MB to 1 TB, or null for no limit. */ data_limit: number | null;
};

/** An application that was decided. */
export type DecidedApplication = {
  /** The link by which somebody who had no account sets their password: for who gives it to them by hand. */ account_link?: string | null;
  application: ApplicationCard;
  /** Whether they were written to. */ mailed: boolean;
};

/** What is decided about an application that is new or waits. */
export type Decision = {
  /** `accept`, `refuse` or `wait`. */ decision: string;
  /** The group that takes them in; of those who wait, the group that they wait for, or any where absent. */ group?: string | null;
  /** Why they are refused: they read it. 1 to 1 000 characters. */ reason?: string | null;
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

/** Whether somebody has a calendar feed. */
export type FeedState = {
  /** Since when, in microseconds since 1970-01-01T00:00:00Z; absent where they have none. */ since?: number | null;
};

/** A field of a request that can't be used. */
export type FieldFault = {
  /** A stable word, such as `empty`, `too_long` or `unknown_zone`. */ code: string;
  /** What to do, in English. */ detail: string;
  /** Its name; of a field in a list, as `units.2.title`. */ field: string;
};

/** What some lessons come to. Rates are in percent, with all their decimals; each is absent where nothing can be said. */
export type Figures = {
  /** `present_us` of `expected_us`. */ attendance_percent?: number | null;
  /** What was sent to participants and by them. */ bytes: number;
  came: number;
  cancelled: number;
  /** Trainees expected in the lessons that were given, and how many of them came, each as often as there were lessons. */ expected: number;
  /** For how long they were expected, and for how long of that they were there, by the rule of each institution. */ expected_us: number;
  /** Of these, how many were on air. */ given: number;
  /** `given_us` of `planned_us`, at most 100. */ given_percent?: number | null;
  given_us: number;
  /** Of those given, how many began after their planned start. */ late: number;
  late_us: number;
  picture?: number | null;
  /** Lessons that were not called off, and whose planned end has passed. */ planned: number;
  /** These are in microseconds. */ planned_us: number;
  present_us: number;
  /** Lessons that began in time, of those given. */ punctual_percent?: number | null;
  /** The mean of the minutes' scores, 0 to 100 (docs/QUALITY-SCORE.md). */ speech?: number | null;
  tools: ToolFigures;
};

/** The institution that reaches all others. */
export type FirstInstitution = {
  /** `ar`, `fr` or `en`. */ language: string;
  name: string;
  /** IANA name, for example `Africa/Casablanca`. */ time_zone: string;
};

/** An application as its applicant sees it. */
export type FollowedApplication = {
  course_title: string;
  created_at: number;
  decided_at?: number | null;
  institution_name: string;
  name: string;
  /** Whether a link can be had by which they set the password of their new account. */ offers_account: boolean;
  /** Why it was refused. */ reason?: string | null;
  /** `new`, `waiting`, `accepted`, `refused` or `withdrawn`. */ status: string;
};

/** The secret of an application. */
export type Following = {
  secret: string;
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

/** A group. */
export type GroupCard = {
  archived_at?: number | null;
  /** How many members it takes; as many as come where it is null. */ capacity?: number | null;
  course: string;
  course_title: string;
  id: string;
  members: number;
  /** Whether its members count as minors, whose records are kept for a shorter time; as the institution says where it is null. */ minors?: boolean | null;
  name: string;
};

/** What is to be changed of a group; what is absent stays. */
export type GroupChange = {
  /** Whether it is out of use. */ archived?: boolean | null;
  /** Null: as many as come. */ capacity?: number | null;
  /** Null: as the institution says. */ minors?: boolean | null;
  name?: string | null;
};

/** A group to plan for. */
export type GroupChoice = {
  course_title: string;
  id: string;
  name: string;
};

/** A group that follows a course. */
export type GroupOfCourseCard = {
  /** How many it takes; as many as come where absent. */ capacity?: number | null;
  id: string;
  /** How many are in it. */ members: number;
  name: string;
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

/** How the server is. */
export type Health = {
  /** Whether a voice came through every shard, from one client of the server's own to another, by the media port. */ media: string;
  /** Where the media loop broke. */ media_fault?: string | null;
  /** How long one of that voice's packets took, in milliseconds: the slowest shard's. */ media_loop_ms?: number | null;
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

/** One thing that is wrong with one line. */
export type ImportProblem = {
  /** A stable word: see the module. */ code: string;
  /** The column's name, where one is to blame. */ column?: string | null;
  /** What to do, in English. */ detail: string;
  in_the_way?: InTheWay | null;
  /** The line of the file, the header's being 1; of a row over several lines, its first. */ line: number;
  /** The cell's text, shortened. */ value: string;
};

/** What a table comes to. */
export type ImportReport = {
  changed: number;
  created: number;
  kept: number;
  /** How many lessons the new lines come to; of a table of lessons only. */ lessons?: number | null;
  /** How many there are in all. */ problem_count: number;
  /** The first problems, in the order of the lines. */ problems: ImportProblem[];
  /** The first lines that have no problem. */ rows: ImportRow[];
  /** How many more there would be but for days on which no lesson is given; of a table of lessons only. */ skipped?: number | null;
  /** Whether it was written. */ written: boolean;
};

/** What becomes of one line. */
export type ImportRow = {
  /** `create`, `change` or `keep`. */ action: string;
  line: number;
  name: string;
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

/** A lesson in the way of another. */
export type InTheWay = {
  /** When it ends. */ ends: string;
  /** The line of the same file that it is of; absent where it is in the timetable already. */ line?: number | null;
  /** When it starts by the institution's clocks, as 2026-11-30T08:30. */ starts: string;
  /** Its title. */ title: string;
};

/** An institution. */
export type InstitutionCard = {
  /** Whether who is in a lesson with the page hidden counts as present. */ away_counts: boolean;
  closed_at?: number | null;
  id: string;
  /** `public`, `private` or `partner`. */ kind: string;
  language: string;
  name: string;
  /** Seven weekdays from Monday, null where no lesson is given; absent where nothing is said of it. */ opening_hours?: ((Opening | null)[]) | null;
  /** Whose records its administrators and committee may see: `institution`, `region` or `ministry`. */ reach: string;
  region: string;
  /** IANA name. */ time_zone: string;
};

/** What is to be changed of an institution; what is absent stays. */
export type InstitutionChange = {
  /** Whether who is in a lesson with the page hidden counts as present: for rates already made, too. */ away_counts?: boolean | null;
  /** For administrators of the region or the ministry: nobody signs in at a closed institution. */ closed?: boolean | null;
  kind?: string | null;
  language?: string | null;
  name?: string | null;
  /** An empty list says nothing of it again. */ opening_hours?: ((Opening | null)[]) | null;
  /** For the ministry's administrators. */ reach?: string | null;
  /** For the ministry's administrators. */ region?: string | null;
  time_zone?: string | null;
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

/** How long one kind of record is kept, in days. */
export type KindCard = {
  days: number;
  /** `room`, `quality`, `attendance`, `alarms`, `applications`, `mail`, `deliveries` or `audit`. */ kind: string;
  /** The shortest and the longest that it may say. */ least: number;
  /** Where it is about minors; absent where that makes no difference. */ minors_days?: number | null;
  most: number;
  /** What holds where the institution says nothing. */ standard_days: number;
  standard_minors_days?: number | null;
};

/** The period that one kind of record is to have. */
export type KindChange = {
  days: number;
  kind: string;
  /** Where it is about minors; for kinds in which that makes no difference, `days` or nothing. */ minors_days?: number | null;
};

/** How much of one kind would be deleted. */
export type KindDue = {
  count: number;
  kind: string;
  /** `lessons` whose records would go, or `rows`. */ of: string;
};

/** Whose ledger it is. */
export type KnownInstitution = {
  id: string;
  name: string;
};

/** A seal that this server knows. */
export type KnownSeal = {
  /** When the ledger was deleted by the institution's rule of how long it is kept: the seal alone is known then. */ deleted_at?: number | null;
  institution: KnownInstitution;
  /** The name of the key that sealed it. */ key: string;
  /** Nothing was put right since. */ newest: boolean;
  sealed_at: number;
};

/** Whether a ledger is as it was sealed. */
export type LedgerCheck = {
  /** When it was checked: now. */ checked_at: number;
  events?: number | null;
  /** What does not, in English, where something does not. */ fault?: string | null;
  /** SHA-256 of all before the last seal, where it is intact. */ hash?: string | null;
  /** Everything in it matches. */ intact: boolean;
  seals?: number | null;
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

/** How well a lesson was received. docs/QUALITY-SCORE.md says how scores are made; they go from 0 to 100. */
export type LessonQuality = {
  /** Why not everything arrived: what took most comes first. */ causes: LostToCause[];
  /** In order; minutes in which nothing was measured are left out. */ minutes: QualityMinute[];
  participants: ParticipantQuality[];
  picture?: PictureScore | null;
  speech?: SpeechScore | null;
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

/** A link by which somebody sets their password, once. */
export type LinkCard = {
  expires_at: number;
  /** Whether it was sent to their mail address too. */ mailed: boolean;
  /** To be given to its owner; it is not told again. */ url: string;
};

/** What a cause took of one participant's lesson. */
export type LostOwn = {
  code: string;
  lost_us: number;
};

/** What a cause took of the lesson. */
export type LostToCause = CauseFigures & {
  /** How long, in minutes in which it hit anybody, in microseconds. */ lesson_us: number;
  /** What it took of all trainees together, in microseconds. */ trainees_us: number;
};

/** Something to learn from: a link, or a file. */
export type MaterialCard = {
  bytes?: number | null;
  /** SHA-256 of the file, in hexadecimal. */ content_hash?: string | null;
  created_at: number;
  /** What its sender called the file. */ file_name?: string | null;
  id: string;
  media_type?: string | null;
  title: string;
  /** Where a link leads. */ url?: string | null;
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

/** Somebody in a group. */
export type MemberCard = {
  external_id?: string | null;
  name: string;
  person: string;
  since: number;
};

/** The account that is to take the other in. */
export type MergeInto = {
  /** A person of the same institution. */ into: string;
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

/** A region to be made, or its new name. */
export type NamedRegion = {
  /** 1 to 160 characters. */ name: string;
};

/** A comment to be added. */
export type NewAlarmComment = {
  /** 1 to 8 000 characters. */ body: string;
};

/** An announcement to be published. */
export type NewAnnouncement = {
  /** `institution`, `region`, `ministry`, `course` or `group`. */ audience: string;
  /** The course or group; for the ministry's administrators, the region (for a region's, it is theirs). */ audience_id?: string | null;
  /** 1 to 8 000 characters. */ body: string;
  /** Whether everybody with an address gets it by mail too. */ by_mail?: boolean | null;
  /** As 2026-11-30. */ day?: string | null;
  /** Until when people are told it, in microseconds since 1970. */ expires_at?: number | null;
  /** 1 to 160 characters. */ title: string;
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

/** What is to be put right of somebody's attendance. */
export type NewCorrection = {
  /** Who: somebody of the lesson with an account. */ person: string;
  /** What counts for them from now on, in microseconds: from nothing to as long as the lesson was planned or given. */ present_us: number;
  /** Why, in 1 to 500 characters; it stands in the ledger for good, so it names nobody. */ reason: string;
};

/** A course to be made. */
export type NewCourse = {
  /** In microseconds since 1970. */ apply_until?: number | null;
  /** 1 to 100 000. */ capacity?: number | null;
  /** At most 8 000 characters. */ description?: string | null;
  /** `ar`, `fr` or `en`. */ language: string;
  /** At most 80 characters. */ level?: string | null;
  offered?: boolean | null;
  /** At most 80 characters. */ sector?: string | null;
  /** 1 to 160 characters. */ title: string;
};

/** A new calendar feed. Its address is told this once. */
export type NewFeed = {
  since: number;
  url: string;
};

/** A group to be made. */
export type NewGroup = {
  /** 1 to 10 000; as many as come where it is absent. */ capacity?: number | null;
  course: string;
  /** 1 to 160 characters. */ name: string;
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

/** Which provider's account is to be linked. */
export type NewIdentity = {
  provider: string;
};

/** A lesson to be given at once. */
export type NewImprovised = {
  /** One of the trainer's own. */ group: string;
  /** 1 to 160 characters. */ title: string;
};

/** An institution to be founded. */
export type NewInstitution = {
  /** Whether who is in a lesson with the page hidden counts as present; they do unless said. */ away_counts?: boolean | null;
  /** `public`, `private` or `partner`; `public` unless said. */ kind?: string | null;
  /** `ar`, `fr` or `en`; `ar` unless said. */ language?: string | null;
  /** 1 to 160 characters. */ name: string;
  opening_hours?: ((Opening | null)[]) | null;
  /** For the ministry's administrators: `institution` unless said. */ reach?: string | null;
  /** The region's own where an administrator of a region founds it. */ region?: string | null;
  /** IANA name; that of who founds it unless said. */ time_zone?: string | null;
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

/** A link to be added. */
export type NewLink = {
  /** 1 to 160 characters. */ title: string;
  /** Begins with `https://` or `http://`; the server never asks it. */ url: string;
};

/** A period to be made. */
export type NewPeriod = {
  /** Whether lessons that fall on it are called off, where it stops lessons; they stay unless said. */ cancel?: boolean;
  /** As 2026-11-30. */ first_day: string;
  /** Included; at most a year later. */ last_day: string;
  /** 1 to 120 characters. */ name: string;
  stops_lessons: boolean;
};

/** An account to be made. */
export type NewPerson = {
  /** At most 64 characters. */ external_id?: string | null;
  /** `ar`, `fr` or `en`. */ language?: string | null;
  mail?: string | null;
  /** 1 to 80 characters. */ name: string;
  roles: RoleSet;
  /** 3 to 64 of `a-z 0-9 . _ - @ +`; made from the mail address or the name where it is absent. */ sign_in?: string | null;
};

/** A report to be kept under a name. */
export type NewReportView = {
  institution?: string | null;
  mail?: string | null;
  /** 1 to 80 characters. */ name: string;
  /** What stands behind the `?` of the page's address; at most 500 bytes. */ query: string;
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
  /** At least one of `lesson.started`, `lesson.ended`, `attendance.ready`, `alarm.raised`. */ events: string[];
  /** https, of the public internet; or of a server that the operator allows. */ url: string;
};

/** A webhook that was made. */
export type NewWebhookCard = WebhookCard & {
  /** What deliveries are signed with (Standard Webhooks); it is shown this once. */ secret: string;
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

/** A course that is offered. */
export type OfferCard = {
  /** In microseconds since 1970; without end where absent. */ apply_until?: number | null;
  /** How many it takes; as many as come where absent. */ capacity?: number | null;
  /** In a list, its beginning. */ description: string;
  id: string;
  institution: string;
  institution_name: string;
  /** The language it is taught in: `ar`, `fr` or `en`. */ language: string;
  level: string;
  /** How many places are free; absent where as many as come have one. Who applies for none waits for one. */ places_left?: number | null;
  region: string;
  region_name: string;
  sector: string;
  /** IANA name of the zone in which `apply_until` is shown. */ time_zone: string;
  title: string;
};

/** An offered course with its programme. */
export type OfferPage = {
  offer: OfferCard;
  units: OfferedUnit[];
};

/** A unit of an offered course. */
export type OfferedUnit = {
  planned_minutes: number;
  title: string;
};

/** A link's secret, from its fragment. */
export type OpenAccountLink = {
  secret: string;
};

/** `POST /api/invitations/open`: what an invitation is for. */
export type OpenInvitation = {
  /** The secret from the link's fragment. */ invitation: string;
};

/** When lessons may be given on one weekday, in minutes since midnight by the clock on the wall. */
export type Opening = {
  first: number;
  last: number;
};

/** What somebody changes of their account; what is absent stays. */
export type OwnChange = {
  /** `ar`, `fr` or `en`. */ language?: string | null;
  name?: string | null;
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

/** Somebody's lessons over some days. */
export type OwnTimetable = {
  lessons: OwnLessonCard[];
  time_zone: string;
};

/** Part of a list. */
export type Page_AlarmCard = {
  items: {
  /** How many there are. */ comments: number;
  /** Since when the rule no longer holds. */ ended_at?: number | null;
  id: string;
  institution: string;
  institution_name: string;
  lesson: string;
  lesson_title: string;
  raised_at: number;
  region: string;
  /** `no_trainer`, `few_present` or `poor_speech`. */ rule: string;
  /** When the lesson was to start. */ starts_at: number;
  taken_at?: number | null;
  /** The person who has taken charge of it. */ taken_by?: string | null;
  taken_by_name?: string | null;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_AlarmCommentCard = {
  items: {
  at: number;
  author: string;
  author_name?: string | null;
  body: string;
  id: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_AnnouncementCard = {
  items: {
  /** `institution`, `region`, `ministry`, `course` or `group`. */ audience: string;
  /** The region, course or group. */ audience_id?: string | null;
  /** The course's or group's name. */ audience_name?: string | null;
  /** Where somebody of the institution wrote it. */ author_name?: string | null;
  body: string;
  by_mail: boolean;
  /** The day that it is about, which puts it into calendars: 2026-11-30. */ day?: string | null;
  expires_at?: number | null;
  id: string;
  institution: string;
  institution_name: string;
  /** Whether who asks may change it. */ may_change: boolean;
  published_at: number;
  title: string;
  withdrawn: boolean;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
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
export type Page_ApplicationCard = {
  items: {
  course: string;
  course_title: string;
  created_at: number;
  decided_at?: number | null;
  /** The group that they are in, or wait for. */ group?: string | null;
  id: string;
  /** The language in which they applied. */ language: string;
  mail?: string | null;
  message: string;
  name: string;
  /** Whose it is, where they have an account. */ person?: string | null;
  phone?: string | null;
  reason?: string | null;
  /** `new`, `waiting`, `accepted`, `refused` or `withdrawn`. */ status: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_AuditCard = {
  items: {
  /** The kind of record and what was done to it, as `course.create`. */ action: string;
  /** The person's or the key's id. */ actor?: string | null;
  /** `person`, `key` or `system`. */ actor_kind: string;
  /** The person's name, as it is now. */ actor_name?: string | null;
  at: number;
  detail: unknown;
  /** SHA-256 over the entry before and this one, in hexadecimal. */ hash: string;
  /** From 1 up, without gaps. */ seq: number;
  /** The record's id. */ subject?: string | null;
  /** The name of the person that it was done to, as it is now. */ subject_name?: string | null;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_CourseCard = {
  items: {
  /** Until when people may apply, in microseconds since 1970; without end where absent. */ apply_until?: number | null;
  archived: boolean;
  /** How many trainees it takes; as many as come where absent. */ capacity?: number | null;
  description: string;
  id: string;
  /** The language it is taught in: `ar`, `fr` or `en`. */ language: string;
  level: string;
  /** Whether the public catalogue offers it. */ offered: boolean;
  /** Empty where nobody said. */ sector: string;
  title: string;
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
export type Page_GroupCard = {
  items: {
  archived_at?: number | null;
  /** How many members it takes; as many as come where it is null. */ capacity?: number | null;
  course: string;
  course_title: string;
  id: string;
  members: number;
  /** Whether its members count as minors, whose records are kept for a shorter time; as the institution says where it is null. */ minors?: boolean | null;
  name: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
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
export type Page_IdentityCard = {
  items: {
  label: string;
  linked_at: number;
  /** The provider's name, where it is still one. */ provider?: string | null;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_InstitutionCard = {
  items: {
  /** Whether who is in a lesson with the page hidden counts as present. */ away_counts: boolean;
  closed_at?: number | null;
  id: string;
  /** `public`, `private` or `partner`. */ kind: string;
  language: string;
  name: string;
  /** Seven weekdays from Monday, null where no lesson is given; absent where nothing is said of it. */ opening_hours?: ((Opening | null)[]) | null;
  /** Whose records its administrators and committee may see: `institution`, `region` or `ministry`. */ reach: string;
  region: string;
  /** IANA name. */ time_zone: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_MaterialCard = {
  items: {
  bytes?: number | null;
  /** SHA-256 of the file, in hexadecimal. */ content_hash?: string | null;
  created_at: number;
  /** What its sender called the file. */ file_name?: string | null;
  id: string;
  media_type?: string | null;
  title: string;
  /** Where a link leads. */ url?: string | null;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_MemberCard = {
  items: {
  external_id?: string | null;
  name: string;
  person: string;
  since: number;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_OfferCard = {
  items: {
  /** In microseconds since 1970; without end where absent. */ apply_until?: number | null;
  /** How many it takes; as many as come where absent. */ capacity?: number | null;
  /** In a list, its beginning. */ description: string;
  id: string;
  institution: string;
  institution_name: string;
  /** The language it is taught in: `ar`, `fr` or `en`. */ language: string;
  level: string;
  /** How many places are free; absent where as many as come have one. Who applies for none waits for one. */ places_left?: number | null;
  region: string;
  region_name: string;
  sector: string;
  /** IANA name of the zone in which `apply_until` is shown. */ time_zone: string;
  title: string;
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
export type Page_PersonCard = {
  items: {
  created_at: number;
  /** Since when they can't sign in. */ disabled_at?: number | null;
  /** Since when the name is a pseudonym. */ erased_at?: number | null;
  /** The institution's own number for them. */ external_id?: string | null;
  /** Whether they set a password; who did not needs a link. */ has_password: boolean;
  id: string;
  /** `ar`, `fr` or `en`. */ language?: string | null;
  mail?: string | null;
  /** Whose account took this one in. */ merged_into?: string | null;
  name: string;
  roles: RoleSet;
  /** Whether they see who people are in the reports of institutions that theirs reaches; their own shows them anyway. */ sees_names: boolean;
  sign_in?: string | null;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_RegionCard = {
  items: {
  id: string;
  /** How many open institutions it has. */ institutions: number;
  name: string;
  version: number;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** Part of a list. */
export type Page_ReportViewCard = {
  items: {
  created_at: number;
  id: string;
  /** Whose lessons it is of; absent where it is one's own branch of the country. */ institution?: string | null;
  /** `weekly` (on Mondays), `monthly` (on the first) or absent: how often it comes by mail, of the week or month that is over then. */ mail?: string | null;
  /** When the next one is due, in microseconds since 1970-01-01T00:00:00Z. */ mail_due_at?: number | null;
  name: string;
  /** What stands behind the `?` of the page's address. */ query: string;
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
  attendance_percent?: number | null;
  cancel_reason?: string | null;
  cancelled_at?: number | null;
  course: LessonReference;
  ends_at: number;
  group: LessonReference;
  id: string;
  improvised: boolean;
  /** BCP 47 tag of the language it is given in. */ language: string;
  /** How much later than planned it began, in microseconds, and the rate of attendance of those who were expected, in percent: in lists, of lessons that are over and settled, for those who may read their records. */ late_us?: number | null;
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
export type Page_ToldCard = {
  items: {
  announcement: AnnouncementCard;
  unread: boolean;
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
  /** `lesson.started`, `lesson.ended`, `attendance.ready`, `alarm.raised`. */ events: string[];
  id: string;
  url: string;
}[];
  /** The cursor of the next page; absent where this is the last. */ next?: string | null;
};

/** One participant's lesson. */
export type ParticipantQuality = {
  cause?: CauseFigures | null;
  /** How long there was a media connection, in microseconds. */ connected_us: number;
  connection?: string | null;
  /** Whether they got the smallest picture for most of the time because their network carried no more. */ gets_lowest: boolean;
  /** What each cause took, the most first. */ lost: LostOwn[];
  /** The number that the lesson's report has for this person, who may have come with several browsers; absent of observers, encoders and players. */ number?: number | null;
  /** `trainee`, `trainer` or `observer`. */ part: string;
  participant: string;
  picture?: PictureScore | null;
  picture_below: number;
  speech?: SpeechScore | null;
  /** How many minutes were below 80. */ speech_below: number;
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

/** Somebody with an account. */
export type PersonCard = {
  created_at: number;
  /** Since when they can't sign in. */ disabled_at?: number | null;
  /** Since when the name is a pseudonym. */ erased_at?: number | null;
  /** The institution's own number for them. */ external_id?: string | null;
  /** Whether they set a password; who did not needs a link. */ has_password: boolean;
  id: string;
  /** `ar`, `fr` or `en`. */ language?: string | null;
  mail?: string | null;
  /** Whose account took this one in. */ merged_into?: string | null;
  name: string;
  roles: RoleSet;
  /** Whether they see who people are in the reports of institutions that theirs reaches; their own shows them anyway. */ sees_names: boolean;
  sign_in?: string | null;
};

/** What is to be changed of a person; what is absent stays, what is null goes. */
export type PersonChange = {
  external_id?: string | null;
  language?: string | null;
  mail?: string | null;
  name?: string | null;
  roles?: RoleSet | null;
  /** Whether they see names in the reports and on the board of institutions that theirs reaches. For the ministry's administrators. */ sees_names?: boolean | null;
  sign_in?: string | null;
};

/** How pictures were seen. */
export type PictureScore = {
  /** From when there was one to show to the first picture, in milliseconds. */ first_picture_ms?: number | null;
  freezes: number;
  /** How long the picture stood still, in percent of the time. */ frozen_percent: number;
  /** How long the network kept a better picture back, in percent of the time. */ held_percent: number;
  lost_percent: number;
  measured: string;
  score: number;
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

/** A whole programme, in its order. */
export type Programme = {
  /** At most 200. */ units: UnitWanted[];
};

/** The programme as it is now. */
export type ProgrammeCard = {
  units: UnitCard[];
};

/** One minute. */
export type QualityMinute = {
  causes: CauseOfMinute[];
  /** Its beginning, in microseconds since 1970-01-01T00:00:00Z: a whole minute of the clock. */ minute: number;
  picture?: PictureScore | null;
  speech?: SpeechScore | null;
  /** How many trainees were connected. */ trainees: number;
  trainer_uplink?: UplinkFigures | null;
};

/** Codes that stand in for a lost device, each once. They are shown this one time. */
export type RecoveryCodes = {
  codes: string[];
};

/** A region. */
export type RegionCard = {
  id: string;
  /** How many open institutions it has. */ institutions: number;
  name: string;
  version: number;
};

/** A region to choose. */
export type RegionChoice = {
  id: string;
  name: string;
};

/** How often a lesson comes again. */
export type Repeat = {
  /** Starts to add. */ additions?: string[];
  /** Starts to leave out, as 2026-12-07T08:30. */ exceptions?: string[];
  /** An RRULE (RFC 5545 §3.3.10) that ends, such as `FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630`. */ rule: string;
};

/** What happened in a lesson and who was there. */
export type ReportCard = {
  /** Whether time with the page out of sight counts, by the institution's rule. */ away_counts: boolean;
  /** When the record was deleted by the institution's rule of how long it is kept: no times and nobody are here then. */ deleted_at?: number | null;
  /** How many trainees belonged to the group. */ expected: number;
  /** For how long the lesson was on air, in microseconds. */ given_us: number;
  /** How much later than planned it began. */ late_us: number;
  lesson: ReportLesson;
  /** Whether people have names here. */ named: boolean;
  /** The trainer first; then who has an account, then who came by a link. */ people: ReportPerson[];
  /** The rate of their attendance together, in percent; absent where there are none, or the lesson is still to come. */ rate_percent?: number | null;
  seal?: SealCard | null;
};

/** A course that a report refers to. */
export type ReportCourse = {
  id: string;
  title: string;
};

/** The lesson that a report is about. */
export type ReportLesson = {
  cancelled_at?: number | null;
  course: ReportCourse;
  ended_at?: number | null;
  ends_at: number;
  group: ReportReference;
  id: string;
  improvised: boolean;
  institution: ReportReference;
  /** `planned`, `live` or `ended`. */ phase: string;
  region?: ReportReference | null;
  /** When it went on air, and off it for good. */ started_at?: number | null;
  /** When it was to be, in microseconds since 1970-01-01T00:00:00Z. */ starts_at: number;
  /** IANA name. */ time_zone: string;
  title: string;
  trainer: ReportTrainer;
};

/** Days, both included, as 2026-11-30. */
export type ReportPeriod = {
  from: string;
  to: string;
};

/** Somebody of a lesson: who was there, or was expected. */
export type ReportPerson = {
  away_us: number;
  corrected?: CorrectedCard | null;
  /** What counts: `present_us`, with `away_us` where the institution counts that; or what it was corrected to. */ counted_us: number;
  /** With how many browsers they came; none where they did not. */ devices: number;
  dropped_us: number;
  /** How often their connection was lost. */ drops: number;
  /** They belonged to the group when the lesson was to begin. */ expected: boolean;
  first_at?: number | null;
  last_at?: number | null;
  name?: string | null;
  /** From 1 up; once the lesson is sealed it is theirs for good. */ number: number;
  /** Absent for those who see no names, and of who came by a link. */ person?: string | null;
  /** How much of `present_us` was within the planned time. */ planned_present_us: number;
  /** These are in microseconds. */ present_us: number;
  /** The rate of their attendance, in percent: how much of the planned time they were there by the institution's rule, or what that was corrected to; of a lesson on air so far. Absent where it is still to come. */ rate_percent?: number | null;
  /** `trainer` or `trainee`. */ role: string;
  /** In order, apart from each other. */ spells: SpellCard[];
};

/** A point of a series. */
export type ReportPoint = {
  figures: Figures;
  from: string;
  to: string;
};

/** A record that a report refers to. */
export type ReportReference = {
  id: string;
  name: string;
};

/** One of what is put side by side. */
export type ReportRow = {
  before?: Figures | null;
  figures: Figures;
  /** Of the region, institution, course, group or trainer; absent, as the name, of trainers for those who see no names. */ id?: string | null;
  name?: string | null;
  /** The title of a group's course; the name of an institution's region, where they are all of the country's. */ within?: string | null;
};

/** Who gives a lesson; without id and name for those who see no names. */
export type ReportTrainer = {
  id?: string | null;
  name?: string | null;
};

/** A report under a name. */
export type ReportViewCard = {
  created_at: number;
  id: string;
  /** Whose lessons it is of; absent where it is one's own branch of the country. */ institution?: string | null;
  /** `weekly` (on Mondays), `monthly` (on the first) or absent: how often it comes by mail, of the week or month that is over then. */ mail?: string | null;
  /** When the next one is due, in microseconds since 1970-01-01T00:00:00Z. */ mail_due_at?: number | null;
  name: string;
  /** What stands behind the `?` of the page's address. */ query: string;
};

/** What of it is changed; absent fields stay. */
export type ReportViewChange = {
  institution?: string | null;
  mail?: string | null;
  name?: string | null;
  query?: string | null;
};

/** How long an institution keeps what it knows of people (docs/RETENTION.md). */
export type RetentionCard = {
  /** Every kind of record, in a fixed order. */ kinds: KindCard[];
  /** Trainees count as minors where their group says nothing of it. */ minors: boolean;
};

/** What is to be changed; what is absent stays. */
export type RetentionChange = {
  kinds?: KindChange[] | null;
  minors?: boolean | null;
};

/** What would be deleted by periods. */
export type RetentionPreview = {
  /** Kinds of which nothing would go are left out. */ kinds: KindDue[];
};

/** A group of trainees. */
export type RiskGroup = {
  id: string;
  name: string;
};

/** The rule by which trainees are found. */
export type RiskRule = {
  /** Who was there for less of the time, in percent: `low`. */ below_percent: number;
  /** Whose share fell by so many points: `falling`. */ falls_by_points: number;
  /** Of who was expected in fewer lessons, nothing is said. */ lessons_at_least: number;
  /** Who missed the last so many lessons: `missing`. */ missed_in_a_row: number;
  /** How many weeks are looked at; they are compared with as many before. */ weeks: number;
};

/** What somebody is at their institution. */
export type RoleSet = {
  administrator: boolean;
  committee: boolean;
  trainee: boolean;
  trainer: boolean;
};

/** The seal over a report. */
export type SealCard = {
  at: number;
  corrections: number;
  /** How many events of the room's log are in the ledger. */ events: number;
  /** SHA-256, in hexadecimal: what `/api/ledgers/{hash}` knows it by. */ hash: string;
  /** The name of the key. */ key: string;
  /** Ed25519, in hexadecimal. */ public_key: string;
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

/** How speech was heard. */
export type SpeechScore = {
  /** From a trainer's microphone to the ear, in milliseconds. */ delay_ms: number;
  /** What was lost on the way, in percent of the packets. */ lost_percent: number;
  /** `client`: the participants' own clients measured what was played; `server`: it is estimated from loss. */ measured: string;
  /** What was not there in time, in percent of what was spoken. */ missing_percent: number;
  score: number;
};

/** A stretch of time in which somebody was there in one way. */
export type SpellCard = {
  /** In microseconds since 1970-01-01T00:00:00Z. */ from: number;
  /** `present`, `away` (the page was out of sight) or `dropped` (the connection was lost). */ kind: string;
  to: number;
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
  attendance_percent?: number | null;
  cancel_reason?: string | null;
  cancelled_at?: number | null;
  course: LessonReference;
  ends_at: number;
  group: LessonReference;
  id: string;
  improvised: boolean;
  /** BCP 47 tag of the language it is given in. */ language: string;
  /** How much later than planned it began, in microseconds, and the rate of attendance of those who were expected, in percent: in lists, of lessons that are over and settled, for those who may read their records. */ late_us?: number | null;
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

/** An announcement as somebody is told it. */
export type ToldCard = {
  announcement: AnnouncementCard;
  unread: boolean;
};

/** A venue with fewer seats than the group has trainees. */
export type TooSmallCard = {
  capacity: number;
  size: number;
  venue: string;
};

/** In how many of the lessons that were given each tool was used. */
export type ToolFigures = {
  camera: number;
  chat: number;
  /** A trainee was given the floor. */ floor: number;
  /** Somebody raised a hand. */ hands: number;
  screen: number;
};

/** A trainee who may be lost. */
export type TraineeAtRisk = {
  /** For which share of their time they were there. */ attendance_percent: number;
  /** The same of the weeks before; absent where they had too few lessons then. */ before_percent?: number | null;
  group: RiskGroup;
  /** In how many lessons they were expected. */ lessons: number;
  /** How many of the last lessons they missed, one after the other. */ missed_in_a_row: number;
  name?: string | null;
  /** Absent, as the name, for those who see no names. */ person?: string | null;
  /** `low`, `falling` and `missing`: why they are listed. */ reasons: string[];
};

/** The trainees of an institution who may be lost. */
export type TraineesAtRisk = {
  /** How many there were on the other day that was asked for. */ before_count?: number | null;
  /** How many there are. */ count: number;
  /** There are more than are listed. */ more: boolean;
  /** Whether people have names here. */ named: boolean;
  rule: RiskRule;
  /** Who is there least comes first; 200 at most. */ trainees: TraineeAtRisk[];
};

/** Somebody who teaches a course. */
export type TrainerCard = {
  id: string;
  name: string;
};

/** A unit of a programme. */
export type UnitCard = {
  id: string;
  planned_minutes: number;
  title: string;
};

/** A unit of it. */
export type UnitWanted = {
  /** The unit that it is already; absent for a new one. */ id?: string | null;
  /** 1 to 120 000. */ planned_minutes: number;
  /** 1 to 160 characters. */ title: string;
};

/** How many announcements somebody has not read. */
export type UnreadCount = {
  unread: number;
};

/** One way, over a minute. */
export type UplinkFigures = {
  /** The worst second's. */ jitter_ms: number;
  lost_percent: number;
  packets: number;
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
  /** `lesson.started`, `lesson.ended`, `attendance.ready`, `alarm.raised`. */ events: string[];
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
  /** The alarms of the reader's branch of the country, the newest first: their institution's, their region's, or all. */
  'GET /api/alarms': {
    path: Record<never, never>;
    query: { after?: string; limit?: number; region?: string; rule?: string; open?: boolean; taken?: boolean };
    body: never;
    answer: Page_AlarmCard;
    changes: false;
  };
  /** A link by which somebody who was accepted sets the password of the account that was made for them. Earlier ones are no longer good. */
  'POST /api/applications/account': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Following;
    answer: AccountOffer;
    changes: false;
  };
  /** How an application stands. */
  'POST /api/applications/open': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Following;
    answer: FollowedApplication;
    changes: false;
  };
  /** Withdraws an application; who was accepted gives up their place. */
  'POST /api/applications/withdraw': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Following;
    answer: FollowedApplication;
    changes: false;
  };
  /** Opens the WebSocket of the board that docs/PROTOCOL.md describes: how the lessons of the reader's branch of the country stand, for committees and administrators. */
  'GET /api/board': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** The courses that may be applied for now. */
  'GET /api/catalogue': {
    path: Record<never, never>;
    query: { after?: string; limit?: number; search?: string; sector?: string; level?: string; region?: string; language?: string };
    body: never;
    answer: Page_OfferCard;
    changes: false;
  };
  /** What the catalogue can be narrowed to. */
  'GET /api/catalogue/choices': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: CatalogueChoices;
    changes: false;
  };
  /** A course that may be applied for now, with its programme. */
  'GET /api/catalogue/{course}': {
    path: { course: string };
    query: Record<never, never>;
    body: never;
    answer: OfferPage;
    changes: false;
  };
  /** Applies for a course that is offered. */
  'POST /api/catalogue/{course}/applications': {
    path: { course: string };
    query: Record<never, never>;
    body: Applying;
    answer: Applied;
    changes: false;
  };
  /** The institutions that who asks sees: the region's, or all. */
  'GET /api/institutions': {
    path: Record<never, never>;
    query: { after?: string; limit?: number; search?: string; region?: string; kind?: string; closed?: boolean };
    body: never;
    answer: Page_InstitutionCard;
    changes: false;
  };
  /** Founds an institution: in one's own region, or in any for the ministry's administrators. */
  'POST /api/institutions': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewInstitution;
    answer: InstitutionCard;
    changes: false;
  };
  /** One institution. */
  'GET /api/institutions/{institution}': {
    path: { institution: string };
    query: Record<never, never>;
    body: never;
    answer: InstitutionCard;
    changes: false;
  };
  /** Changes an institution; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}': {
    path: { institution: string };
    query: Record<never, never>;
    body: InstitutionChange;
    answer: InstitutionCard;
    changes: true;
  };
  /** An institution's alarms, the newest first. */
  'GET /api/institutions/{institution}/alarms': {
    path: { institution: string };
    query: { after?: string; limit?: number; lesson?: string; rule?: string; open?: boolean; taken?: boolean };
    body: never;
    answer: Page_AlarmCard;
    changes: false;
  };
  /** One alarm. */
  'GET /api/institutions/{institution}/alarms/{alarm}': {
    path: { institution: string; alarm: string };
    query: Record<never, never>;
    body: never;
    answer: AlarmCard;
    changes: false;
  };
  /** What was said of an alarm, the oldest first. */
  'GET /api/institutions/{institution}/alarms/{alarm}/comments': {
    path: { institution: string; alarm: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_AlarmCommentCard;
    changes: false;
  };
  /** Comments on an alarm. */
  'POST /api/institutions/{institution}/alarms/{alarm}/comments': {
    path: { institution: string; alarm: string };
    query: Record<never, never>;
    body: NewAlarmComment;
    answer: AlarmCommentCard;
    changes: false;
  };
  /** Takes charge of an alarm, which everybody who sees it is told with one's name. */
  'POST /api/institutions/{institution}/alarms/{alarm}/take': {
    path: { institution: string; alarm: string };
    query: Record<never, never>;
    body: never;
    answer: AlarmCard;
    changes: false;
  };
  /** What the institution announced, the newest first; trainers see their own. */
  'GET /api/institutions/{institution}/announcements': {
    path: { institution: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_AnnouncementCard;
    changes: false;
  };
  /** Publishes an announcement. A trainer's goes to courses that they teach and groups of these; an administrator's to their institution, or as far as it reaches. */
  'POST /api/institutions/{institution}/announcements': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewAnnouncement;
    answer: AnnouncementCard;
    changes: false;
  };
  /** One announcement. */
  'GET /api/institutions/{institution}/announcements/{announcement}': {
    path: { institution: string; announcement: string };
    query: Record<never, never>;
    body: never;
    answer: AnnouncementCard;
    changes: false;
  };
  /** Changes or withdraws an announcement; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}/announcements/{announcement}': {
    path: { institution: string; announcement: string };
    query: Record<never, never>;
    body: AnnouncementChange;
    answer: AnnouncementCard;
    changes: true;
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
  /** The institution's applications, the oldest first. */
  'GET /api/institutions/{institution}/applications': {
    path: { institution: string };
    query: { after?: string; limit?: number; status?: string; course?: string };
    body: never;
    answer: Page_ApplicationCard;
    changes: false;
  };
  /** One application. */
  'GET /api/institutions/{institution}/applications/{application}': {
    path: { institution: string; application: string };
    query: Record<never, never>;
    body: never;
    answer: ApplicationCard;
    changes: false;
  };
  /** Decides about an application; `If-Match` names the version. Who is accepted and has no account gets one. */
  'POST /api/institutions/{institution}/applications/{application}/decision': {
    path: { institution: string; application: string };
    query: Record<never, never>;
    body: Decision;
    answer: DecidedApplication;
    changes: true;
  };
  /** What was done at the institution and by whom, the newest first. */
  'GET /api/institutions/{institution}/audit': {
    path: { institution: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_AuditCard;
    changes: false;
  };
  /** The institution's courses; trainees are shown those that they follow. */
  'GET /api/institutions/{institution}/courses': {
    path: { institution: string };
    query: { after?: string; limit?: number; search?: string; sector?: string; level?: string; language?: string; archived?: boolean };
    body: never;
    answer: Page_CourseCard;
    changes: false;
  };
  /** Makes a course. */
  'POST /api/institutions/{institution}/courses': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewCourse;
    answer: CourseCard;
    changes: false;
  };
  /** One course, with its programme and its people. */
  'GET /api/institutions/{institution}/courses/{course}': {
    path: { institution: string; course: string };
    query: Record<never, never>;
    body: never;
    answer: CoursePage;
    changes: false;
  };
  /** Changes a course; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}/courses/{course}': {
    path: { institution: string; course: string };
    query: Record<never, never>;
    body: CourseChange;
    answer: CourseCard;
    changes: true;
  };
  /** A course's materials, the oldest first. */
  'GET /api/institutions/{institution}/courses/{course}/materials': {
    path: { institution: string; course: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_MaterialCard;
    changes: false;
  };
  /** Adds a link to a course's materials. */
  'POST /api/institutions/{institution}/courses/{course}/materials': {
    path: { institution: string; course: string };
    query: Record<never, never>;
    body: NewLink;
    answer: MaterialCard;
    changes: false;
  };
  /** Adds a file to a course's materials: the body is the file, at most 50 MB. Its kind is read from its content: PDF, PNG, JPEG, WebP, MP4, WebM, MP3, Ogg, M4A, ZIP, office documents or plain text. */
  'POST /api/institutions/{institution}/courses/{course}/materials/files': {
    path: { institution: string; course: string };
    query: { title: string; file_name: string };
    body: Blob;
    answer: MaterialCard;
    changes: false;
  };
  /** Takes a material away, and its file with it. */
  'DELETE /api/institutions/{institution}/courses/{course}/materials/{material}': {
    path: { institution: string; course: string; material: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** A material's file, or a range of it. */
  'GET /api/institutions/{institution}/courses/{course}/materials/{material}/file': {
    path: { institution: string; course: string; material: string };
    query: Record<never, never>;
    body: never;
    answer: Blob;
    changes: false;
  };
  /** Has somebody teach a course no longer; lessons that are planned with them stay theirs. */
  'DELETE /api/institutions/{institution}/courses/{course}/trainers/{person}': {
    path: { institution: string; course: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Has a trainer of the institution teach a course. */
  'PUT /api/institutions/{institution}/courses/{course}/trainers/{person}': {
    path: { institution: string; course: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Writes a course's whole programme; `If-Match` names the course's version. */
  'PUT /api/institutions/{institution}/courses/{course}/units': {
    path: { institution: string; course: string };
    query: Record<never, never>;
    body: Programme;
    answer: ProgrammeCard;
    changes: true;
  };
  /** The lessons that are not over as CSV, which can be brought again. */
  'GET /api/institutions/{institution}/exports/lessons.csv': {
    path: { institution: string };
    query: { language?: string };
    body: never;
    answer: string;
    changes: false;
  };
  /** The institution's people or groups as CSV: `people.csv` or `groups.csv`, which can be brought again. */
  'GET /api/institutions/{institution}/exports/{table}': {
    path: { institution: string; table: string };
    query: { language?: string };
    body: never;
    answer: string;
    changes: false;
  };
  /** The institution's groups. */
  'GET /api/institutions/{institution}/groups': {
    path: { institution: string };
    query: { after?: string; limit?: number; search?: string; course?: string; member?: string; archived?: boolean };
    body: never;
    answer: Page_GroupCard;
    changes: false;
  };
  /** Makes a group of a course. */
  'POST /api/institutions/{institution}/groups': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewGroup;
    answer: GroupCard;
    changes: false;
  };
  /** One group. */
  'GET /api/institutions/{institution}/groups/{group}': {
    path: { institution: string; group: string };
    query: Record<never, never>;
    body: never;
    answer: GroupCard;
    changes: false;
  };
  /** Changes a group, or takes it out of use; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}/groups/{group}': {
    path: { institution: string; group: string };
    query: Record<never, never>;
    body: GroupChange;
    answer: GroupCard;
    changes: true;
  };
  /** Who is in a group. */
  'GET /api/institutions/{institution}/groups/{group}/members': {
    path: { institution: string; group: string };
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_MemberCard;
    changes: false;
  };
  /** Takes somebody out of a group; whoever waits longest for the place gets it. */
  'DELETE /api/institutions/{institution}/groups/{group}/members/{person}': {
    path: { institution: string; group: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Puts somebody into a group. */
  'PUT /api/institutions/{institution}/groups/{group}/members/{person}': {
    path: { institution: string; group: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Brings a timetable as CSV: each line is a lesson, or lessons again and again by a rule that ends, of a group with a trainer, in the institution's time zone. Lessons are added where everybody is free; what is there is not changed. A line that was brought before changes nothing, and neither does one whose lessons the timetable has just so. */
  'POST /api/institutions/{institution}/imports/lessons': {
    path: { institution: string };
    query: { preview?: boolean };
    body: Blob;
    answer: ImportReport;
    changes: false;
  };
  /** Brings a table of people or groups as CSV: `people` or `groups`. */
  'POST /api/institutions/{institution}/imports/{table}': {
    path: { institution: string; table: string };
    query: { preview?: boolean };
    body: Blob;
    answer: ImportReport;
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
  /** Who was there, as a table: UTF-8 with a byte order mark, cells separated by commas in English and by semicolons else. */
  'GET /api/institutions/{institution}/lessons/{lesson}/attendance.csv': {
    path: { institution: string; lesson: string };
    query: { language?: string };
    body: never;
    answer: string;
    changes: false;
  };
  /** Who was there, on paper: the lesson, the table, and the seal with a code that leads to where it is checked. */
  'GET /api/institutions/{institution}/lessons/{lesson}/attendance.pdf': {
    path: { institution: string; lesson: string };
    query: { language?: string };
    body: never;
    answer: Blob;
    changes: false;
  };
  /** Who was there, as a spreadsheet; from right to left in Arabic. */
  'GET /api/institutions/{institution}/lessons/{lesson}/attendance.xlsx': {
    path: { institution: string; lesson: string };
    query: { language?: string };
    body: never;
    answer: Blob;
    changes: false;
  };
  /** Puts somebody's attendance right: what was sealed stays, and the correction is added below it with its author and its reason, and sealed too. */
  'POST /api/institutions/{institution}/lessons/{lesson}/attendance/corrections': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: NewCorrection;
    answer: ReportCard;
    changes: false;
  };
  /** Calls lessons off: they stay in the timetable, struck out; the group and the trainer are told. `If-Match` names the lesson's version. */
  'POST /api/institutions/{institution}/lessons/{lesson}/cancel': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: NewCancellation;
    answer: LessonWithSeries;
    changes: true;
  };
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
  /** What was sealed of a lesson, byte for byte (docs/LEDGER.md): anybody can verify it, with `qism attendance verify` or with a program of their own. */
  'GET /api/institutions/{institution}/lessons/{lesson}/ledger': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: never;
    answer: Blob;
    changes: false;
  };
  /** Verifies a lesson's ledger again, as it is kept now: its seals, and that the results follow from the events. */
  'GET /api/institutions/{institution}/lessons/{lesson}/ledger/check': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: never;
    answer: LedgerCheck;
    changes: false;
  };
  /** How well a lesson was received, minute by minute, by whom, and what took the rest. For a lesson on air, up to the last whole minute. */
  'GET /api/institutions/{institution}/lessons/{lesson}/quality': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: never;
    answer: LessonQuality;
    changes: false;
  };
  /** What happened in a lesson and who was there, to the second: of a lesson that is over as it was sealed, of one on air so far. People have names for those who may see them, and numbers for everybody. */
  'GET /api/institutions/{institution}/lessons/{lesson}/report': {
    path: { institution: string; lesson: string };
    query: Record<never, never>;
    body: never;
    answer: ReportCard;
    changes: false;
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
  /** The institution's people. */
  'GET /api/institutions/{institution}/people': {
    path: { institution: string };
    query: { after?: string; limit?: number; search?: string; role?: string; group?: string; standing?: string };
    body: never;
    answer: Page_PersonCard;
    changes: false;
  };
  /** Makes an account; a link (`…/link`) lets its owner set a password. */
  'POST /api/institutions/{institution}/people': {
    path: { institution: string };
    query: Record<never, never>;
    body: NewPerson;
    answer: PersonCard;
    changes: false;
  };
  /** Erases a person: a pseudonym stands where their name stood, and nobody signs in to the account again. Attendance and what happened in lessons stays, under the pseudonym. */
  'DELETE /api/institutions/{institution}/people/{person}': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** One person. */
  'GET /api/institutions/{institution}/people/{person}': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: PersonCard;
    changes: false;
  };
  /** Changes a person; `If-Match` names the version. */
  'PATCH /api/institutions/{institution}/people/{person}': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: PersonChange;
    answer: PersonCard;
    changes: true;
  };
  /** Keeps somebody from signing in, at once: their sessions end. */
  'POST /api/institutions/{institution}/people/{person}/disable': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: PersonCard;
    changes: false;
  };
  /** Lets somebody sign in again. */
  'POST /api/institutions/{institution}/people/{person}/enable': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: PersonCard;
    changes: false;
  };
  /** All that is stored about a person: a zip with each table as JSON and as CSV. */
  'GET /api/institutions/{institution}/people/{person}/export': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: Blob;
    changes: false;
  };
  /** Makes a link by which somebody sets their password: their first one, or another for one they forgot. Earlier links of theirs are no longer good. */
  'POST /api/institutions/{institution}/people/{person}/link': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: never;
    answer: LinkCard;
    changes: false;
  };
  /** Merges an account into another of the same person: groups, places, attendance, applications and sign-ins at other providers are the other's then, and nobody signs in to this one any more. */
  'POST /api/institutions/{institution}/people/{person}/merge': {
    path: { institution: string; person: string };
    query: Record<never, never>;
    body: MergeInto;
    answer: PersonCard;
    changes: false;
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
  /** What the lessons of an institution come to, by course, group or trainer; a trainer's own only. */
  'GET /api/institutions/{institution}/reports': {
    path: { institution: string };
    query: { from: string; to: string; by?: string; course?: string; group?: string; trainer?: string; compare_from?: string; compare_to?: string; per?: string; language?: string };
    body: never;
    answer: CommitteeReport;
    changes: false;
  };
  /** The rows of an institution's report: UTF-8 with a byte order mark, cells separated by commas in English and by semicolons else. */
  'GET /api/institutions/{institution}/reports.csv': {
    path: { institution: string };
    query: { from: string; to: string; by?: string; course?: string; group?: string; trainer?: string; compare_from?: string; compare_to?: string; per?: string; language?: string };
    body: never;
    answer: string;
    changes: false;
  };
  /** The rows of an institution's report as a spreadsheet; from right to left in Arabic. */
  'GET /api/institutions/{institution}/reports.xlsx': {
    path: { institution: string };
    query: { from: string; to: string; by?: string; course?: string; group?: string; trainer?: string; compare_from?: string; compare_to?: string; per?: string; language?: string };
    body: never;
    answer: Blob;
    changes: false;
  };
  /** Trainees who may be lost: they are there too little, much less than before, or not at all any more. A trainer is told of their own lessons. */
  'GET /api/institutions/{institution}/reports/at-risk': {
    path: { institution: string };
    query: { to?: string; course?: string; group?: string; compare_to?: string };
    body: never;
    answer: TraineesAtRisk;
    changes: false;
  };
  /** How long the institution keeps what: for everybody of it, whose data it is. */
  'GET /api/institutions/{institution}/retention': {
    path: { institution: string };
    query: Record<never, never>;
    body: never;
    answer: RetentionCard;
    changes: false;
  };
  /** Says how long the institution keeps what; `If-Match` names the version. What is older goes in the night that comes. */
  'PATCH /api/institutions/{institution}/retention': {
    path: { institution: string };
    query: Record<never, never>;
    body: RetentionChange;
    answer: RetentionCard;
    changes: true;
  };
  /** What the next night would delete by these periods, before they are said. */
  'POST /api/institutions/{institution}/retention/preview': {
    path: { institution: string };
    query: Record<never, never>;
    body: RetentionChange;
    answer: RetentionPreview;
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
  /** Whether this server has a ledger with this seal: for whoever holds a report on paper. It says whose, and nothing of the people in it. */
  'GET /api/ledgers/{hash}': {
    path: { hash: string };
    query: Record<never, never>;
    body: never;
    answer: KnownSeal;
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
  /** Changes one's own name or language. */
  'PATCH /api/me': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OwnChange;
    answer: Me;
    changes: false;
  };
  /** Whether one is told of alarms by mail: committees of an institution are unless they said otherwise, those of a region or the ministry once they did. */
  'GET /api/me/alarm-mail': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: AlarmMail;
    changes: false;
  };
  /** Says whether one wants to be told of alarms by mail; for committees. */
  'PUT /api/me/alarm-mail': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: AlarmMailWish;
    answer: AlarmMail;
    changes: false;
  };
  /** What concerns who signed in, the newest first. */
  'GET /api/me/announcements': {
    path: Record<never, never>;
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_ToldCard;
    changes: false;
  };
  /** How many of them they have not read. */
  'GET /api/me/announcements/unread': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: UnreadCount;
    changes: false;
  };
  /** Notes that who signed in read an announcement. */
  'POST /api/me/announcements/{announcement}/read': {
    path: { announcement: string };
    query: Record<never, never>;
    body: never;
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
  /** The courses that who signed in teaches or follows. */
  'GET /api/me/courses': {
    path: Record<never, never>;
    query: { after?: string; limit?: number; search?: string };
    body: never;
    answer: Page_CourseCard;
    changes: false;
  };
  /** Says how much data one wants to spend in a week. */
  'PUT /api/me/data-limit': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: DataLimit;
    answer: void;
    changes: false;
  };
  /** All that is stored about who asks: a zip with each table as JSON and as CSV. */
  'GET /api/me/export': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Blob;
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
  /** Makes a lesson that starts now; its trainer then enters it as any other. */
  'POST /api/me/lessons': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewImprovised;
    answer: ImprovisedCard;
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
  /** One's reports under names, in the order in which they were made; 30 at most, on one page. */
  'GET /api/me/report-views': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Page_ReportViewCard;
    changes: false;
  };
  /** Keeps a report under a name; of one's branch, or of an institution whose reports one may read. */
  'POST /api/me/report-views': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewReportView;
    answer: ReportViewCard;
    changes: false;
  };
  /** Forgets a report under a name. */
  'DELETE /api/me/report-views/{view}': {
    path: { view: string };
    query: Record<never, never>;
    body: never;
    answer: void;
    changes: false;
  };
  /** Changes a report under a name. */
  'PATCH /api/me/report-views/{view}': {
    path: { view: string };
    query: Record<never, never>;
    body: ReportViewChange;
    answer: ReportViewCard;
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
  /** Every region of the country, on one page. */
  'GET /api/regions': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Page_RegionCard;
    changes: false;
  };
  /** Makes a region; for the ministry's administrators. */
  'POST /api/regions': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NamedRegion;
    answer: RegionCard;
    changes: false;
  };
  /** Names a region anew; `If-Match` names the version. */
  'PATCH /api/regions/{region}': {
    path: { region: string };
    query: Record<never, never>;
    body: NamedRegion;
    answer: RegionCard;
    changes: true;
  };
  /** What the lessons of the reader's branch of the country come to, by region or institution: of their institution's, their region's, or all. Nobody is named. */
  'GET /api/reports': {
    path: Record<never, never>;
    query: { from: string; to: string; by?: string; region?: string; compare_from?: string; compare_to?: string; per?: string; language?: string };
    body: never;
    answer: CommitteeReport;
    changes: false;
  };
  /** The rows of a branch's report: UTF-8 with a byte order mark, cells separated by commas in English and by semicolons else. */
  'GET /api/reports.csv': {
    path: Record<never, never>;
    query: { from: string; to: string; by?: string; region?: string; compare_from?: string; compare_to?: string; per?: string; language?: string };
    body: never;
    answer: string;
    changes: false;
  };
  /** The rows of a branch's report as a spreadsheet; from right to left in Arabic. */
  'GET /api/reports.xlsx': {
    path: Record<never, never>;
    query: { from: string; to: string; by?: string; region?: string; compare_from?: string; compare_to?: string; per?: string; language?: string };
    body: never;
    answer: Blob;
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
  /** Whether the server can do its work. The media loop that it makes for that holds for 5 s. */
  'GET /healthz': {
    path: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: Health;
    changes: false;
  };
  /** All metrics: in the OpenMetrics text format for who accepts it, else in Prometheus' plain one. Given to the addresses that `server.metrics_for` names, and to this machine. */
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
