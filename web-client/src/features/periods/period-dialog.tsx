import { useState } from 'preact/hooks';
import { type ApiProblem, api, type Me } from '../../api/client';
import type { PeriodCard, WrittenPeriod } from '../../api/schema.gen';
import { Dialog } from '../../ui/dialog';
import { Conflict, differences } from '../../ui/parts/conflict';
import { CheckField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { Falling } from './falling';
import { dateText } from './span';
import { t } from './words';

const ONE = '/api/institutions/{institution}/periods/{period}';

interface Props {
  me: Me;
  /** The period that is changed, or none where one is made. */
  of: PeriodCard | null;
  onSaved: () => void;
  onClose: () => void;
}

type Fields = Pick<PeriodCard, 'name' | 'first_day' | 'last_day' | 'stops_lessons'>;

const BLANK: Fields = { name: '', first_day: '', last_day: '', stops_lessons: true };

/** Makes or changes a period; where lessons are planned on its days, they are shown next, to be kept or called off. */
export function PeriodDialog({ me, of, onSaved, onClose }: Props) {
  const { institution } = me;
  const { name, first_day, last_day, stops_lessons } = of ?? BLANK;
  const [fields, setFields] = useState<Fields>({ name, first_day, last_day, stops_lessons });
  const [written, setWritten] = useState<WrittenPeriod | null>(null);
  const [theirs, setTheirs] = useState<PeriodCard | null>(null);
  const over = (version: number, id: string) =>
    api.patch(ONE, { path: { institution, period: id }, version: `"${version}"`, body: fields });
  const done = (answer: WrittenPeriod) => {
    onSaved();
    if (answer.falling.length === 0) onClose();
    else setWritten(answer);
  };
  const stale = (problem: ApiProblem) => {
    if (problem.code !== 'stale') return false;
    setTheirs(problem.current as PeriodCard);
    return true;
  };
  const form = useForm(
    async (idempotencyKey) =>
      of
        ? (await over((theirs ?? of).version, of.id)).record
        : api.post('/api/institutions/{institution}/periods', {
            path: { institution },
            // A day that ends where it begins is one day.
            body: { ...fields, last_day: fields.last_day || fields.first_day },
            idempotencyKey,
          }),
    (answer) => {
      setTheirs(null);
      done(answer);
    },
    stale,
  );
  if (written) {
    const cancel = async () =>
      (
        await api.patch(ONE, {
          path: { institution, period: written.period.id },
          version: `"${written.period.version}"`,
          body: { cancel: true },
        })
      ).record;
    return <Falling written={written} zone={me.time_zone} cancel={cancel} onDone={onSaved} onClose={onClose} />;
  }
  if (theirs) {
    const words = {
      name: t('period.name'),
      first_day: t('period.first'),
      last_day: t('period.last'),
      stops_lessons: t('period.lessons'),
    };
    const shown = (card: Fields) => ({
      name: card.name,
      first_day: dateText(card.first_day, me.time_zone),
      last_day: dateText(card.last_day, me.time_zone),
      stops_lessons: card.stops_lessons ? t('periods.stops') : t('periods.runs'),
    });
    return (
      <Conflict
        differences={differences(shown(theirs), shown(fields), words)}
        takeTheirs={() => {
          onSaved();
          onClose();
        }}
        keepMine={() => form.submit(null)}
        onClose={() => setTheirs(null)}
      />
    );
  }
  const put =
    <K extends keyof Fields>(field: K) =>
    (value: Fields[K]) =>
      setFields({ ...fields, [field]: value });
  return (
    <Dialog title={of ? t('period.editTitle') : t('periods.new')} onClose={onClose}>
      <Form form={form}>
        <TextField
          form={form}
          name="name"
          label={t('period.name')}
          hint={t('period.nameHint')}
          autocomplete="off"
          value={fields.name}
          onInput={put('name')}
        />
        <div class="form-pair">
          <TextField
            form={form}
            name="first_day"
            type="date"
            label={t('period.first')}
            value={fields.first_day}
            onInput={put('first_day')}
          />
          <TextField
            form={form}
            name="last_day"
            type="date"
            label={t('period.last')}
            hint={t('period.lastHint')}
            value={fields.last_day}
            onInput={put('last_day')}
          />
        </div>
        <CheckField
          name="stops_lessons"
          label={t('period.stops')}
          hint={t('period.stopsHint')}
          checked={fields.stops_lessons}
          onChange={put('stops_lessons')}
        />
        <div class="dialog-acts">
          <Submit form={form} word={of ? t('period.save') : t('period.create')} />
        </div>
      </Form>
    </Dialog>
  );
}
