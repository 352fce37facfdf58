import { useState } from 'preact/hooks';
import { type AlarmCard, type ApiProblem, api, problemOf } from '../../api/client';

/** Takes alarms in charge, one at a time. Who looks at the board hears of it from the server, this page too. */
export interface Taking {
  /** The alarm that is being taken. */
  busy: string | undefined;
  problem: ApiProblem | undefined;
  take: (alarm: { id: string; institution: string }) => void;
}

export function useTaking(done: (alarm: AlarmCard) => void = () => undefined): Taking {
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<ApiProblem>();
  const take = async ({ id, institution }: { id: string; institution: string }) => {
    if (busy !== undefined) return;
    setBusy(id);
    setProblem(undefined);
    try {
      const path = { institution, alarm: id };
      done(await api.post('/api/institutions/{institution}/alarms/{alarm}/take', { path }));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(undefined);
    }
  };
  return { busy, problem, take: (alarm) => void take(alarm) };
}
