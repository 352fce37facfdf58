import type { ApiProblem } from '../../api/client';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { t } from './words';

export type BadLink = 'unknown' | 'expired' | 'used' | 'noSecret' | 'setup';

/** Why a link opens nothing, where that is so. */
export function badLinkOf({ code }: ApiProblem): BadLink | null {
  const why: Partial<Record<string, BadLink>> = {
    invitation_invalid: 'unknown',
    link_expired: 'expired',
    link_used: 'used',
  };
  return why[code] ?? null;
}

/** The link opens nothing: why, and what to do. */
export function BadLinkPage({ why }: { why: BadLink }) {
  return (
    <div class="narrow-page" role="alert">
      <PageHead title={t('bad.title')} />
      <p class="t-l ink-2">{t(`bad.${why}`)}</p>
      <p>
        <a class="button" href="/sign-in">
          {t('setup.toSignIn')}
        </a>
      </p>
    </div>
  );
}

/** The server did not answer, or could not. */
export function FailedPage({ problem, retry }: { problem: ApiProblem; retry: () => void }) {
  return (
    <div class="narrow-page">
      <ProblemNote problem={problem} retry={retry} />
    </div>
  );
}
