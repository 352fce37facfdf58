import { Eye, Square } from 'lucide';
import { T, t } from '../../i18n';
import { duration, timeToSecond } from '../../i18n/format';
import { Brand } from '../../ui/brand';
import { Icon } from '../../ui/icon';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { Group } from '../lesson/group';
import { LeaveButton } from '../lesson/lesson-top';
import { useSession } from '../lesson/session';
import { committeeObserves } from '../lesson/view';

/** The lesson's name, who observes, the time, and the act that ends it. */
export function TrainerTop({ onEnd }: { onEnd: () => void }) {
  const { room } = useSession().state.value;
  if (!room) return null;
  const { lesson, phase } = room;
  return (
    <header class="lesson-top">
      <Brand word={false} />
      <div class="title">
        <h1 class="one-line" dir="auto">
          {lesson.title}
        </h1>
        <p class="t-s ink-2 one-line">
          <Group name={lesson.group} /> · <bdi>{lesson.institution}</bdi>
        </p>
      </div>
      <span class="observed" role="status">
        {committeeObserves(room) && (
          <span class="state">
            <Icon of={Eye} />
            <span class="observed-word">{t('trainer.committee')}</span>
          </span>
        )}
      </span>
      <Clock />
      <LeaveButton />
      {phase.state === 'live' && (
        <button type="button" class="button danger" aria-haspopup="dialog" onClick={onEnd}>
          <Icon of={Square} />
          {t('trainer.end')}
        </button>
      )}
    </header>
  );
}

/** The server's time, which attendance is counted by, and what is left of the lesson. */
function Clock() {
  const { room, serverOffset } = useSession().state.value;
  if (!room) return null;
  const { lesson, phase } = room;
  const serverNow = now.value + serverOffset;
  const untilStart = lesson.starts_at / 1000 - serverNow;
  const untilEnd = lesson.ends_at / 1000 - serverNow;
  const span = (ms: number) => <Num>{duration(ms)}</Num>;
  return (
    <div class="clock" role="timer">
      <b>
        <Num>{timeToSecond(serverNow * 1000, lesson.time_zone)}</Num>
      </b>
      <span>
        {phase.state === 'planned' && untilStart > 0 && <T k="trainer.startsIn" v={{ duration: span(untilStart) }} />}
        {phase.state === 'live' && untilEnd >= 0 && <T k="trainer.remaining" v={{ duration: span(untilEnd) }} />}
        {phase.state === 'live' && untilEnd < 0 && <T k="trainer.over" v={{ duration: span(-untilEnd) }} />}
      </span>
    </div>
  );
}
