import { useState } from 'preact/hooks';
import { api, saying } from '../../api/client';
import type { LinkCard, PersonCard } from '../../api/schema.gen';
import { dayInText } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Figures } from '../../ui/num';
import { CopyText } from '../../ui/parts/copy';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { T, t } from './words';

interface Props {
  path: { institution: string; person: string };
  of: PersonCard;
  /** The institution's. */
  zone: string;
  onClose: () => void;
}

/** Makes the link by which somebody sets their first password, or another, and shows it this once. */
export function InviteDialog({ path, of: person, zone, onClose }: Props) {
  const [link, setLink] = useState<LinkCard | null>(null);
  const form = useForm(
    (idempotencyKey) =>
      saying(api.post('/api/institutions/{institution}/people/{person}/link', { path, idempotencyKey }), {
        in_use: t('refused.disabled'),
      }),
    setLink,
  );
  const title = person.has_password ? t('invite.resetTitle') : t('invite.title');
  const name = <bdi>{person.name}</bdi>;
  if (link) {
    return (
      <Dialog title={title} onClose={onClose}>
        <div class="form">
          <p>
            <T k="invite.give" v={{ name }} />
          </p>
          {link.mailed && person.mail && (
            <p>
              <T k="invite.mailed" v={{ mail: <bdi dir="ltr">{person.mail}</bdi> }} />
            </p>
          )}
          <CopyText label={t('invite.link')} text={link.url} />
          <p class="ink-2">
            <Figures text={t('invite.until', { day: dayInText(link.expires_at, zone) })} />
          </p>
          <div class="dialog-acts">
            <button type="button" class="button primary" onClick={onClose}>
              {t('invite.done')}
            </button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <Form form={form}>
        <p>
          <T k={person.has_password ? 'invite.resetText' : 'invite.text'} v={{ name }} />
        </p>
        <div class="dialog-acts">
          <Submit form={form} word={t('invite.make')} />
        </div>
      </Form>
    </Dialog>
  );
}
