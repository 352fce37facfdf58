/** Zones of the countries that the product began in, first in every list. */
const NEAR = ['Africa/Casablanca', 'Africa/Algiers', 'Africa/Tunis', 'Africa/Tripoli', 'Africa/Nouakchott'];

/** All time zones that this browser knows, the near ones and its own first. */
export function zones(): string[] {
  const all = (Intl as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.('timeZone') ?? [];
  return [...new Set([...NEAR, ownZone(), ...all])];
}

/** The zone of this device. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
