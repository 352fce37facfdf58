import './join.css';
import type { IconNode } from 'lucide';
import { CalendarClock, DoorOpen, Eye, MicOff, Play, Video } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { type InvitationCard, NAME_CHARS_MAX, type Quality, type Role, type SessionCard } from '../../call';
import { ProblemError, startSession } from '../../call/rest';
import { type PlainKey, T, t } from '../../i18n';
import { keepQuality, keepRole, keptDevices, keptQuality } from '../../memory';
import { Brand } from '../../ui/brand';
import { Icon } from '../../ui/icon';
import { LanguageSwitch } from '../../ui/language-switch';
import { useMedia, WIDE_JOIN } from '../../ui/media';
import { onDemand } from '../../ui/on-demand';
import { keepOpen } from '../lesson/restore';
import type { ProblemCode } from '../pages/problem';
import { LessonBoard, WhenItStarts } from './lesson-board';
import { nameError } from './name';
import { type NameError, NameField } from './name-field';
import { RECOMMENDED } from './network';
import { NetworkCheck } from './network-check';
import { QualityChoice } from './quality-choice';
import { SoundCheck } from './sound-check';

const DeviceCheck = onDemand(() => import('./device-check').then((module) => module.DeviceCheck));

interface Props {
  card: InvitationCard;
  secret: string;
  onProblem: (code: ProblemCode) => void;
  onEntered: (session: SessionCard) => void;
}

const PROMISES: Record<Role, readonly { icon: IconNode; key: PlainKey }[]> = {
  trainee: [
    { icon: MicOff, key: 'join.devicesClosed' },
    { icon: CalendarClock, key: 'join.attendance' },
  ],
  trainer: [
    { icon: Video, key: 'join.trainerPrepares' },
    { icon: Play, key: 'join.trainerStarts' },
  ],
  committee: [
    { icon: Eye, key: 'join.committeeReads' },
    { icon: CalendarClock, key: 'join.committeeSeen' },
  ],
};

export function JoinPage({ card, secret, onProblem, onEntered }: Props) {
  const wide = useMedia(WIDE_JOIN);
  const [name, setName] = useState(card.name ?? '');
  const [error, setError] = useState<NameError | null>(null);
  const [entering, setEntering] = useState(false);
  const [quality, setQuality] = useState<Quality | null>(keptQuality());
  const [recommended, setRecommended] = useState<Quality | null>(null);
  const chosenQuality = quality ?? recommended ?? 'automatic';

  useEffect(() => {
    document.title = `${card.lesson.title} · ${t('join.title')}`;
  });
  // What another lesson in this tab had open is not this lesson's business.
  useEffect(() => keepOpen([]), []);

  const enter = async (event: Event) => {
    event.preventDefault();
    if (entering) return;
    const wrong = card.asks_name ? nameError(name) : null;
    setError(wrong);
    if (wrong) return document.getElementById('name')?.focus();
    setEntering(true);
    try {
      const session = await startSession(secret, card.asks_name ? name.trim() : null);
      if (card.role === 'trainee') keepQuality(chosenQuality);
      keepRole(session.lesson.id, session.participant, session.role);
      onEntered(session);
    } catch (problem) {
      setEntering(false);
      const code = problem instanceof ProblemError ? problem.code : 'internal';
      if (code === 'name_invalid') {
        setError('refused');
        document.getElementById('name')?.focus();
      } else onProblem(code);
    }
  };

  const go = (
    <div class="go">
      <button type="submit" class={`button big wide ${wide ? 'chalk' : 'primary'}`} aria-disabled={entering}>
        <Icon of={DoorOpen} flip />
        {entering ? t('join.entering') : t('join.enter')}
      </button>
      <span class={`t-s ${wide ? 'soft' : 'ink-2'}`}>
        <WhenItStarts lesson={card.lesson} phase={card.phase} />
      </span>
    </div>
  );

  return (
    <form class="join" onSubmit={(event) => void enter(event)} noValidate>
      <header class="join-head">
        <Brand />
        <LanguageSwitch />
      </header>
      <main class="join-main">
        <LessonBoard lesson={card.lesson}>
          <ul class="more">
            {PROMISES[card.role].map(({ icon, key }) => (
              <li key={key}>
                <Icon of={icon} />
                <span>{t(key)}</span>
              </li>
            ))}
          </ul>
          {wide && go}
        </LessonBoard>
        <div class="join-side">
          {card.asks_name ? (
            <NameField value={name} error={error} max={NAME_CHARS_MAX} onInput={setName} />
          ) : (
            card.name && (
              <p class="join-as">
                <T k="join.as" v={{ name: <bdi class="strong">{card.name}</bdi> }} />
              </p>
            )
          )}
          {card.role === 'trainer' && <DeviceCheck />}
          <section class="panel" aria-label={t('join.checks')}>
            <SoundCheck speaker={keptDevices().speaker} />
            <NetworkCheck onMeasured={(network) => setRecommended(RECOMMENDED[network])} />
          </section>
          {card.role === 'trainee' && (
            <>
              <p class="label">
                <span>{t('quality.ask')}</span>
                <span class="t-xs ink-2">{t('quality.changeable')}</span>
              </p>
              <QualityChoice
                label={t('quality.ask')}
                value={chosenQuality}
                recommended={recommended}
                onChange={setQuality}
              />
            </>
          )}
        </div>
      </main>
      {!wide && go}
    </form>
  );
}
