import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api } from '../../api/client';
import type { CourseCard, CoursePage } from '../../api/schema.gen';
import { Conflict, differences } from '../../ui/parts/conflict';
import { dateOf, endOf } from '../../ui/parts/days';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { ProgrammeEditor } from './programme-editor';
import { TrainersEditor } from './trainers-editor';
import { t } from './words';

type Who = Pick<AreaProps, 'me'>;
type Fields = Pick<CourseCard, 'title' | 'language' | 'sector' | 'level' | 'description' | 'offered' | 'archived'> & {
  capacity: number | null;
  apply_until: number | null;
};

const LIST = '/api/institutions/{institution}/courses';
const ONE = `${LIST}/{course}` as const;

const BLANK: Fields = {
  title: '',
  language: 'ar',
  sector: '',
  level: '',
  description: '',
  offered: false,
  archived: false,
  capacity: null,
  apply_until: null,
};

/** A course that is to be made. */
export function NewCoursePage({ me }: Who) {
  const { route } = useLocation();
  const [fields, setFields] = useState<Fields>({ ...BLANK, language: me.language ?? 'ar' });
  const form = useForm(
    (idempotencyKey) => {
      const { archived: _, ...body } = fields;
      return api.post(LIST, { path: { institution: me.institution }, body, idempotencyKey });
    },
    (course) => route(`/courses/${course.id}/edit`),
  );
  return (
    <div class="page">
      <PageHead title={t('course.newTitle')} />
      <div class="panel form-panel">
        <Form form={form}>
          <CourseFields form={form} fields={fields} onChange={setFields} />
          <div class="form-acts">
            <Submit form={form} word={t('course.create')} />
          </div>
        </Form>
      </div>
    </div>
  );
}

/** A course that is to be changed: its words, its programme, its trainers. */
export function CourseEditor({ me, course }: Who & { course: string }) {
  const path = { institution: me.institution, course };
  const loaded = useLoaded((signal) => api.read(ONE, { path, signal }), [course]);
  const page = loaded.value;
  return (
    <div class="page">
      <PageHead title={page ? page.record.course.title : t('course.edit')}>
        <a class="button" href={`/courses/${course}`}>
          {t('course.see')}
        </a>
      </PageHead>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {page && (
        <>
          <Words key={page.version} path={path} page={page.record} version={page.version} again={loaded.again} />
          <ProgrammeEditor
            key={`units-${page.version}`}
            path={path}
            units={page.record.units}
            version={page.version}
            again={loaded.again}
          />
          <TrainersEditor path={path} trainers={page.record.trainers} again={loaded.again} />
        </>
      )}
    </div>
  );
}

interface WordsProps {
  path: { institution: string; course: string };
  page: CoursePage;
  version: string;
  again: () => void;
}

function Words({ path, page, version, again }: WordsProps) {
  const { capacity, apply_until, ...words } = page.course;
  const [fields, setFields] = useState<Fields>({
    ...words,
    capacity: capacity ?? null,
    apply_until: apply_until ?? null,
  });
  const [theirs, setTheirs] = useState<CourseCard | null>(null);
  const save = async (over: string) => {
    const { title, language, sector, level, description, offered, archived } = fields;
    const body = { title, language, sector, level, description, offered, archived };
    const limits = { capacity: fields.capacity, apply_until: fields.apply_until };
    return api.patch(ONE, { path, version: over, body: { ...body, ...limits } });
  };
  const form = useForm(
    () => save(version),
    again,
    (problem) => {
      if (problem.code !== 'stale') return false;
      setTheirs(problem.current as CourseCard);
      return true;
    },
  );
  const names = { title: t('field.title'), sector: t('field.sector'), level: t('field.level') };
  const rest = { description: t('field.description'), capacity: t('field.capacity') };
  return (
    <section class="panel form-panel" aria-label={t('course.edit')}>
      <Form form={form}>
        <CourseFields form={form} fields={fields} onChange={setFields} />
        <CheckField
          name="archived"
          label={t('field.archived')}
          hint={t('field.archivedHint')}
          checked={fields.archived}
          onChange={(archived) => setFields({ ...fields, archived })}
        />
        <div class="form-acts">
          <Submit form={form} word={t('course.save')} />
        </div>
      </Form>
      {theirs && (
        <Conflict
          differences={differences<Partial<CourseCard>>(theirs, fields as Partial<CourseCard>, { ...names, ...rest })}
          takeTheirs={again}
          keepMine={async () => {
            const now = await api.read(ONE, { path });
            await save(now.version);
            again();
          }}
          onClose={() => setTheirs(null)}
        />
      )}
    </section>
  );
}

interface FieldsProps {
  form: ReturnType<typeof useForm>;
  fields: Fields;
  onChange: (fields: Fields) => void;
}

function CourseFields({ form, fields, onChange }: FieldsProps) {
  const set =
    <K extends keyof Fields>(name: K) =>
    (value: Fields[K]) =>
      onChange({ ...fields, [name]: value });
  return (
    <>
      <TextField form={form} name="title" label={t('field.title')} value={fields.title} onInput={set('title')} />
      <div class="form-pair">
        <SelectField
          form={form}
          name="language"
          label={t('field.language')}
          value={fields.language}
          choices={[
            { value: 'ar', word: 'العربية' },
            { value: 'fr', word: 'Français' },
            { value: 'en', word: 'English' },
          ]}
          onChange={set('language')}
        />
        <TextField
          form={form}
          name="capacity"
          type="number"
          inputMode="numeric"
          min={1}
          optional
          label={t('field.capacity')}
          value={fields.capacity === null ? '' : String(fields.capacity)}
          onInput={(text) => onChange({ ...fields, capacity: text === '' ? null : Math.trunc(Number(text)) })}
        />
        <TextField
          form={form}
          name="sector"
          optional
          label={t('field.sector')}
          value={fields.sector}
          onInput={set('sector')}
        />
        <TextField
          form={form}
          name="level"
          optional
          label={t('field.level')}
          value={fields.level}
          onInput={set('level')}
        />
      </div>
      <TextArea
        form={form}
        name="description"
        optional
        rows={6}
        label={t('field.description')}
        value={fields.description}
        onInput={set('description')}
      />
      <CheckField
        name="offered"
        label={t('field.offered')}
        hint={t('field.offeredHint')}
        checked={fields.offered}
        onChange={set('offered')}
      />
      {fields.offered && (
        <TextField
          form={form}
          name="apply_until"
          type="date"
          optional
          label={t('field.applyUntil')}
          value={dateOf(fields.apply_until)}
          onInput={(date) => onChange({ ...fields, apply_until: endOf(date) })}
        />
      )}
    </>
  );
}
