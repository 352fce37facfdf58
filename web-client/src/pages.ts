/** The first word of the address of every page for people with accounts; the server has the same list. */
export const PAGES = [
  'today',
  'week',
  'courses',
  'people',
  'announcements',
  'board',
  'alarms',
  'admin',
  'account',
  'catalogue',
  'application',
  'sign-in',
  'setup',
  'account-link',
  'lessons',
  'reports',
  'verify',
] as const;

/** Whether an address is of such a page. */
export function isPage(path: string): boolean {
  const word = /^.([\w-]+)/.exec(path)?.[1];
  return PAGES.some((page) => page === word);
}
