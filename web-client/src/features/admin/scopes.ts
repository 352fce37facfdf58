/** What a key may be given, as the server names it. */
export const SCOPES = [
  'people:read',
  'people:write',
  'courses:read',
  'courses:write',
  'timetable:read',
  'timetable:write',
  'announcements:read',
  'announcements:write',
  'alarms:read',
] as const;

export type Scope = (typeof SCOPES)[number];

export function isScope(word: string): word is Scope {
  return SCOPES.some((scope) => scope === word);
}
