import './school.css';
import '../../ui/parts/parts.css';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { wordsLoaded } from '../../i18n/area';
import { onDemand } from '../../ui/on-demand';
import { useLoaded } from '../../ui/parts/loaded';
import { navigations } from '../../ui/parts/page-head';
import { ProblemPage } from '../pages/problem';
import { AREAS, areaOf, meAt, PUBLIC_AREAS, restOf, startOf } from './areas';
import { FrameBones } from './bones';
import { Bare, Frame, NotHere } from './frame';
import { here, loadMe, me } from './me';

const missing = () => <ProblemPage code="unreachable" retry={() => location.reload()} />;

const screens = AREAS.map(({ load }) =>
  onDemand(async () => ready((await load()).default), { waiting: FrameBones, missing }),
);
const publicScreens = PUBLIC_AREAS.map(({ load }) =>
  onDemand(async () => ready((await load()).default), { waiting: FrameBones, missing }),
);

/** Stands before everything where somebody must give, or get, their second factor first. */
const SecondFactorGate = onDemand(async () => ready((await import('../account/gate')).SecondFactorGate), {
  waiting: FrameBones,
  missing,
});

/** Nothing is shown before its words are there. */
async function ready<T>(screen: T): Promise<T> {
  await wordsLoaded();
  return screen;
}

/** Every page for people with accounts, and those that lead there. */
export function School() {
  const { path, url, route } = useLocation();
  useNavigations(path);
  const asked = useLoaded(loadMe, []);
  const who = me.value;
  const open = areaOf(PUBLIC_AREAS, path);
  const area = areaOf(AREAS, path);
  const mustSignIn = who === null && !open;
  useEffect(() => {
    if (mustSignIn) route(`/sign-in?next=${encodeURIComponent(url)}`, true);
  }, [mustSignIn]);
  useEffect(() => {
    if (who && path === '/') route(startOf(who), true);
  }, [who, path]);

  if (open) {
    const Screen = publicScreens[PUBLIC_AREAS.indexOf(open)];
    if (!Screen || (who === undefined && asked.state === 'loading')) return <Bare>{<FrameBones />}</Bare>;
    const page = <Screen me={who ?? null} rest={restOf(open, path)} />;
    return who && open.framed ? <Frame me={who}>{page}</Frame> : <Bare>{page}</Bare>;
  }
  if (asked.state === 'failed' && who === undefined) return <ProblemPage code="unreachable" retry={asked.again} />;
  if (!who) return <Bare>{<FrameBones />}</Bare>;
  if (who.needs_second_factor) return <Bare>{<SecondFactorGate me={who} />}</Bare>;
  const at = area && meAt(area, { home: who, here: here.value ?? who });
  const Screen = area && at && screens[AREAS.indexOf(area)];
  return (
    <Frame me={who}>
      {Screen ? <Screen key={`${area.path} ${at.institution}`} me={at} rest={restOf(area, path)} /> : <NotHere />}
    </Frame>
  );
}

/** Going to another page begins at its top, and its heading takes the focus. */
function useNavigations(path: string): void {
  const before = useRef(path);
  if (before.current !== path) {
    before.current = path;
    navigations.value += 1;
  }
  useEffect(() => {
    if (navigations.value > 0) scrollTo(0, 0);
  }, [path]);
}
