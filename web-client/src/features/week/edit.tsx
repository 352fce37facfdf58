import { useState } from 'preact/hooks';
import { api, type ChangeScope, type PeriodCard } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/parts/field';
import { Form, type FormState, Submit, useForm } from '../../ui/parts/form';
import { addDays, civil, type Day, nextRamadan } from './dates';
import type { Choices } from './lesson-dialog';
import { type End, type Often, ruleOf } from './repeat';
import { ScopeChoice } from './scope';
import { ClashPanel } from './side';
import { useUnits } from './units';
import type { Clashes, Shown } from './view';
import { t } from './words';

interface Props {
  institution: string;
  zone: string;
  choices: Choices;
  periods: readonly PeriodCard[];
  /** The lesson that is changed; a new one where there is none. */
  shown: Shown | null;
  /** What a new lesson begins with. */
  start: { day: Day; trainer: string; group: string };
  onDone: (answer: { lessons: number; skipped: string[] } | null) => void;
  /** Somebody else changed it meanwhile. */
  onStale: () => void;
  onClose: () => void;
}

const COUNT_USUAL = 12;

/** A lesson that is planned or changed. */
export function EditDialog({ institution, zone, choices, periods, shown, start, onDone, onStale, onClose }: Props) {
  const lesson = shown?.lesson;
  const [title, setTitle] = useState(lesson?.title ?? '');
  const [group, setGroup] = useState(lesson?.group.id ?? start.group);
  const [unit, setUnit] = useState(lesson?.unit?.id ?? '');
  const units = useUnits(institution, group, lesson?.course.id);
  const [trainer, setTrainer] = useState(lesson?.trainer.id ?? start.trainer);
  const [venue, setVenue] = useState(lesson?.venue?.id ?? '');
  const [day, setDay] = useState(lesson?.starts.slice(0, 10) ?? start.day);
  const [clock, setClock] = useState(lesson?.starts.slice(11) ?? '08:30');
  const [minutes, setMinutes] = useState(String(lesson?.minutes ?? 120));
  const [often, setOften] = useState<Often>('none');
  const [end, setEnd] = useState<End>({ kind: 'count', count: COUNT_USUAL });
  const [scope, setScope] = useState<ChangeScope>('this');
  const [clashes, setClashes] = useState<Clashes | null>(null);
  const starts = `${day}T${clock}`;
  const form = useForm(
    async () => {
      setClashes(null);
      if (!lesson) {
        const rule = ruleOf(often, end);
        return api.post('/api/institutions/{institution}/lessons', {
          path: { institution },
          body: {
            ...{ group, trainer, title, starts },
            minutes: Number(minutes) || 0,
            venue: venue || null,
            unit: unit || null,
            ...(rule && { repeat: { rule } }),
          },
        });
      }
      const moved = starts !== lesson.starts;
      await api.patch('/api/institutions/{institution}/lessons/{lesson}', {
        path: { institution, lesson: lesson.id },
        version: `"${lesson.version}"`,
        body: {
          scope,
          ...(title !== lesson.title && { title }),
          ...(trainer !== lesson.trainer.id && { trainer }),
          ...(venue !== (lesson.venue?.id ?? '') && { venue: venue || null }),
          ...(unit !== (lesson.unit?.id ?? '') && { unit: unit || null }),
          ...(moved && { starts }),
          ...(Number(minutes) !== lesson.minutes && { minutes: Number(minutes) || 0 }),
        },
      });
      return null;
    },
    onDone,
    (problem) => {
      if (problem.code === 'stale') onStale();
      if (problem.code !== 'timetable_conflict') return problem.code === 'stale';
      setClashes(problem.current as Clashes);
      return true;
    },
  );
  /** A unit gives its lesson the title, where nobody has written another. */
  const chooseUnit = (next: string) => {
    const titleOf = (id: string) => units.find((each) => each.id === id)?.title ?? '';
    if (title === '' || title === titleOf(unit)) setTitle(titleOf(next));
    setUnit(next);
  };
  const listed = (items: readonly { id: string; name: string }[]) =>
    items.map(({ id, name }) => ({ value: id, word: name }));
  const choose = { value: '', word: t('form.choose') };
  return (
    <Dialog kind="sheet" title={t(lesson ? 'form.change' : 'form.new')} onClose={onClose}>
      <Form form={form} class="lesson-form">
        {clashes && (
          <ClashPanel
            clashes={clashes}
            zone={zone}
            onUse={(starts_at) => {
              const free = civil(starts_at, zone);
              setDay(free.day);
              setClock(clockOf(free.minute));
              setClashes(null);
            }}
          />
        )}
        {!lesson && (
          <SelectField
            form={form}
            name="group"
            label={t('lesson.group')}
            value={group}
            choices={[
              choose,
              ...choices.groups.map((one) => ({ value: one.id, word: `${one.name} · ${one.course_title}` })),
            ]}
            onChange={(next) => {
              setGroup(next);
              chooseUnit('');
            }}
          />
        )}
        {units.length > 0 && (
          <SelectField
            form={form}
            name="unit"
            label={t('lesson.unit')}
            optional
            value={unit}
            choices={[
              { value: '', word: t('form.noUnit') },
              ...units.map((each) => ({ value: each.id, word: each.title })),
            ]}
            onChange={chooseUnit}
          />
        )}
        <TextField form={form} name="title" label={t('form.titleField')} value={title} onInput={setTitle} />
        <SelectField
          form={form}
          name="trainer"
          label={t('lesson.trainer')}
          value={trainer}
          choices={[choose, ...listed(choices.trainers)]}
          onChange={setTrainer}
        />
        <SelectField
          form={form}
          name="venue"
          label={t('lesson.venue')}
          value={venue}
          choices={[{ value: '', word: t('form.noVenue') }, ...listed(choices.venues)]}
          onChange={setVenue}
        />
        <div class="form-row">
          <TextField form={form} name="starts" label={t('form.day')} type="date" value={day} onInput={setDay} />
          <TextField form={form} name="clock" label={t('form.time')} type="time" value={clock} onInput={setClock} />
          <TextField
            form={form}
            name="minutes"
            label={t('form.minutes')}
            type="number"
            inputMode="numeric"
            value={minutes}
            onInput={setMinutes}
          />
        </div>
        {lesson ? (
          lesson.series && <ScopeChoice value={scope} onChange={setScope} />
        ) : (
          <Repeats {...{ form, often, setOften, end, setEnd, day, periods }} />
        )}
        <div class="dialog-acts">
          <button type="button" class="button" onClick={onClose}>
            {t('form.back')}
          </button>
          <Submit form={form} word={t(lesson ? 'form.save' : 'form.plan')} />
        </div>
      </Form>
    </Dialog>
  );
}

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

interface RepeatProps {
  form: FormState;
  often: Often;
  setOften: (often: Often) => void;
  end: End;
  setEnd: (end: End) => void;
  day: Day;
  periods: readonly PeriodCard[];
}

/** How often, and until when: a date, a number, or a period that has a name. */
function Repeats({ form, often, setOften, end, setEnd, day, periods }: RepeatProps) {
  const named = periods.filter(({ first_day }) => first_day > day);
  const hasRamadan = named.some(({ name }) => /ramadan|رمضان/i.test(name));
  const ramadan = hasRamadan ? null : nextRamadan(day);
  const chosen = end.kind === 'before' ? `before ${end.day}` : end.kind;
  const choose = (value: string) => {
    if (value === 'count') setEnd({ kind: 'count', count: COUNT_USUAL });
    else if (value === 'date') setEnd({ kind: 'date', day: addDays(day, 7 * 11) });
    else setEnd({ kind: 'before', day: value.slice('before '.length) });
  };
  return (
    <>
      <SelectField
        form={form}
        name="repeat.rule"
        label={t('form.repeat')}
        value={often}
        choices={(['none', 'weekly', 'fortnightly', 'daily'] as const).map((value) => ({
          value,
          word: t(`repeat.${value}`),
        }))}
        onChange={setOften}
      />
      {often !== 'none' && (
        <div class="form-row">
          <SelectField
            form={form}
            name="end"
            label={t('form.end')}
            value={chosen}
            choices={[
              { value: 'count', word: t('end.count') },
              { value: 'date', word: t('end.date') },
              ...named.map(({ name, first_day }) => ({
                value: `before ${first_day}`,
                word: t('end.period', { name }),
              })),
              ...(ramadan ? [{ value: `before ${ramadan}`, word: t('end.ramadan') }] : []),
            ]}
            onChange={choose}
          />
          {end.kind === 'date' && (
            <TextField
              form={form}
              name="until"
              label={t('form.until')}
              type="date"
              value={end.day}
              onInput={(value) => setEnd({ kind: 'date', day: value })}
            />
          )}
          {end.kind === 'count' && (
            <TextField
              form={form}
              name="count"
              label={t('form.count')}
              type="number"
              inputMode="numeric"
              value={String(end.count)}
              onInput={(value) => setEnd({ kind: 'count', count: Number(value) || 0 })}
            />
          )}
        </div>
      )}
    </>
  );
}
