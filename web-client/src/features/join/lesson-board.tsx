import { Clock } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { LessonCard, Phase } from '../../call';
import { spaced, T } from '../../i18n';
import { day, sameDay, time } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { Group } from '../lesson/group';

/** The lesson on the board: who, what, when. */
export function LessonBoard({ lesson, children }: { lesson: LessonCard; children?: ComponentChildren }) {
  const zone = lesson.time_zone;
  const start = <Num>{time(lesson.starts_at, zone)}</Num>;
  const end = <Num>{time(lesson.ends_at, zone)}</Num>;
  return (
    <section class="board lesson-board">
      <p class="soft t-s" dir="auto">
        {lesson.institution}
      </p>
      <h1 dir="auto">{spaced('fr', lesson.title)}</h1>
      <p>
        <bdi>{lesson.trainer}</bdi> · <Group name={lesson.group} />
      </p>
      <p class="when">
        <Icon of={Clock} />
        <span>
          {sameDay(lesson.starts_at, now.value * 1000, zone) ? (
            <T k="lesson.todayFromTo" v={{ start, end }} />
          ) : (
            <T k="lesson.dayFromTo" v={{ day: day(lesson.starts_at, zone), start, end }} />
          )}
        </span>
      </p>
      {children}
    </section>
  );
}

/** When the lesson starts, or since when it is on air, in words. */
export function WhenItStarts({ lesson, phase }: { lesson: LessonCard; phase: Phase }) {
  if (phase.state === 'live') {
    return <T k="lesson.onAirSince" v={{ time: <Num>{time(phase.since, lesson.time_zone)}</Num> }} />;
  }
  const minutes = Math.ceil((lesson.starts_at / 1000 - now.value) / 60_000);
  if (minutes > 90) return null;
  if (minutes > 0) return <T k="lesson.startsInMinutes" v={{ count: minutes }} />;
  return <T k="lesson.notStartedYet" />;
}
