import { ChevronRight, X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/icon';
import { t } from './words';

export interface Crumb {
  name: string;
  /** Where it leads; the last one is where one is. */
  href: string;
}

interface Props {
  crumbs: readonly Crumb[];
  /** How many there are in it. */
  note?: ComponentChildren;
  /** Where something is open that can be closed. */
  up: string | undefined;
  children: ComponentChildren;
}

/** A part of the country, opened: the way to it, and what is in it. */
export function Drill({ crumbs, note, up, children }: Props) {
  return (
    <section class="panel drill" aria-label={t('drill.label')}>
      <header class="drill-head">
        <nav aria-label={t('drill.crumbs')}>
          <ol class="drill-crumbs">
            {crumbs.map(({ name, href }, index) => (
              <li key={href}>
                {index > 0 && <Icon of={ChevronRight} flip />}
                {index < crumbs.length - 1 ? (
                  <a href={href}>
                    <bdi>{name}</bdi>
                  </a>
                ) : (
                  <h2 tabIndex={-1} aria-current="page">
                    <bdi>{name}</bdi>
                  </h2>
                )}
              </li>
            ))}
          </ol>
        </nav>
        <span class="grow" />
        {note && <span class="drill-count">{note}</span>}
        {up && (
          <a class="icon-button" href={up} aria-label={t('drill.close')}>
            <Icon of={X} />
          </a>
        )}
      </header>
      {children}
    </section>
  );
}
