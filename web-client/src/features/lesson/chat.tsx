import { MessageSquare, SendHorizontal } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CHAT_TEXT_CHARS_MAX, type ChatMessage, type Participant } from '../../call';
import { T, t } from '../../i18n';
import { time } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { memo } from './memo';
import type { Outgoing } from './outbox';
import { useSession } from './session';

/** How near its end a list counts as read to the end, in pixels. */
const END_SLACK_PX = 40;

/** What the class writes, and a place to write. */
export function Chat({ readOnly = false }: { readOnly?: boolean }) {
  const { state, outbox } = useSession();
  const { room, me } = state.value;
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const messages = room?.chat ?? [];
  const waiting = outbox.waiting.value;
  const newest = messages.at(-1)?.seq ?? 0;
  // What came last decides
  useEffect(() => {
    outbox.read.value = Math.max(outbox.read.peek(), newest);
    if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [newest, waiting.length]);
  if (!room || !me) return null;
  const onScroll = (event: Event) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget as HTMLElement;
    atEnd.current = scrollHeight - scrollTop - clientHeight < END_SLACK_PX;
  };
  return (
    <div class="chat">
      {messages.length === 0 && waiting.length === 0 ? (
        <div class="empty">
          <Icon of={MessageSquare} large />
          <b>{t('chat.empty')}</b>
          {!readOnly && <span class="t-s">{t('chat.emptyHint')}</span>}
        </div>
      ) : (
        // A list that scrolls has to be reached by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that arrow keys scroll it
        <div class="log" ref={list} onScroll={onScroll} role="log" aria-label={t('chat.title')} tabIndex={0}>
          <ul>
            {messages.map((message) => (
              <Message
                key={message.seq}
                message={message}
                author={room.participants.get(message.participant)}
                own={message.participant === me.participant}
                zone={room.lesson.time_zone}
              />
            ))}
            {waiting.map((message) => (
              <Waiting key={message.id} message={message} onRetry={() => outbox.retry(message.id)} />
            ))}
          </ul>
        </div>
      )}
      {!readOnly && <Composer />}
    </div>
  );
}

interface MessageProps {
  message: ChatMessage;
  author: Participant | undefined;
  own: boolean;
  zone: string;
}

const Message = memo(({ message, author, own, zone }: MessageProps) => (
  <li class={author?.role === 'trainer' ? 'message is-trainer' : 'message'}>
    <div class="from">
      <b dir="auto">{own ? t('room.you') : (author?.name ?? '')}</b>
      <time>
        <Num>{time(message.at, zone)}</Num>
      </time>
    </div>
    <p dir="auto">{message.text}</p>
  </li>
));

function Waiting({ message, onRetry }: { message: Outgoing; onRetry: () => void }) {
  const failed = message.state === 'failed';
  return (
    <li class="message is-pending">
      <div class="from">
        <b>{t('room.you')}</b>
        <span class={failed ? 'state is-alarm' : 'state'}>
          <Mark kind={failed ? 'alarm' : 'wait'} />
          {failed ? t('chat.failed') : t('chat.sending')}
        </span>
        {failed && (
          <button type="button" class="button quiet small" onClick={onRetry}>
            {t('chat.retry')}
          </button>
        )}
      </div>
      <p dir="auto">{message.text}</p>
    </li>
  );
}

function Composer() {
  const { outbox } = useSession();
  const [long, setLong] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    setLong(outbox.send() === 'long');
  };
  return (
    <form class="composer" onSubmit={send}>
      <label class="visually-hidden" for="message">
        {t('chat.label')}
      </label>
      <input
        id="message"
        class="input"
        dir="auto"
        autocomplete="off"
        enterkeyhint="send"
        placeholder={t('chat.write')}
        value={outbox.draft.value}
        aria-invalid={long}
        aria-describedby={long ? 'message-error' : undefined}
        onInput={(event) => {
          outbox.draft.value = event.currentTarget.value;
          setLong(false);
        }}
      />
      <button type="submit" class="icon-button" aria-label={t('chat.send')}>
        <Icon of={SendHorizontal} flip />
      </button>
      {long && (
        <p class="composer-error t-s" id="message-error" role="alert">
          <T k="chat.long" v={{ count: CHAT_TEXT_CHARS_MAX }} />
        </p>
      )}
    </form>
  );
}

/** How many messages of others have come since the chat was last on screen. */
export function useUnread(): number {
  const { state, outbox } = useSession();
  const { room, me } = state.value;
  const read = outbox.read.value;
  return room?.chat.filter(({ seq, participant }) => seq > read && participant !== me?.participant).length ?? 0;
}
