import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { dayInText } from '../../i18n/format';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { CopyText } from '../../ui/parts/copy';
import { useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { T, t } from './words';

/** What the matter is called, wherever it stands. */
export const feedTitle = () => t('feed.title');

/** The secret address by which phones and other calendars fetch one's lessons. */
export function CalendarFeed({ zone }: { zone: string }) {
  const loaded = useLoaded((signal) => api.get('/api/me/calendar-feed', { signal }), []);
  const [url, setUrl] = useState<string | null>(null);
  const [asks, setAsks] = useState<'renew' | 'revoke' | null>(null);
  const create = async (idempotencyKey: string) => {
    setUrl((await api.post('/api/me/calendar-feed', { idempotencyKey })).url);
  };
  const revoke = async () => {
    await api.delete('/api/me/calendar-feed');
    setUrl(null);
  };
  const making = useForm(create, loaded.again);
  const since = loaded.value?.since;
  return (
    <>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {making.problem && <ProblemNote problem={making.problem} />}
      <p class="ink-2">
        {since ? <T k="feed.since" v={{ day: <Figures text={dayInText(since, zone)} /> }} /> : t('feed.text')}
      </p>
      {url && <NewAddress url={url} />}
      {loaded.value && (
        <div class="form-acts">
          {since ? (
            <>
              <button type="button" class="button small" onClick={() => setAsks('renew')}>
                {t('feed.renew')}
              </button>
              <button type="button" class="button quiet small" onClick={() => setAsks('revoke')}>
                {t('feed.revoke')}
              </button>
            </>
          ) : (
            <button type="button" class="button small" aria-disabled={making.busy} onClick={() => making.submit(null)}>
              {t('feed.create')}
            </button>
          )}
        </div>
      )}
      {asks && (
        <Confirm
          title={t(`feed.${asks}Title`)}
          text={t(`feed.${asks}Text`)}
          word={t(`feed.${asks}`)}
          danger={asks === 'revoke'}
          act={asks === 'renew' ? create : revoke}
          onDone={() => {
            setAsks(null);
            loaded.again();
          }}
          onClose={() => setAsks(null)}
        />
      )}
    </>
  );
}

/** An address that was just made, and how it gets into a calendar. */
function NewAddress({ url }: { url: string }) {
  return (
    <>
      <CopyText label={t('feed.address')} text={url} lines={3} />
      <p class="t-s">{t('feed.once')}</p>
      <div class="form-acts">
        {/* Calendars take this scheme as an offer to subscribe. */}
        <a class="button small" href={url.replace(/^https?:/, 'webcal:')}>
          {t('feed.add')}
        </a>
      </div>
      <p class="t-s ink-2">{t('feed.howApple')}</p>
      <p class="t-s ink-2">{t('feed.howGoogle')}</p>
    </>
  );
}
