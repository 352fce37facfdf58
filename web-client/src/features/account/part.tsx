import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Mark } from '../../ui/mark';

/** One matter of the account, under its heading. */
export function Part({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="panel account-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** Says that something was done, where it was done. */
export function Done({ text }: { text: string | null }) {
  return (
    <p class="state is-live" role="status">
      {text && <Mark kind="live" />}
      {text}
    </p>
  );
}
