import { type Signal, signal } from '@preact/signals';
import { type Call, CallError, CHAT_TEXT_CHARS_MAX, type ParticipantId, type RoomState } from '../../call';

export interface Outgoing {
  readonly id: number;
  readonly text: string;
  /** `held` waits for the connection to come back. */
  readonly state: 'sending' | 'held' | 'failed';
  /** The newest message of the room when this one was written: an echo of it is newer. */
  readonly after: number;
}

/** What this person writes, kept while panels open and close and while the network is away. */
export interface Outbox {
  readonly draft: Signal<string>;
  readonly waiting: Signal<readonly Outgoing[]>;
  /** The newest message that was on screen, by its event's number. */
  readonly read: Signal<number>;
  /** Sends the draft; says whether it could be sent at all. */
  send(): 'sent' | 'empty' | 'long';
  retry(id: number): void;
  /** The connection is back: sends what was held, but for what arrived before it broke. */
  release(room: RoomState, me: ParticipantId): void;
}

export function openOutbox(call: Pick<Call, 'command' | 'state'>): Outbox {
  const draft = signal('');
  const waiting = signal<readonly Outgoing[]>([]);
  const read = signal(0);
  let next = 1;

  const drop = (message: Outgoing) => {
    waiting.value = waiting.value.filter(({ id }) => id !== message.id);
  };
  const put = (message: Outgoing) => {
    drop(message);
    waiting.value = [...waiting.value, message].sort((a, b) => a.id - b.id);
  };
  const say = async (message: Outgoing) => {
    put({ ...message, state: 'sending' });
    try {
      await call.command({ type: 'say', text: message.text });
      drop(message);
    } catch (error) {
      const away = error instanceof CallError && error.code === 'disconnected';
      put({ ...message, state: away ? 'held' : 'failed' });
    }
  };

  return {
    draft,
    waiting,
    read,
    send() {
      const text = draft.value.trim();
      if (text === '') return 'empty';
      if ([...text].length > CHAT_TEXT_CHARS_MAX) return 'long';
      draft.value = '';
      const after = call.state.room?.chat.at(-1)?.seq ?? 0;
      void say({ id: next++, text, state: 'sending', after });
      return 'sent';
    },
    retry(id) {
      const message = waiting.value.find((each) => each.id === id);
      if (message && message.state !== 'sending') void say(message);
    },
    release(room, me) {
      for (const message of waiting.value.filter(({ state }) => state === 'held')) {
        const arrived = room.chat.some(
          ({ seq, participant, text }) => seq > message.after && participant === me && text === message.text,
        );
        if (arrived) drop(message);
        else void say(message);
      }
    },
  };
}
