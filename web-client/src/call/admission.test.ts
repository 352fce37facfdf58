import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Admission } from './admission';

interface Asked {
  answer(status: number, body: object): void;
  fail(): void;
  aborted: boolean;
}

/** The requests that were made, each to be answered by the test. */
let asked: Asked[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  asked = [];
  vi.stubGlobal('fetch', (_path: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((resolve, reject) => {
      const request: Asked = {
        answer: (status, body) => resolve(new Response(JSON.stringify(body), { status })),
        fail: () => reject(new TypeError('no network')),
        aborted: false,
      };
      signal.addEventListener('abort', () => {
        request.aborted = true;
        reject(new DOMException('aborted', 'AbortError'));
      });
      asked.push(request);
    });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Starts asking; the numbers of the attempts are collected. */
function ask(): { admission: Admission; attempts: number[]; ticket: Promise<string | undefined> } {
  const admission = new Admission('lesson', 'me');
  const attempts: number[] = [];
  const ticket = admission.ticket(1, (attempt) => attempts.push(attempt));
  ticket.catch(() => undefined);
  return { admission, attempts, ticket };
}

test('a request that hangs is hedged by another, and the first answer counts', async () => {
  const { attempts, ticket } = ask();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(asked).toHaveLength(2);
  asked[1]?.answer(200, { ticket: 'second', expires_in_s: 60 });
  await expect(ticket).resolves.toBe('second');
  expect(attempts).toEqual([1, 2]);
  expect(asked[0]?.aborted).toBe(true);
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(2);
});

test('a slow answer to the first request is good too', async () => {
  const { ticket } = ask();
  await vi.advanceTimersByTimeAsync(4_000);
  asked[0]?.answer(200, { ticket: 'first', expires_in_s: 60 });
  await expect(ticket).resolves.toBe('first');
});

test('never more than a few requests are under way', async () => {
  ask();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.filter((request) => !request.aborted).length).toBeLessThanOrEqual(4);
});

test('where the server can’t be reached, the next try waits a little longer each time', async () => {
  ask();
  asked[0]?.fail();
  await vi.advanceTimersByTimeAsync(249);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(2);
  asked[1]?.fail();
  await vi.advanceTimersByTimeAsync(499);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(3);
});

test('the network’s return ends the wait', async () => {
  const { admission } = ask();
  asked[0]?.fail();
  await vi.advanceTimersByTimeAsync(10);
  admission.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(2);
});

test('a server that is busy is asked again, one that refuses is not', async () => {
  const { ticket } = ask();
  asked[0]?.answer(503, { code: 'store_unavailable' });
  await vi.advanceTimersByTimeAsync(250);
  asked[1]?.answer(403, { code: 'removed', detail: 'A trainer removed you.' });
  await expect(ticket).rejects.toMatchObject({ code: 'removed' });
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(2);
});

test('closing ends everything', async () => {
  const { admission, ticket } = ask();
  admission.close();
  await expect(ticket).resolves.toBeUndefined();
  expect(asked[0]?.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
