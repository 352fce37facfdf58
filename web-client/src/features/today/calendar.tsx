import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { dayInText } from '../../i18n/format';
import { CopyText } from '../../ui/parts/copy';
import { useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { T, t } from './words';

/** The address by which other calendars fetch one's lessons. */
export function Calendar({ zone }: { zone: string }) {
  const asked = useLoaded(() => api.get('/api/me/calendar-feed'), []);
  const [url, setUrl] = useState<string | null>(null);
  const making = useForm(
    () => api.post('/api/me/calendar-feed'),
    (made) => {
      setUrl(made.url);
      asked.again();
    },
  );
  const revoking = useForm(
    () => api.delete('/api/me/calendar-feed'),
    () => {
      setUrl(null);
      asked.again();
    },
  );
  const since = asked.value?.since;
  const problem = making.problem ?? revoking.problem;
  return (
    <section class="panel" aria-labelledby="calendar">
      <div class="today-head">
        <h2 id="calendar">{t('calendar.title')}</h2>
      </div>
      <div class="today-body">
        {problem && <ProblemNote problem={problem} />}
        <p class="ink-2">{since ? <T k="calendar.on" v={{ day: dayInText(since, zone) }} /> : t('calendar.text')}</p>
        {url && <CopyText label={t('calendar.made')} text={url} />}
        <div class="form-acts">
          <button type="button" class="button small" aria-disabled={making.busy} onClick={() => making.submit(null)}>
            {since ? t('calendar.again') : t('calendar.make')}
          </button>
          {since && (
            <button
              type="button"
              class="button quiet small"
              aria-disabled={revoking.busy}
              onClick={() => revoking.submit(null)}
            >
              {t('calendar.revoke')}
            </button>
          )}
        </div>
      </div>
    </section>
  );
}
