import { useState } from 'preact/hooks';
import { type Answer, api, type ChangeScope, type TimetableItem } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { SelectField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { LessonName } from '../../ui/parts/lesson-name';
import { useLoaded } from '../../ui/parts/loaded';
import { dayText, minuteText } from './dates';
import { ScopeChoice } from './scope';
import { ClashPanel } from './side';
import { type Clashes, isOpen, type Shown, stateOf } from './view';
import { t } from './words';

export type Choices = Answer<'GET', '/api/institutions/{institution}/lessons/choices'>;

interface Props {
  institution: string;
  zone: string;
  shown: Shown;
  choices: Choices | undefined;
  canChange: boolean;
  /** Whether they may see what came of it. */
  seesRecord: boolean;
  onChange: () => void;
  onDone: () => void;
  /** Somebody else changed it meanwhile. */
  onStale: () => void;
  onClose: () => void;
}

type Part = 'facts' | 'cancel' | 'substitute';

/** A lesson: what it is, and for administrators what can be done about it. */
export function LessonDialog(props: Props) {
  const { institution, shown, zone, canChange, seesRecord, onChange, onClose } = props;
  const { lesson } = shown;
  const [part, setPart] = useState<Part>('facts');
  const [mark, word] = stateOf(lesson, Date.now() * 1000, false);
  const series = useSeries(institution, lesson);
  if (part === 'cancel') return <CancelDialog {...props} onBack={() => setPart('facts')} />;
  if (part === 'substitute') return <SubstituteDialog {...props} onBack={() => setPart('facts')} />;
  return (
    <Dialog kind="sheet" title={<LessonName course={lesson.course.name} title={lesson.title} />} onClose={onClose}>
      <p class="state">
        <Mark kind={mark} />
        <span>{word}</span>
      </p>
      <dl class="facts">
        <Fact word={t('lesson.when')}>
          {dayText(shown.day, zone)}, <Num>{minuteText(shown.from)}</Num> – <Num>{minuteText(shown.to)}</Num>
        </Fact>
        <Fact word={t('lesson.course')}>{lesson.course.name}</Fact>
        <Fact word={t('lesson.group')}>{lesson.group.name}</Fact>
        <Fact word={t('lesson.trainer')}>{lesson.trainer.name}</Fact>
        {lesson.planned_trainer && <Fact word={t('lesson.planned')}>{lesson.planned_trainer.name}</Fact>}
        {lesson.unit && <Fact word={t('lesson.unit')}>{lesson.unit.name}</Fact>}
        {lesson.venue && <Fact word={t('lesson.venue')}>{lesson.venue.name}</Fact>}
        {series && (
          <>
            <Fact word={t('lesson.series')}>{oftenText(series.rule)}</Fact>
            <Fact word={t('form.count')}>
              <Num>{series.lessons}</Num>
            </Fact>
            <Fact word={t('form.until')}>{dayText(series.last.slice(0, 10), zone)}</Fact>
          </>
        )}
        {lesson.cancel_reason && <Fact word={t('lesson.reason')}>{lesson.cancel_reason}</Fact>}
      </dl>
      {seesRecord && lesson.phase !== 'planned' && (
        <div class="lesson-acts">
          <a class="button primary" href={`/lessons/${institution}/${lesson.id}`}>
            {t('lesson.record')}
          </a>
        </div>
      )}
      {canChange && isOpen(lesson) && (
        <div class="lesson-acts">
          {lesson.cancelled_at ? (
            <Restore {...props} />
          ) : (
            <>
              <button type="button" class="button primary" onClick={onChange}>
                {t('lesson.change')}
              </button>
              <button type="button" class="button" onClick={() => setPart('substitute')}>
                {t('lesson.substitute')}
              </button>
              <button type="button" class="button danger" onClick={() => setPart('cancel')}>
                {t('lesson.cancel')}
              </button>
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}

function Fact({ word, children }: { word: string; children: preact.ComponentChildren }) {
  return (
    <>
      <dt>{word}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}

/** What the lesson's series is, once that is known. */
function useSeries(institution: string, lesson: TimetableItem) {
  const path = { institution, lesson: lesson.id };
  const loaded = useLoaded(
    async (signal) => (lesson.series ? (await api.get(PATH, { path, signal })).series_card : null),
    [lesson.id, lesson.version],
  );
  return loaded.value ?? null;
}

/** A rule in words, where it is one that the form makes; else as it is. */
function oftenText(rule: string): string {
  if (/FREQ=WEEKLY;INTERVAL=2\b/.test(rule)) return t('repeat.fortnightly');
  if (/INTERVAL=/.test(rule) || !/^FREQ=(WEEKLY|DAILY);/.test(rule)) return rule;
  return t(rule.startsWith('FREQ=DAILY') ? 'repeat.daily' : 'repeat.weekly');
}

const PATH = '/api/institutions/{institution}/lessons/{lesson}';

const asked = (institution: string, lesson: TimetableItem) => ({
  path: { institution, lesson: lesson.id },
  version: `"${lesson.version}"`,
});

function useClashes(onStale: () => void) {
  const [clashes, setClashes] = useState<Clashes | null>(null);
  const take = (problem: { code: string; current?: unknown }) => {
    if (problem.code === 'stale') {
      onStale();
      return true;
    }
    if (problem.code !== 'timetable_conflict') return false;
    setClashes(problem.current as Clashes);
    return true;
  };
  return { clashes, take };
}

function Restore({ institution, zone, shown, onDone, onStale }: Props) {
  const { clashes, take } = useClashes(onStale);
  const form = useForm(() => api.post(`${PATH}/restore`, asked(institution, shown.lesson)), onDone, take);
  return (
    <Form form={form}>
      {clashes && <ClashPanel clashes={{ ...clashes, free: [] }} zone={zone} onUse={() => undefined} />}
      <Submit form={form} word={t('lesson.restore')} />
    </Form>
  );
}

function CancelDialog({ institution, shown, onDone, onStale, onClose, onBack }: Props & { onBack: () => void }) {
  const { lesson } = shown;
  const [scope, setScope] = useState<ChangeScope>('this');
  const [reason, setReason] = useState('');
  const { take } = useClashes(onStale);
  const form = useForm(
    () => api.post(`${PATH}/cancel`, { ...asked(institution, lesson), body: { scope, reason: reason || null } }),
    onDone,
    take,
  );
  return (
    <Dialog title={t('lesson.cancel')} onClose={onClose}>
      <Form form={form}>
        <p>
          <b>
            <LessonName course={lesson.course.name} title={lesson.title} />
          </b>
        </p>
        {lesson.series && <ScopeChoice value={scope} onChange={setScope} />}
        <TextField form={form} name="reason" label={t('form.reason')} optional value={reason} onInput={setReason} />
        <div class="dialog-acts">
          <button type="button" class="button" onClick={onBack}>
            {t('form.back')}
          </button>
          <Submit form={form} word={t('lesson.cancel')} kind="danger" />
        </div>
      </Form>
    </Dialog>
  );
}

function SubstituteDialog(props: Props & { onBack: () => void }) {
  const { institution, zone, shown, choices, onDone, onStale, onClose, onBack } = props;
  const { lesson } = shown;
  const [trainer, setTrainer] = useState('');
  const { clashes, take } = useClashes(onStale);
  const form = useForm(
    () => api.post(`${PATH}/substitute`, { ...asked(institution, lesson), body: { trainer } }),
    onDone,
    take,
  );
  const others = choices?.trainers.filter(({ id }) => id !== lesson.trainer.id) ?? [];
  return (
    <Dialog title={t('lesson.substitute')} onClose={onClose}>
      <Form form={form}>
        {clashes && <ClashPanel clashes={{ ...clashes, free: [] }} zone={zone} onUse={() => undefined} />}
        <SelectField
          form={form}
          name="trainer"
          label={t('lesson.trainer')}
          value={trainer}
          choices={[
            { value: '', word: t('form.choose') },
            ...others.map(({ id, name }) => ({ value: id, word: name })),
          ]}
          onChange={setTrainer}
        />
        <div class="dialog-acts">
          <button type="button" class="button" onClick={onBack}>
            {t('form.back')}
          </button>
          <Submit form={form} word={t('form.save')} />
        </div>
      </Form>
    </Dialog>
  );
}
