import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { all, api } from '../../api/client';
import type { GroupCard } from '../../api/schema.gen';
import { Conflict, differences } from '../../ui/parts/conflict';
import { CheckField, SelectField, TextField } from '../../ui/parts/field';
import { Form, type FormState, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { t } from './words';

type Who = Pick<AreaProps, 'me'>;

const LIST = '/api/institutions/{institution}/groups';
const ONE = `${LIST}/{group}` as const;

interface Fields {
  name: string;
  capacity: number | null;
}

/** Whether a group's members count as minors, as the form has it. */
const MINORS = { unsaid: null, yes: true, no: false } as const;
type Minors = keyof typeof MINORS;

function minorsOf({ minors }: GroupCard): Minors {
  return minors == null ? 'unsaid' : minors ? 'yes' : 'no';
}

/** A group that is to be made, of a course. */
export function NewGroup({ me }: Who) {
  const { route } = useLocation();
  const { institution } = me;
  const [fields, setFields] = useState<Fields>({ name: '', capacity: null });
  const [course, setCourse] = useState('');
  const courses = useLoaded(
    (signal) => all('/api/institutions/{institution}/courses', { path: { institution }, signal }),
    [institution],
  );
  const form = useForm(
    async (idempotencyKey) => {
      if (course === '') return null;
      return api.post(LIST, { path: { institution }, body: { course, ...fields }, idempotencyKey });
    },
    (group) => {
      if (group) route(`/people/groups/${group.id}`);
      else form.refuse([{ field: 'course', code: 'empty', detail: '' }]);
    },
  );
  const choices = (courses.value ?? []).map(({ id, title }) => ({ value: id, word: title }));
  return (
    <div class="page">
      <PageHead title={t('group.newTitle')} />
      {courses.state === 'failed' && <ProblemNote problem={courses.problem} retry={courses.again} />}
      <div class="panel form-panel">
        <Form form={form}>
          <SelectField
            form={form}
            name="course"
            label={t('group.course')}
            value={course}
            choices={[{ value: '', word: t('group.chooseCourse') }, ...choices]}
            onChange={setCourse}
          />
          <GroupFields form={form} fields={fields} onChange={setFields} />
          <div class="form-acts">
            <Submit form={form} word={t('group.create')} />
            <a class="button" href="/people/groups">
              {t('person.cancel')}
            </a>
          </div>
        </Form>
      </div>
    </div>
  );
}

/** A group that is to be changed, or taken out of use. */
export function EditGroup({ me, group }: Who & { group: string }) {
  const path = { institution: me.institution, group };
  const loaded = useLoaded((signal) => api.read(ONE, { path, signal }), [me.institution, group]);
  const read = loaded.value;
  return (
    <div class="page">
      <PageHead title={read ? read.record.name : t('person.edit')} note={read?.record.course_title} />
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {read && (
        <div class="panel form-panel">
          <Details key={read.version} path={path} group={read.record} version={read.version} again={loaded.again} />
        </div>
      )}
    </div>
  );
}

interface DetailsProps {
  path: { institution: string; group: string };
  group: GroupCard;
  version: string;
  again: () => void;
}

function Details({ path, group, version, again }: DetailsProps) {
  const { route } = useLocation();
  const [fields, setFields] = useState<Fields>({ name: group.name, capacity: group.capacity ?? null });
  const [minors, setMinors] = useState<Minors>(() => minorsOf(group));
  const [archived, setArchived] = useState(group.archived_at != null);
  const [theirs, setTheirs] = useState<GroupCard | null>(null);
  /** Set once both versions were seen: mine is saved over whatever is there. */
  const over = useRef(false);
  const form = useForm(
    async () => {
      const at = over.current ? (await api.read(ONE, { path })).version : version;
      return api.patch(ONE, { path, version: at, body: { ...fields, minors: MINORS[minors], archived } });
    },
    () => route(`/people/groups/${path.group}`),
    (problem) => {
      over.current = false;
      if (problem.code !== 'stale') return false;
      setTheirs(problem.current as GroupCard);
      return true;
    },
  );
  const said = ({ name, capacity }: Fields, ofMinors: Minors, isArchived: boolean) => ({
    ...{ name, capacity, minors: t(`group.minors.${ofMinors}`) },
    archived: isArchived ? t('group.archivedYes') : t('group.archivedNo'),
  });
  return (
    <>
      <Form form={form}>
        <GroupFields form={form} fields={fields} onChange={setFields} />
        <SelectField<Minors>
          form={form}
          name="minors"
          label={t('group.minors')}
          hint={t('group.minorsHint')}
          value={minors}
          choices={(['unsaid', 'yes', 'no'] as const).map((value) => ({ value, word: t(`group.minors.${value}`) }))}
          onChange={setMinors}
        />
        <CheckField
          name="archived"
          label={t('group.archive')}
          hint={t('group.archiveHint')}
          checked={archived}
          onChange={setArchived}
        />
        <div class="form-acts">
          <Submit form={form} word={t('person.save')} />
          <a class="button" href={`/people/groups/${path.group}`}>
            {t('person.cancel')}
          </a>
        </div>
      </Form>
      {theirs && (
        <Conflict
          differences={differences(
            said(
              { name: theirs.name, capacity: theirs.capacity ?? null },
              minorsOf(theirs),
              theirs.archived_at != null,
            ),
            said(fields, minors, archived),
            {
              ...{ name: t('group.name'), capacity: t('group.capacity'), minors: t('group.minors') },
              archived: t('group.archive'),
            },
          )}
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

interface FieldsProps {
  form: FormState;
  fields: Fields;
  onChange: (fields: Fields) => void;
}

function GroupFields({ form, fields, onChange }: FieldsProps) {
  return (
    <div class="form-pair">
      <TextField
        form={form}
        name="name"
        label={t('group.name')}
        autocomplete="off"
        value={fields.name}
        onInput={(name) => onChange({ ...fields, name })}
      />
      <TextField
        form={form}
        name="capacity"
        type="number"
        inputMode="numeric"
        min={1}
        max={10_000}
        optional
        label={t('group.capacity')}
        hint={t('group.capacityHint')}
        value={fields.capacity === null ? '' : String(fields.capacity)}
        onInput={(text) => onChange({ ...fields, capacity: text === '' ? null : Math.trunc(Number(text)) })}
      />
    </div>
  );
}
