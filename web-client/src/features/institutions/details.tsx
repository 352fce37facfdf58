import { useRef, useState } from 'preact/hooks';
import { api, type InstitutionCard, type Me, type RegionCard } from '../../api/client';
import { Conflict, differences } from '../../ui/parts/conflict';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { BoneRows } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { Done } from '../account/part';
import { know } from '../school/me';
import { enter, workplace } from '../school/workplace';
import { InstitutionFields, inWords, names, type Said, saidOf } from './fields';
import { openingHours } from './hours';
import { isAbove, isMinistry } from './institution';
import { t } from './words';

export const ONE = '/api/institutions/{institution}';

/** An institution with its version, and the regions where who looks sees them; `me` is who one is at home. */
export function useInstitution(me: Me, id: string) {
  return useLoaded(
    async (signal) => {
      const [page, regions] = await Promise.all([
        api.read(ONE, { path: { institution: id }, signal }),
        isAbove(me) ? api.get('/api/regions', { signal }) : null,
      ]);
      return { ...page, regions: regions?.items ?? [] };
    },
    [id],
  );
}

interface DetailsProps {
  me: Me;
  loaded: ReturnType<typeof useInstitution>;
}

/** What the frame says of an institution, and the clock that every page goes by, where one is there. */
function tell(me: Me, institution: InstitutionCard): void {
  const { id, name, time_zone } = institution;
  if (workplace.value?.id === id) enter(me, institution);
  if (me.institution === id) know({ ...me, institution_name: name, time_zone });
}

/** What is known of an institution, to be changed. */
export function Details({ me, loaded }: DetailsProps) {
  const [saved, setSaved] = useState(false);
  const page = loaded.value;
  return (
    <>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {!page && loaded.state === 'loading' && (
        <div class="panel" aria-busy="true">
          <BoneRows />
        </div>
      )}
      {page && (
        <section class="panel form-panel" aria-label={t('one.facts')}>
          <Editor
            key={page.version}
            me={me}
            institution={page.record}
            version={page.version}
            regions={page.regions}
            saved={saved}
            setSaved={setSaved}
            onSaved={(institution) => {
              tell(me, institution);
              loaded.again();
            }}
            again={loaded.again}
          />
        </section>
      )}
    </>
  );
}

interface EditorProps {
  me: Me;
  institution: InstitutionCard;
  version: string;
  regions: readonly RegionCard[];
  saved: boolean;
  setSaved: (saved: boolean) => void;
  onSaved: (institution: InstitutionCard) => void;
  again: () => void;
}

function Editor({ me, institution, version, regions, saved, setSaved, onSaved, again }: EditorProps) {
  const path = { institution: institution.id };
  const [said, setSaid] = useState<Said>(() => saidOf(institution));
  const [theirs, setTheirs] = useState<InstitutionCard | null>(null);
  const over = useRef(false);
  const moves = isMinistry(me);
  // Nobody takes the reach from the house that they stand in.
  const givesReach = moves && institution.id !== me.institution;
  const form = useForm(
    async () => {
      setSaved(false);
      const { hours, region, reach, ...words } = said;
      // An empty list of hours says nothing of them.
      const body = {
        ...words,
        ...(moves && { region }),
        ...(givesReach && { reach }),
        opening_hours: openingHours(hours),
      };
      const now = over.current ? (await api.read(ONE, { path })).version : version;
      over.current = false;
      return api.patch(ONE, { path, version: now, body });
    },
    ({ record }) => {
      setSaved(true);
      onSaved(record);
    },
    (problem) => {
      if (problem.code !== 'stale') return false;
      setTheirs(problem.current as InstitutionCard);
      return true;
    },
  );
  const change = (next: Said) => {
    setSaid(next);
    setSaved(false);
  };
  return (
    <>
      <Form form={form}>
        <InstitutionFields
          form={form}
          said={said}
          onChange={change}
          regions={moves ? regions : []}
          givesReach={givesReach}
        />
        <div class="form-acts">
          <Submit form={form} word={t('one.save')} />
          <Done text={saved ? t('one.saved') : null} />
        </div>
      </Form>
      {theirs && (
        <Conflict
          differences={differences(inWords(saidOf(theirs), regions), inWords(said, regions), names())}
          takeTheirs={again}
          keepMine={() => {
            setTheirs(null);
            over.current = true;
            form.submit(null);
          }}
          onClose={() => setTheirs(null)}
        />
      )}
    </>
  );
}
