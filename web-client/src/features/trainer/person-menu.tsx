import { Ellipsis } from 'lucide';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Command, Participant } from '../../call';
import { t } from '../../i18n';
import { Icon } from '../../ui/icon';
import { useSession } from '../lesson/session';
import { holdsFloor, publishes } from '../lesson/view';

interface Props {
  participant: Participant;
  onRemove: (participant: Participant) => void;
}

/** What a trainer may do about one person. */
export function PersonMenu({ participant, onRemove }: Props) {
  const { call, state, follow } = useSession();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const { room } = state.value;
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const outside = (event: Event) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  if (!room) return null;

  const run = (command: Command) => () => {
    setOpen(false);
    button.current?.focus();
    void follow(call.command(command));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const items = [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
      const at = items.indexOf(document.activeElement as HTMLElement);
      items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus();
    }
  };
  const target = participant.id;
  const holds = holdsFloor(room.floor, target);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the menu inside
    <div class="menu-root" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="icon-button"
        ref={button}
        aria-label={t('people.actions', { name: participant.name })}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon of={Ellipsis} />
      </button>
      {open && (
        <div class="menu" role="menu" id={id}>
          <Item
            word={holds ? t('floor.takeBack') : t('floor.give')}
            run={run({ type: holds ? 'take_floor' : 'give_floor', participant: target })}
          />
          {publishes(room, target, 'microphone') && (
            <Item word={t('people.mute')} run={run({ type: 'mute', participant: target })} />
          )}
          <Item
            word={t('people.remove')}
            danger
            run={() => {
              setOpen(false);
              onRemove(participant);
            }}
          />
        </div>
      )}
    </div>
  );
}

function Item({ word, run, danger = false }: { word: string; run: () => void; danger?: boolean }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} class={danger ? 'is-danger' : undefined} onClick={run}>
      {word}
    </button>
  );
}
