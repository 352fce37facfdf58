import { T } from '../../i18n';

/** Whether a group's name already says what it is. */
const SAYS_SO = /^(groupe?|فوج)(\s|$)/iu;

/** A group by its name: `groupe EA-204`. */
export function Group({ name }: { name: string }) {
  const group = <bdi>{name}</bdi>;
  return SAYS_SO.test(name.trim()) ? group : <T k="lesson.groupOf" v={{ group }} />;
}
