import { useState } from 'preact/hooks';
import { all } from '../../api/client';
import type { PersonCard } from '../../api/schema.gen';
import { Mark } from '../../ui/mark';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { SearchField } from '../../ui/parts/search-field';
import type { AreaProps } from '../school/areas';
import { ROLES, type Role, rolesOf, rolesText } from './roles';
import { Sections } from './sections';
import { t } from './words';

const STANDINGS = ['active', 'disabled', 'erased'] as const;
type Standing = (typeof STANDINGS)[number];

/** Everybody with an account, by name. */
export function PeopleList({ me }: Pick<AreaProps, 'me'>) {
  const [search, setSearch] = useState('');
  const [role, setRole] = useState<Role | ''>('');
  const [standing, setStanding] = useState<Standing | ''>('');
  const [group, setGroup] = useState('');
  const { administrator } = me.roles;
  const path = { institution: me.institution };
  const pages = usePages('/api/institutions/{institution}/people', {
    path,
    query: { ...(search && { search }), ...(role && { role }), ...(standing && { standing }), ...(group && { group }) },
  });
  // Without them the list is there all the same, and the search.
  const groups = useLoaded(
    (signal) => all('/api/institutions/{institution}/groups', { path, signal }),
    [me.institution],
  );
  const clear = () => {
    setSearch('');
    setRole('');
    setStanding('');
    setGroup('');
  };
  return (
    <div class="page">
      <PageHead title={t('people.title')}>
        {administrator && (
          <>
            <a class="button" href="/people/import">
              {t('people.import')}
            </a>
            <a class="button primary" href="/people/new">
              {t('people.new')}
            </a>
          </>
        )}
      </PageHead>
      <Sections me={me} at="people" />
      <div class="toolbar">
        <SearchField value={search} label={t('people.search')} onSearch={setSearch} />
        <select
          class="input people-filter"
          aria-label={t('people.role')}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role | '')}
        >
          <option value="">{t('people.anyRole')}</option>
          {ROLES.map((each) => (
            <option key={each} value={each}>
              {t(`role.${each}`)}
            </option>
          ))}
        </select>
        <select
          class="input people-filter"
          aria-label={t('people.standing')}
          value={standing}
          onChange={(event) => setStanding(event.currentTarget.value as Standing | '')}
        >
          <option value="">{t('people.anyStanding')}</option>
          {STANDINGS.map((each) => (
            <option key={each} value={each}>
              {t(`standing.${each}`)}
            </option>
          ))}
        </select>
        {groups.value && groups.value.length > 0 && (
          <select
            class="input people-filter"
            aria-label={t('people.group')}
            value={group}
            onChange={(event) => setGroup(event.currentTarget.value)}
          >
            <option value="">{t('people.anyGroup')}</option>
            {groups.value.map(({ id, name, course_title }) => (
              <option key={id} value={id}>
                {`${name} · ${course_title}`}
              </option>
            ))}
          </select>
        )}
      </div>
      <DataList
        pages={pages}
        label={t('people.title')}
        keyOf={(person) => person.id}
        search={search}
        filtered={role !== '' || standing !== '' || group !== ''}
        clear={clear}
        empty={{ title: t('people.none'), text: administrator ? t('people.noneAdmin') : t('people.noneText') }}
        row={(person) => (
          <a class="row" href={`/people/${person.id}`}>
            <PersonWords of={person} />
            <Standing of={person} />
          </a>
        )}
      />
    </div>
  );
}

/** Who it is: the name, and what tells two of one name apart. */
export function PersonWords({ of: { name, roles, sign_in, external_id } }: { of: PersonCard }) {
  return (
    <span class="row-words">
      <b dir="auto">{name}</b>
      <span class="t-s ink-2">
        <Joined of={[rolesText(rolesOf(roles)), sign_in, external_id]} />
      </span>
    </span>
  );
}

/** Only what deserves a look: who can't sign in, and who never did. */
export function Standing({ of: { erased_at, merged_into, disabled_at, has_password } }: { of: PersonCard }) {
  const over = erased_at != null ? 'erased' : merged_into != null ? 'merged' : disabled_at != null ? 'disabled' : null;
  if (over) {
    return (
      <span class="state ink-2">
        <Mark kind="ended" />
        {t(`is.${over}`)}
      </span>
    );
  }
  return has_password ? null : (
    <span class="state ink-2">
      <Mark kind="wait" />
      {t('is.invited')}
    </span>
  );
}
