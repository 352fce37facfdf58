import type { BoardAlarm, BoardInstitution, BoardLesson, BoardMessage, BoardRegion } from '../../call/protocol.gen';
import type { Alarm, Sums } from './model';
import { count, nothing } from './tally';

type Whole = Extract<BoardMessage, { type: 'board' }>;
type Changed = Extract<BoardMessage, { type: 'changes' }>;

export interface Place<T> {
  record: T;
  /** Kept up to date by counting lessons in and out; whoever shows it takes a copy. */
  sums: Sums;
}

/** What a message changed, as places in the lists below. */
export interface Touched {
  regions: Set<number>;
  institutions: Set<number>;
  lessons: readonly BoardLesson[];
  gone: readonly { number: number; institution: number }[];
  alarms: boolean;
}

/** What the server has said of a branch of the country, counted together as it comes. No signals, nothing drawn. */
export class Country {
  readonly total = nothing();
  readonly regions: readonly Place<BoardRegion>[];
  readonly institutions: readonly Place<BoardInstitution>[];
  readonly #lessons = new Map<number, BoardLesson>();
  readonly #alarms = new Map<string, BoardAlarm>();
  /** The lessons of each institution, by its place in the list. */
  readonly #within = new Map<number, Set<number>>();

  constructor({
    regions,
    institutions,
    lessons,
    alarms,
  }: Pick<Whole, 'regions' | 'institutions' | 'lessons' | 'alarms'>) {
    this.regions = regions.map((record) => ({ record, sums: nothing() }));
    this.institutions = institutions.map((record) => ({ record, sums: nothing() }));
    for (const lesson of lessons) this.#put(lesson);
    for (const alarm of alarms) this.#raise(alarm);
  }

  change({ lessons, gone, alarms }: Pick<Changed, 'lessons' | 'gone' | 'alarms'>): Touched {
    const touched = new Set<number>();
    const left: Touched['gone'][number][] = [];
    for (const lesson of lessons) {
      const before = this.#lessons.get(lesson.number);
      if (before) touched.add(before.institution);
      this.#put(lesson);
      touched.add(lesson.institution);
    }
    for (const number of gone) {
      const before = this.#take(number);
      if (!before) continue;
      touched.add(before.institution);
      left.push({ number, institution: before.institution });
    }
    for (const alarm of alarms) {
      touched.add(alarm.institution);
      this.#raise(alarm);
    }
    const regions = new Set([...touched].flatMap((at) => this.institutions[at]?.record.region ?? []));
    return { regions, institutions: touched, lessons, gone: left, alarms: alarms.length > 0 };
  }

  /** The lessons of an institution. */
  lessonsOf(institution: number): BoardLesson[] {
    const numbers = this.#within.get(institution) ?? [];
    return [...numbers].flatMap((number) => this.#lessons.get(number) ?? []);
  }

  /** How many lessons an institution has on the board, whatever their state. */
  sizeOf(institution: number): number {
    return this.#within.get(institution)?.size ?? 0;
  }

  /** How many alarms a lesson has that have not ended. */
  alarmsOf(lesson: string): number {
    let found = 0;
    for (const alarm of this.#alarms.values()) if (alarm.lesson === lesson) found += 1;
    return found;
  }

  /** Alarms that have not ended: those that nobody takes care of first, and the longest of them. */
  alarms(): Alarm[] {
    const isTaken = ({ taken_by }: BoardAlarm) => (taken_by === null ? 0 : 1);
    return [...this.#alarms.values()]
      .sort((one, other) => isTaken(one) - isTaken(other) || one.raised_at - other.raised_at)
      .flatMap((alarm) => this.#placed(alarm) ?? []);
  }

  /** The place of an institution in the list. */
  placeOf(institution: string): number {
    return this.institutions.findIndex(({ record }) => record.id === institution);
  }

  #placed(alarm: BoardAlarm): Alarm | undefined {
    const institution = this.institutions[alarm.institution]?.record;
    const region = institution && this.regions[institution.region]?.record;
    return region && { ...alarm, institution, region };
  }

  #put(lesson: BoardLesson): void {
    this.#take(lesson.number);
    this.#lessons.set(lesson.number, lesson);
    const within = this.#within.get(lesson.institution);
    if (within) within.add(lesson.number);
    else this.#within.set(lesson.institution, new Set([lesson.number]));
    for (const sums of this.#around(lesson.institution)) count(sums, lesson, 1);
  }

  #take(number: number): BoardLesson | undefined {
    const lesson = this.#lessons.get(number);
    if (!lesson) return undefined;
    this.#lessons.delete(number);
    this.#within.get(lesson.institution)?.delete(number);
    for (const sums of this.#around(lesson.institution)) count(sums, lesson, -1);
    return lesson;
  }

  #raise(alarm: BoardAlarm): void {
    const before = this.#alarms.get(alarm.id);
    if (before) for (const sums of this.#around(before.institution)) sums.alarms -= 1;
    this.#alarms.delete(alarm.id);
    if (alarm.ended_at !== null) return;
    this.#alarms.set(alarm.id, alarm);
    for (const sums of this.#around(alarm.institution)) sums.alarms += 1;
  }

  /** All that an institution counts in: its own figures, its region's, the whole's. */
  #around(institution: number): Sums[] {
    const place = this.institutions[institution];
    const region = place && this.regions[place.record.region];
    return [place?.sums, region?.sums, this.total].filter((sums): sums is Sums => sums !== undefined);
  }
}
