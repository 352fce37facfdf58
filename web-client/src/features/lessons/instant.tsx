import { date, timeToSecond } from '../../i18n/format';
import { Figures, Num } from '../../ui/num';
import { T } from './words';

/** Digits four by four, so that two people can compare them. */
export function grouped(digits: string): string {
  return digits.match(/.{1,4}/g)?.join(' ') ?? '';
}

/** A day and a time to the second, in a zone or by this browser's clock. */
export function Instant({ at, zone }: { at: number; zone?: string }) {
  return <T k="instant" v={{ day: <Figures text={date(at, zone)} />, time: <Num>{timeToSecond(at, zone)}</Num> }} />;
}
