import './institutions.css';
import { useState } from 'preact/hooks';
import { api, type InstitutionCard } from '../../api/client';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { SearchField } from '../../ui/parts/search-field';
import type { AreaProps } from '../school/areas';
import { KINDS, oneOf, reaches } from './institution';
import { InstitutionPage } from './institution-page';
import { NewInstitution } from './new-institution';
import { t } from './words';
import { WorkHere } from './work-here';

/** The institutions that somebody of a region or the ministry reaches: the list, one of them, a new one. */
export default function Institutions({ me, rest }: AreaProps) {
  const [first] = rest;
  if (first === 'new' && me.roles.administrator) return <NewInstitution me={me} />;
  if (first && me.roles.administrator) return <InstitutionPage me={me} id={first} />;
  return <InstitutionList me={me} />;
}

function InstitutionList({ me }: Pick<AreaProps, 'me'>) {
  const [search, setSearch] = useState('');
  const [region, setRegion] = useState('');
  const [closed, setClosed] = useState(false);
  const regions = useLoaded((signal) => api.get('/api/regions', { signal }), []).value?.items ?? [];
  const pages = usePages('/api/institutions', {
    query: { closed, ...(search && { search }), ...(region && { region }) },
  });
  const clear = () => {
    if (search) return setSearch('');
    setRegion('');
    setClosed(false);
  };
  return (
    <div class="page">
      <PageHead title={t('institutions.title')}>
        {me.roles.administrator && (
          <a class="button primary" href="/admin/institutions/new">
            {t('institutions.new')}
          </a>
        )}
      </PageHead>
      <div class="toolbar">
        <SearchField value={search} label={t('institutions.search')} onSearch={setSearch} />
        {me.reach === 'ministry' && (
          <select
            class="input region-choice"
            aria-label={t('institutions.region')}
            value={region}
            onChange={(event) => setRegion(event.currentTarget.value)}
          >
            <option value="">{t('institutions.allRegions')}</option>
            {regions.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        <button type="button" class="button" aria-pressed={closed} onClick={() => setClosed(!closed)}>
          {t('institutions.closedOnes')}
        </button>
      </div>
      <DataList
        label={t('institutions.title')}
        pages={pages}
        keyOf={(institution) => institution.id}
        search={search}
        clear={clear}
        filtered={closed || region !== ''}
        empty={{
          title: t('institutions.none'),
          text: me.roles.administrator ? t('institutions.noneText') : t('institutions.noneSeen'),
        }}
        row={(institution) => (
          <Row
            me={me}
            institution={institution}
            region={regions.find(({ id }) => id === institution.region)?.name ?? ''}
          />
        )}
      />
    </div>
  );
}

interface RowProps extends Pick<AreaProps, 'me'> {
  institution: InstitutionCard;
  region: string;
}

function Row({ me, institution, region }: RowProps) {
  const words = (
    <>
      <b dir="auto">{institution.name}</b>
      <span class="t-s ink-2">
        <Joined of={[region, t(`kind.${oneOf(KINDS, institution.kind)}`)]} />
      </span>
    </>
  );
  const isOpen = me.roles.administrator && reaches(me, institution);
  return (
    <div class="row">
      {isOpen ? (
        <a class="row-words institution-link" href={`/admin/institutions/${institution.id}`}>
          {words}
        </a>
      ) : (
        <span class="row-words">{words}</span>
      )}
      {institution.id === me.institution && <span class="tag">{t('institutions.own')}</span>}
      <WorkHere me={me} institution={institution} small />
    </div>
  );
}
