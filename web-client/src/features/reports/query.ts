import type { Me } from '../../api/client';
import { isAbove } from '../institutions/institution';
import type { Day } from '../week/dates';
import { COMPARES, type Compare, comparedWith, isSpan, PERIODS, type Period, type Span, spanOf } from './period';

/** What lessons are told apart by. */
export const BYS = ['region', 'institution', 'course', 'group', 'trainer'] as const;
export type By = (typeof BYS)[number];

/** What an institution's lessons are told apart by, and narrowed down to. */
export const FILTERS = ['course', 'group', 'trainer'] as const;
export type Filter = (typeof FILTERS)[number];

/** What the first chart shows: all from 0 to 100. */
export const MEASURES = ['attendance', 'punctual', 'speech'] as const;
export type Measure = (typeof MEASURES)[number];

/** How many subjects stand side by side. */
export const WITH_MAX = 4;

/** What the table can be ordered by. */
export const COLUMNS = ['name', 'given', 'attendance', 'punctual', 'speech', 'data'] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** All that an address of this page says; what it does not say is as it is at first. */
export interface Query {
  period: Period;
  /** Of the period `dates`. */
  from?: Day;
  to?: Day;
  compare: Compare;
  by?: By;
  region?: string;
  institution?: string;
  course?: string;
  group?: string;
  trainer?: string;
  measure: Measure;
  view: 'charts' | 'table';
  /** The subjects that are ticked. */
  with: readonly string[];
  /** A column's name, behind a `-` where the greatest comes first. */
  sort?: string;
}

export const START: Query = { period: 'month', compare: 'before', measure: 'attendance', view: 'charts', with: [] };

/** What an address says; a word that is not known counts as not said. */
export function read(search: Readonly<Record<string, string | undefined>>): Query {
  const { from = '', to = '' } = search;
  const dates = isSpan(from, to);
  const period = dates ? 'dates' : oneOf(PERIODS, search.period, START.period);
  const plain = ['region', 'institution', ...FILTERS] as const;
  return {
    period: period === 'dates' && !dates ? START.period : period,
    ...(dates && { from, to }),
    compare: oneOf(COMPARES, search.compare, START.compare),
    ...(BYS.includes(search.by as By) && { by: search.by as By }),
    ...Object.fromEntries(plain.flatMap((name) => (isId(search[name]) ? [[name, search[name]]] : []))),
    measure: oneOf(MEASURES, search.measure, START.measure),
    view: search.view === 'table' ? 'table' : 'charts',
    with: (search.with ?? '').split(',').filter(isId).slice(0, WITH_MAX),
    ...(COLUMNS.some((column) => search.sort?.replace(/^-/, '') === column) && { sort: search.sort }),
  };
}

function isId(text: string | undefined): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text ?? '');
}

/** The words of an address; what is as at first is left out. */
export function write(query: Query): string {
  const { period, from, to, compare, measure, view, with: ticked, ...rest } = query;
  const said = new URLSearchParams();
  const say = (name: string, value: string | undefined, unsaid?: string) => {
    if (value && value !== unsaid) said.set(name, value);
  };
  if (period === 'dates') {
    say('from', from);
    say('to', to);
  } else say('period', period, START.period);
  say('compare', compare, START.compare);
  for (const name of ['region', 'institution', 'course', 'group', 'trainer', 'by', 'sort'] as const)
    say(name, rest[name]);
  say('measure', measure, START.measure);
  say('view', view, START.view);
  say('with', ticked.join(','));
  return said.toString();
}

/** The address of a query's page. */
export function addressOf(query: Query): string {
  const said = write(query);
  return said ? `/reports?${said}` : '/reports';
}

/** What is shown: the country, a region, or an institution, narrowed down or not. */
export type Place =
  | { level: 'country' }
  /** `region` is left out for who oversees one region: it is theirs. */
  | { level: 'region'; region?: string }
  | { level: 'institution'; institution: string; region?: string; only: Partial<Record<Filter, string>> };

/** Where a query leads somebody: never above what they oversee. */
export function placeOf({ reach, institution: home, ...me }: Me, query: Query): Place {
  const above = isAbove({ ...me, reach, institution: home });
  const institution = above ? query.institution : home;
  if (institution) {
    const only = Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
    return { level: 'institution', institution, ...(query.region && { region: query.region }), only };
  }
  if (reach === 'region') return { level: 'region' };
  return query.region ? { level: 'region', region: query.region } : { level: 'country' };
}

/** What the lessons of a place can be told apart by, the first where nothing is said. */
export function choicesOf(place: Place, { roles }: Pick<Me, 'roles'>): readonly By[] {
  if (place.level === 'country') return ['region', 'institution'];
  if (place.level === 'region') return ['institution'];
  // Trainers have their own lessons only.
  const knows = roles.administrator || roles.committee;
  return FILTERS.filter((name) => !place.only[name] && (knows || name !== 'trainer'));
}

/** Where a row of the table leads; what was ticked and how it was sorted stays behind. */
export function into(query: Query, by: By, id: string): Query {
  const { by: _by, sort: _sort, ...rest } = query;
  return { ...rest, with: [], [by]: id };
}

/** One level up, as far as `depth` names. */
export function upTo(query: Query, keep: readonly (Filter | 'region' | 'institution')[]): Query {
  const { by: _by, sort: _sort, region, institution, course, group, trainer, ...rest } = query;
  const all = { region, institution, course, group, trainer };
  const kept = Object.fromEntries(keep.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
  return { ...rest, with: [], ...kept };
}

/** The days of a query's period, and those that it is held against. */
export function daysOf({ period, from, to, compare }: Query, today: Day, zone: string) {
  const span: Span = period === 'dates' ? { from: from ?? today, to: to ?? today } : spanOf(period, today, zone);
  return { ...span, before: comparedWith(compare, period, span) };
}

function oneOf<Word extends string>(words: readonly Word[], said: string | undefined, otherwise: Word): Word {
  return words.find((word) => word === said) ?? otherwise;
}
