import './institutions.css';
import { useState } from 'preact/hooks';
import { api, type RegionCard } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { Conflict, differences } from '../../ui/parts/conflict';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { T, t } from './words';

/** The country's regions; for the ministry's administrators. */
export default function Regions() {
  const pages = usePages('/api/regions', {});
  const [open, setOpen] = useState<RegionCard | 'new' | null>(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    pages.again();
  };
  return (
    <div class="page">
      <PageHead title={t('regions.title')}>
        <button type="button" class="button primary" onClick={() => setOpen('new')}>
          {t('regions.new')}
        </button>
      </PageHead>
      <DataList
        label={t('regions.title')}
        pages={pages}
        keyOf={(region) => region.id}
        empty={{ title: t('regions.none'), text: t('regions.noneText') }}
        row={(region) => (
          <div class="row">
            <span class="row-words">
              <b dir="auto">{region.name}</b>
              <span class="t-s ink-2">
                <T k="regions.count" v={{ count: region.institutions }} />
              </span>
            </span>
            <button
              type="button"
              class="button small"
              aria-label={t('regions.renameOf', { name: region.name })}
              onClick={() => setOpen(region)}
            >
              {t('regions.rename')}
            </button>
          </div>
        )}
      />
      {open === 'new' && <NewRegion onDone={done} onClose={close} />}
      {open && open !== 'new' && <Renaming region={open} onDone={done} onClose={close} />}
    </div>
  );
}

interface DialogProps {
  onDone: () => void;
  onClose: () => void;
}

function NewRegion({ onDone, onClose }: DialogProps) {
  const [name, setName] = useState('');
  const form = useForm((idempotencyKey) => api.post('/api/regions', { body: { name }, idempotencyKey }), onDone);
  return (
    <Dialog title={t('regions.new')} onClose={onClose}>
      <Form form={form}>
        <TextField form={form} name="name" label={t('regions.name')} value={name} onInput={setName} autofocus />
        <div class="dialog-acts">
          <Submit form={form} word={t('regions.create')} />
        </div>
      </Form>
    </Dialog>
  );
}

function Renaming({ region, onDone, onClose }: DialogProps & { region: RegionCard }) {
  const [name, setName] = useState(region.name);
  const [version, setVersion] = useState(region.version);
  const [theirs, setTheirs] = useState<RegionCard | null>(null);
  const save = (over: number) =>
    api.patch('/api/regions/{region}', { path: { region: region.id }, version: `"${over}"`, body: { name } });
  const form = useForm(
    () => save(theirs?.version ?? version),
    onDone,
    (problem) => {
      const isStale = problem.code === 'stale';
      setVersion(theirs?.version ?? version);
      setTheirs(isStale ? (problem.current as RegionCard) : null);
      return isStale;
    },
  );
  if (theirs) {
    return (
      <Conflict
        differences={differences(theirs, { name }, { name: t('regions.name') })}
        takeTheirs={onDone}
        keepMine={() => form.submit(null)}
        onClose={() => {
          setVersion(theirs.version);
          setTheirs(null);
        }}
      />
    );
  }
  return (
    <Dialog title={<T k="regions.renameOf" v={{ name: <bdi>{region.name}</bdi> }} />} onClose={onClose}>
      <Form form={form}>
        <TextField form={form} name="name" label={t('regions.name')} value={name} onInput={setName} autofocus />
        <div class="dialog-acts">
          <Submit form={form} word={t('regions.save')} />
        </div>
      </Form>
    </Dialog>
  );
}
