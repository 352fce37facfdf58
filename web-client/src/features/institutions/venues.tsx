import { useState } from 'preact/hooks';
import { api, type VenueCard } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { Num } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { Conflict, differences } from '../../ui/parts/conflict';
import { TextField } from '../../ui/parts/field';
import { Form, type FormState, Submit, useForm } from '../../ui/parts/form';
import { BoneRows, DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { T, t } from './words';

const LIST = '/api/institutions/{institution}/venues';
const ONE = `${LIST}/{venue}` as const;

/** What the server takes at most. */
const CAPACITY_MAX = 10_000;

type Act = { kind: 'new' } | { kind: 'edit' | 'archive'; venue: VenueCard };

/** Where the institution's lessons take place: rooms and workshops, and how many people they hold. */
export default function Venues({ me }: AreaProps) {
  const { institution } = me;
  const pages = usePages(LIST, { path: { institution } });
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  const done = () => {
    close();
    pages.again();
  };
  return (
    <div class="page">
      <PageHead title={t('venues.title')} note={t('venues.note')}>
        <button type="button" class="button primary" onClick={() => setAct({ kind: 'new' })}>
          {t('venues.new')}
        </button>
      </PageHead>
      <DataList
        label={t('venues.title')}
        pages={pages}
        keyOf={(venue) => venue.id}
        empty={{ title: t('venues.none'), text: t('venues.noneText') }}
        row={(venue) => <Row venue={venue} onAct={(kind) => setAct({ kind, venue })} />}
      />
      {act?.kind === 'new' && <NewVenue institution={institution} onDone={done} onClose={close} />}
      {act?.kind === 'edit' && <Editing institution={institution} venue={act.venue} onDone={done} onClose={close} />}
      {act?.kind === 'archive' && (
        <Archiving institution={institution} venue={act.venue} onDone={done} onClose={close} />
      )}
    </div>
  );
}

function Row({ venue, onAct }: { venue: VenueCard; onAct: (kind: 'edit' | 'archive') => void }) {
  return (
    <div class="row">
      <span class="row-words">
        <b dir="auto">{venue.name}</b>
        <span class="t-s ink-2">
          <T k="venues.places" v={{ count: venue.capacity }} />
        </span>
      </span>
      <span class="row-acts">
        <button
          type="button"
          class="button small"
          aria-label={t('venues.editOf', { name: venue.name })}
          onClick={() => onAct('edit')}
        >
          {t('venues.edit')}
        </button>
        <button
          type="button"
          class="button small"
          aria-label={t('venues.archiveOf', { name: venue.name })}
          onClick={() => onAct('archive')}
        >
          {t('venues.archive')}
        </button>
      </span>
    </div>
  );
}

interface DialogProps {
  institution: string;
  onDone: () => void;
  onClose: () => void;
}

/** What is said of a venue, as forms have it. */
interface Said {
  name: string;
  capacity: string;
}

/** More than the server takes, so that it is the server that says what is too much. */
const CAPACITY_SENT_MAX = 1_000_000;

function bodyOf({ name, capacity }: Said) {
  return { name, capacity: Math.min(Math.max(Math.trunc(Number(capacity)) || 0, 0), CAPACITY_SENT_MAX) };
}

function NewVenue({ institution, onDone, onClose }: DialogProps) {
  const [said, setSaid] = useState<Said>({ name: '', capacity: '' });
  const form = useForm(
    (idempotencyKey) => api.post(LIST, { path: { institution }, body: bodyOf(said), idempotencyKey }),
    onDone,
  );
  return (
    <Dialog title={t('venues.new')} onClose={onClose}>
      <Form form={form}>
        <VenueFields form={form} said={said} onChange={setSaid} />
        <div class="dialog-acts">
          <Submit form={form} word={t('venues.create')} />
        </div>
      </Form>
    </Dialog>
  );
}

interface OneProps extends DialogProps {
  venue: VenueCard;
}

/** A venue to be changed: read anew, for its version. */
function Editing({ institution, venue, onDone, onClose }: OneProps) {
  const path = { institution, venue: venue.id };
  const loaded = useLoaded((signal) => api.read(ONE, { path, signal }), [venue.id]);
  if (loaded.value) return <VenueForm path={path} {...loaded.value} onDone={onDone} onClose={onClose} />;
  return (
    <Dialog title={t('venues.editOf', { name: venue.name })} onClose={onClose}>
      {loaded.state === 'failed' ? <ProblemNote problem={loaded.problem} retry={loaded.again} /> : <BoneRows />}
    </Dialog>
  );
}

interface FormProps extends Omit<DialogProps, 'institution'> {
  path: { institution: string; venue: string };
  record: VenueCard;
  version: string;
}

function VenueForm({ path, record, version, onDone, onClose }: FormProps) {
  const [said, setSaid] = useState<Said>({ name: record.name, capacity: String(record.capacity) });
  const [theirs, setTheirs] = useState<VenueCard | null>(null);
  const form = useForm(
    async () => {
      // Over what somebody else saved, once it was seen.
      const now = theirs ? (await api.read(ONE, { path })).version : version;
      return api.patch(ONE, { path, version: now, body: bodyOf(said) });
    },
    onDone,
    (problem) => {
      const isStale = problem.code === 'stale';
      setTheirs(isStale ? (problem.current as VenueCard) : null);
      return isStale;
    },
  );
  if (theirs) {
    return (
      <Conflict
        differences={differences(theirs, bodyOf(said), {
          name: t('venues.name'),
          capacity: t('venues.capacity'),
        })}
        takeTheirs={onDone}
        keepMine={() => form.submit(null)}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={<T k="venues.editOf" v={{ name: <bdi>{record.name}</bdi> }} />} onClose={onClose}>
      <Form form={form}>
        <VenueFields form={form} said={said} onChange={setSaid} />
        <div class="dialog-acts">
          <Submit form={form} word={t('venues.save')} />
        </div>
      </Form>
    </Dialog>
  );
}

function VenueFields({ form, said, onChange }: { form: FormState; said: Said; onChange: (said: Said) => void }) {
  return (
    <>
      <TextField
        form={form}
        name="name"
        label={t('venues.name')}
        hint={t('venues.nameHint')}
        autocomplete="off"
        value={said.name}
        onInput={(name) => onChange({ ...said, name })}
        autofocus
      />
      <TextField
        form={form}
        name="capacity"
        type="number"
        inputMode="numeric"
        min={1}
        label={t('venues.capacity')}
        hint={<T k="venues.capacityHint" v={{ first: <Num>{1}</Num>, last: <Num>{CAPACITY_MAX}</Num> }} />}
        value={said.capacity}
        onInput={(capacity) => onChange({ ...said, capacity })}
      />
    </>
  );
}

function Archiving({ institution, venue, onDone, onClose }: OneProps) {
  const path = { institution, venue: venue.id };
  return (
    <Confirm
      title={<T k="venues.archiveTitle" v={{ name: <bdi>{venue.name}</bdi> }} />}
      text={t('venues.archiveText')}
      word={t('venues.archive')}
      danger
      act={async () => {
        const { version } = await api.read(ONE, { path });
        await api.delete(ONE, { path, version });
      }}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
