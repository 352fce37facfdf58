import { Hand } from 'lucide';
import type { Participant } from '../../call';
import { t } from '../../i18n';
import { Icon } from '../../ui/icon';
import { Mark, Voice } from '../../ui/mark';
import { useSession } from './session';
import { holdsFloor, initial, placeInLine } from './view';

/** Who is in the room, as everybody may see it: the trainers first. */
export function Participants() {
  const { room, me, speaking } = useSession().state.value;
  if (!room || !me) return null;
  const here = [...room.participants.values()].filter(({ presence }) => presence.state !== 'gone');
  const order = { trainer: 0, committee: 2, trainee: 1 };
  const sorted = here.sort((a, b) => order[a.role] - order[b.role]);
  return (
    <ul class="people-list">
      {sorted.map((participant) => (
        <li class="person" key={participant.id}>
          <span class="face" aria-hidden="true">
            {initial(participant.name)}
          </span>
          <span class="who">
            <span class="one-line" dir="auto">
              {participant.id === me.participant ? `${participant.name} (${t('room.you')})` : participant.name}
            </span>
            <Standing participant={participant} />
          </span>
          {placeInLine(room.hands, participant.id) !== null && <Icon of={Hand} />}
          {speaking.includes(participant.id) && <Voice speaking />}
        </li>
      ))}
    </ul>
  );
}

function Standing({ participant }: { participant: Participant }) {
  const { room } = useSession().state.value;
  if (participant.presence.state === 'lost') {
    return (
      <span class="cause">
        <Mark kind="alarm" />
        {t('presence.lost')}
      </span>
    );
  }
  if (room && holdsFloor(room.floor, participant.id)) return <span class="cause">{t('floor.has')}</span>;
  if (participant.kind === 'device') return <span class="cause">{t('people.device')}</span>;
  return participant.role === 'trainee' ? null : <span class="cause">{t(`role.${participant.role}`)}</span>;
}

export function presentCount(participants: Iterable<Participant>): number {
  let count = 0;
  for (const { presence, role } of participants) if (presence.state === 'present' && role !== 'committee') count += 1;
  return count;
}
