import type { ComponentChildren } from 'preact';
import { duration } from '../../i18n/format';
import type { MarkKind } from '../../ui/mark';
import { Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { came, WORTH_A_LOOK_US, workedOutUs } from './presence';
import type { Report, ReportPerson } from './report';
import { T, t } from './words';

/** What is to be said of somebody's presence, and whether it deserves a look. */
export function remarksOf(person: ReportPerson, report: Report): [MarkKind | null, ComponentChildren] {
  const { corrected, drops, dropped_us, away_us, devices, first_at } = person;
  if (!came(person)) return absence(person, report);
  const begun = Math.max(report.lesson.started_at ?? report.lesson.starts_at, report.lesson.starts_at);
  const lateUs = first_at == null ? 0 : first_at - begun;
  const isTrainee = person.role === 'trainee';
  const isLate = isTrainee && lateUs > WORTH_A_LOOK_US;
  const earlyUs = isTrainee ? earlyBy(person, report) : 0;
  const isEarly = earlyUs > WORTH_A_LOOK_US;
  const parts: ComponentChildren[] = [
    person.role === 'trainer' && person.name != null && t('role.trainer'),
    person.role === 'committee' && person.name != null && t('role.committee'),
    corrected && (
      <T k="remark.corrected" v={{ before: <Num>{duration(workedOutUs(person, report.away_counts) / 1000)}</Num> }} />
    ),
    isLate && <T k="remark.late" v={{ by: <Num>{duration(lateUs / 1000)}</Num> }} />,
    isEarly && <T k="remark.early" v={{ by: <Num>{duration(earlyUs / 1000)}</Num> }} />,
    drops > 0 && <T k="remark.drops" v={{ count: drops, for: <Num>{duration(dropped_us / 1000)}</Num> }} />,
    away_us > 0 && <T k="remark.away" v={{ for: <Num>{duration(away_us / 1000)}</Num> }} />,
    isTrainee && !person.expected && report.expected > 0 && t('remark.guest'),
    devices > 1 && <T k="remark.devices" v={{ count: devices }} />,
  ];
  const isLost = isTrainee && dropped_us > WORTH_A_LOOK_US;
  return [isLate || isEarly || isLost ? 'attention' : null, <Joined key="parts" of={parts as never[]} />];
}

/** How long before the lesson's end somebody was gone for good; nothing while it is on air. */
function earlyBy({ last_at }: ReportPerson, { lesson }: Report): number {
  if (lesson.phase !== 'ended' || last_at == null) return 0;
  return Math.min(lesson.ends_at, lesson.ended_at ?? lesson.ends_at) - last_at;
}

function absence({ role }: ReportPerson, { lesson }: Report): [MarkKind | null, ComponentChildren] {
  if (lesson.phase === 'live') return ['wait', t('remark.notYet')];
  return [role === 'trainee' ? 'alarm' : null, t('remark.absent')];
}
