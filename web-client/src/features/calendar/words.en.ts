import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'feed.title': 'In my calendar',
  'feed.text': 'Your lessons in your phone’s calendar or in Outlook, always up to date.',
  'feed.since': 'An address has been active since {day}.',
  'feed.create': 'Make an address',
  'feed.renew': 'Replace the address',
  'feed.renewTitle': 'Replace the calendar’s address?',
  'feed.renewText': 'The old one will stop working. Add the new one on your devices.',
  'feed.revoke': 'Remove the address',
  'feed.revokeTitle': 'Remove the calendar’s address?',
  'feed.revokeText': 'Devices that read it will no longer get your lessons.',
  'feed.address': 'The calendar’s address',
  'feed.once': 'It is shown this once. Whoever knows it sees your lessons: do not share it.',
  'feed.add': 'Add to this device’s calendar',
  'feed.howApple': 'iPhone, Mac, Outlook: this button offers to subscribe to the calendar.',
  'feed.howGoogle': 'Android phone: on a computer, in Google Calendar, “Other calendars”, “From URL”.',
};

export default en;
