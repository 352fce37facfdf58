import './lessons.css';
import type { AreaProps } from '../school/areas';
import { LessonList } from './list';

/** The lessons that were given. */
export default function Lessons({ me }: AreaProps) {
  return <LessonList me={me} />;
}
