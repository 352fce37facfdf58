import { useState } from 'preact/hooks';
import { api, type Me, saying } from '../../api/client';
import type { PersonCard } from '../../api/schema.gen';
import { Dialog } from '../../ui/dialog';
import { Confirm } from '../../ui/parts/confirm';
import { PersonPicker } from './person-picker';
import { T, t } from './words';

interface Props {
  me: Me;
  /** The account that goes. */
  of: PersonCard;
  onDone: (into: string) => void;
  onClose: () => void;
}

/** Two accounts of one person become one: the other is chosen, and what happens is said before it does. */
export function MergeDialog({ me, of: gone, onDone, onClose }: Props) {
  const [kept, setKept] = useState<PersonCard | null>(null);
  const names = { gone: <Account of={gone} />, kept: kept && <Account of={kept} /> };
  if (!kept) {
    return (
      <Dialog title={<T k="merge.chooseTitle" v={{ gone: <bdi>{gone.name}</bdi> }} />} onClose={onClose}>
        <p>{t('merge.choose')}</p>
        <PersonPicker
          me={me}
          first={gone.name}
          without={[gone.id]}
          word={t('merge.pick')}
          wordOf={(name) => t('merge.pickNamed', { name })}
          onPick={setKept}
        />
      </Dialog>
    );
  }
  return (
    <Confirm
      title={t('merge.title')}
      text={<T k="merge.text" v={names} />}
      word={t('merge.act')}
      danger
      act={async (idempotencyKey) => {
        const path = { institution: me.institution, person: gone.id };
        const body = { into: kept.id };
        const call = api.post('/api/institutions/{institution}/people/{person}/merge', { path, body, idempotencyKey });
        await saying(call, { in_use: t('refused.lastAdministrator') });
      }}
      onDone={() => onDone(kept.id)}
      onClose={onClose}
    >
      <p>
        <T k="merge.gone" v={names} />
      </p>
      {(gone.roles.administrator || gone.roles.committee) && <p>{t('merge.powers')}</p>}
    </Confirm>
  );
}

/** The name and what tells the two accounts apart. */
function Account({ of: { name, sign_in } }: { of: PersonCard }) {
  return (
    <b>
      <bdi>{name}</bdi>
      {sign_in && (
        <>
          {' ('}
          <bdi dir="ltr">{sign_in}</bdi>)
        </>
      )}
    </b>
  );
}
