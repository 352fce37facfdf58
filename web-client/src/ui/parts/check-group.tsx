import { useId } from 'preact/hooks';
import { Mark } from '../mark';
import type { Choice } from './field';
import type { FormState } from './form';
import { faultText } from './problem';

interface Props<Value extends string> {
  form: FormState;
  /** As the server names the list. */
  name: string;
  label: string;
  choices: readonly Choice<Value>[];
  value: readonly Value[];
  onChange: (value: Value[]) => void;
}

/** Some of a few. */
export function CheckGroup<Value extends string>({ form, name, label, choices, value, onChange }: Props<Value>) {
  const id = useId();
  const fault = form.faults.find(({ field }) => field === name);
  return (
    <fieldset class={fault ? 'field check-group is-error' : 'field check-group'} name={name}>
      <legend class="label">{label}</legend>
      {choices.map((choice) => (
        <div class="check-field" key={choice.value}>
          <input
            id={`${id}-${choice.value}`}
            type="checkbox"
            checked={value.includes(choice.value)}
            aria-invalid={fault !== undefined}
            aria-describedby={fault ? `${id}-fault` : undefined}
            onChange={(event) => {
              const others = value.filter((each) => each !== choice.value);
              onChange(event.currentTarget.checked ? [...others, choice.value] : others);
            }}
          />
          <label for={`${id}-${choice.value}`}>{choice.word}</label>
        </div>
      ))}
      {fault && (
        <span class="hint" id={`${id}-fault`}>
          <Mark kind="alarm" />
          <span dir="auto">{faultText(fault)}</span>
        </span>
      )}
    </fieldset>
  );
}
