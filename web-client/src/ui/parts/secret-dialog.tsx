import { Dialog } from '../dialog';
import { CopyText } from './copy';

interface Props {
  title: string;
  /** What the secret is called. */
  label: string;
  secret: string;
  /** That it is shown this once, and what it is for. */
  note: string;
  /** What closes the dialog. */
  word: string;
  onClose: () => void;
}

/** A secret, shown this once. */
export function SecretDialog({ title, label, secret, note, word, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <CopyText label={label} text={secret} lines={2} />
      <p>{note}</p>
      <div class="dialog-acts">
        <button type="button" class="button primary" onClick={onClose}>
          {word}
        </button>
      </div>
    </Dialog>
  );
}
