import { useState } from 'preact/hooks';
import { api, type IdentityCard, type Me, problemOf } from '../../api/client';
import { day } from '../../i18n/format';
import { Confirm } from '../../ui/parts/confirm';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { LinkRefused } from './link-refused';
import { Part } from './part';
import { T, t } from './words';

/** One's accounts at sign-in providers, where the server knows any. */
export function Identities({ me }: { me: Me }) {
  const loaded = useLoaded(async (signal) => {
    const [known, providers] = await Promise.all([
      api.get('/api/me/identities', { signal }),
      api.get('/api/sign-in/providers', { signal }),
    ]);
    return { known: known.items, providers: providers.items };
  }, []);
  const [unlinks, setUnlinks] = useState<IdentityCard | null>(null);
  const [failed, setFailed] = useState<ReturnType<typeof problemOf> | null>(null);
  const link = async (provider: string) => {
    try {
      location.assign((await api.post('/api/me/identities', { body: { provider } })).url);
    } catch (error) {
      setFailed(problemOf(error));
    }
  };
  if (!loaded.value) return null;
  const { known, providers } = loaded.value;
  if (known.length === 0 && providers.length === 0) return null;
  const free = providers.filter(({ name }) => !known.some(({ provider }) => provider === name));
  return (
    <Part title={t('identities.title')}>
      {failed ? <ProblemNote problem={failed} /> : <LinkRefused />}
      {known.length > 0 && (
        <ul class="rows">
          {known.map((identity) => (
            <li class="row" key={identity.label}>
              <span class="row-words">
                <b dir="auto">{identity.label}</b>
                <span class="t-s ink-2">
                  <T k="identities.since" v={{ day: day(identity.linked_at, me.time_zone) }} />
                </span>
              </span>
              {identity.provider && (
                <button
                  type="button"
                  class="button small"
                  aria-label={t('identities.unlinkOf', { provider: identity.label })}
                  onClick={() => setUnlinks(identity)}
                >
                  {t('identities.unlink')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {free.map(({ name, label }) => (
        <div key={name}>
          <p class="t-s ink-2">
            <T k="identities.hint" v={{ provider: <bdi>{label}</bdi> }} />
          </p>
          <button type="button" class="button" onClick={() => void link(name)}>
            <span>
              <T k="identities.link" v={{ provider: <bdi>{label}</bdi> }} />
            </span>
          </button>
        </div>
      ))}
      {unlinks?.provider && (
        <Confirm
          title={t('identities.unlinkTitle')}
          text={t('identities.unlinkText')}
          word={t('identities.unlink')}
          danger
          act={() => api.delete('/api/me/identities/{provider}', { path: { provider: unlinks.provider ?? '' } })}
          onDone={() => {
            setUnlinks(null);
            loaded.again();
          }}
          onClose={() => setUnlinks(null)}
        />
      )}
    </Part>
  );
}
