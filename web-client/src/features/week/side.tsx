import { hours } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { civil, dayText, dayWithin, minuteText } from './dates';
import type { Clashes, Shown } from './view';
import { T, t } from './words';

/** What the week comes to. */
export function Sum({ items }: { items: readonly Shown[] }) {
  const held = items.filter(({ lesson }) => !lesson.cancelled_at);
  const given = held.filter(({ lesson }) => lesson.phase === 'ended');
  return (
    <section class="panel sum">
      <h2>{t('sum.title')}</h2>
      <dl>
        <dt>{t('sum.lessons')}</dt>
        <dd>
          <Num>{held.length}</Num>
        </dd>
        <dt>{t('sum.hours')}</dt>
        <dd>
          <Num>{hoursOf(held)}</Num>
        </dd>
        <dt>{t('sum.given')}</dt>
        <dd>
          <Num>{hoursOf(given)}</Num>
        </dd>
        <dt>{t('sum.off')}</dt>
        <dd>
          <Num>{items.length - held.length}</Num>
        </dd>
      </dl>
    </section>
  );
}

function hoursOf(items: readonly Shown[]): string {
  return hours(items.reduce((sum, { lesson }) => sum + lesson.minutes, 0));
}

export function Legend() {
  return (
    <section class="panel sum">
      <h2>{t('legend.title')}</h2>
      <ul class="legend">
        {(
          [
            ['live', 'state.live'],
            ['plan', 'state.plan'],
            ['ended', 'state.ended'],
            ['attention', 'state.replacement'],
            ['alarm', 'state.clash'],
          ] as const
        ).map(([mark, word]) => (
          <li key={word} class="state">
            <Mark kind={mark} />
            <span>{t(word)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ClashProps {
  clashes: Clashes;
  zone: string;
  /** Takes one of the free times. */
  onUse: (starts_at: number) => void;
  onClose?: () => void;
}

/** What is in the way, and when it would fit. */
export function ClashPanel({ clashes, zone, onUse, onClose }: ClashProps) {
  const when = (from: number, to: number, dayOf = dayText) => {
    const [start, end] = [civil(from, zone), civil(to, zone)];
    return (
      <>
        {dayOf(start.day, zone)} <Num>{minuteText(start.minute)}</Num> – <Num>{minuteText(end.minute)}</Num>
      </>
    );
  };
  const { conflicts, too_small: small, free } = clashes;
  return (
    <section class="panel clash" role="alert">
      <h2>
        <Mark kind="alarm" />
        {t('clash.title')}
      </h2>
      {conflicts.slice(0, 4).map((conflict) => {
        const who = (['group', 'trainer', 'venue'] as const).find((each) => conflict.who.includes(each)) ?? 'trainer';
        const name = <bdi>{conflict[who]?.name ?? ''}</bdi>;
        const title = <bdi>{conflict.title}</bdi>;
        return (
          <p key={conflict.lesson}>
            <T k={`clash.${who}`} v={{ name, title, when: when(conflict.starts_at, conflict.ends_at, dayWithin) }} />
          </p>
        );
      })}
      {small && (
        <p>
          <T
            k="clash.small"
            v={{
              venue: <bdi>{small.venue}</bdi>,
              capacity: <Num>{small.capacity}</Num>,
              size: <Num>{small.size}</Num>,
            }}
          />
        </p>
      )}
      {conflicts.length > 0 && (
        <>
          <h3>{free.length > 0 ? t('clash.free') : t('clash.none')}</h3>
          <ul class="free">
            {free.map(({ starts_at, ends_at }) => (
              <li key={starts_at}>
                <span>{when(starts_at, ends_at)}</span>
                <button type="button" class="button quiet small" onClick={() => onUse(starts_at)}>
                  {t('clash.use')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {onClose && (
        <button type="button" class="button small" onClick={onClose}>
          {t('clash.close')}
        </button>
      )}
    </section>
  );
}
