import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from './icon';

export interface BannerText {
  tone: 'accent' | 'attention' | 'alarm';
  icon: IconNode;
  title: string;
  text: ComponentChildren;
  act?: { word: string; run: () => void };
}

/** The cause in bold, what was done about it, and one act at most. */
export function Banner({ tone, icon, title, text, act }: BannerText) {
  return (
    <div class={`banner is-${tone}`}>
      <Icon of={icon} />
      <p class="banner-text">
        <b>{title}</b>
        <span>{text}</span>
      </p>
      {act && (
        <button type="button" class="button small" onClick={act.run}>
          {act.word}
        </button>
      )}
    </div>
  );
}
