import { address, api } from '../../api/client';
import type { Span } from './period';
import { type By, FILTERS, type Filter, type Place } from './query';

/** What lessons come to: counts, microseconds, bytes, and percents of 0 to 100. */
export interface Figures {
  planned: number;
  given: number;
  cancelled: number;
  late: number;
  planned_us: number;
  given_us: number;
  late_us: number;
  expected: number;
  came: number;
  expected_us: number;
  present_us: number;
  bytes: number;
  /** In how many of the lessons that were given each tool was used. */
  tools: Record<string, number>;
  speech?: number | null;
  picture?: number | null;
  attendance_percent?: number | null;
  punctual_percent?: number | null;
  given_percent?: number | null;
}

export interface Step {
  from: string;
  to: string;
  figures: Figures;
}

export interface ReportRow {
  /** Without id and name: a trainer, for who sees no names. */
  id?: string | null;
  name?: string | null;
  /** What it is one of, where its name alone does not say which: a group's course. */
  within?: string | null;
  figures: Figures;
  before?: Figures | null;
}

export type Per = 'day' | 'week' | 'month';

export interface Report {
  from: string;
  to: string;
  compare?: Span | null;
  per: Per;
  total: Figures;
  before?: Figures | null;
  series: Step[];
  before_series?: Step[] | null;
  rows: ReportRow[];
  /** Whether there are more rows than are given out. */
  more?: boolean;
}

/** What is asked for: days, and what they are held against. */
export interface Days extends Span {
  before: Span | null;
}

export interface Asked {
  place: Place;
  by: By;
  days: Days;
  per?: Per;
}

type Get = (path: string, asked: object) => Promise<unknown>;
const get = api.get as unknown as Get;

/** What an institution is asked, or the branch above it. */
function callOf({ place, by, days, per }: Asked, ending = ''): [path: string, path: object, query: object] {
  const { from, to, before } = days;
  const query = { from, to, by, compare_from: before?.from, compare_to: before?.to, per };
  if (place.level === 'institution') {
    const { institution, only } = place;
    return [`/api/institutions/{institution}/reports${ending}`, { institution }, { ...query, ...only }];
  }
  const region = place.level === 'region' ? place.region : undefined;
  return [`/api/reports${ending}`, {}, { ...query, region }];
}

/** A place's report. Throws `ApiProblem`. */
export async function reportOf(asked: Asked, signal: AbortSignal): Promise<Report> {
  const [path, filled, query] = callOf(asked);
  return (await get(path, { path: filled, query, signal })) as Report;
}

/** Where the same report is a file. */
export function fileOf(asked: Asked, kind: 'csv' | 'xlsx', language: string): string {
  const [path, filled, query] = callOf(asked, `.${kind}`);
  return address(path, filled, { ...query, language });
}

/** One subject of a place as a place of its own. */
export function placeOfRow(place: Place, by: By, id: string): Place {
  if (by === 'region') return { level: 'region', region: id };
  if (by === 'institution') return { level: 'institution', institution: id, only: {} };
  return place.level === 'institution' ? { ...place, only: { ...place.only, [by]: id } } : place;
}

/** By what a subject's own report is told apart: it does not matter, as only its series is looked at. */
export function anyBy(place: Place): By {
  if (place.level !== 'institution') return 'institution';
  return FILTERS.find((name) => !place.only[name]) ?? 'course';
}

export type Reason = 'low' | 'falling' | 'missing';

export interface AtRisk {
  rule: {
    weeks: number;
    below_percent: number;
    falls_by_points: number;
    missed_in_a_row: number;
    lessons_at_least: number;
  };
  named: boolean;
  trainees: {
    person?: string | null;
    name?: string | null;
    group: { id: string; name: string };
    lessons: number;
    attendance_percent: number;
    before_percent?: number | null;
    missed_in_a_row: number;
    reasons: Reason[];
  }[];
  more: boolean | number;
  count?: number;
  before_count?: number | null;
}

export type InstitutionPlace = Extract<Place, { level: 'institution' }>;

/** Who may be falling behind at an institution. Throws `ApiProblem`. */
export async function atRisk(
  { institution, only }: InstitutionPlace,
  days: Days,
  signal: AbortSignal,
): Promise<AtRisk> {
  const { course, group }: Partial<Record<Filter, string>> = only;
  const query = { to: days.to, course, group, compare_to: days.before?.to };
  return (await get('/api/institutions/{institution}/reports/at-risk', {
    path: { institution },
    query,
    signal,
  })) as AtRisk;
}
