import { useEffect, useState } from 'preact/hooks';
import type { LessonId, ParticipantId } from '../../call';
import { chosen, known, language, preferred, show, t } from '../../i18n';
import { keepRole, keptRole } from '../../memory';
import { onDemand } from '../../ui/on-demand';
import { ProblemPage } from '../pages/problem';
import { Trainee } from '../trainee/trainee';
import { Connecting } from './connecting';
import { EndedPage } from './ended-page';
import { useRestoredSources } from './restore';
import { openSession, type Session, SessionContext } from './session';

const around = {
  waiting: () => <Connecting />,
  missing: () => <ProblemPage code="unreachable" retry={() => location.reload()} />,
};
const Trainer = onDemand(() => import('../trainer/trainer').then((module) => module.Trainer), around);
const Committee = onDemand(() => import('../committee/committee').then((module) => module.Committee), around);

interface Props {
  lesson: LessonId;
  participant: ParticipantId;
  open?: typeof openSession;
}

/** `/lesson/{lesson}/{participant}`: one's place in the lesson, entered again by itself after a reload. */
export function Lesson({ lesson, participant, open = openSession }: Props) {
  const [session, setSession] = useState<Session | null>(null);
  const [attempt, setAttempt] = useState(0);
  // A new attempt is a new session
  useEffect(() => {
    const role = keptRole(lesson, participant);
    if (role === 'trainer') Trainer.preload();
    if (role === 'committee') Committee.preload();
    const opened = open(lesson, participant);
    setSession(opened);
    return () => {
      opened.close();
      void opened.call.leave();
    };
  }, [lesson, participant, attempt]);
  if (!('RTCPeerConnection' in globalThis)) return <ProblemPage code="unsupported" retry={() => undefined} />;
  if (!session) return <Connecting />;
  return (
    <SessionContext.Provider value={session}>
      <Place session={session} again={() => setAttempt(attempt + 1)} />
    </SessionContext.Provider>
  );
}

function Place({ session, again }: { session: Session; again: () => void }) {
  const { phase, endedBy, me, room } = session.state.value;
  const title = room?.lesson.title;
  const lessons = room?.lesson.language ?? null;
  useEffect(() => {
    const wanted = chosen() ?? known(lessons) ?? preferred();
    if (wanted !== language.value) void show(wanted);
  }, [lessons]);
  useEffect(() => {
    document.title = title ? `${title} · ${t('brand.home').split(/[,،]/)[0]}` : 'Qism';
  }, [title]);
  useEffect(() => {
    if (me && room) keepRole(room.lesson.id, me.participant, me.role);
  }, [me, room]);
  useRestoredSources(session);

  if (phase === 'ended') return <EndedPage endedBy={endedBy ?? 'left'} session={session} again={again} />;
  if (!me || !room) return <Connecting failing={phase === 'reconnecting'} />;
  if (room.phase.state === 'ended') return <EndedPage endedBy="lesson_ended" session={session} again={again} />;
  if (me.role === 'trainer') return <Trainer />;
  return me.role === 'committee' ? <Committee /> : <Trainee />;
}
