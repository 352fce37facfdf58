import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { t } from './words';

/** One's own account. */
export default function Account({ me }: AreaProps) {
  return (
    <div class="page">
      <PageHead title={t('account.title')} />
      <dl class="fact-rows panel">
        <div>
          <dt>{t('account.name')}</dt>
          <dd dir="auto">{me.name}</dd>
        </div>
        <div>
          <dt>{t('account.institution')}</dt>
          <dd dir="auto">{me.institution_name}</dd>
        </div>
        <div>
          <dt>{t('account.timeZone')}</dt>
          <dd>
            <bdi class="num" dir="ltr">
              {me.time_zone}
            </bdi>
          </dd>
        </div>
      </dl>
    </div>
  );
}
