import { useState } from 'preact/hooks';
import { address, api, type Me, saying } from '../../api/client';
import type { PersonCard } from '../../api/schema.gen';
import { Confirm } from '../../ui/parts/confirm';
import { MergeDialog } from './merge';
import { T, t } from './words';

const ONE = '/api/institutions/{institution}/people/{person}';

interface Props {
  me: Me;
  of: PersonCard;
  again: () => void;
  invite: () => void;
  /** Goes where there is something to see, once the account is no more. */
  leave: (to: string) => void;
}

type Open = 'disable' | 'enable' | 'merge' | 'erase' | null;

/** What is done to an account as a whole. Nobody takes their own way in from themselves. */
export function AccountActs({ me, of: person, again, invite, leave }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const path = { institution: me.institution, person: person.id };
  const isOwn = person.id === me.id;
  const disabled = person.disabled_at != null;
  const close = () => setOpen(null);
  const done = () => {
    close();
    again();
  };
  const name = <bdi>{person.name}</bdi>;
  return (
    <section class="panel" aria-labelledby="account-acts">
      <h2 id="account-acts" class="panel-head">
        {t('acts.title')}
      </h2>
      <ul class="rows">
        {person.has_password && !disabled && (
          <Act text={t('acts.resetText')}>
            <button type="button" class="button" onClick={invite}>
              {t('acts.reset')}
            </button>
          </Act>
        )}
        <Act text={t('acts.exportText')}>
          <a class="button" href={address(`${ONE}/export`, path)} download="">
            {t('acts.export')}
          </a>
        </Act>
        {isOwn ? (
          <li class="people-none">{t('acts.own')}</li>
        ) : (
          <>
            <Act text={disabled ? t('acts.enableText') : t('acts.disableText')}>
              <button type="button" class="button" onClick={() => setOpen(disabled ? 'enable' : 'disable')}>
                {disabled ? t('acts.enable') : t('acts.disable')}
              </button>
            </Act>
            <Act text={t('acts.mergeText')}>
              <button type="button" class="button" onClick={() => setOpen('merge')}>
                {t('acts.merge')}
              </button>
            </Act>
            <Act text={t('acts.eraseText')}>
              <button type="button" class="button danger" onClick={() => setOpen('erase')}>
                {t('acts.erase')}
              </button>
            </Act>
          </>
        )}
      </ul>
      {open === 'disable' && (
        <Confirm
          title={<T k="disable.title" v={{ name }} />}
          text={t('disable.text')}
          word={t('acts.disable')}
          danger
          act={async (idempotencyKey) => {
            const call = api.post(`${ONE}/disable`, { path, idempotencyKey });
            await saying(call, { in_use: t('refused.lastAdministrator') });
          }}
          onDone={done}
          onClose={close}
        />
      )}
      {open === 'enable' && (
        <Confirm
          title={<T k="enable.title" v={{ name }} />}
          text={t('enable.text')}
          word={t('acts.enable')}
          act={async (idempotencyKey) => {
            await api.post(`${ONE}/enable`, { path, idempotencyKey });
          }}
          onDone={done}
          onClose={close}
        />
      )}
      {open === 'merge' && (
        <MergeDialog me={me} of={person} onDone={(into) => leave(`/people/${into}`)} onClose={close} />
      )}
      {open === 'erase' && (
        <Confirm
          title={<T k="erase.title" v={{ name }} />}
          text={t('erase.text')}
          word={t('acts.erase')}
          danger
          act={() => saying(api.delete(ONE, { path }), { in_use: t('refused.lastAdministrator') })}
          onDone={() => leave('/people')}
          onClose={close}
        >
          <p>{t('erase.stays')}</p>
        </Confirm>
      )}
    </section>
  );
}

function Act({ text, children }: { text: string; children: preact.ComponentChildren }) {
  return (
    <li class="person-act">
      {children}
      <span class="t-s ink-2">{text}</span>
    </li>
  );
}
