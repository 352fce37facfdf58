import './people.css';
import type { AreaProps } from '../school/areas';
import { NotHere } from '../school/frame';
import { PeopleList } from './people-list';
import { EditPerson, NewPerson } from './person-editor';
import { PersonPage } from './person-page';

/** People and their accounts: the list, one of them, and for administrators all that is done to an account. */
export default function People({ me, rest }: AreaProps) {
  const [first, second] = rest;
  const { administrator, committee } = me.roles;
  if (!administrator && !committee) return <NotHere />;
  if (first === 'new') return administrator ? <NewPerson me={me} /> : <NotHere />;
  if (first && second === 'edit' && administrator) return <EditPerson key={first} me={me} person={first} />;
  if (first) return <PersonPage key={first} me={me} person={first} />;
  return <PeopleList me={me} />;
}
