import './alarms.css';
import type { AlarmRule } from '../../call/protocol.gen';
import { number } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import type { Alarm } from './model';
import type { Taking } from './use-taking';
import { T, t } from './words';

export const RULES: readonly AlarmRule[] = ['no_trainer', 'few_present', 'poor_speech'];

/** What stops a lesson; the others make it hard to follow. */
const STOPS: readonly AlarmRule[] = ['no_trainer', 'few_present'];

export function isStopping(rule: string): boolean {
  return STOPS.some((each) => each === rule);
}

/** The rules that are known here; the last of them stands for one that a newer server may have. */
export function ruleOf(rule: string): AlarmRule {
  return RULES.find((each) => each === rule) ?? 'poor_speech';
}

/** What an alarm says. */
export function AlarmWord({ rule }: { rule: string }) {
  const kind = isStopping(rule) ? 'alarm' : 'attention';
  return (
    <span class={`state t-s is-${kind}`}>
      <Mark kind={kind} />
      <span>{t(`rule.${ruleOf(rule)}`)}</span>
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
  taking: Taking;
}

/** Alarms, each with what it says, where, since when, and who takes care of it. */
export function AlarmRows({ alarms, href, taking }: Props) {
  return (
    <ul class="alarm-rows" aria-label={t('alarms.caption')}>
      {alarms.map((alarm) => (
        <li key={alarm.id}>
          <AlarmWord rule={alarm.rule} />
          <a class="alarm-where" href={href(alarm)}>
            <span>
              <Where of={alarm} />
            </span>
          </a>
          <span class="alarm-since t-s">
            <Since at={alarm.raised_at} />
          </span>
          <span class="alarm-charge">
            <Charge alarm={alarm} taking={taking} />
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

/** Who takes care of it, or the button to do so. */
export function Charge({ alarm, taking }: { alarm: Alarm; taking: Taking }) {
  const busy = taking.busy === alarm.id;
  if (alarm.taken_by !== null) {
    return (
      <span class="t-xs ink-2">
        <T k="alarm.takenBy" v={{ name: <bdi>{alarm.taken_by}</bdi> }} />
      </span>
    );
  }
  return (
    <button
      type="button"
      class="button small quiet"
      aria-label={t('alarm.takeOf', { rule: t(`rule.${alarm.rule}`), lesson: alarm.lesson_title })}
      aria-disabled={busy}
      onClick={() => taking.take({ id: alarm.id, institution: alarm.institution.id })}
    >
      {busy ? t('alarm.taking') : t('alarm.take')}
    </button>
  );
}
