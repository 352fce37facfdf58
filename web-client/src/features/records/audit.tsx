import type { AuditCard } from '../../api/client';
import { date, timeToSecond } from '../../i18n/format';
import { Figures, Num } from '../../ui/num';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { has, T, t } from './words';
import './records.css';

/** What was done at the institution, and by whom. */
export default function Audit({ me }: AreaProps) {
  const { institution, time_zone } = me;
  const pages = usePages('/api/institutions/{institution}/audit', { path: { institution } });
  return (
    <div class="page">
      <PageHead title={t('audit.title')} note={t('audit.note')} />
      <DataList
        label={t('audit.list')}
        pages={pages}
        keyOf={(entry) => String(entry.seq)}
        row={(entry) => <Entry of={entry} zone={time_zone} />}
        empty={{ title: t('audit.empty') }}
      />
    </div>
  );
}

function Entry({ of: entry, zone }: { of: AuditCard; zone: string }) {
  const action = `action.${entry.action}`;
  return (
    <div class="row record">
      <span class="record-when t-s">
        <span>
          <Figures text={date(entry.at, zone)} />
        </span>
        <Num>{timeToSecond(entry.at, zone)}</Num>
      </span>
      <span class="row-words">
        <b>{has(action) ? t(action as 'action.course.create') : <bdi class="mono">{entry.action}</bdi>}</b>
        {entry.subject_name && <span dir="auto">{entry.subject_name}</span>}
        <span class="t-s ink-2">
          <Actor of={entry} />
        </span>
        <details class="t-s">
          <summary>{t('audit.details')}</summary>
          <dl class="record-facts">
            {entry.subject && <Fact name={t('audit.record')} value={entry.subject} />}
            {Object.entries((entry.detail ?? {}) as Record<string, unknown>).map(([name, value]) => (
              <Fact key={name} name={name} value={typeof value === 'string' ? value : JSON.stringify(value)} />
            ))}
            <Fact name={t('audit.hash')} value={entry.hash} />
          </dl>
        </details>
      </span>
      <Num>{entry.seq}</Num>
    </div>
  );
}

function Actor({ of: { actor_kind, actor_name } }: { of: AuditCard }) {
  if (actor_kind === 'key') return <>{t('audit.byKey')}</>;
  if (actor_kind === 'system') return <>{t('audit.bySystem')}</>;
  return <T k="audit.by" v={{ name: <bdi>{actor_name ?? t('audit.somebody')}</bdi> }} />;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd dir="auto" class="mono">
        {value}
      </dd>
    </div>
  );
}
