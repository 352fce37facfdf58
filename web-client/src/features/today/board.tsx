import { DoorOpen } from 'lucide';
import type { OwnLessonCard } from '../../api/schema.gen';
import { day, sameDay, time } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { LessonName } from '../../ui/parts/lesson-name';
import type { Joining } from './joining';
import { T, t } from './words';

interface Props {
  lesson: OwnLessonCard;
  zone: string;
  joining: Joining;
}

/** The one thing to do now: the lesson that is on air or comes next, and the way into it. */
export function Board({ lesson, zone, joining }: Props) {
  const busy = joining.entering === lesson.id;
  const starts = lesson.part === 'trainer' && lesson.phase === 'planned';
  return (
    <section class="board today-board" aria-labelledby="next-lesson">
      <div class="today-board-words">
        <p class="soft">
          <When lesson={lesson} zone={zone} />
        </p>
        <h2 id="next-lesson">
          <LessonName course={lesson.course_title} title={lesson.title} />
        </h2>
        <p>
          {lesson.part === 'trainer' ? (
            <T k="board.group" v={{ group: <bdi>{lesson.group_name}</bdi> }} />
          ) : (
            <bdi>{lesson.trainer_name}</bdi>
          )}
          <Started lesson={lesson} />
        </p>
      </div>
      <button
        type="button"
        class="button chalk big today-enter"
        aria-disabled={busy}
        onClick={() => joining.enter(lesson.id)}
      >
        <Icon of={DoorOpen} flip />
        {busy ? t('board.entering') : t(starts ? 'board.start' : 'board.enter')}
      </button>
    </section>
  );
}

function When({ lesson, zone }: { lesson: OwnLessonCard; zone: string }) {
  const micros = now.value * 1000;
  const [start, end] = [<Num>{time(lesson.starts_at, zone)}</Num>, <Num>{time(lesson.ends_at, zone)}</Num>];
  if (lesson.phase === 'live' || lesson.starts_at <= micros) return <T k="board.nowUntil" v={{ end }} />;
  if (sameDay(lesson.starts_at, micros, zone)) return <T k="board.from" v={{ start, end }} />;
  return <T k="board.onDay" v={{ day: day(lesson.starts_at, zone), start, end }} />;
}

function Started({ lesson }: { lesson: OwnLessonCard }) {
  if (lesson.phase !== 'live' || !lesson.phase_since) return null;
  const minutes = Math.max(0, Math.floor((now.value * 1000 - lesson.phase_since) / 60_000_000));
  if (minutes > 240) return null;
  return (
    <span class="soft">
      {' · '}
      {minutes === 0 ? t('board.startedNow') : <T k="board.startedAgo" v={{ count: minutes }} />}
    </span>
  );
}
