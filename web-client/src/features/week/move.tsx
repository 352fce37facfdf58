import { useState } from 'preact/hooks';
import { api, type ChangeScope } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { addMinutes, civil, daysBetween } from './dates';
import { type Wish, wishText } from './grid';
import { ScopeChoice } from './scope';
import { ClashPanel } from './side';
import { type Clashes, nameOf } from './view';
import { T, t } from './words';

interface Props {
  institution: string;
  zone: string;
  wish: Wish;
  onDone: () => void;
  /** Somebody else changed it meanwhile. */
  onStale: () => void;
  onClose: () => void;
}

/** The start that a lesson has in its own zone when it goes where it is wanted. */
function startsOf({ shown, day, from }: Wish): string {
  const minutes = daysBetween(shown.day, day) * 24 * 60 + from - shown.from;
  return addMinutes(shown.lesson.starts, minutes);
}

/** Asks how far a move goes, and says what is in its way. */
export function MoveDialog({ institution, zone, wish: wanted, onDone, onStale, onClose }: Props) {
  const [wish, setWish] = useState(wanted);
  const [scope, setScope] = useState<ChangeScope>('this');
  const [clashes, setClashes] = useState<Clashes | null>(null);
  const { lesson } = wish.shown;
  const form = useForm(
    () =>
      api.patch('/api/institutions/{institution}/lessons/{lesson}', {
        path: { institution, lesson: lesson.id },
        version: `"${lesson.version}"`,
        body: { scope, starts: startsOf(wish), minutes: wish.minutes },
      }),
    onDone,
    (problem) => {
      if (problem.code === 'stale') onStale();
      if (problem.code !== 'timetable_conflict') return problem.code === 'stale';
      setClashes(problem.current as Clashes);
      return true;
    },
  );
  return (
    <Dialog title={<T k="move.title" v={{ title: <bdi>{nameOf(lesson)}</bdi> }} />} onClose={onClose}>
      <Form form={form}>
        <p>
          <T k="move.to" v={{ when: <b>{wishText(wish, zone)}</b> }} />
        </p>
        {clashes && (
          <ClashPanel
            clashes={clashes}
            zone={zone}
            onUse={(starts_at) => {
              const { day, minute } = civil(starts_at, zone);
              setWish({ ...wish, day, from: minute });
              setClashes(null);
            }}
          />
        )}
        {lesson.series && <ScopeChoice value={scope} onChange={setScope} />}
        <div class="dialog-acts">
          <button type="button" class="button" onClick={onClose}>
            {t('clash.close')}
          </button>
          <Submit form={form} word={t('move.save')} />
        </div>
      </Form>
    </Dialog>
  );
}
