import { Mark } from '../../ui/mark';

interface AnswerProps {
  kind: 'live' | 'wait' | 'alarm' | 'attention';
  title: preact.ComponentChildren;
  text?: preact.ComponentChildren;
}

/** What came of it, in plain words. */
export function Answer({ kind, title, text }: AnswerProps) {
  return (
    <>
      <h2 class="verify-said">
        <Mark kind={kind} />
        <span>{title}</span>
      </h2>
      {text && <p>{text}</p>}
    </>
  );
}
