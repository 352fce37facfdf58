import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ApiProblem, newKey, problemOf } from '../../api/client';
import type { FieldFault } from '../../api/schema.gen';
import { ProblemNote } from './problem';
import { t } from './words';

/** What fields and buttons need to know of the form they are in. */
export interface FormState {
  busy: boolean;
  /** What is wrong with fields, by their names. */
  faults: readonly FieldFault[];
  /** Any other refusal. */
  problem: ApiProblem | null;
  submit: (form: HTMLFormElement | null) => void;
  /** Says that fields can't be used, before anything is sent. */
  refuse: (faults: readonly FieldFault[]) => void;
  /** Shows why another call about the same fields was refused. */
  fail: (problem: ApiProblem, form?: HTMLFormElement | null) => void;
  clear: () => void;
}

/**
 * A form's sending: one at a time, faults given to the fields that have their names, the first of them focused.
 * `send` gets the key of this act, the same while it is tried again; a problem that `handled` takes is not shown.
 */
export function useForm<R>(
  send: (idempotencyKey: string) => Promise<R>,
  done: (answer: R) => void,
  handled: (problem: ApiProblem) => boolean = () => false,
): FormState {
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const key = useRef(newKey());
  const clear = () => {
    setFaults([]);
    setProblem(null);
  };
  const refuse = (found: readonly FieldFault[], form?: HTMLFormElement | null) => {
    setFaults(found);
    // Once they are drawn as faulty.
    setTimeout(() => (form ?? document).querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const fail = (caught: ApiProblem, form?: HTMLFormElement | null) => {
    const placed = caught.fields.length > 0 && caught.fields.every(({ field }) => hasField(form, field));
    if (!placed) setProblem(caught);
    if (caught.fields.length > 0) refuse(caught.fields, form);
  };
  const submit = async (form: HTMLFormElement | null) => {
    if (busy) return;
    clear();
    setBusy(true);
    try {
      const answer = await send(key.current);
      key.current = newKey();
      done(answer);
    } catch (error) {
      const caught = problemOf(error);
      // Whether it was carried out is not known: the same key finds out.
      if (caught.code !== 'unreachable') key.current = newKey();
      if (!handled(caught)) fail(caught, form);
    } finally {
      setBusy(false);
    }
  };
  return { busy, faults, problem, submit: (form) => void submit(form), refuse, fail, clear };
}

function hasField(form: HTMLFormElement | null | undefined, name: string): boolean {
  return form?.elements.namedItem(name) != null;
}

interface FormProps {
  form: FormState;
  label?: string;
  class?: string;
  children: ComponentChildren;
}

/** The form itself; what no field can say stands above the fields. */
export function Form({ form, label, class: name, children }: FormProps) {
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // What stands above the fields is out of sight from the end of a long form.
    if (form.problem) element.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' });
  }, [form.problem]);
  const homeless = form.faults.filter(({ field }) => !hasField(element.current, field));
  return (
    <form
      ref={element}
      class={name ? `form ${name}` : 'form'}
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit(event.currentTarget);
      }}
    >
      {form.problem && <ProblemNote problem={form.problem} faults={homeless} />}
      {children}
    </form>
  );
}

interface SubmitProps {
  form: FormState;
  word: string;
  /** While it is sent. */
  busyWord?: string;
  kind?: 'primary' | 'plain' | 'danger' | 'primary big' | 'primary big wide';
}

/** The button that sends the form; its width is kept while it is busy. */
export function Submit({ form, word, busyWord, kind = 'primary' }: SubmitProps) {
  return (
    <button type="submit" class={`button ${kind === 'plain' ? '' : kind} submit`} aria-disabled={form.busy}>
      <span aria-hidden={form.busy || undefined}>{word}</span>
      <span aria-hidden={!form.busy || undefined}>{busyWord ?? t('form.busy')}</span>
    </button>
  );
}
