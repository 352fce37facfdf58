import { Bookmark, Download, Library } from 'lucide';
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { Me } from '../../api/client';
import { language } from '../../i18n';
import { Icon } from '../../ui/icon';
import { Figures } from '../../ui/num';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { isAbove } from '../institutions/institution';
import { type Day, dayText, dayWithin, spanOf as wordsOf } from '../week/dates';
import { type Asked, fileOf } from './calls';
import { type Names, namesOf } from './names';
import type { Span } from './period';
import { addressOf, FILTERS, type Place, type Query, upTo } from './query';
import { ViewForm, Views } from './views';
import { T, t } from './words';

interface Props {
  me: Me;
  query: Query;
  place: Place;
  asked: Asked;
  today: Day;
}

/** What the report is of and of when, the way up, and what can be done with it. */
export function ReportHead({ me, query, place, asked }: Props) {
  const [open, setOpen] = useState<'save' | 'views' | null>(null);
  const ids = JSON.stringify([place, query.region]);
  const loaded = useLoaded((signal) => namesOf(me, query, signal), [ids]);
  const way = wayTo(me, query, place, loaded.value ?? {});
  const name = way.at(-1)?.name;
  const { from, to, before } = asked.days;
  return (
    <>
      {way.length > 1 && <Crumbs way={way} />}
      <PageHead
        title={name ? t('report.of', { name }) : t('report.bare')}
        heading={name && <T k="report.of" v={{ name: <bdi>{name}</bdi> }} />}
        note={
          <>
            <SpanText of={{ from, to }} zone={me.time_zone} />
            {before && (
              <>
                {'\u00a0· '}
                <T k="report.against" v={{ span: <SpanText of={before} zone={me.time_zone} within /> }} />
              </>
            )}
          </>
        }
      >
        <button type="button" class="button" onClick={() => setOpen('views')}>
          <Icon of={Library} />
          {t('views.open')}
        </button>
        <button type="button" class="button" onClick={() => setOpen('save')}>
          <Icon of={Bookmark} />
          {t('views.saveOpen')}
        </button>
        {(['csv', 'xlsx'] as const).map((kind) => (
          <a
            key={kind}
            class="button"
            href={fileOf(asked, kind, language.value)}
            download
            aria-label={t('report.download', { kind: kind.toUpperCase() })}
          >
            <Icon of={Download} />
            {kind.toUpperCase()}
          </a>
        ))}
      </PageHead>
      {open === 'views' && <Views query={query} zone={me.time_zone} onClose={() => setOpen(null)} />}
      {open === 'save' && (
        <ViewForm query={query} name={name ?? ''} onDone={() => setOpen(null)} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

/** `Du 1 au 26 novembre 2026` */
function SpanText({ of: { from, to }, zone, within }: { of: Span; zone: string; within?: boolean }) {
  if (from === to) return <Figures text={within ? dayWithin(from, zone) : dayText(from, zone)} />;
  const words = wordsOf(from, to, zone);
  const values = { from: <Figures text={first(words.from)} />, to: <Figures text={first(words.to)} /> };
  return <T k={within ? 'span.within' : 'span.whole'} v={values} />;
}

/** French counts the first of a month by its order. */
function first(day: string): string {
  return language.value === 'fr' ? day.replace(/^1(?=\s|$)/, '1er') : day;
}

interface Step {
  /** Nothing until it is known. */
  name: string | undefined;
  address: string;
}

/** From what somebody oversees down to what is shown. */
function wayTo(me: Me, query: Query, place: Place, names: Names): Step[] {
  const above = isAbove(me);
  const knows = me.roles.administrator || me.roles.committee;
  const top = !knows
    ? t('place.own')
    : !above
      ? me.institution_name
      : me.reach === 'ministry'
        ? t('place.country')
        : names.region;
  const way: Step[] = [{ name: top, address: addressOf(upTo(query, [])) }];
  if (place.level === 'country') return way;
  const regionId = query.region ?? names.regionId;
  if (me.reach === 'ministry' && above && regionId) {
    const up = upTo({ ...query, region: regionId }, ['region']);
    way.push({ name: names.region, address: addressOf(up) });
  }
  if (place.level === 'region') return way;
  if (above) way.push({ name: names.institution, address: addressOf(upTo(query, ['region', 'institution'])) });
  const settled = FILTERS.filter((name) => place.only[name]);
  settled.forEach((name, at) => {
    const up = upTo(query, ['region', 'institution', ...settled.slice(0, at + 1)]);
    way.push({ name: names[name], address: addressOf(up) });
  });
  return way;
}

function Crumbs({ way }: { way: readonly Step[] }) {
  return (
    <nav class="report-way" aria-label={t('report.way')}>
      {way.map(({ name, address }, at) => (
        <Fragment key={address}>
          {at > 0 && (
            <span class="ink-3" aria-hidden="true">
              /
            </span>
          )}
          {at < way.length - 1 ? (
            <a href={address}>
              <bdi>{name ?? '…'}</bdi>
            </a>
          ) : (
            <bdi aria-current="page">{name ?? '…'}</bdi>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
