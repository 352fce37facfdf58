import type { Me } from '../../api/client';
import { t } from './words';

/** Whether somebody may read accounts, and not only groups. */
export function readsPeople({ roles }: Me): boolean {
  return roles.administrator || roles.committee;
}

/** The two lists of this area. */
export function Sections({ me, at }: { me: Me; at: 'people' | 'groups' }) {
  if (!readsPeople(me)) return null;
  return (
    <nav aria-label={t('sections.label')}>
      <span class="segments">
        <a href="/people" aria-current={at === 'people' ? 'page' : undefined}>
          {t('people.title')}
        </a>
        <a href="/people/groups" aria-current={at === 'groups' ? 'page' : undefined}>
          {t('groups.title')}
        </a>
      </span>
    </nav>
  );
}
