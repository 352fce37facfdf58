import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type Asked, api } from '../../api/client';
import type { PersonCard } from '../../api/schema.gen';
import { date } from '../../i18n/format';
import { LANGUAGE_NAMES } from '../../ui/language-switch';
import { Mark } from '../../ui/mark';
import { Figures } from '../../ui/num';
import { AwaitedPage } from '../../ui/parts/awaited';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import type { AreaProps } from '../school/areas';
import { AccountActs } from './account-acts';
import { GroupRow } from './groups';
import { InviteDialog } from './invite';
import { rolesOf, rolesText } from './roles';
import { t } from './words';

interface Props extends Pick<AreaProps, 'me'> {
  person: string;
}

/** One person: what is known, their groups, and what can be done to the account. */
export function PersonPage({ me, person }: Props) {
  const path = { institution: me.institution, person };
  const loaded = useLoaded(
    (signal) => api.get('/api/institutions/{institution}/people/{person}', { path, signal }),
    [me.institution, person],
  );
  const [invites, setInvites] = useState(false);
  const { route } = useLocation();
  const card = loaded.value;
  if (!card) return <AwaitedPage title={t('people.title')} loaded={loaded} />;
  const isThere = card.erased_at == null && card.merged_into == null;
  const acts = me.roles.administrator && isThere;
  const mayInvite = acts && card.disabled_at == null && !card.has_password;
  return (
    <div class="page">
      <PageHead title={card.name} note={rolesText(rolesOf(card.roles))}>
        {acts && (
          <a class="button" href={`/people/${person}/edit`}>
            {t('person.edit')}
          </a>
        )}
        {mayInvite && (
          <button type="button" class="button primary" onClick={() => setInvites(true)}>
            {t('invite.act')}
          </button>
        )}
      </PageHead>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      <Note of={card} zone={me.time_zone} />
      <div class={acts ? 'person-columns' : 'person-main'}>
        <div class="person-main">
          {isThere && <Facts of={card} />}
          {isThere && <Groups asked={{ path: { institution: me.institution }, query: { member: person } }} />}
        </div>
        {acts && (
          <div class="person-side">
            <AccountActs
              me={me}
              of={card}
              again={loaded.again}
              invite={() => setInvites(true)}
              leave={(to) => route(to)}
            />
          </div>
        )}
      </div>
      {invites && <InviteDialog path={path} of={card} zone={me.time_zone} onClose={() => setInvites(false)} />}
    </div>
  );
}

/** What deserves a look before anything else. */
function Note({ of: card, zone }: { of: PersonCard; zone: string }) {
  const since = (key: 'note.disabled' | 'note.erased', micros: number) => (
    <Figures text={t(key, { day: date(micros, zone) })} />
  );
  if (card.merged_into != null) {
    return (
      <p class="banner">
        <Mark kind="ended" />
        <span class="banner-text">{t('note.merged')}</span>
        <a class="button small" href={`/people/${card.merged_into}`}>
          {t('note.mergedInto')}
        </a>
      </p>
    );
  }
  if (card.erased_at == null && card.disabled_at == null && card.has_password) return null;
  return (
    <p class="banner">
      <Mark kind={card.erased_at == null && card.disabled_at == null ? 'wait' : 'ended'} />
      <span class="banner-text">
        {card.erased_at != null
          ? since('note.erased', card.erased_at)
          : card.disabled_at != null
            ? since('note.disabled', card.disabled_at)
            : t('note.invited')}
      </span>
    </p>
  );
}

function Facts({ of: card }: { of: PersonCard }) {
  const { sign_in, mail, external_id, language } = card;
  const spoken = language === 'ar' || language === 'fr' || language === 'en' ? LANGUAGE_NAMES[language] : null;
  const known: [string, preact.ComponentChildren][] = [
    [t('field.signIn'), sign_in && <bdi dir="ltr">{sign_in}</bdi>],
    [t('field.mail'), mail && <bdi dir="ltr">{mail}</bdi>],
    [t('field.number'), external_id && <bdi>{external_id}</bdi>],
    [t('field.language'), spoken ?? t('field.languageOfPlace')],
  ];
  return (
    <section class="panel" aria-labelledby="details">
      <h2 id="details" class="panel-head">
        {t('person.details')}
      </h2>
      <dl class="fact-rows">
        {known
          .filter(([, value]) => value)
          .map(([word, value]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

function Groups({ asked }: { asked: Asked<'GET', '/api/institutions/{institution}/groups'> }) {
  const pages = usePages('/api/institutions/{institution}/groups', asked);
  return (
    <section class="list" aria-labelledby="groups">
      <h2 id="groups" class="people-heading">
        {t('person.groups')}
      </h2>
      <DataList
        pages={pages}
        label={t('person.groups')}
        keyOf={(group) => group.id}
        empty={{ title: t('person.noGroups') }}
        row={(group) => <GroupRow of={group} />}
      />
    </section>
  );
}
