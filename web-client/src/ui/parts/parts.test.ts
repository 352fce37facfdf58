import { expect, it } from 'vitest';
import { differences } from './conflict';
import { lineOf } from './qr';

it('a row of a QR code is one rectangle for each run of dark squares', () => {
  expect(lineOf('0110001', 2)).toBe('M5 6h2v1h-2zM10 6h1v1h-1z');
  expect(lineOf('000', 0)).toBe('');
});

it('of a conflict only what differs is shown', () => {
  const theirs = { name: 'Atelier 1', capacity: 20, id: 'x' };
  expect(differences(theirs, { name: 'Atelier A', capacity: 20 }, { name: 'Nom', capacity: 'Places' })).toEqual([
    { word: 'Nom', theirs: 'Atelier 1', mine: 'Atelier A' },
  ]);
});
