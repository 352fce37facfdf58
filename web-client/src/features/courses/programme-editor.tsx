import { ArrowDown, ArrowUp, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { UnitCard } from '../../api/schema.gen';
import { hours } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Num } from '../../ui/num';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { t } from './words';

interface Props {
  path: { institution: string; course: string };
  units: readonly UnitCard[];
  version: string;
  again: () => void;
}

interface Unit {
  /** Tells rows apart that have no id yet. */
  key: string;
  id?: string;
  title: string;
  planned_minutes: number;
}

/** A programme as a list of units that move up and down by buttons: by keyboard as well as by hand. */
export function ProgrammeEditor({ path, units: before, version, again }: Props) {
  const [units, setUnits] = useState<readonly Unit[]>(before.map((unit) => ({ ...unit, key: unit.id })));
  const form = useForm(
    () =>
      api.put('/api/institutions/{institution}/courses/{course}/units', {
        path,
        version,
        body: { units: units.map(({ key: _, ...unit }) => unit) },
      }),
    again,
  );
  const change = (index: number, part: Partial<Unit>) =>
    setUnits(units.map((unit, at) => (at === index ? { ...unit, ...part } : unit)));
  const move = (index: number, by: 1 | -1) => {
    const next = [...units];
    const [unit] = next.splice(index, 1);
    if (unit) next.splice(index + by, 0, unit);
    setUnits(next);
  };
  const add = () => setUnits([...units, { key: `new-${Date.now()}`, title: '', planned_minutes: 120 }]);
  return (
    <section class="panel form-panel" aria-labelledby="programme-editor">
      <h2 id="programme-editor">{t('course.programme')}</h2>
      <Form form={form}>
        <ol class="unit-rows">
          {units.map((unit, index) => (
            <li key={unit.key} class="unit-row">
              <TextField
                form={form}
                name={`units.${index}.title`}
                label={t('unit.title', { position: index + 1 })}
                value={unit.title}
                onInput={(title) => change(index, { title })}
              />
              <TextField
                form={form}
                name={`units.${index}.planned_minutes`}
                type="number"
                inputMode="numeric"
                min={1}
                label={t('unit.minutes')}
                value={String(unit.planned_minutes)}
                onInput={(text) => change(index, { planned_minutes: Math.trunc(Number(text)) })}
              />
              <span class="row-acts">
                <button
                  type="button"
                  class="icon-button"
                  aria-label={t('unit.up', { position: index + 1 })}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <Icon of={ArrowUp} />
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={t('unit.down', { position: index + 1 })}
                  disabled={index === units.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <Icon of={ArrowDown} />
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={t('unit.remove', { position: index + 1 })}
                  onClick={() => setUnits(units.filter((_, at) => at !== index))}
                >
                  <Icon of={Trash2} />
                </button>
              </span>
            </li>
          ))}
        </ol>
        <p class="ink-2">
          {t('unit.total')} <Num>{hours(units.reduce((sum, unit) => sum + (unit.planned_minutes || 0), 0))}</Num>
        </p>
        <div class="form-acts">
          <button type="button" class="button" onClick={add}>
            {t('unit.add')}
          </button>
          <Submit form={form} word={t('unit.save')} kind="plain" />
        </div>
      </Form>
    </section>
  );
}
