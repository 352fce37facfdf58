import { useState } from 'preact/hooks';
import { date, timeToSecond } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Figures, Num } from '../../ui/num';
import { CorrectionForm } from './correction';
import { exactly } from './figures';
import { workedOutUs } from './presence';
import type { Report, ReportPerson } from './report';
import { PersonName } from './table';
import { has, T, t } from './words';

interface Props {
  of: ReportPerson;
  report: Report;
  /** Whether the reader may put it right. */
  canCorrect: boolean;
  onCorrected: () => void;
  onClose: () => void;
}

/** One person's presence to the second, what was put right about it, and for administrators the way to do so. */
export function PersonDialog({ of: person, report, canCorrect, onCorrected, onClose }: Props) {
  const [corrects, setCorrects] = useState(false);
  return (
    <Dialog kind="sheet" title={<PersonName of={person} />} onClose={onClose}>
      {corrects ? (
        <CorrectionForm of={person} report={report} onDone={onCorrected} onBack={() => setCorrects(false)} />
      ) : (
        <>
          <Counted of={person} report={report} />
          <Spells of={person} zone={report.lesson.time_zone} />
          {canCorrect && (
            <div class="dialog-acts">
              <button type="button" class="button" onClick={() => setCorrects(true)}>
                {t('correct.open')}
              </button>
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}

function Counted({ of: person, report }: { of: ReportPerson; report: Report }) {
  const { corrected, away_us, dropped_us } = person;
  const { time_zone: zone } = report.lesson;
  return (
    <>
      <dl class="fact-rows panel">
        <Fact word={t('person.counted')}>
          <Num>{exactly(person.counted_us)}</Num>
        </Fact>
        {corrected && (
          <Fact word={t('person.before')}>
            <Num>{exactly(workedOutUs(person, report.away_counts))}</Num>
          </Fact>
        )}
        <Fact word={report.away_counts ? t('person.awayCounts') : t('person.awayCountsNot')}>
          <Num>{exactly(away_us)}</Num>
        </Fact>
        <Fact word={t('person.dropped')}>
          <Num>{exactly(dropped_us)}</Num>
        </Fact>
      </dl>
      {corrected && (
        <div class="banner correction-note">
          <p class="banner-text">
            <b>
              <T
                k="person.correctedBy"
                v={{
                  name: <bdi>{corrected.author ?? t('person.administrator')}</bdi>,
                  day: <Figures text={date(corrected.at, zone)} />,
                }}
              />
            </b>
            {corrected.reason && <span dir="auto">{corrected.reason}</span>}
          </p>
        </div>
      )}
    </>
  );
}

function Fact({ word, children }: { word: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Spells({ of: { spells }, zone }: { of: ReportPerson; zone: string }) {
  if (spells.length === 0) return <p class="ink-2">{t('person.never')}</p>;
  return (
    <table class="table">
      <caption class="visually-hidden">{t('person.spells')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('person.state')}</th>
          <th scope="col">{t('person.from')}</th>
          <th scope="col">{t('person.to')}</th>
          <th scope="col" class="n">
            {t('person.length')}
          </th>
        </tr>
      </thead>
      <tbody>
        {spells.map(({ kind, from, to }) => (
          <tr key={from}>
            <th scope="row">{has(`spell.${kind}`) ? t(`spell.${kind}` as 'spell.present') : kind}</th>
            <td>
              <Num>{timeToSecond(from, zone)}</Num>
            </td>
            <td>
              <Num>{timeToSecond(to, zone)}</Num>
            </td>
            <td class="n">
              <Num>{exactly(to - from)}</Num>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
