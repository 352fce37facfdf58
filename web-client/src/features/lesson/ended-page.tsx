import { useCallback } from 'preact/hooks';
import type { ByeReason, ErrorCode } from '../../call';
import { t } from '../../i18n';
import { duration, time } from '../../i18n/format';
import { Num } from '../../ui/num';
import { Size } from '../../ui/size';
import { PlainPage } from '../pages/plain-page';
import { ProblemPage } from '../pages/problem';
import type { Session } from './session';

interface Props {
  endedBy: ByeReason | ErrorCode;
  session: Session;
  again: () => void;
}

/** Why one's part in the lesson is over, what it was, and the way back where there is one. */
export function EndedPage({ endedBy, session, again }: Props) {
  const retry = useCallback(again, []);
  const act = (word: string) => ({ word, run: again });
  switch (endedBy) {
    case 'left':
      return (
        <PlainPage
          mark="ended"
          title={t('page.leftTitle')}
          text={t('page.leftText')}
          facts={factsOf(session)}
          act={act(t('page.comeBack'))}
        />
      );
    case 'replaced':
      return (
        <PlainPage
          alert
          mark="attention"
          title={t('page.replacedTitle')}
          text={t('page.replacedText')}
          act={act(t('page.continueHere'))}
        />
      );
    case 'lesson_ended':
      return (
        <PlainPage
          mark="ended"
          title={t('page.lessonEndedTitle')}
          text={t('page.lessonEndedText')}
          facts={factsOf(session)}
        />
      );
    default:
      return <ProblemPage code={endedBy} retry={retry} />;
  }
}

function factsOf(session: Session) {
  const room = session.state.value.room;
  if (!room) return [];
  const { lesson, phase } = room;
  const facts = [
    { word: t('page.factLesson'), value: <bdi>{lesson.title}</bdi> },
    { word: t('page.factTrainer'), value: <bdi>{lesson.trainer}</bdi> },
  ];
  const at = (micros: number) => <Num>{time(micros, lesson.time_zone)}</Num>;
  const started = session.startedAt.value;
  const ended = phase.state === 'ended' ? phase.since : null;
  if (started !== null) facts.push({ word: t('page.factStarted'), value: at(started) });
  if (ended !== null) facts.push({ word: t('page.factEnded'), value: at(ended) });
  if (started !== null) {
    const until = ended ?? (Date.now() + session.state.value.serverOffset) * 1000;
    facts.push({ word: t('page.factDuration'), value: <Num>{duration((until - started) / 1000)}</Num> });
  }
  const bytes = session.stats.value?.bytesReceived ?? 0;
  if (bytes > 0) facts.push({ word: t('page.factData'), value: <Size bytes={bytes} /> });
  return facts;
}
