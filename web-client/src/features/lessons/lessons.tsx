import './lessons.css';
import type { AreaProps } from '../school/areas';
import { LessonList } from './list';
import { LessonRecord } from './record';

/** The lessons that were given; `/lessons/INSTITUTION/LESSON`: the record of one. */
export default function Lessons({ me, rest }: AreaProps) {
  const [institution, lesson] = rest;
  if (institution && lesson) return <LessonRecord key={lesson} institution={institution} lesson={lesson} />;
  return <LessonList me={me} />;
}
