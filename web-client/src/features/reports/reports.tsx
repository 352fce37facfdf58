import './chart.css';
import './subjects.css';
import './side.css';
import './reports.css';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { BoneRows, EmptyPanel } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { navigations } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { civil } from '../week/dates';
import { AtRiskPanel } from './at-risk';
import { Beside } from './beside';
import { anyBy, atRisk, type Figures, placeOfRow, type Report, reportOf } from './calls';
import { Charts, type Ticked } from './charts';
import { FigureStrip } from './figures';
import { ReportHead } from './head';
import { LatestLessons } from './lessons';
import { PeriodPicker } from './period-picker';
import { addressOf, choicesOf, daysOf, placeOf, type Query, read } from './query';
import { Subjects } from './subjects';
import { Tools } from './tools';
import { Watch } from './watch';
import { t } from './words';

/** What the lessons of a country, a region or an institution came to; all that is chosen stands in the address. */
export default function Reports({ me }: AreaProps) {
  const { query: said, route } = useLocation();
  const query = read(said);
  const place = placeOf(me, query);
  const choices = choicesOf(place, me);
  const by = choices.find((each) => each === query.by) ?? choices[0] ?? 'course';
  const today = civil(Date.now() * 1000, me.time_zone).day;
  const days = daysOf(query, today, me.time_zone);
  const asked = { place, by, days };
  const at = JSON.stringify(place);
  const loaded = useLoaded(
    async (signal) => ({ at, by, report: await reportOf(asked, signal) }),
    [JSON.stringify(asked)],
  );
  useArrival(at);
  // Until another period has come, the last one's figures stay, pale; those of another place never do.
  const stays = loaded.value?.at === at && loaded.value.by === by && loaded.state !== 'failed';
  const report = stays ? loaded.value?.report : undefined;
  // Where no lessons were, every figure would have gone up from nothing.
  const before = report?.before && !hasNone(report.before) ? report.before : null;
  const ticked = useTicked(report, query, place, by, days);
  // Only an institution knows its trainees one by one, and a trainer's are those of their groups.
  const known = place.level === 'institution' && !place.only.trainer ? place : undefined;
  const asks = useLoaded(
    async (signal) => ({ at, named: known && (await atRisk(known, days, signal)) }),
    [at, days.to, days.before?.to],
  );
  const risk = { ...asks, value: asks.value?.at === at ? asks.value.named : undefined };
  /** Where one is stays in the way back; how it is looked at does not. */
  const change = (next: Query) => route(addressOf(next), next.period === query.period && next.by === query.by);
  const isBusy = loaded.state === 'loading';
  const mayKnow = known && !(risk.state === 'failed' && risk.problem.code === 'forbidden');
  return (
    <div class="page report-page">
      <ReportHead me={me} query={query} place={place} asked={asked} today={today} />
      <PeriodPicker query={query} days={days} today={today} onChange={change} />
      <p class="visually-hidden" role="status">
        {isBusy ? t('report.loading') : ''}
      </p>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {!report && isBusy && (
        <div class="panel" aria-hidden="true">
          <BoneRows />
        </div>
      )}
      {report && hasNone(report.total) && <EmptyPanel title={t('report.empty')} text={t('report.emptyText')} />}
      {report && !hasNone(report.total) && (
        <>
          <FigureStrip now={report.total} before={before} risk={known && risk.value} />
          {report.before && !before && <p class="t-s ink-2">{t('report.nothingBefore')}</p>}
          <div class={isBusy ? 'report-body is-busy' : 'report-body'}>
            <div class="report-main">
              <Charts
                report={report}
                ticked={ticked}
                query={query}
                zone={me.time_zone}
                isBusy={isBusy}
                onChange={change}
              />
              {ticked.length > 1 && (
                <Beside
                  ticked={ticked}
                  onDrop={(id) => change({ ...query, with: query.with.filter((each) => each !== id) })}
                />
              )}
              {choices.length > 0 && (
                <Subjects
                  key={`${at} ${by}`}
                  rows={report.rows}
                  by={by}
                  choices={choices}
                  query={query}
                  isCut={report.more === true}
                  isBusy={isBusy}
                  onChange={change}
                  onOpen={route}
                />
              )}
              {place.level === 'institution' && Object.keys(place.only).length > 0 && (
                <LatestLessons key={at} me={me} place={place} days={days} />
              )}
            </div>
            <div class="report-side">
              {known && mayKnow && <AtRiskPanel loaded={risk} query={query} institution={known.institution} />}
              {place.level !== 'institution' && <Watch rows={report.rows} by={by} query={query} />}
              <Tools of={report.total} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function hasNone({ planned, cancelled }: Figures): boolean {
  return planned === 0 && cancelled === 0;
}

/** Going into a row, or up again, is going to another page: it begins at its top, and its heading takes the focus. */
function useArrival(place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    navigations.value += 1;
    scrollTo(0, 0);
  }, [place]);
}

/** The reports of the subjects that are ticked, in the order in which they were. */
function useTicked(
  report: Report | undefined,
  { with: ids }: Query,
  place: ReturnType<typeof placeOf>,
  by: ReturnType<typeof choicesOf>[number],
  { from, to }: ReturnType<typeof daysOf>,
): readonly Ticked[] {
  const rows = ids.flatMap((id) => {
    const row = report?.rows.find((each) => each.id === id);
    return row?.name == null ? [] : [{ id, name: row.within ? `${row.name} (${row.within})` : row.name }];
  });
  const per = report?.per;
  const key = JSON.stringify([rows.map(({ id }) => id), place, by, from, to, per]);
  const loaded = useLoaded(
    (signal) =>
      Promise.all(
        rows.map(async ({ id, name }) => {
          const its = placeOfRow(place, by, id);
          const days = { from, to, before: null };
          const asked = { place: its, by: anyBy(its), days, ...(per && { per }) };
          return { id, name, report: await reportOf(asked, signal) };
        }),
      ),
    [key],
  );
  // What is no longer ticked goes at once; what is new comes when it is there.
  return (loaded.value ?? []).filter(({ id }) => ids.includes(id));
}
