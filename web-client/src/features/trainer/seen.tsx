import { MonitorOff, Play } from 'lucide';
import type { Publication } from '../../call';
import { T, t } from '../../i18n';
import { percent, rate } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { Face } from '../lesson/faces';
import { useSession } from '../lesson/session';
import { Empty, Stage } from '../lesson/stage';
import { figuresById, linkOf, picturesOf } from '../lesson/view';

/** The middle of the trainer's classroom: exactly what trainees see, and how it reaches them. */
export function Seen() {
  const { call, state, follow } = useSession();
  const { room, local } = state.value;
  if (!room) return null;
  const { stage, side } = picturesOf(room, 'automatic');
  const planned = room.phase.state === 'planned';
  return (
    <>
      <div class="seen">
        <span class="state">
          <Mark kind={room.phase.state === 'live' ? 'live' : 'plan'} />
          <span>
            <b>{t('trainer.seen')}</b> <Receivers publication={stage} />
          </span>
        </span>
        {local.screen === 'on' && (
          <button type="button" class="button small" onClick={() => void follow(call.setScreen(false))}>
            {t('trainer.stopSharing')}
          </button>
        )}
      </div>
      {planned ? (
        <NotStarted />
      ) : stage ? (
        <Stage publication={stage} />
      ) : (
        <div class="stage">
          <div class="screen is-empty">
            <Empty icon={MonitorOff} title={t('trainer.nothing')} text={t('trainer.nothingHint')} />
          </div>
        </div>
      )}
      <div class="under">
        <Reception />
        {(planned && stage ? [stage, ...side] : side).map((publication) => (
          <Face key={publication.id} publication={publication} />
        ))}
      </div>
    </>
  );
}

function NotStarted() {
  return (
    <div class="stage">
      <div class="screen board start-board">
        <div class="stage-empty">
          <b class="t-2xl">{t('trainer.notStarted')}</b>
          <span>{t('trainer.notStartedHint')}</span>
          <StartButton />
        </div>
      </div>
    </div>
  );
}

function Receivers({ publication }: { publication: Publication | null }) {
  const { figures } = useSession().state.value;
  const count = figures?.publications.find((each) => each.publication === publication?.id)?.receivers;
  if (count === undefined) return null;
  return (
    <>
      · <T k="trainer.seenBy" v={{ count }} />
    </>
  );
}

/** How the class receives, in four figures. */
function Reception() {
  const { room, figures, me } = useSession().state.value;
  if (!room || !me) return null;
  const byId = figuresById(figures);
  const trainees = [...room.participants.values()].filter(
    ({ role, presence }) => role === 'trainee' && presence.state !== 'gone',
  );
  const links = trainees.map((participant) => linkOf(participant, byId));
  const lost = links.filter(({ kind }) => kind === 'lost').length;
  const fine = links.filter(({ kind }) => kind === 'fine').length;
  const own = byId?.get(me.participant);
  const worst = Math.max(0, ...trainees.map(({ id }) => byId?.get(id)?.downlink.lost_percent ?? 0));
  return (
    <section class="panel reception" aria-label={t('trainer.reception')}>
      <h2>{t('trainer.reception')}</h2>
      <dl>
        <Fact mark="live" word={t('trainer.receiveAll')} value={String(fine)} />
        <Fact
          {...(links.length - fine - lost > 0 && { mark: 'attention' as const })}
          word={t('trainer.receivePart')}
          value={String(links.length - fine - lost)}
        />
        <Fact {...(lost > 0 && { mark: 'alarm' as const })} word={t('trainer.lost')} value={String(lost)} />
        <Fact word={t('trainer.sent')} value={own ? rate(own.uplink.bitrate) : '–'} />
        <Fact word={t('trainer.worstLoss')} value={figures ? percent(worst) : '–'} />
      </dl>
    </section>
  );
}

function Fact({ mark, word, value }: { mark?: 'live' | 'attention' | 'alarm'; word: string; value: string }) {
  return (
    <div>
      <dt>
        {mark && <Mark kind={mark} />}
        {word}
      </dt>
      <dd>
        <Num>{value}</Num>
      </dd>
    </div>
  );
}

/** The one thing to do now, on the board. */
function StartButton() {
  const { call, follow } = useSession();
  const start = () => follow(call.command({ type: 'start_lesson' }));
  return (
    <button type="button" class="button chalk big" onClick={() => void start()}>
      <Icon of={Play} />
      {t('trainer.start')}
    </button>
  );
}
