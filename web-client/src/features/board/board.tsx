import './board.css';
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useMedia, WITH_SIDE } from '../../ui/media';
import { Num } from '../../ui/num';
import { ProblemNote } from '../../ui/parts/problem';
import type { Reach } from '../institutions/institution';
import type { AreaProps } from '../school/areas';
import { AlarmRows } from './alarm-rows';
import { FiguresStrip } from './figures';
import { BoardHead, OutOfDate, Simulated } from './head';
import type { Head } from './model';
import { Mosaic } from './mosaic';
import { PartsTable } from './parts-table';
import { above, isOpen, type Place, pathOf, placeOf, within } from './places';
import { Lessons, Side } from './side';
import type { Store } from './store';
import { useBoard } from './use-board';
import { useTaking } from './use-taking';
import { T, t } from './words';

/** From here what is open stands beside the mosaic, and not over it. */
const WITH_DRILL = '(min-width: 1360px)';

/** How many alarms the board shows; their own page has all of them. */
const ALARMS_SHOWN = 3;

/** What a tile's name needs, in pixels: institutions have longer names than regions. */
const TILE_MIN = { ministry: 104, region: 168, institution: 168 } as const;

/** Mosaic or table, as it was chosen last. */
const view = signal<'mosaic' | 'table'>('mosaic');

/** The committee's live board: every lesson of what they oversee that should be on air now. */
export default function Board({ me, rest }: AreaProps) {
  const { route } = useLocation();
  const store = useBoard(me.reach as Reach);
  const wide = useMedia(WITH_SIDE);
  const roomy = useMedia(WITH_DRILL);
  const head = store.head.value;
  const asked = placeOf(rest);
  const place = head ? within(asked, head) : asked;
  const path = pathOf(place);
  useEffect(() => store.open(place), [path]);
  const root = useFocus(path, wide);
  const zone = me.time_zone;
  const contact = store.contact.value;
  const up = head && above(place, head);
  const opened = head !== undefined && isOpen(place, head);
  const title = t('board.title');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape goes up from wherever one is on the board
    <div
      ref={root}
      class={wide ? 'board-page is-whole' : 'board-page'}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !up || (event.target as Element).closest('dialog')) return;
        event.preventDefault();
        route(pathOf(up));
      }}
    >
      <div class="board-top">
        <BoardHead title={title} zone={zone}>
          {head?.simulated && <Simulated />}
          {head && <AllAlarms store={store} />}
        </BoardHead>
        <OutOfDate contact={contact} zone={zone} />
      </div>
      {(wide || !opened) && <FiguresStrip sums={store.sums} />}
      {!head ? (
        <p class="panel empty" role="status">
          {t('board.loading')}
        </p>
      ) : (
        <div class="board-body">
          {(wide || !opened) && <Start store={store} head={head} place={place} wide={wide} zone={zone} />}
          {(opened || roomy) && <Side store={store} head={head} place={place} zone={zone} narrow={!wide} />}
        </div>
      )}
    </div>
  );
}

/**
 * Where the focus goes when something else is opened: to its heading, and after going up to what had been open. A lesson
 * takes it once its figures are there.
 */
function useFocus(path: string, wide: boolean) {
  const root = useRef<HTMLDivElement>(null);
  const before = useRef(path);
  useEffect(() => {
    const was = before.current;
    before.current = path;
    if (was === path) return;
    const [closed] = was.startsWith(`${path}/`) ? was.slice(path.length + 1).split('/') : [];
    const opener = closed && root.current?.querySelector<HTMLElement>(`[data-part="${CSS.escape(closed)}"]`);
    const heading = root.current?.querySelector<HTMLElement>('.drill-head h2');
    (opener || heading)?.focus({ preventScroll: wide && !opener });
  }, [path]);
  return root;
}

interface StartProps {
  store: Store;
  head: Head;
  place: Place;
  wide: boolean;
  zone: string;
}

/** What the board begins with: all parts as a mosaic or a table, and the alarms that have been open longest. */
function Start({ store, head, place, wide, zone }: StartProps) {
  const { route } = useLocation();
  const parts = store.parts.list.value;
  const regions = head.level === 'ministry';
  const under = regions ? {} : { ...(head.region && { region: head.region }) };
  const toPart = (id: string) => pathOf(regions ? { region: id } : { ...under, institution: id });
  const open = regions ? place.region : place.institution;
  const name = regions ? t('board.regions', { count: parts.length }) : t('board.institutions', { count: parts.length });
  const table = !wide || view.value === 'table';
  const list = <OpenAlarms store={store} />;
  return (
    <div class="board-start">
      {!wide && list}
      <section class="panel country" aria-label={t('board.lessonsNow')}>
        <header class="country-head">
          <h2>
            <Scope store={store} head={head} parts={parts.length} />
          </h2>
          {!table && head.level !== 'institution' && <Keys />}
          <span class="grow" />
          {wide && head.level !== 'institution' && <ViewSwitch />}
        </header>
        {head.level === 'institution' ? (
          <div class="board-frame">
            <Lessons store={store} place={place} zone={zone} />
          </div>
        ) : table ? (
          <div class="board-frame">
            <PartsTable
              caption={name}
              word={t(regions ? 'table.region' : 'table.institution')}
              parts={parts}
              open={open}
              href={toPart}
              whole
            />
          </div>
        ) : (
          <Mosaic
            label={name}
            tiles={parts}
            tileMin={TILE_MIN[head.level]}
            open={open}
            onOpen={(id) => route(toPart(id))}
          />
        )}
      </section>
      {wide && list}
    </div>
  );
}

/** The alarms that have been open longest, and the way to all of them. */
function OpenAlarms({ store }: { store: Store }) {
  const taking = useTaking();
  const alarms = store.alarms.value;
  return (
    <section class="panel alarms" aria-label={t('alarms.caption')}>
      {taking.problem && <ProblemNote problem={taking.problem} />}
      <AlarmRows
        alarms={alarms.slice(0, ALARMS_SHOWN)}
        taking={taking}
        href={({ region, institution, lesson }) => pathOf({ region: region.id, institution: institution.id, lesson })}
      />
      {alarms.length === 0 && <p class="alarms-none t-s ink-2">{t('alarms.none')}</p>}
    </section>
  );
}

/** `Toutes les alarmes (9)` */
function AllAlarms({ store }: { store: Store }) {
  const { length } = store.alarms.value;
  return (
    <a class="board-link t-s" href="/alarms">
      {t('alarms.all')} {length > 0 && <Num>{`(${length})`}</Num>}
    </a>
  );
}

/** `Sétif, 9 établissements`: what the board shows. */
function Scope({ store, head, parts }: { store: Store; head: Head; parts: number }) {
  const names = store.names.value;
  if (head.level === 'institution') return <bdi>{names.get(head.institution ?? '')}</bdi>;
  if (head.level === 'ministry') return <T k="board.regions" v={{ count: parts }} />;
  return (
    <>
      <bdi>{names.get(head.region ?? '')}</bdi>
      {t('tile.comma')}
      <T k="board.institutions" v={{ count: parts }} />
    </>
  );
}

function ViewSwitch() {
  return (
    <fieldset class="segments" aria-label={t('board.view')}>
      {(['mosaic', 'table'] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={view.value === each}
          onClick={() => {
            view.value = each;
          }}
        >
          {t(`board.${each}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** What the cells mean. */
function Keys() {
  return (
    <ul class="board-keys">
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path class="cell-on-air" d="M1 1h10v10H1z" />
        </svg>
        {t('key.onAir')}
      </li>
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path class="cell-late" d="M6 .5 12 11H0z" />
        </svg>
        {t('key.late')}
      </li>
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path class="cell-not-started" d="M0 0h12v12H0zM3 3v6h6V3z" />
        </svg>
        {t('key.notStarted')}
      </li>
      <li class="ink-2">{t('board.perLesson')}</li>
    </ul>
  );
}
