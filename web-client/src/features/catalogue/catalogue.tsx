import './catalogue.css';
import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { dayInText } from '../../i18n/format';
import { Figures } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { SearchField } from '../../ui/parts/search-field';
import type { PublicProps } from '../school/areas';
import { OfferPage } from './offer';
import { T, t } from './words';

/** What institutions offer, for everybody; one of its courses, and how to apply. */
export default function Catalogue({ me, rest }: PublicProps) {
  const [course] = rest;
  return course ? <OfferPage me={me} course={course} /> : <Offers />;
}

const NOTHING = { search: '', sector: '', region: '', level: '', language: '' };
type Filters = typeof NOTHING;

function Offers() {
  const [filters, setFilters] = useState<Filters>(NOTHING);
  const choices = useLoaded((signal) => api.get('/api/catalogue/choices', { signal }), []);
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
  const pages = usePages('/api/catalogue', { query });
  const set = (name: keyof Filters) => (value: string) => setFilters({ ...filters, [name]: value });
  const same = (values: readonly string[] = []) => values.map((value) => ({ value, word: value }));
  const filtered = Object.keys(query).some((name) => name !== 'search');
  return (
    <div class="page">
      <PageHead title={t('catalogue.title')} note={t('catalogue.note')} />
      <div class="toolbar">
        <SearchField value={filters.search} label={t('catalogue.search')} onSearch={set('search')} />
      </div>
      <div class="catalogue-filters">
        <Filter
          word={t('catalogue.region')}
          every={t('catalogue.everyRegion')}
          value={filters.region}
          choices={(choices.value?.regions ?? []).map(({ id, name }) => ({ value: id, word: name }))}
          onChange={set('region')}
        />
        <Filter
          word={t('catalogue.sector')}
          every={t('catalogue.everySector')}
          value={filters.sector}
          choices={same(choices.value?.sectors)}
          onChange={set('sector')}
        />
        <Filter
          word={t('catalogue.level')}
          every={t('catalogue.everyLevel')}
          value={filters.level}
          choices={same(choices.value?.levels)}
          onChange={set('level')}
        />
        <Filter
          word={t('catalogue.language')}
          every={t('catalogue.everyLanguage')}
          value={filters.language}
          choices={[
            { value: 'ar', word: 'العربية' },
            { value: 'fr', word: 'Français' },
            { value: 'en', word: 'English' },
          ]}
          onChange={set('language')}
        />
      </div>
      <DataList
        pages={pages}
        label={t('catalogue.title')}
        keyOf={(offer) => offer.id}
        search={filters.search}
        filtered={filtered}
        clear={() => setFilters(filters.search ? { ...filters, search: '' } : NOTHING)}
        empty={{ title: t('catalogue.none'), text: t('catalogue.noneText') }}
        row={(offer) => (
          <a class="row" href={`/catalogue/${offer.id}`}>
            <span class="row-words">
              <b dir="auto">{offer.title}</b>
              <span dir="auto">{offer.institution_name}</span>
              <span class="ink-2">
                <Joined of={[offer.region_name, offer.sector, offer.level]} />
              </span>
            </span>
            {offer.places_left != null && <Places left={offer.places_left} />}
            {offer.apply_until != null && (
              <span class="ink-2">
                <T k="catalogue.until" v={{ day: <Figures text={dayInText(offer.apply_until, offer.time_zone)} /> }} />
              </span>
            )}
          </a>
        )}
      />
    </div>
  );
}

/** How many places are free. */
export function Places({ left }: { left: number }) {
  if (left === 0) return <span class="tag is-attention">{t('catalogue.full')}</span>;
  return (
    <span class="tag">
      <span>
        <T k="catalogue.places" v={{ count: left }} />
      </span>
    </span>
  );
}

interface FilterProps {
  word: string;
  every: string;
  value: string;
  choices: readonly { value: string; word: string }[];
  onChange: (value: string) => void;
}

function Filter({ word, every, value, choices, onChange }: FilterProps) {
  return (
    <label class="catalogue-filter">
      <span class="t-xs ink-2">{word}</span>
      <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{every}</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.word}
          </option>
        ))}
      </select>
    </label>
  );
}
