import { api } from '../../api/client';
import { useLoaded } from '../../ui/parts/loaded';
import { T, t } from './words';

/** The providers that people can sign in at, where the server has any. */
export function Providers({ next }: { next: string }) {
  const loaded = useLoaded((signal) => api.get('/api/sign-in/providers', { signal }), []);
  const providers = loaded.value?.items ?? [];
  if (providers.length === 0) return null;
  const to = next === '/' ? '' : `?to=${encodeURIComponent(next)}`;
  return (
    <div class="form providers">
      <p class="ink-2">{t('signIn.or')}</p>
      {providers.map(({ name, label }) => (
        <a key={name} class="button big wide" href={`/api/oidc/${encodeURIComponent(name)}/start${to}`}>
          <span>
            <T k="signIn.with" v={{ provider: <bdi>{label}</bdi> }} />
          </span>
        </a>
      ))}
    </div>
  );
}
