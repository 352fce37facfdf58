import { PageHead } from '../../ui/parts/page-head';
import { AREAS, type AreaProps } from '../school/areas';
import { t as frame } from '../school/words';
import { t } from './words';

/** Where every page of the administration is found: the areas that say what they are `listed` as. */
export default function Admin({ me }: AreaProps) {
  const pages = AREAS.filter((area) => area.listed && area.isFor(me));
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
