import { T, t } from '../../i18n';
import { Mark } from '../../ui/mark';

export type NameError = 'missing' | 'long' | 'refused';

interface Props {
  value: string;
  error: NameError | null;
  max: number;
  onInput: (value: string) => void;
}

export function NameField({ value, error, max, onInput }: Props) {
  return (
    <div class={error ? 'field is-error' : 'field'}>
      <label for="name">{t('join.name')}</label>
      <input
        id="name"
        class="input"
        dir="auto"
        autocomplete="name"
        value={value}
        aria-invalid={error !== null}
        aria-describedby="name-hint"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <span class="hint" id="name-hint" role={error ? 'alert' : undefined}>
        {error && <Mark kind="alarm" />}
        <span>
          {error === null && t('join.nameHint')}
          {error === 'missing' && t('join.nameMissing')}
          {error === 'long' && <T k="join.nameLong" v={{ count: max }} />}
          {error === 'refused' && t('join.nameRefused')}
        </span>
      </span>
    </div>
  );
}
