import { useState } from 'preact/hooks';
import { api, problemOf } from '../../api/client';
import type { GuestLinkCard, OwnLessonCard } from '../../api/schema.gen';
import { dayInText, time } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Num } from '../../ui/num';
import { CopyText } from '../../ui/parts/copy';
import { SelectField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { usePages } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { T, t } from './words';

const HOUR_US = 3_600_000_000;

interface Props {
  institution: string;
  lesson: OwnLessonCard;
  zone: string;
  onClose: () => void;
}

/** Links for outside experts and other guests of one lesson. */
export function Guests({ institution, lesson, zone, onClose }: Props) {
  const path = { institution, lesson: lesson.id };
  const links = usePages('/api/institutions/{institution}/lessons/{lesson}/guest-links', { path });
  const [name, setName] = useState('');
  const [role, setRole] = useState<'trainer' | 'trainee'>('trainee');
  const [lasts, setLasts] = useState<'end' | '1' | '2' | '24'>('end');
  const [url, setUrl] = useState<string | null>(null);
  const form = useForm(
    (idempotencyKey) => {
      const expires_at = lasts === 'end' ? null : Date.now() * 1000 + Number(lasts) * HOUR_US;
      const body = { name: name.trim() || null, role, expires_at };
      return api.post('/api/institutions/{institution}/lessons/{lesson}/guest-links', { path, body, idempotencyKey });
    },
    (made) => {
      setUrl(made.url);
      setName('');
      links.again();
    },
  );
  const [problem, setProblem] = useState<ReturnType<typeof problemOf> | null>(null);
  const revoke = async (link: string) => {
    setProblem(null);
    try {
      const of = { path: { ...path, link } };
      await api.delete('/api/institutions/{institution}/lessons/{lesson}/guest-links/{link}', of);
      links.edit((items) => items.filter(({ id }) => id !== link));
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const hours = (count: number) => t('guests.hours', { count });
  return (
    <Dialog title={t('guests.title')} kind="sheet" onClose={onClose}>
      <p class="ink-2">{t('guests.text')}</p>
      {problem && <ProblemNote problem={problem} />}
      {links.state === 'failed' && links.problem && <ProblemNote problem={links.problem} retry={links.again} />}
      {links.state === 'here' && links.items.length === 0 && <p class="ink-2">{t('guests.none')}</p>}
      <ul class="rows">
        {links.items.map((link) => (
          <li key={link.id} class="row">
            <GuestLink link={link} zone={zone} />
            <button
              type="button"
              class="button small"
              aria-label={t('guests.revokeOf', { name: link.name ?? t('guests.unnamed') })}
              onClick={() => void revoke(link.id)}
            >
              {t('guests.revoke')}
            </button>
          </li>
        ))}
      </ul>
      {url && <CopyText label={t('guests.made')} text={url} />}
      <Form form={form} label={t('guests.title')}>
        <TextField
          form={form}
          name="name"
          label={t('guests.name')}
          optional
          value={name}
          onInput={setName}
          maxLength={80}
        />
        <div class="form-pair">
          <SelectField
            form={form}
            name="role"
            label={t('guests.role')}
            value={role}
            choices={[
              { value: 'trainee', word: t('guests.trainee') },
              { value: 'trainer', word: t('guests.trainer') },
            ]}
            onChange={setRole}
          />
          <SelectField
            form={form}
            name="expires_at"
            label={t('guests.until.field')}
            value={lasts}
            choices={[
              { value: 'end', word: t('guests.end') },
              { value: '1', word: hours(1) },
              { value: '2', word: hours(2) },
              { value: '24', word: hours(24) },
            ]}
            onChange={setLasts}
          />
        </div>
        <div class="form-acts">
          <Submit form={form} word={t('guests.make')} />
        </div>
      </Form>
    </Dialog>
  );
}

function GuestLink({ link, zone }: { link: GuestLinkCard; zone: string }) {
  const until = { day: dayInText(link.expires_at, zone), time: <Num>{time(link.expires_at, zone)}</Num> };
  return (
    <span class="row-words">
      <b dir="auto">{link.name ?? t('guests.unnamed')}</b>
      <span class="t-s ink-2">
        {t(link.role === 'trainer' ? 'guests.trainer' : 'guests.trainee')}
        {' · '}
        <T k="guests.until" v={until} />
      </span>
    </span>
  );
}
