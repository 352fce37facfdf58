import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Page } from './page';

let visibilityState: 'visible' | 'hidden';
let asked: { type: string; answer(): void; refuse(): void }[];
let linked: boolean;
let page: Page;

beforeEach(() => {
  vi.useFakeTimers();
  visibilityState = 'visible';
  vi.stubGlobal('document', {
    get visibilityState() {
      return visibilityState;
    },
  });
  asked = [];
  linked = true;
  page = new Page({
    command: ({ type }) =>
      new Promise((resolve, reject) => {
        asked.push({ type, answer: resolve, refuse: () => reject(new Error('refused')) });
      }),
    linked: () => linked,
  });
});

afterEach(() => {
  page.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The page is hidden, or shown again. */
function turn(to: 'visible' | 'hidden'): void {
  visibilityState = to;
  page.tell();
}

async function answered(index: number): Promise<void> {
  asked[index]?.answer();
  await vi.advanceTimersByTimeAsync(0);
}

const types = () => asked.map(({ type }) => type);

test('hiding and showing are told once each', async () => {
  page.connected(false);
  expect(types()).toEqual([]);
  turn('hidden');
  await answered(0);
  page.tell();
  turn('visible');
  await answered(1);
  expect(types()).toEqual(['hide_page', 'show_page']);
});

test('a page that was hidden before it connected says so', () => {
  visibilityState = 'hidden';
  page.connected(false);
  expect(types()).toEqual(['hide_page']);
});

test('after a reconnection the room is told again, whatever it knew', async () => {
  page.connected(false);
  turn('hidden');
  await answered(0);
  linked = false;
  turn('visible');
  turn('hidden');
  expect(types()).toEqual(['hide_page']);
  linked = true;
  page.connected(undefined);
  await answered(1);
  expect(types()).toEqual(['hide_page', 'hide_page']);
});

test('a room that still thinks it hidden is told that it is not', () => {
  page.connected(true);
  expect(types()).toEqual(['show_page']);
});

test('what changes while an answer is on its way is told after it', async () => {
  page.connected(false);
  turn('hidden');
  turn('visible');
  expect(types()).toEqual(['hide_page']);
  await answered(0);
  expect(types()).toEqual(['hide_page', 'show_page']);
});

test('what was refused is said again a moment later', async () => {
  page.connected(false);
  turn('hidden');
  asked[0]?.refuse();
  await vi.advanceTimersByTimeAsync(1_900);
  expect(types()).toEqual(['hide_page']);
  await vi.advanceTimersByTimeAsync(200);
  expect(types()).toEqual(['hide_page', 'hide_page']);
});
