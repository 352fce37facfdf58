import './week.css';
import { ChevronLeft, ChevronRight, Plus } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { all, api, type TimetableItem } from '../../api/client';
import { Icon } from '../../ui/icon';
import { useMedia } from '../../ui/media';
import { Figures } from '../../ui/num';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { addDays, civil, type Day, dayWithin, spanOf, weekDays, weekStart } from './dates';
import { DayList } from './day-list';
import { EditDialog } from './edit';
import { WeekGrid, type Wish } from './grid';
import { LessonDialog } from './lesson-dialog';
import { MoveDialog } from './move';
import { Legend, Sum } from './side';
import { type Shown, shown } from './view';
import { T, t } from './words';

/** How often the time and what is on air are looked at again. */
const MINUTE_MS = 60_000;

const BY = ['trainer', 'group', 'institution'] as const;
type By = (typeof BY)[number];

type Open = { kind: 'lesson' | 'edit'; shown: Shown } | { kind: 'new' } | { kind: 'move'; wish: Wish } | null;

export default function Week({ me }: AreaProps) {
  const institution = me.institution;
  const zone = me.time_zone;
  const canChange = me.roles.administrator;
  const sees = canChange || me.roles.committee;
  const [now, setNow] = useState(Date.now() * 1000);
  const [start, setStart] = useState<Day>(() => weekStart(civil(Date.now() * 1000, zone).day, zone));
  const [by, setBy] = useState<By>('institution');
  const [whose, setWhose] = useState('');
  const [open, setOpen] = useState<Open>(null);
  const [said, setSaid] = useState<{ lessons: number; skipped: string[] } | null>(null);
  const [isStale, setIsStale] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() * 1000), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);

  const end = addDays(start, 6);
  const path = { institution };
  const choices = useLoaded(
    (signal) => api.get('/api/institutions/{institution}/lessons/choices', { path, signal }),
    [institution],
  );
  const periods = useLoaded(
    () => all('/api/institutions/{institution}/periods', { path, query: { from: start } }),
    [institution, start],
  );
  const lessons = useLoaded(async () => {
    const page = (query: { trainer?: string; group?: string }): Promise<TimetableItem[]> =>
      all('/api/institutions/{institution}/lessons', { path, query: { from: start, to: end, ...query } });
    if (sees) return page(by === 'institution' || !whose ? {} : { [by]: whose });
    const groups = choices.value?.own_groups ?? [];
    const asked = [...(me.roles.trainer ? [{ trainer: me.id }] : []), ...groups.map((group) => ({ group }))];
    const found = (await Promise.all(asked.map(page))).flat();
    return [...new Map(found.map((lesson) => [lesson.id, lesson])).values()];
  }, [institution, start, by, whose, choices.state === 'here']);

  const items = (lessons.value ?? [])
    .map((lesson) => shown(lesson, zone))
    .sort((a, b) => a.lesson.starts_at - b.lesson.starts_at);
  const days = weekDays(start, zone, new Set(items.map(({ day }) => day)));
  const closed = closedDays(days, periods.value ?? []);
  const clashing = clashesOf(items);
  const isWide = useMedia('(min-width: 640px)');
  const done = () => {
    setOpen(null);
    setIsStale(false);
    lessons.again();
  };
  const stale = () => {
    done();
    setIsStale(true);
  };
  const views = {
    days,
    items,
    zone,
    now,
    clashing,
    closed,
    onOpen: (one: Shown) => setOpen({ kind: 'lesson', shown: one }),
  };
  const span = t('week.span', spanOf(days[0] ?? start, days.at(-1) ?? end, zone));
  return (
    <div class="page week-page">
      <PageHead title={span} heading={<Figures text={span} />}>
        <div class="segments">
          <button type="button" aria-label={t('week.previous')} onClick={() => setStart(addDays(start, -7))}>
            <Icon of={ChevronLeft} flip />
          </button>
          <button type="button" onClick={() => setStart(weekStart(civil(Date.now() * 1000, zone).day, zone))}>
            {t('week.this')}
          </button>
          <button type="button" aria-label={t('week.next')} onClick={() => setStart(addDays(start, 7))}>
            <Icon of={ChevronRight} flip />
          </button>
        </div>
        {sees && <Whose {...{ by, setBy, whose, setWhose }} choices={choices.value} />}
        {canChange && (
          <button
            type="button"
            class="button primary"
            aria-disabled={!choices.value}
            onClick={() => choices.value && setOpen({ kind: 'new' })}
          >
            <Icon of={Plus} />
            {t('week.new')}
          </button>
        )}
      </PageHead>
      {lessons.state === 'failed' && <ProblemNote problem={lessons.problem} retry={lessons.again} />}
      {isStale && (
        <p class="planned-note" role="alert">
          {t('form.stale')}
        </p>
      )}
      {said && (
        <p class="planned-note" role="status">
          <T k="planned.done" v={{ count: said.lessons }} />{' '}
          {said.skipped.length > 0 &&
            t('planned.skipped', { days: said.skipped.map((at) => dayWithin(at.slice(0, 10), zone)).join(' · ') })}
        </p>
      )}
      <div class="week-layout" aria-busy={lessons.state === 'loading'}>
        {isWide ? (
          <WeekGrid {...views} canMove={canChange} onMove={(wish) => setOpen({ kind: 'move', wish })} />
        ) : (
          <DayList {...views} />
        )}
        <aside class="side">
          <Sum items={items} />
          {isWide && <Legend />}
          {isWide && canChange && <p class="ink-2 keys-note">{t('week.keys')}</p>}
          {canChange && (
            <a class="keys-note" href="/people/import/lessons">
              {t('week.file')}
            </a>
          )}
        </aside>
      </div>
      {open?.kind === 'lesson' && (
        <LessonDialog
          {...{ institution, zone, canChange }}
          seesRecord={sees || open.shown.lesson.trainer.id === me.id}
          shown={open.shown}
          choices={choices.value}
          onChange={() => setOpen({ kind: 'edit', shown: open.shown })}
          onDone={done}
          onStale={stale}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.kind === 'move' && (
        <MoveDialog
          {...{ institution, zone }}
          wish={open.wish}
          onDone={done}
          onStale={stale}
          onClose={() => setOpen(null)}
        />
      )}
      {(open?.kind === 'new' || open?.kind === 'edit') && choices.value && (
        <EditDialog
          {...{ institution, zone }}
          choices={choices.value}
          periods={periods.value ?? []}
          shown={open.kind === 'edit' ? open.shown : null}
          start={{
            day: firstDay(days, now, zone),
            trainer: by === 'trainer' ? whose : '',
            group: by === 'group' ? whose : '',
          }}
          onDone={(answer) => {
            setSaid(answer);
            done();
          }}
          onStale={stale}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

interface WhoseProps {
  by: By;
  setBy: (by: By) => void;
  whose: string;
  setWhose: (whose: string) => void;
  choices: { trainers: { id: string; name: string }[]; groups: { id: string; name: string }[] } | undefined;
}

/** Whose timetable is shown. */
function Whose({ by, setBy, whose, setWhose, choices }: WhoseProps) {
  const listed = by === 'trainer' ? choices?.trainers : choices?.groups;
  const choose = (next: By) => {
    setBy(next);
    setWhose((next === 'trainer' ? choices?.trainers[0]?.id : choices?.groups[0]?.id) ?? '');
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that are pressed, not fields */}
      <div class="segments" role="group" aria-label={t('week.by')}>
        {BY.map((each) => (
          <button key={each} type="button" aria-pressed={each === by} onClick={() => choose(each)}>
            {t(`week.${each}`)}
          </button>
        ))}
      </div>
      {by !== 'institution' && (
        <select
          class="input whose"
          aria-label={t('week.whose')}
          value={whose}
          onChange={(event) => setWhose(event.currentTarget.value)}
        >
          {listed?.map(({ id, name }) => (
            <option key={id} value={id} selected={id === whose}>
              {name}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

/** Today where the week has it, else its first day. */
function firstDay(days: readonly Day[], now: number, zone: string): Day {
  const today = civil(now, zone).day;
  return days.includes(today) ? today : (days[0] ?? today);
}

function closedDays(
  days: readonly Day[],
  periods: readonly { name: string; first_day: string; last_day: string; stops_lessons: boolean }[],
): Map<Day, string> {
  const closed = new Map<Day, string>();
  for (const day of days) {
    const period = periods.find((each) => each.stops_lessons && each.first_day <= day && day <= each.last_day);
    if (period) closed.set(day, period.name);
  }
  return closed;
}

/** Lessons that are at one time with another of the same trainer or group: an import may have brought them. */
function clashesOf(items: readonly Shown[]): Set<string> {
  const found = new Set<string>();
  const held = items.filter(({ lesson }) => !lesson.cancelled_at && lesson.phase !== 'ended');
  for (const [index, { lesson }] of held.entries()) {
    for (const { lesson: other } of held.slice(index + 1)) {
      if (other.starts_at >= lesson.ends_at) break;
      if (other.trainer.id !== lesson.trainer.id && other.group.id !== lesson.group.id) continue;
      found.add(lesson.id);
      found.add(other.id);
    }
  }
  return found;
}
