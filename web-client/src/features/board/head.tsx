import { FlaskConical, Unplug } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { date, day, timeToSecond } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { now } from '../../ui/now';
import { Figures, Num } from '../../ui/num';
import { navigations } from '../../ui/parts/page-head';
import type { Contact } from './store';
import { T, t } from './words';

/** What the page is, the day, and a clock that runs. */
export function BoardHead({ title, zone, children }: { title: string; zone: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Qism`;
  }, [title]);
  // Only who comes from another area hears the heading: within the board the focus stays with what was opened.
  useEffect(() => {
    if (navigations.peek() > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header class="board-head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
      <span class="grow" />
      <Clock zone={zone} />
    </header>
  );
}

/** It has a component of its own: once a second only this is drawn again. */
function Clock({ zone }: { zone: string }) {
  const micros = now.value * 1000;
  return (
    <>
      <span class="board-date t-s ink-2">
        <Figures text={`${weekday(micros, zone)} ${date(micros, zone)}`} />
      </span>
      <span class="board-clock">
        <Num>{timeToSecond(micros, zone)}</Num>
      </span>
    </>
  );
}

/** The day of the week, from the day in words. */
function weekday(micros: number, zone: string): string {
  return day(micros, zone).split(' ')[0]?.replace(',', '') ?? '';
}

/** Says that the figures are made up, where they are. */
export function Simulated() {
  return (
    <p class="board-simulated t-s">
      <Icon of={FlaskConical} />
      <span>
        <b>{t('simulated.title')}</b> {t('simulated.text')}
      </span>
    </p>
  );
}

/** Says since when the figures stand still, where they do. */
export function OutOfDate({ contact, zone }: { contact: Contact; zone: string }) {
  return (
    <div role="status">
      {contact.state === 'gone' && (
        <p class="banner is-attention">
          <Icon of={Unplug} />
          <span class="banner-text">
            <b>
              <T k="gone.title" v={{ time: <Num>{timeToSecond(contact.since * 1000, zone)}</Num> }} />
            </b>
            <span>{t('gone.text')}</span>
          </span>
        </p>
      )}
    </div>
  );
}
