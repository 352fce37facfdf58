import { date } from '../../i18n/format';

/** A calendar day in words: it is no instant, and the same in every zone. */
export function dateText(day: string, zone: string): string {
  return date(Date.parse(`${day}T12:00Z`) * 1000, zone);
}
