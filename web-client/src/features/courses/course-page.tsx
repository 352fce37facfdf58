import { api } from '../../api/client';
import type { CoursePage as CourseRecord } from '../../api/schema.gen';
import { hours } from '../../i18n/format';
import { Num } from '../../ui/num';
import { AwaitedPage } from '../../ui/parts/awaited';
import { Joined } from '../../ui/parts/joined';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { Materials } from './materials';
import { t } from './words';

interface Props extends Pick<AreaProps, 'me'> {
  course: string;
}

/** One course: what it is, its programme, its people, and what to learn from. */
export function CoursePage({ me, course }: Props) {
  const path = { institution: me.institution, course };
  const loaded = useLoaded(
    (signal) => api.get('/api/institutions/{institution}/courses/{course}', { path, signal }),
    [course],
  );
  const page = loaded.value;
  if (!page) return <AwaitedPage title={t('courses.title')} loaded={loaded} />;
  const { title, sector, level, description, archived, offered } = page.course;
  return (
    <div class="page">
      <PageHead title={title} note={<Joined of={[sector, level]} />}>
        {offered && !archived && page.may_teach && (
          <a class="button" href={`/catalogue/${course}`}>
            {t('course.offer')}
          </a>
        )}
        {me.roles.administrator && (
          <a class="button" href={`/courses/${course}/edit`}>
            {t('course.edit')}
          </a>
        )}
      </PageHead>
      {archived && <p class="tag is-attention">{t('course.archived')}</p>}
      {description && (
        <p class="course-text" dir="auto">
          {description}
        </p>
      )}
      <div class="course-columns">
        <div class="course-main">
          <ProgrammePanel page={page} />
          <Materials me={me} course={course} mayChange={page.may_teach} />
        </div>
        <div class="course-side">
          <People page={page} />
        </div>
      </div>
    </div>
  );
}

function ProgrammePanel({ page }: { page: CourseRecord }) {
  return (
    <section class="panel" aria-labelledby="programme">
      <h2 id="programme" class="panel-head">
        {t('course.programme')}
        {page.units.length > 0 && (
          <span class="t-s ink-2">
            <Num>{hours(page.units.reduce((sum, unit) => sum + unit.planned_minutes, 0))}</Num>
          </span>
        )}
      </h2>
      {page.units.length === 0 && <p class="course-none">{t('course.noUnits')}</p>}
      <ol class="rows">
        {page.units.map((unit, index) => (
          <li key={unit.id} class="row">
            <span class="ink-2">
              <Num>{index + 1}</Num>
            </span>
            <span class="row-words" dir="auto">
              {unit.title}
            </span>
            <span class="ink-2">
              <Num>{hours(unit.planned_minutes)}</Num>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function People({ page }: { page: CourseRecord }) {
  return (
    <>
      <section class="panel" aria-labelledby="trainers">
        <h2 id="trainers" class="panel-head">
          {t('course.trainers')}
        </h2>
        {page.trainers.length === 0 && <p class="course-none">{t('course.noTrainers')}</p>}
        <ul class="rows">
          {page.trainers.map((trainer) => (
            <li key={trainer.id} class="row">
              <span class="row-words" dir="auto">
                {trainer.name}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section class="panel" aria-labelledby="groups">
        <h2 id="groups" class="panel-head">
          {t('course.groups')}
        </h2>
        {page.groups.length === 0 && <p class="course-none">{t('course.noGroups')}</p>}
        <ul class="rows">
          {page.groups.map((group) => (
            <li key={group.id} class="row">
              <span class="row-words" dir="auto">
                {group.name}
              </span>
              <span class="ink-2">
                <Num>{group.capacity == null ? group.members : `${group.members} / ${group.capacity}`}</Num>
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
