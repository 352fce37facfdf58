import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { OwnGroupCard } from '../../api/schema.gen';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import type { Joining } from './joining';
import { T, t } from './words';

interface Props {
  groups: readonly OwnGroupCard[];
  joining: Joining;
  onClose: () => void;
}

/** A lesson to be given at once. */
export function Improvise({ groups, joining, onClose }: Props) {
  const [group, setGroup] = useState(groups[0]?.id ?? '');
  const [title, setTitle] = useState('');
  const [meets, setMeets] = useState<{ id: string; title: string } | null>(null);
  const form = useForm(
    (idempotencyKey) => api.post('/api/me/lessons', { body: { group, title }, idempotencyKey }),
    (made) => {
      const [first] = made.conflicts;
      if (first) setMeets({ id: made.id, title: first.title });
      else joining.enter(made.id);
    },
  );
  if (meets) {
    return (
      <Dialog title={t('improvise.open')} onClose={onClose}>
        <p>
          <T k="improvise.conflict" v={{ title: <bdi>{meets.title}</bdi> }} />
        </p>
        <div class="form-acts">
          <button type="button" class="button primary" onClick={() => joining.enter(meets.id)}>
            {t('improvise.enter')}
          </button>
        </div>
      </Dialog>
    );
  }
  const choices = groups.map(({ id, name, course_title }) => ({ value: id, word: `${name} · ${course_title}` }));
  return (
    <Dialog title={t('improvise.open')} onClose={onClose}>
      <Form form={form} label={t('improvise.open')}>
        <p class="ink-2">{t('improvise.text')}</p>
        <SelectField
          form={form}
          name="group"
          label={t('improvise.group')}
          value={group}
          choices={choices}
          onChange={setGroup}
        />
        <TextField
          form={form}
          name="title"
          label={t('improvise.name')}
          value={title}
          onInput={setTitle}
          maxLength={160}
        />
        <div class="form-acts">
          <Submit form={form} word={t('improvise.start')} />
        </div>
      </Form>
    </Dialog>
  );
}
