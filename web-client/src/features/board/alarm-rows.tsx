import './alarms.css';
import type { AlarmRule } from '../../call/protocol.gen';
import { number } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import type { Alarm } from './model';
import { T, t } from './words';

/** What stops a lesson; the others make it hard to follow. */
const STOPS: readonly AlarmRule[] = ['no_trainer', 'few_present'];

export function isStopping({ rule }: Pick<Alarm, 'rule'>): boolean {
  return STOPS.includes(rule);
}

/** What an alarm says. */
export function AlarmWord({ alarm }: { alarm: Alarm }) {
  const kind = isStopping(alarm) ? 'alarm' : 'attention';
  return (
    <span class={`state t-s is-${kind}`}>
      <Mark kind={kind} />
      <span>{t(`rule.${alarm.rule}`)}</span>
    </span>
  );
}

/** `depuis 12 min`, by the clock of this page. */
export function Since({ at }: { at: number }) {
  const minutes = Math.max(0, Math.floor((now.value - at / 1000) / 60_000));
  if (minutes < 1) return <>{t('since.now')}</>;
  if (minutes < 100) return <T k="since.minutes" v={{ count: minutes }} />;
  return <T k="since.hours" v={{ count: <Num>{number(Math.floor(minutes / 60))}</Num> }} />;
}

interface Props {
  alarms: readonly Alarm[];
  href: (alarm: Alarm) => string;
}

/** Alarms, each with what it says, where, since when, and who takes care of it. */
export function AlarmRows({ alarms, href }: Props) {
  return (
    <ul class="alarm-rows" aria-label={t('alarms.caption')}>
      {alarms.map((alarm) => (
        <li key={alarm.id}>
          <AlarmWord alarm={alarm} />
          <a class="alarm-where" href={href(alarm)}>
            <span>
              <Where of={alarm} />
            </span>
          </a>
          <span class="alarm-since t-s">
            <Since at={alarm.raised_at} />
          </span>
          <span class="alarm-charge">
            <Charge alarm={alarm} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Region, institution and lesson, each in its own direction. */
export function Where({ of: { region, institution, lesson_title } }: { of: Alarm }) {
  return <Joined of={[region.name, institution.name, lesson_title]} />;
}

/** Who takes care of it. */
export function Charge({ alarm: { taken_by } }: { alarm: Alarm }) {
  if (taken_by === null) return null;
  return (
    <span class="t-xs ink-2">
      <T k="alarm.takenBy" v={{ name: <bdi>{taken_by}</bdi> }} />
    </span>
  );
}
