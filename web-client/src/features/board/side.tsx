import { useEffect, useMemo, useRef } from 'preact/hooks';
import { lessonName } from '../../ui/parts/lesson-name';
import { navigations } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { type Crumb, Drill } from './drill';
import { OneLesson } from './lesson';
import { LinesTable } from './lines-table';
import type { Head, Line, Live, Part } from './model';
import { Counts, PartsTable } from './parts-table';
import { above, type Place, pathOf } from './places';
import type { Store } from './store';
import { weight } from './tally';
import { useTaking } from './use-taking';
import { t } from './words';

/** How many parts the panel names while nothing is open. */
const LOOKED_AT_MAX = 12;

interface Props {
  store: Store;
  head: Head;
  place: Place;
  zone: string;
  /** On a page of its own: one thing at a time. */
  narrow: boolean;
}

/** What is open: a region's institutions, an institution's lessons, a lesson. While nothing is, what needs a look. */
export function Side({ store, head, place, zone, narrow }: Props) {
  const crumbs = useCrumbs(store, head, place, narrow);
  const up = above(place, head);
  const { region, institution, lesson } = place;
  const frame = { crumbs, up: up && pathOf(up) };
  if (institution && region) {
    const lines = store.lines.list.value;
    const listed = head.level !== 'institution' && !(narrow && lesson);
    return (
      <Drill {...frame} note={!lesson && <Counts lessons={lines.length} />}>
        {listed && <Lessons store={store} place={place} zone={zone} />}
        {lesson && <OpenLesson store={store} place={place} zone={zone} />}
        {!lesson && !listed && <p class="drill-note">{t('board.lessonNote')}</p>}
      </Drill>
    );
  }
  if (region && head.level === 'ministry') {
    const parts = store.institutions.list.value;
    return (
      <Drill {...frame} note={<RegionCounts store={store} region={region} institutions={parts.length} />}>
        {parts.length === 0 ? (
          <p class="drill-note">{t('drill.gone')}</p>
        ) : (
          <PartsTable
            caption={crumbs.at(-1)?.name ?? ''}
            word={t('table.institution')}
            parts={parts}
            open={undefined}
            href={(id) => pathOf({ region, institution: id })}
          />
        )}
      </Drill>
    );
  }
  return <NothingOpen store={store} head={head} />;
}

/** The lessons of the institution that is open. */
export function Lessons({ store, place, zone }: { store: Store; place: Place; zone: string }) {
  const { region = '', institution = '', lesson } = place;
  const lines = store.lines.list.value;
  if (lines.length === 0) {
    // What is not of the reader's branch is not answered.
    const known = store.known.value || !store.names.value.has(institution);
    return (
      <p class="drill-note" role="status">
        {known ? t('drill.gone') : t('drill.waiting')}
      </p>
    );
  }
  const toLesson = (id: string) => pathOf({ region, institution, lesson: id });
  return <LinesTable caption={t('board.lessonsNow')} lines={lines} open={lesson} href={toLesson} zone={zone} />;
}

function RegionCounts({ store, region, institutions }: { store: Store; region: string; institutions: number }) {
  const part = store.parts.list.value.find((each) => each.peek().id === region);
  return <Counts institutions={institutions} lessons={part?.value.sums.planned ?? 0} />;
}

function OpenLesson({ store, place, zone }: { store: Store; place: Place; zone: string }) {
  const taking = useTaking();
  const root = useRef<HTMLDivElement>(null);
  const { institution = '', lesson } = place;
  const line = lineOf(store, lesson);
  const detail = store.detail.value;
  const here = line !== undefined && detail?.lesson === lesson;
  useEffect(() => {
    if (!here || navigations.peek() === 0) return;
    root.current?.querySelector('h3')?.focus({ preventScroll: true });
    root.current?.scrollIntoView({ block: 'nearest' });
  }, [lesson, here]);
  if (!line || !detail || detail.lesson !== lesson) {
    return (
      <p class="drill-note" role="status">
        {store.known.value && !line ? t('drill.gone') : t('drill.waiting')}
      </p>
    );
  }
  const alarm = store.alarms.value.find((each) => each.lesson === lesson);
  const named = { id: institution, name: store.names.value.get(institution) ?? '' };
  return (
    <div ref={root}>
      {taking.problem && <ProblemNote problem={taking.problem} />}
      <OneLesson line={line} detail={detail} institution={named} zone={zone} alarm={alarm} taking={taking} />
    </div>
  );
}

function lineOf(store: Store, lesson: string | undefined): Line | undefined {
  return store.lines.list.value.find((line) => line.peek().id === lesson)?.value;
}

/** The way from the board's beginning to what is open. */
function useCrumbs(store: Store, head: Head, place: Place, narrow: boolean): Crumb[] {
  const { region, institution, lesson } = place;
  const names = store.names.value;
  const nameOf = (id: string | undefined) => names.get(id ?? '') ?? '…';
  const top = head.level === 'ministry' ? t('board.country') : nameOf(head.institution ?? head.region);
  // Of an institution of one's own all lessons stand beside this.
  const first = head.level === 'institution' ? t('drill.label') : top;
  const crumbs: Crumb[] = [{ name: first, href: '/board' }];
  if (region && head.level === 'ministry') crumbs.push({ name: nameOf(region), href: pathOf({ region }) });
  if (region && institution && head.level !== 'institution') {
    crumbs.push({ name: nameOf(institution), href: pathOf({ region, institution }) });
  }
  const line = lineOf(store, lesson);
  if (narrow && line) crumbs.push({ name: lessonName(line.card.course, line.card.title), href: pathOf(place) });
  return crumbs;
}

/** The parts that need a look, the worst first, as they were when the panel came up or tiles came and went. */
function NothingOpen({ store, head }: { store: Store; head: Head }) {
  const parts = store.parts.list.value;
  const { planned } = store.sums.value;
  const weigh = (part: Live<Part>) => weight(part.peek().sums);
  const worst = useMemo(
    () =>
      parts
        .filter((part) => weigh(part) > 0)
        .sort((one, other) => weigh(other) - weigh(one))
        .slice(0, LOOKED_AT_MAX),
    [parts],
  );
  const regions = head.level === 'ministry';
  const toPart = (id: string) =>
    pathOf(regions ? { region: id } : { ...(head.region && { region: head.region }), institution: id });
  return (
    <Drill crumbs={[{ name: t('board.look'), href: '/board' }]} up={undefined}>
      {worst.length > 0 && (
        <PartsTable
          caption={t('board.look')}
          word={t(regions ? 'table.region' : 'table.institution')}
          parts={worst}
          open={undefined}
          href={toPart}
        />
      )}
      <p class="drill-note">
        {worst.length > 0 && t('board.lookNote')}
        {worst.length === 0 && (planned > 0 ? t('board.fine') : `${t('board.nothing')}. ${t('board.nothingText')}`)}
      </p>
    </Drill>
  );
}
