import { useLocation } from 'preact-iso';
import { Mark } from '../../ui/mark';
import { t } from './words';

/** Why an account of a provider was not linked, where one comes back from there with it. */
export function LinkRefused() {
  const { problem } = useLocation().query;
  if (!problem) return null;
  // What stands in an address may be anybody's words, and is not shown.
  const text = problem === 'taken' ? 'identities.refusedTaken' : 'identities.refusedText';
  return (
    <div class="banner is-alarm" role="alert">
      <Mark kind="alarm" />
      <p class="banner-text">
        <b>{t('identities.refusedTitle')}</b>
        <span>{t(text)}</span>
      </p>
    </div>
  );
}
