import { useState } from 'preact/hooks';
import { api, type Me, type OwnSession, problemOf } from '../../api/client';
import { day, time } from '../../i18n/format';
import { Num } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { BoneRows } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { browserOf } from './browser';
import { Part } from './part';
import { T, t } from './words';

/** Where one is signed in, and how to end it there. */
export function Sessions({ me }: { me: Me }) {
  const [confirms, setConfirms] = useState(false);
  const loaded = useLoaded(async (signal) => (await api.get('/api/me/sessions', { signal })).items, []);
  const [failed, setFailed] = useState<ReturnType<typeof problemOf> | null>(null);
  const end = async (session: OwnSession) => {
    setFailed(null);
    try {
      await api.delete('/api/me/sessions/{session}', { path: { session: session.id } });
    } catch (error) {
      setFailed(problemOf(error));
    }
    loaded.again();
  };
  const sessions = loaded.value;
  return (
    <Part title={t('sessions.title')}>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {failed && <ProblemNote problem={failed} />}
      {!sessions && loaded.state === 'loading' && (
        <div aria-hidden="true">
          <BoneRows />
        </div>
      )}
      {sessions && (
        <ul class="rows">
          {sessions.map((session) => (
            <li class="row" key={session.id}>
              <span class="row-words">
                <b>
                  {nameOf(session)}
                  {session.current && <span class="tag is-accent session-tag">{t('sessions.this')}</span>}
                </b>
                <span class="t-s ink-2">
                  <T
                    k="sessions.seen"
                    v={{
                      day: day(session.last_seen_at, me.time_zone),
                      time: <Num>{time(session.last_seen_at, me.time_zone)}</Num>,
                    }}
                  />
                </span>
              </span>
              {!session.current && (
                <button
                  type="button"
                  class="button small"
                  aria-label={t('sessions.endOf', { browser: nameOf(session) })}
                  onClick={() => void end(session)}
                >
                  {t('sessions.end')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {sessions && sessions.length > 1 && (
        <div class="form-acts">
          <button type="button" class="button" onClick={() => setConfirms(true)}>
            {t('sessions.endOthers')}
          </button>
        </div>
      )}
      {confirms && (
        <Confirm
          title={t('sessions.endOthersTitle')}
          text={t('sessions.endOthersText')}
          word={t('sessions.endOthers')}
          act={(idempotencyKey) => api.post('/api/me/sessions/end-others', { idempotencyKey })}
          onDone={() => {
            setConfirms(false);
            loaded.again();
          }}
          onClose={() => setConfirms(false)}
        />
      )}
    </Part>
  );
}

function nameOf({ browser: says }: OwnSession): string {
  const found = browserOf(says);
  if (!found) return t('sessions.unknown');
  const { browser, system } = found;
  return system ? t('sessions.on', { browser, system }) : browser;
}
