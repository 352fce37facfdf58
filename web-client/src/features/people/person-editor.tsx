import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type ApiProblem, api } from '../../api/client';
import type { PersonCard } from '../../api/schema.gen';
import { LANGUAGES, type Language } from '../../i18n';
import { LANGUAGE_NAMES } from '../../ui/language-switch';
import { CheckGroup } from '../../ui/parts/check-group';
import { Conflict, differences } from '../../ui/parts/conflict';
import { CheckField, SelectField, TextField } from '../../ui/parts/field';
import { Form, type FormState, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { isMinistry } from '../institutions/institution';
import type { AreaProps } from '../school/areas';
import { me as home } from '../school/me';
import { workplace } from '../school/workplace';
import { ROLES, type Role, rolesOf, rolesText, setOf } from './roles';
import { t } from './words';

type Who = Pick<AreaProps, 'me'>;

const LIST = '/api/institutions/{institution}/people';
const ONE = `${LIST}/{person}` as const;

interface Fields {
  name: string;
  roles: readonly Role[];
  sign_in: string;
  mail: string;
  external_id: string;
  language: Language | '';
  sees_names: boolean;
}

const BLANK: Fields = {
  ...{ name: '', roles: [], sign_in: '', mail: '', external_id: '', language: '' },
  sees_names: false,
};

function fieldsOf(person: PersonCard): Fields {
  const { name, sign_in, mail, external_id, language } = person;
  return {
    ...{ name, roles: rolesOf(person.roles), sign_in: sign_in ?? '', mail: mail ?? '' },
    ...{ external_id: external_id ?? '', language: LANGUAGES.find((known) => known === language) ?? '' },
    sees_names: person.sees_names,
  };
}

/** As the server takes them: what is empty is nothing. */
function bodyOf({ name, roles, sign_in, mail, external_id, language }: Fields) {
  return {
    ...{ name, roles: setOf(roles), ...(sign_in !== '' && { sign_in }) },
    ...{ mail: mail || null, external_id: external_id || null, language: language || null },
  };
}

/**
 * Whether the form says who sees names from above: where people of a region or the ministry are looked after, for the
 * ministry's administrators.
 */
function saysWhoSeesNames(): boolean {
  const who = home.value;
  return who != null && isMinistry(who) && (workplace.value ?? who).reach !== 'institution';
}

/** Shows at the field that it is about why an account can't be as it is wanted, where no field is named. */
function refused(form: FormState, { code }: ApiProblem, isNamed: boolean): boolean {
  const field = code === 'taken' ? (isNamed ? 'sign_in' : 'external_id') : code === 'in_use' ? 'roles' : null;
  if (!field) return false;
  const detail = field === 'roles' ? t('refused.lastAdministrator') : t('refused.taken');
  form.refuse([{ field, code: 'refused', detail }]);
  return true;
}

/** An account that is to be made. */
export function NewPerson({ me }: Who) {
  const { route } = useLocation();
  const [fields, setFields] = useState<Fields>(BLANK);
  const form: FormState = useForm(
    (idempotencyKey) => api.post(LIST, { path: { institution: me.institution }, body: bodyOf(fields), idempotencyKey }),
    (person) => route(`/people/${person.id}`),
    (problem) => refused(form, problem, fields.sign_in !== ''),
  );
  return (
    <div class="page">
      <PageHead title={t('person.newTitle')} note={t('person.newNote')} />
      <div class="panel form-panel">
        <Form form={form}>
          <PersonFields form={form} fields={fields} onChange={setFields} signInHint={t('field.signInNew')} />
          <div class="form-acts">
            <Submit form={form} word={t('person.create')} />
            <a class="button" href="/people">
              {t('person.cancel')}
            </a>
          </div>
        </Form>
      </div>
    </div>
  );
}

/** Somebody whose details are to be changed. */
export function EditPerson({ me, person }: Who & { person: string }) {
  const path = { institution: me.institution, person };
  const loaded = useLoaded((signal) => api.read(ONE, { path, signal }), [me.institution, person]);
  const read = loaded.value;
  return (
    <div class="page">
      <PageHead title={read ? read.record.name : t('person.edit')} note={t('person.editNote')} />
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {read && (
        <div class="panel form-panel">
          <Details key={read.version} path={path} person={read.record} version={read.version} again={loaded.again} />
        </div>
      )}
    </div>
  );
}

interface DetailsProps {
  path: { institution: string; person: string };
  person: PersonCard;
  version: string;
  again: () => void;
}

function Details({ path, person, version, again }: DetailsProps) {
  const { route } = useLocation();
  const [fields, setFields] = useState<Fields>(fieldsOf(person));
  const [theirs, setTheirs] = useState<Fields | null>(null);
  const names = saysWhoSeesNames();
  /** Set once both versions were seen: mine is saved over whatever is there. */
  const over = useRef(false);
  const form: FormState = useForm(
    async () => {
      const at = over.current ? (await api.read(ONE, { path })).version : version;
      return api.patch(ONE, {
        path,
        version: at,
        body: { ...bodyOf(fields), ...(names && { sees_names: fields.sees_names }) },
      });
    },
    () => route(`/people/${path.person}`),
    (problem) => {
      over.current = false;
      if (problem.code !== 'stale') return refused(form, problem, fields.sign_in !== (person.sign_in ?? ''));
      setTheirs(fieldsOf(problem.current as PersonCard));
      return true;
    },
  );
  return (
    <>
      <Form form={form}>
        <PersonFields
          form={form}
          fields={fields}
          onChange={setFields}
          signInHint={t('field.signInHint')}
          saysNames={names}
        />
        <div class="form-acts">
          <Submit form={form} word={t('person.save')} />
          <a class="button" href={`/people/${path.person}`}>
            {t('person.cancel')}
          </a>
        </div>
      </Form>
      {theirs && (
        <Conflict
          differences={differences(shown(theirs), shown(fields), {
            ...{ name: t('field.name'), roles: t('field.roles'), sign_in: t('field.signIn'), mail: t('field.mail') },
            ...{ external_id: t('field.number'), language: t('field.language'), sees_names: t('field.names') },
          })}
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

/** The fields as they are compared: in words. */
function shown({ roles, language, sees_names, ...rest }: Fields) {
  const names = t(sees_names ? 'names.seen' : 'names.notSeen');
  return { ...rest, roles: rolesText(roles), language: language && LANGUAGE_NAMES[language], sees_names: names };
}

interface FieldsProps {
  form: FormState;
  fields: Fields;
  onChange: (fields: Fields) => void;
  signInHint: string;
  saysNames?: boolean;
}

function PersonFields({ form, fields, onChange, signInHint, saysNames }: FieldsProps) {
  const set =
    <K extends keyof Fields>(name: K) =>
    (value: Fields[K]) =>
      onChange({ ...fields, [name]: value });
  const text = (name: 'name' | 'sign_in' | 'mail' | 'external_id', label: string) => ({
    ...{ form, name, label, value: fields[name], onInput: set(name), autocomplete: 'off' },
  });
  return (
    <>
      <TextField {...text('name', t('field.name'))} hint={t('field.nameHint')} />
      <CheckGroup<Role>
        form={form}
        name="roles"
        label={t('field.roles')}
        choices={ROLES.map((value) => ({ value, word: t(`role.${value}`) }))}
        value={fields.roles}
        onChange={set('roles')}
      />
      {saysNames && fields.roles.some((role) => role === 'committee' || role === 'administrator') && (
        <fieldset class="field check-group" name="names">
          <legend class="label">{t('field.names')}</legend>
          <CheckField
            name="sees_names"
            label={t('field.seesNames')}
            hint={t('field.seesNamesHint')}
            checked={fields.sees_names}
            onChange={set('sees_names')}
          />
        </fieldset>
      )}
      <div class="form-pair">
        <TextField {...text('mail', t('field.mail'))} type="email" dir="ltr" optional hint={t('field.mailHint')} />
        <TextField {...text('sign_in', t('field.signIn'))} dir="ltr" optional hint={signInHint} />
        <TextField {...text('external_id', t('field.number'))} optional hint={t('field.numberHint')} />
        <SelectField<Language | ''>
          form={form}
          name="language"
          label={t('field.language')}
          value={fields.language}
          choices={[
            { value: '', word: t('field.languageOfPlace') },
            ...LANGUAGES.map((value) => ({ value, word: LANGUAGE_NAMES[value] })),
          ]}
          onChange={set('language')}
        />
      </div>
    </>
  );
}
