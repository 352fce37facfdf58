import type { Participant, Publication } from '../../call';
import { t } from '../../i18n';
import { Voice } from '../../ui/mark';
import { Picture } from './picture';
import { useSession } from './session';
import { pictureOf } from './stage';
import { holdsFloor, trainerOf } from './view';

/** A camera beside the screen, its speaker's edge green while the voice is heard. */
export function Face({ publication }: { publication: Publication }) {
  const { state } = useSession();
  const { room, me, speaking } = state.value;
  const who = room?.participants.get(publication.participant);
  if (!who) return null;
  const own = publication.participant === me?.participant;
  return (
    <div class="face-tile">
      <figure class={speaking.includes(who.id) ? 'camera is-speaking' : 'camera'}>
        <Picture
          key={publication.id}
          what={pictureOf(publication, own)}
          label={t('room.cameraOf', { name: who.name })}
        />
      </figure>
      <Nameplate who={who} />
    </div>
  );
}

/** Who it is, whether heard, and what they are here. */
export function Nameplate({ who }: { who: Participant }) {
  const { room, me, speaking } = useSession().state.value;
  const heard = speaking.includes(who.id);
  const holder = room !== undefined && holdsFloor(room.floor, who.id);
  return (
    <p class="nameplate">
      <Voice speaking={heard} />
      <span class="strong one-line" dir="auto">
        {who.id === me?.participant ? t('room.you') : who.name}
      </span>
      {heard && <span class="visually-hidden">{t('room.speaking')}</span>}
      <span class="ink-2 nameplate-role">
        {who.role === 'trainer' ? t('room.trainer') : holder ? t('floor.has') : ''}
      </span>
    </p>
  );
}

/** The trainer beside the screen where no camera is shown: the voice, and why. */
export function VoiceTile() {
  const { state, quality } = useSession();
  const { room, speaking } = state.value;
  const trainer = room && trainerOf(room);
  if (!trainer) return null;
  const why = quality.value === 'automatic' ? t('room.cameraOff') : t('room.voiceOnlyChoice');
  return (
    <div class="voice-only">
      <span class="state is-live">
        <Voice speaking={speaking.includes(trainer.id)} />
        {t('room.voiceOnly')}
      </span>
      <strong class="one-line" dir="auto">
        {trainer.name}
      </strong>
      <p class="t-xs ink-2">{why}</p>
    </div>
  );
}
