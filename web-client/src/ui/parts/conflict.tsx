import type { ComponentChildren } from 'preact';
import { Dialog } from '../dialog';
import { t } from './words';

export interface Difference {
  /** The field's label. */
  word: string;
  theirs: ComponentChildren;
  mine: ComponentChildren;
}

interface Props {
  /** Only what differs. */
  differences: readonly Difference[];
  takeTheirs: () => void;
  /** Saves mine over theirs: sent with the version that is there now. */
  keepMine: () => void;
  onClose: () => void;
}

/** Somebody else saved first (412): both versions, and what to do about it. */
export function Conflict({ differences, takeTheirs, keepMine, onClose }: Props) {
  const shown = (value: ComponentChildren) =>
    value === '' || value === null || value === undefined ? <span class="ink-2">{t('conflict.none')}</span> : value;
  return (
    <Dialog title={t('conflict.title')} onClose={onClose}>
      <p>{t('conflict.text')}</p>
      <div class="table-frame">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('conflict.field')}</th>
              <th scope="col">{t('conflict.theirs')}</th>
              <th scope="col">{t('conflict.mine')}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ word, theirs, mine }) => (
              <tr key={word}>
                <th scope="row">{word}</th>
                <td dir="auto">{shown(theirs)}</td>
                <td dir="auto">{shown(mine)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="dialog-acts">
        <button type="button" class="button" onClick={takeTheirs}>
          {t('conflict.takeTheirs')}
        </button>
        <button type="button" class="button primary" onClick={keepMine}>
          {t('conflict.keepMine')}
        </button>
      </div>
    </Dialog>
  );
}

/**
 * What differs between the record as it is now and what somebody wanted to save, for `Conflict`. `words` names the
 * fields that can be changed.
 */
export function differences<R extends object>(
  theirs: R,
  mine: Partial<R>,
  words: Partial<Record<keyof R, string>>,
): Difference[] {
  const text = (value: unknown): ComponentChildren =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as ComponentChildren);
  return (Object.keys(words) as (keyof R)[])
    .filter((field) => field in mine && JSON.stringify(theirs[field]) !== JSON.stringify(mine[field]))
    .map((field) => ({ word: words[field] ?? '', theirs: text(theirs[field]), mine: text(mine[field]) }));
}
