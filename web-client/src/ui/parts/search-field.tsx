import { Search, X } from 'lucide';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from '../icon';
import { t } from './words';

/** How long after the last key the search begins, in milliseconds. */
const PAUSE_MS = 300;

interface Props {
  /** What is searched for now. */
  value: string;
  label?: string;
  onSearch: (text: string) => void;
}

/** A search that begins when typing pauses; Enter begins it at once. */
export function SearchField({ value, label, onSearch }: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  const search = (next: string) => {
    if (next.trim() === sent.current) return;
    sent.current = next.trim();
    onSearch(next.trim());
  };
  useEffect(() => {
    const timer = setTimeout(() => search(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <search class="search">
      <Icon of={Search} />
      <label class="visually-hidden" for={id}>
        {label ?? t('search.label')}
      </label>
      <input
        id={id}
        class="input"
        type="search"
        dir={text === '' ? undefined : 'auto'}
        autocomplete="off"
        placeholder={label ?? t('search.label')}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && search(text)}
      />
      {text !== '' && (
        <button
          type="button"
          class="icon-button"
          aria-label={t('search.clear')}
          onClick={() => {
            setText('');
            search('');
          }}
        >
          <Icon of={X} />
        </button>
      )}
    </search>
  );
}
