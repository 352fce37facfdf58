import type { ComponentChildren } from 'preact';
import { Dialog } from '../dialog';
import { Form, Submit, useForm } from './form';
import { t } from './words';

interface Props {
  title: ComponentChildren;
  text: ComponentChildren;
  /** What the button does, as a verb. */
  word: string;
  busyWord?: string;
  danger?: boolean;
  /** Throws `ApiProblem` where it can't be done; the dialog stays and says why. */
  act: (idempotencyKey: string) => Promise<void>;
  onDone: () => void;
  onClose: () => void;
  children?: ComponentChildren;
}

/** Asks before something is done that can't be undone. */
export function Confirm({ title, text, word, busyWord, danger, act, onDone, onClose, children }: Props) {
  const form = useForm(act, onDone);
  return (
    <Dialog title={title} onClose={onClose}>
      <Form form={form}>
        <p>{text}</p>
        {children}
        <div class="dialog-acts">
          <button type="button" class="button" onClick={onClose}>
            {t('form.cancel')}
          </button>
          <Submit form={form} word={word} kind={danger ? 'danger' : 'primary'} {...(busyWord && { busyWord })} />
        </div>
      </Form>
    </Dialog>
  );
}
