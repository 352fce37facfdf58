import { expect, test } from 'vitest';
import type { RetentionCard } from '../../api/schema.gen';
import { changeOf, keptOf } from './keeping';

const CARD: RetentionCard = {
  minors: true,
  kinds: [
    { kind: 'room', days: 365, minors_days: 90, standard_days: 365, standard_minors_days: 90, least: 30, most: 3650 },
    {
      kind: 'audit',
      days: 1825,
      minors_days: null,
      standard_days: 1825,
      standard_minors_days: null,
      least: 365,
      most: 3650,
    },
  ],
};

test('what is shown and not changed is sent as it was', () => {
  expect(changeOf(keptOf(CARD))).toEqual({
    minors: true,
    kinds: [
      { kind: 'room', days: 365, minors_days: 90 },
      { kind: 'audit', days: 1825, minors_days: null },
    ],
  });
});

test('what is no number of days is out of bounds, and not another number', () => {
  for (const days of ['', '-30', '3e3', '30.5', 'x', '36500']) {
    const kept = keptOf(CARD);
    const kinds = kept.kinds.map((each) => ({ ...each, days }));
    expect(changeOf({ ...kept, kinds }).kinds?.[0]?.days).toBe(0);
  }
});

test('a kind that this page does not know is left alone', () => {
  const [room] = CARD.kinds;
  const kept = keptOf({ ...CARD, kinds: room ? [{ ...room, kind: 'later' }] : [] });
  expect(changeOf(kept).kinds).toEqual([]);
});
