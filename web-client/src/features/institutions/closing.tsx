import { useState } from 'preact/hooks';
import { api, type InstitutionCard, type Me } from '../../api/client';
import { dayInText } from '../../i18n/format';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { ONE } from './details';
import { T, t } from './words';

interface Props {
  me: Me;
  institution: InstitutionCard;
  onDone: () => void;
}

/** Closing an institution, and opening it again: from above only. */
export function Closing({ me, institution, onDone }: Props) {
  const [asks, setAsks] = useState(false);
  const since = institution.closed_at;
  const closed = since != null;
  const path = { institution: institution.id };
  const name = <bdi>{institution.name}</bdi>;
  return (
    <section class="panel form-panel form" aria-label={closed ? t('one.reopen') : t('one.close')}>
      {since != null && (
        <p>
          <T k="one.closedOn" v={{ day: <Figures text={dayInText(since, me.time_zone)} /> }} />
        </p>
      )}
      <div class="form-acts">
        <button type="button" class={closed ? 'button' : 'button danger'} onClick={() => setAsks(true)}>
          {closed ? t('one.reopen') : t('one.close')}
        </button>
      </div>
      {asks && (
        <Confirm
          title={closed ? <T k="one.reopenTitle" v={{ name }} /> : <T k="one.closeTitle" v={{ name }} />}
          text={closed ? t('one.reopenText') : t('one.closeText')}
          word={closed ? t('one.reopenWord') : t('one.closeWord')}
          danger={!closed}
          act={async () => {
            const { version } = await api.read(ONE, { path });
            await api.patch(ONE, { path, version, body: { closed: !closed } });
          }}
          onDone={() => {
            setAsks(false);
            onDone();
          }}
          onClose={() => setAsks(false)}
        />
      )}
    </section>
  );
}
