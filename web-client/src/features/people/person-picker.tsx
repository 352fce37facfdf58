import { useState } from 'preact/hooks';
import { api, type Me } from '../../api/client';
import type { PersonCard } from '../../api/schema.gen';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { SearchField } from '../../ui/parts/search-field';
import { PersonWords } from './people-list';
import type { Role } from './roles';
import { t } from './words';

const LIST = '/api/institutions/{institution}/people';

interface Props {
  me: Me;
  /** What is searched for first. */
  first?: string;
  /** Only those of this role. */
  only?: Role;
  /** Who is not shown. */
  without?: readonly string[];
  /** Who is in this group already can't be chosen; `added` came in since it was asked. */
  group?: { id: string; added: readonly string[] };
  /** What choosing does, as a verb. */
  word: string;
  /** The same, said of somebody. */
  wordOf: (name: string) => string;
  onPick: (person: PersonCard) => void;
}

/** Somebody found by name, number, sign-in name or mail address. */
export function PersonPicker({ me, first = '', only, without = [], group, word, wordOf, onPick }: Props) {
  const [search, setSearch] = useState(first);
  const path = { institution: me.institution };
  const asked = { standing: 'active', ...(search && { search }), ...(only && { role: only }) };
  const found = usePages(LIST, { path, query: { ...asked, limit: 20 } });
  const members = useLoaded(
    async (signal) => group && api.get(LIST, { path, query: { ...asked, group: group.id, limit: 200 }, signal }),
    [search, group?.id],
  );
  const isIn = (id: string) => group?.added.includes(id) || members.value?.items.some((member) => member.id === id);
  const items = found.items.filter(({ id }) => !without.includes(id));
  return (
    <div class="people-picker">
      <SearchField value={search} label={t('people.search')} onSearch={setSearch} />
      <div class="people-found">
        <DataList
          pages={{ ...found, items }}
          label={t('people.found')}
          keyOf={(person) => person.id}
          search={search}
          clear={() => setSearch('')}
          empty={{ title: t('people.nobodyElse') }}
          row={(person) => (
            <div class="row">
              <PersonWords of={person} />
              {isIn(person.id) ? (
                <span class="state ink-2">{t('members.already')}</span>
              ) : (
                <button
                  type="button"
                  class="button small"
                  aria-label={wordOf(person.name)}
                  onClick={() => onPick(person)}
                >
                  {word}
                </button>
              )}
            </div>
          )}
        />
      </div>
    </div>
  );
}
