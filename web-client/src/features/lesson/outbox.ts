import { type Signal, signal } from '@preact/signals';
import { type Call, CHAT_TEXT_CHARS_MAX } from '../../call';

export interface Outgoing {
  readonly id: number;
  readonly text: string;
  readonly state: 'sending' | 'failed';
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
}

export function openOutbox(call: Call): Outbox {
  const draft = signal('');
  const waiting = signal<readonly Outgoing[]>([]);
  const read = signal(0);
  let next = 1;

  const put = (message: Outgoing) => {
    waiting.value = [...waiting.value.filter(({ id }) => id !== message.id), message];
  };
  const say = async (message: Outgoing) => {
    put({ ...message, state: 'sending' });
    try {
      await call.command({ type: 'say', text: message.text });
      waiting.value = waiting.value.filter(({ id }) => id !== message.id);
    } catch {
      put({ ...message, state: 'failed' });
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
      void say({ id: next++, text, state: 'sending' });
      return 'sent';
    },
    retry(id) {
      const message = waiting.value.find((each) => each.id === id);
      if (message?.state === 'failed') void say(message);
    },
  };
}
