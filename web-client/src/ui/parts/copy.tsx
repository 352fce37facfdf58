import { useId, useRef, useState } from 'preact/hooks';
import { t } from './words';

interface Props {
  label: string;
  /** What is shown and copied: an address, or codes below each other. */
  text: string;
  /** How many lines of it are seen. */
  lines?: number;
}

/** Text to be taken elsewhere, with a button that copies it. */
export function CopyText({ label, text, lines = 1 }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [done, setDone] = useState<'copied' | 'selected' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone('copied');
    } catch {
      // Without TLS, or without permission, browsers let nobody copy but by hand.
      field.current?.focus();
      field.current?.select();
      setDone('selected');
    }
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copy">
        <textarea
          ref={field}
          id={id}
          class={lines === 1 ? 'input mono is-line' : 'input mono'}
          dir="ltr"
          readOnly
          rows={lines}
          value={text}
        />
        <button type="button" class="button" onClick={() => void copy()}>
          {t('copy.act')}
        </button>
      </div>
      <span class="hint" role="status">
        {done === 'copied' && t('copy.done')}
        {done === 'selected' && t('copy.byHand')}
      </span>
    </div>
  );
}
