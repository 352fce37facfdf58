import { ChevronLeft, ChevronRight } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { all, type Me, type TimetableItem } from '../../api/client';
import { hours, time } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Mark } from '../../ui/mark';
import { Figures, Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { LessonName } from '../../ui/parts/lesson-name';
import { BoneRows, EmptyPanel } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { SearchField } from '../../ui/parts/search-field';
import { isAbove } from '../institutions/institution';
import { addDays, civil, type Day, dayText, spanOf, weekStart } from '../week/dates';
import { fits, stateOf } from './search';
import { T, t } from './words';

type Span = 'day' | 'week';

/** The lessons of a day or a week, each with the way to its record. */
export function LessonList({ me }: { me: Me }) {
  const { institution, time_zone: zone, roles } = me;
  const today = civil(Date.now() * 1000, zone).day;
  const [span, setSpan] = useState<Span>('day');
  const [day, setDay] = useState<Day>(today);
  const [search, setSearch] = useState('');
  const from = span === 'day' ? day : weekStart(day, zone);
  const to = span === 'day' ? day : addDays(from, 6);
  // A trainer has the records of their own lessons.
  const own = roles.administrator || roles.committee ? {} : { trainer: me.id };
  const loaded = useLoaded(
    (signal) =>
      all('/api/institutions/{institution}/lessons', { path: { institution }, query: { from, to, ...own }, signal }),
    [institution, from, to],
  );
  const lessons = (loaded.value ?? []).filter((lesson) => fits(lesson, search));
  const step = span === 'day' ? 1 : 7;
  const between = spanOf(from, to, zone);
  const title = t('list.title');
  return (
    <div class="page">
      <PageHead
        title={title}
        note={
          span === 'day' ? (
            <Figures text={dayText(day, zone)} />
          ) : (
            <T k="list.week" v={{ from: <Figures text={between.from} />, to: <Figures text={between.to} /> }} />
          )
        }
      >
        <fieldset class="segments" aria-label={t('list.span')}>
          {(['day', 'week'] as const).map((each) => (
            <button type="button" key={each} aria-pressed={each === span} onClick={() => setSpan(each)}>
              {t(`list.by.${each}`)}
            </button>
          ))}
        </fieldset>
        <div class="segments">
          <button type="button" aria-label={t(`list.previous.${span}`)} onClick={() => setDay(addDays(day, -step))}>
            <Icon of={ChevronLeft} flip />
          </button>
          <button type="button" onClick={() => setDay(today)}>
            {t('list.today')}
          </button>
          <button type="button" aria-label={t(`list.next.${span}`)} onClick={() => setDay(addDays(day, step))}>
            <Icon of={ChevronRight} flip />
          </button>
        </div>
      </PageHead>
      <div class="toolbar">
        <SearchField value={search} label={t('list.search')} onSearch={setSearch} />
      </div>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {loaded.state === 'loading' && !loaded.value && (
        <div class="panel" aria-hidden="true">
          <BoneRows />
        </div>
      )}
      {loaded.value && (
        <Found
          lessons={lessons}
          zone={zone}
          me={me}
          search={search}
          clear={() => setSearch('')}
          isBusy={loaded.state === 'loading'}
        />
      )}
    </div>
  );
}

interface FoundProps {
  lessons: readonly TimetableItem[];
  zone: string;
  me: Me;
  search: string;
  clear: () => void;
  isBusy: boolean;
}

function Found({ lessons, zone, me, search, clear, isBusy }: FoundProps) {
  const { route } = useLocation();
  if (lessons.length === 0 && search !== '') {
    return (
      <div class="panel empty" role="status">
        <b>
          <T k="list.noResult" v={{ search: <bdi>{search}</bdi> }} />
        </b>
        <button type="button" class="button small" onClick={clear}>
          {t('list.clear')}
        </button>
      </div>
    );
  }
  if (lessons.length === 0) {
    // Whoever oversees institutions mostly has no lessons at home.
    const act = isAbove(me) && { word: t('list.choose'), run: () => route('/admin/institutions') };
    return <EmptyPanel title={t('list.empty')} text={t('list.emptyText')} {...(act && { act })} />;
  }
  const days = [...new Set(lessons.map(({ starts_at }) => civil(starts_at, zone).day))];
  return (
    <>
      {days.map((day) => (
        <section key={day} class="panel lesson-day" aria-busy={isBusy}>
          <div class="panel-head">
            <h2>
              <Figures text={dayText(day, zone)} />
            </h2>
            <span class="t-s ink-2">
              <T
                k="list.count"
                v={{ count: lessons.filter((each) => civil(each.starts_at, zone).day === day).length }}
              />
            </span>
          </div>
          <ul class="rows">
            {lessons
              .filter((each) => civil(each.starts_at, zone).day === day)
              .map((lesson) => (
                <li key={lesson.id}>
                  <Row of={lesson} institution={me.institution} zone={zone} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface RowProps {
  of: TimetableItem;
  institution: string;
  zone: string;
}

function Row({ of: lesson, institution, zone }: RowProps) {
  const [mark, word] = stateOf(lesson, Date.now() * 1000);
  const at = lesson.phase_since == null ? null : <Num>{time(lesson.phase_since, zone)}</Num>;
  const content = (
    <>
      <span class="lesson-when">
        <b>
          <Num>{time(lesson.starts_at, zone)}</Num>
        </b>
        <span class="t-s ink-2">
          <Num>{hours(lesson.minutes)}</Num>
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
      <span class={`state lesson-state ${{ live: 'is-live', attention: 'is-attention' }[mark as string] ?? ''}`}>
        <Mark kind={mark} />
        <span>
          {at && (word === 'live' || word === 'ended') ? <T k={`phase.${word}At`} v={{ at }} /> : t(`phase.${word}`)}
        </span>
      </span>
    </>
  );
  // What did not begin has nothing to show yet.
  if (lesson.phase === 'planned') return <div class="row">{content}</div>;
  return (
    <a class="row" href={`/lessons/${institution}/${lesson.id}`}>
      {content}
    </a>
  );
}
