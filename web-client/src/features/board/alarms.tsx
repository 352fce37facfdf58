import { useState } from 'preact/hooks';
import { type AlarmCard, all } from '../../api/client';
import type { AlarmRule } from '../../call/protocol.gen';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { AlarmMail } from './alarm-mail';
import { AlarmRecord } from './alarm-record';
import { RULES } from './alarm-rows';
import { useTaking } from './use-taking';
import { t } from './words';

const STANDINGS = ['open', 'ended', 'all'] as const;
const CHARGES = ['any', 'free', 'taken'] as const;

type Standing = (typeof STANDINGS)[number];
type ChargeState = (typeof CHARGES)[number];

/** All alarms of what one oversees: those that have not ended, and those that have, with what was said of them. */
export default function Alarms({ me }: AreaProps) {
  const [standing, setStanding] = useState<Standing>('open');
  const [charge, setCharge] = useState<ChargeState>('any');
  const [rule, setRule] = useState<AlarmRule | ''>('');
  const [region, setRegion] = useState('');
  const pages = usePages('/api/alarms', {
    query: {
      ...(standing !== 'all' && { open: standing === 'open' }),
      ...(charge !== 'any' && { taken: charge === 'taken' }),
      ...(rule && { rule }),
      ...(region && { region }),
    },
  });
  const replace = (alarm: AlarmCard) =>
    pages.edit((items) => items.map((each) => (each.id === alarm.id ? alarm : each)));
  const taking = useTaking(replace);
  const clear = () => {
    setStanding('open');
    setCharge('any');
    setRule('');
    setRegion('');
  };
  const filtered = standing !== 'open' || charge !== 'any' || rule !== '' || region !== '';
  return (
    <div class="page">
      <PageHead title={t('alarms.title')} note={t('alarms.note')}>
        <a class="button" href="/board">
          {t('alarms.toBoard')}
        </a>
      </PageHead>
      <div class="toolbar">
        <Filter label={t('filter.standing')} value={standing} onChange={setStanding}>
          {STANDINGS.map((each) => (
            <option key={each} value={each}>
              {t(`standing.${each}`)}
            </option>
          ))}
        </Filter>
        <Filter label={t('filter.charge')} value={charge} onChange={setCharge}>
          {CHARGES.map((each) => (
            <option key={each} value={each}>
              {t(`charge.${each}`)}
            </option>
          ))}
        </Filter>
        <Filter label={t('filter.rule')} value={rule} onChange={setRule}>
          <option value="">{t('filter.anyRule')}</option>
          {RULES.map((each) => (
            <option key={each} value={each}>
              {t(`rule.${each}`)}
            </option>
          ))}
        </Filter>
        {me.reach === 'ministry' && <RegionFilter value={region} onChange={setRegion} />}
      </div>
      {taking.problem && <ProblemNote problem={taking.problem} />}
      <DataList
        pages={pages}
        label={t('alarms.title')}
        keyOf={(alarm) => alarm.id}
        filtered={filtered}
        clear={clear}
        empty={{ title: t('alarms.none'), text: t('alarms.noneText') }}
        row={(alarm) => <AlarmRecord alarm={alarm} zone={me.time_zone} taking={taking} onChange={replace} />}
      />
      {me.roles.committee && <AlarmMail />}
    </div>
  );
}

interface FilterProps<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  children: preact.ComponentChildren;
}

function Filter<Value extends string>({ label, value, onChange, children }: FilterProps<Value>) {
  return (
    <select
      class="input alarm-filter"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    >
      {children}
    </select>
  );
}

/** Without the regions' names the list is there all the same. */
function RegionFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const regions = useLoaded((signal) => all('/api/regions', { signal }), []);
  if (!regions.value || regions.value.length < 2) return null;
  return (
    <Filter label={t('table.region')} value={value} onChange={onChange}>
      <option value="">{t('filter.anyRegion')}</option>
      {regions.value.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Filter>
  );
}
