import { Hand } from 'lucide';
import { useId, useState } from 'preact/hooks';
import type { Participant } from '../../call';
import { T, t } from '../../i18n';
import { duration } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Voice } from '../../ui/mark';
import { now } from '../../ui/now';
import { Num } from '../../ui/num';
import { useSession } from '../lesson/session';
import { initial, publishes, rosterOf } from '../lesson/view';
import { LinkCause } from './link-cause';
import { PersonMenu } from './person-menu';
import { RemoveDialog } from './remove-dialog';

/** How many hands are shown before the rest is a number. */
const HANDS_SHOWN = 5;

/** The class: who has the floor, who waits for it, whom the lesson does not reach, and the rest. */
export function People() {
  const { state } = useSession();
  const [search, setSearch] = useState('');
  const [removing, setRemoving] = useState<Participant | null>(null);
  const field = useId();
  const { room, figures } = state.value;
  if (!room) return null;
  const roster = rosterOf(room, figures, search);
  const nobody = roster.troubled.length + roster.fine.length === 0;
  return (
    <div class="class">
      <div class="class-scroll">
        {roster.holders.map((holder) => (
          <FloorHolder key={holder.participant.id} {...holder} />
        ))}
        <Hands hands={roster.hands} />
        {roster.troubled.length > 0 && (
          <section>
            <h2>
              {t('people.notAll')} <Num>{roster.troubled.length}</Num>
            </h2>
            <ul>
              {roster.troubled.map(({ participant, link }) => (
                <li class="person" key={participant.id}>
                  <Square name={participant.name} />
                  <span class="who">
                    <span class="strong one-line" dir="auto">
                      {participant.name}
                    </span>
                    <LinkCause link={link} />
                    <Away participant={participant} />
                  </span>
                  <PersonMenu participant={participant} onRemove={setRemoving} />
                </li>
              ))}
            </ul>
          </section>
        )}
        {roster.fine.length > 0 && (
          <section class="rest">
            <h2>
              {figures ? t('people.all') : t('people.here')} <Num>{roster.fine.length}</Num>
            </h2>
            <ul>
              {roster.fine.map((participant) => (
                <li class="person" key={participant.id}>
                  <Square name={participant.name} />
                  <span class="who">
                    <span class="one-line" dir="auto">
                      {participant.name}
                    </span>
                    <Away participant={participant} />
                  </span>
                  {state.value.speaking.includes(participant.id) && <Voice speaking />}
                  <PersonMenu participant={participant} onRemove={setRemoving} />
                </li>
              ))}
            </ul>
          </section>
        )}
        {nobody && <Nobody search={search} onClear={() => setSearch('')} />}
      </div>
      <div class="find">
        <label class="visually-hidden" for={field}>
          {t('people.search')}
        </label>
        <input
          id={field}
          type="search"
          class="input"
          dir="auto"
          placeholder={t('people.search')}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {removing && <RemoveDialog participant={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}

interface Waiting {
  participant: Participant;
  since: number;
}

function FloorHolder({ participant, since }: Waiting) {
  const { call, state, follow } = useSession();
  const name = useId();
  const { room } = state.value;
  const muted = room !== undefined && !publishes(room, participant.id, 'microphone');
  return (
    <div class="has-floor">
      <Voice speaking={state.value.speaking.includes(participant.id)} />
      <div class="who">
        <b class="one-line" dir="auto" id={name}>
          {participant.name}
        </b>
        <span class="t-xs ink-2">
          <T k="floor.heldSince" v={{ duration: <Since at={since} /> }} />
          {muted && ` · ${t('people.muted')}`}
        </span>
      </div>
      <button
        type="button"
        class="button small"
        aria-describedby={name}
        onClick={() => void follow(call.command({ type: 'take_floor', participant: participant.id }))}
      >
        {t('floor.takeBack')}
      </button>
    </div>
  );
}

function Hands({ hands }: { hands: readonly Waiting[] }) {
  const { call, follow } = useSession();
  return (
    <section class="hands">
      <h2>
        <Icon of={Hand} />
        <span class="grow" role="status">
          {hands.length === 0 ? (
            t('people.noHands')
          ) : (
            <>
              {t('people.hands')} <Num>{hands.length}</Num>
            </>
          )}
        </span>
        {hands.length > 1 && (
          <button
            type="button"
            class="button quiet small"
            onClick={() => void follow(call.command({ type: 'lower_all_hands' }))}
          >
            {t('people.lowerAll')}
          </button>
        )}
      </h2>
      <ol>
        {hands.slice(0, HANDS_SHOWN).map((hand, index) => (
          <RaisedHand key={hand.participant.id} {...hand} order={index + 1} />
        ))}
      </ol>
      {hands.length > HANDS_SHOWN && (
        <p class="t-s ink-2 more-hands">
          <T k="people.moreHands" v={{ count: hands.length - HANDS_SHOWN }} />
        </p>
      )}
    </section>
  );
}

function RaisedHand({ participant, since, order }: Waiting & { order: number }) {
  const { call, follow } = useSession();
  const name = useId();
  return (
    <li class="person">
      <span class="order">
        <Num>{order}</Num>
      </span>
      <span class="who">
        <span class="strong one-line" dir="auto" id={name}>
          {participant.name}
        </span>
        <span class="t-xs ink-2">
          <T k="people.waitsSince" v={{ duration: <Since at={since} /> }} />
        </span>
      </span>
      <button
        type="button"
        class={order === 1 ? 'button small primary' : 'button small'}
        aria-describedby={name}
        onClick={() => void follow(call.command({ type: 'give_floor', participant: participant.id }))}
      >
        {t('floor.give')}
      </button>
    </li>
  );
}

/** Since when somebody has something else before the lesson: to be known, and no fault. */
function Away({ participant: { hidden_since } }: { participant: Participant }) {
  if (hidden_since === null) return null;
  return (
    <span class="t-xs ink-2">
      <T k="people.away" v={{ duration: <Since at={hidden_since} /> }} />
    </span>
  );
}

/** How long ago, by the server's clock. */
export function Since({ at }: { at: number }) {
  const { serverOffset } = useSession().state.value;
  return <Num>{duration(now.value + serverOffset - at / 1000)}</Num>;
}

function Square({ name }: { name: string }) {
  return (
    <span class="face" aria-hidden="true">
      {initial(name)}
    </span>
  );
}

function Nobody({ search, onClear }: { search: string; onClear: () => void }) {
  if (search === '') {
    return (
      <div class="empty">
        <b>{t('people.none')}</b>
        <span class="t-s">{t('people.noneHint')}</span>
      </div>
    );
  }
  return (
    <div class="empty" role="status">
      <span>
        <T k="people.noneFound" v={{ search: <bdi>{search}</bdi> }} />
      </span>
      <button type="button" class="button small" onClick={onClear}>
        {t('people.clearSearch')}
      </button>
    </div>
  );
}
