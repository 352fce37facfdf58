import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { LessonName } from '../../ui/parts/lesson-name';
import { civil, type Day, dayText, minuteText } from './dates';
import { type Shown, stateOf } from './view';
import { T, t } from './words';

interface Props {
  days: readonly Day[];
  items: readonly Shown[];
  zone: string;
  now: number;
  clashing: ReadonlySet<string>;
  closed: ReadonlyMap<Day, string>;
  onOpen: (shown: Shown) => void;
}

/** The week day by day, where there is no room for columns. */
export function DayList({ days, items, zone, now, clashing, closed, onOpen }: Props) {
  const today = civil(now, zone).day;
  return (
    <div class="day-list">
      {days.map((day) => {
        const own = items.filter((shown) => shown.day === day);
        const shut = closed.get(day);
        return (
          <section key={day} class="panel" aria-label={dayText(day, zone)}>
            <h2 class={day === today ? 'is-today' : undefined}>{dayText(day, zone)}</h2>
            {shut && (
              <p class="closed-note">
                <T k="week.closed" v={{ name: <bdi>{shut}</bdi> }} />
              </p>
            )}
            {own.length === 0 && !shut && <p class="ink-2 day-empty">{t('week.emptyDay')}</p>}
            <ul>
              {own.map((shown) => {
                const { lesson } = shown;
                const [mark, word, look] = stateOf(lesson, now, clashing.has(lesson.id));
                return (
                  <li key={lesson.id}>
                    <button type="button" class={`lesson row ${look}`} onClick={() => onOpen(shown)}>
                      <span class="times">
                        <Num>{minuteText(shown.from)}</Num>
                        <Num>{minuteText(shown.to)}</Num>
                      </span>
                      <span class="what">
                        <b>
                          <LessonName course={lesson.course.name} title={lesson.title} />
                        </b>
                        <span class="t">
                          <Joined of={[lesson.group.name, lesson.trainer.name]} />
                        </span>
                        <span class="state">
                          <Mark kind={mark} />
                          <span>{word}</span>
                        </span>
                      </span>
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
