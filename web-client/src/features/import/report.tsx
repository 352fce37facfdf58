import { useEffect, useRef } from 'preact/hooks';
import type { ImportProblem, ImportReport } from '../../api/client';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { faultText } from '../../ui/parts/problem';
import type { Table } from './columns';
import { has, T, t } from './words';

/** What a file would do, or why it can't. */
export function Seen({ report }: { report: ImportReport }) {
  const changes = report.created + report.changed;
  return (
    <section class="import-seen" role="status" aria-label={t('seen.title')}>
      {report.problem_count > 0 ? (
        <Wrong report={report} />
      ) : changes === 0 ? (
        <p class="state">
          <Mark kind="live" />
          {t('seen.nothing')}
        </p>
      ) : (
        <>
          <h2>{t('seen.title')}</h2>
          <Counts report={report} />
        </>
      )}
      {report.problem_count === 0 && changes > 0 && <Rows report={report} />}
    </section>
  );
}

/** What came of it; the heading takes the focus, since the form that had it is gone. */
export function Done({ report, table, again }: { report: ImportReport; table: Table; again: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="panel import-done">
      <h2 ref={heading} tabIndex={-1} class="state">
        <Mark kind="live" />
        {t('done.title')}
      </h2>
      <Counts report={report} />
      <div class="form-acts">
        <a class="button primary" href={table === 'lessons' ? '/week' : '/people'}>
          {t(table === 'lessons' ? 'done.lessons' : 'done.people')}
        </a>
        <button type="button" class="button" onClick={again}>
          {t('done.again')}
        </button>
      </div>
    </section>
  );
}

function Counts({ report }: { report: ImportReport }) {
  const { created, changed, kept, lessons, skipped } = report;
  return (
    <ul class="import-counts">
      {created > 0 && (
        <li>
          <T k="seen.new" v={{ count: created }} />
        </li>
      )}
      {changed > 0 && (
        <li>
          <T k="seen.changed" v={{ count: changed }} />
        </li>
      )}
      {kept > 0 && (
        <li>
          <T k="seen.kept" v={{ count: kept }} />
        </li>
      )}
      {!!lessons && (
        <li>
          <T k="seen.lessons" v={{ count: lessons }} />
        </li>
      )}
      {!!skipped && (
        <li>
          <T k="seen.skipped" v={{ count: skipped }} />
        </li>
      )}
    </ul>
  );
}

function Rows({ report }: { report: ImportReport }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too
    <section class="table-frame" tabIndex={0} aria-label={t('seen.first')}>
      <table class="table">
        <caption class="visually-hidden">{t('seen.first')}</caption>
        <thead>
          <tr>
            <th scope="col" class="n">
              {t('line')}
            </th>
            <th scope="col">{t('name')}</th>
            <th scope="col">{t('becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <tr key={row.line}>
              <td class="n">
                <Num>{row.line}</Num>
              </td>
              <td dir="auto">{row.name}</td>
              <td>{t(`action.${row.action === 'create' || row.action === 'change' ? row.action : 'keep'}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Wrong({ report }: { report: ImportReport }) {
  const { problems, problem_count } = report;
  return (
    <>
      <div class="banner is-alarm">
        <Mark kind="alarm" />
        <div class="banner-text">
          <b>
            <T k="wrong.title" v={{ count: problem_count }} />
          </b>
          <span>{t('wrong.text')}</span>
        </div>
      </div>
      <ol class="rows import-problems">
        {problems.map((problem) => (
          <li key={`${problem.line} ${problem.column} ${problem.code}`}>
            <ProblemRow problem={problem} />
          </li>
        ))}
      </ol>
      {problems.length < problem_count && (
        <p class="t-s ink-2">
          <T k="wrong.more" v={{ shown: problems.length }} />
        </p>
      )}
    </>
  );
}

function ProblemRow({ problem }: { problem: ImportProblem }) {
  const { line, column, code, value, in_the_way: other } = problem;
  const title = `column.${column}`;
  const why = `code.${code}`;
  return (
    <div class="row">
      <span class="import-place">
        <span>
          {t('line')} <Num>{line}</Num>
        </span>
        {column && <span class="t-s ink-2">{has(title) ? t(title as 'column.name') : column}</span>}
      </span>
      <span class="row-words">
        <span>{has(why) ? t(why as 'code.required') : faultText(problem)}</span>
        {other && (
          <span class="t-s">
            <T
              k="wrong.inTheWay"
              v={{
                title: <bdi>{other.title}</bdi>,
                starts: <Num>{other.starts.replace('T', ' ')}</Num>,
                ends: <Num>{other.ends.slice(11)}</Num>,
              }}
            />
            {other.line != null && (
              <>
                {' '}
                <T k="wrong.ofLine" v={{ line: other.line }} />
              </>
            )}
          </span>
        )}
        {value && (
          <q class="t-s ink-2" dir="auto">
            {value}
          </q>
        )}
      </span>
    </div>
  );
}
