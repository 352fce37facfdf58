import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { Num } from '../../ui/num';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { exactly } from './figures';
import type { Report, ReportPerson } from './report';
import { T, t } from './words';

const SECOND_US = 1_000_000;

/** The longest reason that a ledger takes, in characters. */
const REASON_MAX = 500;

interface Props {
  of: ReportPerson;
  report: Report;
  onDone: () => void;
  onBack: () => void;
}

/** Puts right how long somebody counts as present. Nothing is overwritten: it is added to the record, and sealed anew. */
export function CorrectionForm({ of: person, report, onDone, onBack }: Props) {
  const { lesson } = report;
  const [present, setPresent] = useState(exactly(person.counted_us));
  const [reason, setReason] = useState('');
  const form = useForm(async (idempotencyKey) => {
    await api.post('/api/institutions/{institution}/lessons/{lesson}/attendance/corrections', {
      path: { institution: lesson.institution.id, lesson: lesson.id },
      body: { person: person.person ?? '', present_us: (secondsOf(present) ?? 0) * SECOND_US, reason: reason.trim() },
      idempotencyKey,
    });
  }, onDone);
  const checked = {
    ...form,
    submit: (element: HTMLFormElement | null) => {
      const faults = [
        ...(secondsOf(present) === null
          ? [{ field: 'present_us', code: 'not_a_time', detail: t('correct.notATime') }]
          : []),
        ...(reason.trim() === '' ? [{ field: 'reason', code: 'empty', detail: '' }] : []),
      ];
      if (faults.length > 0) form.refuse(faults);
      else form.submit(element);
    },
  };
  return (
    <Form form={checked}>
      <p>
        <T k="correct.text" v={{ now: <Num>{exactly(person.counted_us)}</Num> }} />
      </p>
      <TextField
        form={form}
        name="present_us"
        label={t('correct.present')}
        hint={t('correct.presentHint')}
        dir="ltr"
        autocomplete="off"
        maxLength={8}
        value={present}
        onInput={setPresent}
        autofocus
      />
      <TextField
        form={form}
        name="reason"
        label={t('correct.reason')}
        hint={t('correct.reasonHint')}
        autocomplete="off"
        maxLength={REASON_MAX}
        value={reason}
        onInput={setReason}
      />
      <div class="dialog-acts">
        <button type="button" class="button" onClick={onBack}>
          {t('correct.back')}
        </button>
        <Submit form={form} word={t('correct.act')} />
      </div>
    </Form>
  );
}

/** `1:05:25` or `65:25` as seconds; nothing where it is neither. */
export function secondsOf(text: string): number | null {
  const parts = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$/.exec(text.trim());
  if (!parts) return null;
  const [hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number];
  if (second > 59 || (parts[1] !== undefined && minute > 59)) return null;
  return hour * 3600 + minute * 60 + second;
}
