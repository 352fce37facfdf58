import './pages.css';
import type { ComponentChildren } from 'preact';
import { Brand } from '../../ui/brand';
import { LanguageSwitch } from '../../ui/language-switch';
import { Mark, type MarkKind } from '../../ui/mark';

interface Props {
  mark?: MarkKind;
  title: string;
  text: ComponentChildren;
  /** What there is to know: words and values. */
  facts?: readonly { word: string; value: ComponentChildren }[];
  act?: { word: string; run: () => void };
  /** Set where the page stands for something that went wrong, so that it is read out at once. */
  alert?: boolean;
}

/** A page that says one thing: what is so, why, and the one thing to do about it. */
export function PlainPage({ mark, title, text, facts, act, alert }: Props) {
  return (
    <div class="plain">
      <header class="plain-head">
        <Brand />
        <LanguageSwitch />
      </header>
      <main class="plain-main">
        <div class="plain-words" role={alert ? 'alert' : undefined}>
          <h1>
            {mark && <Mark kind={mark} />}
            {title}
          </h1>
          <p class="t-l ink-2">{text}</p>
        </div>
        {facts && facts.length > 0 && (
          <dl class="facts-list">
            {facts.map(({ word, value }) => (
              <div key={word}>
                <dt>{word}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {act && (
          <button type="button" class="button primary big" onClick={act.run}>
            {act.word}
          </button>
        )}
      </main>
    </div>
  );
}
