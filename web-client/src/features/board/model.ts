import type { ReadonlySignal } from '@preact/signals';
import type { BoardAlarm, BoardCard, BoardLesson } from '../../call/protocol.gen';
import type { Reach } from '../institutions/institution';

/** Figures of some lessons together: of the country, a region, an institution. */
export interface Sums {
  /** Lessons that should be on air now: the three below together. */
  planned: number;
  onAir: number;
  /** Due to have started, for less than 10 minutes. */
  late: number;
  /** Due to have started for 10 minutes or more. */
  notStarted: number;
  /** Trainees expected in the lessons that are on air, and those who are there. */
  expected: number;
  present: number;
  /** Of those present: how many are in a lesson whose speech is measured, and how many of these hear clearly. */
  heard: number;
  clear: number;
  /** Of those present: how many receive voice and slides only. */
  weak: number;
  /** Alarms that have not ended. */
  alarms: number;
}

/** A region, or an institution. */
export interface Part {
  id: string;
  name: string;
  sums: Sums;
}

/** One lesson of the institution that is open. */
export interface Line {
  id: string;
  card: BoardCard;
  lesson: BoardLesson;
  alarms: number;
}

interface Named {
  id: string;
  name: string;
}

/** An alarm, and where it is. */
export interface Alarm extends Omit<BoardAlarm, 'institution'> {
  region: Named;
  institution: Named;
}

/** Where the board begins: what the reader oversees. */
export interface Head {
  level: Reach;
  /** The region where the board begins below the country, and the institution where it begins there. */
  region: string | undefined;
  institution: string | undefined;
  simulated: boolean;
}

/** What is drawn again when it changed, and only then. */
export type Live<T> = ReadonlySignal<T>;

/** Speech from this on (0 to 100, for how well it arrived) is clear; under it, after 2 minutes, an alarm is raised. */
export const CLEAR_SPEECH = 60;

/** From this share of those present who hear clearly, the sound of a place counts as clear. */
export const CLEAR_SHARE = 0.9;
