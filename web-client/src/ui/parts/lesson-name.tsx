import { t } from './words';

/** `Électricité automobile : le circuit de charge`; the course alone where the lesson has no title of its own. */
export function lessonName(course: string, title: string): string {
  return title === '' || title === course ? course : t('lesson.name', { course, title });
}

/** A lesson's name, all of it in the direction of its course. */
export function LessonName({ course, title }: { course: string; title: string }) {
  return <bdi>{lessonName(course, title)}</bdi>;
}
