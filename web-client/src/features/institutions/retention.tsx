import { useState } from 'preact/hooks';
import { api, type Me } from '../../api/client';
import type { KindDue, RetentionCard } from '../../api/schema.gen';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { CheckField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { BoneRows } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { Done } from '../account/part';
import { changeOf, type Kept, keptOf, oneOfKinds } from './keeping';
import { t } from './words';

const KEPT = '/api/institutions/{institution}/retention';

/** How long the institution keeps what it knows of people. */
export function Retention({ me }: { me: Me }) {
  const path = { institution: me.institution };
  const loaded = useLoaded((signal) => api.read(KEPT, { path, signal }), [me.institution]);
  const [saved, setSaved] = useState(false);
  const page = loaded.value;
  return (
    <section class="panel form-panel" aria-labelledby="retention">
      <h2 id="retention" class="retention-head">
        {t('keep.title')}
      </h2>
      <p class="ink-2 retention-note">{t('keep.note')}</p>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {!page && loaded.state === 'loading' && <BoneRows />}
      {page && (
        <Editor
          key={page.version}
          institution={me.institution}
          card={page.record}
          version={page.version}
          saved={saved}
          setSaved={setSaved}
          again={loaded.again}
        />
      )}
    </section>
  );
}

interface EditorProps {
  institution: string;
  card: RetentionCard;
  version: string;
  saved: boolean;
  setSaved: (saved: boolean) => void;
  again: () => void;
}

function Editor({ institution, card, version, saved, setSaved, again }: EditorProps) {
  const path = { institution };
  const [kept, setKept] = useState<Kept>(() => keptOf(card));
  const [due, setDue] = useState<readonly KindDue[] | null>(null);
  const change = (next: Kept) => {
    setKept(next);
    setSaved(false);
  };
  const save = async () => {
    await api.patch(KEPT, { path, version, body: changeOf(kept) });
  };
  const done = () => {
    setDue(null);
    setSaved(true);
    again();
  };
  // Nobody deletes by mistake: where anything would go, it is said first.
  const form = useForm(
    async (idempotencyKey) => {
      setSaved(false);
      const { kinds } = await api.post(`${KEPT}/preview`, { path, body: changeOf(kept), idempotencyKey });
      if (kinds.length === 0) await save();
      return kinds;
    },
    (kinds) => (kinds.length === 0 ? done() : setDue(kinds)),
  );
  return (
    <>
      <Form form={form}>
        <CheckField
          name="minors"
          label={t('keep.minors')}
          hint={t('keep.minorsHint')}
          checked={kept.minors}
          onChange={(minors) => change({ ...kept, minors })}
        />
        {kept.kinds.map((each, index) => {
          const set = (changed: Partial<typeof each>) =>
            change({ ...kept, kinds: kept.kinds.map((one, at) => (at === index ? { ...one, ...changed } : one)) });
          const bounds = { min: each.least, max: each.most, type: 'number', inputMode: 'numeric' } as const;
          return (
            <fieldset key={each.kind} class="retention-kind" aria-labelledby={`kind-${each.kind}`}>
              <div>
                <b id={`kind-${each.kind}`}>{t(`keep.${each.kind}`)}</b>
                <p class="field-hint">{t(`keep.${each.kind}Text`)}</p>
              </div>
              <div class="retention-days">
                <TextField
                  form={form}
                  name={each.kind}
                  label={each.minors === null ? t('keep.days') : t('keep.daysAdults')}
                  hint={<Figures text={t('keep.bounds', { least: each.least, most: each.most })} />}
                  value={each.days}
                  onInput={(days) => set({ days })}
                  {...bounds}
                />
                {each.minors !== null && (
                  <TextField
                    form={form}
                    name={`${each.kind}_minors`}
                    label={t('keep.daysMinors')}
                    value={each.minors}
                    onInput={(minors) => set({ minors })}
                    {...bounds}
                  />
                )}
              </div>
            </fieldset>
          );
        })}
        <div class="form-acts">
          <Submit form={form} word={t('one.save')} />
          <Done text={saved ? t('one.saved') : null} />
        </div>
      </Form>
      {due && (
        <Confirm
          title={t('keep.askTitle')}
          text={t('keep.askText')}
          word={t('keep.askWord')}
          danger
          act={save}
          onDone={done}
          onClose={() => setDue(null)}
        >
          <ul class="retention-due">
            {due.map(({ kind, of, count }) => (
              <li key={kind}>
                <b>{t(`keep.${oneOfKinds(kind)}`)}</b>{' '}
                <Figures text={t(of === 'lessons' ? 'keep.lessons' : 'keep.rows', { count })} />
              </li>
            ))}
          </ul>
        </Confirm>
      )}
    </>
  );
}
