import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** How often somebody went to another page since the first; a heading that appears after that takes the focus. */
export const navigations = signal(0);

interface Props {
  /** What the page is, which the window's title says too. */
  title: string;
  /** Where the heading is more than its title. */
  heading?: ComponentChildren;
  /** A second line. */
  note?: ComponentChildren;
  /** The page's one primary button, and quieter ones. */
  children?: ComponentChildren;
}

/** A page's heading; on the way to another page the focus goes to it, so that screen readers say where one is. */
export function PageHead({ title, heading, note, children }: Props) {
  const element = useRef<HTMLHeadingElement>(null);
  const focusedAt = useRef(-1);
  useEffect(() => {
    document.title = `${title} · Qism`;
  }, [title]);
  useEffect(() => {
    if (navigations.value === 0 || focusedAt.current === navigations.value) return;
    focusedAt.current = navigations.value;
    // A page that begins with a field to fill in has given it the focus.
    if (document.activeElement?.matches('main input')) return;
    element.current?.focus({ preventScroll: true });
  }, [navigations.value]);
  return (
    <header class="page-head">
      <div class="page-words">
        <h1 ref={element} tabIndex={-1} dir="auto">
          {heading ?? title}
        </h1>
        {note && <p class="ink-2">{note}</p>}
      </div>
      {children && <div class="page-acts">{children}</div>}
    </header>
  );
}
