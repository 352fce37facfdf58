import {
  type Answer,
  address,
  api,
  type CommitteeReport,
  type Figures,
  type ReportPoint,
  type ReportRow,
  type TraineesAtRisk,
} from '../../api/client';
import type { Span } from './period';
import { type By, FILTERS, type Place } from './query';

export type { Figures, ReportRow };
export type Report = CommitteeReport;
export type Step = ReportPoint;
export type AtRisk = TraineesAtRisk;

/** How long a step of the time that is shown is. */
export const PERS = ['day', 'week', 'month'] as const;
export type Per = (typeof PERS)[number];

/** What is asked for: days, and what they are held against. */
export interface Days extends Span {
  before: Span | null;
}

export interface Asked {
  place: Place;
  by: By;
  days: Days;
  per?: string;
}

export type InstitutionPlace = Extract<Place, { level: 'institution' }>;

const OF_BRANCH = '/api/reports';
const OF_INSTITUTION = '/api/institutions/{institution}/reports';

/** What every report is asked. */
function queryOf({ by, days: { from, to, before }, per }: Asked) {
  const compared = before ? { compare_from: before.from, compare_to: before.to } : {};
  return { from, to, by, ...compared, ...(per && { per }) };
}

function regionOf(place: Place): { region?: string } {
  return place.level === 'region' && place.region ? { region: place.region } : {};
}

/** A place's report. Throws `ApiProblem`. */
export async function reportOf(asked: Asked, signal: AbortSignal): Promise<Report> {
  const { place } = asked;
  if (place.level !== 'institution') {
    return api.get(OF_BRANCH, { query: { ...queryOf(asked), ...regionOf(place) }, signal });
  }
  const { institution, only } = place;
  return api.get(OF_INSTITUTION, { path: { institution }, query: { ...queryOf(asked), ...only }, signal });
}

/** Where the same report is a file. */
export function fileOf(asked: Asked, kind: 'csv' | 'xlsx', language: string): string {
  const { place } = asked;
  const query = { ...queryOf(asked), language };
  if (place.level !== 'institution') return address(`${OF_BRANCH}.${kind}`, {}, { ...query, ...regionOf(place) });
  const { institution, only } = place;
  return address(`${OF_INSTITUTION}.${kind}`, { institution }, { ...query, ...only });
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

/** Who may be falling behind at an institution. Throws `ApiProblem`. */
export function atRisk(
  { institution, only: { course, group } }: InstitutionPlace,
  days: Days,
  signal: AbortSignal,
): Promise<Answer<'GET', '/api/institutions/{institution}/reports/at-risk'>> {
  const only = { ...(course && { course }), ...(group && { group }) };
  const query = { to: days.to, ...only, ...(days.before && { compare_to: days.before.to }) };
  return api.get(`${OF_INSTITUTION}/at-risk`, { path: { institution }, query, signal });
}
