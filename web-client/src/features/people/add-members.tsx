import { useRef, useState } from 'preact/hooks';
import { type ApiProblem, api, type Me, problemOf, saying } from '../../api/client';
import type { GroupCard, PersonCard } from '../../api/schema.gen';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/parts/problem';
import { PersonPicker } from './person-picker';
import { T, t } from './words';

interface Props {
  me: Me;
  of: GroupCard;
  /** Says whether anybody was added. */
  onClose: (added: boolean) => void;
}

/** One after the other is found and put into the group; each counts at once. */
export function AddMembers({ me, of: group, onClose }: Props) {
  const [added, setAdded] = useState<readonly PersonCard[]>([]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const content = useRef<HTMLDivElement>(null);
  const add = async (person: PersonCard) => {
    setProblem(null);
    try {
      const path = { institution: me.institution, group: group.id, person: person.id };
      const call = api.put('/api/institutions/{institution}/groups/{group}/members/{person}', { path });
      await saying(call, { in_use: t('refused.full') });
      setAdded((before) => [...before, person]);
      // Their button is gone: on with the next name.
      content.current?.querySelector<HTMLInputElement>('[type="search"]')?.select();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const last = added.at(-1);
  return (
    <Dialog
      title={<T k="members.addTitle" v={{ group: <bdi>{group.name}</bdi> }} />}
      onClose={() => onClose(added.length > 0)}
    >
      <div class="people-picker" ref={content}>
        {problem && <ProblemNote problem={problem} />}
        <PersonPicker
          me={me}
          only="trainee"
          group={{ id: group.id, added: added.map(({ id }) => id) }}
          word={t('members.pick')}
          wordOf={(name) => t('members.pickNamed', { name })}
          onPick={(person) => void add(person)}
        />
        <p role="status">{last && <T k="members.added" v={{ name: <bdi>{last.name}</bdi> }} />}</p>
        <div class="dialog-acts">
          <button type="button" class="button primary" onClick={() => onClose(added.length > 0)}>
            {t('invite.done')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
