import { language } from '../../i18n';
import { duration, number, timeToSecond } from '../../i18n/format';
import { Num } from '../../ui/num';
import { came, expectedOf, plannedSoFar, rateOfAll, traineesOf } from './presence';
import { type Quality, SpeechParts } from './quality';
import type { Report } from './report';
import { T, t } from './words';

const MS = 1000;

/** From when on a start counts as late, in microseconds: what is less is the clock's to say. */
const LATE_US = 60 * 1_000_000;

/** Microseconds as `1:05:25`; always with the hour, so that a column of them can be compared. */
export function exactly(us: number): string {
  const text = duration(us / MS);
  return text.split(':').length === 2 ? `0:${text.padStart(5, '0')}` : text;
}

/** `93,2 %`: with one decimal where it is not whole, for a committee defends it. */
export function percentOf(rate: number, decimals = 1): string {
  const figure = number(rate * 100, decimals);
  return language.value === 'en' ? `${figure}%` : `${figure}\u00a0%`;
}

/** What the lesson came to, in one line. */
export function FigureStrip({ of: report, now, quality }: { of: Report; now: number; quality: Quality | null }) {
  const { lesson, given_us, late_us } = report;
  const planned = plannedSoFar(report, now);
  const rate = rateOfAll(report, planned);
  const expected = expectedOf(report);
  const there = expected.filter(came).length;
  const drops = traineesOf(report).reduce((sum, { drops: each }) => sum + each, 0);
  const plannedUs = lesson.ends_at - lesson.starts_at;
  return (
    <dl class="figures lesson-figures">
      <Figure word={t('figure.rate')} value={rate === null ? '–' : percentOf(rate)}>
        <T k="figure.came" v={{ count: there, of: <Num>{expected.length}</Num> }} />
      </Figure>
      <Figure word={t('figure.given')} value={exactly(given_us)}>
        <T k="figure.ofPlanned" v={{ planned: <Num>{exactly(plannedUs)}</Num> }} />
      </Figure>
      <Figure
        word={t('figure.start')}
        value={lesson.started_at == null ? '–' : timeToSecond(lesson.started_at, lesson.time_zone)}
      >
        {lesson.started_at == null ? (
          t('figure.notBegun')
        ) : late_us < LATE_US ? (
          t('figure.onTime')
        ) : (
          <T k="figure.late" v={{ by: <Num>{duration(late_us / MS)}</Num> }} />
        )}
      </Figure>
      {quality?.speech && (
        <Figure word={t('voice.title')} value={number(quality.speech.score, 1)} hasParts>
          <SpeechParts of={quality} />
        </Figure>
      )}
      <Figure word={t('figure.drops')} value={number(drops)}>
        {drops === 0 ? (
          t('figure.noDrops')
        ) : (
          <T k="figure.dropsOf" v={{ count: traineesOf(report).filter((person) => person.drops > 0).length }} />
        )}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  word: string;
  value: string;
  /** What stands below it is what it is made of, too long to stand beside it. */
  hasParts?: boolean;
  children: preact.ComponentChildren;
}

function Figure({ word, value, hasParts, children }: FigureProps) {
  return (
    <div class={hasParts ? 'figure has-parts' : 'figure'}>
      <dt>{word}</dt>
      <dd>
        <Num>{value}</Num> <small>{children}</small>
      </dd>
    </div>
  );
}
