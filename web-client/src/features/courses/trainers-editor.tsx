import { useState } from 'preact/hooks';
import { type ApiProblem, all, api, problemOf } from '../../api/client';
import type { TrainerCard } from '../../api/schema.gen';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { t } from './words';

interface Props {
  path: { institution: string; course: string };
  trainers: readonly TrainerCard[];
  again: () => void;
}

const ONE = '/api/institutions/{institution}/courses/{course}/trainers/{person}';

/** Who teaches the course: each change counts at once. */
export function TrainersEditor({ path, trainers, again }: Props) {
  const [chosen, setChosen] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const { institution } = path;
  const people = useLoaded(
    (signal) =>
      all('/api/institutions/{institution}/people', { path: { institution }, query: { role: 'trainer' }, signal }),
    [institution],
  );
  const others = (people.value ?? []).filter(({ id }) => trainers.every((trainer) => trainer.id !== id));
  const run = async (call: Promise<unknown>) => {
    setProblem(null);
    try {
      await call;
      setChosen('');
      again();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <section class="panel form-panel form" aria-labelledby="trainers-editor">
      <h2 id="trainers-editor">{t('course.trainers')}</h2>
      {problem && <ProblemNote problem={problem} />}
      <ul class="rows">
        {trainers.map((trainer) => (
          <li key={trainer.id} class="row">
            <span class="row-words" dir="auto">
              {trainer.name}
            </span>
            <button
              type="button"
              class="button small"
              aria-label={t('trainer.removeNamed', { name: trainer.name })}
              onClick={() => void run(api.delete(ONE, { path: { ...path, person: trainer.id } }))}
            >
              {t('trainer.remove')}
            </button>
          </li>
        ))}
      </ul>
      <div class="toolbar">
        <select
          class="input trainer-choice"
          aria-label={t('trainer.choose')}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          <option value="">{t('trainer.choose')}</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button"
          disabled={chosen === ''}
          onClick={() => void run(api.put(ONE, { path: { ...path, person: chosen } }))}
        >
          {t('trainer.add')}
        </button>
      </div>
    </section>
  );
}
