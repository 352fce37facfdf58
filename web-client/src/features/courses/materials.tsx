import { Download, ExternalLink, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { address, api } from '../../api/client';
import type { MaterialCard } from '../../api/schema.gen';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { Confirm } from '../../ui/parts/confirm';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { Size } from '../../ui/size';
import type { AreaProps } from '../school/areas';
import { FileDialog } from './file-dialog';
import { T, t } from './words';

interface Props extends Pick<AreaProps, 'me'> {
  course: string;
  mayChange: boolean;
}

const LIST = '/api/institutions/{institution}/courses/{course}/materials';
const ONE = `${LIST}/{material}` as const;

/** What a course's trainees learn from by themselves. */
export function Materials({ me, course, mayChange }: Props) {
  const path = { institution: me.institution, course };
  const pages = usePages(LIST, { path });
  const [open, setOpen] = useState<'link' | 'file' | MaterialCard | null>(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    pages.again();
  };
  return (
    <section aria-labelledby="materials" class="course-main">
      <div class="toolbar">
        <h2 id="materials" class="course-heading">
          {t('material.title')}
        </h2>
        {mayChange && (
          <span class="row-acts">
            <button type="button" class="button small" onClick={() => setOpen('file')}>
              {t('material.addFile')}
            </button>
            <button type="button" class="button small" onClick={() => setOpen('link')}>
              {t('material.addLink')}
            </button>
          </span>
        )}
      </div>
      <DataList
        pages={pages}
        label={t('material.title')}
        keyOf={(material) => material.id}
        empty={{ title: t('material.none'), text: mayChange ? t('material.noneStaff') : t('material.noneText') }}
        row={(material) => (
          <div class="row">
            <MaterialLink material={material} path={path} />
            {material.bytes != null && (
              <span class="ink-2">
                <Size bytes={material.bytes} />
              </span>
            )}
            {mayChange && (
              <button
                type="button"
                class="icon-button"
                aria-label={t('material.removeNamed', { title: material.title })}
                onClick={() => setOpen(material)}
              >
                <Icon of={Trash2} />
              </button>
            )}
          </div>
        )}
      />
      {open === 'link' && <LinkDialog path={path} onDone={done} onClose={close} />}
      {open === 'file' && <FileDialog path={path} onDone={done} onClose={close} />}
      {open !== null && typeof open === 'object' && (
        <Confirm
          title={t('material.removeTitle')}
          text={<T k="material.removeText" v={{ title: <bdi>{open.title}</bdi> }} />}
          word={t('material.remove')}
          danger
          act={async () => {
            await api.delete(ONE, { path: { ...path, material: open.id } });
          }}
          onDone={done}
          onClose={close}
        />
      )}
    </section>
  );
}

interface Where {
  institution: string;
  course: string;
}

function MaterialLink({ material, path }: { material: MaterialCard; path: Where }) {
  if (material.url != null) {
    return (
      <a class="row-words" href={material.url} target="_blank" rel="noreferrer noopener">
        <span class="with-icon">
          <Icon of={ExternalLink} />
          <bdi>{material.title}</bdi>
        </span>
      </a>
    );
  }
  return (
    <a class="row-words" href={address(`${ONE}/file`, { ...path, material: material.id })} download>
      <span class="with-icon">
        <Icon of={Download} />
        <bdi>{material.title}</bdi>
      </span>
    </a>
  );
}

interface DialogProps {
  path: Where;
  onDone: () => void;
  onClose: () => void;
}

function LinkDialog({ path, onDone, onClose }: DialogProps) {
  const [title, setTitle] = useState('');
  const [url, setUrl] = useState('https://');
  const form = useForm((idempotencyKey) => api.post(LIST, { path, body: { title, url }, idempotencyKey }), onDone);
  return (
    <Dialog title={t('material.addLink')} onClose={onClose}>
      <Form form={form}>
        <TextField form={form} name="title" label={t('material.name')} value={title} onInput={setTitle} autofocus />
        <TextField form={form} name="url" type="url" dir="ltr" label={t('material.url')} value={url} onInput={setUrl} />
        <div class="dialog-acts">
          <Submit form={form} word={t('material.add')} />
        </div>
      </Form>
    </Dialog>
  );
}
