import { useState } from 'preact/hooks';
import { api, saying } from '../../api/client';
import type { GroupCard, MemberCard } from '../../api/schema.gen';
import { date } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Figures, Num } from '../../ui/num';
import { AwaitedPage } from '../../ui/parts/awaited';
import { Confirm } from '../../ui/parts/confirm';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { AddMembers } from './add-members';
import { isFull, places } from './groups';
import { readsPeople } from './sections';
import { T, t } from './words';

const ONE = '/api/institutions/{institution}/groups/{group}';

interface Props extends Pick<AreaProps, 'me'> {
  group: string;
}

/** One group: its course, how many it takes, who waits for a place, and who is in it. */
export function GroupPage({ me, group }: Props) {
  const path = { institution: me.institution, group };
  const loaded = useLoaded((signal) => api.get(ONE, { path, signal }), [me.institution, group]);
  const card = loaded.value;
  if (!card) return <AwaitedPage title={t('groups.title')} loaded={loaded} />;
  return <Shown me={me} of={card} again={loaded.again} />;
}

function Shown({ me, of: group, again }: Pick<AreaProps, 'me'> & { of: GroupCard; again: () => void }) {
  const { administrator, trainer } = me.roles;
  const [adds, setAdds] = useState(false);
  const [members, setMembers] = useState(0);
  const archived = group.archived_at != null;
  const changed = () => {
    again();
    setMembers(members + 1);
  };
  return (
    <div class="page">
      <PageHead title={group.name} note={<bdi>{group.course_title}</bdi>}>
        <a class="button" href={`/courses/${group.course}`}>
          {t('group.seeCourse')}
        </a>
        {administrator && (
          <a class="button" href={`/people/groups/${group.id}/edit`}>
            {t('person.edit')}
          </a>
        )}
        {administrator && !archived && !isFull(group) && (
          <button type="button" class="button primary" onClick={() => setAdds(true)}>
            {t('members.add')}
          </button>
        )}
      </PageHead>
      {archived && (
        <p class="banner">
          <Mark kind="ended" />
          <span class="banner-text">{t('group.outOfUse')}</span>
        </p>
      )}
      <dl class="fact-rows panel">
        <div>
          <dt>{t('group.members')}</dt>
          <dd>
            <Num>{places(group)}</Num>
            {isFull(group) && ` · ${t('group.full')}`}
          </dd>
        </div>
        {administrator && <Waiting me={me} of={group} />}
      </dl>
      {administrator && !archived && isFull(group) && <p class="ink-2">{t('group.fullNote')}</p>}
      {(administrator || trainer) && <Members key={members} me={me} of={group} changed={changed} />}
      {adds && (
        <AddMembers
          me={me}
          of={group}
          onClose={(added) => {
            setAdds(false);
            if (added) changed();
          }}
        />
      )}
    </div>
  );
}

/** How many wait for a place in this group, or in any of its course. */
function Waiting({ me, of: group }: Pick<AreaProps, 'me'> & { of: GroupCard }) {
  const loaded = useLoaded(
    (signal) =>
      api.get('/api/institutions/{institution}/applications', {
        path: { institution: me.institution },
        query: { status: 'waiting', course: group.course, limit: 200 },
        signal,
      }),
    [group],
  );
  const waiting = (loaded.value?.items ?? []).filter((one) => one.group == null || one.group === group.id).length;
  if (waiting === 0) return null;
  return (
    <div>
      <dt>{t('group.waiting')}</dt>
      <dd>
        <a href="/courses/applications">
          <T k="group.waitingCount" v={{ count: waiting }} />
        </a>
      </dd>
    </div>
  );
}

function Members({ me, of: group, changed }: Pick<AreaProps, 'me'> & { of: GroupCard; changed: () => void }) {
  const path = { institution: me.institution, group: group.id };
  const pages = usePages(`${ONE}/members`, { path });
  const [removes, setRemoves] = useState<MemberCard | null>(null);
  return (
    <section class="list" aria-labelledby="members">
      <h2 id="members" class="people-heading">
        {t('group.members')}
      </h2>
      <DataList
        pages={pages}
        label={t('group.members')}
        keyOf={(member) => member.person}
        empty={{ title: t('members.none'), text: me.roles.administrator ? t('members.noneAdmin') : undefined }}
        row={(member) => <Member me={me} of={member} remove={() => setRemoves(member)} />}
      />
      {removes && (
        <Confirm
          title={<T k="members.removeTitle" v={{ name: <bdi>{removes.name}</bdi> }} />}
          text={t('members.removeText')}
          word={t('members.remove')}
          danger
          act={() =>
            saying(api.delete(`${ONE}/members/{person}`, { path: { ...path, person: removes.person } }), {
              not_found: t('refused.notMember'),
            })
          }
          onDone={changed}
          onClose={() => setRemoves(null)}
        />
      )}
    </section>
  );
}

function Member({ me, of: member, remove }: Pick<AreaProps, 'me'> & { of: MemberCard; remove: () => void }) {
  const { person, name, external_id, since } = member;
  const words = (
    <>
      <b dir="auto">{name}</b>
      <span class="t-s ink-2">
        <Joined
          of={[external_id, <Figures key="since" text={t('members.since', { day: date(since, me.time_zone) })} />]}
        />
      </span>
    </>
  );
  return (
    <div class="row">
      {readsPeople(me) ? (
        <a class="row-words member-link" href={`/people/${person}`}>
          {words}
        </a>
      ) : (
        <span class="row-words">{words}</span>
      )}
      {me.roles.administrator && (
        <button type="button" class="button small" aria-label={t('members.removeNamed', { name })} onClick={remove}>
          {t('members.remove')}
        </button>
      )}
    </div>
  );
}
