import type { OwnLessonCard } from '../../api/schema.gen';
import { time } from '../../i18n/format';
import { Mark, type MarkKind } from '../../ui/mark';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { LessonName } from '../../ui/parts/lesson-name';
import { isOpen, type Joining } from './joining';
import { T, t } from './words';

/** After how long a lesson that nobody started deserves a look, in microseconds. */
const LATE_AFTER_US = 5 * 60 * 1_000_000;

interface Props {
  lessons: readonly OwnLessonCard[];
  zone: string;
  joining: Joining;
  /** The lesson on the board: its way in is there. */
  onBoard?: string | undefined;
  onGuests?: (lesson: OwnLessonCard) => void;
}

/** The lessons of a day, in order. */
export function DayList({ lessons, zone, joining, onBoard, onGuests }: Props) {
  return (
    <ul class="today-day">
      {lessons.map((lesson) => (
        <li key={lesson.id} class={lesson.cancelled ? 'is-off' : undefined}>
          <span class="from">
            <Num>{time(lesson.starts_at, zone)}</Num>{' '}
            <span class="to">
              <span class="wide-only-inline">
                <T k="day.to" v={{ end: <Num>{time(lesson.ends_at, zone)}</Num> }} />
              </span>
              <span class="narrow-only-inline">
                <Num>{time(lesson.ends_at, zone)}</Num>
              </span>
            </span>
          </span>
          <span class="what">
            <b>
              <LessonName course={lesson.course_title} title={lesson.title} />
            </b>
            <span class="t-s ink-2">
              <Joined of={[lesson.part === 'trainer' ? lesson.group_name : lesson.trainer_name, lesson.venue]} />
            </span>
          </span>
          <span class="how">
            <State lesson={lesson} />
            <Acts lesson={lesson} joining={joining} onBoard={onBoard} onGuests={onGuests} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function State({ lesson }: { lesson: OwnLessonCard }) {
  const [kind, look, words] = stateOf(lesson);
  return (
    <span class={look ? `state ${look}` : 'state'}>
      <Mark kind={kind} />
      <span>{words}</span>
    </span>
  );
}

function stateOf(lesson: OwnLessonCard): [MarkKind, string, preact.ComponentChildren] {
  if (lesson.cancelled) {
    const reason = lesson.cancel_reason;
    return ['ended', '', reason ? <T k="day.cancelledWhy" v={{ reason: <bdi>{reason}</bdi> }} /> : t('day.cancelled')];
  }
  if (lesson.phase === 'ended') return ['ended', '', t('day.ended')];
  if (lesson.phase === 'live') return ['live', 'is-live', t('day.live')];
  const trainer = <bdi>{lesson.trainer_name}</bdi>;
  if (lesson.part === 'replaced') return ['attention', 'is-attention', <T k="day.replaced" v={{ trainer }} />];
  if (lesson.planned_trainer) return ['attention', 'is-attention', <T k="day.substitute" v={{ trainer }} />];
  if (lesson.starts_at + LATE_AFTER_US < now.value * 1000) return ['attention', 'is-attention', t('day.late')];
  return ['plan', '', t('day.planned')];
}

type ActsProps = Pick<Props, 'joining' | 'onBoard'> & { lesson: OwnLessonCard; onGuests: Props['onGuests'] };

function Acts({ lesson, joining, onBoard, onGuests }: ActsProps) {
  const watches = lesson.part === 'onlooker';
  const enters = isOpen(lesson) && lesson.id !== onBoard && lesson.phase === 'live';
  const invites = onGuests && isOpen(lesson) && lesson.part === 'trainer';
  const title = lesson.title || lesson.course_title;
  if (!enters && !invites) return null;
  return (
    <span class="today-acts">
      {enters && (
        <button
          type="button"
          class="button quiet small"
          aria-disabled={joining.entering === lesson.id}
          aria-label={watches ? t('day.observeOf', { title }) : t('day.enterOf', { title })}
          onClick={() => joining.enter(lesson.id)}
        >
          {watches ? t('day.observe') : t('day.enter')}
        </button>
      )}
      {invites && (
        <button
          type="button"
          class="button quiet small"
          aria-label={t('day.guestsOf', { title })}
          onClick={() => onGuests(lesson)}
        >
          {t('day.guests')}
        </button>
      )}
    </span>
  );
}
