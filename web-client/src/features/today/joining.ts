import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type ApiProblem, api, problemOf } from '../../api/client';
import type { OwnLessonCard } from '../../api/schema.gen';

/** Enters a lesson from one's account. */
export interface Joining {
  /** The lesson that is being entered. */
  entering: string | null;
  problem: ApiProblem | null;
  enter: (lesson: string) => void;
}

export function useJoining(): Joining {
  const { route } = useLocation();
  const [entering, setEntering] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const enter = async (lesson: string) => {
    if (entering) return;
    setEntering(lesson);
    setProblem(null);
    try {
      const place = await api.post('/api/lessons/{lesson}/join', { path: { lesson } });
      route(`/lesson/${place.lesson.id}/${place.participant}`);
    } catch (error) {
      setProblem(problemOf(error));
      setEntering(null);
    }
  };
  return { entering, problem, enter: (lesson) => void enter(lesson) };
}

/** Whether there is anything to enter. */
export function isOpen(lesson: OwnLessonCard): boolean {
  return !lesson.cancelled && lesson.phase !== 'ended' && lesson.part !== 'replaced';
}
