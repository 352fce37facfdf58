import './join.css';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { InvitationCard } from '../../call';
import { openInvitation, ProblemError } from '../../call/rest';
import { chosen, known, preferred, show } from '../../i18n';
import { type ProblemCode, ProblemPage } from '../pages/problem';
import { JoinPage } from './join-page';

type State = { kind: 'loading' } | { kind: 'card'; card: InvitationCard } | { kind: 'problem'; code: ProblemCode };

/** `/join#SECRET`: opens the invitation, then the device check. The secret stays in the fragment, which is never sent. */
export function Join() {
  const location = useLocation();
  const secret = globalThis.location.hash.slice(1);
  const [state, setState] = useState<State>({ kind: 'loading' });
  const load = useCallback(async () => {
    const next = await open(secret);
    // Words come in the lesson's language, unless somebody chose another in this browser.
    const lessons = next.kind === 'card' ? known(next.card.lesson.language) : null;
    await show(chosen() ?? lessons ?? preferred());
    setState(next);
  }, [secret]);
  useEffect(() => {
    void load();
  }, [load]);
  useEffect(() => {
    const again = () => location.route(globalThis.location.pathname + globalThis.location.hash, true);
    addEventListener('hashchange', again);
    return () => removeEventListener('hashchange', again);
  }, [location]);

  if (state.kind === 'loading') return <JoinBones />;
  if (state.kind === 'problem') return <ProblemPage code={state.code} retry={() => void load()} />;
  return (
    <JoinPage
      card={state.card}
      secret={secret}
      onProblem={(code) => setState({ kind: 'problem', code })}
      onEntered={({ lesson, participant }) => location.route(`/lesson/${lesson.id}/${participant}`, true)}
    />
  );
}

async function open(secret: string): Promise<State> {
  if (secret === '') return { kind: 'problem', code: 'no_secret' };
  if (!('RTCPeerConnection' in globalThis)) return { kind: 'problem', code: 'unsupported' };
  try {
    const card = await openInvitation(secret);
    if (card.phase.state === 'ended') return { kind: 'problem', code: 'lesson_ended' };
    return { kind: 'card', card };
  } catch (error) {
    return { kind: 'problem', code: error instanceof ProblemError ? error.code : 'internal' };
  }
}

/** The page's shape before its content, without a word: the language is not known yet. */
function JoinBones() {
  return (
    <div class="join" aria-busy="true">
      <header class="join-head" />
      <main class="join-main">
        <section class="board lesson-board is-bones" />
        <div class="join-side">
          <div class="panel bones-panel" />
          <div class="panel bones-panel is-tall" />
        </div>
      </main>
    </div>
  );
}
