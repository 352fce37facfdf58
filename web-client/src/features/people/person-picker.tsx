import { useState } from 'preact/hooks';
import type { Me } from '../../api/client';
import type { PersonCard } from '../../api/schema.gen';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { SearchField } from '../../ui/parts/search-field';
import { PersonWords } from './people-list';
import type { Role } from './roles';
import { t } from './words';

interface Props {
  me: Me;
  /** What is searched for first. */
  first?: string;
  role?: Role;
  /** Who is not to be chosen. */
  without: readonly string[];
  /** What choosing does, as a verb. */
  word: string;
  /** The same, said of somebody. */
  wordOf: (name: string) => string;
  onPick: (person: PersonCard) => void;
}

/** Somebody found by name, number, sign-in name or mail address. */
export function PersonPicker({ me, first = '', role, without, word, wordOf, onPick }: Props) {
  const [search, setSearch] = useState(first);
  const found = usePages('/api/institutions/{institution}/people', {
    path: { institution: me.institution },
    query: { standing: 'active', limit: 20, ...(search && { search }), ...(role && { role }) },
  });
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
              <button
                type="button"
                class="button small"
                aria-label={wordOf(person.name)}
                onClick={() => onPick(person)}
              >
                {word}
              </button>
            </div>
          )}
        />
      </div>
    </div>
  );
}
