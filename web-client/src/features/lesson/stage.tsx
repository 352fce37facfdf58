import type { IconNode } from 'lucide';
import { MonitorOff } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { Publication } from '../../call';
import { T, t } from '../../i18n';
import { duration, time } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Mark, Voice } from '../../ui/mark';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { Picture } from './picture';
import { useSession } from './session';
import { trainerOf } from './view';

/** The lesson's picture, as large as its place allows, or why there is none. */
export function Stage({ publication }: { publication: Publication | null }) {
  const { state } = useSession();
  const { room, me } = state.value;
  if (!room) return null;
  const name = publication ? (room.participants.get(publication.participant)?.name ?? '') : '';
  const own = publication !== null && publication.participant === me?.participant;
  const label = publication?.source === 'screen' ? t('room.screenOf', { name }) : t('room.cameraOf', { name });
  return (
    <div class="stage" id="stage">
      <figure class={publication ? 'screen' : 'screen is-empty'}>
        {publication ? (
          <Picture key={publication.id} what={pictureOf(publication, own)} label={label} />
        ) : (
          <NoPicture />
        )}
        <Veil />
      </figure>
    </div>
  );
}

/** One's own pictures come from the device itself: they need no way through the server. */
export function pictureOf(publication: Publication, own: boolean) {
  const local = publication.source === 'screen' ? 'screen' : 'camera';
  return own ? ({ local } as const) : { publication: publication.id };
}

function NoPicture() {
  const { state, quality } = useSession();
  const { room, speaking } = state.value;
  if (!room) return null;
  const trainer = trainerOf(room);
  if (room.phase.state === 'planned') {
    const at = (micros: number) => <Num>{time(micros, room.lesson.time_zone)}</Num>;
    const { starts_at, ends_at } = room.lesson;
    return (
      <Empty mark={<Mark kind="plan" />} title={t('room.waiting')} text={t('room.waitingHint')}>
        <T k="lesson.fromTo" v={{ start: at(starts_at), end: at(ends_at) }} />
      </Empty>
    );
  }
  if (trainer?.presence.state !== 'present') {
    return <Empty mark={<Mark kind="wait" />} title={t('room.trainerAway')} text={t('room.trainerAwayHint')} />;
  }
  if (quality.value === 'voice_only') {
    return (
      <Empty
        mark={<Voice speaking={speaking.includes(trainer.id)} />}
        title={<bdi>{trainer.name}</bdi>}
        text={t('room.voiceOnlyChoice')}
      />
    );
  }
  return <Empty icon={MonitorOff} title={t('room.nothingShared')} text={t('room.listen')} />;
}

interface EmptyProps {
  icon?: IconNode;
  mark?: ComponentChildren;
  title: ComponentChildren;
  text: string;
  children?: ComponentChildren;
}

export function Empty({ icon, mark, title, text, children }: EmptyProps) {
  return (
    <div class="stage-empty">
      {icon ? <Icon of={icon} large /> : mark}
      <b class="t-l">{title}</b>
      <span class="t-s">{text}</span>
      {children && <span class="t-s">{children}</span>}
    </div>
  );
}

/** Over the last picture while the connection comes back. */
function Veil() {
  const { phase, reconnectingSince } = useSession().state.value;
  if (phase !== 'reconnecting') return null;
  const since = duration(now.value - (reconnectingSince ?? now.value));
  return (
    <div class="veil">
      <div class="veil-words" role="status">
        <span class="state">
          <Mark kind="wait" />
          <span>{t('state.reconnecting')}</span>
        </span>
        <b class="t-l">{t('state.bringingBack')}</b>
      </div>
      <span class="t-s ink-2">
        <T k="state.since" v={{ duration: <Num>{since}</Num> }} />
      </span>
    </div>
  );
}
