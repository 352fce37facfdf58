import { effect, signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Frames } from './frames';
import { Spread } from './spread';

describe('what waits for a frame', () => {
  let waiting: Map<number, () => void>;
  const frame = () => {
    const due = [...waiting.values()];
    waiting.clear();
    for (const run of due) run();
  };
  beforeEach(() => {
    waiting = new Map();
    let id = 0;
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
      id += 1;
      waiting.set(id, run);
      return id;
    });
    vi.stubGlobal('cancelAnimationFrame', (which: number) => waiting.delete(which));
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is taken in by the next one, in order and all at once', () => {
    const value = signal('');
    const seen: string[] = [];
    effect(() => {
      seen.push(value.value);
    });
    const frames = new Frames<string>((message) => {
      value.value += message;
    });
    frames.add('a');
    frames.add('b');
    expect(seen).toEqual(['']);
    frame();
    expect(seen).toEqual(['', 'ab']);
    frames.add('c');
    frame();
    expect(seen).toEqual(['', 'ab', 'abc']);
  });

  it('does not pile up where no frames are drawn', () => {
    const taken: number[] = [];
    const frames = new Frames<number>((message) => taken.push(message));
    for (let at = 0; at < 1_000; at += 1) frames.add(at);
    expect(taken.length).toBeGreaterThan(700);
    expect(taken).toEqual(taken.map((_, at) => at));
  });

  it('is forgotten with its connection', () => {
    const taken: string[] = [];
    const frames = new Frames<string>((message) => taken.push(message));
    frames.add('old');
    frames.clear();
    frame();
    frames.add('new');
    frame();
    expect(taken).toEqual(['new']);
  });

  it('is spread over several where there is much of it, each piece done once, as it was asked for last', () => {
    const done: string[] = [];
    const spread = new Spread();
    for (let at = 0; at < 30; at += 1) spread.add(`${at}`, () => done.push(`${at}`));
    spread.add('29', () => done.push('again'));
    frame();
    const first = done.length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(30);
    while (waiting.size > 0) frame();
    expect([done.length, done.at(-1), done.includes('29')]).toEqual([30, 'again', false]);
  });
});
