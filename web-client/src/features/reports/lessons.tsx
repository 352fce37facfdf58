import { useState } from 'preact/hooks';
import { all, type Me, type TimetableItem } from '../../api/client';
import { hours, time } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Figures, Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { LessonName } from '../../ui/parts/lesson-name';
import { BoneRows } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { stateOf } from '../lessons/search';
import { T as L } from '../lessons/words';
import { addDays, civil, daysBetween, dayText } from '../week/dates';
import type { Days, InstitutionPlace } from './calls';
import { valueText } from './measures';
import { T, t } from './words';

/** How many of the last days of a period are looked through, and how many lessons are shown until more are asked for. */
const DAYS_LOOKED_AT = 31;
const SHOWN = 10;

/** From when on a start counts as late: one minute, in microseconds. */
const LATE_US = 60_000_000;

interface Props {
  me: Me;
  place: InstitutionPlace;
  days: Days;
}

/** The latest lessons of a course, a group or a trainer, each with the way to its record. */
export function LatestLessons({ me, place: { institution, only }, days }: Props) {
  const [isWhole, setWhole] = useState(false);
  const earliest = addDays(days.to, 1 - DAYS_LOOKED_AT);
  const from = daysBetween(earliest, days.from) > 0 ? days.from : earliest;
  // A trainer has the records of their own lessons.
  const own = me.roles.administrator || me.roles.committee ? {} : { trainer: me.id };
  const query = { from, to: days.to, ...only, ...own };
  const loaded = useLoaded(
    (signal) => all('/api/institutions/{institution}/lessons', { path: { institution }, query, signal }),
    [institution, JSON.stringify(query)],
  );
  const now = Date.now() * 1000;
  const lessons = (loaded.value ?? []).filter(({ ends_at }) => ends_at <= now).reverse();
  const seen = isWhole ? lessons : lessons.slice(0, SHOWN);
  return (
    <section class="panel report-lessons" aria-labelledby="lessons" aria-busy={loaded.state === 'loading'}>
      <header class="panel-head">
        <h2 id="lessons">{t('lessons.title')}</h2>
        {loaded.value && (
          <span class="t-s ink-2">
            <T k="lessons.count" v={{ count: lessons.length }} />
          </span>
        )}
      </header>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {!loaded.value && loaded.state === 'loading' && <BoneRows />}
      {loaded.value && lessons.length === 0 && <p class="empty">{t('lessons.none')}</p>}
      <ul class="rows">
        {seen.map((lesson) => (
          <li key={lesson.id}>
            <Row of={lesson} institution={institution} now={now} />
          </li>
        ))}
      </ul>
      {lessons.length > seen.length && (
        <div class="report-more">
          <button type="button" class="button quiet small" onClick={() => setWhole(true)}>
            <span>
              <T k="lessons.all" v={{ count: lessons.length }} />
            </span>
          </button>
        </div>
      )}
    </section>
  );
}

function Row({ of: lesson, institution, now }: { of: TimetableItem; institution: string; now: number }) {
  const { time_zone: zone } = lesson;
  const [mark, word] = stateOf(lesson, now);
  const content = (
    <>
      <span class="report-when">
        <b>
          <Figures text={dayText(civil(lesson.starts_at, zone).day, zone)} />
        </b>
        <span class="t-s ink-2">
          <Num>{time(lesson.starts_at, zone)}</Num> · <Num>{hours(lesson.minutes)}</Num>
        </span>
      </span>
      <span class="row-words">
        <b>
          <LessonName course={lesson.course.name} title={lesson.title} />
        </b>
        <span class="t-s ink-2">
          <Joined of={[lesson.group.name, lesson.trainer.name]} />
        </span>
      </span>
      {lesson.attendance_percent != null && (
        <span class="report-lesson-rate">
          <b>
            <Num>{valueText('attendance', lesson.attendance_percent)}</Num>
          </b>
          <span class="t-xs ink-2">{t('column.attendance')}</span>
        </span>
      )}
      <span class={mark === 'attention' ? 'state is-attention' : 'state'}>
        <Mark kind={mark} />
        <span>
          {lesson.late_us != null && lesson.late_us > LATE_US ? (
            <T k="lessons.late" v={{ by: <Num>{hours(Math.floor(lesson.late_us / LATE_US))}</Num> }} />
          ) : (
            <L k={`phase.${word}`} />
          )}
        </span>
      </span>
    </>
  );
  // What did not begin has nothing to show.
  if (lesson.phase === 'planned') return <div class="row">{content}</div>;
  return (
    <a class="row" href={`/lessons/${institution}/${lesson.id}`}>
      {content}
    </a>
  );
}
