import {
  Activity,
  BookOpen,
  CalendarDays,
  ChartColumn,
  ClipboardCheck,
  type IconNode,
  LibraryBig,
  Megaphone,
  Settings,
  Sun,
  Users,
} from 'lucide';
import type { ComponentType } from 'preact';
import type { Me } from '../../api/client';
import { isAbove, isMinistry } from '../institutions/institution';
import type { FrameKey } from './words';

/** What an area of people with accounts is given. */
export interface AreaProps {
  me: Me;
  /** The address behind the area's path: `['p', '123']` for `/people/p/123`. */
  rest: readonly string[];
}

/** What a page that needs no account is given. */
export interface PublicProps {
  me: Me | null;
  rest: readonly string[];
}

export interface Place {
  word: FrameKey;
  /** Where the screen is narrow. */
  short?: FrameKey;
  icon: IconNode;
}

export interface Area {
  /** Where its pages are; the longest one that fits an address wins. Its first word is in pages.ts. */
  path: string;
  /** Whom it is for. The server decides; this keeps what would be refused out of the navigation. */
  isFor: (me: Me) => boolean;
  /** One's own wherever one works: it is given who one is at home. */
  atHome?: true;
  /** Its place in the navigation, where it has one. */
  place?: Place;
  /** What it is called in the administration's list of pages, where it is found there. */
  listed?: FrameKey;
  load: () => Promise<{ default: ComponentType<AreaProps> }>;
}

export interface PublicArea {
  path: string;
  /** Whether it stands in the frame where somebody is signed in. */
  framed: boolean;
  /** What it is called in the menu of who is signed in, where it is found there. */
  place?: Place;
  load: () => Promise<{ default: ComponentType<PublicProps> }>;
}

/** The places that the mocks have, for the areas that take them. */
export const PLACES = {
  today: { word: 'place.today', icon: Sun },
  board: { word: 'place.board', icon: Activity },
  week: { word: 'place.week', short: 'place.weekShort', icon: CalendarDays },
  courses: { word: 'place.courses', icon: BookOpen },
  people: { word: 'place.people', short: 'place.peopleShort', icon: Users },
  announcements: { word: 'place.announcements', icon: Megaphone },
  lessons: { word: 'place.lessons', icon: ClipboardCheck },
  reports: { word: 'place.reports', icon: ChartColumn },
  catalogue: { word: 'place.catalogue', icon: LibraryBig },
  admin: { word: 'place.admin', short: 'place.adminShort', icon: Settings },
} as const satisfies Record<string, Place>;

const everybody = () => true;
const oversees = ({ roles }: Me) => roles.administrator || roles.committee;
const administrators = (me: Me) => me.roles.administrator;
const knowsPeople = ({ roles }: Me) => roles.administrator || roles.committee || roles.trainer;

/** Every area, in the order of the navigation: the first that is for somebody is where they start. */
export const AREAS: readonly Area[] = [
  { path: '/today', atHome: true, isFor: everybody, place: PLACES.today, load: () => import('../today/today') },
  { path: '/board', atHome: true, isFor: oversees, place: PLACES.board, load: () => import('../board/board') },
  { path: '/alarms', atHome: true, isFor: oversees, load: () => import('../board/alarms') },
  { path: '/week', isFor: everybody, place: PLACES.week, load: () => import('../week/week') },
  { path: '/lessons', isFor: knowsPeople, place: PLACES.lessons, load: () => import('../lessons/lessons') },
  {
    path: '/reports',
    atHome: true,
    isFor: knowsPeople,
    place: PLACES.reports,
    load: () => import('../reports/reports'),
  },
  { path: '/courses', isFor: everybody, place: PLACES.courses, load: () => import('../courses/courses') },
  { path: '/people', isFor: knowsPeople, place: PLACES.people, load: () => import('../people/people') },
  {
    path: '/announcements',
    isFor: everybody,
    place: PLACES.announcements,
    load: () => import('../announcements/announcements'),
  },
  {
    path: '/admin',
    atHome: true,
    isFor: (me) => administrators(me) || isAbove(me),
    place: PLACES.admin,
    load: () => import('../admin/admin'),
  },
  {
    path: '/admin/institution',
    isFor: administrators,
    listed: 'listed.institution',
    load: () => import('../institutions/settings'),
  },
  {
    path: '/admin/venues',
    isFor: administrators,
    listed: 'listed.venues',
    load: () => import('../institutions/venues'),
  },
  { path: '/admin/keys', isFor: administrators, listed: 'listed.keys', load: () => import('../admin/keys') },
  {
    path: '/admin/periods',
    isFor: administrators,
    listed: 'listed.periods',
    load: () => import('../periods/periods'),
  },
  {
    path: '/admin/audit',
    isFor: administrators,
    listed: 'listed.audit',
    load: () => import('../records/audit'),
  },
  {
    path: '/admin/webhooks',
    isFor: administrators,
    listed: 'listed.webhooks',
    load: () => import('../records/webhooks'),
  },
  {
    path: '/people/import',
    isFor: administrators,
    listed: 'listed.import',
    load: () => import('../import/import'),
  },
  {
    path: '/admin/institutions',
    atHome: true,
    isFor: isAbove,
    listed: 'listed.institutions',
    load: () => import('../institutions/institutions'),
  },
  {
    path: '/admin/regions',
    atHome: true,
    isFor: isMinistry,
    listed: 'listed.regions',
    load: () => import('../institutions/regions'),
  },
  { path: '/account', atHome: true, isFor: everybody, load: () => import('../account/account') },
];

/** Pages that need no account. */
export const PUBLIC_AREAS: readonly PublicArea[] = [
  { path: '/catalogue', framed: true, place: PLACES.catalogue, load: () => import('../catalogue/catalogue') },
  { path: '/application', framed: true, load: () => import('../catalogue/application') },
  { path: '/verify', framed: true, load: () => import('../lessons/verify') },
  { path: '/sign-in', framed: false, load: () => import('../sign-in/sign-in') },
  { path: '/setup', framed: false, load: () => import('../first-steps/setup') },
  { path: '/account-link', framed: false, load: () => import('../first-steps/account-link') },
];

/** The area that has an address. */
export function areaOf<A extends { path: string }>(areas: readonly A[], path: string): A | undefined {
  const fits = areas.filter((area) => path === area.path || path.startsWith(`${area.path}/`));
  return fits.sort((a, b) => b.path.length - a.path.length)[0];
}

/** The address behind an area's path. */
export function restOf(area: { path: string }, path: string): string[] {
  return path.slice(area.path.length).split('/').filter(Boolean).map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Who somebody is at home, and at the institution they work in: mostly the same. */
export interface Seat {
  home: Me;
  here: Me;
}

/** What an area is given, if it is for them. */
export function meAt(area: Area, { home, here }: Seat): Me | undefined {
  const me = area.atHome ? home : here;
  return area.isFor(me) ? me : undefined;
}

/** The areas in somebody's navigation. */
export function placesOf(seat: Seat): (Area & { place: Place })[] {
  return AREAS.filter((area): area is Area & { place: Place } => area.place !== undefined && !!meAt(area, seat));
}

/** Pages for everybody that stand in the menu of who is signed in. */
export const OPEN_PLACES = PUBLIC_AREAS.filter(
  (area): area is PublicArea & { place: Place } => area.place !== undefined,
);

/** Where somebody starts: who only oversees, with what is on air. */
export function startOf(me: Me): string {
  const { committee, administrator, trainer, trainee } = me.roles;
  if (committee && !administrator && !trainer && !trainee) return '/board';
  return AREAS.find((area) => area.isFor(me))?.path ?? '/account';
}
