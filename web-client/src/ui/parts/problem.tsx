import { ApiProblem } from '../../api/client';
import type { FieldFault } from '../../api/schema.gen';
import { Mark } from '../mark';
import { has, t } from './words';

/** What a problem says, in the reader's language; the server's own words where there are no other. */
export function problemText({ code, detail, said }: ApiProblem): string {
  if (said) return said;
  const key = `problem.${code}`;
  return has(key) ? t(key as 'problem.internal') : detail;
}

/** The problem that an address names: what stands in an address may be anybody's words, and is not shown. */
export function problemNamed(code: string): ApiProblem {
  return new ApiProblem(has(`problem.${code}`) ? (code as ApiProblem['code']) : 'internal', 0, '');
}

/** What is wrong with a field, in the reader's language. */
export function faultText({ code, detail }: Pick<FieldFault, 'code' | 'detail'>): string {
  const key = `fault.${code}`;
  return has(key) ? t(key as 'fault.empty') : detail;
}

interface Props {
  problem: ApiProblem;
  /** Faults of fields that the form does not have. */
  faults?: readonly FieldFault[];
  retry?: () => void;
}

/** The cause and what to do about it, read out at once. */
export function ProblemNote({ problem, faults = [], retry }: Props) {
  return (
    <div class="banner is-alarm" role="alert">
      <Mark kind="alarm" />
      <div class="banner-text">
        <b>{t('problem.title')}</b>
        <span>{problemText(problem)}</span>
        {faults.map((fault) => (
          <span key={fault.field} class="problem-fault">
            <bdi class="mono">{fault.field}</bdi>: <bdi>{faultText(fault)}</bdi>
          </span>
        ))}
      </div>
      {retry && (
        <button type="button" class="button small" onClick={retry}>
          {t('list.retry')}
        </button>
      )}
    </div>
  );
}
