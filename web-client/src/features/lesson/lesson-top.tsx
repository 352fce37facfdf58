import { Clock, LogOut } from 'lucide';
import { T, t } from '../../i18n';
import { time } from '../../i18n/format';
import { Brand } from '../../ui/brand';
import { Icon } from '../../ui/icon';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { Group } from './group';
import { useSession } from './session';

/** The lesson's name and facts over the classroom, and the door. */
export function LessonTop() {
  const { state } = useSession();
  const { room } = state.value;
  if (!room) return null;
  const { lesson, phase } = room;
  const live = phase.state === 'live';
  return (
    <header class="lesson-top">
      <Brand word={false} />
      <div class="title">
        <h1 class="one-line" dir="auto">
          {lesson.title}
        </h1>
        <p class="t-s ink-2 one-line">
          <bdi>{lesson.trainer}</bdi> · <Group name={lesson.group} />
        </p>
      </div>
      <div class="facts t-s">
        <span class={live ? 'state is-live' : 'state'}>
          <Mark kind={live ? 'live' : 'plan'} />
          {live ? t('lesson.onAir') : t('lesson.planned')}
        </span>
        <span class="state ends">
          <Icon of={Clock} />
          <span>
            <T k="lesson.endsAt" v={{ time: <Num>{time(lesson.ends_at, lesson.time_zone)}</Num> }} />
          </span>
        </span>
      </div>
      <LeaveButton />
    </header>
  );
}

export function LeaveButton() {
  const { call } = useSession();
  return (
    <button type="button" class="button small danger leave" onClick={() => void call.leave()}>
      <Icon of={LogOut} flip />
      <span class="leave-word">{t('room.leave')}</span>
    </button>
  );
}
