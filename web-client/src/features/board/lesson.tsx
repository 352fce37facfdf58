import { Headphones } from 'lucide';
import type { BoardCause, BoardDetail } from '../../call/protocol.gen';
import { time } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Num } from '../../ui/num';
import { Joined } from '../../ui/parts/joined';
import { LessonName } from '../../ui/parts/lesson-name';
import { ProblemNote } from '../../ui/parts/problem';
import { Group } from '../lesson/group';
import { useJoining } from '../today/joining';
import { type Alarm, CLEAR_SPEECH, type Line } from './model';
import type { Taking } from './use-taking';
import { T, t } from './words';

interface Props {
  line: Line;
  detail: BoardDetail;
  institution: { id: string; name: string };
  zone: string;
  /** Its alarm, if it has one that has not ended. */
  alarm: Alarm | undefined;
  taking: Taking;
}

/** One lesson: who is there, how it sounds, since when, and what keeps whom away. */
export function OneLesson({ line, detail, institution, zone, alarm, taking }: Props) {
  const { card, lesson } = line;
  const { started_at, expected, present } = detail;
  return (
    <article class="one" aria-label={card.title || card.course}>
      <div>
        <h3 tabIndex={-1}>
          <LessonName course={card.course} title={card.title} />
        </h3>
        <p class="t-s ink-2">
          <Joined
            of={[
              institution.name,
              card.trainer && <T key="t" k="lesson.trainer" v={{ name: <bdi>{card.trainer}</bdi> }} />,
              <Group key="g" name={card.group} />,
            ]}
          />
        </p>
      </div>
      <dl class="one-pair">
        <div>
          <dt>{t('lesson.present')}</dt>
          <dd>
            <Num>{present}</Num>{' '}
            <small>
              <T k="figures.of" v={{ count: <Num>{expected}</Num> }} />
            </small>
          </dd>
        </div>
        <div>
          <dt>{t('table.voice')}</dt>
          <dd>
            <Speech of={detail} />
          </dd>
        </div>
        <div>
          <dt>{started_at === null ? t('lesson.planned') : t('lesson.started')}</dt>
          <dd>
            <Num>{time(started_at ?? lesson.starts_at, zone)}</Num>
          </dd>
        </div>
      </dl>
      {detail.curve.length > 1 && <Curve of={detail} zone={zone} />}
      <Causes of={detail.causes} />
      <Acts line={line} institution={institution.id} alarm={alarm} taking={taking} />
    </article>
  );
}

/** `Nette 98 sur 100` */
function Speech({ of: { speech } }: { of: BoardDetail }) {
  if (speech === null) return <span class="ink-2">–</span>;
  return (
    <>
      {speech < CLEAR_SPEECH ? t('sound.rough') : t('sound.clear')}{' '}
      <small>
        <T k="sound.score" v={{ score: <Num>{speech}</Num>, most: <Num>{100}</Num> }} />
      </small>
    </>
  );
}

function Causes({ of }: { of: readonly BoardCause[] }) {
  if (of.length === 0) return null;
  return (
    <ul class="one-causes">
      {of.map((cause) => (
        <li key={cause.cause}>
          <CauseWords of={cause} />
        </li>
      ))}
    </ul>
  );
}

function CauseWords({ of }: { of: BoardCause }) {
  switch (of.cause) {
    case 'no_trainer':
      return <>{t('rule.no_trainer')}</>;
    case 'trainer_loses':
      return <T k="cause.trainer_loses" v={{ percent: <Num>{of.percent}</Num> }} />;
    case 'dropped':
      return <T k="cause.dropped" v={{ count: of.trainees }} />;
    case 'never_came':
      return <T k="cause.never_came" v={{ count: of.trainees }} />;
    case 'weak':
      return <T k="cause.weak" v={{ count: of.trainees }} />;
  }
}

interface ActsProps {
  line: Line;
  institution: string;
  alarm: Alarm | undefined;
  taking: Taking;
}

function Acts({ line, institution, alarm, taking }: ActsProps) {
  const { enter, entering, problem } = useJoining();
  const isLive = line.lesson.state === 'live';
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div class="one-acts">
        {alarm && alarm.taken_by === null && (
          <button
            type="button"
            class="button primary small"
            aria-disabled={taking.busy !== undefined}
            onClick={() => taking.take({ id: alarm.id, institution: alarm.institution.id })}
          >
            {taking.busy ? t('alarm.taking') : t('alarm.take')}
          </button>
        )}
        {isLive && (
          <button
            type="button"
            class="button small"
            aria-disabled={entering !== null}
            aria-describedby="board-listen"
            onClick={() => enter(line.id)}
          >
            <Icon of={Headphones} />
            {t('lesson.listen')}
          </button>
        )}
        <a class="button small" href={`/lessons/${institution}/${line.id}`}>
          {t('lesson.page')}
        </a>
      </div>
      {isLive && (
        <p class="t-xs ink-2" id="board-listen">
          {t('lesson.listenNote')}
        </p>
      )}
    </>
  );
}

const [WIDTH, HEIGHT] = [240, 50];

/** How many were there in each minute until now; the dashed line is all who are expected. */
function Curve({ of: { curve, curve_from, expected }, zone }: { of: BoardDetail; zone: string }) {
  const most = Math.max(expected, 1, ...curve);
  const step = WIDTH / (curve.length - 1);
  const y = (present: number) => (HEIGHT - (present / most) * (HEIGHT - 1)).toFixed(1);
  const line = curve.map((present, at) => `${(at * step).toFixed(1)} ${y(present)}`).join('L');
  return (
    <div class="trace">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="trace-fill" d={`M0 ${HEIGHT}L${line}L${WIDTH} ${HEIGHT}Z`} />
        <path class="trace-expected" d={`M0 ${y(expected)}h${WIDTH}`} vector-effect="non-scaling-stroke" />
        <path class="trace-line" d={`M${line}`} vector-effect="non-scaling-stroke" />
      </svg>
      <p class="ends">
        <Num>{time(curve_from, zone)}</Num>
        <span>
          <T k="lesson.expected" v={{ count: <Num>{expected}</Num> }} />
        </span>
        <span>{t('lesson.now')}</span>
      </p>
    </div>
  );
}
