import { PageHead } from '../../ui/parts/page-head';
import { AREAS, type AreaProps, meAt } from '../school/areas';
import { here } from '../school/me';
import { t as frame } from '../school/words';
import { t } from './words';

/** Where every page of the administration is found: the areas that say what they are `listed` as. */
export default function Admin({ me }: AreaProps) {
  const seat = { home: me, here: here.value ?? me };
  const pages = AREAS.filter((area) => area.listed && meAt(area, seat));
  return (
    <div class="page">
      <PageHead title={t('admin.title')} />
      <ul class="rows panel">
        {pages.map(({ path, listed }) => (
          <li key={path}>
            <a class="row strong" href={path}>
              {listed && frame(listed)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
