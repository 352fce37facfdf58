import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import type { Loaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import type { AtRisk } from './calls';
import { valueText, wholePercent } from './measures';
import { addressOf, type Query } from './query';
import { T, t } from './words';

interface Props {
  loaded: Loaded<AtRisk | undefined> & { again: () => void };
  query: Query;
  institution: string;
}

/** Trainees whose attendance is low or falling, why each is named, and the rule by which. */
export function AtRiskPanel({ loaded, query, institution }: Props) {
  const { value } = loaded;
  return (
    <section class="panel report-risk" aria-labelledby="at-risk" aria-busy={loaded.state === 'loading'}>
      <header class="panel-head">
        <h2 id="at-risk" tabIndex={-1}>
          {t('risk.title')}
        </h2>
        {value && (
          <span class="t-s ink-2">
            <T k="risk.count" v={{ count: value.count }} />
          </span>
        )}
      </header>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {value && <Rule of={value.rule} />}
      {value && !value.named && value.trainees.length > 0 && <p class="report-risk-note t-s">{t('risk.nameless')}</p>}
      {value && value.trainees.length === 0 && <p class="empty">{t('risk.nobody')}</p>}
      {value && value.trainees.length > 0 && <Trainees of={value} query={query} institution={institution} />}
    </section>
  );
}

/** The rule by which trainees are named, all of it. */
function Rule({ of: rule }: { of: AtRisk['rule'] }) {
  return (
    <div class="report-risk-note t-s ink-2">
      <p>
        <T k="risk.rule" v={{ count: rule.weeks, lessons: <Num>{rule.lessons_at_least}</Num> }} />
      </p>
      <ul>
        <li>
          <T k="rule.low" v={{ below: <Num>{wholePercent(rule.below_percent)}</Num> }} />
        </li>
        <li>
          <T k="rule.falling" v={{ points: <Num>{rule.falls_by_points}</Num> }} />
        </li>
        <li>
          <T k="rule.missing" v={{ count: rule.missed_in_a_row }} />
        </li>
      </ul>
    </div>
  );
}

function Trainees({ of: { trainees, named, rule }, query, institution }: { of: AtRisk } & Omit<Props, 'loaded'>) {
  return (
    <ul class="rows">
      {trainees.map((trainee, at) => (
        <li key={trainee.person ?? at} class="row" data-person={trainee.person ?? undefined}>
          <span class="row-words">
            <b>
              {named && trainee.name ? (
                <bdi>{trainee.name}</bdi>
              ) : (
                <T k="risk.numbered" v={{ number: <Num>{at + 1}</Num> }} />
              )}
            </b>
            <a class="t-s" href={addressOf(ofGroup(query, institution, trainee.group.id))}>
              <bdi>{trainee.group.name}</bdi>
            </a>
          </span>
          <span class="report-risk-rate">
            <b>
              <Num>{valueText('attendance', trainee.attendance_percent)}</Num>
            </b>
            <span class="t-xs ink-2">
              <T k="risk.lessons" v={{ count: trainee.lessons }} />
            </span>
          </span>
          <Reasons of={trainee} below={rule.below_percent} />
        </li>
      ))}
    </ul>
  );
}

/** The group's own report, which has its lessons. */
function ofGroup(query: Query, institution: string, group: string): Query {
  const { course: _course, trainer: _trainer, by: _by, sort: _sort, ...rest } = query;
  return { ...rest, with: [], institution, group };
}

/** Why somebody is named, in words. */
function Reasons({ of: trainee, below }: { of: AtRisk['trainees'][number]; below: number }) {
  return (
    <ul class="report-reasons">
      {trainee.reasons.map((reason) => (
        <li key={reason} class="state is-attention">
          <Mark kind="attention" />
          <span>
            {reason === 'low' && <T k="reason.low" v={{ below: <Num>{wholePercent(below)}</Num> }} />}
            {reason === 'falling' && (
              <T k="reason.falling" v={{ before: <Num>{valueText('attendance', trainee.before_percent ?? 0)}</Num> }} />
            )}
            {reason === 'missing' && <T k="reason.missing" v={{ count: trainee.missed_in_a_row }} />}
          </span>
        </li>
      ))}
    </ul>
  );
}
