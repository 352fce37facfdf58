import { useState } from 'preact/hooks';
import type { TimetableItem, WrittenPeriod } from '../../api/schema.gen';
import { day, time } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Figures, Num } from '../../ui/num';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { Joined } from '../../ui/parts/joined';
import { LessonName } from '../../ui/parts/lesson-name';
import { T, t } from './words';

interface Props {
  written: WrittenPeriod;
  zone: string;
  /** Calls the lessons off; gives those that it called off. */
  cancel: () => Promise<WrittenPeriod>;
  onDone: () => void;
  onClose: () => void;
}

/** The lessons that were planned for days on which none is given: they are kept until somebody calls them off. */
export function Falling({ written, zone, cancel, onDone, onClose }: Props) {
  const [off, setOff] = useState<WrittenPeriod | null>(null);
  const form = useForm(cancel, (answer) => {
    setOff(answer);
    onDone();
  });
  const shown = (off ?? written).falling;
  const count = shown.length;
  return (
    <Dialog title={t('falling.title')} onClose={onClose}>
      <Form form={form}>
        {!off && (
          <p>
            <T k="falling.kept" v={{ count }} />
          </p>
        )}
        <ul class="rows panel">
          {shown.map((lesson) => (
            <li key={lesson.id}>
              <LessonRow of={lesson} zone={zone} />
            </li>
          ))}
        </ul>
        <p role="status">{off && <T k="falling.cancelled" v={{ count }} />}</p>
        <div class="dialog-acts">
          {off ? (
            <button type="button" class="button primary" ref={focus} onClick={onClose}>
              {t('falling.done')}
            </button>
          ) : (
            <>
              <button type="button" class="button" onClick={onClose}>
                {t('falling.keep')}
              </button>
              <Submit form={form} word={t('falling.cancel')} kind="danger" />
            </>
          )}
        </div>
      </Form>
    </Dialog>
  );
}

/** The button that stood here before had the focus. */
function focus(element: HTMLElement | null) {
  if (element && !element.dataset.focused) {
    element.dataset.focused = 'true';
    element.focus();
  }
}

function LessonRow({ of: lesson, zone }: { of: TimetableItem; zone: string }) {
  return (
    <div class="row">
      <span class="row-words">
        <b>
          <LessonName course={lesson.course.name} title={lesson.title} />
        </b>
        <span class="t-s ink-2">
          <T
            k="falling.at"
            v={{
              day: <Figures text={day(lesson.starts_at, zone)} />,
              time: <Num>{time(lesson.starts_at, zone)}</Num>,
            }}
          />
        </span>
        <span class="t-s ink-2">
          <Joined of={[lesson.group.name, lesson.trainer.name, lesson.venue?.name]} />
        </span>
      </span>
    </div>
  );
}
