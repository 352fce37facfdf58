import { Pencil, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { api, type ReportViewCard, saying } from '../../api/client';
import { dayInText } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { CheckField, SelectField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { BoneRows } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { addressOf, type Query, read, write } from './query';
import { T, t } from './words';

/** How often a view comes by mail. */
const MAILS = ['never', 'weekly', 'monthly'] as const;
type Mail = (typeof MAILS)[number];

const ALL = '/api/me/report-views';
const ONE = '/api/me/report-views/{view}';

function mailOf({ mail }: ReportViewCard): Mail {
  return MAILS.find((each) => each === mail) ?? 'never';
}

/** What is saved of a page: not the institution, which has a place of its own. */
function saved(query: Query): { institution: string | null; query: string } {
  const { institution, ...rest } = query;
  return { institution: institution ?? null, query: write(rest) };
}

/** Where a view leads. */
export function addressOfView({ institution, query }: ReportViewCard): string {
  const said = read(Object.fromEntries(new URLSearchParams(query)));
  return addressOf({ ...said, ...(institution && { institution }) });
}

interface FormProps {
  /** What the page shows. */
  query: Query;
  /** The view that is changed; a new one where there is none. */
  view?: ReportViewCard;
  /** What a new one is called at first. */
  name: string;
  onDone: () => void;
  onClose: () => void;
}

/** A view's name and mail; what the page shows becomes the view where it is new, or where that is asked for. */
export function ViewForm({ query, view, name: begin, onDone, onClose }: FormProps) {
  const [name, setName] = useState(view?.name ?? begin);
  const [mail, setMail] = useState<Mail>(view ? mailOf(view) : 'never');
  const [isRetaken, setRetaken] = useState(false);
  const form = useForm(async (idempotencyKey) => {
    const said = { name, mail: mail === 'never' ? null : mail };
    if (view) {
      const body = { ...said, ...(isRetaken && saved(query)) };
      await api.patch(ONE, { path: { view: view.id }, body });
      return;
    }
    const body = { ...said, ...saved(query) };
    await saying(api.post(ALL, { body, idempotencyKey }), { in_use: t('views.tooMany') });
  }, onDone);
  return (
    <Dialog title={t(view ? 'views.change' : 'views.save')} onClose={onClose}>
      <Form form={form}>
        <TextField
          form={form}
          name="name"
          label={t('views.name')}
          value={name}
          maxLength={80}
          onInput={setName}
          autofocus
        />
        <MailField form={form} value={mail} onChange={setMail} />
        {view && addressOfView(view) !== addressOf(query) && (
          <CheckField name="retake" label={t('views.retake')} checked={isRetaken} onChange={setRetaken} />
        )}
        <div class="dialog-acts">
          <button type="button" class="button" onClick={onClose}>
            {t('views.cancel')}
          </button>
          <Submit form={form} word={t('views.saveAct')} />
        </div>
      </Form>
    </Dialog>
  );
}

interface MailProps {
  form: ReturnType<typeof useForm>;
  value: Mail;
  onChange: (mail: Mail) => void;
}

function MailField({ form, value, onChange }: MailProps) {
  return (
    <SelectField
      form={form}
      name="mail"
      label={t('views.mail')}
      hint={t(`mailHint.${value}`)}
      value={value}
      choices={MAILS.map((each) => ({ value: each, word: t(`mail.${each}`) }))}
      onChange={onChange}
    />
  );
}

/** Somebody's own views: opened, changed and deleted. */
export function Views({ query, zone, onClose }: { query: Query; zone: string; onClose: () => void }) {
  const loaded = useLoaded(async (signal) => (await api.get(ALL, { signal })).items, []);
  const [changing, setChanging] = useState<ReportViewCard | null>(null);
  const [deleting, setDeleting] = useState<ReportViewCard | null>(null);
  const done = () => {
    setChanging(null);
    setDeleting(null);
    loaded.again();
  };
  if (changing) {
    return (
      <ViewForm query={query} view={changing} name={changing.name} onDone={done} onClose={() => setChanging(null)} />
    );
  }
  if (deleting) {
    return (
      <Confirm
        title={<T k="views.deleteTitle" v={{ name: <bdi>{deleting.name}</bdi> }} />}
        text={t(deleting.mail ? 'views.deleteTextMail' : 'views.deleteText')}
        word={t('views.delete')}
        danger
        act={async () => {
          await api.delete(ONE, { path: { view: deleting.id } });
        }}
        onDone={done}
        onClose={() => setDeleting(null)}
      />
    );
  }
  const { value } = loaded;
  return (
    <Dialog title={t('views.title')} onClose={onClose}>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {!value && loaded.state === 'loading' && <BoneRows />}
      {value?.length === 0 && (
        <div class="empty">
          <b>{t('views.none')}</b>
          <p>{t('views.noneText')}</p>
        </div>
      )}
      {value && value.length > 0 && (
        <ul class="rows report-views">
          {value.map((view) => (
            <li key={view.id} class="row" data-view={view.id}>
              <a class="row-words" href={addressOfView(view)} onClick={onClose}>
                <b>
                  <bdi>{view.name}</bdi>
                </b>
                <span class="t-s ink-2">
                  {t(`mail.${mailOf(view)}`)}
                  {view.mail && view.mail_due_at && (
                    <>
                      {'\u00a0· '}
                      <T k="views.due" v={{ day: <Figures text={dayInText(view.mail_due_at, zone)} /> }} />
                    </>
                  )}
                </span>
              </a>
              <span class="row-acts">
                <button
                  type="button"
                  class="icon-button"
                  aria-label={t('views.changeOne', { name: view.name })}
                  onClick={() => setChanging(view)}
                >
                  <Icon of={Pencil} />
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={t('views.deleteOne', { name: view.name })}
                  onClick={() => setDeleting(view)}
                >
                  <Icon of={Trash2} />
                </button>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
