import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { language } from '../../i18n';
import { time } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { addDays, civil, type Day, dayText, dayWithin, lanes, minuteText, STEP, weekdayText } from './dates';
import { isOpen, nameOf, type Shown, stateOf } from './view';
import { T, t } from './words';

/** Where somebody wants a lesson. */
export interface Wish {
  shown: Shown;
  day: Day;
  from: number;
  minutes: number;
}

interface Props {
  days: readonly Day[];
  items: readonly Shown[];
  zone: string;
  now: number;
  clashing: ReadonlySet<string>;
  /** Days without lessons, and what they are called. */
  closed: ReadonlyMap<Day, string>;
  /** Whether lessons can be moved. */
  canMove: boolean;
  onOpen: (shown: Shown) => void;
  onMove: (wish: Wish) => void;
}

/** How high an hour is, in pixels. */
const HOUR_PX = 76;

/** Below this a block has no room for two lines of a name, in minutes. */
const SHORT = 80;

/** How near to the hour the label of the time that it is covers the hour's, in minutes. */
const COVERED = 15;

const DAY_MINUTES = 24 * 60;

export function WeekGrid(props: Props) {
  const { days, items, zone, now, closed } = props;
  const [wish, setWish] = useState<Wish | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const first = Math.floor(Math.min(8 * 60, ...items.map(({ from }) => from)) / 60);
  const last = Math.ceil(Math.max(18 * 60, ...items.map(({ to }) => Math.min(to, DAY_MINUTES))) / 60);
  const hours = Array.from({ length: last - first }, (_, hour) => first + hour);
  const today = civil(now, zone);
  const nowIsShown = days.includes(today.day) && today.minute >= first * 60 && today.minute < last * 60;
  // The time that it is covers the hour's label beside it.
  const labels = hours.slice(1).filter((hour) => !nowIsShown || Math.abs(hour * 60 - today.minute) > COVERED);
  const top = (minute: number) => `${((minute - first * 60) / 60) * HOUR_PX}px`;
  const commit = (wanted: Wish) => {
    setWish(null);
    const { shown, day, from, minutes } = wanted;
    if (day !== shown.day || from !== shown.from || minutes !== shown.lesson.minutes) props.onMove(wanted);
  };
  return (
    <section class="panel week" aria-label={t('week.title')} style={{ '--days': days.length }}>
      <div class="week-heads">
        <span />
        {days.map((day) => (
          <div key={day} class={day === today.day ? 'dayname is-today' : 'dayname'}>
            <span>{weekdayText(day, zone)}</span>
            <b>
              <Num>{Number(day.slice(8))}</Num>
            </b>
          </div>
        ))}
      </div>
      <div class="week-body" ref={body} style={{ blockSize: `${hours.length * HOUR_PX}px` }}>
        <div class="hours" aria-hidden="true">
          {labels.map((hour) => (
            <span key={hour} class="hour" style={{ insetBlockStart: top(hour * 60) }}>
              <Num>{hourText(hour)}</Num>
            </span>
          ))}
          {nowIsShown && (
            <span class="now-at" style={{ insetBlockStart: top(today.minute) }}>
              <Num>{time(now, zone)}</Num>
            </span>
          )}
        </div>
        {days.map((day) => (
          <DayColumn key={day} {...props} day={day} first={first} top={top} {...{ wish, setWish, commit, body }} />
        ))}
        {hours.slice(1).map((hour) => (
          <i key={hour} class="line" style={{ insetBlockStart: top(hour * 60) }} />
        ))}
      </div>
      {items.length === 0 && closed.size === 0 && <p class="week-empty ink-2">{t('week.empty')}</p>}
      <p class="visually-hidden" role="status">
        {wish && t('week.moving', { title: nameOf(wish.shown.lesson), when: wishText(wish, zone) })}
      </p>
    </section>
  );
}

export function wishText({ day, from, minutes }: Pick<Wish, 'day' | 'from' | 'minutes'>, zone: string): string {
  return `${dayWithin(day, zone)} ${minuteText(from)} – ${minuteText(from + minutes)}`;
}

function hourText(hour: number): string {
  return language.value === 'fr' ? `${hour}\u00a0h` : `${String(hour).padStart(2, '0')}:00`;
}

interface ColumnProps extends Props {
  day: Day;
  first: number;
  top: (minute: number) => string;
  wish: Wish | null;
  setWish: (wish: Wish | null) => void;
  commit: (wish: Wish) => void;
  body: { current: HTMLDivElement | null };
}

function DayColumn({ day, items, zone, now, closed, top, wish, ...rest }: ColumnProps) {
  const shut = closed.get(day);
  const own = items.filter((shown) => shown.day === day && wish?.shown.lesson.id !== shown.lesson.id);
  const here: Shown[] =
    wish?.day === day ? [...own, { ...wish.shown, day, from: wish.from, to: wish.from + wish.minutes }] : own;
  const places = lanes(here);
  const today = civil(now, zone);
  return (
    <ul class={shut ? 'col is-closed' : 'col'} aria-label={dayText(day, zone)}>
      {shut && (
        <li class="closed-note">
          <T k="week.closed" v={{ name: <bdi>{shut}</bdi> }} />
        </li>
      )}
      {today.day === day && <li class="now-line" aria-hidden="true" style={{ insetBlockStart: top(today.minute) }} />}
      {here.map((shown, index) => (
        <Block
          key={shown.lesson.id}
          {...rest}
          {...{ shown, zone, now, top, wish, items, closed, day }}
          lane={places[index] ?? { lane: 0, of: 1 }}
        />
      ))}
    </ul>
  );
}

interface BlockProps extends ColumnProps {
  shown: Shown;
  lane: { lane: number; of: number };
}

function Block({ shown, lane, ...props }: BlockProps) {
  const { now, top, wish, setWish, commit, canMove, clashing, onOpen } = props;
  const { lesson } = shown;
  const movable = canMove && isOpen(lesson) && !lesson.cancelled_at;
  const mine = wish?.shown.lesson.id === lesson.id ? wish : null;
  const [mark, word, look] = stateOf(lesson, now, clashing.has(lesson.id));
  const drag = useDrag(shown, props);
  const pressed = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const movedTo = mine?.day;
  useLayoutEffect(() => {
    // In another day's column it is drawn anew, and the keys go on with it: the next one may follow at once.
    if (movedTo) button.current?.focus();
  }, [movedTo]);
  const style = {
    insetBlockStart: top(shown.from),
    blockSize: `calc(${top(shown.to)} - ${top(shown.from)} - 4px)`,
    insetInlineStart: `calc(${(100 / lane.of) * lane.lane}% + 3px)`,
    inlineSize: `calc(${100 / lane.of}% - 6px)`,
  };
  const key = (event: KeyboardEvent) => {
    if (!movable) return;
    const current = mine ?? { shown, day: shown.day, from: shown.from, minutes: lesson.minutes };
    const next = moved(current, event, props.days);
    if (next) {
      event.preventDefault();
      setWish(next);
    } else if (mine && event.key === 'Escape') {
      event.preventDefault();
      setWish(null);
    } else if (mine && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      commit(mine);
    }
  };
  return (
    <li class="slot" style={style}>
      <button
        ref={button}
        type="button"
        class={[
          'lesson',
          look,
          mine && 'is-moving',
          lane.of > 1 && 'is-narrow',
          shown.to - shown.from < SHORT && 'is-short',
        ]
          .filter(Boolean)
          .join(' ')}
        aria-keyshortcuts={movable ? 'ArrowUp ArrowDown ArrowLeft ArrowRight' : undefined}
        onKeyDown={key}
        onBlur={(event) => mine && event.relatedTarget && !pressed.current && setWish(null)}
        onClick={() => (pressed.current || mine ? undefined : onOpen(shown))}
        {...(movable && drag('move', pressed))}
      >
        <b dir="auto">{nameOf(lesson)}</b>
        <span class="t one-line whom">
          <Joined of={[lesson.group.name, lesson.venue?.name]} />
        </span>
        <span class="t">
          <Num>{minuteText(shown.from)}</Num> – <Num>{minuteText(shown.to)}</Num>
        </span>
        <span class="state">
          <Mark kind={mark} />
          <span class="one-line">{word}</span>
        </span>
      </button>
      {movable && <span class="stretch" aria-hidden="true" {...drag('stretch', pressed)} />}
    </li>
  );
}

/** Where an arrow key takes a lesson; nothing for other keys. */
function moved(wish: Wish, event: KeyboardEvent, days: readonly Day[]): Wish | null {
  const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const { key, shiftKey } = event;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const by = key === 'ArrowUp' ? -STEP : STEP;
    if (shiftKey) return { ...wish, minutes: Math.max(STEP, wish.minutes + by) };
    return { ...wish, from: Math.max(0, Math.min(DAY_MINUTES - STEP, wish.from + by)) };
  }
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null;
  const day = addDays(wish.day, key === forward ? 1 : -1);
  return days.includes(day) ? { ...wish, day } : wish;
}

type Pressed = { current: boolean };

/** Moves or stretches a lesson with the pointer; a press that hardly moves is a click. */
function useDrag(shown: Shown, { days, body, setWish, commit }: ColumnProps) {
  return (kind: 'move' | 'stretch', pressed: Pressed) => ({
    onPointerDown: (event: PointerEvent) => {
      const root = body.current;
      if (!root || event.button !== 0 || event.pointerType === 'touch') return;
      const columns = [...root.querySelectorAll<HTMLElement>('.col')].map((column) => column.getBoundingClientRect());
      const at = (x: number) => columns.findIndex(({ left, right }) => x >= left && x < right);
      const start = { x: event.clientX, y: event.clientY, column: at(event.clientX) };
      let wish: Wish | null = null;
      // Other columns draw the block meanwhile: the window listens, not the block.
      const move = (next: PointerEvent) => {
        if (!wish && Math.hypot(next.clientX - start.x, next.clientY - start.y) < 6) return;
        pressed.current = true;
        const by = Math.round(((next.clientY - start.y) / HOUR_PX) * (60 / STEP)) * STEP;
        const column = at(next.clientX);
        const shift = column < 0 || kind === 'stretch' ? 0 : column - start.column;
        const place = Math.max(0, Math.min(days.length - 1, daysIndex(days, shown.day) + shift));
        wish = {
          shown,
          day: days[place] ?? shown.day,
          from: kind === 'move' ? Math.max(0, Math.min(DAY_MINUTES - STEP, shown.from + by)) : shown.from,
          minutes: kind === 'stretch' ? Math.max(STEP, shown.lesson.minutes + by) : shown.lesson.minutes,
        };
        setWish(wish);
      };
      const end = (done: PointerEvent) => {
        removeEventListener('pointermove', move);
        removeEventListener('pointerup', end);
        removeEventListener('pointercancel', end);
        if (wish && done.type === 'pointerup') commit(wish);
        else setWish(null);
        // The click that follows is of this press.
        setTimeout(() => {
          pressed.current = false;
        });
      };
      addEventListener('pointermove', move);
      addEventListener('pointerup', end);
      addEventListener('pointercancel', end);
    },
  });
}

function daysIndex(days: readonly Day[], day: Day): number {
  return Math.max(0, days.indexOf(day));
}
