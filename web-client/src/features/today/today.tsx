import './today.css';
import { CalendarDays, Zap } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { OwnLessonCard, Today as TodayCard } from '../../api/schema.gen';
import { day } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { now } from '../../ui/now';
import { Figures } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { Board } from './board';
import { Calendar } from './calendar';
import { DayList } from './day-list';
import { Guests } from './guests';
import { Improvise } from './improvise';
import { useJoining } from './joining';
import { Data, Notices, Presence } from './side';
import { T, t } from './words';

/** How often the day is looked at again while it is shown, in milliseconds. */
const AGAIN_MS = 60_000;

/** One's own day: the lesson to enter, what else there is, what was said, what was spent. */
export default function Today({ me }: AreaProps) {
  const asked = useLoaded((signal) => api.get('/api/me/today', { signal }), []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && asked.again(), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const today = asked.value;
  const zone = today?.time_zone ?? me.time_zone;
  const count = today?.lessons.filter((lesson) => !lesson.cancelled && lesson.part !== 'replaced').length ?? 0;
  const name = <bdi>{me.name.split(' ')[0]}</bdi>;
  const note =
    today && (count > 0 ? <T k="today.lessons" v={{ name, count }} /> : <T k="today.noLessons" v={{ name }} />);
  return (
    <div class="page">
      <PageHead
        title={t('today.title')}
        heading={<DayHeading zone={zone} />}
        note={me.roles.trainer || me.roles.trainee ? note : null}
      />
      {asked.state === 'failed' && <ProblemNote problem={asked.problem} retry={asked.again} />}
      {today ? <Day me={me} today={today} again={asked.again} /> : asked.state === 'loading' && <Bones />}
    </div>
  );
}

function DayHeading({ zone }: { zone: string }) {
  return <Figures text={day(now.value * 1000, zone)} />;
}

interface DayProps {
  me: AreaProps['me'];
  today: TodayCard;
  again: () => void;
}

function Day({ me, today, again }: DayProps) {
  const joining = useJoining();
  const zone = today.time_zone;
  const [guestsOf, setGuestsOf] = useState<OwnLessonCard | null>(null);
  const next = today.next ?? undefined;
  const school = today.institution;
  const isOwn = me.roles.trainer || me.roles.trainee || today.lessons.length > 0;
  return (
    <div class="today">
      <div class="today-col">
        {joining.problem && <ProblemNote problem={joining.problem} />}
        {next && <Board lesson={next} zone={zone} joining={joining} />}
        {isOwn && (
          <section class="panel" aria-labelledby="day">
            <div class="today-head">
              <h2 id="day">{t('day.title')}</h2>
              <a class="button quiet small" href="/week">
                <Icon of={CalendarDays} />
                <span class="wide-only-inline">{t('day.week')}</span>
                <span class="narrow-only-inline">{t('day.weekShort')}</span>
              </a>
            </div>
            {today.lessons.length === 0 ? (
              <p class="today-body">
                <b>{t('day.empty')}</b> <span class="ink-2">{t('day.emptyHint')}</span>
              </p>
            ) : (
              <DayList
                lessons={today.lessons}
                zone={zone}
                joining={joining}
                onBoard={next?.id}
                onGuests={setGuestsOf}
              />
            )}
            {me.roles.trainer && <ImproviseRow joining={joining} />}
          </section>
        )}
        {school && (
          <section class="panel" aria-labelledby="school">
            <div class="today-head">
              <h2 id="school">{t('school.title')}</h2>
              <span class="t-s ink-2">
                <Joined
                  of={[
                    school.total > 0 && <T k="school.lessons" v={{ count: school.total }} />,
                    school.live > 0 && <T k="school.live" v={{ count: school.live }} />,
                    school.cancelled > 0 && <T k="school.cancelled" v={{ count: school.cancelled }} />,
                  ]}
                />
              </span>
            </div>
            {school.lessons.length === 0 ? (
              <p class="today-body ink-2">{t('school.none')}</p>
            ) : (
              <DayList lessons={school.lessons} zone={zone} joining={joining} />
            )}
          </section>
        )}
      </div>
      <div class="today-col">
        <Notices announcements={today.announcements} />
        {isOwn && <Data data={today.data} onChanged={again} />}
        {today.attendance && <Presence sum={today.attendance} />}
        {isOwn && <Calendar zone={zone} />}
      </div>
      {guestsOf && (
        <Guests institution={me.institution} lesson={guestsOf} zone={zone} onClose={() => setGuestsOf(null)} />
      )}
    </div>
  );
}

/** The way to a lesson that was not planned, for who trains a group. */
function ImproviseRow({ joining }: { joining: ReturnType<typeof useJoining> }) {
  const groups = useLoaded((signal) => api.get('/api/me/groups', { signal }), []);
  const [open, setOpen] = useState(false);
  const items = groups.value?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div class="today-body today-foot">
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon of={Zap} />
        {t('improvise.open')}
      </button>
      {open && <Improvise groups={items} joining={joining} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Bones() {
  return (
    <div class="today" aria-hidden="true">
      <div class="today-col">
        <div class="panel today-body is-bones">
          <span class="bone" />
          <span class="bone is-short" />
        </div>
      </div>
    </div>
  );
}
