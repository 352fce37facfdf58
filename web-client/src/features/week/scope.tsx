import type { ChangeScope } from '../../api/client';
import { t } from './words';

const SCOPES = ['this', 'following', 'all'] as const;

/** How far a change of a series goes. */
export function ScopeChoice({ value, onChange }: { value: ChangeScope; onChange: (scope: ChangeScope) => void }) {
  return (
    <fieldset class="scope">
      <legend class="label">{t('form.scope')}</legend>
      <div class="choices">
        {SCOPES.map((scope) => (
          <label key={scope} class={scope === value ? 'choice is-on' : 'choice'}>
            <input type="radio" name="scope" value={scope} checked={scope === value} onChange={() => onChange(scope)} />
            <span class="name">{t(`scope.${scope}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
