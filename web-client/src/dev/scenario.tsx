import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/content.css';
import { render } from 'preact';
import { LocationProvider } from 'preact-iso';
import type { CallState, InvitationCard, Role } from '../call';
import { JoinPage } from '../features/join/join-page';
import { Lesson } from '../features/lesson/lesson';
import { openSession } from '../features/lesson/session';
import { Home } from '../features/pages/home';
import { ProblemPage } from '../features/pages/problem';
import { known, show } from '../i18n';
import { keepQuality, keepRole } from '../memory';
import { fakeCall } from './fake-call';
import { callState, lessonCard } from './lesson-data';

/** Scenarios to look at: `?screen=…&role=…&lang=…&state=…`. */
const query = new URLSearchParams(location.search);
const language = known(query.get('lang')) ?? 'ar';
const role = (query.get('role') ?? 'trainee') as Role;
const variant = query.get('state') ?? '';
const ar = language === 'ar';

localStorage.setItem('qism.language', language);
keepQuality(variant === 'voice' ? 'voice_only' : variant === 'economy' ? 'economy' : 'automatic');
await show(language);

function state(): CallState {
  const base = callState(ar, role);
  const { room } = base;
  if (!room) return base;
  const none = { ...room, publications: new Map() };
  switch (variant) {
    case 'planned':
      return { ...base, room: { ...none, phase: { state: 'planned' }, hands: [], floor: [], chat: [] } };
    case 'nothing':
      return { ...base, room: none };
    case 'weak':
      return { ...base, reception: { limitedBy: 'network', lostPercent: 9, roundTripMs: 310 } };
    case 'floor':
      return {
        ...base,
        room: { ...room, floor: [{ participant: 'p3', since: Date.now() * 1000 }], hands: [] },
        local: { microphone: 'on', camera: 'off', screen: 'off' },
      };
    case 'camera':
      return { ...base, room: { ...room, publications: new Map([...room.publications].filter(([id]) => id !== 3)) } };
    case 'reconnecting':
      return { ...base, phase: 'reconnecting', reconnectingSince: Date.now() - 8000, attempt: 2 };
    case 'sound':
      return { ...base, audioBlocked: true };
    case 'connecting':
      return { ...base, phase: 'connecting', me: undefined, room: undefined } as unknown as CallState;
    case 'sharing':
      return { ...base, local: { microphone: 'on', camera: 'on', screen: 'on' } };
    case 'ended':
      return { ...base, phase: 'ended', endedBy: 'lesson_ended' };
    default:
      return query.has('endedBy') ? { ...base, phase: 'ended', endedBy: query.get('endedBy') as 'left' } : base;
  }
}

function Scenario() {
  switch (query.get('screen')) {
    case 'home':
      return <Home />;
    case 'problem':
      return <ProblemPage code={(query.get('code') ?? 'unreachable') as 'unreachable'} retry={() => undefined} />;
    case 'join': {
      const card: InvitationCard = {
        lesson: lessonCard(ar),
        role,
        phase: variant === 'live' ? { state: 'live', since: Date.now() * 1000 - 6e8 } : { state: 'planned' },
        name: role === 'trainee' ? null : ar ? 'فاطمة الزهراء الإدريسي' : 'Fatima-Zahra El Idrissi',
        asks_name: role === 'trainee',
      };
      card.lesson.starts_at = Date.now() * 1000 + 4 * 60e6 - 1e6;
      return <JoinPage card={card} secret="s" onProblem={() => undefined} onEntered={() => undefined} />;
    }
    default: {
      const first = state();
      const me = first.me?.participant ?? 'p3';
      keepRole('l1', me, role);
      const open: typeof openSession = (lesson, participant) =>
        openSession(lesson, participant, (options) => fakeCall(options, first));
      return <Lesson lesson="l1" participant={me} open={open} />;
    }
  }
}

const root = document.getElementById('app');
if (root)
  render(
    <LocationProvider>
      <Scenario />
    </LocationProvider>,
    root,
  );
