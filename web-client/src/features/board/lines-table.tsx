import { time } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { LessonName } from '../../ui/parts/lesson-name';
import { CLEAR_SPEECH, type Line, type Live } from './model';
import { State } from './parts-table';
import { t } from './words';

interface Props {
  caption: string;
  lines: readonly Live<Line>[];
  open: string | undefined;
  href: (id: string) => string;
  zone: string;
}

/** The lessons of one institution, those that need a look first. */
export function LinesTable({ caption, lines, open, href, zone }: Props) {
  return (
    <table class="table board-table">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t('table.lesson')}</th>
          <th scope="col">{t('table.state')}</th>
          <th scope="col" class="n">
            {t('table.present')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const { id } = line.peek();
          return <Row key={id} line={line} isOpen={id === open} href={href(id)} zone={zone} />;
        })}
      </tbody>
    </table>
  );
}

function Row({ line, isOpen, href, zone }: { line: Live<Line>; isOpen: boolean; href: string; zone: string }) {
  const { id, card, lesson } = line.value;
  return (
    <tr class={isOpen ? 'is-on' : undefined}>
      <th scope="row">
        <a href={href} data-part={id} aria-current={isOpen || undefined}>
          <span>
            <span class={isOpen ? 'strong' : undefined}>
              <LessonName course={card.course} title={card.title} />
            </span>
            {'\u00a0· '}
            <Num>{time(lesson.starts_at, zone)}</Num>
          </span>
        </a>
      </th>
      <td>
        <LineState line={line.value} />
      </td>
      <td class="n">
        <Num>{`${lesson.present}/${lesson.expected}`}</Num>
      </td>
    </tr>
  );
}

/** Of what needs a look, the worst; else the state in a word. */
export function LineState({ line: { lesson, alarms } }: { line: Line }) {
  const { state, speech } = lesson;
  if (alarms > 0) return <State kind="alarm">{t('state.alarm')}</State>;
  if (state === 'not_started') return <State kind="alarm">{t('state.notStarted')}</State>;
  if (state === 'late') return <State kind="attention">{t('state.late')}</State>;
  if (state === 'live' && speech !== null && speech < CLEAR_SPEECH)
    return <State kind="attention">{t('state.rough')}</State>;
  if (state === 'ended_early') return <State kind="attention">{t('state.endedEarly')}</State>;
  return (
    <span class="state t-xs">
      <Mark kind={state === 'live' ? 'live' : state === 'planned' ? 'plan' : 'ended'} />
      <span>{t(`lessonState.${state}`)}</span>
    </span>
  );
}
