import '../lesson/lesson.css';
import './trainer.css';
import { Users } from 'lucide';
import { useState } from 'preact/hooks';
import { T, t } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { TRAINER_WIDE, useMedia } from '../../ui/media';
import { Num } from '../../ui/num';
import { Tabs } from '../../ui/tabs';
import { Banners } from '../lesson/banners';
import { Chat, useUnread } from '../lesson/chat';
import { useSession } from '../lesson/session';
import { rosterOf } from '../lesson/view';
import { DevicesDialog } from './devices-dialog';
import { EndDialog } from './end-dialog';
import { People } from './people';
import { Seen } from './seen';
import { Tools } from './tools';
import { TrainerTop } from './trainer-top';

type Open = 'nothing' | 'devices' | 'end' | 'people';

/** The trainer's classroom: tools at the start, what trainees see, the people at the end. */
export function Trainer() {
  const wide = useMedia(TRAINER_WIDE);
  const [open, setOpen] = useState<Open>('nothing');
  const { room } = useSession().state.value;
  if (!room) return null;
  const close = () => setOpen('nothing');
  const hands = room.hands.length;
  return (
    <div class={wide ? 'room trainer' : 'room trainer is-narrow'}>
      <TrainerTop onEnd={() => setOpen('end')} />
      <Tools onDevices={() => setOpen('devices')}>
        {!wide && (
          <button type="button" class="control" aria-haspopup="dialog" onClick={() => setOpen('people')}>
            <Icon of={Users} />
            <span>
              {t('people.title')} {hands > 0 && <Num>{hands}</Num>}
            </span>
          </button>
        )}
      </Tools>
      {/* On a narrow screen it scrolls, so it has to be reached by keyboard. */}
      <main class="lesson-main" tabIndex={wide ? undefined : 0}>
        <Banners />
        <Seen />
      </main>
      {wide && (
        <aside class="people" aria-label={t('people.panel')}>
          <PeopleTabs />
        </aside>
      )}
      {open === 'devices' && <DevicesDialog onClose={close} />}
      {open === 'end' && <EndDialog onClose={close} />}
      {open === 'people' && !wide && (
        <Dialog kind="tall-sheet" title={t('people.panel')} onClose={close}>
          <PeopleTabs />
        </Dialog>
      )}
    </div>
  );
}

function PeopleTabs() {
  const [tab, setTab] = useState<'people' | 'chat'>('people');
  const unread = useUnread();
  const { room, figures } = useSession().state.value;
  if (!room) return null;
  const { present } = rosterOf(room, figures);
  return (
    <Tabs
      label={t('people.panel')}
      current={tab}
      onSelect={setTab}
      tabs={[
        {
          name: 'people',
          word: (
            <>
              {t('people.present')} <Num>{present}</Num>
            </>
          ),
          content: () => <People />,
        },
        {
          name: 'chat',
          word: (
            <>
              {t('chat.title')} {tab !== 'chat' && unread > 0 && <Num>{unread}</Num>}
              {tab !== 'chat' && unread > 0 && (
                <span class="visually-hidden">
                  <T k="chat.unread" v={{ count: unread }} />
                </span>
              )}
            </>
          ),
          content: () => <Chat />,
        },
      ]}
    />
  );
}
