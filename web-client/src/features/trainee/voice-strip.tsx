import type { Publication } from '../../call';
import { t } from '../../i18n';
import { Voice } from '../../ui/mark';
import { FullScreenButton } from '../lesson/full-screen';
import { Picture } from '../lesson/picture';
import { useSession } from '../lesson/session';
import { pictureOf } from '../lesson/stage';
import { trainerOf } from '../lesson/view';

/** Under a narrow screen: who speaks, the faces that have room, and the way to see the screen larger. */
export function VoiceStrip({ faces }: { faces: readonly Publication[] }) {
  const { room, me, speaking } = useSession().state.value;
  if (!room) return null;
  const heard = speaking.map((id) => room.participants.get(id)).find((participant) => participant !== undefined);
  const who = heard ?? trainerOf(room);
  if (!who) return null;
  return (
    <div class="speaker">
      <Voice speaking={heard !== undefined} />
      <p class="speaker-who">
        <b class="one-line" dir="auto">
          {who.id === me?.participant ? t('room.you') : who.name}
        </b>
        <span class="t-s ink-2">{heard ? t('room.voiceOnly') : t(`role.${who.role}`)}</span>
      </p>
      {faces.map((publication) => (
        <figure key={publication.id} class="camera strip-face">
          <Picture
            what={pictureOf(publication, publication.participant === me?.participant)}
            label={t('room.cameraOf', { name: room.participants.get(publication.participant)?.name ?? '' })}
          />
        </figure>
      ))}
      <FullScreenButton />
    </div>
  );
}
