import { Num } from '../../ui/num';
import type { Figures } from './calls';
import { wholePercent } from './measures';
import { has, T, t } from './words';

/** In how many of the lessons that were given each tool was used, the most used first. */
export function Tools({ of: { tools, given } }: { of: Figures }) {
  const used = Object.entries(tools)
    .filter(([name]) => has(`tool.${name}`))
    .sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  if (given === 0 || used.every(([, count]) => count === 0)) return null;
  return (
    <section class="panel report-tools" aria-labelledby="tools">
      <h2 id="tools">{t('tools.title')}</h2>
      <p class="t-s ink-2">
        <T k="tools.note" v={{ count: given }} />
      </p>
      <ul>
        {used.map(([name, count]) => (
          <li key={name} data-tool={name}>
            <span>{t(`tool.${name}` as 'tool.chat')}</span>
            <span>
              <b>
                <Num>{count}</Num>
              </b>
              <span class="ink-2">
                {'\u00a0· '}
                <Num>{wholePercent((count / given) * 100)}</Num>
              </span>
            </span>
            <span class="bar" aria-hidden="true">
              <i style={{ inlineSize: `${(count / given) * 100}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
