import type { ComponentChildren } from 'preact';
import type { Participant, ParticipantFigures } from '../../call';
import { t } from '../../i18n';
import { milliseconds, percent, rate, timeToSecond } from '../../i18n/format';
import { Mark, type MarkKind } from '../../ui/mark';
import { Num } from '../../ui/num';
import { useSession } from '../lesson/session';
import { figuresById } from '../lesson/view';

const MARKS: Record<Participant['presence']['state'], MarkKind> = { present: 'live', lost: 'alarm', gone: 'ended' };
/** A loss worth a look, in percent. */
const LOSS_MARKED = 3;

/** Who is present since when, and how each is reached. On a phone each row stands as a list of its own. */
export function PeopleTable() {
  const { room, figures } = useSession().state.value;
  if (!room) return null;
  const byId = figuresById(figures);
  const order = { trainer: 0, trainee: 1, committee: 2 };
  const people = [...room.participants.values()].sort((a, b) => order[a.role] - order[b.role]);
  const columns = [
    t('committee.name'),
    t('committee.role'),
    t('committee.state'),
    t('committee.presentSince'),
    t('committee.receives'),
    t('committee.sends'),
    t('committee.lossDown'),
    t('committee.lossUp'),
    t('committee.roundTrip'),
    t('committee.jitter'),
    t('committee.transport'),
  ] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that arrow keys scroll it
    <div class="table-scroll" tabIndex={0}>
      <table class="table twin">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" class={index > 2 ? 'n' : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((participant) => (
            <Row
              key={participant.id}
              columns={columns}
              participant={participant}
              figures={byId?.get(participant.id)}
              zone={room.lesson.time_zone}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  columns: readonly string[];
  participant: Participant;
  figures: ParticipantFigures | undefined;
  zone: string;
}

function Row({ columns, participant, figures, zone }: RowProps) {
  const { presence } = participant;
  const cell = (index: number, value: ComponentChildren) => (
    <td class="n" data-label={columns[index]}>
      {value ?? <span class="ink-3">–</span>}
    </td>
  );
  const measured = (value: string | null) => (value === null ? null : <Num>{value}</Num>);
  return (
    <tr>
      <th scope="row" dir="auto">
        {participant.name}
      </th>
      <td data-label={columns[1]}>
        {participant.kind === 'device' ? t('people.device') : t(`role.${participant.role}`)}
      </td>
      <td data-label={columns[2]}>
        <span class={presence.state === 'lost' ? 'state is-alarm' : 'state'}>
          <Mark kind={MARKS[presence.state]} />
          {t(`presence.${presence.state}`)}
        </span>
      </td>
      {cell(3, <Num>{timeToSecond(presence.since, zone)}</Num>)}
      {cell(4, figures && measured(rate(figures.downlink.bitrate)))}
      {cell(5, figures && measured(rate(figures.uplink.bitrate)))}
      {cell(6, figures && <Loss value={figures.downlink.lost_percent} />)}
      {cell(7, figures && <Loss value={figures.uplink.lost_percent} />)}
      {cell(8, figures?.round_trip_ms == null ? null : measured(milliseconds(figures.round_trip_ms)))}
      {cell(9, figures && measured(milliseconds(Math.max(figures.uplink.jitter_ms, figures.downlink.jitter_ms))))}
      {cell(10, figures && figures.transport !== 'none' ? measured(figures.transport.toUpperCase()) : null)}
    </tr>
  );
}

function Loss({ value }: { value: number }) {
  return (
    <span class={value >= LOSS_MARKED ? 'state is-attention' : 'state'}>
      {value >= LOSS_MARKED && <Mark kind="attention" />}
      <Num>{percent(value)}</Num>
    </span>
  );
}
