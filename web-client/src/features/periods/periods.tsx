import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { PeriodCard } from '../../api/schema.gen';
import { Mark } from '../../ui/mark';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { civil, spanOf } from '../week/dates';
import { PeriodDialog } from './period-dialog';
import { dateText } from './span';
import { T, t } from './words';

/** The institution's holidays and named days, with those that its region and the ministry set. */
export default function Periods({ me }: AreaProps) {
  const { institution, time_zone: zone } = me;
  const [past, setPast] = useState(false);
  const pages = usePages('/api/institutions/{institution}/periods', {
    path: { institution },
    query: past ? {} : { from: civil(Date.now() * 1000, zone).day },
  });
  const [edits, setEdits] = useState<PeriodCard | 'new' | null>(null);
  const [removes, setRemoves] = useState<PeriodCard | null>(null);
  const close = () => {
    setEdits(null);
    setRemoves(null);
  };
  return (
    <div class="page">
      <PageHead title={t('periods.title')} note={t('periods.note')}>
        <button type="button" class="button primary" onClick={() => setEdits('new')}>
          {t('periods.new')}
        </button>
      </PageHead>
      <div class="toolbar">
        <button type="button" class="button" aria-pressed={past} onClick={() => setPast(!past)}>
          {t('periods.past')}
        </button>
      </div>
      <DataList
        label={t('periods.list')}
        pages={pages}
        keyOf={(period) => period.id}
        row={(period) => (
          <PeriodRow of={period} zone={zone} edit={() => setEdits(period)} remove={() => setRemoves(period)} />
        )}
        empty={{ title: t('periods.empty'), text: t('periods.emptyText') }}
      />
      {edits && (
        <PeriodDialog
          me={me}
          of={edits === 'new' ? null : edits}
          onSaved={pages.again}
          onClose={() => setEdits(null)}
        />
      )}
      {removes && (
        <Confirm
          title={<T k="periods.removeTitle" v={{ name: <bdi>{removes.name}</bdi> }} />}
          text={removes.stops_lessons ? t('periods.removeText') : t('periods.removeNamed')}
          word={t('periods.remove')}
          danger
          act={() =>
            api.delete('/api/institutions/{institution}/periods/{period}', {
              path: { institution, period: removes.id },
              version: `"${removes.version}"`,
            })
          }
          onDone={() => {
            close();
            pages.again();
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

interface RowProps {
  of: PeriodCard;
  zone: string;
  edit: () => void;
  remove: () => void;
}

function PeriodRow({ of: period, zone, edit, remove }: RowProps) {
  const { name, first_day, last_day, held_by } = period;
  const span = spanOf(first_day, last_day, zone);
  return (
    <div class="row">
      <span class="row-words">
        <b dir="auto">{name}</b>
        <span class="ink-2">
          {first_day === last_day ? (
            <T k="periods.one" v={{ day: <Figures text={dateText(first_day, zone)} /> }} />
          ) : (
            <T k="periods.span" v={{ from: <Figures text={span.from} />, to: <Figures text={span.to} /> }} />
          )}
        </span>
        {held_by && (
          <span class="t-s ink-2">
            <T k="periods.heldBy" v={{ name: <bdi>{held_by.name}</bdi> }} />
          </span>
        )}
      </span>
      <span class="state">
        <Mark kind={period.stops_lessons ? 'ended' : 'plan'} />
        {period.stops_lessons ? t('periods.stops') : t('periods.runs')}
      </span>
      {!held_by && (
        <span class="row-acts">
          <button type="button" class="button small" aria-label={t('periods.editOf', { name })} onClick={edit}>
            {t('periods.edit')}
          </button>
          <button type="button" class="button small" aria-label={t('periods.removeOf', { name })} onClick={remove}>
            {t('periods.remove')}
          </button>
        </span>
      )}
    </div>
  );
}
