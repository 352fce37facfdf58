import { Copy } from 'lucide';
import { useId, useState } from 'preact/hooks';
import { Icon } from '../../ui/icon';
import { t } from './words';

/** An address that is shown once: to be read, chosen and copied. */
export function Address({ label, url }: { label: string; url: string }) {
  const id = useId();
  const [done, setDone] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(url).then(
      () => setDone(true),
      () => setDone(false),
    );
  return (
    <div class="field today-address">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input mono"
        dir="ltr"
        readOnly
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="button small" onClick={() => void copy()}>
        <Icon of={Copy} />
        <span role="status">{done ? t('copy.done') : t('copy.act')}</span>
      </button>
    </div>
  );
}
