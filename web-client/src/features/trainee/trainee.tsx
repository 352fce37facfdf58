import '../lesson/lesson.css';
import './trainee.css';
import { useState } from 'preact/hooks';
import { T, t } from '../../i18n';
import { useMedia, WITH_SIDE } from '../../ui/media';
import { Num } from '../../ui/num';
import { Tabs } from '../../ui/tabs';
import { Banners } from '../lesson/banners';
import { Chat, useUnread } from '../lesson/chat';
import { Face, Nameplate, VoiceTile } from '../lesson/faces';
import { LessonTop } from '../lesson/lesson-top';
import { Participants, presentCount } from '../lesson/participants';
import { QualityDialog, QualityKey } from '../lesson/quality-key';
import { useSession } from '../lesson/session';
import { Stage } from '../lesson/stage';
import { picturesOf, trainerOf } from '../lesson/view';
import { ChatSheet } from './chat-sheet';
import { Keys } from './keys';
import { VoiceStrip } from './voice-strip';

type Open = 'nothing' | 'quality' | 'panel';

/** A trainee's classroom: the screen first, the trainer beside it, the hand under the thumb. */
export function Trainee() {
  const withSide = useMedia(WITH_SIDE);
  const [open, setOpen] = useState<Open>('nothing');
  const { state, quality } = useSession();
  const { room } = state.value;
  if (!room) return null;
  const { stage, side } = picturesOf(room, quality.value);
  const close = () => setOpen('nothing');
  return (
    <div class={withSide ? 'room trainee' : 'room trainee is-narrow'}>
      <LessonTop />
      <main class="lesson-main">
        <Stage publication={stage} />
        {!withSide && <VoiceStrip faces={side} />}
        <Banners onQuality={() => setOpen('quality')} />
        {!withSide && (
          <div class="talk">
            <QualityKey onOpen={() => setOpen('quality')} />
            <LastMessage />
          </div>
        )}
      </main>
      {withSide && (
        <aside class="side" aria-label={t('people.panel')}>
          <Beside />
          <section class="panel side-panel">
            <SideTabs />
          </section>
        </aside>
      )}
      <Keys narrow={!withSide} onQuality={() => setOpen('quality')} onPanel={() => setOpen('panel')} />
      {open === 'quality' && <QualityDialog onClose={close} />}
      {open === 'panel' && !withSide && (
        <ChatSheet onClose={close}>
          <SideTabs />
        </ChatSheet>
      )}
    </div>
  );
}

/** The trainer beside the screen: the picture, or the voice where there is none; then whoever has the floor. */
function Beside() {
  const { state, quality } = useSession();
  const { room } = state.value;
  if (!room) return null;
  const { stage, side } = picturesOf(room, quality.value);
  const trainer = trainerOf(room);
  const trainerShown = stage?.participant === trainer?.id && stage?.source === 'camera';
  const trainerBeside = side.some(({ participant }) => participant === trainer?.id);
  return (
    <div class="beside">
      {side.map((publication) => (
        <Face key={publication.id} publication={publication} />
      ))}
      {trainer && !trainerShown && !trainerBeside && stage && <VoiceTile />}
      {trainer && !trainerBeside && (trainerShown || !stage) && <Nameplate who={trainer} />}
    </div>
  );
}

function SideTabs() {
  const [tab, setTab] = useState<'chat' | 'people'>('chat');
  const unread = useUnread();
  const { room } = useSession().state.value;
  const count = presentCount(room?.participants.values() ?? []);
  return (
    <Tabs
      label={t('people.panel')}
      current={tab}
      onSelect={setTab}
      tabs={[
        {
          name: 'chat',
          word: (
            <>
              {t('chat.title')} {tab !== 'chat' && unread > 0 && <Num>{unread}</Num>}
            </>
          ),
          content: () => <Chat />,
        },
        {
          name: 'people',
          word: (
            <>
              {t('people.title')} <Num>{count}</Num>
            </>
          ),
          content: () => <Participants />,
        },
      ]}
    />
  );
}

/** The newest words of the class, where the chat is behind a key. */
function LastMessage() {
  const { room, me } = useSession().state.value;
  const unread = useUnread();
  const last = room?.chat.at(-1);
  if (!room || !last) return null;
  const author = last.participant === me?.participant ? t('room.you') : room.participants.get(last.participant)?.name;
  return (
    <div class="message last-message">
      <div class="from">
        <b dir="auto">{author}</b>
        {unread > 0 && (
          <span>
            <T k="chat.unread" v={{ count: unread }} />
          </span>
        )}
      </div>
      <p dir="auto">{last.text}</p>
    </div>
  );
}
