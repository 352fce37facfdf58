import '../courses/courses.css';
import { useState } from 'preact/hooks';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { SearchField } from '../../ui/parts/search-field';
import type { AreaProps } from '../school/areas';
import { Applications } from './applications';
import { CourseEditor, NewCoursePage } from './course-editor';
import { CoursePage } from './course-page';
import { T, t } from './words';

/** Courses: the list, one of them, and for administrators making and changing them and deciding who comes in. */
export default function Courses({ me, rest }: AreaProps) {
  const [first, second] = rest;
  const administers = me.roles.administrator;
  if (first === 'new' && administers) return <NewCoursePage me={me} />;
  if (first === 'applications' && administers) return <Applications me={me} />;
  if (first && second === 'edit' && administers) return <CourseEditor me={me} course={first} />;
  if (first) return <CoursePage me={me} course={first} />;
  return <CourseList me={me} />;
}

function CourseList({ me }: Pick<AreaProps, 'me'>) {
  const [search, setSearch] = useState('');
  const [archived, setArchived] = useState(false);
  const administers = me.roles.administrator;
  const pages = usePages('/api/institutions/{institution}/courses', {
    path: { institution: me.institution },
    query: { ...(search && { search }), ...(archived && { archived }) },
  });
  return (
    <div class="page">
      <PageHead title={t('courses.title')}>
        <a class="button" href="/catalogue">
          {t('courses.catalogue')}
        </a>
        {administers && (
          <>
            <a class="button" href="/courses/applications">
              {t('courses.applications')}
            </a>
            <a class="button primary" href="/courses/new">
              {t('courses.new')}
            </a>
          </>
        )}
      </PageHead>
      <div class="toolbar">
        <SearchField value={search} label={t('courses.search')} onSearch={setSearch} />
        {administers && (
          <button type="button" class="button" aria-pressed={archived} onClick={() => setArchived(!archived)}>
            {t('courses.archivedOnes')}
          </button>
        )}
      </div>
      <DataList
        pages={pages}
        label={t('courses.title')}
        keyOf={(course) => course.id}
        search={search}
        clear={() => (search ? setSearch('') : setArchived(false))}
        filtered={archived}
        empty={{ title: t('courses.none'), text: administers ? t('courses.noneAdmin') : t('courses.noneText') }}
        row={(course) => (
          <a class="row" href={`/courses/${course.id}`}>
            <span class="row-words">
              <b dir="auto">{course.title}</b>
              <span class="ink-2">
                <Joined of={[course.sector, course.level]} />
              </span>
            </span>
            {course.capacity != null && (
              <span class="ink-2">
                <T k="courses.capacity" v={{ count: course.capacity }} />
              </span>
            )}
            {course.offered && <span class="tag is-accent">{t('courses.offered')}</span>}
          </a>
        )}
      />
    </div>
  );
}
