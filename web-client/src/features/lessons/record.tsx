import { Info } from 'lucide';
import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { date, time } from '../../i18n/format';
import { Banner } from '../../ui/banner';
import { Figures, Num } from '../../ui/num';
import { AwaitedPage } from '../../ui/parts/awaited';
import { LessonName, lessonName } from '../../ui/parts/lesson-name';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { me } from '../school/me';
import { civil, weekdayText } from '../week/dates';
import { FigureStrip } from './figures';
import { PersonDialog } from './person-dialog';
import { Causes, useQuality } from './quality';
import type { Report, ReportPerson } from './report';
import { Exports, SealPanel, useSeal } from './seal';
import { PresenceTable } from './table';
import { T, t } from './words';

interface Props {
  institution: string;
  lesson: string;
}

/** The record of one lesson: what it came to, who was there to the second, and what holds it together. */
export function LessonRecord({ institution, lesson }: Props) {
  const loaded = useLoaded(
    async (signal) => {
      const path = { institution, lesson };
      const report = await api.get('/api/institutions/{institution}/lessons/{lesson}/report', { path, signal });
      return { report, at: Date.now() * 1000 };
    },
    [institution, lesson],
  );
  // Another lesson's record does not stand under this one's address.
  const shown = loaded.value?.report.lesson.id === lesson ? loaded.value : undefined;
  if (!shown) return <AwaitedPage title={t('record.title')} loaded={loaded} />;
  return (
    <RecordPage {...shown} again={loaded.again}>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
    </RecordPage>
  );
}

interface PageProps {
  report: Report;
  /** When it was read, in microseconds. */
  at: number;
  again: () => void;
  children: preact.ComponentChildren;
}

function RecordPage({ report, at, again, children }: PageProps) {
  const [state, check] = useSeal(report);
  const quality = useQuality(report, at);
  const [open, setOpen] = useState<ReportPerson | null>(null);
  const { lesson } = report;
  const name = lessonName(lesson.course.title, lesson.title);
  const deleted = report.deleted_at;
  return (
    <div class="page lesson-page">
      <Crumbs report={report} />
      <PageHead
        title={name}
        heading={<LessonName course={lesson.course.title} title={lesson.title} />}
        note={<When report={report} />}
      >
        {deleted == null && <Exports of={report} state={state} />}
      </PageHead>
      {children}
      {lesson.phase === 'live' && (
        <p class="banner is-accent">
          <span class="banner-text">
            <T k="record.soFar" v={{ at: <Num>{time(at, lesson.time_zone)}</Num> }} />
          </span>
        </p>
      )}
      {deleted != null && <Deleted at={deleted} zone={lesson.time_zone} />}
      {deleted == null && !report.named && (
        <Banner tone="accent" icon={Info} title={t('record.namelessTitle')} text={t('record.namelessText')} />
      )}
      {deleted == null && (
        <>
          <FigureStrip of={report} now={at} quality={quality} />
          <div class="lesson-body">
            <PresenceTable of={report} now={at} quality={quality} onOpen={setOpen} />
            <div class="lesson-side">
              <SealPanel of={report} state={state} again={check} refresh={again} />
              {quality && <Causes of={quality} />}
            </div>
          </div>
        </>
      )}
      {open && (
        <PersonDialog
          of={open}
          report={report}
          canCorrect={mayCorrect(report) && open.person != null}
          onCorrected={() => {
            setOpen(null);
            again();
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

/** The record is gone by the institution's rule of how long it is kept. */
function Deleted({ at, zone }: { at: number; zone: string }) {
  return (
    <section class="panel form-panel">
      <h2 class="record-deleted">
        <T k="record.deletedTitle" v={{ day: <Figures text={date(at, zone)} /> }} />
      </h2>
      <p>{t('record.deletedText')}</p>
      <div class="form-acts">
        <a class="button" href="/verify">
          {t('record.deletedVerify')}
        </a>
      </div>
    </section>
  );
}

/** An administrator of the institution itself, once the lesson is sealed. */
function mayCorrect({ lesson, seal }: Report): boolean {
  const home = me.value;
  return seal != null && home?.roles.administrator === true && home.institution === lesson.institution.id;
}

function Crumbs({ report: { lesson } }: { report: Report }) {
  return (
    <nav class="crumbs" aria-label={t('record.crumbs')}>
      {lesson.region && (
        <>
          <bdi>{lesson.region.name}</bdi>
          <Slash />
        </>
      )}
      <bdi>{lesson.institution.name}</bdi>
      <Slash />
      <a href="/lessons">{t('list.title')}</a>
      <Slash />
      <bdi>{lesson.group.name}</bdi>
    </nav>
  );
}

function Slash() {
  return (
    <span class="ink-3" aria-hidden="true">
      /
    </span>
  );
}

function When({ report: { lesson } }: { report: Report }) {
  const { starts_at, ends_at, time_zone: zone } = lesson;
  const values = {
    day: <Figures text={`${weekdayText(civil(starts_at, zone).day, zone)} ${date(starts_at, zone)}`} />,
    from: <Num>{time(starts_at, zone)}</Num>,
    to: <Num>{time(ends_at, zone)}</Num>,
  };
  return (
    <>
      {lesson.trainer.name ? (
        <T k="record.whenWho" v={{ ...values, name: <bdi>{lesson.trainer.name}</bdi> }} />
      ) : (
        <T k="record.whenOnly" v={values} />
      )}
      {lesson.improvised && <> · {t('record.improvised')}</>}
      {lesson.cancelled_at != null && <> · {t('record.cancelled')}</>}
    </>
  );
}
