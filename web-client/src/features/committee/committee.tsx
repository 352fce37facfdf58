import '../lesson/lesson.css';
import './committee.css';
import { Eye, EyeOff } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { T, t } from '../../i18n';
import { duration, milliseconds, percent, rate, time, timeToSecond } from '../../i18n/format';
import { Brand } from '../../ui/brand';
import { Icon } from '../../ui/icon';
import { LanguageSwitch } from '../../ui/language-switch';
import { Mark } from '../../ui/mark';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { Banners } from '../lesson/banners';
import { Group } from '../lesson/group';
import { LeaveButton } from '../lesson/lesson-top';
import { useSession } from '../lesson/session';
import { Stage } from '../lesson/stage';
import { picturesOf } from '../lesson/view';
import { PeopleTable } from './people-table';
import { PublicationsTable } from './publications-table';
import { sumsOf } from './sums';

/** The monitoring committee's view: the lesson's live figures, and its picture if wanted. It can change nothing. */
export function Committee() {
  const { state, quality, chooseQuality, call } = useSession();
  const { room, figures, phase, mediaConnected } = state.value;
  const watching = quality.value !== 'voice_only';
  useEffect(() => hush(!watching), [watching, mediaConnected]);
  if (!room) return null;
  const { stage } = picturesOf(room, quality.value);
  const watch = () => {
    chooseQuality(watching ? 'voice_only' : 'automatic');
    void call.startAudio();
  };
  return (
    <div class="committee">
      <header class="lesson-top">
        <Brand word={false} />
        <div class="title">
          <h1 class="one-line" dir="auto">
            {room.lesson.title}
          </h1>
          <p class="t-s ink-2 one-line">
            <bdi>{room.lesson.institution}</bdi> · <bdi>{room.lesson.trainer}</bdi> · <Group name={room.lesson.group} />
          </p>
        </div>
        <span class="tag read-only">
          {t('committee.title')} · {t('committee.readOnly')}
        </span>
        <LanguageSwitch />
        <LeaveButton />
      </header>
      <main class="committee-main">
        <Banners />
        {phase === 'reconnecting' && (
          <p class="banner is-attention" role="status">
            <Mark kind="wait" />
            <span>
              <b>{t('state.reconnecting')}</b> {t('state.bringingBack')}
            </span>
          </p>
        )}
        <Sums />
        <button type="button" class="button watch" aria-pressed={watching} onClick={watch}>
          <Icon of={watching ? EyeOff : Eye} />
          {watching ? t('committee.stopWatching') : t('committee.watch')}
        </button>
        {watching && (
          <div class="committee-stage">
            <Stage publication={stage} />
          </div>
        )}
        <section class="panel" aria-labelledby="people-heading">
          <div class="panel-head">
            <h2 id="people-heading">{t('committee.people')}</h2>
            {figures && (
              <span class="t-xs ink-2">
                <T k="committee.updated" v={{ time: <Num>{timeToSecond(figures.at, room.lesson.time_zone)}</Num> }} />
              </span>
            )}
          </div>
          <PeopleTable />
        </section>
        <section class="panel" aria-labelledby="publications-heading">
          <div class="panel-head">
            <h2 id="publications-heading">{t('committee.publications')}</h2>
          </div>
          <PublicationsTable />
        </section>
      </main>
    </div>
  );
}

/** Silences the call's own audio elements while the committee only reads: nobody listens in by accident. */
function hush(silent: boolean): void {
  for (const sound of document.querySelectorAll<HTMLAudioElement>('body > audio')) sound.muted = silent;
}

function Sums() {
  const { room, figures, serverOffset } = useSession().state.value;
  if (!room) return null;
  const { phase, lesson } = room;
  const sums = sumsOf(room, figures);
  const unknown = <small>{t('committee.unknown')}</small>;
  const live = phase.state === 'live' ? phase.since : null;
  return (
    <dl class="figures">
      <Figure word={t('committee.present')}>
        <Num>{sums.present}</Num>
      </Figure>
      <Figure word={live ? t('committee.since') : t('lesson.planned')} mark={live ? 'live' : 'plan'}>
        <Num>{time(live ?? lesson.starts_at, lesson.time_zone)}</Num>
      </Figure>
      <Figure word={t('committee.duration')}>
        <Num>{duration(live ? now.value + serverOffset - live / 1000 : 0)}</Num>
      </Figure>
      <Figure word={t('committee.received')}>{figures ? <Num>{rate(sums.received)}</Num> : unknown}</Figure>
      <Figure word={t('committee.sent')}>{figures ? <Num>{rate(sums.sent)}</Num> : unknown}</Figure>
      <Figure word={t('committee.loss')}>{figures ? <Num>{percent(sums.loss)}</Num> : unknown}</Figure>
      <Figure word={t('committee.delay')}>
        {sums.roundTripMs === null ? unknown : <Num>{milliseconds(sums.roundTripMs)}</Num>}
      </Figure>
    </dl>
  );
}

function Figure({ word, mark, children }: { word: string; mark?: 'live' | 'plan'; children: ComponentChildren }) {
  return (
    <div class="figure">
      <dt>
        {mark && <Mark kind={mark} />}
        {word}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
