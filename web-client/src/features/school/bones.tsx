import { BoneRows } from '../../ui/parts/list';
import { t } from './words';

/** While a page's own file is on its way. */
export function FrameBones() {
  return (
    <div class="page" aria-busy="true">
      <p class="visually-hidden" role="status">
        {t('frame.loading')}
      </p>
      <div class="page-head" aria-hidden="true">
        <span class="bone heading-bone" />
      </div>
      <div class="panel" aria-hidden="true">
        <BoneRows />
      </div>
    </div>
  );
}
