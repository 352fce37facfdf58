import { describe, expect, it } from 'vitest';
import { type Call, CallError, type ChatMessage, type Command, type RoomState } from '../../call';
import { openOutbox } from './outbox';

function outboxWith(answer: () => Promise<void>) {
  const said: Command[] = [];
  const command = (message: Command) => {
    said.push(message);
    return answer();
  };
  return { said, outbox: openOutbox({ command, state: {} } as unknown as Call) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('what one writes', () => {
  it('is shown as being sent until the server has it', async () => {
    const { outbox, said } = outboxWith(async () => undefined);
    outbox.draft.value = '  bonjour ';
    expect(outbox.send()).toBe('sent');
    expect(outbox.draft.value).toBe('');
    expect(outbox.waiting.value).toMatchObject([{ text: 'bonjour', state: 'sending' }]);
    await settled();
    expect(outbox.waiting.value).toEqual([]);
    expect(said).toEqual([{ type: 'say', text: 'bonjour' }]);
  });

  it('is kept when it could not be sent, and can be sent again', async () => {
    let works = false;
    const { outbox, said } = outboxWith(() => (works ? Promise.resolve() : Promise.reject(new Error('away'))));
    outbox.draft.value = 'bonjour';
    outbox.send();
    await settled();
    expect(outbox.waiting.value).toMatchObject([{ text: 'bonjour', state: 'failed' }]);
    works = true;
    outbox.retry(outbox.waiting.value[0]?.id ?? 0);
    await settled();
    expect(outbox.waiting.value).toEqual([]);
    expect(said).toHaveLength(2);
  });

  it('is held while the connection is away, and sent once when it is back', async () => {
    let away = true;
    const { outbox, said } = outboxWith(() =>
      away ? Promise.reject(new CallError('disconnected', 'away')) : Promise.resolve(),
    );
    outbox.draft.value = 'pendant la coupure';
    outbox.send();
    await settled();
    expect(outbox.waiting.value).toMatchObject([{ state: 'held' }]);
    away = false;
    outbox.release({ chat: [] as ChatMessage[] } as unknown as RoomState, 'me');
    await settled();
    expect(outbox.waiting.value).toEqual([]);
    expect(said).toHaveLength(2);
  });

  it('is not said twice where the room had it before the connection broke', async () => {
    const { outbox, said } = outboxWith(() => Promise.reject(new CallError('disconnected', 'away')));
    outbox.draft.value = 'bonjour';
    outbox.send();
    await settled();
    const chat: ChatMessage[] = [{ seq: 3, at: 0, participant: 'me', text: 'bonjour' }];
    outbox.release({ chat } as unknown as RoomState, 'me');
    expect(outbox.waiting.value).toEqual([]);
    expect(said).toHaveLength(1);
  });

  it('is not sent when empty or too long, and the draft stays', () => {
    const { outbox, said } = outboxWith(async () => undefined);
    outbox.draft.value = '   ';
    expect(outbox.send()).toBe('empty');
    outbox.draft.value = 'ا'.repeat(2001);
    expect(outbox.send()).toBe('long');
    expect(outbox.draft.value).toHaveLength(2001);
    expect(said).toEqual([]);
  });
});
