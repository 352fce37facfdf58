import './announcements.css';
import { ChevronDown } from 'lucide';
import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { AnnouncementCard, ToldCard } from '../../api/schema.gen';
import { dayInText } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { Tabs } from '../../ui/tabs';
import type { AreaProps } from '../school/areas';
import { T, t } from './words';
import { EditAnnouncement, WriteAnnouncement } from './write';

/** What one is told, and for those who may tell others: what they wrote, and writing more. */
export default function Announcements({ me, rest }: AreaProps) {
  const writes = me.roles.administrator || me.roles.trainer;
  const [tab, setTab] = useState<'told' | 'written'>('told');
  if (rest[0] === 'new' && writes) return <WriteAnnouncement me={me} />;
  if (rest[0] && rest[1] === 'edit' && writes) return <EditAnnouncement me={me} announcement={rest[0]} />;
  return (
    <div class="page">
      <PageHead title={t('announcements.title')}>
        {writes && (
          <a class="button primary" href="/announcements/new">
            {t('announcements.new')}
          </a>
        )}
      </PageHead>
      {writes ? (
        <Tabs
          label={t('announcements.title')}
          current={tab}
          onSelect={setTab}
          tabs={[
            { name: 'told', word: t('announcements.told'), content: () => <ToldList me={me} /> },
            { name: 'written', word: t('announcements.written'), content: () => <Written me={me} /> },
          ]}
        />
      ) : (
        <ToldList me={me} />
      )}
    </div>
  );
}

type Who = Pick<AreaProps, 'me'>;

function ToldList({ me }: Who) {
  const pages = usePages('/api/me/announcements', {});
  const [open, setOpen] = useState<string | null>(null);
  const toggle = async ({ announcement, unread }: ToldCard) => {
    const { id } = announcement;
    setOpen(open === id ? null : id);
    if (!unread) return;
    const read = (items: readonly ToldCard[]) =>
      items.map((item) => (item.announcement.id === id ? { ...item, unread: false } : item));
    try {
      await api.post('/api/me/announcements/{announcement}/read', { path: { announcement: id } });
      pages.edit(read);
    } catch {
      // It stays unread, and is told again.
    }
  };
  return (
    <DataList
      pages={pages}
      label={t('announcements.told')}
      keyOf={({ announcement }) => announcement.id}
      empty={{ title: t('announcements.none'), text: t('announcements.noneText') }}
      row={(told) => {
        const { announcement, unread } = told;
        const shown = open === announcement.id;
        return (
          <div class="row announcement">
            <button
              type="button"
              class="announcement-head"
              aria-expanded={shown}
              aria-controls={`announcement-${announcement.id}`}
              onClick={() => void toggle(told)}
            >
              <span class="row-words">
                <span class={unread ? 'announcement-unread' : undefined} dir="auto">
                  {announcement.title}
                </span>
                <span class="ink-2">
                  <Joined
                    of={[
                      announcement.audience_name ?? announcement.institution_name,
                      <Figures text={dayInText(announcement.published_at, me.time_zone)} />,
                    ]}
                  />
                </span>
              </span>
              {unread && <span class="tag is-accent">{t('announcements.unread')}</span>}
              <Icon of={ChevronDown} />
            </button>
            <div id={`announcement-${announcement.id}`} hidden={!shown}>
              <AnnouncementBody announcement={announcement} zone={me.time_zone} />
            </div>
          </div>
        );
      }}
    />
  );
}

function AnnouncementBody({ announcement, zone }: { announcement: AnnouncementCard; zone: string }) {
  const { day: about, author_name, institution_name, body } = announcement;
  return (
    <div class="announcement-body">
      {about && (
        <p>
          <b>
            <T k="announcements.about" v={{ day: <Figures text={dayInWords(about, zone)} /> }} />
          </b>
        </p>
      )}
      <p class="announcement-text" dir="auto">
        {body}
      </p>
      <p class="ink-2">
        <Joined of={[author_name, institution_name]} />
      </p>
    </div>
  );
}

/** A day as 2026-11-30 in words; the zone tells whose months. */
function dayInWords(date: string, zone: string): string {
  return dayInText(Date.parse(`${date}T12:00:00Z`) * 1000, zone);
}

function Written({ me }: Who) {
  const path = { institution: me.institution };
  const pages = usePages('/api/institutions/{institution}/announcements', { path });
  const [withdrawing, setWithdrawing] = useState<AnnouncementCard | null>(null);
  return (
    <>
      <DataList
        pages={pages}
        label={t('announcements.written')}
        keyOf={({ id }) => id}
        empty={{ title: t('announcements.noneWritten'), text: t('announcements.noneWrittenText') }}
        row={(announcement) => (
          <div class="row">
            <span class="row-words">
              <b dir="auto">{announcement.title}</b>
              <span class="ink-2">
                <Joined
                  of={[
                    t(`audience.${announcement.audience as 'institution'}`),
                    announcement.audience_name,
                    <Figures text={dayInText(announcement.published_at, me.time_zone)} />,
                    announcement.expires_at && (
                      <T
                        k="announcements.until"
                        v={{ day: <Figures text={dayInText(announcement.expires_at, me.time_zone)} /> }}
                      />
                    ),
                  ]}
                />
              </span>
            </span>
            {announcement.withdrawn && <span class="tag">{t('announcements.withdrawn')}</span>}
            {!announcement.withdrawn && announcement.may_change && (
              <span class="row-acts">
                <a
                  class="button small"
                  href={`/announcements/${announcement.id}/edit`}
                  aria-label={t('announcements.editNamed', { title: announcement.title })}
                >
                  {t('announcements.editAct')}
                </a>
                <button
                  type="button"
                  class="button small"
                  aria-label={t('announcements.withdrawNamed', { title: announcement.title })}
                  onClick={() => setWithdrawing(announcement)}
                >
                  {t('announcements.withdraw')}
                </button>
              </span>
            )}
          </div>
        )}
      />
      {withdrawing && (
        <Confirm
          title={t('announcements.withdrawTitle')}
          text={<T k="announcements.withdrawText" v={{ title: <bdi>{withdrawing.title}</bdi> }} />}
          word={t('announcements.withdraw')}
          danger
          act={async () => {
            const one = '/api/institutions/{institution}/announcements/{announcement}';
            const where = { ...path, announcement: withdrawing.id };
            const { version } = await api.read(one, { path: where });
            await api.patch(one, { path: where, version, body: { withdrawn: true } });
          }}
          onDone={() => {
            setWithdrawing(null);
            pages.again();
          }}
          onClose={() => setWithdrawing(null)}
        />
      )}
    </>
  );
}
