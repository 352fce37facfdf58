import { useState } from 'preact/hooks';
import type { GroupCard } from '../../api/schema.gen';
import { Num } from '../../ui/num';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { SearchField } from '../../ui/parts/search-field';
import type { AreaProps } from '../school/areas';
import { NotHere } from '../school/frame';
import { EditGroup, NewGroup } from './group-editor';
import { GroupPage } from './group-page';
import { Sections } from './sections';
import { t } from './words';

/** Groups: the list, one of them with its members, and for administrators making and changing them. */
export function Groups({ me, rest }: AreaProps) {
  const [first, second] = rest;
  const { administrator } = me.roles;
  if (first === 'new') return administrator ? <NewGroup me={me} /> : <NotHere />;
  if (first && second === 'edit' && administrator) return <EditGroup key={first} me={me} group={first} />;
  if (first) return <GroupPage key={first} me={me} group={first} />;
  return <GroupList me={me} />;
}

function GroupList({ me }: Pick<AreaProps, 'me'>) {
  const [search, setSearch] = useState('');
  const [archived, setArchived] = useState(false);
  const { administrator } = me.roles;
  const pages = usePages('/api/institutions/{institution}/groups', {
    path: { institution: me.institution },
    query: { ...(search && { search }), ...(archived && { archived }) },
  });
  return (
    <div class="page">
      <PageHead title={t('groups.title')}>
        {administrator && (
          <a class="button primary" href="/people/groups/new">
            {t('groups.new')}
          </a>
        )}
      </PageHead>
      <Sections me={me} at="groups" />
      <div class="toolbar">
        <SearchField value={search} label={t('groups.search')} onSearch={setSearch} />
        {administrator && (
          <button type="button" class="button" aria-pressed={archived} onClick={() => setArchived(!archived)}>
            {t('groups.archivedOnes')}
          </button>
        )}
      </div>
      <DataList
        pages={pages}
        label={t('groups.title')}
        keyOf={(group) => group.id}
        search={search}
        filtered={archived}
        clear={() => {
          setSearch('');
          setArchived(false);
        }}
        empty={{ title: t('groups.none'), text: administrator ? t('groups.noneAdmin') : t('groups.noneText') }}
        row={(group) => <GroupRow of={group} />}
      />
    </div>
  );
}

/** A group in a list: its course, how many are in it, and whether it takes more. */
export function GroupRow({ of: group }: { of: GroupCard }) {
  return (
    <a class="row" href={`/people/groups/${group.id}`}>
      <span class="row-words">
        <b dir="auto">{group.name}</b>
        <span class="t-s ink-2" dir="auto">
          {group.course_title}
        </span>
      </span>
      {isFull(group) && <span class="tag">{t('group.full')}</span>}
      <span class="ink-2">
        <span class="visually-hidden">{t('group.members')}: </span>
        <Num>{places(group)}</Num>
      </span>
    </a>
  );
}

/** How many are in it, of how many it takes. */
export function places({ members, capacity }: GroupCard): string | number {
  return capacity == null ? members : `${members} / ${capacity}`;
}

export function isFull({ members, capacity }: GroupCard): boolean {
  return capacity != null && members >= capacity;
}
