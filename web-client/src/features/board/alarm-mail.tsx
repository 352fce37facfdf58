import { useState } from 'preact/hooks';
import { type ApiProblem, api, problemOf } from '../../api/client';
import { CheckField } from '../../ui/parts/field';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { t } from './words';

/** Whether one is told of alarms by mail; where that is not known, it is not asked. */
export function AlarmMail() {
  const loaded = useLoaded((signal) => api.get('/api/me/alarm-mail', { signal }), []);
  const [said, setSaid] = useState<boolean>();
  const [problem, setProblem] = useState<ApiProblem>();
  const wanted = said ?? loaded.value?.wanted;
  if (wanted === undefined) return null;
  const change = async (next: boolean) => {
    setSaid(next);
    setProblem(undefined);
    try {
      await api.put('/api/me/alarm-mail', { body: { wanted: next } });
    } catch (error) {
      setSaid(!next);
      setProblem(problemOf(error));
    }
  };
  return (
    <section class="panel form-panel" aria-label={t('alarms.mail')}>
      {problem && <ProblemNote problem={problem} />}
      <CheckField
        name="wanted"
        label={t('alarms.mail')}
        hint={t('alarms.mailHint')}
        checked={wanted}
        onChange={(next) => void change(next)}
      />
    </section>
  );
}
