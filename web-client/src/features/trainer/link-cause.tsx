import type { ComponentChildren } from 'preact';
import { T, t } from '../../i18n';
import { milliseconds, percent } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import type { Link } from '../lesson/view';
import { Since } from './people';

/** Why somebody does not receive everything, and what it means for the lesson. */
export function LinkCause({ link }: { link: Link }) {
  const said = words(link);
  if (!said) return null;
  const [cause, effect] = said;
  return (
    <>
      <span class="cause">
        <Mark kind={link.kind === 'lost' ? 'alarm' : 'attention'} />
        <span>{cause}</span>
      </span>
      <span class="t-xs ink-2">{effect}</span>
    </>
  );
}

function words(link: Link): [ComponentChildren, string] | null {
  switch (link.kind) {
    case 'lost':
      return [<T k="link.lostSince" v={{ duration: <Since at={link.since} /> }} />, t('link.returns')];
    case 'no_media':
      return [t('link.noMedia'), t('link.noMediaEffect')];
    case 'down_loss':
      return [<T k="link.downLoss" v={{ percent: <Num>{percent(link.percent)}</Num> }} />, t('link.downLossEffect')];
    case 'up_loss':
      return [<T k="link.upLoss" v={{ percent: <Num>{percent(link.percent)}</Num> }} />, t('link.upLossEffect')];
    case 'slow':
      return [<T k="link.slow" v={{ delay: <Num>{milliseconds(link.ms)}</Num> }} />, t('link.slowEffect')];
    case 'fine':
      return null;
  }
}
