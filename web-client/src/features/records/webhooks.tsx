import { useState } from 'preact/hooks';
import { api, type WebhookCard } from '../../api/client';
import { Mark } from '../../ui/mark';
import { Confirm } from '../../ui/parts/confirm';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { Deliveries } from './deliveries';
import { eventWords } from './events';
import { EditWebhook, NewWebhook } from './webhook-dialog';
import { T, t } from './words';
import './records.css';

/** Whom the institution tells of its lessons; `/admin/webhooks/ID`: what one of them was told. */
export default function Webhooks({ me, rest }: AreaProps) {
  const [webhook] = rest;
  return webhook ? <Deliveries me={me} webhook={webhook} /> : <List institution={me.institution} />;
}

type Open = { act: 'new' } | { act: 'edit' | 'remove'; of: WebhookCard };

function List({ institution }: { institution: string }) {
  const pages = usePages('/api/institutions/{institution}/webhooks', { path: { institution } });
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    pages.again();
  };
  return (
    <div class="page">
      <PageHead title={t('hooks.title')} note={t('hooks.note')}>
        <button type="button" class="button primary" onClick={() => setOpen({ act: 'new' })}>
          {t('hooks.new')}
        </button>
      </PageHead>
      <DataList
        label={t('hooks.list')}
        pages={pages}
        keyOf={(webhook) => webhook.id}
        row={(webhook) => <Row of={webhook} open={setOpen} />}
        empty={{ title: t('hooks.empty'), text: t('hooks.emptyText') }}
      />
      {open?.act === 'new' && <NewWebhook institution={institution} onMade={pages.again} onClose={close} />}
      {open?.act === 'edit' && <EditWebhook institution={institution} of={open.of} onDone={done} onClose={close} />}
      {open?.act === 'remove' && (
        <Confirm
          title={t('hooks.removeTitle')}
          text={<T k="hooks.removeText" v={{ url: <bdi class="mono">{open.of.url}</bdi> }} />}
          word={t('hooks.remove')}
          danger
          act={() =>
            api.delete('/api/institutions/{institution}/webhooks/{webhook}', {
              path: { institution, webhook: open.of.id },
            })
          }
          onDone={done}
          onClose={close}
        />
      )}
    </div>
  );
}

function Row({ of: webhook, open }: { of: WebhookCard; open: (what: Open) => void }) {
  return (
    <div class="row">
      <span class="row-words">
        <b class="record-address">
          <bdi dir="ltr">{webhook.url}</bdi>
        </b>
        <span class="t-s ink-2">{eventWords(webhook.events).join(' · ')}</span>
      </span>
      {!webhook.enabled && (
        <span class="state">
          <Mark kind="ended" />
          {t('hooks.off')}
        </span>
      )}
      <span class="row-acts">
        <a
          class="button small"
          href={`/admin/webhooks/${webhook.id}`}
          aria-label={t('hooks.deliveriesOf', { url: webhook.url })}
        >
          {t('hooks.deliveries')}
        </a>
        <button
          type="button"
          class="button small"
          aria-label={t('hooks.changeOf', { url: webhook.url })}
          onClick={() => open({ act: 'edit', of: webhook })}
        >
          {t('hooks.change')}
        </button>
        <button
          type="button"
          class="button small"
          aria-label={t('hooks.removeOf', { url: webhook.url })}
          onClick={() => open({ act: 'remove', of: webhook })}
        >
          {t('hooks.remove')}
        </button>
      </span>
    </div>
  );
}
