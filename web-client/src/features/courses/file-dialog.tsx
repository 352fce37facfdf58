import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { FileField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { t } from './words';

interface Props {
  path: { institution: string; course: string };
  onDone: () => void;
  onClose: () => void;
}

/** A file that trainees are to learn from. */
export function FileDialog({ path, onDone, onClose }: Props) {
  const [title, setTitle] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const form = useForm((idempotencyKey) => {
    const body = new Blob(file ? [file] : [], { type: 'application/octet-stream' });
    const query = { title, file_name: file?.name ?? '' };
    const list = '/api/institutions/{institution}/courses/{course}/materials/files';
    return api.post(list, { path, query, body, idempotencyKey });
  }, onDone);
  return (
    <Dialog title={t('material.addFile')} onClose={onClose}>
      <Form form={form}>
        <FileField
          form={form}
          name="file_name"
          label={t('material.file')}
          hint={t('material.kinds')}
          value={file}
          onChoose={(chosen) => {
            setFile(chosen);
            if (title === '') setTitle(chosen.name.replace(/\.\w+$/, ''));
          }}
        />
        <TextField form={form} name="title" label={t('material.name')} value={title} onInput={setTitle} />
        <div class="dialog-acts">
          <Submit form={form} word={t('material.add')} busyWord={t('material.adding')} />
        </div>
      </Form>
    </Dialog>
  );
}
