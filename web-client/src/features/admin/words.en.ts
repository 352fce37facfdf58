import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'admin.title': 'Administration',

  'keys.title': 'API keys',
  'keys.note': 'A key lets another program act for the institution.',
  'keys.new': 'New key',
  'keys.list': 'The institution’s keys',
  'keys.empty': 'No keys',
  'keys.emptyText': 'Each of the institution’s programs (records, payroll, portal) is given one of its own.',
  'keys.name': 'Program',
  'keys.nameHint': 'What uses it, for example “Student records”.',
  'keys.scopes': 'What it may do',
  'keys.until': 'Good until',
  'keys.untilHint': 'Without a date it is good until you revoke it.',
  'keys.create': 'Make the key',
  'keys.secret': 'Key',
  'keys.once': 'It is shown this once. Give it to the program now.',
  'keys.done': 'Done',
  'keys.created': 'made: {day}',
  'keys.used': 'last used: {day}',
  'keys.unused': 'never used',
  'keys.ends': 'until {day}',
  'keys.ended': 'Expired',
  'keys.revoked': 'Revoked',
  'keys.revoke': 'Revoke',
  'keys.revokeOf': 'Revoke {name}',
  'keys.revokeTitle': 'Revoke the key “{name}”?',
  'keys.revokeText': 'The program that uses it loses its access at once.',

  'scope.people:read': 'Read people and groups',
  'scope.people:write': 'Change people and groups',
  'scope.courses:read': 'Read courses',
  'scope.courses:write': 'Change courses',
  'scope.timetable:read': 'Read the timetable',
  'scope.timetable:write': 'Change the timetable',
  'scope.announcements:read': 'Read announcements',
  'scope.announcements:write': 'Publish announcements',
  'scope.alarms:read': 'Read alarms',
};

export default en;
