import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { Today } from '../../api/schema.gen';
import { hours, percent } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Num } from '../../ui/num';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { Size } from '../../ui/size';
import { T, t } from './words';

/** What an hour of voice and slides costs, in bytes. */
const VOICE_HOUR = 30_000_000;
const MEGABYTE = 1_000_000;

/** The newest announcements. */
export function Notices({ announcements }: { announcements: Today['announcements'] }) {
  return (
    <section class="panel" aria-labelledby="notices">
      <div class="today-head">
        <h2 id="notices">{t('notices.title')}</h2>
        {announcements.unread > 0 && (
          <span class="tag is-accent">
            <span>
              <T k="notices.unread" v={{ count: announcements.unread }} />
            </span>
          </span>
        )}
      </div>
      {announcements.items.length === 0 && <p class="today-body ink-2">{t('notices.none')}</p>}
      {announcements.items.map((notice) => (
        <article key={notice.id} class="today-note">
          <b dir="auto">{notice.title}</b>
          <p class="t-s ink-2 today-note-text" dir="auto">
            {notice.body}
          </p>
        </article>
      ))}
      {announcements.items.length > 0 && (
        <p class="today-more">
          <a class="button quiet small" href="/announcements">
            {t('notices.all')}
          </a>
        </p>
      )}
    </section>
  );
}

/** What was spent this week, and the limit that somebody chose. */
export function Data({ data, onChanged }: { data: Today['data']; onChanged: () => void }) {
  const [open, setOpen] = useState(false);
  const { bytes, limit } = data;
  const left = limit ? Math.floor((limit - bytes) / VOICE_HOUR) : 0;
  const share = limit ? Math.min(1, bytes / limit) : 0;
  return (
    <section class="panel" aria-labelledby="data">
      <div class="today-head">
        <h2 id="data">{t('data.title')}</h2>
        <button type="button" class="button quiet small" onClick={() => setOpen(true)}>
          {t('data.limit')}
        </button>
      </div>
      <div class="today-body">
        <p>
          <b class="t-xl">
            <Size bytes={bytes} />
          </b>{' '}
          <span class="ink-2">
            {limit ? <T k="data.of" v={{ size: <Size bytes={limit} /> }} /> : t('data.noLimit')}
          </span>
        </p>
        {limit && (
          <>
            <span class={share >= 1 ? 'bar is-attention' : 'bar'} aria-hidden="true">
              <i style={{ inlineSize: `${share * 100}%` }} />
            </span>
            <p class="t-s ink-2">
              {share < 1 ? <T k="data.left" v={{ count: left }} /> : <span>{t('data.over')}</span>}
            </p>
          </>
        )}
      </div>
      {open && <Limit limit={limit ?? null} onClose={() => setOpen(false)} onChanged={onChanged} />}
    </section>
  );
}

interface LimitProps {
  limit: number | null;
  onClose: () => void;
  onChanged: () => void;
}

function Limit({ limit, onClose, onChanged }: LimitProps) {
  const [value, setValue] = useState(limit ? String(Math.round(limit / MEGABYTE)) : '');
  const megabytes = Number(value);
  const isGood = value.trim() === '' || (Number.isInteger(megabytes) && megabytes >= 1 && megabytes <= 1_000_000);
  const form = useForm(
    () => {
      const data_limit = value.trim() === '' ? null : megabytes * MEGABYTE;
      return api.put('/api/me/data-limit', { body: { data_limit } });
    },
    () => {
      onChanged();
      onClose();
    },
  );
  return (
    <Dialog title={t('data.title')} onClose={onClose}>
      <Form form={form} label={t('data.title')}>
        <TextField
          form={form}
          name="data_limit"
          label={t('data.field')}
          hint={isGood ? t('data.hint') : t('data.bad')}
          inputMode="numeric"
          dir="ltr"
          value={value}
          onInput={setValue}
        />
        <div class="form-acts">
          <Submit form={form} word={t('data.save')} />
        </div>
      </Form>
    </Dialog>
  );
}

/** Attendance of the month. */
export function Presence({ sum }: { sum: NonNullable<Today['attendance']> }) {
  const { present_minutes: present, planned_minutes: planned } = sum;
  return (
    <section class="panel" aria-labelledby="presence">
      <div class="today-head">
        <h2 id="presence">{t('presence.title')}</h2>
      </div>
      <div class="today-body">
        {planned === 0 ? (
          <p class="ink-2">{t('presence.none')}</p>
        ) : (
          <p>
            <b class="t-xl">
              <Num>{percent(Math.round((present * 100) / planned))}</Num>
            </b>{' '}
            <span class="ink-2">
              <T k="presence.of" v={{ present: <Num>{hours(present)}</Num>, planned: <Num>{hours(planned)}</Num> }} />
            </span>
          </p>
        )}
      </div>
    </section>
  );
}
