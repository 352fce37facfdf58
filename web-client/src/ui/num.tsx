import type { ComponentChildren } from 'preact';
import { number } from '../i18n/format';

/** A figure, time, code or unit: apart from the text around it, left to right. */
export function Num({ children }: { children: ComponentChildren }) {
  return (
    <bdi class="num" dir="ltr">
      {typeof children === 'number' ? number(children) : children}
    </bdi>
  );
}

/** A text of the product's own whose figures stand as all figures do. */
export function Figures({ text }: { text: string }) {
  return <>{text.split(/(\d+)/).map((part, at) => (at % 2 === 1 ? <Num key={part}>{part}</Num> : part))}</>;
}
