import { describe, expect, it } from 'vitest';
import { nameError } from './name';
import { bitsPerSecond, classify, RECOMMENDED } from './network';

describe('a guest’s name', () => {
  it('has to be there and may have 80 characters', () => {
    expect(nameError('  ')).toBe('missing');
    expect(nameError(`  ${'ن'.repeat(80)} `)).toBeNull();
    expect(nameError('ن'.repeat(81))).toBe('long');
    expect(nameError('👩‍🔧'.repeat(20))).toBeNull();
  });
});

describe('the network check', () => {
  it('counts from the first packet on', () => {
    expect(bitsPerSecond(11_400, 1000)).toBe(80_000);
  });

  it('has a figure for what came at once, and for what hardly came', () => {
    expect(bitsPerSecond(11_400, 0)).toBe(80_000_000);
    expect(bitsPerSecond(1000, 8000)).toBe(0);
  });

  it('recommends what the network carries', () => {
    expect(RECOMMENDED[classify(64_000)]).toBe('voice_only');
    expect(RECOMMENDED[classify(310_000)]).toBe('economy');
    expect(RECOMMENDED[classify(3_000_000)]).toBe('automatic');
  });
});
