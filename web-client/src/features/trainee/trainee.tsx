import '../lesson/lesson.css';
import './trainee.css';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { time } from '../../i18n/format';
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
import { useQuiet } from './quiet';
import { VoiceStrip } from './voice-strip';

type Open = 'nothing' | 'quality' | 'panel';

/** A trainee's classroom: the screen first, the trainer beside it, the hand under the thumb. */
export function Trainee() {
  const withSide = useMedia(WITH_SIDE);
  const [open, setOpen] = useState<Open>('nothing');
  const quiet = useQuiet();
  const { state, quality } = useSession();
  const { room } = state.value;
  if (!room) return null;
  const { stage, side } = picturesOf(room, quality.value);
  const close = () => setOpen('nothing');
  return (
    <div class={`room trainee ${withSide ? '' : 'is-narrow'} ${quiet ? 'is-quiet' : ''}`}>
      <LessonTop />
      <main class="lesson-main" tabIndex={withSide ? undefined : 0}>
        <Stage publication={stage} />
        {!withSide && <VoiceStrip faces={side} />}
        <Banners onQuality={() => setOpen('quality')} />
        {!withSide && (
          <div class="talk">
            <QualityKey onOpen={() => setOpen('quality')} />
            <LastMessages />
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

/** How many of the newest messages stand on a narrow screen, where the chat is behind a key. */
const LAST_SHOWN = 3;

/** The newest words of the class, where the chat is behind a key. */
function LastMessages() {
  const { room, me } = useSession().state.value;
  if (!room || room.chat.length === 0) return null;
  return (
    <ul class="last-messages" aria-label={t('chat.title')}>
      {room.chat.slice(-LAST_SHOWN).map(({ seq, participant, text, at }) => {
        const author = room.participants.get(participant);
        return (
          <li key={seq} class={author?.role === 'trainer' ? 'message is-trainer' : 'message'}>
            <div class="from">
              <b dir="auto">{participant === me?.participant ? t('room.you') : author?.name}</b>
              <time>
                <Num>{time(at, room.lesson.time_zone)}</Num>
              </time>
            </div>
            <p dir="auto">{text}</p>
          </li>
        );
      })}
    </ul>
  );
}
