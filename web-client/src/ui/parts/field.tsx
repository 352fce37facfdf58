import { Eye, EyeOff } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Icon } from '../icon';
import { Mark } from '../mark';
import type { FormState } from './form';
import { faultText } from './problem';
import { t } from './words';

interface Common {
  form: FormState;
  /** As the server names it: its faults find the field by it. */
  name: string;
  label: string;
  hint?: ComponentChildren;
  optional?: boolean;
}

interface Ids {
  id: string;
  described: string | undefined;
  invalid: boolean;
}

/** Label, control, and below it the hint or what is wrong. */
function FieldFrame({
  form,
  name,
  label,
  hint,
  optional,
  control,
}: Common & { control: (ids: Ids) => ComponentChildren }) {
  const id = useId();
  const fault = form.faults.find(({ field }) => field === name);
  const described = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={fault ? 'field is-error' : 'field'}>
      <label for={id}>
        {label}
        {optional && <span class="ink-2"> ({t('form.optional')})</span>}
      </label>
      {control({ id, described, invalid: fault !== undefined })}
      {fault && (
        <span class="hint" id={`${id}-fault`}>
          <Mark kind="alarm" />
          <span dir="auto">{faultText(fault)}</span>
        </span>
      )}
      {hint && (
        <span class="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface TextProps extends Common {
  value: string;
  onInput: (value: string) => void;
  type?: 'text' | 'email' | 'url' | 'tel' | 'number' | 'date' | 'time' | 'datetime-local';
  autocomplete?: string;
  inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'url';
  /** `auto` for people's text, `ltr` for codes and addresses. */
  dir?: 'auto' | 'ltr';
  max?: number | string;
  min?: number | string;
  maxLength?: number;
  disabled?: boolean;
  autofocus?: boolean;
}

/** A line of text, a number, a date or a time. */
export function TextField({ value, onInput, type = 'text', dir, ...props }: TextProps) {
  const { autocomplete, inputMode, max, min, maxLength, disabled, autofocus } = props;
  return (
    <FieldFrame
      {...props}
      control={({ id, described, invalid }) => (
        <input
          id={id}
          name={props.name}
          class="input"
          value={value}
          dir={dir === 'ltr' ? dir : dirOf(value, type)}
          aria-invalid={invalid}
          aria-describedby={described}
          // `autofocus` for dialogs, which give the focus away when they open.
          {...({ type, autocomplete, inputMode, max, min, maxLength, disabled, autofocus } as object)}
          ref={(element) => {
            if (autofocus && element && !element.dataset.focused) {
              element.dataset.focused = 'true';
              element.focus();
            }
          }}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    />
  );
}

/** People's text has its own direction; an empty field begins where the page's lines do. */
function dirOf(value: string, type = 'text'): 'auto' | undefined {
  return type === 'text' && value !== '' ? 'auto' : undefined;
}

interface AreaProps extends Common {
  value: string;
  onInput: (value: string) => void;
  rows?: number;
}

/** Text of several lines. */
export function TextArea({ value, onInput, rows = 4, ...props }: AreaProps) {
  return (
    <FieldFrame
      {...props}
      control={({ id, described, invalid }) => (
        <textarea
          id={id}
          name={props.name}
          class="input"
          dir={dirOf(value)}
          rows={rows}
          value={value}
          aria-invalid={invalid}
          aria-describedby={described}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    />
  );
}

interface PasswordProps extends Common {
  value: string;
  onInput: (value: string) => void;
  autocomplete: 'current-password' | 'new-password';
}

/** A password, which can be shown to check it. */
export function PasswordField({ value, onInput, autocomplete, ...props }: PasswordProps) {
  const [shown, setShown] = useState(false);
  return (
    <FieldFrame
      {...props}
      control={({ id, described, invalid }) => (
        <span class="input-with-act" dir="ltr">
          <input
            id={id}
            name={props.name}
            class="input"
            {...{ type: (shown ? 'text' : 'password') as 'password' }}
            autocomplete={autocomplete}
            value={value}
            aria-invalid={invalid}
            aria-describedby={described}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={shown ? t('form.hidePassword') : t('form.showPassword')}
            onClick={() => setShown(!shown)}
          >
            <Icon of={shown ? EyeOff : Eye} />
          </button>
        </span>
      )}
    />
  );
}

export interface Choice<Value extends string> {
  value: Value;
  word: string;
}

interface SelectProps<Value extends string> extends Common {
  value: Value;
  choices: readonly Choice<Value>[];
  onChange: (value: Value) => void;
}

/** One of a few. */
export function SelectField<Value extends string>({ value, choices, onChange, ...props }: SelectProps<Value>) {
  return (
    <FieldFrame
      {...props}
      control={({ id, described, invalid }) => (
        <select
          id={id}
          name={props.name}
          class="input"
          value={value}
          aria-invalid={invalid}
          aria-describedby={described}
          onChange={(event) => onChange(event.currentTarget.value as Value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} selected={choice.value === value}>
              {choice.word}
            </option>
          ))}
        </select>
      )}
    />
  );
}

interface FileProps extends Common {
  value: File | null;
  onChoose: (file: File) => void;
  /** Kinds that the browser offers first, as `.csv,text/csv`. */
  accept?: string;
}

/** A file of this device: browsers word their own control in their language, not in the page's. */
export function FileField({ value, onChoose, accept, ...props }: FileProps) {
  return (
    <FieldFrame
      {...props}
      control={({ id, described, invalid }) => (
        <span class="file-field">
          <input
            id={id}
            name={props.name}
            class="visually-hidden"
            type="file"
            accept={accept}
            aria-invalid={invalid}
            aria-describedby={described}
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              if (chosen) onChoose(chosen);
            }}
          />
          <label class="button" for={id}>
            {t('file.choose')}
          </label>
          {value ? <bdi class="file-name">{value.name}</bdi> : <span class="ink-2">{t('file.none')}</span>}
        </span>
      )}
    />
  );
}

interface CheckProps {
  name: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** Yes or no. */
export function CheckField({ name, label, hint, checked, onChange, disabled }: CheckProps) {
  const id = useId();
  return (
    <div class="check-field">
      <input
        id={id}
        name={name}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
