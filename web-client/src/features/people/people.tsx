import './people.css';
import type { AreaProps } from '../school/areas';
import { NotHere } from '../school/frame';
import { Groups } from './groups';
import { PeopleList } from './people-list';
import { EditPerson, NewPerson } from './person-editor';
import { PersonPage } from './person-page';
import { readsPeople } from './sections';

/** People and their groups: the lists, one of them, and for administrators all that is done to an account. */
export default function People({ me, rest }: AreaProps) {
  const [first, second] = rest;
  const { administrator } = me.roles;
  if (first === 'groups') return <Groups me={me} rest={rest.slice(1)} />;
  // Trainers read groups, and no accounts.
  if (!readsPeople(me)) return first ? <NotHere /> : <Groups me={me} rest={[]} />;
  if (first === 'new') return administrator ? <NewPerson me={me} /> : <NotHere />;
  if (first && second === 'edit' && administrator) return <EditPerson key={first} me={me} person={first} />;
  if (first) return <PersonPage key={first} me={me} person={first} />;
  return <PeopleList me={me} />;
}
