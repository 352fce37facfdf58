import { useState } from 'preact/hooks';
import { type ApiKeyCard, api, type Me } from '../../api/client';
import { day } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Confirm } from '../../ui/parts/confirm';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { NewKey } from './new-key';
import { isScope, type Scope } from './scopes';
import { T, t } from './words';

/** The keys by which other programs act for the institution. */
export default function Keys({ me }: AreaProps) {
  const { institution } = me;
  const pages = usePages('/api/institutions/{institution}/api-keys', { path: { institution } });
  const [makes, setMakes] = useState(false);
  const [revokes, setRevokes] = useState<ApiKeyCard | null>(null);
  return (
    <div class="page">
      <PageHead title={t('keys.title')} note={t('keys.note')}>
        <button type="button" class="button primary" onClick={() => setMakes(true)}>
          {t('keys.new')}
        </button>
      </PageHead>
      <DataList
        label={t('keys.list')}
        pages={pages}
        keyOf={(key) => key.id}
        row={(key) => <KeyRow me={me} of={key} revoke={() => setRevokes(key)} />}
        empty={{ title: t('keys.empty'), text: t('keys.emptyText') }}
      />
      {makes && <NewKey institution={institution} onMade={pages.again} onClose={() => setMakes(false)} />}
      {revokes && (
        <Confirm
          title={<T k="keys.revokeTitle" v={{ name: <bdi>{revokes.name}</bdi> }} />}
          text={t('keys.revokeText')}
          word={t('keys.revoke')}
          danger
          act={() =>
            api.delete('/api/institutions/{institution}/api-keys/{key}', { path: { institution, key: revokes.id } })
          }
          onDone={() => {
            setRevokes(null);
            pages.again();
          }}
          onClose={() => setRevokes(null)}
        />
      )}
    </div>
  );
}

function KeyRow({ me, of: key, revoke }: { me: Me; of: ApiKeyCard; revoke: () => void }) {
  const on = (micros: number) => day(micros, me.time_zone);
  const ended = key.expires_at != null && key.expires_at <= Date.now() * 1000;
  const over = key.revoked_at != null ? t('keys.revoked') : ended ? t('keys.ended') : null;
  return (
    <div class="row">
      <span class="row-words">
        <b dir="auto">{key.name}</b>
        <span class="t-s">
          {key.scopes
            .filter(isScope)
            .map((scope: Scope) => t(`scope.${scope}`))
            .join(' · ')}
        </span>
        <span class="t-s ink-2">
          {t('keys.created', { day: on(key.created_at) })}
          {' · '}
          {key.last_used_at == null ? t('keys.unused') : t('keys.used', { day: on(key.last_used_at) })}
          {key.expires_at != null && !ended && ` · ${t('keys.ends', { day: on(key.expires_at) })}`}
        </span>
      </span>
      {over ? (
        <span class="state">
          <Mark kind="ended" />
          {over}
        </span>
      ) : (
        <button type="button" class="button small" aria-label={t('keys.revokeOf', { name: key.name })} onClick={revoke}>
          {t('keys.revoke')}
        </button>
      )}
    </div>
  );
}
