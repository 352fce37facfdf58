import { Building2, ChevronDown, LogOut, User } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Me } from '../../api/client';
import { Brand } from '../../ui/brand';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { LanguageSwitch } from '../../ui/language-switch';
import { useMedia } from '../../ui/media';
import { PageHead } from '../../ui/parts/page-head';
import { OPEN_PLACES, type Place, placesOf } from './areas';
import { here, signOut } from './me';
import { T, t } from './words';
import { goHome, workplace } from './workplace';

/** From here the places stand at the top. */
const WIDE = '(min-width: 1000px)';

/** From here they have room for their whole names. */
const ROOMY = '(min-width: 1360px)';

/** How many places stand at the bottom of a narrow screen, beside one's own. */
const BOTTOM_PLACES = 3;

/** The navigation, and in it the page. */
export function Frame({ me, children }: { me: Me; children: ComponentChildren }) {
  const wide = useMedia(WIDE);
  const roomy = useMedia(ROOMY);
  const places = placesOf({ home: me, here: here.value ?? me });
  return (
    <div class="frame">
      <Skip />
      <header class="top">
        <Brand />
        {wide && <Places places={places} kind="nav" short={!roomy} />}
        <span class="grow" />
        {wide && <AccountMenu me={me} />}
      </header>
      <WorkplaceBar me={me} />
      <main class="frame-main" id="main" tabIndex={-1}>
        {children}
      </main>
      {!wide && <BottomPlaces me={me} places={places} />}
    </div>
  );
}

/** Says in whose records one is, where they are not one's own institution's, and leads back. */
function WorkplaceBar({ me }: { me: Me }) {
  const { route } = useLocation();
  const place = workplace.value;
  if (!place) return null;
  return (
    <section class="workplace banner is-attention" aria-label={t('workplace.label')}>
      <Icon of={Building2} />
      <p class="banner-text">
        <T k="workplace.in" v={{ name: <bdi class="strong">{place.name}</bdi> }} />
      </p>
      <button
        type="button"
        class="button small"
        onClick={() => {
          // What is on the screen may belong to the institution that one leaves.
          route('/admin/institutions');
          goHome();
        }}
      >
        <span>
          <T k="workplace.back" v={{ name: <bdi>{me.institution_name}</bdi> }} />
        </span>
      </button>
    </section>
  );
}

/** A page without navigation: nobody is signed in, or not all the way. */
export function Bare({ children }: { children: ComponentChildren }) {
  return (
    <div class="frame">
      <Skip />
      <header class="top">
        <Brand />
        <span class="grow" />
        <LanguageSwitch />
      </header>
      <main class="frame-main" id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Skip() {
  return (
    <a class="skip button" href="#main">
      {t('frame.skip')}
    </a>
  );
}

type Placed = { path: string; place: Place };

interface PlacesProps {
  places: readonly Placed[];
  kind: 'nav' | 'menu-places';
  /** Where there is no room for whole names. */
  short?: boolean;
}

function Places({ places, kind, short = false }: PlacesProps) {
  const { path } = useLocation();
  return (
    <nav class={kind} aria-label={kind === 'nav' ? t('frame.places') : t('frame.morePlaces')}>
      {places.map((area) => (
        <a key={area.path} href={area.path} aria-current={isAt(path, area) ? 'page' : undefined}>
          {kind === 'menu-places' && <Icon of={area.place.icon} />}
          {t((short && area.place.short) || area.place.word)}
        </a>
      ))}
    </nav>
  );
}

function isAt(path: string, { path: area }: Placed): boolean {
  return path === area || path.startsWith(`${area}/`);
}

function BottomPlaces({ me, places }: { me: Me; places: readonly Placed[] }) {
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  const rest = [...places.slice(BOTTOM_PLACES), ...OPEN_PLACES];
  useEffect(() => setOpen(false), [path]);
  const atMine = path.startsWith('/account') || rest.some((area) => isAt(path, area));
  return (
    <>
      <nav class="bottom-nav" aria-label={t('frame.places')}>
        {places.slice(0, BOTTOM_PLACES).map((area) => (
          <a key={area.path} href={area.path} aria-current={isAt(path, area) ? 'page' : undefined}>
            <Icon of={area.place.icon} />
            <span>{t(area.place.short ?? area.place.word)}</span>
          </a>
        ))}
        <button type="button" aria-expanded={open} data-current={atMine} onClick={() => setOpen(true)}>
          <Icon of={User} />
          <span>{t('frame.me')}</span>
        </button>
      </nav>
      {open && (
        <Dialog kind="sheet" title={<bdi>{me.name}</bdi>} onClose={() => setOpen(false)}>
          <MenuContent me={me} more={rest} />
        </Dialog>
      )}
    </>
  );
}

function AccountMenu({ me }: { me: Me }) {
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener('pointerdown', outside);
    addEventListener('focusin', outside);
    addEventListener('keydown', key);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('focusin', outside);
      removeEventListener('keydown', key);
    };
  }, [open]);
  return (
    <div class="account-menu" ref={root}>
      <button
        ref={button}
        type="button"
        class="account-button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span class="face" aria-hidden="true">
          {initial(me.name)}
        </span>
        <span class="visually-hidden">{t('frame.menu')}: </span>
        <bdi class="one-line">{me.name}</bdi>
        <Icon of={ChevronDown} />
      </button>
      <div id={id} class="account-panel panel" hidden={!open}>
        {open && <MenuContent me={me} more={OPEN_PLACES} />}
      </div>
    </div>
  );
}

/** For pages without the menu. */
export function SignOut() {
  const [busy, leave] = useSignOut();
  return (
    <button type="button" class="button small quiet" aria-disabled={busy} onClick={leave}>
      {busy ? t('frame.signingOut') : t('frame.signOut')}
    </button>
  );
}

function useSignOut(): [boolean, () => void] {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    if (busy) return;
    setBusy(true);
    // Whoever signs in next does not come to where this person was. Where the server does not answer the button
    // stands there again.
    await signOut(() => route('/sign-in', true)).catch(() => undefined);
    setBusy(false);
  };
  return [busy, () => void leave()];
}

function MenuContent({ me, more }: { me: Me; more: readonly Placed[] }) {
  const [busy, leave] = useSignOut();
  return (
    <div class="menu-content">
      <p class="menu-who">
        <span dir="auto">{me.institution_name}</span>
        <span class="ink-2">
          {rolesOf(me)
            .map((role) => t(`role.${role}`))
            .join(t('frame.comma'))}
        </span>
      </p>
      <Places places={more} kind="menu-places" />
      <div class="menu-language">
        <LanguageSwitch />
      </div>
      <a class="menu-act" href="/account">
        <Icon of={User} />
        {t('frame.account')}
      </a>
      <button type="button" class="menu-act" aria-disabled={busy} onClick={leave}>
        <Icon of={LogOut} flip />
        {busy ? t('frame.signingOut') : t('frame.signOut')}
      </button>
    </div>
  );
}

const ROLES = ['administrator', 'committee', 'trainer', 'trainee'] as const;

function rolesOf(me: Me) {
  return ROLES.filter((role) => me.roles[role]);
}

/** The first letter that people see. */
function initial(name: string): string {
  return [...name.trim()][0] ?? '';
}

export function NotHere() {
  return (
    <div class="page">
      <PageHead title={t('frame.notHereTitle')} note={t('frame.notHereText')} />
      <p>
        <a class="button" href="/">
          {t('frame.toStart')}
        </a>
      </p>
    </div>
  );
}
