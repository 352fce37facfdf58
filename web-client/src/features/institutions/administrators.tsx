import { useRef, useState } from 'preact/hooks';
import { api, type LinkCard, type Me, type PersonCard } from '../../api/client';
import { dayInText } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { CopyText } from '../../ui/parts/copy';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { T, t } from './words';

const PEOPLE = '/api/institutions/{institution}/people';

interface Linked {
  name: string;
  link: LinkCard;
}

/** Who administers an institution, and the links by which they come in for the first time. */
export function Administrators({ me, institution }: { me: Me; institution: string }) {
  const pages = usePages(PEOPLE, { path: { institution }, query: { role: 'administrator' } });
  const [adds, setAdds] = useState(false);
  const [asks, setAsks] = useState<PersonCard | null>(null);
  const [linked, setLinked] = useState<Linked | null>(null);
  const found = (made: Linked) => {
    setLinked(made);
    setAdds(false);
    setAsks(null);
    pages.again();
  };
  return (
    <section class="form" aria-labelledby="administrators">
      <div class="toolbar administrators-head">
        <h2 id="administrators">{t('admins.title')}</h2>
        <button type="button" class="button" onClick={() => setAdds(true)}>
          {t('admins.add')}
        </button>
      </div>
      <DataList
        label={t('admins.title')}
        pages={pages}
        keyOf={(person) => person.id}
        empty={{ title: t('admins.none'), text: t('admins.noneText') }}
        row={(person) => <Row person={person} ask={() => setAsks(person)} />}
      />
      {adds && <Adding institution={institution} onDone={found} onClose={() => setAdds(false)} />}
      {asks && <NewLink institution={institution} person={asks} onDone={found} onClose={() => setAsks(null)} />}
      {linked && <LinkDialog me={me} linked={linked} onClose={() => setLinked(null)} />}
    </section>
  );
}

function Row({ person, ask }: { person: PersonCard; ask: () => void }) {
  const state = person.disabled_at != null ? t('admins.disabled') : !person.has_password && t('admins.noPassword');
  return (
    <div class="row">
      <span class="row-words">
        <b dir="auto">{person.name}</b>
        {person.sign_in && (
          <span class="t-s ink-2">
            <bdi dir="ltr">{person.sign_in}</bdi>
          </span>
        )}
      </span>
      {state && <span class="tag">{state}</span>}
      {person.disabled_at == null && (
        <button type="button" class="button small" aria-label={t('admins.linkOf', { name: person.name })} onClick={ask}>
          {t('admins.link')}
        </button>
      )}
    </div>
  );
}

interface AddingProps {
  institution: string;
  onDone: (made: Linked) => void;
  onClose: () => void;
}

function Adding({ institution, onDone, onClose }: AddingProps) {
  const [name, setName] = useState('');
  const [mail, setMail] = useState('');
  // Where the link could not be made the account is there already.
  const person = useRef<PersonCard | null>(null);
  const form = useForm(async (idempotencyKey) => {
    const roles = { administrator: true, trainer: false, trainee: false, committee: false };
    const body = { name, roles, ...(mail && { mail }) };
    const made = person.current ?? (await api.post(PEOPLE, { path: { institution }, body, idempotencyKey }));
    person.current = made;
    return { name: made.name, link: await newLink(institution, made) };
  }, onDone);
  return (
    <Dialog title={t('admins.add')} onClose={onClose}>
      <Form form={form}>
        <TextField
          form={form}
          name="name"
          label={t('admins.name')}
          autocomplete="off"
          value={name}
          onInput={setName}
          autofocus
        />
        <TextField
          form={form}
          name="mail"
          type="email"
          dir="ltr"
          optional
          label={t('admins.mail')}
          hint={t('admins.mailHint')}
          autocomplete="off"
          value={mail}
          onInput={setMail}
        />
        <div class="dialog-acts">
          <Submit form={form} word={t('admins.create')} />
        </div>
      </Form>
    </Dialog>
  );
}

function newLink(institution: string, { id }: PersonCard): Promise<LinkCard> {
  return api.post(`${PEOPLE}/{person}/link`, { path: { institution, person: id } });
}

function NewLink({ institution, person, onDone, onClose }: AddingProps & { person: PersonCard }) {
  const made = useRef<Linked | null>(null);
  return (
    <Confirm
      title={t('admins.linkOf', { name: person.name })}
      text={t('admins.linkText')}
      word={t('admins.linkCreate')}
      act={async () => {
        made.current = { name: person.name, link: await newLink(institution, person) };
      }}
      onDone={() => made.current && onDone(made.current)}
      onClose={onClose}
    />
  );
}

function LinkDialog({ me, linked: { name, link }, onClose }: { me: Me; linked: Linked; onClose: () => void }) {
  return (
    <Dialog title={t('admins.linkTitle')} onClose={onClose}>
      <div class="form">
        <p>
          <T k="admins.linkFor" v={{ name: <bdi>{name}</bdi> }} />
        </p>
        {link.mailed && <p>{t('admins.mailed')}</p>}
        <CopyText label={t('admins.linkTitle')} text={link.url} />
        <p class="t-s ink-2">
          <T k="admins.linkUntil" v={{ day: <Figures text={dayInText(link.expires_at, me.time_zone)} /> }} />
        </p>
        <div class="dialog-acts">
          <button type="button" class="button primary" onClick={onClose}>
            {t('admins.done')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
